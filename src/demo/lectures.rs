//! A day in; who was at which course of the term until then out, as the system for
//! courses exports it once a term.
//!
//! Unlike the other tables it reaches back: each course is once a week, and most who
//! are in it come most weeks.
//!
//! Not here: what a library does besides (`library`).

use std::io::{self, Write};

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};

use super::Setting;
use super::library::push_card;
use super::lines::Lines;
use super::person::{NAMES, Person};
use super::table::Row;

/// Weeks of a term until its last day.
const WEEKS: i64 = 12;

/// Lines of the web log per person in a course.
const LINES_PER_PERSON: u64 = 150;

/// A course: day and hour, branch, room, name.
type Course = (Weekday, u64, &'static str, &'static str, &'static str);

/// Courses in the order of the hours of a day, and how many of a hundred people are in
/// each.
const COURSES: [(u64, Course); 10] = [
    (13, (Weekday::Monday, 10, "분당", "제1문화교실", "어린이 독서회")),
    (12, (Weekday::Tuesday, 10, "중앙", "문화교실", "그림책 읽는 어른")),
    (11, (Weekday::Wednesday, 10, "판교", "시청각실", "영화로 배우는 역사")),
    (10, (Weekday::Thursday, 10, "수정", "문화강좌실", "자서전 쓰기")),
    (9, (Weekday::Friday, 10, "중원", "강의실", "처음 하는 코딩")),
    (10, (Weekday::Monday, 14, "중앙", "세미나실", "고전 읽기")),
    (9, (Weekday::Wednesday, 14, "분당", "제2문화교실", "생활 영어")),
    (9, (Weekday::Thursday, 19, "판교", "세미나실", "퇴근길 인문학")),
    (9, (Weekday::Friday, 19, "분당", "강당", "밤의 음악 감상")),
    (8, (Weekday::Saturday, 14, "수정", "문화강좌실", "가족 글쓰기")),
];

/// Writes the attendance of the term until the day, in the order of time.
pub(super) fn write(setting: &Setting, file: Box<dyn Write>) -> io::Result<u64> {
    let people = setting.people(setting.web_lines / LINES_PER_PERSON);
    let mut lines = Lines::new(file, "\n");
    lines.line().push_str("수업일시,회원증번호,성명,나이,주소,도서관,강의실,강좌");
    lines.end()?;
    for back in (0..7 * WEEKS).rev() {
        let Ok(date) = setting.date.checked_sub(back.days()) else { continue };
        for (_, course) in COURSES.iter().filter(|(_, course)| course.0 == date.weekday()) {
            for person in people.all() {
                if person.random(19).weighted(&COURSES) == *course && comes(person, date) {
                    attend(&mut lines, date, person, *course);
                    lines.end()?;
                }
            }
        }
    }
    lines.finish()
}

/// Four of five times, and the same whenever the table is exported.
fn comes(person: Person, date: Date) -> bool {
    let day = 512 * i64::from(date.year()) + i64::from(date.day_of_year());
    !person.random(1_000 + day.unsigned_abs()).one_in(5)
}

fn attend(lines: &mut Lines, date: Date, person: Person, course: Course) {
    let (_, hour, branch, room, name) = course;
    let date = date.to_string();
    let mut row = Row::new(lines.line(), &date, 3_600 * hour);
    row.time(row.second);
    push_card(person, row.field());
    row.text(person.name(&NAMES));
    super::lines::push_number(row.field(), person.age(), 1);
    person.home().push_address(person, row.field());
    row.text(branch);
    row.text(room);
    row.text(name);
}
