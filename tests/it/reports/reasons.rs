//! That everything a record says of why a night came to nothing has its Korean.

use gamyeong::assess::Shortfall;
use gamyeong::assess::leak::Leak;
use gamyeong::parse::Reason;
use gamyeong::protect::number::coding::Misfit;
use gamyeong::report::reasons::korean;
use gamyeong::scan::Kind as Scanned;
use regex::Regex;

/// Texts in a part of a source file, with a number in every gap.
fn texts(source: &str) -> Vec<String> {
    let literal = Regex::new(r#""((?:[^"\\]|\\.)*)""#).unwrap();
    let gap = Regex::new(r"\{[^}]*\}").unwrap();
    let code = source.lines().filter(|line| !line.trim_start().starts_with("//"));
    let code: String = code.collect::<Vec<_>>().join("\n");
    let texts = literal.captures_iter(&code).map(|found| found[1].replace("{what}", "rows"));
    texts.map(|text| gap.replace_all(&text, "7").into_owned()).collect()
}

/// What stands between two marks of a source file.
fn part<'s>(source: &'s str, from: &str, to: &str) -> &'s str {
    source.split_once(from).unwrap().1.split_once(to).unwrap().0
}

#[track_caller]
fn is_korean(reason: &str) {
    let told = korean(reason);
    let quoted = Regex::new("`[^`]*`|CI·DI|JSON").unwrap();
    let bare = quoted.replace_all(&told, "");
    assert!(
        told != reason && !bare.contains(|c: char| c.is_ascii_alphabetic()),
        "{reason}: {told}"
    );
}

#[test]
fn every_reason_that_the_sources_name_is_told_in_korean() {
    let own = include_str!("../../../src/pipeline/report.rs");
    let ends = include_str!("../../../src/pipeline/opened.rs");
    let parts = [
        part(own, "pub(super) fn reason(", "\n}\n"),
        include_str!("../../../src/pipeline/cause.rs"),
        part(ends, "let (kind, reason) = ", "};"),
    ];
    let mut texts: Vec<String> = parts.into_iter().flat_map(texts).collect();
    // Words of other texts.
    texts.retain(|text| ![", ", "rows", "cells"].contains(&text.as_str()));
    assert!(texts.len() > 50, "{}", texts.len());
    for text in &texts {
        is_korean(text);
    }
}

#[test]
fn every_reason_of_another_stage_is_told_in_korean() {
    let shortfalls = [
        Shortfall::Suppression { suppressed: 3, rows: 20, limit_ppm: 50_000 },
        Shortfall::Nothing { rows: 3 },
        Shortfall::Classes { limit: 7 },
    ];
    for shortfall in &shortfalls {
        match shortfall {
            Shortfall::Suppression { .. }
            | Shortfall::Nothing { .. }
            | Shortfall::Classes { .. } => {
                is_korean(&shortfall.to_string());
            }
        }
    }
    for misfit in [Misfit::TooFew, Misfit::Crossed] {
        match misfit {
            Misfit::TooFew | Misfit::Crossed => is_korean(&format!("column fee: {misfit}")),
        }
    }
    let name = || "cs(Cookie)".into();
    let rejects = [
        Reason::Truncated(name()),
        Reason::Delimiter(name()),
        Reason::Number(name()),
        Reason::Time(name()),
        Reason::Missing(name()),
        Reason::Trailing,
        Reason::TooLong,
        Reason::Fields,
        Reason::Quote,
        Reason::Encoding,
        Reason::Json,
        Reason::NoHeader,
    ];
    for reason in rejects {
        let code = reason.code();
        let told = korean(&format!("3 of 20 lines rejected, most often {code}"));
        assert!(!told.contains(&code), "{told}");
        let of_name = |name: &str| assert!(told.contains(&format!("`{name}`")), "{told}");
        match reason {
            Reason::Truncated(name)
            | Reason::Delimiter(name)
            | Reason::Number(name)
            | Reason::Time(name)
            | Reason::Missing(name) => of_name(&name),
            Reason::NoHeader => of_name("#Fields"),
            Reason::Trailing
            | Reason::TooLong
            | Reason::Fields
            | Reason::Quote
            | Reason::Encoding
            | Reason::Json => {}
        }
    }
    for kind in Scanned::ALL {
        let found = vec![("memo".to_owned(), kind.name(), 2), ("note".to_owned(), kind.name(), 1)];
        let told = korean(&Leak { found }.to_string());
        let name = kind.korean();
        assert_eq!(told, format!("`memo` 항목에 {name} 2칸; `note` 항목에 {name} 1칸"));
    }
}
