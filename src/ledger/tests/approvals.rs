//! What is signed: one text for each body, and no two bodies with the same.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::super::approvals::{Approval, Approvals, Refusal, lines};
use super::super::record::Kind;

fn texts() -> impl Strategy<Value = String> {
    "[^\\p{Cc}]{0,12}"
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (0u64..1 << 53).prop_map(Value::from),
        texts().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((texts(), inner), 0..4)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

fn bodies() -> impl Strategy<Value = Map<String, Value>> {
    prop::collection::btree_map("[a-z_]{1,8}", values(), 0..6).prop_map(|pairs| {
        let is_apart = |key: &str| ["text", "signatures"].contains(&key);
        pairs.into_iter().filter(|(key, _)| !is_apart(key)).collect()
    })
}

fn note(kind: Kind, body: &Map<String, Value>) -> String {
    format!("{}\n\n— a AAAAAAA=\n", lines(kind, "library", body).join("\n"))
}

proptest! {
    #[test]
    fn what_was_signed_is_read_back_as_it_was(body in bodies()) {
        let found = Approval::read(note(Kind::PlanApproved, &body).as_bytes()).unwrap();
        prop_assert_eq!((found.kind, found.controller.as_str()), (Kind::PlanApproved, "library"));
        let mut read = found.body;
        prop_assert_eq!(read.remove("signatures"), Some(json!(["— a AAAAAAA="])));
        read.remove("text");
        prop_assert_eq!(Value::Object(read), Value::Object(body));
    }

    #[test]
    fn the_order_of_keys_is_not_signed_and_all_else_is(body in bodies(), other in bodies()) {
        let backwards: Map<String, Value> = body.clone().into_iter().rev().collect();
        let of = |body: &Map<String, Value>| lines(Kind::RiskReview, "library", body);
        prop_assert_eq!(of(&body), of(&backwards));
        prop_assert_eq!(of(&body) == of(&other), Value::Object(body.clone()) == Value::Object(other));
        prop_assert_ne!(of(&body), lines(Kind::RiskReview, "welfare", &body));
        prop_assert_ne!(of(&body), lines(Kind::PlanApproved, "library", &body));
    }

    #[test]
    fn any_bytes_have_an_answer(text in "(gamyeong approval v1\n)?\\PC{0,40}(\n\\PC{0,40}){0,6}") {
        let _ = Approval::read(text.as_bytes());
    }
}

#[test]
fn a_ledger_that_says_not_whose_it_is_has_no_signed_approval() {
    let mut body = json!({"result": "적정"}).as_object().unwrap().clone();
    let judge = |body: &Map<String, Value>| Approvals::default().judge(Kind::PlanApproved, body);
    assert!(matches!(judge(&body), Some(Ok(_))), "on paper");
    body.insert("text".into(), json!(["gamyeong approval v1"]));
    assert_eq!(judge(&body), Some(Err(Refusal::Controller)));
    assert_eq!(Approvals::default().judge(Kind::Access, &body), None);
}
