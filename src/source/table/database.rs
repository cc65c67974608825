//! The address of a database in; whether raw data may be asked of it, and the
//! query of one date, out.
//!
//! Nothing here speaks TLS, so raw personal data is asked for over a Unix socket
//! or the loopback interface and nowhere else: whoever must reach another machine
//! has a tunnel end on this one, and says so in the address.
//!
//! Not here: the queries themselves (`postgresql`, `mariadb`).

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use jiff::civil::Date;
use mysql::{Opts, OptsBuilder, UrlError};
use postgres::Config;
use postgres::config::Host;
use zeroize::Zeroizing;

use crate::source::{Error, pattern};

/// How long the server may take to answer at all.
const CONNECT: Duration = Duration::from_secs(10);

/// A name of the loopback interface that is not looked up anywhere.
const LOCALHOST: &str = "localhost";

/// Servers that a query can be put to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Engine {
    PostgreSql,
    /// `MariaDB` too.
    MySql,
}

/// A query, whose rows are a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// Whom it is put to.
    pub engine: Engine,
    /// In its SQL; `{date}` stands for a date as in paths.
    pub text: String,
}

/// Where a database is, and with which password. Never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Address(Arc<Zeroizing<String>>);

/// Why an address is not used. Says nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Not a URL of such a server.
    #[error("not the URL of one {0} database")]
    Form(Engine),
    /// On another machine, as far as can be told.
    #[error("host is neither a Unix socket nor the loopback interface")]
    Remote,
}

impl Unfit {
    /// What to try next.
    #[must_use]
    pub fn hint(self) -> &'static str {
        match self {
            Unfit::Form(Engine::PostgreSql) => {
                "write one line: `postgresql://USER:PASSWORD@/DATABASE?host=/run/postgresql`"
            }
            Unfit::Form(Engine::MySql) => {
                "write one line: `mysql://USER:PASSWORD@localhost/DATABASE?socket=/run/mysqld/mysqld.sock`"
            }
            Unfit::Remote => {
                "name a Unix socket or 127.0.0.1; for a server elsewhere, the end of an SSH or VPN tunnel"
            }
        }
    }
}

impl Engine {
    /// Its name as a format.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Engine::PostgreSql => "postgresql",
            Engine::MySql => "mysql",
        }
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Query {
    /// True if it says in which order its rows come: without that the same rows
    /// need not give the same table twice.
    #[must_use]
    pub fn is_ordered(&self) -> bool {
        let words: Vec<String> = self.text.split_whitespace().map(str::to_lowercase).collect();
        words.array_windows().any(|[first, second]| first == "order" && second == "by")
    }

    /// The query of a date.
    ///
    /// # Errors
    ///
    /// [`Error::Placeholder`]: a `{date…}` that a date cannot fill.
    pub fn on(&self, date: Date) -> Result<Query, Error> {
        Ok(Query { text: pattern::dated(&self.text, date)?, ..*self })
    }
}

impl Address {
    /// Takes an address, if raw data may be asked of the server there.
    ///
    /// # Errors
    ///
    /// [`Unfit`], if it is none or on another machine.
    pub fn new(engine: Engine, text: Zeroizing<String>) -> Result<Address, Unfit> {
        let address = Address(Arc::new(text));
        match engine {
            Engine::PostgreSql => address.postgresql().map(drop)?,
            Engine::MySql => address.mysql().map(drop)?,
        }
        Ok(address)
    }

    pub(super) fn postgresql(&self) -> Result<Config, Unfit> {
        let form = || Unfit::Form(Engine::PostgreSql);
        let mut config: Config = self.0.parse().map_err(|_| form())?;
        let host = match config.get_hosts() {
            [host] => Some(host.clone()),
            [] => None,
            // Of several it would be chance which one answers.
            _ => return Err(form()),
        };
        let is_here = match (&host, config.get_hostaddrs()) {
            (_, [address]) => address.is_loopback(),
            (Some(Host::Unix(_)), []) => true,
            (Some(Host::Tcp(name)), []) => is_loopback(name),
            _ => return Err(form()),
        };
        if !is_here {
            return Err(Unfit::Remote);
        }
        if matches!(&host, Some(Host::Tcp(name)) if name == LOCALHOST)
            && config.get_hostaddrs().is_empty()
        {
            // What a resolver says of the name is not asked.
            config.hostaddr(IpAddr::from([127, 0, 0, 1]));
        }
        config.connect_timeout(CONNECT);
        Ok(config)
    }

