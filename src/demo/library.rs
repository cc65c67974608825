//! A day in; the tables of a library office's systems out.
//!
//! Source: the columns that Korean library management systems export, and the
//! main classes of the Korean Decimal Classification (KDC, 6th edition).
//!
//! Not here: the web log (`web`) and the wireless network (`wifi`).

use std::io::{self, Write};

use super::Setting;
use super::clock::{Curve, LIBRARY_DOORS, LIBRARY_DOORS_WEEKEND};
use super::lines::push_number;
use super::person::NAMES;
use super::table::Table;
use super::wifi::{self, Notation, Rooms};

/// Branches and how many of a hundred visits each has.
const BRANCHES: [(u64, &str); 8] = [
    (22, "분당"),
    (20, "중앙"),
    (15, "판교"),
    (13, "수정"),
    (11, "중원"),
    (8, "구미"),
    (6, "서현"),
    (5, "운중"),
];

/// The same with their wireless networks, bought in different years.
const ROOMS: &Rooms = &[
    (22, ("분당", 14, Notation::Colons)),
    (20, ("중앙", 12, Notation::Hyphens)),
    (15, ("판교", 9, Notation::Colons)),
    (13, ("수정", 8, Notation::Dots)),
    (11, ("중원", 8, Notation::Bare)),
    (8, ("구미", 5, Notation::Hyphens)),
    (6, ("서현", 4, Notation::Colons)),
    (5, ("운중", 4, Notation::Dots)),
];

/// KDC main classes and how many of a hundred loans each has, with titles that
/// are on no shelf.
const CLASSES: [(u64, (&str, &[&str])); 10] = [
    (3, ("000", &["총서 엮는 법", "처음 배우는 파이썬"])),
    (8, ("100", &["마음이 하는 일", "생각, 또 생각"])),
    (3, ("200", &["절에서 보낸 한 철", "성경 읽는 저녁"])),
    (15, ("300", &["우리 동네 경제", "아이와 함께 자라기"])),
    (7, ("400", &["숫자 없는 수학", "밤하늘 지도"])),
    (9, ("500", &["혈당을 낮추는 밥상", "텃밭 일기"])),
    (7, ("600", &["그림 보는 오후", "피아노를 치는 사람"])),
    (5, ("700", &["다시 시작하는 영어", "한국어 문법, 쉽게"])),
    (34, ("800", &["이름 없는 소설", "파란 대문 집", "바다, 그 너머"])),
    (9, ("900", &["성남 골목의 역사", "두 바퀴 여행"])),
];

const GATES: [(u64, &str); 3] = [(60, "정문"), (30, "주차장"), (10, "어린이실")];
const READING_ROOMS: [(u64, &str); 3] =
    [(62, "일반열람실"), (26, "디지털자료실"), (12, "노트북실")];
const KINDS: [(u64, &str); 3] = [(50, "대출"), (42, "반납"), (8, "연장")];
const BREACHES: [(u64, &str); 6] = [
    (62, "연체"),
    (20, "장기연체"),
    (13, "이용정지"),
    (2, "타인 회원증 사용"),
    (2, "자료 훼손"),
    (1, "무단 반출"),
];

/// Letters of the library's cards.
const CARD: &str = "SNL";

/// Sessions on the wireless networks of the branches.
pub(super) fn write_wifi(setting: &Setting, file: Box<dyn Write>) -> io::Result<u64> {
    wifi::write(setting, ROOMS, doors(setting), file)
}

/// Cards at entrance gates.
pub(super) fn write_gate(setting: &Setting, file: Box<dyn Write>) -> io::Result<u64> {
    let table = Table {
        header: "출입일시,회원증번호,성명,도서관,출입구,구분",
        ending: "\n",
        rows: setting.web_lines / 10,
        file: 3,
    };
    let people = setting.people(setting.web_lines / 12);
    table.write(setting, doors(setting), file, &mut |row, random| {
        let person = people.meet(row.second, random);
        row.time(row.second);
        person.push_card(CARD, row.field());
        row.text(person.name(&NAMES));
        row.text(person.place(&BRANCHES, random));
        row.text(random.weighted(&GATES));
        row.text(if random.one_in(2) { "입장" } else { "퇴장" });
    })
}

/// Seats of reading rooms that were given out and given back.
pub(super) fn write_seats(setting: &Setting, file: Box<dyn Write>) -> io::Result<u64> {
    let table = Table {
        header: "처리일시,회원증번호,성명,도서관,열람실,좌석번호,구분,이용시간(분)",
        ending: "\n",
        rows: setting.web_lines / 10,
        file: 6,
    };
    let people = setting.people(setting.web_lines / 12);
    table.write(setting, doors(setting), file, &mut |row, random| {
        let person = people.meet(row.second, random);
        row.time(row.second);
        person.push_card(CARD, row.field());
        row.text(person.name(&NAMES));
        row.text(person.place(&BRANCHES, random));
        row.text(random.weighted(&READING_ROOMS));
        push_number(row.field(), 1 + random.below(200), 1);
        if random.one_in(2) {
            row.text("배정");
            row.text("");
        } else {
            row.text("반납");
            push_number(row.field(), 5 * (1 + random.skewed(72)), 1);
        }
    })
}

/// Loans, returns and extensions, as a desk program exports them for Excel.
pub(super) fn write_loans(setting: &Setting, file: Box<dyn Write>) -> io::Result<u64> {
    let table = Table {
        header: "\u{feff}처리일시,대출자번호,성명,도서관,처리구분,KDC,청구기호,서명",
        ending: "\r\n",
        rows: setting.web_lines / 10,
        file: 4,
    };
    let people = setting.people(setting.web_lines / 12);
    table.write(setting, doors(setting), file, &mut |row, random| {
        let person = people.meet(row.second, random);
        let (class, titles) = random.weighted(&CLASSES);
        row.time(row.second);
        person.push_card(CARD, row.field());
        row.text(person.name(&NAMES));
        row.text(person.place(&BRANCHES, random));
        row.text(random.weighted(&KINDS));
        row.text(class);
        let number = row.field();
        number.push_str(&class[..1]);
        push_number(number, random.skewed(100), 2);
        number.push_str("-가");
        push_number(number, random.below(1_000), 3);
        row.quoted(random.pick(titles));
    })
}

/// Breaches of the rules.
pub(super) fn write_misuse(setting: &Setting, file: Box<dyn Write>) -> io::Result<u64> {
    let table = Table {
        header: "기록일시,대출자번호,연락처,도서관,사유,비고",
        ending: "\n",
        rows: setting.web_lines / 20,
        file: 5,
    };
    let people = setting.people(setting.web_lines / 12);
    table.write(setting, doors(setting), file, &mut |row, random| {
        let person = people.meet(row.second, random);
        row.time(row.second);
        person.push_card(CARD, row.field());
        person.push_telephone(row.field());
        row.text(person.place(&BRANCHES, random));
        row.text(random.weighted(&BREACHES));
        if random.one_in(5) {
            row.quoted(&format!("{} 님, 전화 안내함", person.name(&NAMES)));
        } else {
            row.text("");
        }
    })
}

fn doors(setting: &Setting) -> &'static Curve {
    if setting.is_weekend() { &LIBRARY_DOORS_WEEKEND } else { &LIBRARY_DOORS }
}
