//! The name of a format, or a format string, in; how the lines of a source are
//! written out.
//!
//! Not here: how a line is read.

use std::sync::Arc;

use jiff::civil::Date;

use crate::source::{self, Chunk, Cut, Engine, Medium, Query, Sheet, Table};

use super::csv::{self, Csv};
use super::device::Device;
use super::device::sessions::Sessions;
use super::json::{self, Json};
use super::layout::apache::{self, Server};
use super::layout::preset::PRESETS;
use super::layout::{Escapes, FormatError, Kind, Layout, Lines, nginx};
use super::reason::Name;
use super::w3c::{self, Encoded, W3c};
use super::{Cutter, Error, Sought};

/// How the lines of a source are written. Compiled once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Format {
    name: Name,
    family: Family,
}

/// Formats that are read alike.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Family {
    /// One line, one row; the fields are those of the format.
    Layout(Arc<Layout>),
    /// The lines say which fields follow.
    W3c(Encoded),
    /// Every line names its fields.
    Json,
    /// The first record names the fields, or somebody did before.
    Csv(Csv, Option<Arc<[String]>>),
    /// The input names the fields; it is no text before it is read.
    Table(Medium),
    /// What networks note of devices; the fields are those of the format.
    Device(Device),
}

/// What a time without an offset means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// There is none: every time has an offset, or is counted from 1970.
    Offset,
    /// UTC.
    Utc,
    /// The local time of a zone that the source has to name.
    Local,
}

/// A format, for lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listed {
    /// Its name in a pipeline file.
    pub name: &'static str,
    /// Who writes it.
    pub about: &'static str,
    /// A line of it, or several.
    pub example: &'static str,
}

/// Formats that name their fields themselves.
const NAMED: [Listed; 8] = [
    Listed {
        name: "w3c",
        about: "W3C extended log file format: Microsoft IIS",
        example: "#Fields: date time c-ip cs-method cs-uri-stem sc-status cs(User-Agent)\n2025-10-10 04:55:36 192.0.2.7 GET /a 200 curl/8.5",
    },
    Listed {
        name: "cloudfront",
        about: "AWS CloudFront: W3C extended, values percent-encoded",
        example: "#Fields: date time c-ip cs-method cs-uri-stem sc-status cs(User-Agent)\n2025-10-10\t04:55:36\t192.0.2.7\tGET\t/a\t200\tcurl/8.5%20(x)",
    },
    Listed {
        name: "json",
        about: "JSON lines: nginx `escape=json`, Caddy, Traefik; fields by dotted path",
        example: r#"{"ts":1760072136.5,"request":{"remote_ip":"192.0.2.7","uri":"/a"},"status":200}"#,
    },
    Listed {
        name: "csv",
        about: "a table with a header line, or with `names`",
        example: "card,branch,time\n90017,Jungang,2025-10-10 13:55:36",
    },
    Listed {
        name: "xlsx",
        about: "a sheet of a workbook: `sheet`, `header_row`",
        example: "card  | branch  | time\n90017 | Jungang | 2025-10-10 13:55:36",
    },
    Listed {
        name: "parquet",
        about: "a file of Apache Parquet",
        example: "card: BYTE_ARRAY (STRING)\ntime: INT64 (TIMESTAMP_MICROS)",
    },
    Listed {
        name: "postgresql",
        about: "the rows of a query to PostgreSQL: `query`, `database`",
        example: "query = \"SELECT card, time FROM loans WHERE day = '{date}' ORDER BY id\"\ndatabase = \"keys/loans.url\"",
    },
    Listed {
        name: "mysql",
        about: "the rows of a query to MySQL or MariaDB: `query`, `database`",
        example: "query = \"SELECT card, time FROM loans WHERE day = '{date}' ORDER BY id\"\ndatabase = \"keys/loans.url\"",
    },
];

impl Format {
    /// All formats that have a name.
    pub fn listed() -> impl Iterator<Item = Listed> {
        let presets = PRESETS.iter().map(|preset| Listed {
            name: preset.name,
            about: preset.about,
            example: preset.example,
        });
        presets.chain(NAMED).chain(Device::LISTED.map(|(_, listed)| listed))
    }

