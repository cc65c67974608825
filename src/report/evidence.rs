//! A verified ledger and a year in; one archive for the yearly assessment (보호수준 평가) out.
//!
//! ```text
//! index.html, SHA256SUMS            what is in it, with digests
//! ledger/…, institution.toml        the whole ledger: `gamyeong ledger verify` runs on it
//! verification.json                 what the check said
//! page.html, ledgers.xlsx           the year, to read and to print
//! status.html, status.json          what is published
//! approvals.csv, incidents.csv, rights.csv, policies.csv
//! certificates/000123.html          a certificate for each destruction
//! ```
//!
//! The year chooses what is listed; the ledger goes in whole, because a chain cannot be
//! checked in parts. The same ledger and year give the same bytes. Files come from the
//! verified ledger and from this module alone: nothing of keys or vault is ever read.

use std::collections::BTreeMap;
use std::io::{Cursor, Write as _};

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::certificate;
use super::csv;
use super::history::{Days, History};
use super::html;
use super::incidents;
use super::ledgers;
use super::page::{self, Page};
use super::secrets::{self, Secrets};
use super::status::Status;
use super::stored::Stored;
use super::table::{Cell, Table, zoned};
use super::verified::Verified;
use crate::ledger::record::Kind;

/// Reviews and approvals.
const APPROVALS: &[Kind] =
    &[Kind::RiskReview, Kind::AdequacyReview, Kind::PlanApproved, Kind::RetentionApproved];

/// A file of the archive, and what it is.
#[derive(Debug, Clone)]
pub struct File {
    /// Its path.
    pub path: String,
    /// In Korean.
    pub about: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// A file of the ledger that is not packed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Its path in the ledger.
    pub path: String,
    /// How long it is.
    pub bytes: u64,
    /// Its digest.
    pub sha256: String,
}

/// A version of the privacy policy: when it came into force, and what it allows.
#[derive(Debug, Clone)]
pub struct Policy {
    /// First day.
    pub from: jiff::civil::Date,
    /// Purposes.
    pub purposes: Vec<&'static str>,
}

/// What the archive is made of.
#[derive(Debug)]
pub struct Evidence<'a> {
    /// The year.
    pub year: i16,
    /// The ledger.
    pub verified: &'a Verified,
    /// What [`leave_out`] took out of it.
    pub left_out: &'a [LeftOut],
    /// What happened.
    pub history: &'a History,
    /// Name of the zone in which days begin.
    pub zone: &'a str,
    /// Versions of the policy that the institution has.
    pub policies: &'a [Policy],
    /// The institution file, without the places of its stores.
    pub institution: Vec<u8>,
}

