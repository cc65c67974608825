//! What a pipeline may not ask for, and what it is told.

use super::{Night, pipeline};
use crate::house::House;

/// Fields of the pipeline, and what `check` says.
#[track_caller]
fn refused(cases: &[(&str, &str)]) {
    let night = Night::new("", "");
    for (fields, message) in cases {
        night.house.put("pipelines/loans.toml", pipeline("", fields));
        night.refused(message);
    }
}

const OPE: &str = "order-preserving encryption (순서보존 암호화) shows the order of all values";
const FPE: &str = "format-preserving encryption (형태보존 암호화) is broken as FF3";
const HOMOMORPHIC: &str = "homomorphic encryption (동형 암호화) gives ciphertexts to compute with";

#[test]
fn techniques_that_are_not_offered_are_refused_by_name() {
    refused(&[
        ("fee = { ope = true }", "`ope` is refused: order-preserving encryption"),
        ("fee = { ope = { key = 1 } }", OPE),
        ("fee = { fpe = true }", "`fpe` is refused: format-preserving encryption"),
        ("fee = { homomorphic = true }", "`homomorphic` is refused: homomorphic encryption"),
        ("fee = { hash = true }", "`hash` is refused: a bare hash hides nothing"),
        // Also beside one that would do.
        ("fee = { keep = \"integer\", ope = true }", OPE),
    ]);
}

/// The names are no keys.
#[test]
fn other_names_of_them_say_why_as_well() {
    for (names, why) in [
        (&["ff1", "ff3", "FF3", "ff3-1", "ff3_1", "format_preserving"][..], FPE),
        (&["he", "fhe", "phe", "HE"], HOMOMORPHIC),
        (&["ore", "OPE", "order_preserving"], OPE),
        (&["sha256", "sha512", "md5"], "a bare hash hides nothing"),
    ] {
        for name in names {
            let message = format!("`{name}` is refused: {why}");
            refused(&[
                (&format!("fee = {{ \"{name}\" = true }}"), &message),
                (&format!("fee = {{ {name} = {{ tweak = \"x\" }} }}"), &message),
                // As the whole rule.
                (&format!("fee = \"{name}\""), &message),
            ]);
        }
    }
}

/// Of thirty names nobody should have to look for the one.
#[test]
fn a_name_that_is_nearly_right_is_asked_for() {
    refused(&[
        (
            "fee = { pseudonim = { domain = \"x\" } }",
            "unknown key `pseudonim` (`pseudonym` meant?)",
        ),
        ("fee = { keep = \"interger\" }", "found `interger` (`integer` meant?)"),
        ("fee = { heap = 1 }", "unknown key `heap`"),
        ("fee = { xyz = 1 }", "unknown key `xyz`, expected one of"),
        // Found by a review: what begins like the name of a hash was called one.
        ("fee = { noise = { spread = 1 }, shape = \"laplace\" }", "unknown key `shape`"),
        // None of those that are refused is on the list.
        ("fee = { heap = 1 }", "`permute`, `label`\n"),
        ("fee = { heap = 1 }", "hint: `gamyeong schema` prints"),
    ]);
}

#[test]
fn a_rule_has_one_technique_fit_for_its_field() {
    refused(&[
        (
            "fee = { keep = \"integer\", range = { width = 10 } }",
            "exactly one technique expected for `fee`, found 2",
        ),
        ("fee = { as = \"x\" }", "exactly one technique expected for `fee`, found 0"),
        (
            "fee = { rare = { persons_min = 3 } }",
            "exactly one technique expected for `fee`, found 0",
        ),
        (
            "ip = { seal = { domain = \"ip\" } }",
            "`seal` can be undone by whoever has the key: say in `reason` why that is needed",
        ),
        ("ip = { seal = { domain = \"ip\" }, reason = \"  \" }", "say in `reason`"),
        ("ip = { partial = { first = 3 } }", "`partial` is not for field `ip`"),
        ("ip = { mask = { from = 1, to = 3 } }", "`mask` is not for field `ip`"),
        ("mac = { mask = { from = 1, to = 3 } }", "`mask` is not for field `mac`"),
        (
            "when = { as = \"t\", mask = { from = 1, to = 3 } }\ntime = { mask = { from = 1, to = 3 } }",
            "`mask` is not for field `time`",
        ),
        (
            "fee = { preserve = { domain = \"ip\" } }",
            "`preserve` is not for field `fee`, which is no IP address",
        ),
        (
            "fee = { prefix = { v4 = 8, v6 = 32 } }",
            "`prefix` is not for field `fee`, which is no IP address",
        ),
        ("fee = { mac = \"vendor\" }", "`mac` is not for field `fee`, which is no MAC address"),
        ("ip = { round = \"1h\" }", "`round` is not for field `ip`, which is no time"),
        ("size = { weekday = \"name\" }", "`weekday` is not for field `size`, which is no time"),
        (
            "referer = { noise = { spread = 3, shape = \"uniform\" } }",
            "`noise` is not for field `referer`",
        ),
        ("agent = { range = { bounds = [1, 2] } }", "`range` is not for field `agent`"),
        ("ip = { noise = { spread = 3, shape = \"uniform\" } }", "`noise` is not for field `ip`"),
        ("\"성명\" = \"keep\"", "`성명` identifies a person and cannot be kept; use `pseudonym`"),
        (
            "ip = { site = \"domain\" }",
            "`site` is not for field `ip`, which is no address of a page",
        ),
    ]);
}

