//! What others vouched for: the page says of it what the program says, but for the certificates
//! of an authority, which it does not look at.

use std::fs;
use std::path::{Path, PathBuf};

use data_encoding::BASE64;
use gamyeong::ledger::cosignature::{WitnessKey, cosigned_by};
use gamyeong::ledger::note::VerifierKey;
use gamyeong::ledger::tlog_proof::Inclusion;
use gamyeong::ledger::tree::Hash;
use gamyeong::ledger::verify::{Brought, Earlier, with};
use serde_json::{Value, json};

use super::browser::Browser;
use super::{agree, data, house, in_browser, page_of};
use crate::anchor::{Tsa, import_note, import_stamp, lying, only, stamp_of};
use crate::house::put;
use crate::witness::{Desk, more};

struct Bench<'a> {
    browser: &'a Browser,
    ledger: PathBuf,
    trusted: Vec<VerifierKey>,
    keys: String,
    witness: Option<String>,
}

impl Bench<'_> {
    /// What both say, the same: the whole answer and those of `continuity` and `anchors`.
    #[track_caller]
    fn look(&self, case: &str, earlier: &[Vec<u8>]) -> [String; 3] {
        let name = |index: usize| format!("earlier checkpoint {}", index + 1);
        let kept = earlier.iter().enumerate();
        let kept = kept.map(|(index, bytes)| Earlier::file(&name(index), bytes));
        let kept: Vec<Earlier> = kept.collect();
        let witnesses: Option<Vec<WitnessKey>> =
            self.witness.iter().map(|key| Some(vec![key.parse().unwrap()])).next().flatten();
        let brought = Brought {
            trusted: Some(&self.trusted),
            earlier: &kept,
            witnesses: witnesses.as_deref(),
            authority: None,
        };
        let program = with(&self.ledger, &brought).unwrap().to_value();
        let file = |(index, bytes): (usize, &Vec<u8>)| json!({"name": format!("earlier checkpoint {}", index + 1), "base64": BASE64.encode(bytes)});
        let earlier: Vec<Value> = earlier.iter().enumerate().map(file).collect();
        let options = json!({"trusted": self.keys, "earlier": earlier, "witnesses": self.witness});
        let browser = in_browser(self.browser, &data(&self.ledger), &options);
        agree(case, &program, &browser);
        let of = |name: &str| {
            let checks = program["checks"].as_array().unwrap().iter();
            let check = { checks }.find(|check| check["check"] == name).unwrap();
            let other = browser["checks"].as_array().unwrap().iter();
            let other = { other }.find(|check| check["check"] == name).unwrap();
            assert_eq!(check["reason"], other["reason"], "{case}: {name}");
            check["outcome"].as_str().unwrap().to_owned()
        };
        assert_eq!(program["status"], browser["status"], "{case}");
        [program["status"].as_str().unwrap().to_owned(), of("continuity"), of("anchors")]
    }

    fn path(&self, name: &str) -> PathBuf {
        self.ledger.join(name)
    }
}

fn named(dir: &str, size: usize, bytes: &[u8], ending: &str) -> String {
    format!("{dir}/{size:010}-{}.{ending}", &Hash::of(bytes).to_hex()[..8])
}

/// A kept voucher that was changed, taken away or put elsewhere, and brought.
#[track_caller]
fn touched(bench: &Bench<'_>, kept: &Path, good: &[u8], size: usize) {
    let (dir, ending) = kept_dir(kept);
    for at in (0..good.len()).step_by(good.len() / 25) {
        let mut bad = good.to_vec();
        bad[at] ^= 1;
        put(kept, &bad);
        let case = format!("byte {at} of {dir}");
        assert_eq!(bench.look(&case, &[])[0], "fail", "{case}");
        // Under the name that goes with its bytes, and brought.
        fs::remove_file(kept).unwrap();
        let name = named(dir, size, &bad, ending);
        put(&bench.path(&name), &bad);
        assert_eq!(bench.look(&format!("{case}, renamed"), &[])[0], "fail", "{case}");
        bench.look(&format!("{case}, brought"), &[bad]);
        fs::remove_file(bench.path(&name)).unwrap();
        put(kept, good);
    }
    fs::remove_file(kept).unwrap();
    assert_eq!(bench.look("gone", &[])[2], "fail");
    for other in [size + 1, size - 1, size + 100] {
        let name = named(dir, other, good, ending);
        put(&bench.path(&name), good);
        assert_eq!(bench.look(&name, &[])[2], "fail", "{name}");
        fs::remove_file(bench.path(&name)).unwrap();
    }
    put(kept, good);
    assert_eq!(bench.look("brought", &[good.to_vec()]), ["pass", "pass", "not-checked"]);
    for length in [good.len() - 1, good.len() / 2, 1] {
        let case = format!("{length} bytes of {dir}");
        assert_eq!(bench.look(&case, &[good[..length].to_vec()])[1], "fail", "{case}");
    }
    let longer = [good, b"\0"].concat();
    assert_eq!(bench.look("longer", &[longer])[1], "fail");
}

