//! Generalising never splits a class: what is equal stays equal, and what is equal at
//! one level is equal at every coarser one.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{Cells, Row, Rules, loans};
use crate::protect::{ring, secret};

/// Columns from the finest to the coarsest, of one field each. Rounding to the nearest
/// is no such ladder: 46 and 54 are both 50, and by hundreds 0 and 100.
const LADDERS: [&[&str]; 12] = [
    &["fee", "down_10", "down_100", "down_1000"],
    &["fee", "up_10", "up_100", "up_1000"],
    &["fee", "range_10", "range_100", "range_1000"],
    &["fee", "half_10"],
    &["fee", "bound_3", "bound_1"],
    &["when", "m1", "m10", "m30", "h1", "h6", "d1", "month", "quarter", "year"],
    &["when", "d1", "week"],
    &["when", "h1", "band_4", "band_2"],
    &["ip", "net_24", "net_16", "net_8"],
    &["words", "first_3", "first_2", "first_1"],
    &["age", "age_1", "age_2", "age_3"],
    &["genre", "kdc_1", "kdc_2", "kdc_3"],
];

const FIELDS: &str = r#"
fee = [
    { as = "fee", keep = "integer" },
    { as = "down_10", round_number = { unit = 10, how = "down" } },
    { as = "down_100", round_number = { unit = 100, how = "down" } },
    { as = "down_1000", round_number = { unit = 1000, how = "down" } },
    { as = "up_10", round_number = { unit = 10, how = "up" } },
    { as = "up_100", round_number = { unit = 100, how = "up" } },
    { as = "up_1000", round_number = { unit = 1000, how = "up" } },
    { as = "half_10", round_number = { unit = 10, how = "half" } },
    { as = "range_10", range = { width = 10, origin = 3 } },
    { as = "range_100", range = { width = 100, origin = 3 } },
    { as = "range_1000", range = { width = 1000, origin = 3 } },
    { as = "bound_3", range = { bounds = [-500, 0, 500] } },
    { as = "bound_1", range = { bounds = [0] } },
]
when = [
    { as = "when", keep = "text", reason = "시험" },
    { as = "m1", round = "1m" },
    { as = "m10", round = "10m" },
    { as = "m30", round = "30m" },
    { as = "h1", round = "1h" },
    { as = "h6", round = "6h" },
    { as = "d1", round = "1d" },
    { as = "week", round = "week" },
    { as = "month", round = "month" },
    { as = "quarter", round = "quarter" },
    { as = "year", round = "year" },
    { as = "band_4", hour_band = { bounds = [0, 6, 12, 18] } },
    { as = "band_2", hour_band = { bounds = [6, 18] } },
]
ip = [
    { as = "ip", pseudonym = { domain = "ip" } },
    { as = "net_24", prefix = { v4 = 24, v6 = 64 } },
    { as = "net_16", prefix = { v4 = 16, v6 = 48 } },
    { as = "net_8", prefix = { v4 = 8, v6 = 32 } },
]
words = [
    { as = "words", keep = "text" },
    { as = "first_3", partial = { first = 3 } },
    { as = "first_2", partial = { first = 2 } },
    { as = "first_1", partial = { first = 1 } },
]
age = [
    { as = "age", keep = "integer" },
    { as = "age_1", category = { ready = "age", level = 1 } },
    { as = "age_2", category = { ready = "age", level = 2 } },
    { as = "age_3", category = { ready = "age", level = 3 } },
]
genre = [
    { as = "genre", keep = "text" },
    { as = "kdc_1", category = { ready = "kdc", level = 1 } },
    { as = "kdc_2", category = { ready = "kdc", level = 2 } },
    { as = "kdc_3", category = { ready = "kdc", level = 3 } },
]
"#;

