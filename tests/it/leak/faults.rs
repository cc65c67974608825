//! Canaries on every way out that is none: refusals, faults of lists, calls of the
//! system that fail, panics.

use super::*;
use crate::house::log;

/// Runs a house with one more file of the web log to an end, and searches for these
/// markers besides.
#[track_caller]
fn ends_with(
    code: i32,
    line: &str,
    markers: &[&str],
    edits: &[(&str, &str)],
    prepare: impl FnOnce(&House),
) -> Scene {
    let house = canary_house();
    let pipeline = edits.iter().fold(WEB.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    });
    house.put("pipelines/web.toml", pipeline);
    house.put("logs/access-2026-11-20.log.1", line);
    prepare(&house);
    let mut scene = Scene::new(house);
    scene.run(code, "web", &[]);
    scene.audit();
    let mut needles = needles();
    for marker in markers {
        forms(marker, marker.as_bytes(), &mut needles);
    }
    scene.holds_none(&needles, RAW);
    scene
}

/// A line of the web log by somebody who asks for this.
fn asked(who: u8, target: &str) -> String {
    format!(
        "198.51.100.{who} - - [20/Nov/2026:20:30:00 +0900] \"GET {target} HTTP/1.1\" 200 5 \"-\" \"-\" \"-\"\n"
    )
}

#[test]
fn a_resident_number_stops_the_night_and_is_not_told() {
    let lines: String = (1..6).map(|who| asked(who, "/my/900101-1357924")).collect();
    let markers = ["900101-1357924", "9001011357924", "1357924"];
    let scene = ends_with(1, &lines, &markers, &[], |_| {});
    scene.house.holds_no_output();
    assert!(String::from_utf8_lossy(&scene.said).contains("resident numbers in column `path`"));
}

#[test]
fn a_leak_stops_the_night_and_is_not_told() {
    // A word that is an account, in pages that enough persons asked for.
    let lines: String = (1..6).map(|who| asked(who, "/my/kanari.user.8364/books")).collect();
    let scene = ends_with(1, &lines, &[], &[], |_| {});
    scene.house.holds_no_output();
    assert!(String::from_utf8_lossy(&scene.said).contains("identifier of the input in"));
}

#[test]
fn a_pipeline_at_fault_tells_nothing_of_its_input() {
    for (code, from, to) in [
        (3, "format = \"combined+cookie\"", "format = \"combined+cookies\""),
        (3, "format = \"combined+cookie\"", "format = \"%h %Y\""),
        (3, "referer = { as", "reverer = { as"),
        (3, "path = 3\n", "paths = 3\n"),
    ] {
        ends_with(code, "", &[], &[(from, to)], |_| {}).house.holds_no_output();
    }
    let refuse = ("max_rejects = 0.1", "max_rejects = 0.1\non_unknown = \"refuse\"");
    ends_with(1, "", &[], &[refuse], |_| {}).house.holds_no_output();
    let wifi = |house: &House| house.edit("pipelines/wifi.toml", refuse.0, refuse.1);
    ends(1, "wifi", &[], wifi).house.holds_no_output();
    // Reviewed once, and then another.
    let mut scene = ends_with(0, "", &[], &[], |_| {});
    scene.house.edit("pipelines/web.toml", "k_min = 2\n", "k_min = 3\n");
    scene.run(1, "web", &[]);
    scene.audit();
    scene.holds_none(&needles(), RAW);
}

#[test]
fn a_damaged_list_is_not_told() {
    let rule = "\"request.method\" = { as = \"method\", keep = \"text\" }";
    let lists = [
        (
            "category = { hierarchy = \"lists/x\", level = 1 }",
            "kanari-list-1;가;*\nkanari-list-2;나\n",
        ),
        (
            "category = { hierarchy = \"lists/x\", level = 1 }",
            "kanari-list-1;가\nkanari-list-1;나\n",
        ),
        ("category = { hierarchy = \"lists/x\", level = 9 }", "kanari-list-1;가\n"),
        ("agent = { bot = { list = \"lists/x\" } }", "[{\"pattern\": \"(kanari-list-1\"}]"),
        ("agent = { bot = { list = \"lists/x\" } }", "[{\"kanari-list-1\": 1}]"),
    ];
    for (technique, list) in lists {
        let to = format!("\"request.method\" = {{ as = \"method\", {technique} }}");
        let edits = [(rule, to.as_str()), ("method = 3\n", "")];
        let scene = ends_with(3, "", &[], &edits, |house| house.put("lists/x", list));
        // The list is the institution's own; what is wrong in it may be named by place.
        scene.house.holds_no_output();
    }
}

