//! One pseudonym, from the states after the key against three other ways.
//!
//! ```sh
//! cargo bench --bench pseudonym
//! ```
//!
//! Prints nanoseconds for one call: the median of several passes and the
//! fastest of them, over identifiers of the lengths that logs have.

use std::hint::black_box;
use std::io::{self, Write as _};
use std::time::Instant;

use gamyeong::vault::Error;
use gamyeong::vault::pseudonym::{EpochSecret, Label};
use gamyeong::vault::random::Os;
use hmac::{Hmac, HmacReset, KeyInit as _, Mac as _};
use sha2::Sha256;

/// Passes over each way. Odd, so that there is one in the middle.
const PASSES: usize = 9;

/// Calls in a pass: some 50 ms, long against the clock and short against what
/// else the machine does.
const CALLS: u32 = 400_000;

/// Bytes of an IPv4 address, a MAC address, an IPv6 address, a session id, the
/// longest that fits into one block, and one that does not.
const LENGTHS: [usize; 6] = [4, 6, 16, 32, 55, 56];

/// Identifier in, first byte of its code out.
type Call<'a> = &'a mut dyn FnMut(&[u8]) -> u8;

fn main() -> Result<(), Failure> {
    let label = Label { controller: "c", purpose: "p", recipient: "r", domain: "ip" };
    let key = EpochSecret::in_memory("bench", &mut Os)?.derive(&label);
    let keyed = Hmac::<Sha256>::new_from_slice(&[7; 32])?;
    let mut reset = HmacReset::<Sha256>::new_from_slice(&[7; 32])?;

    let mut out = io::stdout().lock();
    writeln!(out, "bytes  way                     median ns  fastest ns")?;
    for length in LENGTHS {
        let ways: [(&str, Call); 4] = [
            ("PseudonymKey", &mut |id| key.pseudonym(id)[0]),
            ("hmac, clone the state", &mut |id| {
                let mut hmac = keyed.clone();
                hmac.update(id);
                hmac.finalize().into_bytes()[0]
            }),
            ("hmac, reset the state", &mut |id| {
                reset.update(id);
                reset.finalize_reset().into_bytes()[0]
            }),
            ("hmac, key each time", &mut |id| {
                let hmac = Hmac::<Sha256>::new_from_slice(black_box(&[7; 32]));
                hmac.map_or(0, |hmac| hmac.chain_update(id).finalize().into_bytes()[0])
            }),
        ];
        for (way, call) in ways {
            let [median, fastest] = measure(length, call);
            writeln!(out, "{length:>5}  {way:<22}  {median:>9.1}  {fastest:>10.1}")?;
        }
    }
    Ok(())
}

/// Median and minimum of the passes, in nanoseconds for one call.
fn measure(length: usize, call: Call) -> [f64; 2] {
    let mut identifier = vec![0; length];
    let mut passes = [0.0; PASSES];
    for pass in &mut passes {
        let start = Instant::now();
        for number in 0..CALLS {
            identifier[..4].copy_from_slice(&number.to_le_bytes());
            black_box(call(black_box(&identifier)));
        }
        *pass = start.elapsed().as_secs_f64() * 1e9 / f64::from(CALLS);
    }
    passes.sort_by(f64::total_cmp);
    [passes[PASSES / 2], passes[0]]
}

/// Why there are no figures.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Vault(#[from] Error),
    #[error(transparent)]
    Key(#[from] hmac::digest::InvalidLength),
    #[error("figures not written")]
    Output(#[from] io::Error),
}
