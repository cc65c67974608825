//! Date in; name of the epoch it lies in out.
//!
//! | window    | epoch of 22 November 2026 |
//! |-----------|---------------------------|
//! | `run`     | none                      |
//! | `day`     | `2026-11-22`              |
//! | `week`    | `2026-W47`                |
//! | `month`   | `2026-11`                 |
//! | `quarter` | `2026-Q4`                 |
//! | `year`    | `2026`                    |
//! | `project` | `project`                 |
//!
//! Source: ISO 8601-1:2019 for days, weeks, months and years.
//!
//! Not here: the secret of an epoch (`keys`), which date a record has.

use std::fmt;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;

/// How long the same person keeps the same pseudonym. Each epoch of a window
/// has a secret of its own.
///
/// Longer windows let more of a person's records be linked, by the researcher
/// and by an intruder alike. There is no default: the pipeline has to say why
/// it needs more than `run`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Window {
    /// One run. The secret is never written down and is gone when the run ends.
    Run,
    /// One calendar day.
    Day,
    /// One week, Monday to Sunday.
    Week,
    /// One calendar month.
    Month,
    /// Three calendar months, the first of them January, April, July or October.
    Quarter,
    /// One calendar year.
    Year,
    /// The whole life of the pipeline.
    Project,
}

impl Window {
    /// The name of the epoch that `date` lies in, or `None` for
    /// [`Window::Run`], whose secret has no name because it has no file.
    ///
    /// The year of a week is that of its Thursday: 1 January 2027 lies in
    /// `2026-W53`.
    ///
    /// # Examples
    ///
    /// ```
    /// use gamyeong::vault::window::Window;
    /// use jiff::civil::date;
    ///
    /// let day = date(2026, 11, 22);
    /// assert_eq!(Window::Quarter.epoch(day).as_deref(), Some("2026-Q4"));
    /// assert_eq!(Window::Run.epoch(day), None);
    /// ```
    #[must_use]
    pub fn epoch(self, date: Date) -> Option<String> {
        let (year, month) = (date.year(), date.month());
        match self {
            Window::Run => None,
            Window::Day => Some(format!("{year:04}-{month:02}-{:02}", date.day())),
            Window::Week => {
                let week = date.iso_week_date();
                Some(format!("{:04}-W{:02}", week.year(), week.week()))
            }
            Window::Month => Some(format!("{year:04}-{month:02}")),
            Window::Quarter => Some(format!("{year:04}-Q{}", (month + 2) / 3)),
            Window::Year => Some(format!("{year:04}")),
            Window::Project => Some("project".to_owned()),
        }
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Window::Run => "run",
            Window::Day => "day",
            Window::Week => "week",
            Window::Month => "month",
            Window::Quarter => "quarter",
            Window::Year => "year",
            Window::Project => "project",
        })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const ALL: [Window; 7] = [
        Window::Run,
        Window::Day,
        Window::Week,
        Window::Month,
        Window::Quarter,
        Window::Year,
        Window::Project,
    ];

    #[track_caller]
    fn names(date: Date, expected: [Option<&str>; 7]) {
        assert_eq!(
            ALL.map(|window| window.epoch(date)),
            expected.map(|name| name.map(str::to_owned))
        );
    }

    #[test]
    fn epochs_are_named_as_in_the_table() {
        names(
            date(2026, 11, 22),
            [
                None,
                Some("2026-11-22"),
                Some("2026-W47"),
                Some("2026-11"),
                Some("2026-Q4"),
                Some("2026"),
                Some("project"),
            ],
        );
    }

    #[test]
    fn a_week_belongs_to_the_year_of_its_thursday() {
        for day in [date(2026, 12, 28), date(2027, 1, 1), date(2027, 1, 3)] {
            assert_eq!(Window::Week.epoch(day).as_deref(), Some("2026-W53"));
        }
        assert_eq!(Window::Week.epoch(date(2027, 1, 4)).as_deref(), Some("2027-W01"));
        assert_eq!(Window::Week.epoch(date(2024, 12, 30)).as_deref(), Some("2025-W01"));
    }

    #[test]
    fn every_quarter_has_three_months() {
        let quarters: Vec<_> =
            (1..=12).filter_map(|month| Window::Quarter.epoch(date(2026, month, 1))).collect();
        let expected = ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"].map(|name| [name; 3]);
        assert_eq!(quarters, expected.as_flattened());
    }

    #[test]
    fn the_file_writes_a_window_as_messages_do() {
        for window in ALL {
            let read: Window = serde_json::from_value(window.to_string().into()).unwrap();
            assert_eq!(read, window);
        }
        let schema = serde_json::to_string(&schemars::schema_for!(Window)).unwrap();
        assert!(ALL.iter().all(|window| schema.contains(&format!("\"{window}\""))), "{schema}");
        assert!(serde_json::from_value::<Window>("Month".into()).is_err());
    }

    #[test]
    fn longer_windows_compare_greater() {
        assert!(ALL.is_sorted());
    }
}
