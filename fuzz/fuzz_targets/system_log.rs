#![no_main]

use std::sync::LazyLock;

use gamyeong::parse::Format;
use gamyeong_fuzz::laws;
use libfuzzer_sys::fuzz_target;

static FORMATS: LazyLock<Vec<Format>> = LazyLock::new(|| laws::formats("system_log"));

fuzz_target!(|bytes: &[u8]| laws::reading(&FORMATS, bytes));
