#![no_main]
//! Spans are in order and inside, masked text is clean, and masking it again
//! changes nothing.

use gamyeong::scan::{find, is_clean, mask};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut hits = Vec::new();
    find(text, &mut hits);
    assert_eq!(hits.is_empty(), is_clean(text));
    let (mut masked, mut end) = (String::new(), 0);
    for hit in &hits {
        assert!(end <= hit.span.start && hit.span.start < hit.span.end);
        masked.push_str(&text[end..hit.span.start]);
        masked.push_str(&format!("[{}]", hit.kind.name()));
        end = hit.span.end;
    }
    masked.push_str(&text[end..]);
    // One masking is enough: what `mask` does again if it is not.
    assert!(is_clean(&masked), "{masked}");
    let mut again = String::new();
    mask(text, &hits, &mut again);
    assert_eq!(masked, again);
});
