//! Reviews and approvals that are signed: what counts, and what is refused and found again.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use gamyeong::ledger::approvals::{Approval, signers};
use gamyeong::ledger::items::{self, Need, example};
use gamyeong::ledger::record::{Entry, KINDS, Kind};
use gamyeong::ledger::store::Ledger;
use gamyeong::pipeline::signer::HouseSigner;
use gamyeong::vault::keys::Keys;
use gamyeong::vault::signing::SigningKeys;
use serde_json::{Map, Value, json};
use tempfile::TempDir;

use crate::house::{House, Said, gamyeong, put};

/// A house, and people with keys of their own elsewhere.
pub(crate) struct Scene {
    pub(crate) house: House,
    elsewhere: TempDir,
}

pub(crate) const NO: &str = "26-01";
/// Number of the record that requests a destruction.
const REQUEST: u64 = 1;

impl Scene {
    /// Destruction was requested: record [`REQUEST`].
    pub(crate) fn new() -> Self {
        let scene = Self { house: House::new(), elsewhere: tempfile::tempdir().unwrap() };
        scene.house.enter("retention.requested", &toml(&body(Kind::RetentionRequested))).exits(0);
        scene
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.elsewhere.path().join(name)
    }

    /// A key, and its public line.
    pub(crate) fn key(&self, name: &str) -> String {
        let mut command = gamyeong();
        command.args(["approve", "keygen", "--name", name, "--out"]).arg(self.elsewhere.path());
        Said::from(command.output().unwrap()).exits(0);
        fs::read_to_string(self.path(&format!("{name}.pub"))).unwrap().trim_end().to_owned()
    }

    /// A key of somebody who has rights.
    pub(crate) fn holder(&self, name: &str, role: &str) -> String {
        let key = self.key(name);
        self.grant(name, role, NO, &key);
        key
    }

    fn rights(&self, kind: Kind, changes: &[(&str, &str)]) {
        let mut body = example::body(kind);
        for (key, value) in changes {
            body.insert((*key).to_owned(), json!(value));
        }
        if !changes.iter().any(|(key, _)| *key == "public_key") {
            body.remove("public_key");
        }
        self.house.enter(kind.as_str(), &toml(&body)).exits(0);
    }

    pub(crate) fn grant(&self, account: &str, role: &str, number: &str, key: &str) {
        let changes =
            [("account", account), ("role", role), ("management_no", number), ("public_key", key)];
        self.rights(Kind::RightsGranted, &changes);
    }

    pub(crate) fn sign(&self, kind: Kind, file: &Path, name: &str) -> Said {
        let mut command = gamyeong();
        command.args(["approve", "sign", kind.as_str(), "--controller", "seongnam-library"]);
        command.arg("--file").arg(file).arg("--key").arg(self.path(&format!("{name}.key")));
        command.current_dir("/").output().unwrap().into()
    }

    /// The note of a body that somebody signed.
    pub(crate) fn signed(&self, kind: Kind, body: &Map<String, Value>, name: &str) -> String {
        let file = self.path("items.toml");
        put(&file, toml(body).as_bytes());
        self.sign(kind, &file, name).exits(0).out
    }

    pub(crate) fn enter(&self, kind: Kind, note: &str) -> Said {
        self.house.enter(kind.as_str(), note)
    }

    /// It is refused by `enter`, and found by `verify` if it got into the ledger all the same.
    #[track_caller]
    fn refused(&self, kind: Kind, note: &str, why: &str) {
        let before = self.house.records();
        let said = self.enter(kind, note).exits(1);
        assert!(said.err.contains(why), "{}", said.err);
        assert_eq!(self.house.records(), before);
        let Ok(approval) = Approval::read(note.as_bytes()) else { return };
        self.found(kind, &approval.body, why);
    }

    /// A body that somebody put into the ledger past `enter` fails the check, and is named.
    #[track_caller]
    fn found(&self, kind: Kind, body: &Map<String, Value>, why: &str) {
        let forged = self.house.copied();
        let seq = force(&forged, kind, body);
        let said = forged.say(&["ledger", "verify", "--json"]).exits(6);
        let report = said.json().pop().unwrap();
        let checks = report["checks"].as_array().unwrap();
        for check in checks {
            let expected = if check["check"] == "approvals" { "fail" } else { "pass" };
            let is_asked = check["outcome"] != "not-checked";
            assert!(!is_asked || check["outcome"] == expected, "{check}");
        }
        let check = checks.iter().find(|check| check["check"] == "approvals").unwrap();
        let finding = &check["findings"][0];
        assert_eq!(
            [&finding["seq"], &finding["file"]],
            [&json!(seq), &json!("records/000000.jsonl")]
        );
        assert!(finding["found"].as_str().unwrap().contains(why), "{finding}");
        assert_eq!(check["findings"].as_array().unwrap().len(), 1);
    }

