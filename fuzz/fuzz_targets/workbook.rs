#![no_main]
//! Bytes as a workbook and as a Parquet file.

use std::{panic, thread};

use gamyeong::source;
use gamyeong_fuzz::laws;

// A panic of a library in the thread that reads tables is an error of its file, as in
// `main`: it is caught there, and no finding.
fn silence_tables() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if thread::current().name() != Some(source::THREAD) {
            usual(panic);
        }
    }));
}

libfuzzer_sys::fuzz_target!(init: silence_tables(), |bytes: &[u8]| laws::workbook(bytes));
