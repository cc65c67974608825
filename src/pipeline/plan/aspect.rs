//! Where a fact stands in a record in; which of what a review is about it belongs to out.
//!
//! A use is repeated (반복·유사 활용) while purpose, items, recipient, method and scope
//! stay. Anything else may change with a reason and no review.
//!
//! Source: 가명정보 처리 가이드라인 (2026.3), on repeated use.

/// What the processing is for.
pub(super) const PURPOSE: &str = "목적";
/// Which tables and columns there are.
pub(super) const ITEMS: &str = "항목";
/// Who gets it.
pub(super) const RECIPIENT: &str = "제공받는 자";
/// How columns are made, and what is asked of a table.
pub(super) const METHOD: &str = "방법";
/// Whose data of which time is in it.
pub(super) const SCOPE: &str = "범위";

/// The aspect of a fact; `None` if a review is not about it.
pub(super) fn of(pointer: &str) -> Option<&'static str> {
    Some(match pointer {
        "/purpose_category" | "/purpose_detail" | "/legal_basis" => PURPOSE,
        "/item" | "/field" => ITEMS,
        "/environment" | "/recipient" | "/processor" => RECIPIENT,
        "/additional_info/mapping_reason"
        | "/additional_info/window"
        | "/k_min"
        | "/k_persons_min"
        | "/max_suppressed_ppm"
        | "/subject"
        | "/quasi_identifiers"
        | "/sessions_from"
        | "/sessions"
        | "/address"
        | "/time"
        | "/randomised_kept"
        | "/role" => METHOD,
        "/period_start" | "/period_end" | "/path" | "/database" | "/query_sha256" | "/one_in" => {
            SCOPE
        }
        _ => return None,
    })
}