    /// Compiles what stands in a pipeline file: a name, or a format string with
    /// the directives of Apache (`%`) or nginx (`$`). `tomcat:`, `tomcat10:`
    /// and `webtob:` before it say that the directives are those of another
    /// server, `apache:` and `nginx:` those of these.
    ///
    /// `None` if it is neither.
    ///
    /// # Errors
    ///
    /// [`FormatError`]: it is a format string that cannot be compiled.
    ///
    /// # Examples
    ///
    /// ```
    /// use gamyeong::parse::Format;
    ///
    /// assert!(Format::new("combined").unwrap().is_ok());
    /// assert!(Format::new(r#"%h [%t] "%r""#).unwrap().is_ok());
    /// assert!(Format::new("$remote_addr $status").unwrap().is_ok());
    /// assert!(Format::new("%h %Y").unwrap().is_err());
    /// assert!(Format::new("kombined").is_none());
    /// ```
    #[must_use]
    pub fn new(text: &str) -> Option<Result<Format, FormatError>> {
        let family = match text {
            "w3c" => Ok(Family::W3c(Encoded::Plus)),
            "cloudfront" => Ok(Family::W3c(Encoded::Percent)),
            "json" => Ok(Family::Json),
            "csv" => Ok(Family::Csv(Csv::default(), None)),
            "xlsx" => Ok(Family::Table(Medium::Workbook(Sheet::default()))),
            "parquet" => Ok(Family::Table(Medium::Parquet)),
            "postgresql" => Ok(Family::Table(no_query(Engine::PostgreSql))),
            "mysql" => Ok(Family::Table(no_query(Engine::MySql))),
            _ if let Some(device) = Device::named(text) => Ok(Family::Device(device)),
            _ => layout(text)?.map(|layout| Family::Layout(Arc::new(layout))),
        };
        Some(family.map(|family| Format { name: Name::Owned(text.to_owned()), family }))
    }

    /// The name, or the format string.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The names of the fields in the order in which they are written; `None`
    /// if the input names them.
    ///
    /// Parts of fields may be wanted too, see [`super::Parser::new`].
    #[must_use]
    pub fn fields(&self) -> Option<Vec<&str>> {
        match &self.family {
            Family::Layout(layout) => {
                Some(layout.fields().map(|(name, _)| name.as_ref()).collect())
            }
            Family::Device(device) => device.fields(),
            Family::Csv(_, Some(names)) => Some(names.iter().map(String::as_str).collect()),
            Family::W3c(_) | Family::Json | Family::Csv(_, None) | Family::Table(_) => None,
        }
    }

    /// Fields that may be wanted of any input, whether a line has them or not; none if
    /// the input names them all.
    #[must_use]
    pub fn asked(&self) -> Vec<&str> {
        match &self.family {
            Family::Device(device) => device.asked().collect(),
            Family::Layout(_)
            | Family::W3c(_)
            | Family::Json
            | Family::Csv(..)
            | Family::Table(_) => self.fields().unwrap_or_default(),
        }
    }

    /// The fields that a chunk says it has, or its head; those of the format, if
    /// that has its own. `None` if the chunk says nothing of them.
    #[must_use]
    pub fn named_by(&self, chunk: &Chunk) -> Option<Vec<String>> {
        let nothing = Sought::default();
        match &self.family {
            Family::Layout(_) => Some(self.fields()?.into_iter().map(str::to_owned).collect()),
            Family::W3c(encoded) => w3c::named_by(chunk, *encoded),
            Family::Json => Some(json::paths(&chunk.bytes)),
            Family::Device(device) => Some(device.names().map(str::to_owned).collect()),
            Family::Csv(csv, names) => {
                Some(named(&csv.table(names.as_ref(), &[], &nothing), chunk))
            }
            Family::Table(_) => Some(named(&Csv::default().table(None, &[], &nothing), chunk)),
        }
    }

