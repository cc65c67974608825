//! The name of a place in the program in; a death there, if a test asked for it, out.

/// Ends the process as if the power had failed, if the environment variable
/// `GAMYEONG_KILL_AT` names this point; or by another signal, if `GAMYEONG_KILL_BY`
/// names one: `ABRT`, `SEGV` or `STOP`. For crash tests: release builds contain nothing
/// of it.
pub fn kill_point(name: &str) {
    #[cfg(debug_assertions)]
    if std::env::var_os("GAMYEONG_KILL_AT").is_some_and(|wanted| wanted == name) {
        use rustix::process::Signal;
        let by = std::env::var_os("GAMYEONG_KILL_BY").unwrap_or_default();
        let signal = match by.to_str() {
            Some("ABRT") => Signal::ABORT,
            Some("SEGV") => Signal::SEGV,
            Some("STOP") => Signal::STOP,
            _ => Signal::KILL,
        };
        // The standard library takes the first SEGV for a stack that overflows.
        let times = if signal == Signal::SEGV { 2 } else { 1 };
        for _ in 0..times {
            // The caller is gone before a failure to die could be reported.
            let _ = rustix::process::kill_process(rustix::process::getpid(), signal);
        }
    }
    #[cfg(not(debug_assertions))]
    let _ = name;
}

/// Panics as a library may, with what it was given in its message. For tests of what a
/// panic tells: release builds contain nothing of it.
///
/// # Panics
///
/// If the environment variable `GAMYEONG_PANIC_AT` names this point.
pub fn panic_point(name: &str, given: &[u8]) {
    #[cfg(debug_assertions)]
    {
        let wanted = std::env::var_os("GAMYEONG_PANIC_AT");
        let is_meant = wanted.is_some_and(|wanted| wanted == name);
        assert!(!is_meant, "{}", String::from_utf8_lossy(given));
    }
    #[cfg(not(debug_assertions))]
    let _ = (name, given);
}
