//! Canaries in what a night writes, byte by byte: into files without a name too, that
//! are gone when somebody looks.
//!
//! Source: strace(1), options `-xx`, `-y` and `-s`.

use std::collections::BTreeMap;

use super::formats::{INPUT, house_of, input_of};
use super::samples::{LINES, Sample};
use super::*;

/// Calls that take bytes out of a process.
const WRITING: &str = "write,writev,pwrite64,pwritev,pwritev2,sendto,sendmsg";

/// True if there is a `strace` that may trace; a line says so if not.
#[expect(clippy::print_stdout, reason = "what is skipped is said")]
pub(crate) fn strace_is_there() -> bool {
    let run = Command::new("strace").args(["-qq", "-o", "/dev/null", "true"]).status();
    let is_there = run.is_ok_and(|status| status.success());
    if !is_there {
        println!("skipped: no `strace` that may trace");
    }
    is_there
}

/// All bytes that a night wrote, by where to.
fn written(house: &House, pipeline: &str) -> BTreeMap<String, Vec<u8>> {
    let calls = tempfile::NamedTempFile::new().unwrap();
    let mut command = Command::new("strace");
    command.args(["-f", "-qq", "-xx", "-y", "-s", "16777216", "-o"]).arg(calls.path());
    command.args(["-e", &format!("trace={WRITING}")]).arg(env!("CARGO_BIN_EXE_gamyeong"));
    command.arg("--house").arg(&house.root).arg("run").arg(house.path(pipeline));
    command.args(["--date", DATE, "--lang", "ko"]).env("RAYON_NUM_THREADS", "1");
    Said::from(command.output().unwrap()).exits(0);
    let mut written: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for line in fs::read_to_string(calls.path()).unwrap().lines() {
        // `71 write(5</house/store/#12>(deleted), "\x41\x42", 2) = 2`, all in digits.
        let Some((_, arguments)) = line.split_once('(') else { continue };
        let target = arguments.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
        let target = target.map_or("", |(target, _)| target);
        let target = String::from_utf8_lossy(&unescaped(target)).into_owned();
        assert!(!line.contains("\"..."), "more than is shown");
        for text in arguments.split('"').skip(1).step_by(2) {
            written.entry(target.clone()).or_default().extend(unescaped(text));
        }
    }
    written
}

/// The bytes of `\x41\x42`.
fn unescaped(text: &str) -> Vec<u8> {
    HEXLOWER.decode(text.replace("\\x", "").as_bytes()).unwrap()
}

/// Nothing that was written holds a marker; and there was an unnamed file.
#[track_caller]
fn holds_none(written: &BTreeMap<String, Vec<u8>>, needles: &[(String, Vec<u8>)]) {
    for (target, bytes) in written {
        assert_eq!(found(needles, bytes), Vec::<&str>::new(), "{target}");
    }
    let bytes = |is_meant: fn(&str) -> bool| {
        written
            .iter()
            .filter(|(target, _)| is_meant(target))
            .map(|(_, bytes)| bytes.len())
            .sum::<usize>()
    };
    let is_unnamed = |target: &str| target.contains("/#") || target.contains(".unnamed");
    assert!(bytes(is_unnamed) > 100, "{:?}", written.keys());
    assert!(bytes(|target| target.contains(".age")) > 100, "{:?}", written.keys());
    assert!(bytes(|target| target.contains(".jsonl")) > 1000, "{:?}", written.keys());
}

/// Found by this test: what was going to be blanked, and rows that were going to be
/// suppressed, lay in the file of the gate as they were logged.
#[test]
fn no_marker_is_written_at_any_time() {
    if !strace_is_there() {
        return;
    }
    let house = canary_house();
    for pipeline in ["pipelines/web.toml", "pipelines/wifi.toml"] {
        holds_none(&written(&house, pipeline), &needles());
    }
    // Values that change places, and such as can be decided on only in the end.
    let held = |sample: &&Sample| {
        sample.fields.contains("permute") || sample.fields.contains("microaggregate")
    };
    let samples: Vec<_> = LINES.iter().filter(held).collect();
    assert_eq!(samples.len(), 2);
    for sample in samples {
        let (house, needles) = house_of(sample);
        house.put(INPUT, input_of(sample));
        holds_none(&written(&house, "pipelines/kanari.toml"), &needles);
    }
}