    pub(super) fn mysql(&self) -> Result<Opts, Unfit> {
        let form = |_: UrlError| Unfit::Form(Engine::MySql);
        let given = Opts::from_url(&self.0).map_err(form)?;
        let host = given.get_ip_or_hostname().into_owned();
        if given.get_socket().is_none() && !is_loopback(&host) {
            return Err(Unfit::Remote);
        }
        // The socket that the server names is not looked for: it may be another's.
        let options = OptsBuilder::from_opts(given)
            .prefer_socket(false)
            .enable_cleartext_plugin(false)
            .tcp_connect_timeout(Some(CONNECT));
        Ok(if host == LOCALHOST {
            options.ip_or_hostname(Some("127.0.0.1")).into()
        } else {
            options.into()
        })
    }
}

/// True for the loopback interface, by number or by the one name it has.
fn is_loopback(host: &str) -> bool {
    let number = host.trim_start_matches('[').trim_end_matches(']');
    host == LOCALHOST || number.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Address(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unfit(engine: Engine, text: &str) -> Option<Unfit> {
        Address::new(engine, Zeroizing::new(text.to_owned())).err()
    }

    #[test]
    fn raw_data_is_asked_of_this_machine_alone() {
        for text in [
            "postgresql://u:p@/db?host=/run/postgresql",
            "postgresql://u@localhost/db",
            "postgresql://u@127.0.0.2:5433/db",
            "postgresql://u@[::1]/db",
            "host=/run/postgresql user=u dbname=db",
            "postgresql://u@db.example.kr/db?hostaddr=127.0.0.1",
        ] {
            assert_eq!(unfit(Engine::PostgreSql, text), None, "{text}");
        }
        for text in [
            "postgresql://u@192.0.2.7/db",
            "postgresql://u@db.example.kr/db",
            "postgresql://u@localhost/db?hostaddr=192.0.2.7",
            "postgresql://u@localhost.example.kr/db",
        ] {
            assert_eq!(unfit(Engine::PostgreSql, text), Some(Unfit::Remote), "{text}");
        }
        for text in ["", "loans", "postgresql://u@/db", "postgresql://u@localhost,192.0.2.7/db"] {
            let expected = Some(Unfit::Form(Engine::PostgreSql));
            assert_eq!(unfit(Engine::PostgreSql, text), expected, "{text}");
        }
        for text in [
            "mysql://u:p@localhost/db?socket=/run/mysqld/mysqld.sock",
            "mysql://u@127.0.0.1:3307/db",
            "mysql://u@[::1]/db",
        ] {
            assert_eq!(unfit(Engine::MySql, text), None, "{text}");
        }
        for text in ["mysql://u@192.0.2.7/db", "mysql://u@db.example.kr/db", "mysql://u@[::2]/db"] {
            assert_eq!(unfit(Engine::MySql, text), Some(Unfit::Remote), "{text}");
        }
        for text in ["", "loans", "postgresql://u@localhost/db"] {
            assert_eq!(unfit(Engine::MySql, text), Some(Unfit::Form(Engine::MySql)), "{text}");
        }
    }

    #[test]
    fn an_address_is_never_shown() {
        let text = Zeroizing::new("mysql://u:kanari@localhost/db".to_owned());
        let address = Address::new(Engine::MySql, text).unwrap();
        assert!(!format!("{address:?}").contains("kanari"));
    }

    #[test]
    fn an_order_is_two_words() {
        let is_ordered =
            |text: &str| Query { engine: Engine::MySql, text: text.to_owned() }.is_ordered();
        assert!(is_ordered("SELECT a FROM b Order\n  BY a"));
        assert!(!is_ordered("SELECT order_by FROM b"));
        assert!(!is_ordered("SELECT a FROM border BY a"));
    }
}