    #[track_caller]
    fn verifies(&self) -> Value {
        let said = self.house.say(&["ledger", "verify", "--json"]).exits(0);
        let report = said.json().pop().unwrap();
        let checks = report["checks"].as_array().unwrap();
        let place = |name: &str| checks.iter().position(|check| check["check"] == name);
        assert_eq!(place("approvals"), place("items").map(|place| place + 1));
        let check = checks[place("approvals").unwrap()].clone();
        assert_eq!(check["outcome"], "pass", "{check}");
        json!([check["examined"], report["lints"]])
    }
}

/// Appends a record with the keys of the ledger: whoever has them can.
pub(crate) fn force(house: &House, kind: Kind, body: &Map<String, Value>) -> u64 {
    let keys = Keys::open(&house.path("keys"), "seongnam-library").unwrap();
    let signer = HouseSigner::new("seongnam-library", SigningKeys::load(&keys).unwrap());
    let (mut ledger, _) = Ledger::open(&house.path("ledger"), &signer).unwrap();
    let time = ledger.records().last().unwrap().time.clone();
    let body = Value::Object(body.clone());
    let entry = Entry { kind, time: &time, run: None, actor: "uid 0", body: &body };
    ledger.append(&signer, &entry).unwrap().seq
}

fn toml(body: &Map<String, Value>) -> String {
    toml::to_string(&toml::Value::try_from(Value::Object(body.clone())).unwrap()).unwrap()
}

/// A whole body of a kind, of the number that rights are given for.
pub(crate) fn body(kind: Kind) -> Map<String, Value> {
    let mut body = example::body(kind);
    body.insert("management_no".into(), json!(NO));
    if kind == Kind::RetentionApproved {
        body.insert("request".into(), json!(REQUEST));
    }
    body
}

/// The role that may sign a kind.
fn role(kind: Kind) -> &'static str {
    signers(kind).unwrap().last().unwrap()
}

fn signed_kinds() -> impl Iterator<Item = Kind> {
    KINDS.into_iter().filter(|kind| signers(*kind).is_some())
}

#[test]
fn every_kind_is_signed_entered_and_verified_again() {
    let scene = Scene::new();
    let (reviewer, cpo) = ("reviewer-1", "cpo-1");
    scene.holder(reviewer, "검토자");
    scene.holder(cpo, "개인정보 보호책임자");
    let mut number = 0;
    for kind in signed_kinds() {
        let name = if role(kind) == "검토자" { reviewer } else { cpo };
        let note = scene.signed(kind, &body(kind), name);
        assert!(note.starts_with("gamyeong approval v1\nkind = "), "{note}");
        let said = scene.enter(kind, &note).exits(0);
        assert!(said.out.contains("signed by 1"), "{}", said.out);
        // What was signed stands in the record, line by line.
        let record = scene.house.records().pop().unwrap();
        let lines = |key: &str| -> String {
            let list = record["body"][key].as_array().unwrap().iter();
            list.flat_map(|line| [line.as_str().unwrap(), "\n"]).collect()
        };
        assert_eq!(format!("{}\n{}", lines("text"), lines("signatures")), note);
        number += 1;
    }
    assert_eq!(number, 4);
    assert_eq!(scene.verifies(), json!([4, []]));
    // All four may stand on paper.
    for kind in signed_kinds() {
        let said = scene.house.enter(kind.as_str(), &toml(&body(kind))).exits(0);
        assert!(said.out.contains("unsigned"), "{}", said.out);
    }
    let found = scene.verifies();
    assert_eq!(found[0], 8);
    let unsigned: Vec<&Value> =
        found[1].as_array().unwrap().iter().map(|lint| &lint["lint"]).collect();
    assert_eq!(unsigned, ["unsigned"; 4]);
    let said = scene.house.say(&["ledger", "verify"]).exits(0);
    assert!(said.out.contains("pass         approvals (8): 4 unsigned"), "{}", said.out);
}

