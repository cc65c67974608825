//! Agents as they are logged, and lists of robots.

use proptest::prelude::*;

use super::*;

fn of(part: fn(&[u8], &mut Vec<u8>), agent: &str) -> String {
    let mut out = Vec::new();
    part(agent.as_bytes(), &mut out);
    String::from_utf8(out).unwrap()
}

#[track_caller]
fn reads(agent: &str, family: &str, system: &str, class: &str) {
    let found = [agent_family, agent_system, agent_class].map(|part| of(part, agent));
    assert_eq!(found, [family, system, class], "{agent}");
    assert_eq!(is_robot(agent.as_bytes()), class == "crawler", "{agent}");
}

#[test]
fn agents_have_a_family_a_system_and_a_class() {
    let chrome = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0";
    reads(
        &format!("Mozilla/5.0 (Linux; Android 14; SM-S918N) {chrome} Mobile Safari/537.36"),
        "Chrome",
        "Android",
        "smartphone",
    );
    reads(
        "Mozilla/5.0 (iPad; CPU OS 17_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.2 Mobile/15E148 Safari/604.1",
        "Safari",
        "iOS",
        "smartphone",
    );
    reads(
        "Mozilla/5.0 (Windows NT 6.1; Trident/7.0; rv:11.0) like Gecko",
        "Internet Explorer",
        "Windows",
        "pc",
    );
    reads(
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Googlebot",
        "UNKNOWN",
        "crawler",
    );
    reads("", "UNKNOWN", "UNKNOWN", "UNKNOWN");
    reads("-", "UNKNOWN", "UNKNOWN", "UNKNOWN");
}

#[test]
fn systems_lose_their_versions() {
    for (found, expected) in [
        ("Windows 8.1", "Windows"),
        ("Windows UNKNOWN Ver", "Windows"),
        ("Windows Phone OS", "Windows Phone OS"),
        ("iPod", "iOS"),
        ("BlackBerry 10", "BlackBerry"),
        ("PlayStation 4", "PlayStation"),
        ("Nintendo 3DS", "Nintendo"),
        ("Xbox 360", "Xbox"),
        ("Mac OSX", "Mac OSX"),
        ("UNKNOWN", "UNKNOWN"),
    ] {
        assert_eq!(without_version(found), expected);
    }
}

#[test]
fn a_list_of_robots_is_looked_for_in_any_case() {
    let json = r#"[{"pattern": "bot"}, {"pattern": "^.?$"}, {"pattern": "[^a]fish", "url": "x"}]"#;
    let robots = Robots::read(json.as_bytes()).unwrap();
    assert_eq!(robots.entries(), 3);
    for robot in [&b"ROBOT"[..], b"", b"-", b"\xff bot", b"goldfish"] {
        assert!(robots.has(robot), "{robot:?}");
    }
    assert!(!robots.has(b"Mozilla/5.0 (X11)"));
}

#[test]
fn a_list_that_cannot_be_used_is_refused_by_its_entry() {
    use RobotsError as E;
    let many = format!("[{}{{}}]", "{},".repeat(ROBOTS_MAX));
    // Each by itself is within the limit of one.
    let large = format!("[{}{{\"pattern\":\"a\"}}]", "{\"pattern\":\"a{9000}\"},".repeat(400));
    for (json, expected) in [
        ("[]", E::None),
        ("{}", E::Json { line: 1, column: 0 }),
        ("[{\"pattern\": 7}]", E::Json { line: 1, column: 14 }),
        ("[\n{\"pattern\": \"a\"},\n{\"url\": \"a\"}]", E::NoPattern { number: 2 }),
        ("[{\"pattern\": \"(?=a)b\"}]", E::Pattern { number: 1 }),
        ("[{\"pattern\": \"a\"}, {\"pattern\": \"(a{1000}){1000}\"}]", E::Pattern { number: 2 }),
        (&many, E::TooMany { found: ROBOTS_MAX + 1 }),
        (&large, E::TooLarge),
    ] {
        assert_eq!(Robots::read(json.as_bytes()).unwrap_err(), expected);
    }
    let long = vec![b' '; ROBOTS_BYTES_MAX + 1];
    assert!(matches!(Robots::read(&long), Err(E::TooLong { .. })));
}

proptest! {
    #[test]
    fn any_bytes_have_an_answer(agent in prop::collection::vec(any::<u8>(), 0..80)) {
        for part in [agent_family, agent_system, agent_class] {
            let mut out = Vec::new();
            part(&agent, &mut out);
            prop_assert!(!out.is_empty() && str::from_utf8(&out).is_ok());
        }
        let _ = is_robot(&agent);
    }
}
