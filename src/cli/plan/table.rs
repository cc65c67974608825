//! A table of a plan in; what is asked of it and what would become of its lines, in
//! words, out.

use std::io;

use serde_json::Value;

use super::columns;
use super::lay::lines;
use crate::assess::leak::Leak;
use crate::assess::settings::percent;
use crate::assess::{self, Shortfall};
use crate::cli::language::Language;
use crate::cli::run::grouped;
use crate::cli::told::kind_of;
use crate::error::Error;
use crate::pipeline::plan::{self, Column, Table};

/// Names that are shown of what is not listed.
const NAMES: usize = 12;

/// Writes all of it.
pub(super) fn write(table: &Table, language: Language, out: &mut impl io::Write) -> io::Result<()> {
    let mut words = vec![counts(table, language), collected(&table.said, language)];
    if let Some(error) = &table.refused {
        words.push(refused(error, table, language));
    }
    words.extend(risk(table, language));
    words.push(thresholds(table, language));
    words.extend(values(table, language));
    words.extend(subjects(table, language));
    words.extend(left_out(table, language));
    words.extend(rows(table, language));
    words.extend(table.columns.iter().filter_map(|column| warning(column, language)));
    for (index, words) in words.iter().enumerate() {
        write!(out, "{}", lines(words, if index == 0 { 0 } else { 2 }))?;
    }
    columns::write(&table.columns, language, out)?;
    columns::write_shares(&table.columns, language, out)
}

fn counts(table: &Table, language: Language) -> String {
    let count =
        |key: &str| table.counts.get(key).copied().flatten().map_or("-".to_owned(), grouped);
    let [lines, rows, suppressed] = ["lines", "rows", "suppressed"].map(count);
    let [excluded, rejected, blank] = ["excluded", "rejected", "blank"].map(count);
    let name = &table.name;
    match language {
        Language::Ko => {
            let unit = if rows == "-" { "" } else { "행" };
            format!(
                "{name}: {lines}행 → {rows}{unit}; 삭제 {suppressed}, 제외 {excluded}, 해석 불가 {rejected}, 빈 행 {blank}"
            )
        }
        Language::En => format!(
            "{name}: {lines} lines → {rows} rows; {suppressed} suppressed, {excluded} excluded, {rejected} rejected, {blank} blank"
        ),
    }
}

/// What the records are and why they were collected.
fn collected(said: &Value, language: Language) -> String {
    let text = |key: &str| said[key].as_str().map(str::to_owned);
    let item = text("item").unwrap_or_default();
    let mut more: Vec<String> = Vec::new();
    let say = |korean, english| language.choose(korean, english);
    more.extend(
        text("collected_for").map(|of| format!("{} {of}", say("당초 수집 목적", "collected for"))),
    );
    more.extend(text("retention").map(|of| format!("{} {of}", say("보유", "kept for"))));
    format!("{} {item} ({})", say("수집 항목", "collected item"), more.join("; "))
}

/// Why a run would be refused, with what is known then.
fn refused(error: &Error, table: &Table, language: Language) -> String {
    let (why, hint) = if let Error::Assess { source: assess::Error::Shortfall(of), .. } = error {
        (shortfall(of, language), ". 준식별자를 더 넓게 묶거나 하나를 뺄 것")
    } else if let Error::Assess { source: assess::Error::Leak(of), .. } = error {
        (leak(of, table, language), "")
    } else {
        // The gate gives no other answers.
        (error.to_string(), "")
    };
    match language {
        Language::Ko => format!("이대로는 공개가 거부됨: {why}{hint}"),
        Language::En => format!("a run would be refused: {why}"),
    }
}

fn shortfall(of: &Shortfall, language: Language) -> String {
    if language == Language::En {
        return of.to_string().replace('`', "");
    }
    match of {
        Shortfall::Suppression { suppressed, rows, limit_ppm } => format!(
            "{}행 가운데 {}행({})이 기준보다 작은 동질집합에 들어, 삭제 한도 {}를 넘음",
            grouped(*rows),
            grouped(*suppressed),
            share(*suppressed, *rows),
            percent(*limit_ppm)
        ),
        Shortfall::Nothing { rows } => {
            format!("{}행 모두 기준보다 작은 동질집합에 듦", grouped(*rows))
        }
        Shortfall::Classes { limit } => {
            format!("준식별자의 조합이 {}가지를 넘음", grouped(*limit as u64))
        }
    }
}

