//! Values of records in; cells of a table, each of its type, out.
//!
//! Not here: which tables there are (`ledgers`), how one is written (`workbook`, `csv`).

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde_json::Value;

/// A table for people: a sheet of a workbook, or a file.
#[derive(Debug, Clone)]
pub struct Table {
    /// Name of its file.
    pub key: &'static str,
    /// Name of its sheet.
    pub sheet: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// Where it is laid down.
    pub source: &'static str,
    /// Name of the time zone whose clocks its instants show; empty if it has none.
    pub zone: String,
    /// Who signs it.
    pub signers: [&'static str; 2],
    /// Headings.
    pub columns: Vec<Column>,
    /// As many cells each as there are columns.
    pub rows: Vec<Vec<Cell>>,
}

/// The heading of a column.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// What it is called.
    pub name: &'static str,
    /// Letters that it is wide.
    pub width: f64,
    /// True if instants stand in it.
    pub is_timed: bool,
}

/// One value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Nothing was recorded.
    Empty,
    /// Text.
    Text(String),
    /// A whole number.
    Number(u64),
    /// A day.
    Day(Date),
    /// An instant, as the institution's clock shows it.
    Moment(DateTime),
}

/// The two who sign ledgers of form ❿.
pub const OPERATOR_AND_SUPERVISOR: [&str; 2] = ["담당자", "책임자"];

