//! What stands in a field in; the address, the device or the time that is meant
//! out, in however many ways it can be written.
//!
//! Not here: where fields are (`parse`), what becomes of them (`protect`).

pub mod address;
pub mod mac;
pub mod time;
