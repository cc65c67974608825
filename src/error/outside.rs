//! What goes wrong between a ledger and those who vouch for it.

use std::path::PathBuf;

use crate::ledger::voucher::Unfit;
use crate::ledger::witness::Stopped;

/// What went wrong, on either side.
#[derive(Debug, thiserror::Error)]
pub enum Outside {
    /// A witness cannot work. It signed nothing more.
    #[error("witness: stopped")]
    Witness(#[from] Stopped),
    /// A witness did not sign for everything that it was asked for. Why stands in its answers.
    #[error("{refused} of {asked} requests refused")]
    NotWitnessed {
        /// Requests refused.
        refused: usize,
        /// Requests looked at.
        asked: usize,
    },
    /// What was to vouch for a ledger does not. Nothing was changed.
    #[error("{}: does not vouch for this ledger", path.display())]
    Voucher {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: Box<Unfit>,
    },
}

impl Outside {
    pub(super) fn number(&self) -> u8 {
        match self {
            Outside::Voucher { source, .. } if source.is_undecided() => 7,
            Outside::Voucher { .. } | Outside::NotWitnessed { .. } => 1,
            Outside::Witness(stopped) => match stopped {
                Stopped::Logs { .. } => 3,
                Stopped::Key(_) | Stopped::Signature(_) => 5,
                Stopped::Seen { .. } | Stopped::Clock { .. } => 6,
                Stopped::File(_) => 7,
                // EX_TEMPFAIL of sysexits.h: try again later.
                Stopped::Busy { .. } => 75,
            },
        }
    }

    pub(super) fn hint(&self) -> Option<&'static str> {
        match self {
            Outside::Witness(stopped) => stopped.hint(),
            Outside::NotWitnessed { .. } => Some(
                "`out/NAME.refused` says why, and from which size on to prove; the request is kept in `refused`",
            ),
            Outside::Voucher { .. } => None,
        }
    }
}