#[test]
fn a_key_is_its_owners_alone_and_never_replaced() {
    let scene = Scene::new();
    let key = scene.key("cpo-1");
    assert!(key.starts_with("cpo-1+"), "{key}");
    let path = scene.path("cpo-1.key");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let again = |name: &str| -> Said {
        let mut command = gamyeong();
        command.args(["approve", "keygen", "--name", name, "--out"]).arg(scene.elsewhere.path());
        command.output().unwrap().into()
    };
    again("cpo-1").exits(5);
    again("Kim Min").exits(2);
    again("../cpo").exits(2);
    let mut command = gamyeong();
    command.args(["approve", "keygen", "--name", "cpo-2", "--out"]).arg(scene.house.path("mine"));
    let said = Said::from(command.output().unwrap()).exits(2);
    assert!(said.err.contains("lies in a house"), "{}", said.err);
    assert!(!scene.house.path("mine").exists());
    put(&scene.path("items.toml"), toml(&body(Kind::PlanApproved)).as_bytes());
    let sign = || scene.sign(Kind::PlanApproved, &scene.path("items.toml"), "cpo-1");
    let first = sign().exits(0).out;
    assert_eq!(sign().exits(0).out, first);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!(sign().exits(5).out, "");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    put(&path, text.replace("name cpo-1", "nome cpo-1").as_bytes());
    let said = sign().exits(5);
    let secret = text.lines().last().unwrap();
    assert!(!said.err.contains(secret), "{}", said.err);
}

#[test]
fn a_key_that_nobody_granted_or_of_another_role_or_number_approves_nothing() {
    let scene = Scene::new();
    let kind = Kind::RetentionApproved;
    let cpo = scene.key("cpo-1");
    let note = scene.signed(kind, &body(kind), "cpo-1");
    scene.refused(kind, &note, "has no right to sign it");
    scene.grant("cpo-1", "개인정보 보호책임자", "26-02", &cpo);
    scene.refused(kind, &note, "has no right to sign it");
    scene.holder("reviewer-1", "검토자");
    let by_reviewer = scene.signed(kind, &body(kind), "reviewer-1");
    scene.refused(kind, &by_reviewer, "is of another role");
    scene.grant("cpo-1", "개인정보 보호책임자", "전체", &cpo);
    scene.enter(kind, &note).exits(0);
    scene.verifies();
}

#[test]
fn rights_that_were_revoked_or_changed_approve_nothing_more_and_what_was_approved_stays() {
    let kind = Kind::PlanApproved;
    let other = |n: usize| {
        let mut body = body(kind);
        body.insert("reason".into(), json!(format!("심의 {n}호")));
        body
    };
    let revocations: [&[(&str, &str)]; 3] = [
        &[("account", "cpo-1"), ("management_no", NO)],
        &[("account", "cpo-1"), ("management_no", "전체")],
        &[("account", "nobody"), ("management_no", NO), ("public_key", "")],
    ];
    for (n, revocation) in revocations.into_iter().enumerate() {
        let scene = Scene::new();
        let key = scene.holder("cpo-1", "개인정보 보호책임자");
        scene.enter(kind, &scene.signed(kind, &other(1), "cpo-1")).exits(0);
        // Signed before, entered after.
        let note = scene.signed(kind, &other(2), "cpo-1");
        scene.rights(Kind::RightsRevoked, &[("account", "cpo-1"), ("management_no", "26-02")]);
        let of_key: Vec<(&str, &str)> = revocation
            .iter()
            .map(|&(name, value)| (name, if name == "public_key" { key.as_str() } else { value }))
            .collect();
        scene.rights(Kind::RightsRevoked, &of_key);
        scene.refused(kind, &note, "has no right to sign it");
        scene.verifies();
        if n == 0 {
            scene.grant("cpo-1", "개인정보 보호책임자", NO, &key);
            scene.enter(kind, &note).exits(0);
        }
    }
    let scene = Scene::new();
    scene.holder("cpo-1", "개인정보 보호책임자");
    let to = [("account", "cpo-1"), ("management_no", NO), ("role", "이용자")];
    scene.rights(Kind::RightsChanged, &to);
    scene.refused(kind, &scene.signed(kind, &other(1), "cpo-1"), "is of another role");
}