#[test]
fn what_is_done_besides_must_be_possible() {
    let rare = "rare = { persons_min = 3 }";
    refused(&[
        (&format!("fee = {{ keep = \"integer\", {rare} }}"), "`rare` is for texts, not for `keep`"),
        (&format!("when = {{ round = \"1h\", {rare} }}"), "`rare` is for texts, not for `round`"),
        (
            &format!("ip = {{ pseudonym = {{ domain = \"ip\" }}, {rare} }}"),
            "`rare` is for texts, not for `pseudonym`",
        ),
        (
            "ip = { pseudonym = { domain = \"ip\" }, permute = true }",
            "`permute` is not for `pseudonym`: pseudonyms keep their rows",
        ),
        ("fee = { keep = \"text\", rare = { persons_min = 1 } }", "must be 2 or more"),
    ]);
    // Found by these tests: both were promises that changing places broke.
    refused(&[
        (
            "fee = { round_number = { unit = 10, how = \"controlled\", margins = \"branch\" }, permute = true }",
            "`permute` is not for `round_number`: the sums of its groups would not stay",
        ),
        (
            "when = { shift = { weeks = 8, keep = \"term\", terms = [\"03-01\"] }, permute = true }",
            "`permute` is not for `shift`: times would leave their terms",
        ),
    ]);
}

#[test]
fn margins_are_another_column_that_is_there_first() {
    let rule = |margins: &str| {
        format!(
            "fee = {{ round_number = {{ unit = 10, how = \"controlled\", margins = \"{margins}\" }} }}"
        )
    };
    let message = |margins: &str| {
        format!(
            "`margins` of `fee` must name a column that does not need all values first, found `{margins}`"
        )
    };
    refused(&[
        (&rule("none"), &message("none")),
        // Held itself, or by what is done besides.
        (&rule("fee"), &message("fee")),
        (
            &format!("{}\nip = {{ as = \"n\", serial = {{ domain = \"ip\" }} }}", rule("n")),
            &message("n"),
        ),
        (
            &format!(
                "{}\ngenre = {{ keep = \"text\", rare = {{ persons_min = 3 }} }}",
                rule("genre")
            ),
            &message("genre"),
        ),
        (
            &format!("{}\ngenre = {{ keep = \"text\", permute = true }}", rule("genre")),
            &message("genre"),
        ),
        ("fee = { round_number = { unit = 10, how = \"controlled\" } }", "`margins` is missing"),
        (
            "fee = { round_number = { unit = 10, how = \"up\", margins = \"branch\" } }",
            "`margins` is given",
        ),
    ]);
    let night = Night::new("drop_rows = { branch = { values = [\"중앙\"] } }", &rule("branch"));
    night.refused(&message("branch"));
}

#[test]
fn rows_go_by_what_is_made_of_them_alone() {
    let message = |column: &str| format!("rows cannot go by column `{column}`");
    for (drop, fields, column) in [
        ("fee = { values = [\"1\"] }", "fee = { keep = \"integer\" }", "fee"),
        ("genre = { below = 1 }", "genre = \"keep\"", "genre"),
        ("genre = { values = [\"시\"], above = 1 }", "genre = \"keep\"", "genre"),
        ("genre = {}", "genre = \"keep\"", "genre"),
        ("when = { values = [\"x\"] }", "when = { round = \"1h\" }", "when"),
        ("reader = { values = [\"x\"] }", "", "reader"),
        ("n = { above = 3 }", "ip = { as = \"n\", serial = { domain = \"ip\" } }", "n"),
        // Found by these tests: nothing went, and nobody was told.
        (
            "vendor = { values = [\"Apple, Inc.\"] }",
            "mac = { as = \"vendor\", mac = \"vendor\" }",
            "vendor",
        ),
        (
            "page = { values = [\"/admin/*\"] }",
            "page = { path = { learn = { persons_min = 3 } } }",
            "page",
        ),
    ] {
        let night = Night::new(&format!("drop_rows = {{ {drop} }}"), fields);
        night.refused(&message(column));
    }
    let night = Night::new("drop_rows = { none = { above = 1 } }", "");
    night.refused("`none` is not a column of source `loans`, which has `reader`, `branch`");
    let night = Night::new("sample = { one_in = 1 }", "");
    night.refused("sample is one in 1, must be 2 or more");
}

