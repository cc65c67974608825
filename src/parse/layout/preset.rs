//! The name of a format in; its pieces out.
//!
//! Source: Apache HTTP Server 2.4, `mod_log_config`; Apache Tomcat,
//! `AccessLogValve`; `TmaxSoft` `WebtoB` 5; OCLC `EZproxy`, `LogFormat`;
//! Microsoft IIS, "IIS Log File Format"; AWS, "Access logs for your Application
//! Load Balancer" and "… Classic Load Balancer"; `HAProxy` 2.8 configuration
//! manual, section 8.2.3; Squid, `logformat squid`.
//!
//! Not here: how a line is read.

use super::apache::{self, Server};
use super::compile::{FormatError, Layout, Piece};
use super::pattern::Pattern;
use super::{Escapes, Field, Kind};

/// A format with a name.
pub(in crate::parse) struct Preset {
    pub(in crate::parse) name: &'static str,
    /// Who writes it, for lists.
    pub(in crate::parse) about: &'static str,
    /// A line of it.
    pub(in crate::parse) example: &'static str,
    how: How,
}

enum How {
    Percent(Server, Escapes, &'static str),
    Pieces(fn() -> Vec<Piece>, Escapes),
}

macro_rules! common {
    ($($more:literal)?) => {
        concat!(r#"%h %l %u %t "%r" %>s %b"#, $($more)?)
    };
}

/// All of them, in the order of lists.
pub(in crate::parse) static PRESETS: [Preset; 15] = [
    Preset {
        name: "common",
        about: "Common Log Format, NCSA: Apache, Tomcat, IIS",
        example: r#"192.0.2.7 - kim [10/Oct/2025:13:55:36 +0900] "GET /a HTTP/1.1" 200 2326"#,
        how: How::Percent(Server::Apache, Escapes::Backslash, common!()),
    },
    Preset {
        name: "combined",
        about: "Combined Log Format: Apache, nginx",
        example: r#"192.0.2.7 - - [10/Oct/2025:13:55:36 +0900] "GET /a HTTP/1.1" 200 2326 "-" "curl/8.5""#,
        how: How::Percent(
            Server::Apache,
            Escapes::Backslash,
            common!(r#" "%{Referer}i" "%{User-agent}i""#),
        ),
    },
    Preset {
        name: "combined+cookie",
        about: "combined, and the Cookie field in quotes",
        example: r#"192.0.2.7 - - [10/Oct/2025:13:55:36 +0900] "GET /a HTTP/1.1" 200 2326 "-" "curl/8.5" "JSESSIONID=F00D""#,
        how: How::Percent(
            Server::Apache,
            Escapes::Backslash,
            common!(r#" "%{Referer}i" "%{User-agent}i" "%{Cookie}i""#),
        ),
    },
    Preset {
        name: "combined+xff",
        about: "combined, and the X-Forwarded-For field in quotes",
        example: r#"198.51.100.1 - - [10/Oct/2025:13:55:36 +0900] "GET /a HTTP/1.1" 200 2326 "-" "curl/8.5" "192.0.2.7""#,
        how: How::Percent(
            Server::Apache,
            Escapes::Backslash,
            common!(r#" "%{Referer}i" "%{User-agent}i" "%{X-Forwarded-For}i""#),
        ),
    },
    Preset {
        name: "vhost_combined",
        about: "combined behind the virtual host: Debian's Apache",
        example: r#"lib.example.kr:443 192.0.2.7 - - [10/Oct/2025:13:55:36 +0900] "GET /a HTTP/1.1" 200 2326 "-" "curl/8.5""#,
        how: How::Percent(
            Server::Apache,
            Escapes::Backslash,
            r#"%v:%p %h %l %u %t "%r" %>s %O "%{Referer}i" "%{User-Agent}i""#,
        ),
    },
    Preset {
        name: "tomcat",
        about: "Apache Tomcat, the pattern of its server.xml",
        example: r#"192.0.2.7 - - [10/Oct/2025:13:55:36 +0900] "GET /a HTTP/1.1" 200 2326"#,
        how: How::Percent(Server::Tomcat, Escapes::Backslash, r#"%h %l %u %t "%r" %s %b"#),
    },
    Preset {
        name: "webtob",
        about: "TmaxSoft WebtoB 4 and JEUS, default",
        example: r#"192.0.2.7 - - [10/Oct/2025:13:55:36 +0900] "GET /a HTTP/1.1" 304 -"#,
        how: How::Percent(Server::WebtoB, Escapes::None, r#"%h %l %u %t "%r" %s %b"#),
    },
    Preset {
        name: "webtob5",
        about: "TmaxSoft WebtoB 5, default",
        example: r#"192.0.2.7 [10/Oct/2025:13:55:36 +0900] "GET /a HTTP/1.1" 200 686 3"#,
        how: How::Pieces(webtob5, Escapes::None),
    },
    Preset {
        name: "ezproxy",
        about: "OCLC EZproxy, default: addresses of pages are whole",
        example: r#"192.0.2.7 - k1m [10/Oct/2025:13:55:36 +0900] "GET http://journal.example:80/a HTTP/1.1" 200 2326"#,
        how: How::Percent(Server::Apache, Escapes::None, r#"%h %l %u %t "%r" %s %b"#),
    },
    Preset {
        name: "iis",
        about: "Microsoft IIS log file format: commas, local time",
        example: "192.0.2.7, -, 10/10/25, 13:55:36, W3SVC1, WEB01, 10.0.0.5, 12, 163, 2326, 200, 0, GET, /a, -,",
        how: How::Pieces(iis, Escapes::None),
    },
    Preset {
        name: "alb",
        about: "AWS Application Load Balancer",
        example: r#"h2 2025-10-10T04:55:36.186641Z app/lb/50dc6c495c0c9188 192.0.2.7:2817 10.0.0.1:80 0.000 0.001 0.000 200 200 34 366 "GET https://lib.example.kr:443/a HTTP/2.0" "curl/8.5" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 arn:aws:x "Root=1-5" "lib.example.kr" "-" 0 2025-10-10T04:55:36.100000Z "forward" "-" "-" "10.0.0.1:80" "200" "-" "-""#,
        how: How::Pieces(alb, Escapes::Backslash),
    },
    Preset {
        name: "elb",
        about: "AWS Classic Load Balancer",
        example: r#"2025-10-10T04:55:36.945958Z lb 192.0.2.7:2817 10.0.0.1:80 0.000073 0.001048 0.000057 200 200 0 29 "GET http://lib.example.kr:80/a HTTP/1.1" "curl/8.5" - -"#,
        how: How::Pieces(elb, Escapes::Backslash),
    },
    Preset {
        name: "haproxy",
        about: "HAProxy `option httplog`, in syslog lines",
        example: r#"Oct 10 13:55:36 lb haproxy[812]: 192.0.2.7:33317 [10/Oct/2025:13:55:36.655] http-in static/srv1 10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 "GET /a HTTP/1.1""#,
        how: How::Pieces(haproxy, Escapes::None),
    },
    Preset {
        name: "squid",
        about: "Squid, native format",
        example: "1760072136.186    109 192.0.2.7 TCP_MISS/200 2750 GET http://lib.example.kr/a - HIER_DIRECT/198.51.100.1 text/html",
        how: How::Pieces(squid, Escapes::None),
    },
    Preset {
        name: "tomcat10",
        about: "Apache Tomcat 10.1, where `%D` counts microseconds; as `tomcat` otherwise",
        example: r#"192.0.2.7 - - [10/Oct/2025:13:55:36 +0900] "GET /a HTTP/1.1" 200 2326"#,
        how: How::Percent(Server::Tomcat10, Escapes::Backslash, r#"%h %l %u %t "%r" %s %b"#),
    },
];

impl Preset {
    pub(in crate::parse) fn layout(&self) -> Result<Layout, FormatError> {
        match &self.how {
            How::Percent(server, escapes, format) => {
                Layout::new(apache::pieces(format, *server)?, *escapes)
            }
            How::Pieces(pieces, escapes) => Layout::new(pieces(), *escapes),
        }
    }
}

/// Puts pieces together from names: `"` around one that is in quotes.
fn words(names: &[(&'static str, Kind)]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for (at, (name, kind)) in names.iter().enumerate() {
        let bare = name.trim_matches('"');
        let is_quoted = bare.len() < name.len();
        let blank = if at == 0 { "" } else { " " };
        let quote = if is_quoted { "\"" } else { "" };
        pieces.push(text(&format!("{blank}{quote}")));
        pieces.push(Piece::Field(Field::new(bare, kind.clone()), 1));
        pieces.push(text(quote));
    }
    pieces.retain(|piece| *piece != text(""));
    pieces
}

fn text(text: &str) -> Piece {
    Piece::Text(text.as_bytes().to_vec())
}

fn named(name: &'static str, kind: Kind) -> Piece {
    Piece::Field(Field::new(name, kind), 1)
}

/// A time whose pattern is written here.
fn time(pattern: &str) -> Kind {
    Pattern::new(pattern).map_or(Kind::Text, Kind::Time)
}

fn webtob5() -> Vec<Piece> {
    vec![
        named("host", Kind::Text),
        text(" ["),
        named("time", Kind::Clf),
        text("] \""),
        named("request", Kind::Text),
        text("\" "),
        named("status", Kind::Status),
        text(" "),
        named("size", Kind::Count),
        text(" "),
        named("duration", Kind::Count),
    ]
}

fn iis() -> Vec<Piece> {
    let fields = [
        ("host", Kind::Text),
        ("user", Kind::Text),
        ("time", time("%m/%d/%y, %H:%M:%S")),
        ("service", Kind::Text),
        ("server.name", Kind::Text),
        ("server.address", Kind::Text),
        ("duration.ms", Kind::Count),
        ("received", Kind::Count),
        ("sent", Kind::Count),
        ("status", Kind::Status),
        ("status.windows", Kind::Count),
        ("request.method", Kind::Text),
        ("request.path", Kind::Text),
        ("request.query", Kind::Text),
    ];
    let mut pieces = Vec::new();
    for (at, (name, kind)) in fields.into_iter().enumerate() {
        if at > 0 {
            pieces.push(text(", "));
        }
        pieces.push(named(name, kind));
    }
    pieces.push(text(","));
    pieces
}

/// The fields that both load balancers begin with, or nearly so.
const BALANCER: &[(&str, Kind)] = &[
    ("time", Kind::Text),
    ("elb", Kind::Text),
    ("host", Kind::Endpoint),
    ("target", Kind::Text),
    ("request_processing_time", Kind::Decimal),
    ("target_processing_time", Kind::Decimal),
    ("response_processing_time", Kind::Decimal),
    ("status", Kind::Status),
    ("target_status", Kind::Status),
    ("received", Kind::Count),
    ("sent", Kind::Count),
    ("\"request\"", Kind::Text),
    ("\"agent\"", Kind::Text),
    ("ssl_cipher", Kind::Text),
    ("ssl_protocol", Kind::Text),
];

fn alb() -> Vec<Piece> {
    let names = [
        &[("type", Kind::Text)],
        BALANCER,
        &[
            ("target_group", Kind::Text),
            ("\"trace_id\"", Kind::Text),
            ("\"domain\"", Kind::Text),
            ("\"certificate\"", Kind::Text),
            ("rule_priority", Kind::Text),
            ("creation_time", Kind::Text),
            ("\"actions\"", Kind::Text),
            ("\"redirect_url\"", Kind::Text),
            ("\"error_reason\"", Kind::Text),
        ],
    ]
    .concat();
    open(&names)
}

fn elb() -> Vec<Piece> {
    open(BALANCER)
}

/// Words that newer versions put more behind.
fn open(names: &[(&'static str, Kind)]) -> Vec<Piece> {
    let mut pieces = words(names);
    pieces.push(Piece::Rest);
    pieces
}

fn haproxy() -> Vec<Piece> {
    vec![
        Piece::Field(Field::new("syslog", Kind::Text).hidden(), 1),
        text(": "),
        named("host", Kind::Endpoint),
        text(" ["),
        named("time", time("%d/%b/%Y:%H:%M:%S.%3f")),
        text("] "),
        named("frontend", Kind::Text),
        text(" "),
        named("backend", Kind::Text),
        text("/"),
        named("server.name", Kind::Text),
        text(" "),
        named("timers", Kind::Text),
        text(" "),
        named("status", Kind::Decimal),
        text(" "),
        named("sent", Kind::Decimal),
        text(" "),
        named("captured_request_cookie", Kind::Text),
        text(" "),
        named("captured_response_cookie", Kind::Text),
        text(" "),
        named("termination", Kind::Sign),
        text(" "),
        named("connections", Kind::Text),
        text(" "),
        named("queues", Kind::Text),
        text(" "),
        // Any field of a header may be in it.
        Piece::Field(Field::new("captured", Kind::Sign).hidden(), 1),
        text("\""),
        named("request", Kind::Text),
        text("\""),
    ]
}

fn squid() -> Vec<Piece> {
    vec![
        named("time", Kind::Decimal),
        Piece::Blanks,
        named("duration.ms", Kind::Decimal),
        text(" "),
        named("host", Kind::Text),
        text(" "),
        named("result", Kind::Text),
        text("/"),
        named("status", Kind::Status),
        text(" "),
        named("sent", Kind::Count),
        text(" "),
        named("request.method", Kind::Text),
        text(" "),
        named("request.target", Kind::Text),
        text(" "),
        named("user", Kind::Text),
        text(" "),
        named("hierarchy", Kind::Text),
        text("/"),
        named("origin.address", Kind::Text),
        text(" "),
        named("type", Kind::Text),
    ]
}
