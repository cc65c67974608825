//! The same cases in a browser: one session, and the verifier of the page called with the
//! files themselves. Opening a page for each would take a day.

use data_encoding::HEXLOWER;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::cases::{self, Case};
use super::world::World;
use crate::house::House;
use crate::page::browser::Browser;
use crate::page::page_of;

/// Cases that go to the browser at a time.
const AT_ONCE: usize = 100;

/// Has the page judge every case, and compares; false if there is no browser.
pub(super) fn says_the_same(world: &World, cases: &[Case], judged: &[String]) -> bool {
    let Some(browser) = Browser::start() else { return false };
    browser.open(&page_of(&House::new(), &[]));
    browser.run(include_str!("harness.js"));
    let files = world.files.iter().filter(|(name, _)| !name.ends_with('/'));
    let files: Vec<Value> = files
        .map(|(file, bytes)| json!({"file": file, "text": String::from_utf8_lossy(bytes)}))
        .collect();
    let trusted = String::from_utf8(world.files["keys.txt"].clone()).unwrap();
    let witness = world.vouched.key.to_string();
    browser.run_with("beginWith(...arguments)", &json!([files, trusted, witness]));
    for (cases, judged) in cases.chunks(AT_ONCE).zip(judged.chunks(AT_ONCE)) {
        let values: Vec<Value> = cases.iter().map(cases::value).collect();
        let later = "const [cases, done] = arguments;
            judgeAll(cases).then(done, (error) => done(String(error.stack)))";
        let said = browser.run_later(later, &json!([values]));
        assert!(said.is_array(), "{said:#}");
        let said = said.as_array().unwrap();
        for ((case, told), digest) in cases.iter().zip(judged).zip(said) {
            if *digest != json!(HEXLOWER.encode(&Sha256::digest(told))) {
                let later = "const [one, done] = arguments; judgeOne(one).then(done)";
                let page = browser.run_later(later, &json!([cases::value(case)]));
                assert_eq!(page.as_str().unwrap(), told, "{}", case.name);
            }
        }
    }
    true
}
