//! A small input of every format, in which every field that can holds a marker of its
//! own, and a pipeline as a real one would be.
//!
//! What stands between `«` and `»` is a marker. A row is written six times, of six
//! persons: the last digit of each marker counts them, or the last letter of one without digits,
//! so that nothing is shared. `«!…»` is the same in all.

pub(super) mod devices;

/// An input and what is made of it.
#[derive(Clone, Copy)]
pub(super) struct Sample {
    /// As `gamyeong formats` lists it.
    pub(super) format: &'static str,
    /// Before the rows.
    pub(super) head: &'static str,
    pub(super) row: &'static str,
    /// After the rows: what is rejected, or tells of nothing.
    pub(super) tail: &'static str,
    /// `[source.fields]`. The subject is `who`, the quasi-identifier `q`.
    pub(super) fields: &'static str,
    /// Columns of which rare values are blanked.
    pub(super) blanked: &'static [&'static str],
    /// Fields that can hold no marker: numbers of few digits, and words of a list.
    pub(super) bare: &'static [&'static str],
}

macro_rules! web {
    ($($more:literal)*) => {
        concat!(r#"
host = [{ as = "who", pseudonym = { domain = "ip" } }, { as = "net", prefix = { v4 = 8, v6 = 32 } }]
time = [{ as = "q", round = "1h" }, { as = "band", hour_band = { bounds = [0, 12] } }]
request = [{ as = "path", path = "plain" }, { as = "query", query = ["kdc"] }]
"request.method" = { as = "method", keep = "text" }
status = { keep = "integer" }
"#, $($more, "\n"),*)
    };
}

const COMMON: &str = web!(
    r#"
ident = { as = "ident", pseudonym = { domain = "user", encoding = "hex" } }
user = { as = "user", serial = { domain = "user" } }
size = { as = "size", coding = { top = { value = 1000 } } }"#
);

macro_rules! line {
    ($($more:literal)?) => {
        concat!(
            "«203.0.113.171» «kanari-ident-5211» «김카나리.8361» [«20/Nov/2026:03:17:21» +0900] ",
            "\"«KANARI-GET1» /my/«카나리소원-6401»?kdc=«KDC-99311»&«카나리=검색어-1» HTTP/1.1\" 200 «734512891»",
            $($more,)? "\n"
        )
    };
}

const NO_LINE: &str = "«kanari-no-line-1591» 김카나리\n";

const SITE: &str = concat!(
    web!(),
    r#"
ident = "drop"
user = { as = "user", seal = { domain = "user" }, reason = "설문 대상자를 다시 찾는다" }
referer = [{ as = "referer", path = "plain" }, { as = "site", site = "domain" }]
agent = [{ as = "browser", agent = "family" }, { as = "os", agent = "os" }, { as = "kind", agent = "class" }, { as = "bot", agent = { bot = { list = "lists/robots.json" } } }]
"#
);

const CARRIED: &[&str] = &["path", "query", "method"];
const SITES: &[&str] = &["path", "query", "method", "referer", "site", "browser"];

const fn common(format: &'static str) -> Sample {
    let (head, bare): (_, &[&str]) = ("", &["status"]);
    Sample { format, head, row: line!(), tail: NO_LINE, fields: COMMON, blanked: CARRIED, bare }
}

const REFERRED: &str = line!(
    " \"https://www.«kanari-site1.kr»/«카나리쪽-77121»?«kanariref=20394851»\" \"«KanariBrowser/93.71»\""
);

/// Formats of web servers, one line a row.
pub(super) const LINES: &[Sample] = &[
    common("common"),
    common("tomcat"),
    common("tomcat10"),
    common("webtob"),
    common("ezproxy"),
    Sample {
        format: "webtob5",
        head: "",
        row: "«203.0.113.171» [«20/Nov/2026:03:17:21» +0900] \"«KANARI-GET1» /my/«카나리소원-6401»?kdc=«KDC-99311»&«카나리=검색어-1» HTTP/1.1\" 200 «734512891» «734512801»\n",
        tail: NO_LINE,
        fields: web!(
            r#"
size = { as = "size", range = { width = 1_000_000 } }
duration = { as = "duration", round_number = { unit = 1_000_000, how = "half" } }"#
        ),
        blanked: CARRIED,
        bare: &["status"],
    },
    Sample {
        format: "combined",
        head: "",
        row: REFERRED,
        tail: NO_LINE,
        fields: SITE,
        blanked: SITES,
        bare: &["status"],
    },
    Sample {
        format: "combined+cookie",
        head: "",
        row: line!(
            " \"https://www.«kanari-site1.kr»/«카나리쪽-77121»?«kanariref=20394851»\" \"«KanariBrowser/93.71»\" \"_ga=«GA1.2.719382041»; JSESSIONID=«KA7NA1RI9SESSION1»\""
        ),
        tail: NO_LINE,
        fields: concat!(
            web!(),
            r#"
"cookie.JSESSIONID" = { as = "session", pseudonym = { domain = "session", encoding = "binary", bytes = 32 } }
referer = [{ as = "site", site = "domain", rare = { persons_min = 3, other = "그 밖" } }]
agent = { as = "bot", agent = "bot" }
"#
        ),
        blanked: CARRIED,
        bare: &["status"],
    },
    Sample {
        format: "combined+xff",
        head: "",
        row: line!(
            " \"https://www.«kanari-site1.kr»/«카나리쪽-77121»?«kanariref=20394851»\" \"«KanariBrowser/93.71»\" \"«2001:db8:71ce:4a9b:c3d5:e7f9:1b2d:4f61», «198.51.100.171»\""
        ),
        tail: NO_LINE,
        fields: concat!(
            web!(),
            r#"
xff = [
    { as = "place", class = { networks = { "본관" = ["2001:db8::/32"] } } },
    { as = "address", preserve = { domain = "ip" } },
]
referer = { as = "referer", path = { learn = { persons_min = 3 } } }
"#
        ),
        blanked: CARRIED,
        bare: &["status"],
    },
    Sample {
        format: "vhost_combined",
        head: "",
        row: concat!(
            "«kanari-vhost1.kr»:443 ",
            line!(
                " \"https://www.«kanari-site1.kr»/«카나리쪽-77121»?«kanariref=20394851»\" \"«KanariBrowser/93.71»\""
            )
        ),
        tail: NO_LINE,
        fields: concat!(
            web!(),
            r#"
vhost = { as = "vhost", keep = "text" }
port = { as = "port", keep = "integer" }
sent = { as = "sent", noise = { spread = 1_000_000, shape = "uniform" } }
agent = { as = "agent", keep = "text", reason = "오래된 브라우저의 수를 센다" }
"#
        ),
        blanked: &["path", "query", "method", "vhost", "agent"],
        bare: &["status", "port"],
    },
    Sample {
        format: "iis",
        head: "",
        row: "«203.0.113.171», «김카나리.8361», «11/20/26, 03:17:21», «KANARISVC1», «KANARISRV1», «203.0.113.181», «734512811», «734512821», «734512831», 200, «734512841», «KANARI-GET1», /my/«카나리소원-6401», «카나리=검색어-1»,\n",
        tail: NO_LINE,
        fields: r#"
host = [{ as = "who", pseudonym = { domain = "ip" } }, { as = "country", place = { file = "lists/places.mmdb", field = "country" } }]
user = { as = "user", partial = { first = 1 } }
time = [{ as = "q", round = "1d" }, { as = "day", weekday = "name" }]
"service" = { as = "service", mask = { from = 2, to = 100 } }
"server.name" = { as = "server", keep = "text" }
"duration.ms" = { as = "duration", microaggregate = { k = 3 } }
sent = { as = "sent", round_number = { unit = 1_000_000, how = "controlled", margins = "q" } }
received = { as = "received", round_number = { unit = 1_000_000, how = "random" } }
status = { keep = "integer" }
"request.path" = { as = "path", path = { templates = ["/my/{wish}"] } }
"request.query" = { as = "query", query = ["카나리"] }
"#,
        blanked: &["query", "user", "server"],
        bare: &["status"],
    },
    Sample {
        format: "alb",
        head: "",
        row: "«KANARITYPE1» «2026-11-19T18:17:21».186641Z app/«kanari-lb/50dc1» «203.0.113.171»:51281 «203.0.113.191»:51291 «734512.891» «734512.801» «734512.811» 200 200 «734512821» «734512831» \"«KANARI-GET1» https://«kanari-lib1.kr»:443/my/«카나리소원-6401»?«카나리=검색어-1» HTTP/2.0\" \"«KanariBrowser/93.71»\" «KANARI-CIPHER-1» «KANARI-TLS-1» «arn:kanari:x1» \"«Root=1-kanari1»\" \"«kanari-dom1.kr»\" \"«kanari-cert1»\" «kanari-rule-1» «2026-11-19T18:17:11».100000Z \"«kanari-act1»\" \"https://«kanari-redir1.kr»/x\" \"«KanariError1»\" \"-\" \"-\" \"-\" \"-\"\n",
        tail: NO_LINE,
        fields: r#"
host = { as = "who", pseudonym = { domain = "ip" } }
time = [{ as = "q", round = "1h" }, { as = "moved", shift = { weeks = 4 }, reason = "주기를 본다" }]
creation_time = { as = "created", round = "1h" }
type = { as = "type", category = { map = { h2 = "새것" }, other = "그 밖" } }
elb = { as = "elb", keep = "text" }
target_group = { as = "group", keep = "text" }
domain = { as = "domain", keep = "text" }
error_reason = { as = "error", keep = "text" }
received = { as = "received", range = { bounds = [10, 1000] } }
request = { as = "path", path = "plain" }
agent = { as = "browser", agent = "family" }
redirect_url = { as = "redirect", site = "domain" }
"#,
        blanked: &["elb", "group", "domain", "error", "path", "browser", "redirect"],
        bare: &["status", "target_status"],
    },
    Sample {
        format: "elb",
        head: "",
        row: "«2026-11-19T18:17:21».186641Z «kanari-lb-50dc1» «203.0.113.171»:51281 «203.0.113.191»:51291 «734512.891» «734512.801» «734512.811» 200 200 «734512821» «734512831» \"«KANARI-GET1» https://«kanari-lib1.kr»:443/my/«카나리소원-6401»?«카나리=검색어-1» HTTP/1.1\" \"«KanariBrowser/93.71»\" «KANARI-CIPHER-1» «KANARI-TLS-1»\n",
        tail: NO_LINE,
        fields: r#"
host = { as = "who", pseudonym = { domain = "ip" } }
time = { as = "q", round = "6h" }
elb = { as = "elb", keep = "text", rare = { persons_min = 3 }, permute = true }
sent = { as = "sent", coding = { bottom = { percentile = 40.0, outside = "blank" }, top = { percentile = 50.0, outside = "blank" } } }
request = { as = "site", site = "domain" }
"#,
        blanked: &["site"],
        bare: &["status", "target_status"],
    },
    Sample {
        format: "haproxy",
        head: "",
        row: "«Nov 20 03:17:21 kanari-host1» haproxy[812]: «203.0.113.171»:33317 [«20/Nov/2026:03:17:21».655] «kanari-front1» «kanari-back1»/«kanari-server1» «73451/0/30/69/1091» 200 «734512891» «kanari-cookie-1» «kanari-cookie-21» ---- «73451/1/1/1/01» «73451/000001» {«kanari-captured1»} \"«KANARI-GET1» /my/«카나리소원-6401»?kdc=«KDC-99311» HTTP/1.1\"\n",
        tail: NO_LINE,
        fields: web!(
            r#"
frontend = { as = "frontend", keep = "text" }
backend = { as = "backend", keep = "text" }
"server.name" = { as = "server", keep = "text" }
timers = { as = "timers", partial = { first = 2 } }
connections = { as = "connections", mask = { from = 1, to = 100 } }
captured_request_cookie = { as = "session", pseudonym = { domain = "session" } }"#
        ),
        blanked: &["path", "query", "method", "frontend", "backend", "server", "connections"],
        bare: &["status", "termination"],
    },
    Sample {
        format: "squid",
        head: "",
        row: "«1795112241».186 «734512811» «203.0.113.171» «TCP_KANARI1»/200 «734512891» «KANARI-GET1» http://«kanari-dest1.kr»/«카나리쪽-77121»?«카나리=검색어-1» «김카나리.8361» «HIER_KANARI1»/«203.0.113.191» «kanari/type1»\n",
        tail: NO_LINE,
        fields: r#"
host = { as = "who", pseudonym = { domain = "ip" } }
user = { as = "user", pseudonym = { domain = "user" } }
time = { as = "q", round = "30m" }
"duration.ms" = { as = "duration", coding = { top = { sigma = 1 }, bottom = { sigma = 1 } } }
result = { as = "result", keep = "text" }
"request.target" = [{ as = "target", path = "plain" }, { as = "site", site = "domain" }]
type = { as = "type", category = { hierarchy = "lists/types.csv", level = 1, other = "그 밖" } }
"#,
        blanked: &["result", "target", "site"],
        bare: &["status"],
    },
];

/// Formats that a pipeline spells out.
pub(super) const STRINGS: &[Sample] = &[
    Sample {
        format: r#"%a %l %u %t "%r" %>s %O %D "%{Referer}i" "%{X-Card}i""#,
        head: "",
        row: line!(
            " «734512801» \"https://«kanari-site1.kr»/«카나리쪽-77121»\" \"«CARD-4929-7781-1»\""
        ),
        tail: NO_LINE,
        fields: web!(
            r#"
"header.x-card" = { as = "card", pseudonym = { domain = "card" } }"#
        ),
        blanked: CARRIED,
        bare: &["status"],
    },
    Sample {
        format: r#"$remote_addr [$time_iso8601] "$request" $status $body_bytes_sent "$http_user_agent" $cookie_uid"#,
        head: "",
        row: "«203.0.113.171» [«2026-11-20T03:17:21»+09:00] \"«KANARI-GET1» /my/«카나리소원-6401»?kdc=«KDC-99311» HTTP/1.1\" 200 «734512891» \"«KanariBrowser/93.71»\" «KA7NA1RI9SESSION1»\n",
        tail: NO_LINE,
        fields: web!(
            r#"
agent = { as = "browser", agent = "family", rare = { persons_min = 3 } }
"cookie.uid" = { as = "session", serial = { domain = "session" } }"#
        ),
        blanked: CARRIED,
        bare: &["status"],
    },
];

/// Formats whose data names the fields.
pub(super) const NAMED: &[Sample] = &[
    Sample {
        format: "w3c",
        head: "#Software: «kanari-software-91»\n#Fields: date time c-ip cs-username s-computername s-ip cs-method cs-uri-stem cs-uri-query sc-status sc-bytes cs(User-Agent) cs(Cookie) cs(Referer) X-Library-Header\n",
        row: "«2026-11-19 18:17:21» «203.0.113.171» «김카나리.8361» «KANARISRV1» «203.0.113.181» «KANARI-GET1» /my/«카나리소원-6401» kdc=«KDC-99311»&«카나리=검색어-1» 200 «734512891» «KanariBrowser/93.71» JSESSIONID=«KA7NA1RI9SESSION1» https://«kanari-site1.kr»/«카나리쪽-77121» «kanari-unlisted-1»\n",
        tail: NO_LINE,
        fields: r#"
"c-ip" = { as = "who", pseudonym = { domain = "ip" } }
time = { as = "q", round = "1h" }
"cs-username" = { as = "user", pseudonym = { domain = "user" } }
"s-computername" = { as = "server", keep = "text" }
"cs-uri-stem" = { as = "path", path = { learn = { persons_min = 2 } } }
"cs-uri-query" = { as = "query", query = ["kdc"] }
"cs-method" = { as = "method", keep = "text" }
"cs(User-Agent)" = { as = "browser", agent = "family" }
"cs(Referer)" = { as = "referer", path = "plain" }
"sc-bytes" = { as = "size", noise = { spread = 5_000, shape = "laplace" } }
"#,
        blanked: &["server", "query", "method", "browser", "referer"],
        bare: &["sc-status", "date", "time"],
    },
    Sample {
        format: "cloudfront",
        head: "#Version: 1.0\n#Fields: date time c-ip cs-method cs-uri-stem cs-uri-query sc-status cs(User-Agent) x-edge-location\n",
        row: "«2026-11-19\t18:17:21»\t«203.0.113.171»\t«KANARI-GET1»\t/my/«%EC%B9%B4%EB%82%98%EB%A6%AC-6401»\tkdc=«KDC-99311»\t200\t«KanariBrowser/93.71»%20(x)\t«KANARI-ICN1»\n",
        tail: NO_LINE,
        fields: r#"
"c-ip" = { as = "who", pseudonym = { domain = "ip" } }
time = { as = "q", round = "1h" }
"cs-uri-stem" = { as = "path", path = "plain" }
"cs-uri-query" = { as = "query", query = ["kdc"] }
"x-edge-location" = { as = "edge", serial = { domain = "edge" } }
"cs(User-Agent)" = { as = "os", agent = "os" }
"#,
        blanked: &["path", "query"],
        bare: &["sc-status", "date", "time"],
    },
    Sample {
        format: "json",
        head: "",
        row: "{\"ts\":«1795112241».5,\"request\":{\"remote_ip\":\"«203.0.113.171»\",\"uri\":\"/my/«카나리소원-6401»?kdc=«KDC-99311»\",\"headers\":{\"User-Agent\":[\"«KanariBrowser/93.71»\"]}},\"user\":\"\\uae40\\uce74\\ub098\\ub9ac.8361\",\"account\":\"«김카나리.8361»\",\"bytes\":«734512891»,\"branch\":\"«카나리분관-1»\",\"«!kanari-key-1121»\":\"«kanari-unlisted-1»\"}\n",
        tail: "{\"ts\":«1795112271»,\"request\":\n«kanari-no-line-1591»\n",
        fields: r#"
"request.remote_ip" = { as = "who", pseudonym = { domain = "ip" } }
ts = { as = "q", round = "1h" }
"request.uri" = [{ as = "path", path = "plain" }, { as = "query", query = ["kdc"] }]
user = { as = "user", pseudonym = { domain = "user" } }
bytes = { as = "size", round_number = { unit = 1_000_000, how = "up" } }
branch = { as = "branch", keep = "text" }
"#,
        blanked: &["path", "query", "branch"],
        bare: &[],
    },
];

/// Cells of a table, in the place of `row` divided by `|`: a file of text, a workbook,
/// a file of Parquet and two databases hold the same.
pub(super) const TABLE: Sample = Sample {
    format: "csv",
    head: "mac|card|start|minutes|branch|성명|phone|addr|age|kdc|room|kanari-header-1122",
    row: "«00:00:5e:00:53:c1»|«CARD-4929-7781-1»|«2026-11-20 03:17:21»|«734512891»|«카나리분관-1»|«김카나리-1»|«010-9753-8641»|서울특별시 강남구 «카나리로 771»|20|810.«9753186421»|«카나리 열람실 1»|«kanari-remark-2461»",
    tail: "«kanari-record-3341»|«김카나리열»",
    fields: r#"
mac = [
    { as = "who", pseudonym = { domain = "device", kind = "mac" } },
    { as = "vendor", mac = { vendor = { devices_min = 3 } } },
    { as = "randomised", mac = "randomised" },
]
card = { as = "person", seal = { domain = "card" }, reason = "설문 대상자를 다시 찾는다" }
start = { as = "q", round = "1h" }
minutes = { as = "minutes", coding = { bottom = { value = 1, outside = "blank" }, top = { value = 600, outside = "blank" } } }
branch = { as = "branch", keep = "text", rare = { persons_min = 3, other = "그 밖" } }
"성명" = "drop"
phone = { as = "phone", partial = { first = 3 } }
addr = { as = "region", partial = { region = "sigungu" } }
age = { as = "age", category = { ready = "age", level = 1 } }
kdc = { as = "kdc", category = { ready = "kdc", level = 1 } }
room = { as = "room", category = { ready = "department", level = 1, other = "그 밖" } }
"#,
    blanked: &["phone", "region", "kdc", "room"],
    bare: &["age"],
};
