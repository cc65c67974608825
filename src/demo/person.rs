//! A seed and a number in; an invented person out, always the same one.
//!
//! Persons are computed when they are met and kept nowhere, so a day of ten
//! million lines needs no more memory than a small one. They do not depend on
//! the date: who comes back tomorrow has the same address, card and device.
//!
//! Source: addresses from RFC 5737, RFC 3849 and RFC 1918, which reach no
//! one; names are the textbook's 홍길동 and the like; telephone numbers begin
//! with 010-0000, which is not given out.
//!
//! Not here: what a person does.

use super::lines::{push_encoded, push_hex, push_number};
use super::random::{Random, mix};

/// Names that forms and textbooks use for nobody.
pub(super) const NAMES: [&str; 8] =
    ["홍길동", "김가명", "이가상", "박보기", "최견본", "정예시", "한임시", "오본보기"];
/// The same for people who write their names in other letters.
pub(super) const FOREIGN_NAMES: [&str; 6] =
    ["TEST NGUYEN", "SAMPLE LI", "DEMO RAHMAN", "EXAMPLE KIM", "SPECIMEN IVANOVA", "TEST SANTOS"];

const LOGINS: [&str; 6] = ["kim", "lee", "park", "choi", "jung", "kang"];

/// User agents of persons and how many of a hundred have each.
const BROWSERS: [(u64, &str); 9] = [
    (
        26,
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    ),
    (
        22,
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
    ),
    (
        20,
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
    ),
    (
        15,
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
    ),
    (
        9,
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
    ),
    (
        4,
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Whale/4.34.340.19 Safari/537.36",
    ),
    (
        2,
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15",
    ),
    (1, "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"),
    (
        1,
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36 OPR/123.0.0.0",
    ),
];

/// User agents of programs that read sites.
const ROBOTS: [&str; 4] = [
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; Yeti/1.1; +https://naver.me/spd)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "curl/8.5.0",
];

/// Of a hundred persons, those with an address of the institution's own network.
const INSIDE: std::ops::Range<u64> = INSIDE_FIRST..INSIDE_END;
const INSIDE_FIRST: u64 = 34;
const INSIDE_END: u64 = 80;

/// Where people live, and how many of a hundred do.
const HOMES: [(u64, Home); 8] = [
    (46, Home { address: "경기도 성남시 분당구", postcode: 134, postcodes: 3 }),
    (20, Home { address: "경기도 성남시 수정구", postcode: 131, postcodes: 1 }),
    (18, Home { address: "경기 성남시 중원구", postcode: 132, postcodes: 2 }),
    (6, Home { address: "경기도 용인시 수지구", postcode: 168, postcodes: 1 }),
    (4, Home { address: "경기도 광주시", postcode: 127, postcodes: 1 }),
    (3, Home { address: "서울 송파구", postcode: 55, postcodes: 1 }),
    (2, Home { address: "서울특별시 강남구", postcode: 60, postcodes: 1 }),
    (1, Home { address: "경기도 하남시", postcode: 129, postcodes: 1 }),
];

/// How many of a hundred are so many tens of years old.
const TENS: [(u64, u64); 9] =
    [(6, 0), (15, 1), (19, 2), (17, 3), (18, 4), (12, 5), (8, 6), (4, 7), (1, 8)];

/// When somebody is usually about, as the first hour and the hour after the last.
const HABITS: [(u64, (u64, u64)); 4] = [(40, (9, 18)), (35, (16, 24)), (5, (0, 6)), (20, (0, 24))];

/// All persons of an institution.
#[derive(Clone, Copy)]
pub(super) struct People {
    seed: u64,
    count: u64,
}

/// A part of a town, with the first three of the five digits of its postcodes.
#[derive(Clone, Copy)]
pub(super) struct Home {
    address: &'static str,
    postcode: u64,
    /// How many follow it, itself among them.
    postcodes: u64,
}

/// Somebody, known by nothing but a number.
#[derive(Clone, Copy)]
pub(super) struct Person {
    seed: u64,
}

impl People {
    /// `count` persons, at least one.
    pub(super) fn new(seed: u64, count: u64) -> Self {
        Self { seed, count: count.max(1) }
    }

    /// Somebody whose habits fit the second of the day, some much more often
    /// than others.
    pub(super) fn meet(self, second: u64, random: &mut Random) -> Person {
        let mut person = self.any(random);
        // Three tries, not as many as it takes: a rare hour has guests too.
        for _ in 0..3 {
            if person.is_about(second / 3_600) {
                break;
            }
            person = self.any(random);
        }
        person
    }

    /// Everybody.
    pub(super) fn all(self) -> impl Iterator<Item = Person> {
        (0..self.count).map(move |number| Person { seed: mix(self.seed, number) })
    }

    fn any(self, random: &mut Random) -> Person {
        Person { seed: mix(self.seed, random.skewed(self.count)) }
    }
}

impl Person {
    /// A sequence of its own for each trait, so that a new trait leaves the
    /// others as they are.
    pub(super) fn random(self, facet: u64) -> Random {
        Random::new(mix(self.seed, facet))
    }

    /// When the person is usually about: the first hour and the hour after the
    /// last.
    pub(super) fn hours(self) -> (u64, u64) {
        self.random(1).weighted(&HABITS)
    }

