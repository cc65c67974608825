//! `gamyeong guess`: the beginning of a pipeline from the beginning of a file.

use std::io;
use std::path::{Path, PathBuf};

use super::language::Language;
use crate::config::suggest::{Suggest, key, quoted, word};
use crate::error::{Error, Usage};
use crate::pipeline::proposal::{self, Proposal};
use crate::split::dictionary::{Class, Identifier, Observation};

/// Propose a `[[source]]` table from the first lines of a file
///
/// A person has to check it: which item of the privacy policy the records are,
/// and which fields the purpose needs. Fields that are only seen stand there as
/// comments, because what is not listed does not leave.
#[derive(Debug, clap::Args)]
#[command(arg_required_else_help = true)]
pub struct Args {
    /// A log or table, plain or compressed
    file: PathBuf,
}

/// Runs the command.
///
/// # Errors
///
/// [`Error::Usage`] if the file is in no format that has a name; those of
/// [`proposal::propose`]; [`Error::Output`] if `out` cannot be written.
pub fn run(args: &Args, language: Language, out: &mut impl io::Write) -> Result<(), Error> {
    let Some(proposal) = proposal::propose(&args.file)? else {
        return Err(Error::Usage(Usage::NoGuess { path: args.file.clone() }));
    };
    write(&args.file, &proposal, language, out).map_err(Error::Output)
}

fn write(
    file: &Path,
    proposal: &Proposal,
    language: Language,
    out: &mut impl io::Write,
) -> io::Result<()> {
    let Proposal { format, lines, rows, fields, needs_zone } = proposal;
    let say = |korean, english| language.choose(korean, english);
    let of = say("첫 줄 가운데 이 형식인 것", "of the first lines are in this format");
    writeln!(out, "# {rows}/{lines} {of}")?;
    writeln!(out, "[[source]]")?;
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    writeln!(out, "name = {}", quoted(&word(&name)))?;
    writeln!(out, "path = {}", quoted(&format!("logs/{}", pattern(&name))))?;
    writeln!(out, "format = {}", quoted(format.name()))?;
    let mut format = format.clone();
    if let Some(csv) = format.csv_mut() {
        if csv.delimiter != b',' {
            writeln!(out, "delimiter = {}", quoted(&char::from(csv.delimiter).to_string()))?;
        }
        if csv.encoding == crate::parse::Encoding::Cp949 {
            writeln!(out, "encoding = \"cp949\"")?;
        }
    }
    let why = say("institution.toml의 수집 항목", "an item of institution.toml");
    writeln!(out, "item = \"\"  # {why}")?;
    if *needs_zone {
        writeln!(out, "zone = \"Asia/Seoul\"")?;
    }
    writeln!(out, "\n[source.fields]")?;
    let mut suggest = Suggest::default();
    let mut seen = Vec::new();
    for field in fields {
        // Of several that are what every table needs, the first is proposed.
        let is_proposed = is_usual(field.class) && !seen.contains(&field.class);
        seen.push(field.class);
        let rule = suggest.typed(&field.name, field.is_number);
        let rule = rule.unwrap_or_else(|| {
            format!("{}: {}", key(&field.name), say("읽지 않는 항목", "never read"))
        });
        let mark = if is_proposed { "" } else { "# " };
        writeln!(out, "{mark}{rule}")?;
    }
    Ok(())
}

/// True for what need not be decided on by a person first.
fn is_usual(class: Class) -> bool {
    matches!(
        class,
        Class::Identifier(Identifier::Address | Identifier::Device)
            | Class::Observation(Observation::Time)
    )
}

/// The name of a file, with `{date}` where it has a date.
fn pattern(file: &str) -> String {
    let is_shape = |at: usize, shape: &str| {
        let piece = file.get(at..at + shape.len());
        piece.is_some_and(|piece| {
            piece.bytes().zip(shape.bytes()).all(|(byte, wanted)| match wanted {
                b'0' => byte.is_ascii_digit(),
                _ => byte == wanted,
            })
        })
    };
    let shapes = [("0000-00-00", "{date}"), ("00000000", "{date:%Y%m%d}")];
    for (shape, placeholder) in shapes {
        if let Some(at) = (0..file.len()).find(|&at| is_shape(at, shape)) {
            return format!("{}{placeholder}{}", &file[..at], &file[at + shape.len()..]);
        }
    }
    file.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_in_a_name_becomes_its_place() {
        assert_eq!(pattern("access-2026-11-22.log"), "access-{date}.log");
        assert_eq!(pattern("u_ex20261122.log"), "u_ex{date:%Y%m%d}.log");
        assert_eq!(pattern("대출.csv"), "대출.csv");
        assert_eq!(word("u_ex20261122.log"), "u-ex");
        assert_eq!(word("대출.csv"), "source");
    }
}
