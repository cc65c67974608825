//! The secret of an epoch and what a table is for in; keys of its columns out.
//!
//! Not here: how a key is derived (`vault`), what is computed with it.

use crate::vault::pseudonym::{EpochSecret, Label, PseudonymKey};

/// Gives the keys of the columns of one table. Two purposes, recipients, domains or
/// epochs can never be joined: each has its key (다형성).
pub struct KeyRing<'a> {
    /// The secret of the epoch.
    pub secret: &'a EpochSecret,
    /// Id of the controller.
    pub controller: &'a str,
    /// The purpose of processing.
    pub purpose: &'a str,
    /// Who gets the table.
    pub recipient: &'a str,
}

impl KeyRing<'_> {
    /// The key for the pseudonyms of a domain.
    pub(super) fn pseudonyms(&self, domain: &str) -> PseudonymKey {
        self.secret.derive(&self.label(domain))
    }

    /// The key of what is drawn: noise, shifts, orders, samples. What is drawn for one
    /// use says nothing of what is drawn for another, nor of a pseudonym.
    pub(super) fn draws(&self, of: &str) -> PseudonymKey {
        self.secret.draws(&self.label(of))
    }

    fn label<'l>(&'l self, domain: &'l str) -> Label<'l> {
        let Self { controller, purpose, recipient, .. } = self;
        Label { controller, purpose, recipient, domain }
    }
}