    /// Gives every path of JSON that stands in a chunk, line by line, with its value as
    /// it is written, and how many lines have none because they are no objects; nothing
    /// for any other format.
    pub fn each_path(&self, chunk: &Chunk, each: impl FnMut(&str, &str)) -> u64 {
        if matches!(self.family, Family::Json) && chunk.overlong.is_none() {
            json::each_path(&chunk.bytes, each)
        } else {
            0
        }
    }

    /// What a time without an offset means, in this field.
    #[must_use]
    pub fn clock(&self, field: &str) -> Clock {
        match &self.family {
            Family::Layout(layout) => {
                let mut fields = layout.fields();
                match fields.find(|(name, _)| *name == field).map(|(_, kind)| kind) {
                    Some(Kind::Time(pattern)) if !pattern.has_offset() => Clock::Local,
                    _ => Clock::Offset,
                }
            }
            Family::W3c(_) if field == "time-local" => Clock::Local,
            Family::W3c(_) => Clock::Utc,
            Family::Json => Clock::Offset,
            Family::Csv(..) | Family::Table(_) => Clock::Local,
            Family::Device(device) => device.clock(field),
        }
    }

    /// Which of its fields tell who had an address, where that is known of the
    /// format.
    #[must_use]
    pub fn sessions(&self) -> Sessions {
        match self.family {
            Family::Device(device) => device.sessions(),
            Family::Layout(_)
            | Family::W3c(_)
            | Family::Json
            | Family::Csv(..)
            | Family::Table(_) => Sessions::default(),
        }
    }

    /// Whether `request` is a whole request line, with method and protocol.
    #[must_use]
    pub fn has_request_line(&self) -> bool {
        matches!(self.family, Family::Layout(_))
    }

    /// Whether the names of fields stand in the data, where somebody's words may
    /// stand as well.
    #[must_use]
    pub fn is_named_by_data(&self) -> bool {
        matches!(self.family, Family::Json | Family::Csv(_, None) | Family::Table(_))
    }

    /// How a table is written; `None` for anything else.
    pub fn csv_mut(&mut self) -> Option<&mut Csv> {
        match &mut self.family {
            Family::Csv(csv, _) => Some(csv),
            Family::Layout(_)
            | Family::W3c(_)
            | Family::Json
            | Family::Table(_)
            | Family::Device(_) => None,
        }
    }

    /// Where in a workbook a table stands; `None` for anything else.
    pub fn sheet_mut(&mut self) -> Option<&mut Sheet> {
        if let Family::Table(Medium::Workbook(sheet)) = &mut self.family {
            Some(sheet)
        } else {
            None
        }
    }

    /// The query of a table that is in a database; `None` for anything else.
    #[must_use]
    pub fn query(&self) -> Option<&Query> {
        if let Family::Table(Medium::Query(query)) = &self.family { Some(query) } else { None }
    }

    /// The format with the query of a date, if it has one.
    ///
    /// # Errors
    ///
    /// [`source::Error::Placeholder`]: the query has a `{date…}` that a date cannot
    /// fill.
    pub fn on(&self, date: Date) -> Result<Format, source::Error> {
        let mut format = self.clone();
        if let Some(query) = format.query_mut() {
            *query = query.on(date)?;
        }
        Ok(format)
    }

    /// As [`Format::query`], to be changed.
    pub fn query_mut(&mut self) -> Option<&mut Query> {
        if let Family::Table(Medium::Query(query)) = &mut self.family { Some(query) } else { None }
    }

    /// The table that the source must read its files as, with the columns that are
    /// wanted, or all that can be read. `None` if they are text.
    #[must_use]
    pub fn table(&self, wanted: Option<&[&str]>) -> Option<Table> {
        let Family::Table(medium) = &self.family else { return None };
        let wanted = wanted.map(|names| names.iter().map(ToString::to_string).collect());
        Some(Table { medium: medium.clone(), wanted, also: None, address: None })
    }

    /// Gives the columns of a table that has no header line their names. Nothing
    /// for any other format.
    pub fn set_names(&mut self, given: &[String]) {
        if let Family::Csv(_, names) = &mut self.family {
            *names = Some(given.into());
        }
    }