#[test]
fn networks_do_not_contradict_each_other() {
    let class = |networks: &str| format!("ip = {{ class = {{ networks = {{ {networks} }} }} }}");
    refused(&[
        (
            &class("a = [\"10.1.0.0/16\"], b = [\"10.1.0.0/16\"]"),
            "networks: network `10.1.0.0/16` stands twice, in class `a` and in class `b`",
        ),
        (&class("a = [\"10.1.2.0/16\"]"), "network `10.1.2.0/16` has bits after its prefix"),
        (&class("a = [\"10.1.0.0/33\"]"), "network `10.1.0.0/33` has more than 32 bits"),
        (&class("a = [\"10.1.0.0\"]"), "network `10.1.0.0` not understood"),
    ]);
}

#[test]
fn secrets_pictures_and_proofs_of_identity_are_never_read() {
    let message = |name: &str| {
        format!(
            "field `{name}` is a password, picture, resident number or identity-verification value: never read, not even if listed"
        )
    };
    let names = [
        "password",
        "비밀번호",
        "카드 비밀번호",
        "user_pw",
        "PIN",
        "pin번호",
        "photo",
        "이용자사진",
        "본인인증값",
        "본인인증",
        "CI",
        "DI",
        "주민등록번호",
        "외국인등록번호",
        "지문",
        "OTP",
    ];
    let night = Night::new("", "");
    for rule in [
        "\"keep\"",
        "\"drop\"",
        "{ pseudonym = { domain = \"x\" } }",
        "{ partial = { first = 1 } }",
    ] {
        let fields = names.map(|name| format!("\"{name}\" = {rule}")).join("\n");
        night.house.put("pipelines/loans.toml", pipeline("", &fields));
        night.refused_for(&names.map(message));
    }
    // Nor as the name of what comes out, or as a parameter of a query.
    let columns = names.map(|name| format!("{{ as = \"{name}\", keep = \"integer\" }}")).join(", ");
    let queries =
        names.map(|name| format!("{{ as = \"{name}-q\", query = [\"{name}\"] }}")).join(", ");
    let fields = format!("fee = [{columns}]\npage = [{queries}]");
    night.house.put("pipelines/loans.toml", pipeline("", &fields));
    night.refused_for(&names.map(message));
    night.refused_for(&names.map(|name| message(&format!("page?{name}"))));
}

/// Found by these tests: that no variant of an enum fits was all that was said.
#[test]
fn a_setting_that_makes_no_sense_says_why_at_its_place() {
    refused(&[
        (
            "fee = { noise = { spread = 0, shape = \"uniform\" } }",
            "19:17: spread is 0, must be from 1 to 10^15",
        ),
        ("fee = [{ range = { width = 1 } }]", "19:28: unit or width is 1, must be from 2 to 10^15"),
        (
            "fee = { range = { width = 5, bounds = [1] } }",
            "19:17: range needs either `width` or `bounds`",
        ),
        ("fee = { coding = {} }", "19:18: coding needs `bottom` or `top`"),
        (
            "fee = { coding = { top = { percentile = 101 } } }",
            "percentile is 101, must be from 0.1 to 99.9",
        ),
        ("fee = { microaggregate = { k = 1 } }", "rows are 1, must be from 2 to 1,000"),
        ("when = { shift = { weeks = 60 } }", "weeks are 60, must be from 1 to 52"),
        ("when = { hour_band = { bounds = [9, 6] } }", "hours must ascend, 6 follows 9"),
        ("mac = { mac = { vendor = { devices_min = 1 } } }", "must be 2 or more"),
        (
            "page = { path = { learn = { persons_min = 1 } } }",
            "`persons_min` is 1, must be 2 to 1000",
        ),
        ("words = { partial = { first = 0 } }", "`first` is 0, must be 1 to 10000"),
        ("words = { mask = { from = 5, to = 2 } }", "`to` is 2, must be 5 (`from`) to 10000"),
    ]);
}

/// All that is wrong is said at once, each at its place.
#[test]
fn everything_is_said_at_once() {
    let night = Night::new(
        "",
        "fee = { keep = \"integer\", range = { bounds = [1, 2] } }\nage = { keep = \"integer\", rare = { persons_min = 2 } }\nip = { seal = { domain = \"ip\" } }",
    );
    night.refused_for(&[
        "error: 3 faults in the configuration",
        "loans.toml:19:7: exactly one technique expected for `fee`, found 2",
        "loans.toml:20:7: `rare` is for texts",
        "loans.toml:21:6: `seal` can be undone",
    ]);
}

/// A house, and a table in it, of which nothing is read.
#[test]
fn a_run_is_refused_before_a_line_is_read() {
    let house: House = Night::new("", "fee = { fpe = true }").house;
    house.put("tables/loans-2026-11-20.csv", "no header\n");
    let path = house.path("pipelines/loans.toml");
    let said = house.say(&["run", path.to_str().unwrap(), "--date", "2026-11-20"]).exits(3);
    assert!(said.err.contains(FPE), "{}", said.err);
    house.holds_no_output();
}
