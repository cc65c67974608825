//! No core: a file that holds the memory of a night would hold everything.

use std::io::{BufRead as _, BufReader};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::*;

/// A night that stops at this point, and would leave a core if it might.
fn stopped(scene: &Scene, by: &str) -> Child {
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -c unlimited 2>/dev/null; exec \"$@\"", "sh"]);
    command.arg(env!("CARGO_BIN_EXE_gamyeong")).arg("--house").arg(&scene.house.root).arg("run");
    command.arg(scene.house.path("pipelines/web.toml")).args(["--date", DATE]);
    command.env("GAMYEONG_KILL_AT", "after-table").env("GAMYEONG_KILL_BY", by);
    command.env("TMPDIR", scene.surroundings.path()).current_dir(scene.surroundings.path());
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Whether a process that may leave a core leaves one here.
fn are_left_here() -> bool {
    let dir = tempfile::tempdir().unwrap();
    let script = "ulimit -c unlimited && kill -ABRT $$";
    let status = Command::new("sh").args(["-c", script]).current_dir(dir.path()).status().unwrap();
    status.core_dumped()
}

fn signal(child: &Child, name: &str) {
    let status = Command::new("kill").args([name, &child.id().to_string()]).status().unwrap();
    assert!(status.success());
}

#[test]
#[expect(clippy::print_stdout, reason = "what is not shown is said")]
fn a_night_that_aborts_leaves_no_core() {
    if !are_left_here() {
        println!("not shown: processes leave no core here, whatever they do");
    }
    for (by, number) in [("ABRT", 6), ("SEGV", 11)] {
        let scene = Scene::new(canary_house());
        let status = stopped(&scene, by).wait().unwrap();
        assert_eq!(status.signal(), Some(number), "{by}");
        assert!(!status.core_dumped(), "{by}");
        assert_eq!(files(scene.surroundings.path()), Vec::<PathBuf>::new(), "{by}");
        scene.holds_none(&needles(), RAW);
    }
}

/// The limit is for files of cores; that nobody may look at the process is for
/// programs that the kernel gives them to, and for debuggers of the same account.
#[test]
fn a_night_may_leave_no_core_and_be_looked_at_by_nobody() {
    let scene = Scene::new(canary_house());
    let mut child = stopped(&scene, "STOP");
    let of = |name: &str| format!("/proc/{}/{name}", child.id());
    let started = Instant::now();
    while !fs::read_to_string(of("stat")).unwrap().contains(") T ") {
        assert!(started.elapsed() < Duration::from_mins(1));
        thread::sleep(Duration::from_millis(20));
    }
    let limits = BufReader::new(File::open(of("limits")).unwrap()).lines();
    let limit = limits.map(Result::unwrap).find(|line| line.starts_with("Max core file size"));
    let limit = limit.unwrap();
    let words: Vec<_> = limit.split_whitespace().skip(4).collect();
    assert_eq!(words, ["0", "0", "bytes"]);
    // Files of a process that may not be dumped are root's, whoever it runs as.
    let of_root = fs::metadata(of("mem")).unwrap();
    assert_eq!(std::os::unix::fs::MetadataExt::uid(&of_root), 0);
    signal(&child, "-ABRT");
    signal(&child, "-CONT");
    let status = child.wait().unwrap();
    assert_eq!((status.signal(), status.core_dumped()), (Some(6), false));
    assert_eq!(files(scene.surroundings.path()), Vec::<PathBuf>::new());
}
