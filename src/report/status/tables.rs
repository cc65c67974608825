//! What is published, in; its tables (가명정보 처리현황) out.
//!
//! Source: 개인정보 처리방침 작성지침, 가명정보의 처리.

use serde_json::Value;

use super::{Period, Provided, Status};
use crate::report::table::{Cell, Table};

const LAW: &str = "개인정보 보호법 제30조제1항제4호의2";

impl Status {
    /// The five tables, and the one that has all of them (통합형).
    #[must_use]
    pub fn tables(&self) -> [Table; 6] {
        let planned = ["planned", "제공 예정", "가명정보 제공 예정(아직 제공하지 않음)", LAW];
        [
            self.use_table(),
            provision_table(["provided", "제공", "가명정보 제공 현황", LAW], &self.provided),
            provision_table(planned, &self.planned),
            self.entrusted_table(),
            self.combined_table(),
            self.unified(),
        ]
    }

    fn use_table(&self) -> Table {
        let rows = self.used.iter().map(|row| {
            let [start, end] = row.period.cells();
            [
                Cell::from(row.controller.as_str()),
                Cell::from(row.category.as_str()),
                Cell::from(row.purpose.as_str()),
                Cell::from(row.items.join(", ")),
                start,
                end,
            ]
        });
        let columns = [
            ("개인정보처리자", 20.0),
            ("구분", 12.0),
            ("처리 목적", 40.0),
            ("이용 항목", 40.0),
            ("보유 및 이용 기간(시작)", 12.0),
            ("보유 및 이용 기간(끝)", 12.0),
        ];
        Table::new(["used", "이용", "가명정보 이용 현황", LAW], columns, rows)
    }

    fn entrusted_table(&self) -> Table {
        let rows = self.entrusted.iter().map(|row| {
            [&row.controller, &row.processor, &row.work].map(|text| Cell::from(text.as_str()))
        });
        let columns = [("개인정보처리자", 20.0), ("위탁받는 자(수탁자)", 30.0), ("위탁업무", 60.0)];
        Table::new(["entrusted", "위탁", "가명정보 처리 위탁 현황", LAW], columns, rows)
    }

    fn combined_table(&self) -> Table {
        let rows = self.combined.iter().map(|row| {
            [
                Cell::from(row.controller.as_str()),
                Cell::from(row.agency.as_str()),
                Cell::from(row.key_agency.as_str()),
                Cell::from(row.other.as_str()),
                Cell::from(format!("{}\n{}", row.category, row.purpose)),
                Cell::from(row.items.join(", ")),
            ]
        });
        let columns = [
            ("개인정보처리자", 20.0),
            ("결합전문기관", 20.0),
            ("결합키관리기관", 20.0),
            ("결합 상대 기관", 20.0),
            ("결합 목적", 40.0),
            ("결합 대상 항목", 40.0),
        ];
        Table::new(["combined", "결합", "가명정보 결합 현황", LAW], columns, rows)
    }

    /// 통합형: all of them in one table, which a CSV file is.
    #[must_use]
    pub fn unified(&self) -> Table {
        let mut rows: Vec<[Cell; 7]> = Vec::new();
        let mut add = |act: &str, texts: [&str; 3], items: &[String], period: [Cell; 2]| {
            let [controller, recipient, purpose] = texts.map(Cell::from);
            let [start, end] = period;
            rows.push([
                controller,
                act.into(),
                recipient,
                purpose,
                items.join(", ").into(),
                start,
                end,
            ]);
        };
        for row in &self.used {
            let purpose = format!("{}: {}", row.category, row.purpose);
            add("이용", [&row.controller, "", &purpose], &row.items, row.period.cells());
        }
        for (act, rows) in [("제공", &self.provided), ("제공 예정", &self.planned)] {
            for row in rows {
                let purpose = format!("{}: {}", row.category, row.purpose);
                let texts = [&row.controller, &row.recipient, purpose.as_str()];
                add(act, texts, &row.items, row.period.cells());
            }
        }
        for row in &self.entrusted {
            add(
                "위탁",
                [&row.controller, &row.processor, &row.work],
                &[],
                [Cell::Empty, Cell::Empty],
            );
        }
        for row in &self.combined {
            let purpose = format!("{}: {}", row.category, row.purpose);
            let agencies = format!("{}, {}, {}", row.agency, row.key_agency, row.other);
            let none = [Cell::Empty, Cell::Empty];
            add("결합", [&row.controller, &agencies, &purpose], &row.items, none);
        }
        let columns = [
            ("개인정보처리자", 20.0),
            ("구분", 8.0),
            ("제공받는 자(수탁자·결합기관)", 24.0),
            ("처리 목적(위탁업무)", 40.0),
            ("처리 항목", 40.0),
            ("처리 기간(시작)", 12.0),
            ("처리 기간(끝)", 12.0),
        ];
        Table::new(["status", "통합형", "가명정보 처리현황(통합형)", LAW], columns, rows)
    }
}

impl Period {
    fn cells(&self) -> [Cell; 2] {
        let day = |text: &Option<String>| Cell::day(text.clone().map(Value::from).as_ref());
        let end = if self.end.is_some() { &self.end } else { &self.none_reason };
        [day(&self.start), day(end)]
    }
}

fn provision_table(names: [&'static str; 4], rows: &[Provided]) -> Table {
    let rows = rows.iter().map(|row| {
        let [start, end] = row.period.cells();
        [
            Cell::from(row.controller.as_str()),
            Cell::from(row.recipient.as_str()),
            Cell::from(format!("{}\n{}", row.category, row.purpose)),
            Cell::from(row.items.join(", ")),
            start,
            end,
        ]
    });
    let columns = [
        ("개인정보처리자", 20.0),
        ("제공받는 자", 20.0),
        ("제공받는 자의 이용 목적", 40.0),
        ("제공하는 항목", 40.0),
        ("제공받는 자의 보유·이용기간(시작)", 12.0),
        ("제공받는 자의 보유·이용기간(끝)", 12.0),
    ];
    Table::new(names, columns, rows)
}
