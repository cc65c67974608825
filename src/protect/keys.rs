//! The secret of an epoch and what a table is for in; keys of its columns out.
//!
//! Not here: how a key is derived (`vault`), what is computed with it.

use super::order::Order;
use crate::vault::preserving::PreservingKey;
use crate::vault::pseudonym::{EpochSecret, Label, PseudonymKey};
use crate::vault::sealing::SealingKey;

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
    /// Which table it is: the source and the date. Orders of two tables have nothing to
    /// do with each other; what is drawn for a person has.
    pub table: &'a str,
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

    /// The order in which the rows of the table are written.
    #[must_use]
    pub fn order_of_rows(&self) -> Order {
        Order::new(self.draws(&format!("rows:{}", self.table)))
    }

    /// The places that the values of a column change to.
    pub(super) fn order_of_values(&self, column: &str) -> Order {
        Order::new(self.draws(&format!("order:{}:{column}", self.table)))
    }

    /// The key for addresses that keep what they have in common.
    pub(super) fn preserving(&self, domain: &str) -> PreservingKey {
        self.secret.preserving(&self.label(domain))
    }

    /// The key that seals values so that it can open them again.
    pub(super) fn sealing(&self, domain: &str) -> SealingKey {
        self.secret.sealing(&self.label(domain))
    }

    fn label<'l>(&'l self, domain: &'l str) -> Label<'l> {
        let Self { controller, purpose, recipient, .. } = self;
        Label { controller, purpose, recipient, domain }
    }
}
