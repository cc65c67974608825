use super::*;
use crate::notation::time::{Written, read};
use jiff::civil::date;
use proptest::prelude::*;

const UNITS: [Unit; 11] = [
    Unit::Minute,
    Unit::TenMinutes,
    Unit::QuarterHour,
    Unit::HalfHour,
    Unit::Hour,
    Unit::QuarterDay,
    Unit::Day,
    Unit::Week,
    Unit::Month,
    Unit::Quarter,
    Unit::Year,
];

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}

fn at(text: &str, zone: &TimeZone) -> Local {
    read(text.as_bytes(), Written::Local, Some(zone)).unwrap()
}

/// What the clock shows.
fn text(local: Local) -> String {
    date_time(local.seconds).unwrap().strftime("%Y-%m-%d %H:%M:%S").to_string()
}

#[track_caller]
fn floors(zone: &TimeZone, time: &str, unit: Unit, expected: &str, in_utc: &str) {
    let found = floor(at(time, zone), unit, Some(zone)).unwrap();
    assert_eq!(text(found), expected, "{time} {unit:?}");
    let in_utc: Timestamp = in_utc.parse().unwrap();
    assert_eq!(utc(found), Some(in_utc.as_microsecond()), "{time} {unit:?}");
}

#[test]
fn units_of_the_calendar_begin_at_the_local_midnight() {
    let seoul = zone("Asia/Seoul");
    for (unit, expected, in_utc) in [
        (Unit::Minute, "2025-11-19 13:55:00", "2025-11-19T04:55:00Z"),
        (Unit::TenMinutes, "2025-11-19 13:50:00", "2025-11-19T04:50:00Z"),
        (Unit::QuarterHour, "2025-11-19 13:45:00", "2025-11-19T04:45:00Z"),
        (Unit::HalfHour, "2025-11-19 13:30:00", "2025-11-19T04:30:00Z"),
        (Unit::Hour, "2025-11-19 13:00:00", "2025-11-19T04:00:00Z"),
        (Unit::QuarterDay, "2025-11-19 12:00:00", "2025-11-19T03:00:00Z"),
        (Unit::Day, "2025-11-19 00:00:00", "2025-11-18T15:00:00Z"),
        (Unit::Week, "2025-11-17 00:00:00", "2025-11-16T15:00:00Z"),
        (Unit::Month, "2025-11-01 00:00:00", "2025-10-31T15:00:00Z"),
        (Unit::Quarter, "2025-10-01 00:00:00", "2025-09-30T15:00:00Z"),
        (Unit::Year, "2025-01-01 00:00:00", "2024-12-31T15:00:00Z"),
    ] {
        floors(&seoul, "2025-11-19 13:55:36", unit, expected, in_utc);
    }
    // A week over the end of a year, and before 1970.
    floors(
        &seoul,
        "2026-01-01 00:00:00",
        Unit::Week,
        "2025-12-29 00:00:00",
        "2025-12-28T15:00:00Z",
    );
    floors(
        &seoul,
        "1969-12-28 23:59:59",
        Unit::Week,
        "1969-12-22 00:00:00",
        "1969-12-21T15:00:00Z",
    );
}

/// Berlin, because Seoul has had no summer time since 1988.
#[test]
fn a_month_has_one_beginning_though_the_clock_changes() {
    let berlin = zone("Europe/Berlin");
    for day in ["2025-03-01 12:00:00", "2025-03-31 12:00:00", "2025-03-30 02:30:00"] {
        floors(&berlin, day, Unit::Month, "2025-03-01 00:00:00", "2025-02-28T23:00:00Z");
    }
    for time in ["2025-03-30 00:30:00", "2025-03-30 12:00:00"] {
        floors(&berlin, time, Unit::Day, "2025-03-30 00:00:00", "2025-03-29T23:00:00Z");
    }
    // The hour from two to three came twice, and both are hours.
    for (time, in_utc) in [
        ("2025-10-26T00:30:00Z", "2025-10-26T00:00:00Z"),
        ("2025-10-26T01:30:00Z", "2025-10-26T01:00:00Z"),
    ] {
        let local = read(time.as_bytes(), Written::Local, Some(&berlin)).unwrap();
        let found = utc(floor(local, Unit::Hour, Some(&berlin)).unwrap()).unwrap();
        assert_eq!(found, in_utc.parse::<Timestamp>().unwrap().as_microsecond());
    }
    // Midnight was skipped in Beirut: the day began at one.
    let beirut = zone("Asia/Beirut");
    let found = floor(at("2022-03-27 15:00:00", &beirut), Unit::Day, Some(&beirut)).unwrap();
    let expected: Timestamp = "2022-03-26T22:00:00Z".parse().unwrap();
    assert_eq!(utc(found), Some(expected.as_microsecond()));
}