    /// Whether it is a table, where numbers may be written with a comma between
    /// thousands.
    #[must_use]
    pub fn is_table(&self) -> bool {
        matches!(self.family, Family::Csv(..) | Family::Table(_))
    }

    /// Where the source must cut its chunks.
    #[must_use]
    pub fn cut(&self) -> Cut {
        match self.family {
            Family::Csv(Csv { delimiter, quote, .. }, _) => Cut::Records { delimiter, quote },
            Family::Table(_) => {
                let Csv { delimiter, quote, .. } = Csv::default();
                Cut::Records { delimiter, quote }
            }
            Family::W3c(_) => Cut::Directives,
            Family::Layout(_) | Family::Json => Cut::Lines,
            Family::Device(device) => device.cut(),
        }
    }

    /// What cuts the wanted fields out of chunks.
    pub(super) fn cutter(
        &self,
        wanted: &[&str],
        date: Option<Date>,
        sought: &Sought,
    ) -> Result<Box<dyn Cutter>, Error> {
        Ok(match &self.family {
            Family::Layout(layout) => {
                Box::new(Lines::new(layout, wanted).map_err(|at| self.unknown(wanted[at]))?)
            }
            Family::W3c(encoded) => Box::new(W3c::new(*encoded, wanted, sought)),
            Family::Json => Box::new(Json::new(wanted)),
            Family::Csv(csv, names) => {
                let is_unknown = |field: &&str| {
                    names.as_ref().is_some_and(|names| !names.iter().any(|name| name == field))
                };
                if let Some(field) = wanted.iter().find(|field| is_unknown(field)) {
                    return Err(self.unknown(field));
                }
                Box::new(csv.table(names.as_ref(), wanted, sought))
            }
            Family::Table(_) => Box::new(Csv::default().table(None, wanted, sought)),
            Family::Device(device) => {
                device.cutter(wanted, date).map_err(|at| self.unknown(wanted[at]))?
            }
        })
    }

    fn unknown(&self, field: &str) -> Error {
        let mut known: Vec<String> =
            self.fields().unwrap_or_default().into_iter().map(str::to_owned).collect();
        if known.iter().any(|name| name == "request") {
            let parts = ["request.method", "request.target", "request.protocol"];
            known.extend(parts.map(str::to_owned));
        }
        if known.iter().any(|name| name == "cookie") {
            known.push("cookie.NAME".to_owned());
        }
        Error::Unknown { field: field.to_owned(), format: self.name.to_string(), known }
    }
}

/// A query before somebody says which.
fn no_query(engine: Engine) -> Medium {
    Medium::Query(Query { engine, text: String::new() })
}

/// The names of a table.
fn named(table: &csv::Table, chunk: &Chunk) -> Vec<String> {
    let names = table.columns(&chunk.head);
    names.iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect()
}

/// The layout of a name or a format string.
fn layout(text: &str) -> Option<Result<Layout, FormatError>> {
    if let Some(preset) = PRESETS.iter().find(|preset| preset.name == text) {
        return Some(preset.layout());
    }
    let servers = [
        ("apache:", Server::Apache),
        ("tomcat:", Server::Tomcat),
        ("tomcat10:", Server::Tomcat10),
        ("webtob:", Server::WebtoB),
    ];
    let server = servers
        .into_iter()
        .find_map(|(prefix, server)| text.strip_prefix(prefix).map(|format| (server, format)));
    let pieces = match server {
        Some((server, format)) => apache::pieces(format, server),
        None => match (text.strip_prefix("nginx:"), text.find(['%', '$'])) {
            (Some(format), _) => nginx::pieces(format),
            (None, Some(at)) if text[at..].starts_with('$') => nginx::pieces(text),
            (None, Some(_)) => apache::pieces(text, Server::Apache),
            (None, None) => return None,
        },
    };
    Some(pieces.and_then(|pieces| Layout::new(pieces, Escapes::Backslash)))
}