/// Found by a review: of a proof that was brought the program looked at the checkpoint alone.
#[track_caller]
fn proofs(bench: &Bench<'_>) {
    let whole = Inclusion::of(&bench.ledger, 1).unwrap();
    let records = fs::read_to_string(bench.path("records/000000.jsonl")).unwrap();
    let line = |at: usize| Some(records.lines().nth(at).unwrap().as_bytes().to_vec());
    let look = |case: &str, proof: Inclusion| {
        bench.look(case, &[proof.to_string().into_bytes()])[1].clone()
    };
    assert_eq!(look("proof", whole.clone()), "pass");
    assert_eq!(look("with its record", Inclusion { extra: line(1), ..whole.clone() }), "pass");
    for index in [0, 2, 1_000_000] {
        let case = format!("proof of record {index}");
        assert_eq!(look(&case, Inclusion { index, ..whole.clone() }), "fail", "{case}");
    }
    let mut path = whole.path.clone();
    path.swap(0, 1);
    assert_eq!(look("hashes swapped", Inclusion { path, ..whole.clone() }), "fail");
    let path = whole.path[1..].to_vec();
    assert_eq!(look("a hash less", Inclusion { path, ..whole.clone() }), "fail");
    assert_eq!(look("another record", Inclusion { extra: line(2), ..whole.clone() }), "fail");
}

#[test]
fn the_page_and_the_program_say_the_same_of_what_others_vouched_for() {
    let Some(browser) = Browser::start() else { return };
    let (house, tsa) = (house(), Tsa::new());
    let desk = Desk::of(&house);
    let size = house.records().len();
    let (note, stamp) = (desk.sign(&house, "0"), stamp_of(&house, &tsa));
    import_note(&house, &note, &desk.keys()).exits(0);
    import_stamp(&house, &stamp, &tsa).exits(0);
    assert_eq!(browser.open(&page_of(&house, &[])), "not-checked");
    fs::remove_file(house.path("page.html")).unwrap();
    let ledger = house.path("ledger");
    let keys = fs::read_to_string(ledger.join("keys.txt")).unwrap();
    let trusted = keys.lines().map(|line| line.parse().unwrap()).collect();
    let mut bench = Bench { browser: &browser, ledger, trusted, keys, witness: None };
    let untouched = ["pass", "not-checked", "not-checked"];
    assert_eq!(bench.look("untouched", &[]), untouched);
    proofs(&bench);
    bench.witness = Some(desk.key.clone());
    // A stamp is nobody's that the page could know.
    assert_eq!(bench.look("with the key of the witness", &[]), untouched);
    let (kept_note, kept_stamp) = (only(&house, "ledger/witness"), only(&house, "ledger/anchor"));

    for (kept, good) in [(&kept_note, &note), (&kept_stamp, &stamp)] {
        touched(&bench, kept, &fs::read(good).unwrap(), size);
    }

    // A record that says something else than its voucher.
    for (case, other) in lying(&house) {
        bench.ledger = other.path("ledger");
        assert_eq!(bench.look(&case, &[])[2], "fail", "{case}");
    }

    // Without the stamp, who vouches is known.
    let without = house.copied();
    fs::remove_dir_all(without.path("ledger/anchor")).unwrap();
    bench.ledger = without.path("ledger");
    assert_eq!(bench.look("a stamp is gone", &[])[2], "fail");

    // Of a ledger that went on differently.
    let twin = house.copied();
    more(&twin);
    more(&twin);
    let (note, stamp) = (desk.sign(&twin, &size.to_string()), stamp_of(&twin, &tsa));
    bench.ledger = house.path("ledger");
    for path in [note, stamp] {
        let bytes = fs::read(path).unwrap();
        let outcomes = bench.look("a twin's", &[bytes]);
        assert_eq!(outcomes, ["fail", "fail", "not-checked"]);
    }
    bench.ledger = twin.path("ledger");
    assert_eq!(bench.look("the twin itself", &[])[0], "pass");
}