#[test]
fn days_of_the_week_agree_with_the_library() {
    let mut day = date(1899, 12, 1);
    while day.year() < 2105 {
        let seconds = midnight(day).unwrap();
        let name = format!("{:?}", day.weekday());
        for seconds in [seconds, seconds + DAY - 1] {
            assert_eq!(weekday(Local { seconds, offset: 0 }), &name[..3], "{day}");
        }
        day = day.checked_add(jiff::Span::new().days(17)).unwrap();
    }
    assert_eq!(weekday(at("2025-10-10 13:55:36", &zone("Asia/Seoul"))), "Fri");
}

#[test]
fn bands_cover_the_day() {
    let names = |bounds: &str| {
        let bands = HourBand::new(&toml::from_str(&format!("bounds = {bounds}")).unwrap());
        let name =
            |hour: i64| bands.name(Local { seconds: hour * HOUR + 3_599, offset: 0 }).to_owned();
        (0..24).map(name).collect::<Vec<_>>()
    };
    let whole = names("[0, 6, 9, 12, 18, 22]");
    assert_eq!((&*whole[0], &*whole[5], &*whole[6]), ("00-06", "00-06", "06-09"));
    assert_eq!(
        (&*whole[11], &*whole[12], &*whole[22], &*whole[23]),
        ("09-12", "12-18", "22-24", "22-24")
    );
    let night = names("[6, 22]");
    assert_eq!(
        (&*night[0], &*night[5], &*night[6], &*night[21], &*night[22]),
        ("22-06", "22-06", "06-22", "06-22", "22-06")
    );
    let every = names("[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23]");
    assert_eq!((&*every[0], &*every[23]), ("00-01", "23-24"));
}

fn of_terms(weeks: i64) -> Shift {
    let terms = "['03-01', '06-22', '09-01', '12-21']";
    Shift::new(
        &toml::from_str(&format!("weeks = {weeks}\nkeep = 'term'\nterms = {terms}")).unwrap(),
    )
}

#[test]
fn terms_lie_between_their_first_days() {
    let seoul = zone("Asia/Seoul");
    let shift = of_terms(8);
    for (time, begin, end) in [
        ("2025-03-01 00:00:00", "2025-03-01", "2025-06-22"),
        ("2025-06-21 23:59:59", "2025-03-01", "2025-06-22"),
        ("2025-10-10 13:55:36", "2025-09-01", "2025-12-21"),
        ("2025-12-31 23:59:59", "2025-12-21", "2026-03-01"),
        ("2024-02-29 12:00:00", "2023-12-21", "2024-03-01"),
    ] {
        let term = shift.term(at(time, &seoul)).unwrap();
        let day = |text: &str| midnight(text.parse().unwrap()).unwrap();
        assert_eq!(term, Term { begin: day(begin), end: day(end) }, "{time}");
    }
    // One term is a year long.
    let text = "weeks = 8\nkeep = 'term'\nterms = ['03-01']";
    let year = Shift::new(&toml::from_str(text).unwrap());
    let term = year.term(at("2024-02-28 12:00:00", &seoul)).unwrap();
    assert_eq!(term.end - term.begin, 366 * DAY);
}

#[test]
fn choices_keep_the_extent_inside() {
    let seoul = zone("Asia/Seoul");
    let shift = of_terms(4);
    let choices = |first: &str, last: &str| {
        let (first, last) = (at(first, &seoul), at(last, &seoul));
        shift.choices(shift.term(first).unwrap(), Extent::of(last).with(first))
    };
    // The term is 16 weeks less a day long, from Monday to Saturday.
    assert_eq!(choices("2025-09-01 00:00:00", "2025-09-01 00:00:00"), 0..=4);
    assert_eq!(choices("2025-12-20 23:59:59", "2025-12-20 23:59:59"), -4..=0);
    assert_eq!(choices("2025-09-08 00:00:00", "2025-12-13 23:59:59"), -1..=1);
    assert_eq!(choices("2025-09-07 23:59:59", "2025-12-14 00:00:00"), 0..=0);
    assert_eq!(choices("2025-10-20 00:00:00", "2025-10-20 00:00:00"), -4..=4);
    let free = Shift::new(&toml::from_str("weeks = 4").unwrap());
    assert!(!free.keeps_terms() && shift.keeps_terms());
    let local = at("2025-09-01 00:00:00", &seoul);
    assert_eq!(free.choices(free.term(local).unwrap(), Extent::of(local)), -4..=4);
}