fn leak(of: &Leak, table: &Table, language: Language) -> String {
    if language == Language::En {
        return of.to_string().replace('`', "");
    }
    let found = of.found.iter().map(|(column, what, cells)| {
        let (name, what) = (named(table, column, language), Leak::korean(what));
        format!("항목 {name}에 {what} {}칸", grouped(*cells))
    });
    let found: Vec<String> = found.collect();
    format!("사람을 알아볼 수 있는 값이 결과에 남음: {}", found.join(", "))
}

fn share(part: u64, whole: u64) -> String {
    let ppm = u128::from(part) * 1_000_000 / u128::from(whole.max(1));
    // To a tenth of a per cent: more is not looked at.
    percent(u64::try_from(ppm).unwrap_or(u64::MAX) / 1_000 * 1_000)
}

fn risk(table: &Table, language: Language) -> Option<String> {
    let risk = table.risk?;
    let [before, after] = [risk.persons, risk.persons_after].map(grouped);
    let [k, k_persons] = [risk.k, risk.k_persons].map(grouped);
    let count = |key: &str| table.counts.get(key).copied().flatten().unwrap_or(0);
    let gone = share(count("suppressed"), count("rows") + count("suppressed"));
    Some(match language {
        Language::Ko => format!(
            "정보주체 {before}명 → {after}명; 삭제한 행 {gone}; 가장 작은 동질집합 k = {k}행, {k_persons}명"
        ),
        Language::En => format!(
            "persons {before} → {after}; {gone} of the rows suppressed; smallest class k = {k} rows, {k_persons} persons"
        ),
    })
}

/// What a column is called, and once also its name.
fn named(table: &Table, name: &str, language: Language) -> String {
    let column = table.columns.iter().find(|column| column.name == name);
    match (column, language) {
        (Some(column), Language::Ko) => column.label.clone(),
        _ => name.to_owned(),
    }
}

fn thresholds(table: &Table, language: Language) -> String {
    let gate = &table.rules["gate"];
    let number = |key: &str| grouped(gate[key].as_u64().unwrap_or(0));
    let (rows, persons) = (number("k_min"), number("k_persons_min"));
    let most = percent(gate["max_suppressed_ppm"].as_u64().unwrap_or(0));
    let names = |role: &str| {
        let of_role = table.columns.iter().filter(|column| column.role_ko == role);
        let names: Vec<String> =
            of_role.map(|column| named(table, &column.name, language)).collect();
        if names.is_empty() { "-".to_owned() } else { names.join(", ") }
    };
    let (quasi, sensitive) = (names("준식별자"), names("민감 속성"));
    match language {
        Language::Ko => format!(
            "기준: 동질집합마다 {rows}행, {persons}명 이상, 삭제 {most} 이하; 준식별자: {quasi}; 민감 속성: {sensitive}"
        ),
        Language::En => format!(
            "thresholds: {rows} rows and {persons} persons per class or more, {most} suppressed at most; quasi-identifiers: {quasi}; sensitive: {sensitive}"
        ),
    }
}

/// Values of fewer persons are blanked.
fn values(table: &Table, language: Language) -> Option<String> {
    let asked = table.said["assess"]["value_persons_min"].as_object()?;
    let of = asked.iter().map(|(name, persons)| {
        let persons = grouped(persons.as_u64().unwrap_or(0));
        let name = named(table, name, language);
        match language {
            Language::Ko => format!("{name} {persons}명"),
            Language::En => format!("{name} {persons}"),
        }
    });
    let of: Vec<String> = of.collect();
    let words = language.choose(
        "값마다 이보다 적은 사람의 것은 비움",
        "values of fewer persons than this are blanked",
    );
    (!of.is_empty()).then(|| format!("{words}: {}", of.join(", ")))
}

fn subjects(table: &Table, language: Language) -> Option<String> {
    let of = table.subjects?;
    let [users, devices, addresses] = [of.users, of.devices, of.addresses].map(grouped);
    Some(match language {
        Language::Ko => {
            format!("주소 뒤의 주체: 계정 {users}행, 기기 {devices}행, 주소 그대로 {addresses}행")
        }
        Language::En => format!(
            "behind the addresses: accounts {users}, devices {devices}, still addresses {addresses} lines"
        ),
    })
}

/// What gives no column: what the pipeline drops, what it does not name, what is not
/// there.
fn left_out(table: &Table, language: Language) -> Vec<String> {
    let say = |korean, english| language.choose(korean, english);
    let mut words = Vec::new();
    let dropped = table.said["dropped"].as_array().into_iter().flatten();
    let dropped: Vec<&str> = dropped.filter_map(Value::as_str).collect();
    if !dropped.is_empty() {
        words.push(format!("{}: {}", say("버리는 필드", "dropped"), dropped.join(", ")));
    }
    let unlisted = unlisted(table, language);
    if !unlisted.is_empty() {
        let what = say("적지 않아 나가지 않는 것", "not listed, so not in the output");
        words.push(format!("{what}: {}", unlisted.join("; ")));
    }
    if !table.absent.is_empty() {
        let what = say("적었으나 어느 행에도 없는 필드", "listed, and in no line");
        words.push(format!("{what}: {}", table.absent.join(", ")));
    }
    words
}