#[test]
fn fields_that_a_second_file_lacks_are_told_and_nothing_else() {
    let second = |header: &str| {
        let header = header.to_owned();
        move |house: &House| {
            house.put("tables/wifi-2026-11-20.csv.1", format!("{header}\n{}", wifi_table()));
        }
    };
    for header in ["mac,card,kanari-header-1122", "김카나리,010-9753-8642"] {
        ends(3, "wifi", &[], second(header)).house.holds_no_output();
    }
    // No line of it is one of the format that the first file is in.
    let line = "kanari-no-line-1593\n".repeat(300);
    ends_with(4, &line, &[], &[], |_| {}).house.holds_no_output();
    // The same bytes again, and a file that no decoder knows.
    let twice = String::from_utf8_lossy(&web_log()).into_owned();
    ends_with(4, "", &[], &[], |house| {
        house.put("logs/access-2026-11-20.log.2", web_log());
    })
    .house
    .holds_no_output();
    ends_with(4, "", &[], &[], |house| {
        house.put(
            "logs/access-2026-11-20.log.gz",
            [&b"\x1f\x8b\x08"[..], twice.as_bytes()].concat(),
        );
    })
    .house
    .holds_no_output();
}

/// Fewer rows than were published.
#[test]
fn a_log_that_shrank_is_not_told() {
    let mut scene = ends_with(0, "", &[], &[], |_| {});
    scene.house.put("logs/access-2026-11-20.log", log(20, 50));
    scene.run(4, "web", &[]);
    scene.audit();
    scene.holds_none(&needles(), RAW);
}

/// What a library says when it panics is often the value that it could not do with.
#[cfg(debug_assertions)]
#[test]
fn a_panic_says_where_it_was_and_not_of_what() {
    for point in ["parse", "protect"] {
        let mut scene = Scene::new(canary_house());
        let mut command = scene.house.command(&["run"]);
        command.arg(scene.house.path("pipelines/web.toml")).args(["--date", DATE]);
        scene.take(101, command.env("GAMYEONG_PANIC_AT", point));
        let said = String::from_utf8_lossy(&scene.said).into_owned();
        assert!(said.contains("fault of this program at src/fs/points.rs:"), "{said}");
        // There is a backtrace, and no message.
        assert!(said.contains("panic_point") && said.contains("is not shown"), "{said}");
        scene.audit();
        scene.holds_none(&needles(), RAW);
        // It is made up for, as after any crash.
        scene.run(0, "web", &[]);
        scene.holds_none(&needles(), RAW);
        scene.house.verify();
    }
}

/// Calls that fail wherever they stand in a night.
#[test]
fn a_disk_that_fails_leaves_no_marker() {
    if !written::strace_is_there() {
        return;
    }
    let house = canary_house();
    let mut codes = std::collections::BTreeSet::new();
    for (call, nth) in [
        ("write", 1),
        ("write", 4),
        ("write", 9),
        ("write", 20),
        ("pwrite64", 1),
        ("pwrite64", 3),
        ("fsync", 8),
        ("fsync", 15),
        ("rename,renameat2", 3),
        ("pread64", 6),
        ("read", 30),
    ] {
        let mut scene = Scene::new(house.copied());
        let mut command = Command::new("strace");
        command.args(["-f", "-qq", "-o", "/dev/null", "-e", &format!("trace={call}"), "-e"]);
        command.arg(format!("inject={call}:error=EIO:when={nth}"));
        command.arg(env!("CARGO_BIN_EXE_gamyeong")).arg("--house").arg(&scene.house.root);
        command.arg("run").arg(scene.house.path("pipelines/web.toml")).args(["--date", DATE]);
        command.env("RUST_BACKTRACE", "full").env("TMPDIR", scene.surroundings.path());
        let output = command.current_dir(scene.surroundings.path()).output().unwrap();
        codes.insert(output.status.code());
        scene.said.extend(&output.stdout);
        scene.said.extend(&output.stderr);
        scene.audit();
        scene.holds_none(&needles(), RAW);
        // With a sound disk it is all made up for.
        let mut again = scene.house.command(&["run", "--json"]);
        again.arg(scene.house.path("pipelines/web.toml")).args(["--date", DATE]);
        scene.take(0, &mut again);
        scene.holds_none(&needles(), RAW);
    }
    assert!(codes.contains(&Some(7)), "{codes:?}");
}
