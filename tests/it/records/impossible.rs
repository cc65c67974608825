//! What a person enters and what cannot be: addresses of no machine, days the wrong way round,
//! the same rights twice, a processing that nobody knows.

use gamyeong::ledger::record::Kind;
use serde_json::json;

use super::entered::{body, enters, refuses, toml};
use crate::approvals::{Scene, body as numbered};
use crate::house::House;

#[test]
fn the_address_of_a_holder_is_one() {
    let house = House::new();
    let grant = |account: &str, ip: &str| json!({"account": account, "holder_ip": ip});
    for ip in
        ["not an ip", "192.0.2", "192.0.2.7/33", "192.0.2.7 192.0.2.8", "192.0.2.7,", "캠퍼스"]
    {
        refuses(&house, Kind::RightsGranted, &grant("a", ip), "holder_ip", "no IP address");
    }
    let good = ["192.0.2.7", "192.0.2.0/24", "2001:db8::1", "192.0.2.7, 2001:db8::/32"];
    for (account, ip) in ["a", "b", "c", "d"].into_iter().zip(good) {
        enters(&house, Kind::RightsGranted, &grant(account, ip));
    }
    let changed = grant("a", "not an ip");
    refuses(&house, Kind::RightsChanged, &changed, "holder_ip", "no IP address");
    house.verify();
}

#[test]
fn what_comes_first_is_not_after_what_follows_it() {
    let house = House::new();
    let grant = json!({"account": "a", "requested_on": "2026-11-01", "granted_on": "2026-11-01"});
    enters(&house, Kind::RightsGranted, &grant);
    for (kind, first, second) in [
        (Kind::RightsGranted, "requested_on", "granted_on"),
        (Kind::RightsChanged, "requested_on", "changed_on"),
        (Kind::RetentionRequested, "created_on", "requested_on"),
        (Kind::Provision, "period_start", "period_end"),
    ] {
        let turned = json!({"account": "a", first: "2026-11-21", second: "2026-11-20"});
        let mut turned = turned.as_object().unwrap().clone();
        turned.retain(|key, _| body(kind, &json!({})).contains_key(key));
        let why = format!("before `{first}`");
        refuses(&house, kind, &json!(turned), second, &why);
        turned.insert(first.to_owned(), json!("2026-11-20"));
        if kind != Kind::RightsGranted {
            enters(&house, kind, &json!(turned));
        }
    }
    // By the clock where there are two, however they are written.
    let known = |at: &str| json!({"known_at": "2026-11-20T09:00:00+09:00", "reported_at": at});
    let (kind, item) = (Kind::Incident, "reported_at");
    refuses(&house, kind, &known("2026-11-19T23:59:59Z"), item, "before `known_at`");
    enters(&house, kind, &known("2026-11-20T00:00:00Z"));
    // By the institution's day where there is one: 15:00 of London is midnight in Korea.
    let made = |at: &str| json!({"created_on": "2026-11-20", "destroyed_at": at});
    let (kind, item) = (Kind::DataDestroyed, "destroyed_at");
    refuses(&house, kind, &made("2026-11-19T14:59:59Z"), item, "before `created_on`");
    enters(&house, kind, &made("2026-11-19T15:00:00Z"));
    house.verify();
}

#[test]
fn what_is_destroyed_was_requested_and_approved_before() {
    let house = House::new();
    let on = |day: &str| json!({"requested_on": day, "created_on": "2026-11-01"});
    let request = enters(&house, Kind::RetentionRequested, &on("2026-11-10"));
    let approve = |day: &str| json!({"request": request, "approved_on": day});
    let kind = Kind::RetentionApproved;
    let why = format!("before `requested_on` of record {request}");
    refuses(&house, kind, &approve("2026-11-09"), "approved_on", &why);
    let done = |at: &str| json!({"request": request, "destroyed_at": at});
    let early = done("2026-11-09T10:00:00+09:00");
    refuses(&house, Kind::RetentionDone, &early, "destroyed_at", &why);
    let approval = enters(&house, kind, &approve("2026-11-12"));
    let why = format!("before `approved_on` of record {approval}");
    let early = done("2026-11-11T10:00:00+09:00");
    refuses(&house, Kind::RetentionDone, &early, "destroyed_at", &why);
    let destroyed =
        |at: &str| json!({"approval": approval, "created_on": "2026-11-01", "destroyed_at": at});
    let early = destroyed("2026-11-11T10:00:00+09:00");
    refuses(&house, Kind::DataDestroyed, &early, "destroyed_at", &why);
    enters(&house, Kind::DataDestroyed, &destroyed("2026-11-12T10:00:00+09:00"));
    enters(&house, Kind::RetentionDone, &done("2026-11-12T10:00:00+09:00"));
    house.verify();
}

