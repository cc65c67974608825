//! Texts in; how well and how fast personal data are found in them out.
//!
//! ```sh
//! cargo bench --bench scan
//! ```
//!
//! | part | |
//! |---|---|
//! | recall, precision | of a million made-up queries, of which one in four has a value of a known kind in it and one in four something that only looks like one |
//! | real text | titles, authors and queries of `../shared/data/korean`, if it is there |
//! | throughput | of clean paths, queries and Korean text, on one core |
//! | hostile | texts of 1 MiB that are made to be slow |
//!
//! Nothing is asserted.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::io::{self, Write as _};
use std::time::Instant;

use corpus::{Draw, WORDS, sample};
use gamyeong::scan::{Hit, Kind, find, is_clean};
use values::isbn13;

mod corpus;
mod real;
mod values;

type Failure = Box<dyn std::error::Error>;

/// What hostile texts repeat.
const PIECES: &[&str] = &[
    "1",
    "12",
    "@",
    "-",
    "=",
    ":",
    "%",
    "1-",
    "12-",
    "123-",
    "1234-",
    "12-1234567-",
    "12 ",
    "02-",
    "010-",
    "82-",
    "900101-",
    "900101/",
    "900101,",
    "900101--",
    "900101 뒤",
    "900101 뒷자리: ",
    "900101   (",
    "123456~1234567,",
    "19900101-",
    "9 ",
    "name=",
    "userName=",
    "userName=k",
    "성명:",
    "성명:홍",
    "a@",
    "a@a.",
    "a@a.aa",
    "a.a.a.a@",
    "a@b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s.t.u.v.w.x.y.z.",
    "%40",
    "%3D",
    "%2D1",
    "A",
    "AAAA=",
    "A==",
    "ci=",
    "ci=AAAA",
    "０",
    "０-",
    "０１-",
    "은행 1234567890-",
    "은행 12345-12345-",
    "은행은행은행은행 12345678901 ",
    "계좌 123-12-1234567 ",
    "a1=010&a2=",
    "1&a2=",
    "11&a=11&",
    "M12345678",
    "M123A4567 ",
    "m12345678 ",
    "1234567890123 ",
    "9001011234567 ",
    "1234567890 ",
    "119012345678 ",
    "0212345678 ",
    "4111-1111-1111-1112 ",
    "010-1234-5678 ",
    "a@b.kr ",
    "900101-1234567 ",
    "900101/1234568 ",
    "user[name]=",
    "\"name\" : \"",
    "name=Kim Kim Kim Kim Kim Kim ",
    "이름=김김김김김",
];

/// Queries of the first part.
const QUERIES: usize = 1_000_000;

/// Passes over each text, of which the fastest counts.
const PASSES: usize = 5;

/// Bytes of a hostile text.
const HOSTILE: usize = 1 << 20;

fn main() -> Result<(), Failure> {
    quality()?;
    real::real()?;
    throughput()?;
    hostile()
}

#[derive(Default, Clone, Copy)]
struct Score {
    inserted: usize,
    found: usize,
    exact: usize,
    wrong: usize,
}

fn quality() -> Result<(), Failure> {
    let mut draw = Draw(0x5ca1_ab1e);
    let mut scores: BTreeMap<Kind, Score> = BTreeMap::new();
    let mut missed: BTreeMap<(Kind, &str), (usize, String)> = BTreeMap::new();
    let mut wrong: BTreeMap<(Kind, &str), (usize, String)> = BTreeMap::new();
    let mut hits = Vec::new();
    for _ in 0..QUERIES {
        let sample = sample(&mut draw);
        hits.clear();
        find(&sample.text, &mut hits);
        if let Some(value) = &sample.value {
            let score = scores.entry(value.kind).or_default();
            let is_same = |hit: &&Hit| {
                hit.kind == value.kind
                    && hit.span.start < value.span.end
                    && value.span.start < hit.span.end
            };
            score.inserted += 1;
            let found = hits.iter().find(is_same);
            score.found += usize::from(found.is_some());
            score.exact += usize::from(found == Some(value));
            if found.is_none() {
                note(&mut missed, (value.kind, sample.form), &sample.text);
            }
        }
        for hit in &hits {
            let is_right = sample.value.as_ref().is_some_and(|value| {
                value.kind == hit.kind
                    && hit.span.start < value.span.end
                    && value.span.start < hit.span.end
            });
            if !is_right {
                scores.entry(hit.kind).or_default().wrong += 1;
                note(&mut wrong, (hit.kind, sample.form), &sample.text);
            }
        }
    }
    let mut out = io::stdout().lock();
    writeln!(out, "{QUERIES} made-up queries\n")?;
    writeln!(out, "kind       inserted    found    exact    wrong   recall  precision")?;
    for (kind, score) in &scores {
        writeln!(
            out,
            "{:9} {:9} {:8} {:8} {:8} {:8.5} {:10.5}",
            kind.name(),
            score.inserted,
            score.found,
            score.exact,
            score.wrong,
            share(score.found, score.inserted),
            share(score.found, score.found + score.wrong),
        )?;
    }
    for (title, list) in [("missed", missed), ("wrong", wrong)] {
        writeln!(out, "\n{title}:")?;
        for ((kind, form), (count, example)) in list {
            writeln!(out, "{count:7} {:9} {form:24} {example}", kind.name())?;
        }
    }
    Ok(())
}

