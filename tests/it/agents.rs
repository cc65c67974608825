//! Agents that others wrote answers for, and COUNTER's list of robots. Not part of
//! the repository: see `../shared/data`.

use std::fs;

use gamyeong::protect::agent::{Robots, agent_class, agent_family, agent_system};

use crate::answers::reference;

#[test]
fn every_pattern_of_the_counter_list_compiles() {
    let Some(folder) = reference("agent") else { return };
    let list = fs::read(folder.join("COUNTER_Robots_list.json")).unwrap();
    let robots = Robots::read(&list).unwrap();
    assert!(robots.entries() > 300);
    for robot in ["Googlebot/2.1", "", "-", "python-requests/2.31", "curl/8.5.0"] {
        assert!(robots.has(robot.as_bytes()), "{robot}");
    }
    let browser = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 \
                   (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36";
    assert!(!robots.has(browser.as_bytes()));
    // Linear: a million bytes of beginnings.
    for piece in ["b", "Mozilla ", "API scrap", "\u{88ab}"] {
        let _ = robots.has(piece.repeat(1_000_000 / piece.len()).as_bytes());
    }
}

#[test]
fn the_answers_of_the_woothee_project_agree() {
    let Some(folder) = reference("agent/woothee") else { return };
    let mut paths: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut agents = 0;
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        for block in text.split("- target:").skip(1) {
            agents += usize::from(agrees(block));
        }
    }
    assert!(agents > 150, "{agents} agents");
}

/// Compares one answer; false if it is written with escapes, or is none.
fn agrees(block: &str) -> bool {
    let field = |name: &str| {
        block.lines().find_map(|line| line.trim_start().strip_prefix(name)).map(unquoted)
    };
    let target = unquoted(block.lines().next().unwrap_or_default());
    let (Some(name), Some(class)) = (field("name:"), field("category:")) else { return false };
    if target.contains('\\') {
        return false;
    }
    assert_eq!(of(agent_family, &target), name, "{target}");
    assert_eq!(of(agent_class, &target), class, "{target}");
    if let Some(system) = field("os:") {
        let found = of(agent_system, &target);
        let is_apple = found == "iOS" && ["iPhone", "iPad", "iPod"].contains(&system.as_str());
        assert!(is_apple || system.starts_with(&found), "{target}");
        assert!(!found.ends_with(|c: char| c.is_ascii_digit()), "{target}");
    }
    true
}

fn of(part: fn(&[u8], &mut Vec<u8>), agent: &str) -> String {
    let mut out = Vec::new();
    part(agent.as_bytes(), &mut out);
    String::from_utf8(out).unwrap()
}

fn unquoted(text: &str) -> String {
    let text = text.trim();
    let within = |mark| text.strip_prefix(mark).and_then(|text| text.strip_suffix(mark));
    within('\'').or_else(|| within('"')).unwrap_or(text).replace("''", "'")
}
