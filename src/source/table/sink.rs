//! Cells, row by row, in; blocks of CSV text out.
//!
//! Source: RFC 4180, section 2.

use std::sync::mpsc::SyncSender;

use super::Fault;
use crate::fs;
use crate::source::LINE_BYTES;

/// About as much text as is handed over at a time.
const BLOCK_BYTES: usize = 256 << 10;

/// Why a reader stops.
pub(super) enum Stop {
    /// Nobody wants more of it.
    Enough,
    /// It cannot go on.
    Fault(Fault),
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Stop {
        Stop::Fault(fault)
    }
}

/// Takes the cells of a table.
pub(super) struct Sink {
    blocks: SyncSender<Vec<u8>>,
    block: Vec<u8>,
    row: Vec<u8>,
    /// Cells of the row so far.
    cells: usize,
    columns: usize,
    is_head: bool,
}

impl Sink {
    pub(super) fn new(blocks: SyncSender<Vec<u8>>, is_head: bool) -> Sink {
        Sink { blocks, block: Vec::new(), row: Vec::new(), cells: 0, columns: 0, is_head }
    }

    /// Takes the names of the columns, before any row.
    pub(super) fn header<'a>(
        &mut self,
        names: impl ExactSizeIterator<Item = &'a str>,
    ) -> Result<(), Stop> {
        self.columns = names.len();
        for name in names {
            self.begin_cell();
            // Quoted: one that begins with a byte-order mark is no mark.
            self.quoted(name.as_bytes());
        }
        self.end_row()?;
        self.flush()?;
        if self.is_head { Err(Stop::Enough) } else { Ok(()) }
    }

    /// Takes the next cell of the row. An empty one is null.
    pub(super) fn cell(&mut self, text: &[u8]) {
        if self.row.len() > LINE_BYTES {
            // It will be rejected, and no more of it is seen.
            return;
        }
        self.begin_cell();
        if text.iter().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r')) {
            self.quoted(text);
        } else {
            self.row.extend_from_slice(text);
        }
    }

    /// Ends the row.
    pub(super) fn end_row(&mut self) -> Result<(), Stop> {
        fs::panic_point("table", &self.row);
        if self.columns == 1 && self.row.is_empty() {
            // An empty line would be no row.
            self.row.extend_from_slice(b"\"\"");
        }
        if self.row.len() > LINE_BYTES {
            // It will be rejected, and as one record.
            for byte in &mut self.row {
                if *byte == b'\n' {
                    *byte = b' ';
                }
            }
        }
        self.row.push(b'\n');
        self.block.append(&mut self.row);
        self.cells = 0;
        if self.block.len() < BLOCK_BYTES { Ok(()) } else { self.flush() }
    }

    /// A row that has nothing in it, and is none.
    pub(super) fn blank(&mut self) -> Result<(), Stop> {
        self.block.push(b'\n');
        if self.block.len() < BLOCK_BYTES { Ok(()) } else { self.flush() }
    }

    /// Hands over what is left.
    pub(super) fn end(mut self) -> Result<(), Stop> {
        self.flush()
    }

    fn flush(&mut self) -> Result<(), Stop> {
        let block = std::mem::take(&mut self.block);
        if block.is_empty() {
            return Ok(());
        }
        self.blocks.send(block).map_err(|_| Stop::Enough)
    }

    fn begin_cell(&mut self) {
        if self.cells > 0 {
            self.row.push(b',');
        }
        self.cells += 1;
    }

    fn quoted(&mut self, text: &[u8]) {
        self.row.push(b'"');
        for &byte in text {
            if byte == b'"' {
                self.row.push(b'"');
            }
            self.row.push(byte);
        }
        self.row.push(b'"');
    }
}