    fn is_about(self, hour: u64) -> bool {
        let (first, end) = self.hours();
        (first..end).contains(&hour)
    }

    /// True for somebody who reaches the site from inside the institution's
    /// network.
    pub(super) fn is_inside(self) -> bool {
        INSIDE.contains(&self.random(2).below(100))
    }

    /// Adds the address that the person's home or work reaches the site from.
    pub(super) fn push_address(self, text: &mut String) {
        let mut random = self.random(2);
        match random.below(100) {
            0..INSIDE_FIRST => {
                text.push_str("2001:db8");
                push_group(text, random.below(48));
                for _ in 0..5 {
                    let group = random.number();
                    push_group(text, group);
                }
            }
            INSIDE_FIRST..64 => push_v4(text, "10.10.", &mut random),
            64..INSIDE_END => push_v4(text, "172.16.", &mut random),
            // A server that listens on IPv6 alone writes IPv4 clients so.
            INSIDE_END..82 => push_v4(text, "::ffff:192.0.2.", &mut random),
            82..88 => push_v4(text, "192.0.2.", &mut random),
            88..95 => push_v4(text, "203.0.113.", &mut random),
            _ => push_v4(text, "198.51.100.", &mut random),
        }
    }

    /// The user agent of the person's browser.
    pub(super) fn browser(self) -> &'static str {
        self.random(3).weighted(&BROWSERS)
    }

    /// Adds the value of the `_ga` cookie, which an analytics script sets once
    /// per browser.
    pub(super) fn push_analytics(self, text: &mut String) {
        let mut random = self.random(4);
        text.push_str("GA1.1.");
        push_number(text, 100_000_000 + random.below(1_900_000_000), 1);
        text.push('.');
        push_number(text, 1_700_000_000 + random.below(60_000_000), 1);
    }

    /// Adds a login name.
    pub(super) fn push_login(self, text: &mut String) {
        let mut random = self.random(5);
        text.push_str(random.pick(&LOGINS));
        push_number(text, random.below(10_000), 4);
    }

    /// The person's name.
    pub(super) fn name<'a>(self, names: &'a [&'a str]) -> &'a str {
        self.random(6).pick(names)
    }

    /// Adds a telephone number.
    pub(super) fn push_telephone(self, text: &mut String) {
        text.push_str("010-0000-");
        push_number(text, self.random(7).below(10_000), 4);
    }

    /// Adds the query of a form that a careless page sends with GET.
    pub(super) fn push_form(self, text: &mut String) {
        text.push_str("?name=");
        push_encoded(text, self.name(&NAMES));
        text.push_str("&tel=");
        self.push_telephone(text);
    }

    /// Adds a number on a card: letters of the institution, then eight digits.
    pub(super) fn push_card(self, letters: &str, text: &mut String) {
        text.push_str(letters);
        push_number(text, self.random(8).below(100_000_000), 8);
    }

    /// Years of age.
    pub(super) fn age(self) -> u64 {
        let mut random = self.random(15);
        10 * random.weighted(&TENS) + random.below(10)
    }

    /// Where the person lives.
    pub(super) fn home(self) -> Home {
        self.random(16).weighted(&HOMES)
    }

    /// Where the person goes: four times of five the place nearest to home.
    pub(super) fn place<'a>(self, places: &'a [(u64, &'a str)], random: &mut Random) -> &'a str {
        if random.one_in(5) { random.weighted(places) } else { self.random(9).weighted(places) }
    }
}

impl Home {
    /// Adds an address in it, in a street that is in no town.
    pub(super) fn push_address(self, person: Person, text: &mut String) {
        let mut random = person.random(17);
        text.push_str(self.address);
        text.push_str(" 보기로");
        push_number(text, 1 + random.below(40), 1);
        text.push_str("번길 ");
        push_number(text, 1 + random.below(90), 1);
    }

    /// Adds a postcode in it.
    pub(super) fn push_postcode(self, person: Person, text: &mut String) {
        let mut random = person.random(18);
        push_number(text, self.postcode + random.below(self.postcodes), 3);
        push_number(text, random.below(100), 2);
    }
}

/// The user agent of a robot, and its address at the end of `text`.
pub(super) fn push_robot(text: &mut String, random: &mut Random) -> &'static str {
    let robot = random.skewed(24);
    text.push_str(if robot.is_multiple_of(2) { "203.0.113." } else { "198.51.100." });
    push_number(text, 200 + robot, 1);
    Random::new(robot).pick(&ROBOTS)
}

/// Adds a group of an IPv6 address without leading zeros, as RFC 5952 has it.
fn push_group(text: &mut String, group: u64) {
    let group = group % 0x1_0000;
    text.push(':');
    push_hex(text, group, (group.max(1).ilog2() / 4) + 1);
}

/// Adds as many octets as `network` lacks; 1 to 254, as hosts have.
fn push_v4(text: &mut String, network: &str, random: &mut Random) {
    text.push_str(network);
    if network.matches('.').count() < 3 {
        push_number(text, random.below(256), 1);
        text.push('.');
    }
    push_number(text, 1 + random.below(254), 1);
}