#[test]
fn a_text_that_was_changed_after_it_was_signed_is_refused() {
    let scene = Scene::new();
    scene.holder("cpo-1", "개인정보 보호책임자");
    let kind = Kind::PlanApproved;
    let mut plan = body(kind);
    plan.insert("pipeline_sha256".into(), json!("a".repeat(64)));
    let note = scene.signed(kind, &plan, "cpo-1");
    // Every word of it.
    for (from, to) in [("\"적정\"", "\"부적정\""), ("2026-11-22", "2026-11-23"), (NO, "26-01 ")]
    {
        let changed = note.replacen(from, to, 1);
        assert_ne!(changed, note, "{from}");
        let why = if from == NO { "has no right" } else { "signature does not verify" };
        scene.refused(kind, &changed, why);
    }
    // For another digest: what was approved was another plan.
    let other = note.replace(&"a".repeat(64), &"b".repeat(64));
    scene.refused(kind, &other, "signature does not verify");
    // In no canonical form, or with something added.
    for changed in [
        note.replacen("pipeline = ", "pipeline =  ", 1),
        note.replacen("\nreason", "\nreason = \"x\"\nreason", 1),
        note.replacen("kind = ", " kind = ", 1),
        note.replacen("\n\n", "\n\n\n", 1),
        note.trim_end().to_owned(),
    ] {
        assert_ne!(changed, note);
        scene.enter(kind, &changed).exits(1);
    }
    // Signatures of another text.
    let mut second = plan.clone();
    second.insert("reason".into(), json!("다른 이유"));
    let second = scene.signed(kind, &second, "cpo-1");
    let text = note.split("\n\n").next().unwrap();
    let mixed = format!("{text}\n\n{}", second.split("\n\n").nth(1).unwrap());
    scene.refused(kind, &mixed, "signature does not verify");
    // For another ledger.
    let elsewhere = note.replace("seongnam-library", "seongnam-welfare");
    scene.refused(kind, &elsewhere, "says something else than the record");
    scene.enter(Kind::RetentionApproved, &note).exits(2);
    scene.enter(kind, &note).exits(0);
    // And once.
    scene.refused(kind, &note, "has the same text already");
    scene.verifies();
}

#[test]
fn a_record_whose_items_say_other_than_its_text_is_found() {
    let scene = Scene::new();
    scene.holder("cpo-1", "개인정보 보호책임자");
    let kind = Kind::PlanApproved;
    let note = scene.signed(kind, &body(kind), "cpo-1");
    let sound = Approval::read(note.as_bytes()).unwrap().body;
    let says = "says something else than the record";
    for item in items::of(kind).items.iter().filter(|item| item.need == Need::Always) {
        let mut body = sound.clone();
        let other = match item.key {
            "pipeline_sha256" => json!("f".repeat(64)),
            "result" => json!("부적정"),
            "approved_on" => json!("2026-11-23"),
            "approver" => json!({"post": "other"}),
            _ => json!("other"),
        };
        body.insert(item.key.to_owned(), other);
        scene.found(kind, &body, says);
    }
    let mut more = sound.clone();
    more.insert("more".into(), json!("more"));
    scene.found(kind, &more, says);
    let mut less = sound.clone();
    less.insert("signatures".into(), json!(["— cpo-1 AAAA"]));
    scene.found(kind, &less, "not in the form");
    let mut as_another = sound.clone();
    as_another.insert("text".into(), json!(["gamyeong approval v1"]));
    scene.found(kind, &as_another, says);
}

#[test]
fn a_review_by_several_is_signed_by_each() {
    let scene = Scene::new();
    let kind = Kind::AdequacyReview;
    let mut review = body(kind);
    review.insert("grade".into(), json!("중위험"));
    review.insert("reviewers".into(), json!([{"post": "개인정보 담당"}, {"post": "통계 전문가"}]));
    for name in ["reviewer-1", "reviewer-2"] {
        scene.holder(name, "검토자");
    }
    let first = scene.signed(kind, &review, "reviewer-1");
    scene.refused(kind, &first, "signed by 1, and 2 have reviewed");
    let file = scene.path("first.note");
    put(&file, first.as_bytes());
    scene.sign(kind, &file, "reviewer-1").exits(1);
    // A second key of the same account is no second person.
    let spare = scene.key("spare");
    scene.grant("reviewer-1", "검토자", NO, &spare);
    let twice = scene.sign(kind, &file, "spare").exits(0).out;
    scene.refused(kind, &twice, "signed by 1, and 2 have reviewed");
    let both = scene.sign(kind, &file, "reviewer-2").exits(0).out;
    assert!(both.starts_with(first.trim_end()), "{both}");
    let said = scene.enter(kind, &both).exits(0);
    assert!(said.out.contains("signed by 2"), "{}", said.out);
    scene.verifies();
}