impl Evidence<'_> {
    fn days(&self) -> Days {
        Days::of_year(self.year).unwrap_or_default()
    }

    /// The tables of the workbook.
    #[must_use]
    pub fn tables(&self) -> Vec<Table> {
        let mut tables = ledgers::all(self.history, self.days());
        tables.push(self.policies());
        tables
    }

    /// Every file but the index, sorted by path; `workbook` is that of [`Evidence::tables`].
    #[must_use]
    pub fn files(&self, workbook: Vec<u8>) -> Vec<File> {
        let days = self.days();
        let until = Days { from: None, to: days.to };
        let report = &self.verified.report;
        let status = Status::of(report, self.history, days);
        let approvals = ledgers::approvals(self.history, days);
        let rights = ledgers::rights(self.history, until);
        let mut files: Vec<File> = Vec::new();
        let mut add = |path: &str, about: &str, bytes: Vec<u8>| {
            files.push(File { path: path.to_owned(), about: about.to_owned(), bytes });
        };
        for (path, bytes) in &self.verified.files {
            add(&format!("ledger/{path}"), about_ledger(path), bytes.clone());
        }
        add("institution.toml", "기관 설정(저장 위치 제외). 검증에 필요", self.institution.clone());
        add("verification.json", "검증 결과(gamyeong ledger verify --json)", self.verification());
        add("page.html", "감사 화면: 대장과 서식, 브라우저에서 스스로 검증", self.page());
        add("ledgers.xlsx", "대장(엑셀, 인쇄와 서명용)", workbook);
        add(
            "status.html",
            "가명정보 처리현황과 처리방침 문안",
            status.html(days, &self.history.zone).into_bytes(),
        );
        add("status.json", "같은 내용(JSON)", pretty(&status));
        add(
            "rights.csv",
            "접근권한 부여·변경·말소 이력(처음부터 그해 말까지)",
            csv::write(&rights),
        );
        add("approvals.csv", "검토와 승인 내역", csv::write(&approvals));
        let incidents = incidents::incidents(self.history, days);
        add("incidents.csv", "유출등 대장", csv::write(&incidents));
        add("policies.csv", "개인정보 처리방침 판과 그 적용", csv::write(&self.policies()));
        for certificate in certificate::all(report, self.history, days) {
            let path = format!("certificates/{:06}.html", certificate.seq);
            let about = format!("파기 확인서: {}", certificate.what);
            add(&path, &about, certificate.html.into_bytes());
        }
        files.sort_by(|left, right| left.path.cmp(&right.path));
        files
    }

    fn verification(&self) -> Vec<u8> {
        let mut value = self.verified.report.to_value();
        value["data"] = serde_json::Value::Null;
        format!("{value}\n").into_bytes()
    }

    fn page(&self) -> Vec<u8> {
        let days = self.days();
        let page = Page {
            stored: Stored::of(&self.verified.files),
            zone: self.zone.to_owned(),
            made: self.history.newest.clone(),
            from: days.from.map(|day| day.to_string()),
            to: days.to.map(|day| day.to_string()),
        };
        page::write(page).into_bytes()
    }

    /// Versions of the policy, and the processings of the year under each.
    fn policies(&self) -> Table {
        let mut used: BTreeMap<String, (u64, Vec<String>)> = BTreeMap::new();
        for entry in self.history.within(&[Kind::RunCommit], self.days()) {
            let (number, pipelines) = used.entry(entry.text("policy")).or_default();
            *number += 1;
            let pipeline = entry.text("pipeline");
            if !pipelines.contains(&pipeline) {
                pipelines.push(pipeline);
            }
        }
        let mut rows: BTreeMap<String, String> = BTreeMap::new();
        for policy in self.policies {
            rows.insert(policy.from.to_string(), policy.purposes.join(", "));
        }
        for from in used.keys() {
            rows.entry(from.clone()).or_insert_with(|| "(기관 설정에 없음)".to_owned());
        }
        let rows = rows.into_iter().map(|(from, purposes)| {
            let (number, mut pipelines) = used.remove(&from).unwrap_or_default();
            pipelines.sort();
            let from = Cell::day(Some(&serde_json::Value::from(from)));
            [from, purposes.into(), Cell::Number(number), pipelines.join(", ").into()]
        });
        let columns = [
            ("시행일", 12.0),
            ("가명정보 처리 목적", 40.0),
            ("그해 처리 횟수", 12.0),
            ("가명처리", 60.0),
        ];
        let source = "개인정보 보호법 제30조";
        Table::new(["policies", "처리방침", "개인정보 처리방침 판", source], columns, rows)
    }

    /// All files with the index before them (목차), which lists every one with its digest.
    #[must_use]
    pub fn with_index(&self, mut files: Vec<File>) -> Vec<File> {
        let index =
            html::document(&format!("{}년 가명정보 처리 증적", self.year), &self.index(&files));
        let about = "목차".to_owned();
        files.push(File { path: "index.html".to_owned(), about, bytes: index.into_bytes() });
        let line = |file: &File| format!("{}  {}\n", digest(&file.bytes), file.path);
        let sums: String = files.iter().map(line).collect();
        let about = "목차를 포함한 모든 파일의 요약값".to_owned();
        files.push(File { path: "SHA256SUMS".to_owned(), about, bytes: sums.into_bytes() });
        files.sort_by(|left, right| left.path.cmp(&right.path));
        files
    }

    fn index(&self, files: &[File]) -> String {
        let report = &self.verified.report;
        let days = self.days();
        let number = |kinds: &[Kind]| {
            let all = self.history.within(kinds, days);
            let right = all.filter(|entry| entry.corrected_by.is_none()).count();
            format!("{right}건")
        };
        let mut body = html::fields(&[
            ("개인정보처리자", self.history.opened("name")),
            ("기간", days.korean()),
            ("기록", format!("{}건(처음부터 모두), 뿌리값 {}", report.size, report.root.to_hex())),
            ("마지막 기록", zoned(&self.history.newest, &self.history.zone)),
            ("검증 결과", verdict(report.status().as_str())),
            ("가명처리", number(&[Kind::RunCommit])),
            ("가명처리 거부", number(&[Kind::RunRefused])),
            ("가명처리 보류", number(&[Kind::NightBlocked])),
            ("제공", number(&[Kind::Provision, Kind::CombinationFiles])),
            ("파기", number(ledgers::DESTRUCTIONS)),
            ("접근권한 부여·변경·말소", number(ledgers::RIGHTS)),
            ("검토·승인", number(APPROVALS)),
            ("유출등 사고", number(&[Kind::Incident])),
            ("기록 검증", number(&[Kind::VerifyDone])),
        ]);
        body.push_str(&html::element("h2", "확인하는 방법"));
        for line in [
            "1. 이 압축을 푼 폴더에서 sha256sum -c SHA256SUMS 로 파일이 그대로인지 확인합니다.",
            "2. gamyeong --house . ledger verify 로 처리 기록 전체를 검증합니다. 따로 받은 공개키가 있으면 --trust, 전에 받은 체크포인트가 있으면 --earlier 를 씁니다.",
            "3. 프로그램이 없으면 page.html 을 브라우저로 엽니다. 인터넷 없이 스스로 검증합니다.",
            "이 해의 내용은 대장과 목록에만 적용됩니다. 기록은 나누어 검증할 수 없으므로 처음부터 모두 들어 있습니다.",
            "비밀키와 추가정보는 들어 있지 않습니다.",
        ] {
            body.push_str(&html::element("p", line));
            body.push('\n');
        }
        let rows = files.iter().map(|file| {
            [
                Cell::from(file.path.as_str()),
                Cell::from(file.about.as_str()),
                Cell::Number(file.bytes.len() as u64),
                Cell::from(digest(&file.bytes)),
            ]
        });
        let columns =
            [("파일", 30.0), ("내용", 40.0), ("크기(바이트)", 12.0), ("요약값(SHA-256)", 64.0)];
        let table = Table::new(["index", "목차", "목차", "-"], columns, rows);
        body + &html::section(&table) + &self.missing()
    }

    /// What was not packed, and whether the rest can be verified without it.
    fn missing(&self) -> String {
        if self.left_out.is_empty() {
            return String::new();
        }
        let rows = self.left_out.iter().map(|file| {
            [
                Cell::from(format!("ledger/{}", file.path)),
                Cell::from("비밀키나 비밀값으로 보임"),
                Cell::Number(file.bytes),
                Cell::from(file.sha256.as_str()),
            ]
        });
        let columns =
            [("파일", 30.0), ("사유", 40.0), ("크기(바이트)", 12.0), ("요약값(SHA-256)", 64.0)];
        let is_quarantined = |file: &LeftOut| file.path.starts_with("quarantine/");
        let title = if self.left_out.iter().all(is_quarantined) {
            "넣지 않은 파일(격리된 것이어서 나머지는 그대로 검증됨)"
        } else {
            "넣지 않은 파일(격리되지 않은 것이 있어 나머지만으로는 검증되지 않음)"
        };
        html::section(&Table::new(["left-out", "제외", title, "-"], columns, rows))
    }
}

