#![no_main]

use gamyeong_fuzz::laws;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| laws::workbook(bytes));