/// What the pipeline does not name: names by kind where they may be shown, counts
/// otherwise.
fn unlisted(table: &Table, language: Language) -> Vec<String> {
    let mut words = Vec::new();
    for kind in ["field", "column", "key", "cookie", "parameter"] {
        let of_kind = table.unlisted.iter().filter(|entry| entry["kind"] == kind);
        let names: Vec<&str> = of_kind.filter_map(|entry| entry["name"].as_str()).collect();
        if names.is_empty() {
            continue;
        }
        let shown = names[..names.len().min(NAMES)].join(", ");
        let more =
            if names.len() > NAMES { format!(", … ({})", names.len()) } else { String::new() };
        words.push(format!("{} {shown}{more}", kind_of(kind, language)));
    }
    let columns = table.unlisted.iter().filter(|entry| entry["kind"] == "column").count() as u64;
    let hidden = table.unlisted_columns.saturating_sub(columns);
    if hidden > 0 {
        words.push(match language {
            Language::Ko => format!("이름을 보이지 않는 열 {hidden}개"),
            Language::En => format!("{hidden} columns not shown"),
        });
    }
    let rare = table.unlisted.iter().filter(|entry| entry["name"].is_null());
    for rows in rare.filter_map(|entry| entry["rows"].as_u64()).map(grouped) {
        words.push(match language {
            Language::Ko => format!("드물거나 값일 수 있어 보이지 않는 이름 {rows}행"),
            Language::En => format!("names not shown, rare or perhaps data, in {rows} rows"),
        });
    }
    words
}

/// Rules about whole rows, and what is drawn.
fn rows(table: &Table, language: Language) -> Vec<String> {
    let say = |korean, english| language.choose(korean, english);
    let mut words = Vec::new();
    if let Some(one_in) = table.rules["sample"]["one_in"].as_u64() {
        words.push(match language {
            Language::Ko => format!("표본추출: 정보주체 {one_in}명 가운데 1명만 남김"),
            Language::En => format!("sample: one person of {one_in} stays"),
        });
    }
    for drop in table.rules["drop_rows"].as_array().into_iter().flatten() {
        let text = |key: &str| drop[key].as_str().unwrap_or_default();
        let column = named(table, text("column"), language);
        let what = say("행 항목 삭제", "rows go by");
        let when = plan::rows(&drop["parameters"]);
        words.push(format!("{what}: {column} {}", language.of(&when)));
    }
    if table.is_drawn {
        words.push(
            say(
                "무작위로 정하는 값은 이 계획만을 위한 비밀값으로 뽑음: 실제 실행에서는 다르게 뽑힘",
                "what is drawn at random is drawn for this plan alone: a run draws otherwise",
            )
            .to_owned(),
        );
    }
    words
}

/// A column of which hardly anything was read, or nothing is left, is not what it seems
/// to be.
fn warning(column: &Column, language: Language) -> Option<String> {
    let (name, label) = (&column.name, &column.label);
    let named = match language {
        Language::Ko if label != name => format!("{label}({name})"),
        Language::Ko | Language::En => name.clone(),
    };
    let found = if let Some(there) = column.mostly_unread() {
        let (unread, there) = (grouped(column.unread), grouped(there));
        match language {
            Language::Ko => format!(
                "경고: 항목 {named}의 값 {there}개 가운데 {unread}개를 읽지 못해 빈 값이 됨"
            ),
            Language::En => format!(
                "warning: {unread} of {there} values of column {named} could not be read and become null"
            ),
        }
    } else {
        let before = grouped(column.emptied()?);
        match language {
            Language::Ko => {
                format!("경고: 항목 {named}의 값이 하나도 남지 않음(처리 전 {before}가지)")
            }
            Language::En => {
                format!("warning: of column {named} no value is left, of {before} before")
            }
        }
    };
    let role = match (column.role_ko, language) {
        (role @ ("준식별자" | "식별자(가명)"), Language::Ko) => format!(" — {role}!"),
        ("준식별자", Language::En) => " (a quasi-identifier!)".to_owned(),
        ("식별자(가명)", Language::En) => " (it tells persons apart!)".to_owned(),
        _ => String::new(),
    };
    Some(found + &role)
}
