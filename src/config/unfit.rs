//! A technique and a field in; what speaks against the one for the other out.
//!
//! Not here: what a rule asks for (`techniques`).

use super::problem::What;
use crate::notation::time::Written;
use crate::protect::settings::{Kind, Rule};
use crate::protect::technique::{Form, OfIdentifier, OfNumber, OfText, OfTime, OfUrl, Technique};
use crate::split::dictionary::{Class, Identifier, Observation, class, is_count, is_query};
use crate::split::person::{is_remark, opens_session};

/// What speaks against a technique for a field.
pub(super) fn unfit(technique: &Technique, field: &str, rule: &Rule) -> Option<What> {
    unlisted(technique, field)
        .or_else(|| unkept(technique, field, rule))
        .or_else(|| unclosed(technique, field))
        .or_else(|| unlike(technique, field))
        .or_else(|| unset(technique, field, rule))
        .or_else(|| unrefined(technique, rule))
}

/// What speaks against letting parameters of a query out.
fn unlisted(technique: &Technique, field: &str) -> Option<What> {
    technique.listed_parameters()?.iter().find_map(|name| {
        let field = format!("{field}?{name}");
        match class(name) {
            Class::Forbidden => Some(What::Forbidden { field }),
            // What is a query or an address itself may hold anything.
            Class::Identifier(_) | Class::Observation(Observation::Url) => {
                Some(What::KeepParameter { field })
            }
            Class::Observation(_) => None,
        }
    })
}

/// What speaks against a technique because of what the field is.
fn unlike(technique: &Technique, field: &str) -> Option<What> {
    let class = class(field);
    let is_identifier = matches!(class, Class::Identifier(_));
    let is_address = class == Class::Identifier(Identifier::Address);
    let is_device = class == Class::Identifier(Identifier::Device);
    let is_of = |of: &[Observation]| of.iter().any(|of| class == Class::Observation(*of));
    let needs = match technique {
        Technique::Address(_) => (!is_address).then_some("IP address"),
        Technique::Device(_) => (!is_device).then_some("MAC address"),
        // What stands before a question mark is all of it.
        Technique::Url(OfUrl::Query(_)) => {
            let is_other = is_identifier || is_of(&[Observation::Time, Observation::Agent]);
            is_other.then_some("address of a page")
        }
        Technique::Url(_) if is_query(field) => {
            Some("address of a page but its query, for which there is `query`")
        }
        Technique::Url(_) => {
            let is_other = is_identifier || is_of(&[Observation::Time, Observation::Agent]);
            is_other.then_some("address of a page")
        }
        Technique::Agent(_) => is_identifier.then_some("user agent"),
        Technique::Text(OfText::First(_) | OfText::Mask(_)) => {
            let has_others = is_address
                || is_device
                || is_of(&[Observation::Url, Observation::Agent, Observation::Time]);
            has_others.then_some("text of its own: there are techniques for what it is")
        }
        // Kept ones are looked at by `unkept`.
        Technique::Number(of, _) if !matches!(of, OfNumber::Keep) => {
            let is_other =
                is_identifier || is_of(&[Observation::Time, Observation::Url, Observation::Agent]);
            is_other.then_some("number that says how much")
        }
        Technique::Time(..) => {
            let is_other = is_identifier || is_of(&[Observation::Url, Observation::Agent]);
            (is_other || is_count(field)).then_some("time")
        }
        Technique::Number(..)
        | Technique::KeepText
        | Technique::Identifier(..)
        | Technique::Text(OfText::Region(..))
        | Technique::Category(_) => None,
    };
    let field = field.to_owned();
    needs.map(|needs| What::Unfit { technique: technique.name(), field, needs })
}

/// What speaks against a technique because the field may open a session.
fn unclosed(technique: &Technique, field: &str) -> Option<What> {
    let is_open = opens_session(field) && !technique.is_pseudonym();
    is_open.then(|| What::OnlyPseudonym { field: field.to_owned() })
}

/// What a technique lacks.
fn unset(technique: &Technique, field: &str, rule: &Rule) -> Option<What> {
    let field = || field.to_owned();
    match technique {
        Technique::Identifier(OfIdentifier::Seal(_), _) if !has_reason(rule) => {
            Some(What::SealReason)
        }
        Technique::Identifier(OfIdentifier::Pseudonym(settings), kind)
            if settings.randomised.is_some() && *kind != Kind::Mac =>
        {
            Some(What::Unfit { technique: "randomised", field: field(), needs: "MAC address" })
        }
        Technique::Time(_, clock) if clock.written == Written::Local && clock.zone.is_none() => {
            Some(What::NeedsZone { field: field() })
        }
        Technique::KeepText
        | Technique::Identifier(..)
        | Technique::Address(_)
        | Technique::Device(_)
        | Technique::Time(..)
        | Technique::Number(..)
        | Technique::Url(_)
        | Technique::Agent(_)
        | Technique::Text(_)
        | Technique::Category(_) => None,
    }
}

/// What speaks against keeping a field as it is.
fn unkept(technique: &Technique, field: &str, rule: &Rule) -> Option<What> {
    let has_reason = has_reason(rule);
    let whole = |why| Some(What::KeepWhole { field: field.to_owned(), why });
    match (technique, class(field)) {
        (
            Technique::KeepText | Technique::Number(OfNumber::Keep, _),
            Class::Identifier(identifier),
        ) => {
            if identifier == Identifier::Other && is_remark(field) {
                return Some(What::KeepRemark { field: field.to_owned() });
            }
            let also = match identifier {
                Identifier::Address => " or `prefix`",
                Identifier::Device => " or `mac`",
                Identifier::Other => "",
            };
            Some(What::KeepIdentifier { field: field.to_owned(), also })
        }
        (Technique::KeepText, Class::Observation(Observation::Url)) if is_query(field) => {
            whole("queries hold names and search words; use `query`")
        }
        (Technique::KeepText, Class::Observation(Observation::Url)) => {
            whole("addresses hold names and search words; use `path` or `query`")
        }
        (Technique::KeepText, Class::Observation(Observation::Agent)) if !has_reason => {
            whole("agents nearly tell devices apart; use `agent`, or say why in `reason`")
        }
        (
            Technique::KeepText | Technique::Number(OfNumber::Keep, _),
            Class::Observation(Observation::Time),
        ) if !has_reason => whole("a second tells rows apart; use `round`, or say why in `reason`"),
        _ => None,
    }
}

fn has_reason(rule: &Rule) -> bool {
    rule.reason.as_ref().is_some_and(|reason| !reason.trim().is_empty())
}

/// What speaks against what is done besides.
fn unrefined(technique: &Technique, rule: &Rule) -> Option<What> {
    let technique_name = technique.name();
    if rule.rare.is_some() && technique.form() != Form::Text {
        return Some(What::RareText { technique: technique_name });
    }
    let keeps_terms = |of: &OfTime| matches!(of, OfTime::Shift(shift) if shift.terms.is_some());
    let why = if technique.is_pseudonym() {
        "pseudonyms keep their rows"
    } else if technique.margins().is_some() {
        "the sums of its groups would not stay"
    } else if matches!(technique, Technique::Time(of, _) if keeps_terms(of)) {
        "times would leave their terms"
    } else {
        return None;
    };
    rule.permute.then_some(What::Permuted { technique: technique_name, why })
}