fn share(part: usize, whole: usize) -> f64 {
    float(part) / float(whole.max(1))
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn float(count: usize) -> f64 {
    count as f64
}

type Examples = BTreeMap<(Kind, &'static str), (usize, String)>;

fn note(list: &mut Examples, key: (Kind, &'static str), text: &str) {
    let (count, _) = list.entry(key).or_insert_with(|| (0, text.to_owned()));
    *count += 1;
}

/// Megabytes per second of clean text, a value at a time and as one text.
fn throughput() -> Result<(), Failure> {
    let mut draw = Draw(7);
    let paths: Vec<String> = (0..200_000)
        .map(|_| {
            format!(
                "/intro/{}/menu/{}/program/30010/plusSearchResultDetail.do",
                draw.of(&["lib", "bd", "jungwon"]),
                draw.below(20_000)
            )
        })
        .collect();
    let queries: Vec<String> = (0..200_000)
        .map(|_| {
            format!(
                "searchType=SIMPLE&searchKey=ALL&page={}&searchKeyword={}&kdc={}",
                draw.below(99),
                draw.of(WORDS),
                draw.below(999)
            )
        })
        .collect();
    let korean: Vec<String> = (0..200_000)
        .map(|_| format!("{} {} {}", draw.of(WORDS), draw.of(WORDS), draw.of(WORDS)))
        .collect();
    let digits: Vec<String> = (0..200_000)
        .map(|_| {
            format!("isbn={}&date=20261120&_={}", isbn13(&mut draw), draw.pattern("17###########"))
        })
        .collect();
    let escaped: Vec<String> = (0..200_000)
        .map(|_| "q=%EC%97%84%EB%A7%88%EB%A5%BC%20%EB%B6%80%ED%83%81%ED%95%B4".to_owned())
        .collect();
    let mut out = io::stdout().lock();
    writeln!(out, "\nclean text               MB/s in values   as one text")?;
    for (what, texts) in [
        ("paths", paths),
        ("queries", queries),
        ("Korean", korean),
        ("ISBN, dates, times", digits),
        ("escaped", escaped),
    ] {
        let bytes: usize = texts.iter().map(String::len).sum();
        let values = fastest(|| texts.iter().filter(|text| !is_clean(black_box(text))).count());
        let whole = texts.join("\n");
        let one = fastest(|| usize::from(is_clean(black_box(&whole))));
        let rate = |seconds: f64| float(bytes) / seconds / 1e6;
        writeln!(out, "{what:24} {:14.0} {:13.0}", rate(values), rate(one))?;
    }
    Ok(())
}

/// Seconds of the fastest pass.
fn fastest(mut pass: impl FnMut() -> usize) -> f64 {
    let mut fastest = f64::INFINITY;
    for _ in 0..PASSES {
        let start = Instant::now();
        black_box(pass());
        fastest = fastest.min(start.elapsed().as_secs_f64());
    }
    fastest
}

/// Milliseconds of texts that are made to be slow.
fn hostile() -> Result<(), Failure> {
    let mut times = Vec::new();
    for piece in hostile_pieces() {
        let text = piece.repeat(HOSTILE / piece.len());
        let mut hits = Vec::new();
        let seconds = fastest(|| {
            hits.clear();
            find(black_box(&text), &mut hits);
            hits.len()
        });
        times.push((seconds * 1e3, piece, hits.len()));
    }
    times.sort_by(|one, other| other.0.total_cmp(&one.0));
    let mut out = io::stdout().lock();
    writeln!(out, "\n1 MiB of                                  ms      hits")?;
    for (milliseconds, piece, hits) in times {
        let shown: String = piece.chars().take(36).collect();
        writeln!(out, "{shown:36} {milliseconds:8.2} {hits:9}")?;
    }
    Ok(())
}

fn hostile_pieces() -> Vec<String> {
    let mut all: Vec<String> = PIECES.iter().map(|piece| (*piece).to_owned()).collect();
    all.push("A".repeat(86) + "==");
    all.push("A".repeat(86) + "=");
    all.push("a".repeat(64) + "@");
    all.push("a.".repeat(120) + "@");
    all.push("@".to_owned() + &"a.".repeat(120));
    all.push("은행 ".to_owned() + &"12345-".repeat(8));
    all.push("k".repeat(47) + "name=" + &"K ".repeat(24));
    all
}