/// Rows with values close together, so that classes have several.
fn rows() -> impl Strategy<Value = Vec<Row>> {
    let address = prop_oneof![
        prop::array::uniform4(0u8..3).prop_map(|part| std::net::Ipv4Addr::from(part).to_string()),
        prop::array::uniform7(0u16..2).prop_map(|rest| {
            let groups = [&[0x2001][..], &rest].concat();
            let groups: [u16; 8] = groups.try_into().unwrap();
            std::net::Ipv6Addr::from(groups).to_string()
        }),
    ];
    let when = (2025i16..2027, 1i8..13, 1i8..29, 0i8..24, 0i8..60, 0i8..60).prop_map(
        |(year, month, day, hour, minute, second)| {
            format!("{year}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
        },
    );
    let word = prop::string::string_regex("[가-나]{1,2}[a-b]{0,3}").unwrap();
    let values = (-1_200i64..1_200, when, address, word, 0u32..151, 0u32..1_000);
    prop::collection::vec(values, 1..60).prop_map(|values| {
        let row = |(number, values): (usize, (i64, String, String, String, u32, u32))| {
            let (fee, when, ip, words, age, class) = values;
            let mut row = loans(1, 1).remove(0);
            row.insert("card", format!("L{number:05}"));
            row.insert("fee", fee.to_string());
            row.insert("when", when);
            row.insert("ip", ip);
            row.insert("words", words);
            row.insert("age", age.to_string());
            row.insert("genre", format!("{class:03}.{}", class % 7));
            row
        };
        values.into_iter().enumerate().map(row).collect()
    })
}

/// The value of the coarse column that each of the fine one has, or two of them.
fn split(cells: &Cells, fine: &str, coarse: &str) -> Option<String> {
    let mut of: BTreeMap<&Option<String>, &Option<String>> = BTreeMap::new();
    for (value, class) in cells.of(fine).iter().zip(cells.of(coarse)) {
        let first = of.entry(value).or_insert(class);
        if *first != class {
            return Some(format!("{fine} {value:?} is {first:?} and {class:?} in {coarse}"));
        }
    }
    None
}

#[test]
fn what_is_equal_stays_equal_at_every_coarser_level() {
    let rules = Rules::new("", FIELDS);
    let secret = secret("loans", 7);
    proptest!(ProptestConfig::with_cases(64), |(rows in rows(), size in 1usize..50)| {
        let cells = rules.protect(&ring(&secret), &rows, size);
        for ladder in LADDERS {
            for pair in ladder.windows(2) {
                prop_assert_eq!(split(&cells, pair[0], pair[1]), None);
            }
            for column in ladder {
                prop_assert!(cells.of(column).iter().all(Option::is_some), "{}", column);
            }
        }
    });
}

/// What a column says is computed anew, by the definition of each technique.
#[test]
fn coarser_values_are_those_of_the_definition() {
    let rules = Rules::new("", FIELDS);
    let secret = secret("loans", 7);
    proptest!(ProptestConfig::with_cases(64), |(rows in rows())| {
        let cells = rules.protect(&ring(&secret), &rows, 20);
        for (row, values) in rows.iter().enumerate() {
            let fee: f64 = values["fee"].parse().unwrap();
            let cell = |column: &str| cells.of(column)[row].clone().unwrap();
            prop_assert_eq!(cell("down_100"), format!("{:.0}", (fee / 100.0).floor() * 100.0 + 0.0));
            prop_assert_eq!(cell("up_100"), format!("{:.0}", (fee / 100.0).ceil() * 100.0 + 0.0));
            let nearest = (fee / 10.0).round_ties_even() * 10.0 + 0.0;
            prop_assert_eq!(cell("half_10"), format!("{nearest:.0}"));
            let low = ((fee - 3.0) / 100.0).floor() * 100.0 + 3.0;
            prop_assert_eq!(cell("range_100"), format!("[{low:.0},{:.0})", low + 100.0));
            let first: String = values["words"].chars().take(2).collect();
            prop_assert_eq!(cell("first_2"), first);
            let hour: u32 = values["when"][11..13].parse().unwrap();
            let band = if (6..18).contains(&hour) { "06-18" } else { "18-06" };
            prop_assert_eq!(cell("band_2"), band);
            let address: std::net::IpAddr = values["ip"].parse().unwrap();
            let network = match address {
                std::net::IpAddr::V4(v4) => {
                    let [a, b, ..] = v4.octets();
                    format!("{a}.{b}.0.0/16")
                }
                std::net::IpAddr::V6(v6) => {
                    let [a, b, c, ..] = v6.segments();
                    format!("{}/48", std::net::Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0))
                }
            };
            prop_assert_eq!(cell("net_16"), network);
            let when: jiff::civil::DateTime = values["when"].replace(' ', "T").parse().unwrap();
            let month = when.date().first_of_month().at(0, 0, 0, 0) - jiff::Span::new().hours(9);
            prop_assert_eq!(cell("month"), month.to_string());
            let monday = when.date() - jiff::Span::new().days(i64::from(when.weekday().to_monday_zero_offset()));
            let monday = monday.at(0, 0, 0, 0) - jiff::Span::new().hours(9);
            prop_assert_eq!(cell("week"), monday.to_string());
        }
    });
}

/// A list of the institution goes up the same way, and rare values with it.
#[test]
fn a_ready_region_goes_from_district_to_province_to_part() {
    let fields = r#"words = [
    { as = "full", keep = "text" },
    { as = "sigungu", partial = { region = "sigungu" } },
    { as = "sido", partial = { region = "sido" } },
    { as = "region_1", category = { ready = "region", level = 1 } },
    { as = "region_2", category = { ready = "region", level = 2 } },
]"#;
    let rules = Rules::new("", fields);
    let secret = secret("loans", 7);
    let addresses = [
        "서울특별시 강남구 언주로 1",
        "서울 강남구 논현동",
        "경기도 성남시 분당구 정자동",
        "경기 성남시 수정구",
        "부산광역시 해운대구",
        "제주특별자치도 서귀포시",
    ];
    let mut rows = loans(60, 20);
    for (number, row) in rows.iter_mut().enumerate() {
        row.insert("words", addresses[number % addresses.len()].to_owned());
    }
    let cells = rules.protect(&ring(&secret), &rows, 7);
    for pair in ["full", "sigungu", "sido", "region_1", "region_2"].windows(2) {
        assert_eq!(split(&cells, pair[0], pair[1]), None);
    }
    assert_eq!(cells.of("sigungu")[0].as_deref(), Some("서울특별시 강남구"));
    assert_eq!(cells.of("sido")[3].as_deref(), Some("경기도"));
    assert_eq!(cells.of("region_2")[2].as_deref(), Some("수도권"));
}
