//! A path in; the template of a list that it matches out.
//!
//! ```text
//! /book/{id}              one segment that is not empty
//! /branch/{name}/hours.do
//! /board/*                everything that begins with `/board/`
//! ```
//!
//! Templates are kept as a trie of segments. Of several that match, the first
//! of the list is taken.
//!
//! Source: RFC 3986, section 3.3 (segments). Placeholders are written as in RFC
//! 6570, level 1, but stand for whole segments.
//!
//! Not here: templates that are found in the paths themselves (`learn`); what
//! stands before and behind a path ([`path`](super::path)).

use std::collections::BTreeMap;

/// Segments of a template, at most. A path may have more.
pub const DEPTH_MAX: usize = 64;

/// Templates of one list, at most.
pub const TEMPLATES_MAX: usize = 10_000;

/// What paths become that no template matches.
pub const OTHER: &str = "other";

/// A list of templates.
#[derive(Debug)]
pub struct Templates {
    texts: Vec<String>,
    nodes: Vec<Node>,
}

/// What is left of a template when some segments have matched.
#[derive(Debug)]
struct Node {
    words: BTreeMap<Box<[u8]>, usize>,
    placeholder: Option<usize>,
    /// The template that ends here.
    end: Option<usize>,
    /// The template that ends here in `*`.
    rest: Option<usize>,
    /// The first template of the list that goes through here.
    first: usize,
}

/// Why a list of templates cannot be used. Templates are numbered from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum TemplateError {
    #[error("no template, must be at least one")]
    None,
    #[error("{found} templates, must be at most {TEMPLATES_MAX}")]
    TooMany { found: usize },
    #[error("template {number} does not begin with `/`")]
    NoSlash { number: usize },
    #[error("template {number} has more than {DEPTH_MAX} segments")]
    TooDeep { number: usize },
    #[error("template {number} has an empty placeholder, must have a name, such as `{{id}}`")]
    Empty { number: usize },
    #[error("template {number} has a placeholder or brace inside a segment, must be all of it")]
    Inside { number: usize },
    #[error("template {number} has a `*` that is not its last segment")]
    Star { number: usize },
    #[error("template {number} has a `?`, `#` or `;`, which no path has")]
    NotInPaths { number: usize },
    #[error("template {number} matches the same paths as template {first}")]
    Duplicate { number: usize, first: usize },
}

/// A segment of a template.
enum Part<'a> {
    Word(&'a str),
    Placeholder,
    Rest,
}

impl Templates {
    /// Reads a list of templates.
    ///
    /// # Errors
    ///
    /// No template, or more than [`TEMPLATES_MAX`]; one without `/` in front, with
    /// more than [`DEPTH_MAX`] segments, an empty placeholder, a placeholder or
    /// `*` where none may stand, a mark that no path has, or the form of an
    /// earlier one.
    ///
    /// # Examples
    ///
    /// ```
    /// use gamyeong::protect::url::template::{TemplateError, Templates};
    ///
    /// let list = ["/book/new", "/book/{id}", "/board/*"].map(str::to_owned);
    /// let templates = Templates::new(&list)?;
    /// assert_eq!(templates.find(b"/book/81293"), Some("/book/{id}"));
    /// assert_eq!(templates.find(b"/book/new"), Some("/book/new"));
    /// assert_eq!(templates.find(b"/login"), None);
    ///
    /// let twice = ["/book/{id}", "/book/{number}"].map(str::to_owned);
    /// let refused = Templates::new(&twice).unwrap_err();
    /// assert_eq!(refused, TemplateError::Duplicate { number: 2, first: 1 });
    /// # Ok::<(), TemplateError>(())
    /// ```
    pub fn new(templates: &[String]) -> Result<Self, TemplateError> {
        match templates.len() {
            0 => return Err(TemplateError::None),
            found if found > TEMPLATES_MAX => return Err(TemplateError::TooMany { found }),
            _ => {}
        }
        let mut list = Self { texts: templates.to_vec(), nodes: vec![Node::new(0)] };
        for (index, text) in templates.iter().enumerate() {
            list.add(index, text)?;
        }
        Ok(list)
    }

