//! Directives and texts of a format string in; what a line is read by out.

use super::{Escapes, Field, Kind};
use crate::parse::reason::Name;

/// A piece of a format string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::parse) enum Piece {
    /// The same in every line.
    Text(Vec<u8>),
    /// One or more blanks: servers align columns with them.
    Blanks,
    /// What differs from line to line; its place in the format string, from 1.
    Field(Field, usize),
    /// Whatever follows: newer versions of a program write more.
    Rest,
}

/// Why a format string cannot be compiled. Columns count from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum FormatError {
    #[error("column {column}: `{directive}` is no directive of {server}")]
    Directive { column: usize, directive: String, server: &'static str },
    #[error("column {column}: `{pattern}` is no pattern of a time that has a date")]
    Time { column: usize, pattern: String },
    #[error("column {column}: nothing tells where the field before ends")]
    Adjacent { column: usize },
    #[error("column {column}: `{{` is never closed")]
    Open { column: usize },
    #[error("it has no directive: every line would be the same")]
    Empty,
}

/// What a line is read by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::parse) struct Layout {
    pub(super) steps: Vec<Step>,
    /// What must stand behind the last field.
    pub(super) tail: Lead,
    /// Whether more may follow.
    pub(super) is_open: bool,
    /// The quotes of a line that has none but those around fields, if it can be
    /// told by their number.
    pub(super) quotes: Option<usize>,
    pub(super) escapes: Escapes,
}

/// One field and what stands before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) lead: Lead,
    /// Its name in reasons. Empty where a pipeline cannot want it.
    pub(super) name: Name,
    pub(super) kind: Kind,
    pub(super) end: End,
    /// It cannot be wanted.
    pub(super) is_hidden: bool,
}

/// What stands before a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Lead {
    Text(Box<[u8]>),
    /// One or more blanks, and then a text.
    Blanks(Box<[u8]>),
}

/// Where a field ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum End {
    /// At the first quote that no backslash hides.
    Quote,
    /// Where the lead of the next field begins, whose first byte this is.
    Lead(u8),
    /// At the first blank.
    Blank,
    /// At the first blank that does not stand between two texts of a list.
    List,
    /// With the line.
    Line,
    /// Where the time ends.
    Time,
    /// At `?`, or where the lead after the next field begins: the field that
    /// follows is a query.
    Query(u8),
    /// After 26 bytes, as every time of the Common Log Format.
    Clf,
}

impl Layout {
    /// Compiles the pieces of a format string.
    pub(in crate::parse) fn new(
        pieces: Vec<Piece>,
        escapes: Escapes,
    ) -> Result<Layout, FormatError> {
        let mut steps: Vec<Step> = Vec::new();
        let mut taken: Vec<Name> = Vec::new();
        let mut lead: Option<Lead> = None;
        let mut is_open = false;
        for piece in pieces {
            match piece {
                Piece::Text(text) => match &mut lead {
                    None => lead = Some(Lead::Text(text.into())),
                    Some(Lead::Text(before) | Lead::Blanks(before)) => {
                        *before = [before.as_ref(), text.as_slice()].concat().into();
                    }
                },
                Piece::Blanks => lead = Some(Lead::Blanks(Box::default())),
                Piece::Rest => is_open = true,
                Piece::Field(field, column) => {
                    let is_query = field.names[0].as_deref() == Some("request.query");
                    if let (Some(last), None) = (steps.last_mut(), &lead) {
                        // `%U%q`: a query begins with its `?`.
                        if !is_query || last.kind != Kind::Text {
                            return Err(FormatError::Adjacent { column });
                        }
                        last.end = End::Query(0);
                    }
                    let name = field.names.into_iter().flatten().find(|name| !taken.contains(name));
                    taken.extend(name.clone());
                    let end = match field.kind {
                        Kind::Clf => End::Clf,
                        Kind::Time(_) => End::Time,
                        Kind::Text
                        | Kind::Optional
                        | Kind::List
                        | Kind::Endpoint
                        | Kind::Sign
                        | Kind::Status
                        | Kind::Count
                        | Kind::Decimal => End::Line,
                    };
                    let lead = lead.take().unwrap_or(Lead::Text(Box::default()));
                    let is_hidden = field.is_hidden || name.is_none();
                    let name = name.unwrap_or_default();
                    steps.push(Step { lead, name, kind: field.kind, end, is_hidden });
                }
            }
        }
        if steps.is_empty() {
            return Err(FormatError::Empty);
        }
        let tail = lead.unwrap_or(Lead::Text(Box::default()));
        let mut layout = Layout { steps, tail, is_open, quotes: None, escapes };
        layout.ends();
        layout.count_quotes();
        Ok(layout)
    }

    /// The fields that can be wanted, with what they hold.
    pub(in crate::parse) fn fields(&self) -> impl Iterator<Item = (&Name, &Kind)> {
        let named = self.steps.iter().filter(|step| !step.is_hidden);
        named.map(|step| (&step.name, &step.kind))
    }

    /// Finds where every field ends.
    fn ends(&mut self) {
        for at in 0..self.steps.len() {
            let next = self.steps.get(at + 1).map_or(&self.tail, |step| &step.lead);
            let first = match next {
                Lead::Blanks(_) => Some(b' '),
                Lead::Text(text) => text.first().copied(),
            };
            let behind = self.steps.get(at + 2).map_or(&self.tail, |step| &step.lead).first();
            let is_last = at + 1 == self.steps.len();
            let step = &mut self.steps[at];
            let is_quoted = step.lead.ends_with_quote() && first == Some(b'"');
            step.end = match (&step.end, first) {
                (End::Clf, _) => End::Clf,
                (End::Time, _) => End::Time,
                (End::Query(_), _) => End::Query(behind.unwrap_or(b' ')),
                (_, Some(b'"')) if is_quoted => End::Quote,
                (_, Some(b' ') | None) if step.kind == Kind::List => End::List,
                (_, Some(first)) => End::Lead(first),
                // What a client sends may have blanks. Anything else ends at one,
                // or a value with blanks before it would be taken for two.
                (_, None) if is_last && matches!(&*step.name, "agent" | "cookie") => End::Line,
                (_, None) => End::Blank,
            };
        }
    }

    /// Counts the quotes, unless one could stand in a field without being
    /// hidden.
    fn count_quotes(&mut self) {
        let in_leads = self.steps.iter().map(|step| step.lead.quotes()).sum::<usize>();
        let quoted = self.steps.iter().filter(|step| step.end == End::Quote).count();
        let all = in_leads + self.tail.quotes();
        self.quotes = (all == 2 * quoted && !self.is_open).then_some(all);
    }
}

impl Lead {
    fn text(&self) -> &[u8] {
        match self {
            Lead::Text(text) | Lead::Blanks(text) => text,
        }
    }

    fn first(&self) -> Option<u8> {
        match self {
            Lead::Blanks(_) => Some(b' '),
            Lead::Text(text) => text.first().copied(),
        }
    }

    fn ends_with_quote(&self) -> bool {
        self.text().last() == Some(&b'"')
    }

    fn quotes(&self) -> usize {
        memchr::memchr_iter(b'"', self.text()).count()
    }
}