impl Table {
    /// A table of rows that have as many cells as it has columns.
    pub fn new<const N: usize>(
        [key, sheet, title, source]: [&'static str; 4],
        columns: [(&'static str, f64); N],
        rows: impl IntoIterator<Item = [Cell; N]>,
    ) -> Self {
        Self {
            key,
            sheet,
            title,
            source,
            zone: String::new(),
            signers: OPERATOR_AND_SUPERVISOR,
            columns: columns.map(|(name, width)| Column { name, width, is_timed: false }).to_vec(),
            rows: rows.into_iter().map(|row| row.to_vec()).collect(),
        }
    }

    /// The same with numbers from 1 in a first column (번호), for forms that count their rows.
    /// Form 10 has the numbers of the records instead (일련번호).
    #[must_use]
    pub fn numbered(mut self) -> Self {
        self.columns.insert(0, Column { name: "번호", width: 6.0, is_timed: false });
        for (number, row) in (1..).zip(&mut self.rows) {
            row.insert(0, Cell::Number(number));
        }
        self
    }

    /// The same with columns of these names that hold instants by the clock of a zone.
    #[must_use]
    pub fn timed(mut self, names: &[&str], zone: &TimeZone) -> Self {
        zone.iana_name().unwrap_or("UTC").clone_into(&mut self.zone);
        for column in self.columns.iter_mut().filter(|column| names.contains(&column.name)) {
            column.is_timed = true;
        }
        self
    }

    /// The heading of a column where it stands alone: with the zone if it holds instants.
    #[must_use]
    pub fn heading(&self, column: &Column) -> String {
        let Column { name, is_timed, .. } = column;
        if *is_timed { format!("{name} ({})", self.zone) } else { (*name).to_owned() }
    }
}

impl Cell {
    /// Text; lists joined by commas, as forms have them.
    #[must_use]
    pub fn text(value: Option<&Value>) -> Self {
        Self::from(value.map(text).unwrap_or_default())
    }

    /// Several texts under each other, those that are there.
    #[must_use]
    pub fn lines(values: &[Option<&Value>]) -> Self {
        let texts: Vec<String> = values.iter().flatten().map(|value| text(value)).collect();
        Self::from(joined(&texts, "\n"))
    }

    /// A number, or the text that stands in its place.
    #[must_use]
    pub fn number(value: Option<&Value>) -> Self {
        value.and_then(Value::as_u64).map_or_else(|| Self::text(value), Self::Number)
    }

    /// A day, or the text that stands in its place.
    #[must_use]
    pub fn day(value: Option<&Value>) -> Self {
        let day = value.and_then(Value::as_str).and_then(|text| text.parse().ok());
        day.map_or_else(|| Self::text(value), Self::Day)
    }

    /// An instant by the clock of a zone, or the text that stands in its place.
    #[must_use]
    pub fn moment(value: Option<&Value>, zone: &TimeZone) -> Self {
        let at = value.and_then(Value::as_str).and_then(|text| moment(text, zone));
        at.map_or_else(|| Self::text(value), Self::Moment)
    }

    /// A post: its body and its name.
    #[must_use]
    pub fn post(value: Option<&Value>) -> Self {
        let Some(Value::Object(post)) = value else { return Self::text(value) };
        let parts: Vec<String> =
            ["body", "post"].iter().filter_map(|key| post.get(*key)).map(text).collect();
        Self::from(joined(&parts, " "))
    }

    /// As it is written where there are no types: days as 2026-11-22, times to the second.
    #[must_use]
    pub fn plain(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Day(day) => day.to_string(),
            Self::Moment(at) => at.strftime("%Y-%m-%d %H:%M:%S").to_string(),
        }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

/// A value of a record as text; empty where there is none.
#[must_use]
pub fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(flag) => if *flag { "예" } else { "아니오" }.to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        Value::Array(values) => {
            let texts: Vec<String> = values.iter().map(text).collect();
            joined(&texts, ", ")
        }
        Value::Object(table) => {
            let pairs: Vec<String> =
                table.iter().map(|(key, value)| format!("{key}: {}", text(value))).collect();
            joined(&pairs, ", ")
        }
    }
}

/// The parts that are not empty.
#[must_use]
pub fn joined(parts: &[String], between: &str) -> String {
    let there: Vec<&str> =
        parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    there.join(between)
}

/// An instant by the clock of a zone, to the second.
#[must_use]
pub fn moment(text: &str, zone: &TimeZone) -> Option<DateTime> {
    let at: jiff::Timestamp = text.parse().ok()?;
    let at = at.to_zoned(zone.clone()).datetime();
    at.with().subsec_nanosecond(0).build().ok()
}

/// An instant by the clock of a zone, to the second, and the zone; as it stands if it is none.
#[must_use]
pub fn zoned(text: &str, zone: &TimeZone) -> String {
    let Some(at) = moment(text, zone) else { return text.to_owned() };
    format!("{} ({})", Cell::Moment(at).plain(), zone.iana_name().unwrap_or("UTC"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_keep_their_types_and_what_has_another_stays_as_it_is() {
        let seoul = TimeZone::get("Asia/Seoul").unwrap();
        let some = |value: Value, read: &dyn Fn(Option<&Value>) -> Cell| read(Some(&value));
        assert_eq!(some(json!(7), &Cell::number), Cell::Number(7));
        assert_eq!(some(json!("7명"), &Cell::number), Cell::Text("7명".into()));
        let day = jiff::civil::date(2026, 11, 22);
        assert_eq!(some(json!("2026-11-22"), &Cell::day), Cell::Day(day));
        assert_eq!(some(json!("미정"), &Cell::day), Cell::Text("미정".into()));
        // Midnight in Korea is 15:00 of the day before.
        let at = some(json!("2026-11-21T15:00:00.250Z"), &|value| Cell::moment(value, &seoul));
        assert_eq!(at, Cell::Moment(day.at(0, 0, 0, 0)));
        assert_eq!(
            Cell::post(Some(&json!({"body": "성남시", "post": "과장"}))).plain(),
            "성남시 과장"
        );
        assert_eq!(Cell::text(Some(&json!(["가", "", "나"]))).plain(), "가, 나");
        assert_eq!(Cell::lines(&[None, Some(&json!("가")), Some(&json!(null))]).plain(), "가");
        assert_eq!(Cell::text(None), Cell::Empty);
    }
}
