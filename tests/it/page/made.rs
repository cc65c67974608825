//! Nights in; the data of a page with as many of them as one likes out.

use gamyeong::ledger::items::example;
use gamyeong::ledger::record::Kind;
use serde_json::Value;

use crate::forge::{self, Signed, TestSigner, Told};

/// Keys that everybody knows.
pub(super) fn signer() -> TestSigner {
    TestSigner::new(7)
}

/// The data of a page of `size` records or a few more: the same night again and again, which
/// is a list of `(type, body)`, so many of them in a month.
pub(super) fn ledger(size: usize, night: &[(String, Value)], in_month: usize) -> Value {
    let first = Told {
        time: "2010-01-01T00:00:00.000Z".to_owned(),
        kind: "ledger.init".to_owned(),
        run: None,
        body: Value::Object(example::body(Kind::LedgerInit)),
    };
    let nights = (0..size.div_ceil(night.len())).flat_map(|number| {
        let months = number / in_month;
        let (year, month) = (2010 + months / 12, 1 + months % 12);
        let day = 1 + number % in_month * 28 / in_month;
        night.iter().map(move |(kind, body)| Told {
            time: format!("{year}-{month:02}-{day:02}T18:00:00.000Z"),
            kind: kind.clone(),
            run: kind.starts_with("run.").then(|| format!("visits-{number}")),
            body: body.clone(),
        })
    });
    let told: Vec<Told> = std::iter::once(first).chain(nights).collect();
    forge::data(&forge::ledger(&told, &signer(), Signed::Open))
}
