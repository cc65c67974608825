//! Servers of databases, each in a directory of its own and gone with the value.
//! They listen on a Unix socket alone.

use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Of the account that the tests ask as.
pub(crate) const PASSWORD: &str = "kanari-word";

/// A server may need some time to start, on a machine that is busy.
const PATIENCE: Duration = Duration::from_mins(2);

pub(crate) trait Server {
    /// Its name as a format, and as the scheme of a URL.
    fn format(&self) -> &'static str;
    /// Its type of a time without a zone.
    fn time(&self) -> &'static str;
    /// A table that the account may not read.
    fn hidden(&self) -> &'static str;
    /// Where its socket is.
    fn socket(&self) -> &str;
    /// The address of its database for an account that may read the loans.
    fn url(&self) -> String;
    /// Has it do something, as the account that may do everything.
    fn say(&self, statements: &str);
}

/// A process that ends with the value.
struct Process {
    child: Child,
    /// The directory of the server; removed after the process has ended.
    dir: TempDir,
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A directory that any account may look into: servers do not run as root.
fn directory(owner: &str) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    if is_root() {
        let done = Command::new("chown").arg(owner).arg(dir.path()).status().unwrap();
        assert!(done.success(), "chown {owner}");
    }
    dir
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// A command of another account, if this one is root.
fn of(owner: &str, program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid", owner, "--regid", owner, "--clear-groups", "--"]).arg(program);
    command
}

/// Runs a command to its end, with what it is to read.
#[track_caller]
fn done(command: &mut Command, input: &str) {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
}

/// Waits until a command succeeds.
#[track_caller]
fn wait_for(mut attempt: impl FnMut() -> Command) {
    let started = Instant::now();
    loop {
        let mut command = attempt();
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        if command.status().is_ok_and(|status| status.success()) {
            return;
        }
        assert!(started.elapsed() < PATIENCE, "{command:?}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// The last of some programs that is there.
#[expect(clippy::print_stdout, reason = "what is skipped is said")]
fn program(places: &[&str]) -> Option<PathBuf> {
    let found = places.iter().flat_map(|place| glob::glob(place).unwrap()).filter_map(Result::ok);
    let found = found.last();
    if found.is_none() {
        println!("skipped: none of {} is there", places.join(", "));
    }
    found
}

pub(crate) struct PostgreSql {
    process: Process,
    socket: String,
    bin: PathBuf,
}

impl PostgreSql {
    /// `None` if it is not installed.
    pub(crate) fn start() -> Option<PostgreSql> {
        let initdb = program(&["/usr/lib/postgresql/*/bin/initdb"])?;
        let bin = initdb.parent().unwrap().to_owned();
        let dir = directory("postgres");
        let data = dir.path().join("data");
        let socket = dir.path().join("gamyeong-socket");
        let make = of("postgres", Path::new("mkdir")).arg(&socket).status().unwrap();
        assert!(make.success());
        let mut create = of("postgres", &initdb);
        create.args(["-A", "scram-sha-256", "-U", "postgres", "--no-sync", "-E", "UTF8", "-D"]);
        // Its own account needs no password on the socket.
        create.arg(&data).args(["--auth-local=trust", "--no-locale"]);
        done(&mut create, "");
        let access = data.join("pg_hba.conf");
        let rules = "local all postgres trust\nlocal all all scram-sha-256\n";
        crate::house::put(&access, rules.as_bytes());
        let mut serve = of("postgres", &bin.join("postgres"));
        serve.arg("-D").arg(&data).arg("-k").arg(&socket);
        serve.args(["-c", "listen_addresses=", "-c", "fsync=off", "-c", "port=5432"]);
        serve.stdout(Stdio::null()).stderr(Stdio::null());
        let child = serve.spawn().unwrap();
        let socket = socket.to_str().unwrap().to_owned();
        let server = PostgreSql { process: Process { child, dir }, socket, bin };
        wait_for(|| server.client());
        server.say(&format!(
            "CREATE ROLE reader LOGIN PASSWORD '{PASSWORD}';\n\
             ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO reader;\n\
             CREATE TABLE hidden (password TEXT); REVOKE ALL ON hidden FROM reader;\n"
        ));
        Some(server)
    }

    fn client(&self) -> Command {
        let mut client = Command::new(self.bin.join("psql"));
        client.args(["-h", &self.socket, "-U", "postgres", "-X", "-q", "-v", "ON_ERROR_STOP=1"]);
        client
    }
}

impl Server for PostgreSql {
    fn format(&self) -> &'static str {
        "postgresql"
    }

    fn time(&self) -> &'static str {
        "TIMESTAMP"
    }

    fn hidden(&self) -> &'static str {
        "hidden"
    }

    fn socket(&self) -> &str {
        &self.socket
    }

    fn url(&self) -> String {
        format!("postgresql://reader:{PASSWORD}@/postgres?host={}", self.socket)
    }

    fn say(&self, statements: &str) {
        assert!(self.process.dir.path().is_dir());
        done(&mut self.client(), statements);
    }
}

pub(crate) struct MariaDb {
    process: Process,
    socket: String,
}

impl MariaDb {
    /// `None` if it is not installed.
    pub(crate) fn start() -> Option<MariaDb> {
        let install = program(&["/usr/bin/mariadb-install-db"])?;
        let daemon = program(&["/usr/sbin/mariadbd"])?;
        let dir = directory("mysql");
        let data = dir.path().join("data");
        let mut create = of("mysql", &install);
        create.args(["--no-defaults", "--auth-root-authentication-method=normal"]);
        create.args(["--skip-test-db"]).arg(format!("--datadir={}", data.display()));
        done(&mut create, "");
        let socket = dir.path().join("gamyeong-socket");
        let mut serve = of("mysql", &daemon);
        serve.args(["--no-defaults", "--skip-networking", "--innodb-flush-log-at-trx-commit=0"]);
        serve.arg(format!("--datadir={}", data.display()));
        serve.arg(format!("--socket={}", socket.display()));
        serve.arg(format!("--pid-file={}", dir.path().join("pid").display()));
        serve.stdout(Stdio::null()).stderr(Stdio::null());
        let child = serve.spawn().unwrap();
        let socket = socket.to_str().unwrap().to_owned();
        let server = MariaDb { process: Process { child, dir }, socket };
        wait_for(|| {
            let mut client = server.client("mysql");
            client.args(["-e", "SELECT 1"]);
            client
        });
        done(
            &mut server.client("mysql"),
            &format!(
                "CREATE DATABASE library CHARACTER SET utf8mb4;\n\
                 CREATE USER reader@localhost IDENTIFIED BY '{PASSWORD}';\n\
                 GRANT SELECT ON library.* TO reader@localhost;\n\
                 CREATE DATABASE hidden; CREATE TABLE hidden.hidden (password TEXT);\n"
            ),
        );
        Some(server)
    }

    fn client(&self, database: &str) -> Command {
        let mut client = Command::new("mariadb");
        client.args(["--no-defaults", "-u", "root", "--default-character-set=utf8mb4", "-S"]);
        client.arg(&self.socket).arg(database);
        client
    }
}

impl Server for MariaDb {
    fn format(&self) -> &'static str {
        "mysql"
    }

    fn time(&self) -> &'static str {
        "DATETIME"
    }

    fn hidden(&self) -> &'static str {
        "hidden.hidden"
    }

    fn socket(&self) -> &str {
        &self.socket
    }

    fn url(&self) -> String {
        format!("mysql://reader:{PASSWORD}@localhost/library?socket={}", self.socket)
    }

    fn say(&self, statements: &str) {
        assert!(self.process.dir.path().is_dir());
        let statements = format!("SET time_zone = '+00:00';\n{statements}");
        done(&mut self.client("library"), &statements);
    }
}
