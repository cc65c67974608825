//! Places and their access points in; sessions on the wireless network out.
//!
//! Source: IEEE registry MA-L for the first three bytes of addresses; IEEE
//! 802-2014, clause 8, for the bits that mark an address as local or as that
//! of a group. The last three bytes are invented.
//!
//! Not here: what an address tells about its owner.

use std::io::{self, Write};

use super::Setting;
use super::clock::{Curve, DAY};
use super::lines::{push_hex, push_number};
use super::person::Person;
use super::random::Random;
use super::table::{Row, Table};

/// Makers of devices with a fixed address, and how many of a hundred each has.
const MAKERS: [(u64, u64); 7] = [
    (46, 0x64_1b2f), // Samsung Electronics
    (22, 0xf0_ee7a), // Apple
    (9, 0xa0_4f85),  // LG Electronics
    (14, 0xe4_c767), // Intel: notebooks
    (5, 0xcc_eb5e),  // Xiaomi
    (2, 0x70_66b9),  // Huawei
    (2, 0x60_706c),  // Google
];

/// How controllers write an address. Each place has one of them, so that the
/// same device is written in two ways when its owner goes from place to place.
#[derive(Clone, Copy)]
pub(super) enum Notation {
    /// `64:1b:2f:00:00:01`
    Colons,
    /// `64-1B-2F-00-00-01`
    Hyphens,
    /// `641b.2f00.0001`
    Dots,
    /// `641b2f000001`
    Bare,
}

/// Rooms with access points: how busy, name, number of points, notation.
pub(super) type Rooms = [(u64, (&'static str, u64, Notation))];

/// Writes the sessions of one day. `start` and `end` are local times,
/// `minutes` is counted in steps of five, as often as the controller looks.
pub(super) fn write(
    setting: &Setting,
    rooms: &Rooms,
    curve: &Curve,
    file: Box<dyn Write>,
) -> io::Result<u64> {
    let table = Table {
        header: "start,end,mac,ap,branch,minutes,rx_kib,hostname",
        ending: "\n",
        rows: setting.web_lines / 10,
        file: 2,
    };
    let people = setting.people(setting.web_lines / 14);
    table.write(setting, curve, file, &mut |row, random| {
        let person = people.meet(row.second, random);
        fill(row, person, rooms, random);
    })
}

fn fill(row: &mut Row<'_>, person: Person, rooms: &Rooms, random: &mut Random) {
    let minutes = 5 * (1 + random.skewed(40));
    let (name, points, notation) =
        if random.one_in(5) { random.weighted(rooms) } else { person.random(9).weighted(rooms) };
    row.time(row.second);
    row.time((row.second + 60 * minutes).min(DAY - 1));
    push_mac(row.field(), mac(person), notation);
    let point = row.field();
    point.push_str("ap-");
    point.push_str(name);
    point.push('-');
    push_number(point, 1 + random.below(points), 2);
    row.text(name);
    push_number(row.field(), minutes, 1);
    push_number(row.field(), random.skewed(900_000), 1);
    push_hostname(row, person);
}

/// The address of a person's device: two of three are made up by the device,
/// as telephones have done since about 2020.
pub(super) fn mac(person: Person) -> u64 {
    const LOCAL: u64 = 0x02 << 40;
    const GROUP: u64 = 0x01 << 40;
    let mut random = person.random(11);
    if random.below(3) < 2 {
        (random.below(1 << 48) | LOCAL) & !GROUP
    } else {
        random.weighted(&MAKERS) << 24 | random.below(1 << 24)
    }
}

/// Adds what a device calls itself: often its owner's name.
fn push_hostname(row: &mut Row<'_>, person: Person) {
    let mut random = person.random(12);
    let name = person.random(5).pick(&["kim", "lee", "park", "choi"]).to_owned();
    match random.below(3) {
        0 => row.quoted(&format!("{name}'s phone")),
        1 => row.text(&format!("{name}-notebook")),
        _ => row.text(""),
    }
}

/// Adds an address in a notation.
pub(super) fn push_mac(text: &mut String, mac: u64, notation: Notation) {
    let (group, separator) = match notation {
        Notation::Colons => (1, ":"),
        Notation::Hyphens => (1, "-"),
        Notation::Dots => (2, "."),
        Notation::Bare => (6, ""),
    };
    let start = text.len();
    for byte in 0..6 {
        if byte > 0 && byte % group == 0 {
            text.push_str(separator);
        }
        push_hex(text, mac >> (8 * (5 - byte)), 2);
    }
    if matches!(notation, Notation::Hyphens) {
        text[start..].make_ascii_uppercase();
    }
}