/// Takes what holds a key or secret out of what is packed. The quarantine has room for files of
/// any content: `files` of the check knows those by the name alone, and does not miss one.
/// Without another file the ledger cannot be verified where it is unpacked, which the index says.
/// What is made of the records has words in the place of a key.
pub fn leave_out(verified: &mut Verified, history: &mut History, secrets: Secrets) -> Vec<LeftOut> {
    let bodies = history.entries.iter_mut().flat_map(|entry| entry.body.values_mut());
    bodies.for_each(|value| secrets::mask(value, secrets));
    let is_out = |(path, bytes): &mut (String, Vec<u8>)| secrets::holds(path, bytes, secrets);
    let told = |(path, bytes): (String, Vec<u8>)| {
        let (length, sha256) = (bytes.len() as u64, digest(&bytes));
        LeftOut { path, bytes: length, sha256 }
    };
    verified.files.extract_if(.., is_out).map(told).collect()
}

fn verdict(status: &str) -> String {
    match status {
        "pass" => "통과",
        "not-checked" => "이상 없음(공개키를 기록 밖에서 받지 않아 키의 출처는 확인 안 함)",
        _ => "실패",
    }
    .to_owned()
}

fn about_ledger(path: &str) -> &'static str {
    if path.starts_with("records/") {
        "처리 기록"
    } else if path.starts_with("checkpoints/") {
        "체크포인트(전자서명)"
    } else if path.starts_with("quarantine/") {
        "장애로 끊긴 기록의 꼬리"
    } else if path.starts_with("witness/") {
        "다른 기관이 확인한 서명"
    } else if path.starts_with("anchor/") {
        "시점 확인"
    } else if path == "keys.txt" {
        "공개키(검증키)"
    } else {
        "최신 체크포인트"
    }
}

fn pretty(status: &Status) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(status).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

fn digest(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

/// One archive of the directories of the ledger and of all files, in their order, without a
/// time of its own.
///
/// # Errors
///
/// If the archive cannot be made.
pub fn pack(verified: &Verified, files: &[File]) -> Result<Vec<u8>, ZipError> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o640);
    for directory in &verified.directories {
        archive.add_directory(format!("ledger/{directory}"), options.unix_permissions(0o750))?;
    }
    for file in files {
        let is_large = file.bytes.len() >= LARGE;
        archive.start_file(file.path.as_str(), options.large_file(is_large))?;
        archive.write_all(&file.bytes)?;
    }
    Ok(archive.finish()?.into_inner())
}

/// What the first form of the format has no room for, with a margin.
const LARGE: usize = 2_000_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_vouched_is_no_checkpoint_of_the_ledger() {
        for (path, about) in [
            ("witness/0000000012-5e6f7a8b.note", "다른 기관이 확인한 서명"),
            ("anchor/0000000012-5e6f7a8b.tsr", "시점 확인"),
            ("head.note", "최신 체크포인트"),
        ] {
            assert_eq!(about_ledger(path), about, "{path}");
        }
    }
}