    fn add(&mut self, index: usize, text: &str) -> Result<(), TemplateError> {
        let number = index + 1;
        let inner = text.strip_prefix('/').ok_or(TemplateError::NoSlash { number })?;
        if inner.split('/').nth(DEPTH_MAX).is_some() {
            return Err(TemplateError::TooDeep { number });
        }
        let mut at = 0;
        let mut segments = inner.split('/').peekable();
        while let Some(segment) = segments.next() {
            match part(segment, number)? {
                Part::Word(word) => at = self.word(at, word, index),
                Part::Placeholder => at = self.placeholder(at, index),
                Part::Rest if segments.peek().is_some() => {
                    return Err(TemplateError::Star { number });
                }
                Part::Rest => return end(&mut self.nodes[at].rest, index),
            }
        }
        end(&mut self.nodes[at].end, index)
    }

    fn word(&mut self, at: usize, word: &str, index: usize) -> usize {
        let new = self.nodes.len();
        let next = *self.nodes[at].words.entry(word.as_bytes().into()).or_insert(new);
        self.grow(next, index);
        next
    }

    fn placeholder(&mut self, at: usize, index: usize) -> usize {
        let new = self.nodes.len();
        let next = *self.nodes[at].placeholder.get_or_insert(new);
        self.grow(next, index);
        next
    }

