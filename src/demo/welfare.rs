//! A day in; the tables of a foreign residents' welfare centre out.
//!
//! Small groups on purpose: some nationalities have two or three visitors.
//! The proportions are invented.
//!
//! Not here: the web log (`web`) and the wireless network (`wifi`).

use std::io::{self, Write};

use super::Setting;
use super::clock::{Curve, WELFARE_DOORS, WELFARE_DOORS_WEEKEND};
use super::person::FOREIGN_NAMES;
use super::table::Table;
use super::wifi::{self, Notation, Rooms};

/// Rooms of the one building, with their wireless network.
const ROOMS: &Rooms = &[
    (46, ("1층 로비", 2, Notation::Colons)),
    (34, ("2층 강의실", 3, Notation::Colons)),
    (20, ("3층 상담실", 2, Notation::Hyphens)),
];

/// Nationalities and how many of a thousand visitors have each.
const NATIONALITIES: [(u64, &str); 20] = [
    (330, "중국"),
    (180, "베트남"),
    (95, "우즈베키스탄"),
    (70, "필리핀"),
    (60, "네팔"),
    (50, "인도네시아"),
    (42, "태국"),
    (40, "캄보디아"),
    (34, "몽골"),
    (25, "러시아"),
    (22, "스리랑카"),
    (20, "방글라데시"),
    (18, "미얀마"),
    (16, "카자흐스탄"),
    (14, "파키스탄"),
    (8, "일본"),
    (6, "나이지리아"),
    (5, "키르기스스탄"),
    (3, "페루"),
    (2, "에티오피아"),
];

const PROGRAMMES: [(u64, &str); 10] = [
    (34, "한국어교실 초급"),
    (18, "한국어교실 중급"),
    (9, "컴퓨터교실"),
    (11, "노동상담"),
    (6, "법률상담"),
    (5, "의료상담"),
    (3, "가정상담"),
    (7, "자녀돌봄"),
    (6, "공동체모임"),
    (1, "장례지원"),
];

const BREACHES: [(u64, &str); 4] =
    [(70, "예약부도"), (18, "이용수칙 위반"), (9, "이용제한"), (3, "등록정보 허위")];
const PLACES: [(u64, &str); 4] = [(50, "강의실"), (25, "상담실"), (20, "체육실"), (5, "주방")];

/// Letters of the centre's cards.
const CARD: &str = "SNW";

/// Sessions on the centre's wireless network.
pub(super) fn write_wifi(setting: &Setting, file: Box<dyn Write>) -> io::Result<u64> {
    wifi::write(setting, ROOMS, doors(setting), file)
}

/// Visits to programmes.
pub(super) fn write_visits(setting: &Setting, file: Box<dyn Write>) -> io::Result<u64> {
    let table = Table {
        header: "방문일시,이용자번호,성명,연락처,국적,프로그램",
        ending: "\n",
        rows: setting.web_lines / 10,
        file: 6,
    };
    let people = setting.people(setting.web_lines / 14);
    table.write(setting, doors(setting), file, &mut |row, random| {
        let person = people.meet(row.second, random);
        row.time(row.second);
        person.push_card(CARD, row.field());
        row.quoted(person.name(&FOREIGN_NAMES));
        person.push_telephone(row.field());
        row.text(person.random(13).weighted(&NATIONALITIES));
        row.text(random.weighted(&PROGRAMMES));
    })
}

/// Breaches of the rules.
pub(super) fn write_misuse(setting: &Setting, file: Box<dyn Write>) -> io::Result<u64> {
    let table = Table {
        header: "기록일시,이용자번호,연락처,사유,장소",
        ending: "\n",
        rows: setting.web_lines / 20,
        file: 7,
    };
    let people = setting.people(setting.web_lines / 14);
    table.write(setting, doors(setting), file, &mut |row, random| {
        let person = people.meet(row.second, random);
        row.time(row.second);
        person.push_card(CARD, row.field());
        person.push_telephone(row.field());
        row.text(random.weighted(&BREACHES));
        row.text(random.weighted(&PLACES));
    })
}

fn doors(setting: &Setting) -> &'static Curve {
    if setting.is_weekend() { &WELFARE_DOORS_WEEKEND } else { &WELFARE_DOORS }
}