#[test]
fn a_shift_over_a_clock_change_keeps_what_the_clock_shows() {
    let berlin = zone("Europe/Berlin");
    let moved = moved(at("2025-03-27 09:30:00", &berlin), 1, Some(&berlin)).unwrap();
    assert_eq!(text(moved), "2025-04-03 09:30:00");
    let expected: Timestamp = "2025-04-03T07:30:00Z".parse().unwrap();
    assert_eq!(utc(moved), Some(expected.as_microsecond()));
}

#[test]
fn times_beyond_the_calendar_give_none() {
    for seconds in [i64::MIN, i64::MAX, 400_000_000_000, -400_000_000_000] {
        let local = Local { seconds, offset: 0 };
        for unit in [Unit::Week, Unit::Month, Unit::Year] {
            assert_eq!(floor(local, unit, None), None);
        }
        assert_eq!(of_terms(8).term(local), None);
        assert_eq!(moved(local, 8, None), None);
        let _ = (weekday(local), floor(local, Unit::Minute, None), utc(local));
    }
    let last = Local { seconds: midnight(date(9999, 12, 25)).unwrap(), offset: 0 };
    assert_eq!(of_terms(8).term(last), None);
    assert_eq!(moved(last, 2, None), None);
}

#[test]
fn draws_are_spread_over_the_choices() {
    let shift = Shift::new(&toml::from_str("weeks = 2").unwrap());
    let local = Local { seconds: 0, offset: 0 };
    let (term, extent) = (shift.term(local).unwrap(), Extent::of(local));
    let mut counts = [0; 5];
    for subject in 0..5_000 {
        let draw = draw::derived(&[3; 32], subject);
        counts[usize::try_from(shift.weeks(&draw, term, extent) + 2).unwrap()] += 1;
    }
    assert!(counts.iter().all(|count| (850..1_150).contains(count)), "{counts:?}");
}

#[test]
fn another_term_has_another_draw() {
    let shift = of_terms(2);
    let seoul = zone("Asia/Seoul");
    let weeks = |time: &str, draw: &[u8; 32]| {
        let local = at(time, &seoul);
        shift.weeks(draw, shift.term(local).unwrap(), Extent::of(local))
    };
    let differs = |subject: i64| {
        let draw = draw::derived(&[5; 32], subject);
        weeks("2025-04-15 12:00:00", &draw) != weeks("2025-10-15 12:00:00", &draw)
    };
    // Four of five on average.
    let subjects = (0..1_000).filter(|&subject| differs(subject)).count();
    assert!((750..850).contains(&subjects), "{subjects}");
}

/// Seconds of the clock in the years from 1900 to 2100.
fn times() -> impl Strategy<Value = i64> {
    -2_208_988_800i64..4_102_444_800
}

