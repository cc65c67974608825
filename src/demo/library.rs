//! A day in; the tables of a library office's systems out.
//!
//! Source: the columns that Korean library management systems export, and
//! class numbers of the Korean Decimal Classification (KDC, 6th edition).
//!
//! Not here: the web log (`web`), the wireless network (`wifi`), courses (`lectures`).

use std::io::{self, Write};

use super::Setting;
use super::clock::{Curve, LIBRARY_DOORS, LIBRARY_DOORS_WEEKEND};
use super::lines::push_number;
use super::person::{NAMES, Person};
use super::random::Random;
use super::table::{Row, Table};
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

/// Class numbers of the KDC and how many of a hundred books each has, with titles
/// that are on no shelf.
const CLASSES: [(u64, (&str, &[&str])); 17] = [
    (3, ("010", &["총서 엮는 법", "처음 배우는 파이썬"])),
    (5, ("180.5", &["마음이 하는 일"])),
    (3, ("199.1", &["생각, 또 생각"])),
    (3, ("220", &["절에서 보낸 한 철", "성경 읽는 저녁"])),
    (6, ("327.85", &["우리 동네 경제"])),
    (9, ("370.1", &["아이와 함께 자라기"])),
    (7, ("410", &["숫자 없는 수학", "밤하늘 지도"])),
    (6, ("513.8", &["혈당을 낮추는 밥상"])),
    (3, ("525.2", &["텃밭 일기"])),
    (7, ("650.4", &["그림 보는 오후", "피아노를 치는 사람"])),
    (5, ("740", &["다시 시작하는 영어", "한국어 문법, 쉽게"])),
    (18, ("813.7", &["이름 없는 소설", "파란 대문 집"])),
    (5, ("811.6", &["짧은 시 긴 밤"])),
    (7, ("833.6", &["바다, 그 너머"])),
    (4, ("843.5", &["언덕 위의 이웃"])),
    (6, ("911.15", &["성남 골목의 역사"])),
    (3, ("980.2", &["두 바퀴 여행"])),
];

/// Books that are ever lent.
const BOOKS: u64 = 400;

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

const SHELVES: [(u64, &str); 5] = [
    (56, "종합자료실"),
    (25, "어린이자료실"),
    (9, "디지털자료실"),
    (7, "2층 문헌정보실"),
    (3, "정기간행물실"),
];

/// Letters of cards: the library's own, and those of others whose members may borrow
/// here.
const CARDS: [(u64, &str); 3] = [(86, "SNL"), (9, "GGI"), (5, "YIN")];

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
        push_card(person, row.field());
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
        push_card(person, row.field());
        row.text(person.name(&NAMES));
        let branch = person.place(&BRANCHES, random);
        let room = random.weighted(&READING_ROOMS);
        row.text(branch);
        row.text(room);
        push_seat(row.field(), (branch, room), random.below(200));
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
        header: "\u{feff}처리일시,대출자번호,성명,나이,주소,도서관,자료실,처리구분,KDC,청구기호,서명,대출권수",
        ending: "\r\n",
        rows: setting.web_lines / 10,
        file: 4,
    };
    let people = setting.people(setting.web_lines / 12);
    table.write(setting, doors(setting), file, &mut |row, random| {
        let person = people.meet(row.second, random);
        row.time(row.second);
        push_card(person, row.field());
        row.text(person.name(&NAMES));
        push_number(row.field(), person.age(), 1);
        person.home().push_address(person, row.field());
        row.text(person.place(&BRANCHES, random));
        row.text(random.weighted(&SHELVES));
        row.text(random.weighted(&KINDS));
        // Each book has its own numbers and title.
        let mut book = Random::new(random.skewed(BOOKS));
        let (class, titles) = book.weighted(&CLASSES);
        row.text(class);
        let number = row.field();
        number.push_str(class);
        number.push_str("-가");
        push_number(number, book.below(1_000), 3);
        row.quoted(book.pick(titles));
        // A school or club borrows for all of its members.
        let is_group = random.one_in(60);
        let books = if is_group { 30 + random.below(70) } else { 1 + random.skewed(10) };
        push_number(row.field(), books, 1);
    })
}

/// Breaches of the rules.
pub(super) fn write_misuse(setting: &Setting, file: Box<dyn Write>) -> io::Result<u64> {
    let table = Table {
        header: "기록일시,대출자번호,연락처,나이,우편번호,도서관,사유,연체일수,연체료,비고",
        ending: "\n",
        rows: setting.web_lines / 20,
        file: 5,
    };
    let people = setting.people(setting.web_lines / 12);
    table.write(setting, doors(setting), file, &mut |row, random| {
        let person = people.meet(row.second, random);
        row.time(row.second);
        push_card(person, row.field());
        person.push_telephone(row.field());
        push_number(row.field(), person.age(), 1);
        person.home().push_postcode(person, row.field());
        row.text(person.place(&BRANCHES, random));
        let breach = random.weighted(&BREACHES);
        row.text(breach);
        push_overdue(row, breach, random);
        if random.one_in(5) {
            row.quoted(&format!("{} 님, 전화 안내함", person.name(&NAMES)));
        } else {
            row.text("");
        }
    })
}

/// Adds days and the fine, a hundred won for each book and day, of what is overdue.
fn push_overdue(row: &mut Row<'_>, breach: &str, random: &mut Random) {
    let days = match breach {
        "연체" => 1 + random.skewed(30),
        "장기연체" => 31 + random.skewed(150),
        _ => {
            row.text("");
            row.text("");
            return;
        }
    };
    push_number(row.field(), days, 1);
    push_number(row.field(), 100 * days * (1 + random.skewed(5)), 1);
}

/// Adds a number on a library card.
pub(super) fn push_card(person: Person, text: &mut String) {
    person.push_card(person.random(14).weighted(&CARDS), text);
}

/// Adds the number on a seat: a letter for the branch, a digit for the room.
fn push_seat(text: &mut String, (branch, room): (&str, &str), seat: u64) {
    text.push(('A'..).zip(BRANCHES).find(|(_, (_, name))| *name == branch).map_or('Z', |it| it.0));
    let room = (1..).zip(READING_ROOMS).find(|(_, (_, name))| *name == room);
    push_number(text, room.map_or(0, |it| it.0), 1);
    text.push('-');
    push_number(text, 1 + seat, 3);
}

fn doors(setting: &Setting) -> &'static Curve {
    if setting.is_weekend() { &LIBRARY_DOORS_WEEKEND } else { &LIBRARY_DOORS }
}
