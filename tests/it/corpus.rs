//! What the fuzz targets kept, as ordinary tests: inputs that each reach another
//! part of a parser.

#[path = "../../fuzz/src/laws.rs"]
#[expect(unreachable_pub, reason = "the fuzz targets name it from outside")]
mod laws;

use std::fs;
use std::path::Path;

use crate::house::files;

/// Runs every kept input of a target; there must be some.
fn each(target: &str, law: impl Fn(&[u8])) {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let inputs = files(&dir);
    assert!(!inputs.is_empty(), "{target}");
    for input in inputs {
        law(&fs::read(input).unwrap());
    }
}

#[test]
fn every_kept_input_obeys_the_laws_of_reading() {
    for family in ["layout", "w3c", "json", "table", "leases", "system_log"] {
        let formats = laws::formats(family);
        each(family, |bytes| laws::reading(&formats, bytes));
    }
    each("format_string", laws::format_string);
    each("stored", laws::stored);
    each("workbook", laws::workbook);
}
