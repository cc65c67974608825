//! What must hold for any bytes, whatever their format.

pub mod laws;