/// Every bit of a stamp and of a co-signed note, flipped: both read the same.
#[test]
fn the_page_and_the_program_read_the_same_stamps_and_signatures() {
    let Some(browser) = Browser::start() else { return };
    let (house, tsa) = (house(), Tsa::new());
    let desk = Desk::of(&house);
    let note = fs::read(desk.sign(&house, "0")).unwrap();
    let stamp = fs::read(stamp_of(&house, &tsa)).unwrap();
    browser.open(&page_of(&house, &[]));
    let read = browser.run_later(
        "const [stamp, note, key, done] = arguments;
         const flipped = (base64) => Array.from({length: 8 * fromBase64(base64).length}, (_, bit) => {
           const bytes = fromBase64(base64);
           bytes[bit >> 3] ^= 1 << (bit & 7);
           return bytes;
         });
         const stamps = flipped(stamp).map(readStamp).map((one) => one && toHex(one.imprint));
         Promise.all(flipped(note).map((bytes) => cosignedBy(bytes, [readWitnessKey(key)])))
           .then((notes) => done({stamps, notes: notes.map(({count}) => count ?? null)}));",
        &json!([BASE64.encode(&stamp), BASE64.encode(&note), desk.key]),
    );
    let flipped = |good: &[u8], bit: usize| {
        let mut bad = good.to_vec();
        bad[bit / 8] ^= 1 << (bit % 8);
        bad
    };
    let stamps = read["stamps"].as_array().unwrap();
    assert_eq!(stamps.len(), 8 * stamp.len());
    for (bit, found) in stamps.iter().enumerate() {
        let own = gamyeong::ledger::stamp::read(&flipped(&stamp, bit));
        assert_eq!(*found, json!(own.ok().map(|stamp| stamp.imprint.to_hex())), "bit {bit}");
    }
    let key: WitnessKey = desk.key.parse().unwrap();
    let notes = read["notes"].as_array().unwrap();
    assert_eq!(notes.len(), 8 * note.len());
    for (bit, found) in notes.iter().enumerate() {
        let own = cosigned_by(&flipped(&note, bit), std::slice::from_ref(&key));
        assert_eq!(*found, json!(own.ok().map(|cosigned| cosigned.len())), "bit {bit}");
    }
}

/// Found by a review: policies that have no spelling with dots, and times that no record has.
#[test]
fn the_page_and_the_program_refuse_the_same_odd_stamps() {
    let Some(browser) = Browser::start() else { return };
    let (house, tsa) = (house(), Tsa::new());
    let stamp = fs::read(stamp_of(&house, &tsa)).unwrap();
    browser.open(&page_of(&house, &[]));
    // 1.3.6.1.4.1.99999.1
    let policy = [0x2b, 6, 1, 4, 1, 0x86, 0x8d, 0x1f, 1];
    let place = |part: &[u8]| stamp.windows(part.len()).position(|found| found == part).unwrap();
    let at = place(&policy);
    let time = at + stamp[at..].windows(4).position(|found| found == b"\x18\x0f20").unwrap() + 2;
    let with = |at: usize, bytes: &[u8]| {
        let mut other = stamp.clone();
        other[at..at + bytes.len()].copy_from_slice(bytes);
        other
    };
    let cases = [
        (with(at, &policy), true),
        (with(at, &[0x2b, 6, 1, 4, 0x80, 1, 0x8d, 0x1f, 1]), false),
        (with(at, &[0x2b, 6, 1, 4, 0x90, 0x80, 0x80, 0x80, 0]), false),
        (with(at, &[0x2b, 6, 1, 4, 0x8f, 0xff, 0xff, 0xff, 0x7f]), true),
        (with(at, &[0x2b, 6, 1, 4, 1, 0x86, 0x8d, 0x1f, 0x81]), false),
        (with(time, b"99991230215959Z"), true),
        (with(time, b"99991230220001Z"), false),
        (with(time, b"99991231235959Z"), false),
        (with(time, b"20260230000000Z"), false),
    ];
    for (number, (bytes, is_good)) in cases.iter().enumerate() {
        let read = browser.run_later(
            "const [stamp, done] = arguments; done(readStamp(fromBase64(stamp)));",
            &json!([BASE64.encode(bytes)]),
        );
        let own = gamyeong::ledger::stamp::read(bytes);
        assert_eq!((own.is_ok(), !read.is_null()), (*is_good, *is_good), "case {number}");
        if let Ok(own) = own {
            assert_eq!(read["policy"], own.policy, "case {number}");
            assert_eq!(read["at"], own.time.to_string(), "case {number}");
        }
    }
}

fn kept_dir(path: &Path) -> (&'static str, &'static str) {
    if path.extension().is_some_and(|ending| ending == "note") {
        ("witness", "note")
    } else {
        ("anchor", "tsr")
    }
}
