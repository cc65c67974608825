//! A time stamp and the certificate of an authority in; whether the authority gave it out.
//!
//! OpenSSL's own program is asked, and nothing of it is linked: what is checked is certificate
//! chains and signatures that no crate of this program reads. It gets arguments, no shell, an
//! empty environment, and half a minute.
//!
//! Source: `openssl-ts(1)`; RFC 3161 section 2.3, RFC 5280.
//!
//! Not here: what a stamp says (`stamp`).

use std::io::{self, Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use jiff::Timestamp;

use super::tree::Hash;

/// How long the program may take: it reads three small files.
const PATIENCE: Duration = Duration::from_secs(30);
const STEP: Duration = Duration::from_millis(5);
/// Of what it says, at most.
const SAID_BYTES: u64 = 16 << 10;

/// Whose stamps are believed.
#[derive(Debug, Clone)]
pub struct Authority {
    /// Certificates that are trusted, as PEM.
    pub roots: PathBuf,
    /// Certificates between these and the authority's own, as PEM, if they are not in the stamp.
    pub between: Option<PathBuf>,
}

/// True if a file holds a certificate as PEM: begun and ended. What stands in it is for OpenSSL
/// to judge.
#[must_use]
pub fn has_certificate(pem: &[u8]) -> bool {
    let pem = String::from_utf8_lossy(pem);
    ["CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"].iter().any(|kind| {
        let begun = pem.split_once(&format!("-----BEGIN {kind}-----"));
        begun.is_some_and(|(_, rest)| rest.contains(&format!("-----END {kind}-----")))
    })
}

/// Why a stamp is not known to be the authority's.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The program is not there.
    #[error("`openssl` is not on this machine, it checks time stamps")]
    NoProgram,
    /// It could not be run.
    #[error("`openssl` could not be run")]
    Run(#[source] io::Error),
    /// It did not end.
    #[error("`openssl` did not answer in {} seconds", PATIENCE.as_secs())]
    Slow,
    /// A file of certificates is not there.
    #[error("{}: no such file of certificates", path.display())]
    NoCertificates {
        /// The file.
        path: PathBuf,
    },
    /// It says no.
    #[error("`openssl ts -verify` refuses it: {said}")]
    Refused {
        /// Why, in its words.
        said: String,
    },
}

impl Trouble {
    /// True if the question was answered, by no.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        matches!(self, Trouble::Refused { .. })
    }
}

/// Asks whether an authority stamped this digest. `at` is the moment at which its certificate
/// must be valid; without it, that is now.
///
/// # Errors
///
/// [`Trouble::Refused`] if it did not; the others if that could not be found out.
pub fn verify(
    stamp: &[u8],
    imprint: Hash,
    authority: &Authority,
    at: Option<Timestamp>,
) -> Result<(), Trouble> {
    for path in [Some(&authority.roots), authority.between.as_ref()].into_iter().flatten() {
        // OpenSSL takes a file that is not there for an empty one.
        if !path.is_file() {
            return Err(Trouble::NoCertificates { path: path.clone() });
        }
    }
    let mut command = Command::new("openssl");
    command.args(["ts", "-verify", "-digest", &imprint.to_hex(), "-in", "/dev/stdin", "-CAfile"]);
    command.arg(&authority.roots);
    if let Some(between) = &authority.between {
        command.arg("-untrusted").arg(between);
    }
    if let Some(at) = at {
        command.args(["-attime", &at.as_second().to_string()]);
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    command.env_clear().env("PATH", path).env("LC_ALL", "C");
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| {
        let is_missing = error.kind() == io::ErrorKind::NotFound;
        if is_missing { Trouble::NoProgram } else { Trouble::Run(error) }
    })?;
    // On threads of their own: neither a program that does not read nor one that does not stop
    // talking may hold this one.
    let (input, errors) = (child.stdin.take(), child.stderr.take());
    let stamp = stamp.to_vec();
    let writer = thread::spawn(move || input.map(|mut input| input.write_all(&stamp)));
    let reader = thread::spawn(move || {
        let mut said = Vec::new();
        if let Some(errors) = errors {
            // What cannot be read is not told.
            let _ = errors.take(SAID_BYTES).read_to_end(&mut said);
        }
        said
    });
    let is_granted = wait(&mut child, PATIENCE)?;
    // Both ends are closed by now.
    let _ = writer.join();
    let said = reader.join().unwrap_or_default();
    if is_granted { Ok(()) } else { Err(Trouble::Refused { said: told(&said) }) }
}

/// Waits for the program, but not for ever. True if it says yes.
fn wait(child: &mut Child, patience: Duration) -> Result<bool, Trouble> {
    let mut waited = Duration::ZERO;
    while waited < patience {
        match child.try_wait().map_err(Trouble::Run)? {
            Some(status) => return Ok(status.success()),
            None => thread::sleep(STEP),
        }
        waited += STEP;
    }
    child.kill().map_err(Trouble::Run)?;
    child.wait().map_err(Trouble::Run)?;
    Err(Trouble::Slow)
}

/// The reasons among what OpenSSL says: `ID:error:CODE:library:function:reason:file:line:more`.
fn told(said: &[u8]) -> String {
    let said = String::from_utf8_lossy(said).into_owned();
    let reason = |line: &str| {
        let fields: Vec<&str> = line.splitn(9, ':').collect();
        let (reason, more) = match fields.as_slice() {
            [_, "error", _, _, _, reason, ..] => (*reason, fields.get(8).copied()),
            _ => return None,
        };
        let more = more.map(str::trim).filter(|more| !more.is_empty());
        Some(more.map_or(reason.to_owned(), |more| format!("{reason} ({more})")))
    };
    let reasons: Vec<String> = said.lines().filter_map(reason).collect();
    if reasons.is_empty() { "no reason given".to_owned() } else { reasons.join("; ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_does_not_end_is_ended() {
        let mut child = Command::new("sleep").arg("600").spawn().unwrap();
        let slow = wait(&mut child, Duration::from_millis(20));
        assert!(matches!(slow, Err(Trouble::Slow)), "{slow:?}");
        // Gone: its end was waited for.
        assert!(child.try_wait().unwrap().is_some());
        let mut child = Command::new("true").spawn().unwrap();
        assert!(wait(&mut child, PATIENCE).unwrap());
        let mut child = Command::new("false").spawn().unwrap();
        assert!(!wait(&mut child, PATIENCE).unwrap());
    }

    #[test]
    fn reasons_are_told_without_places_in_its_sources() {
        let said = b"Verification: FAILED\n40A7:error:17800067:time stamp routines:\
            ts_check_imprints:message imprint mismatch:../crypto/ts/ts_rsp_verify.c:681:\n\
            40A7:error:17800064:time stamp routines:ts_verify_cert:certificate verify error:\
            ../crypto/ts/ts_rsp_verify.c:190:Verify error:self-signed certificate\n";
        let expected = "message imprint mismatch; \
                        certificate verify error (Verify error:self-signed certificate)";
        assert_eq!(told(said), expected);
        assert_eq!(told(b"\xff: what\n"), "no reason given");
    }
}