proptest! {
    /// Without a zone, units of seconds are those of `Local::floor`.
    #[test]
    fn short_units_are_as_before(seconds in times(), quarters in -48i64..=56) {
        let local = Local { seconds, offset: quarters * 900 };
        for (unit, length) in UNITS.into_iter().zip([60, 600, 900, 1_800, 3_600, 21_600, 86_400]) {
            let found = floor(local, unit, None).and_then(utc);
            prop_assert_eq!(found, Some(local.floor(length)));
        }
    }

    /// The library's calendar as the oracle.
    #[test]
    fn long_units_agree_with_the_library(seconds in times()) {
        let local = Local { seconds, offset: 0 };
        let today = date_time(seconds).unwrap().date();
        let of = |unit| date_time(floor(local, unit, None).unwrap().seconds).unwrap();
        let begins = |date: Date| DateTime::from_parts(date, Time::midnight());
        prop_assert_eq!(of(Unit::Month), begins(today.first_of_month()));
        prop_assert_eq!(of(Unit::Year), begins(today.first_of_year()));
        let week = today.iso_week_date();
        let monday = jiff::civil::ISOWeekDate::new(week.year(), week.week(), jiff::civil::Weekday::Monday);
        prop_assert_eq!(of(Unit::Week), begins(monday.unwrap().date()));
        let quarter = of(Unit::Quarter).date();
        prop_assert!(quarter <= today && quarter.checked_add(jiff::Span::new().months(3)).unwrap() > today);
        prop_assert!(quarter.day() == 1 && [1, 4, 7, 10].contains(&quarter.month()));
    }

    /// Coarser never splits: what a unit makes equal, a unit that is made of it
    /// makes equal; and order stays.
    #[test]
    fn rounding_keeps_order_and_never_splits(seconds in times(), apart in 0i64..40_000_000) {
        let (a, b) = (Local { seconds, offset: 0 }, Local { seconds: seconds + apart, offset: 0 });
        let of = |unit| (floor(a, unit, None).unwrap(), floor(b, unit, None).unwrap());
        for unit in UNITS {
            let (a, b) = of(unit);
            prop_assert!(a.seconds <= b.seconds);
            prop_assert!(a.seconds <= seconds);
            prop_assert_eq!(floor(a, unit, None), Some(a));
        }
        let nested = [Unit::Hour, Unit::QuarterDay, Unit::Day, Unit::Month, Unit::Quarter, Unit::Year];
        for pair in nested.windows(2) {
            let ((fine_a, fine_b), (a, b)) = (of(pair[0]), of(pair[1]));
            prop_assert!(fine_a != fine_b || a == b);
        }
    }

    /// In a zone whose clock changes: one day, week, month … has one beginning.
    #[test]
    fn a_class_is_one_moment_in_utc(seconds in 0i64..2_000_000_000, apart in 0i64..5_000_000) {
        let berlin = zone("Europe/Berlin");
        let shown = |utc: i64| {
            let offset = berlin.to_offset(Timestamp::from_second(utc).unwrap()).seconds();
            Local { seconds: utc + i64::from(offset), offset: offset.into() }
        };
        for unit in [Unit::QuarterDay, Unit::Day, Unit::Week, Unit::Month, Unit::Quarter, Unit::Year] {
            let (a, b) = (floor(shown(seconds), unit, Some(&berlin)), floor(shown(seconds + apart), unit, Some(&berlin)));
            let (a, b) = (a.unwrap(), b.unwrap());
            prop_assert_eq!(a.seconds == b.seconds, utc(a) == utc(b));
            prop_assert!(utc(a) <= utc(b));
        }
    }

    /// The laws of a shift, for the times of one subject.
    #[test]
    fn a_shift_keeps_term_weekday_hour_and_order(
        times in prop::collection::vec(1_700_000_000i64..1_790_000_000, 1..12),
        weeks in 1i64..=52,
        keeps_terms: bool,
        draw: [u8; 32],
    ) {
        let free = Shift::new(&toml::from_str(&format!("weeks = {weeks}")).unwrap());
        let shift = if keeps_terms { of_terms(weeks) } else { free };
        let mut extents = std::collections::BTreeMap::new();
        for &seconds in &times {
            let local = Local { seconds, offset: 9 * HOUR };
            let term = shift.term(local).unwrap();
            let extent = extents.entry(term).or_insert_with(|| Extent::of(local));
            *extent = extent.with(local);
        }
        let mut before_and_after = Vec::new();
        for seconds in times {
            let local = Local { seconds, offset: 9 * HOUR };
            let term = shift.term(local).unwrap();
            let by = shift.weeks(&draw, term, extents[&term]);
            let after = moved(local, by, None).unwrap();
            prop_assert!(by.abs() <= weeks);
            prop_assert_eq!(after.seconds - seconds, by * WEEK);
            prop_assert_eq!(weekday(after), weekday(local));
            prop_assert_eq!(after.seconds.rem_euclid(DAY), seconds.rem_euclid(DAY));
            prop_assert_eq!(shift.term(after), Some(term));
            before_and_after.push((term, seconds, after.seconds));
        }
        // Distances within a term stay, and with them the order; terms stay in order.
        for (term, before, after) in &before_and_after {
            for (other_term, other_before, other_after) in &before_and_after {
                if term == other_term {
                    prop_assert_eq!(after - before, other_after - other_before);
                } else {
                    prop_assert_eq!(before < other_before, after < other_after);
                }
            }
        }
    }
}