    fn grow(&mut self, next: usize, index: usize) {
        if next == self.nodes.len() {
            self.nodes.push(Node::new(index));
        }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// All of them, one a line, in their order.
    #[must_use]
    pub fn written(&self) -> String {
        self.texts.join("\n")
    }

    /// True if there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// The first template of the list that matches a path without query; `None`
    /// if there is none. No node of the trie is seen twice, and no segment
    /// behind those of the templates.
    #[must_use]
    pub fn find(&self, path: &[u8]) -> Option<&str> {
        let rest = path.strip_prefix(b"/")?;
        let mut best = usize::MAX;
        self.search(0, Some(rest), &mut best);
        self.texts.get(best).map(String::as_str)
    }

    /// Searches below a node, `DEPTH_MAX` deep at most. `rest` is what stands
    /// behind the last `/`; none if the path ended before.
    fn search(&self, at: usize, rest: Option<&[u8]>, best: &mut usize) {
        let node = &self.nodes[at];
        if node.first >= *best {
            return;
        }
        let Some(rest) = rest else {
            *best = node.end.unwrap_or(usize::MAX).min(*best);
            return;
        };
        *best = node.rest.unwrap_or(usize::MAX).min(*best);
        let (segment, behind) = match memchr::memchr(b'/', rest) {
            Some(slash) => (&rest[..slash], Some(&rest[slash + 1..])),
            None => (rest, None),
        };
        if let Some(&next) = node.words.get(segment) {
            self.search(next, behind, best);
        }
        if let Some(next) = node.placeholder.filter(|_| !segment.is_empty()) {
            self.search(next, behind, best);
        }
    }
}

impl Node {
    fn new(first: usize) -> Self {
        Self { words: BTreeMap::new(), placeholder: None, end: None, rest: None, first }
    }
}

fn end(place: &mut Option<usize>, index: usize) -> Result<(), TemplateError> {
    match place.replace(index) {
        Some(first) => Err(TemplateError::Duplicate { number: index + 1, first: first + 1 }),
        None => Ok(()),
    }
}

fn part(segment: &str, number: usize) -> Result<Part<'_>, TemplateError> {
    if segment.contains(['?', '#', ';']) {
        return Err(TemplateError::NotInPaths { number });
    }
    if segment == "*" {
        return Ok(Part::Rest);
    }
    if segment.contains('*') {
        return Err(TemplateError::Star { number });
    }
    let inner = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    match inner {
        Some(name) if name.trim().is_empty() => Err(TemplateError::Empty { number }),
        Some(name) if !name.contains(['{', '}']) => Ok(Part::Placeholder),
        None if !segment.contains(['{', '}']) => Ok(Part::Word(segment)),
        Some(_) | None => Err(TemplateError::Inside { number }),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn templates(list: &[&str]) -> Result<Templates, TemplateError> {
        Templates::new(&list.iter().map(|&text| text.to_owned()).collect::<Vec<_>>())
    }

    #[track_caller]
    fn finds(list: &[&str], path: &str, expected: Option<&str>) {
        assert_eq!(templates(list).unwrap().find(path.as_bytes()), expected, "{path}");
    }

    #[test]
    fn segments_match_as_a_whole() {
        let list = ["/", "/book/{id}", "/branch/{name}/hours.do", "/board/*"];
        finds(&list, "/", Some("/"));
        finds(&list, "/book/7", Some("/book/{id}"));
        finds(&list, "/branch/중앙/hours.do", Some("/branch/{name}/hours.do"));
        finds(&list, "/board/", Some("/board/*"));
        finds(&list, "/board/a/b/c", Some("/board/*"));
        for path in ["", "*", "/book", "/book/", "/book/7/", "/books/7", "/board", "book/7"] {
            finds(&list, path, None);
        }
    }

    #[test]
    fn the_first_of_the_list_is_taken() {
        finds(&["/a/{x}", "/a/b"], "/a/b", Some("/a/{x}"));
        finds(&["/a/b", "/a/{x}"], "/a/b", Some("/a/b"));
        finds(&["/{x}/b/*", "/a/{y}/c", "/*"], "/a/b/c", Some("/{x}/b/*"));
        finds(&["/a/{y}/c", "/{x}/b/*", "/*"], "/a/b/c", Some("/a/{y}/c"));
        finds(&["/a/b/c", "/{x}/b/*", "/*"], "/a/b/d", Some("/{x}/b/*"));
        finds(&["/a/b/c", "/a/{x}/e", "/*"], "/a/b/e", Some("/a/{x}/e"));
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        use TemplateError as E;
        for (list, expected) in [
            (&[][..], E::None),
            (&["/a", "b"][..], E::NoSlash { number: 2 }),
            (&[""], E::NoSlash { number: 1 }),
            (&["/a/{}"], E::Empty { number: 1 }),
            (&["/a/{ }/b"], E::Empty { number: 1 }),
            (&["/a/{id}.html"], E::Inside { number: 1 }),
            (&["/a/{a{b}"], E::Inside { number: 1 }),
            (&["/a/id}"], E::Inside { number: 1 }),
            (&["/*/a"], E::Star { number: 1 }),
            (&["/a/b*"], E::Star { number: 1 }),
            (&["/a?b"], E::NotInPaths { number: 1 }),
            (&["/a", "/b", "/a"], E::Duplicate { number: 3, first: 1 }),
            (&["/a/{x}", "/a/{y}"], E::Duplicate { number: 2, first: 1 }),
            (&["/a/*", "/a/*"], E::Duplicate { number: 2, first: 1 }),
        ] {
            assert_eq!(templates(list).unwrap_err(), expected, "{list:?}");
        }
        assert_eq!(templates(&[&"/a".repeat(65)]).unwrap_err(), E::TooDeep { number: 1 });
        assert!(templates(&[&"/a".repeat(64)]).is_ok());
    }

    #[test]
    fn a_long_path_costs_no_more_than_its_templates() {
        // Every mixture of words and placeholders, twelve deep.
        let list: Vec<String> = (0..4_096u32)
            .map(|n| (0..12).map(|bit| if n >> bit & 1 == 0 { "/a" } else { "/{x}" }).collect())
            .collect();
        let templates = Templates::new(&list).unwrap();
        let long = "/a".repeat(1_000_000);
        for _ in 0..20 {
            assert_eq!(templates.find(long.as_bytes()), None);
        }
    }

    /// The definition, template by template.
    fn matches(template: &str, path: &str) -> bool {
        let mut segments = path.split('/');
        for part in template.split('/') {
            match (part, segments.next()) {
                ("*", Some(_)) => return true,
                (_, None) | ("{x}", Some("")) => return false,
                ("{x}", Some(_)) => {}
                (part, Some(segment)) if part != segment => return false,
                _ => {}
            }
        }
        segments.next().is_none()
    }

    proptest! {
        #[test]
        fn the_trie_agrees_with_the_definition(
            mut list in prop::collection::vec("(/(a|b|\\{x\\}|)){1,4}(/\\*|)", 1..8),
            path in "(/(a|b|c|)){1,5}",
        ) {
            while let Err(TemplateError::Duplicate { number, .. }) = Templates::new(&list) {
                list.remove(number - 1);
            }
            let expected = list.iter().find(|template| matches(template, &path));
            let templates = Templates::new(&list).unwrap();
            prop_assert_eq!(templates.find(path.as_bytes()), expected.map(String::as_str));
        }
    }
}