#[test]
fn what_lacks_an_item_or_is_no_approval_is_not_signed() {
    let scene = Scene::new();
    scene.holder("cpo-1", "개인정보 보호책임자");
    let file = scene.path("items.toml");
    let mut lacking = body(Kind::PlanApproved);
    lacking.remove("result");
    put(&file, toml(&lacking).as_bytes());
    scene.sign(Kind::PlanApproved, &file, "cpo-1").exits(3);
    put(&file, toml(&body(Kind::PlanApproved)).as_bytes());
    scene.sign(Kind::Access, &file, "cpo-1").exits(2);
    // Without a house, somebody has to say whose ledger it is for.
    let mut command = gamyeong();
    command.args(["approve", "sign", "plan.approved", "--file"]).arg(&file).arg("--key");
    command.arg(scene.path("cpo-1.key")).current_dir("/");
    Said::from(command.output().unwrap()).exits(3);
    // Rights are not given to what is no key.
    let mut rights = example::body(Kind::RightsGranted);
    rights.insert("public_key".into(), json!("cpo-1+00000000+AAAA"));
    let said = scene.house.enter("rights.granted", &toml(&rights)).exits(3);
    assert!(said.err.contains("no Ed25519 key"), "{}", said.err);
}

/// Who signs reads first: what is to be signed is there though nothing is signed then.
#[test]
fn what_is_signed_is_shown_before_it_is_signed() {
    let scene = Scene::new();
    scene.key("cpo-1");
    let kind = Kind::PlanApproved;
    let note = scene.signed(kind, &body(kind), "cpo-1");
    let file = scene.path("plan.note");
    put(&file, note.as_bytes());
    // The same key, once more.
    let said = scene.sign(kind, &file, "cpo-1").exits(1);
    let (text, _) = note.split_once("\n\n").unwrap();
    assert_eq!(said.out, format!("{text}\n"));
}

/// A signed approval unblocks a changed plan. Rights are given by number: an approval of another
/// number is of another processing. Where somebody has a key to sign with, paper unblocks nothing.
#[test]
fn an_approval_counts_for_its_number_and_signed_where_there_is_a_key() {
    let scene = Scene::new();
    let house = &scene.house;
    house.put("logs/access-2026-11-20.log", crate::house::log(12, 240));
    house.run(&[]).exits(0);
    house.edit("pipelines/visits.toml", "k_min = 3", "k_min = 4");
    let digest = House::unapproved(&house.run(&[]).exits(1));
    let plan = |number: &str, result: &str| {
        let mut plan = body(Kind::PlanApproved);
        for (key, value) in [
            ("pipeline", "visits"),
            ("pipeline_sha256", digest.as_str()),
            ("management_no", number),
            ("result", result),
        ] {
            plan.insert(key.into(), json!(value));
        }
        plan
    };
    // Of somebody who has rights for another number only.
    let key = scene.key("reviewer-2");
    scene.grant("reviewer-2", "검토자", "26-02", &key);
    let note = scene.signed(Kind::PlanApproved, &plan("26-02", "적정"), "reviewer-2");
    scene.enter(Kind::PlanApproved, &note).exits(0);
    house.run(&[]).exits(1);
    // A user's key is none to approve with, so that paper counts still; a reviewer's is.
    let paper = house.copied();
    scene.holder("user-1", "이용자");
    scene.holder("cpo-1", "개인정보 보호책임자");
    scene.enter(Kind::PlanApproved, &toml(&plan(NO, "적정"))).exits(0);
    let said = house.run(&[]).exits(1);
    assert!(said.err.contains("signed (`gamyeong approve sign`)"), "{}", said.err);
    let note = scene.signed(Kind::PlanApproved, &plan(NO, "부적정"), "cpo-1");
    scene.enter(Kind::PlanApproved, &note).exits(0);
    house.run(&[]).exits(1);
    let note = scene.signed(Kind::PlanApproved, &plan(NO, "조건부 승인"), "cpo-1");
    // Signed, and not entered yet.
    house.run(&[]).exits(1);
    scene.enter(Kind::PlanApproved, &note).exits(0);
    house.run(&[]).exits(0);
    house.verify();
    // On paper before there was a key: it stays what it was.
    paper.enter("plan.approved", &toml(&plan(NO, "적정"))).exits(0);
    let later = Scene { house: paper, elsewhere: tempfile::tempdir().unwrap() };
    later.holder("cpo-1", "개인정보 보호책임자");
    later.house.run(&[]).exits(0);
    later.house.verify();
}