#[test]
fn rights_are_not_changed_or_revoked_before_they_are_granted() {
    let house = House::new();
    let granted = json!({"account": "a", "requested_on": "2026-11-10", "granted_on": "2026-11-10"});
    let grant = enters(&house, Kind::RightsGranted, &granted);
    let why = format!("before `granted_on` of record {grant}");
    for (kind, item) in [(Kind::RightsChanged, "changed_on"), (Kind::RightsRevoked, "revoked_on")] {
        let mut changes = json!({"account": "a", item: "2026-11-09"});
        if kind == Kind::RightsChanged {
            changes["requested_on"] = json!("2026-11-01");
        }
        refuses(&house, kind, &changes, item, &why);
        changes[item] = json!("2026-11-10");
        enters(&house, kind, &changes);
    }
}

#[test]
fn rights_that_are_in_force_are_not_granted_again() {
    let house = House::new();
    let kind = Kind::RightsGranted;
    let of = |scope: &[&str]| json!({"account": "a", "scope": scope});
    let both = of(&["생성", "조회"]);
    let grant = enters(&house, kind, &both);
    let why = format!("record {grant} grants the same rights");
    for again in [both.clone(), of(&["조회", "생성"])] {
        refuses(&house, kind, &again, "account", &why);
    }
    // Other rights, or of another place.
    enters(&house, kind, &of(&["조회"]));
    for (key, value) in
        [("account", "b"), ("management_no", "26-02"), ("role", "감사"), ("holder_ip", "192.0.2.8")]
    {
        let mut other = both.clone();
        other[key] = json!(value);
        enters(&house, kind, &other);
        refuses(&house, kind, &other, "account", "grants the same rights");
    }
    refuses(&house, kind, &both, "account", &why);
    for ended in [Kind::RightsRevoked, Kind::RightsChanged] {
        enters(&house, ended, &json!({"account": "a"}));
        enters(&house, kind, &both);
        refuses(&house, kind, &both, "account", "grants the same rights");
    }
    house.verify();
}

/// Kinds that tell of a processing, and what it is called by.
const OF_PROCESSING: [Kind; 5] = [
    Kind::Provision,
    Kind::Incident,
    Kind::RetentionRequested,
    Kind::DataDestroyed,
    Kind::AdditionalDestroyed,
];

#[test]
fn what_is_told_of_is_a_processing_that_records_know() {
    let house = super::night();
    house.run(&[]).exits(0);
    let named =
        |pipeline: &str, number: &str| json!({"pipeline": pipeline, "management_no": number});
    for kind in OF_PROCESSING {
        let why = "no earlier record names this one";
        refuses(&house, kind, &named("nothing", "26-01"), "pipeline", why);
        refuses(&house, kind, &named("visits", "99-99"), "management_no", why);
        enters(&house, kind, &named("visits", "26-01"));
    }
    // An incident may be of none.
    let mut of_none = body(Kind::Incident, &json!({}));
    enters(&house, Kind::Incident, &named("", ""));
    for key in ["pipeline", "management_no"] {
        of_none.remove(key);
    }
    house.enter("incident", &toml(&of_none)).exits(0);
    // What is on paper alone is reviewed before it is handed on, and so it is known.
    enters(&house, Kind::RiskReview, &named("종이대장", "26-07"));
    for kind in OF_PROCESSING {
        enters(&house, kind, &named("종이대장", "26-07"));
    }
    house.verify();
}

/// A ledger that only people write in has nothing to compare them with.
#[test]
fn where_nothing_ran_and_nothing_was_planned_any_processing_may_be_told_of() {
    let house = House::new();
    for kind in OF_PROCESSING {
        let of = json!({"pipeline": kind.as_str(), "management_no": kind.as_str()});
        enters(&house, kind, &of);
    }
}

/// What was signed is asked the same.
#[test]
fn a_signed_approval_is_not_of_before_its_request() {
    let scene = Scene::new();
    scene.holder("cpo-1", "개인정보 보호책임자");
    let kind = Kind::RetentionApproved;
    let mut early = numbered(kind);
    early.insert("approved_on".to_owned(), json!("2026-11-21"));
    let note = scene.signed(kind, &early, "cpo-1");
    let said = scene.enter(kind, &note).exits(3);
    assert!(said.err.contains("`approved_on`: before `requested_on`"), "{}", said.err);
    scene.enter(kind, &scene.signed(kind, &numbered(kind), "cpo-1")).exits(0);
}
