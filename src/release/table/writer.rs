//! Row groups in, one after the other; the file out.
//!
//! ```text
//! row group ─► all columns in parallel ─► chunks in order ─► hash, file
//! ```
//!
//! Not here: how a column becomes a chunk (`column`).

use std::io::BufWriter;
use std::path::Path;

use arrow::array::RecordBatch;
use parquet::basic::Encoding as PageEncoding;
use parquet::column::page::Page;
use parquet::errors::ParquetError;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use rayon::prelude::*;

use crate::fs;

use super::column::{Chunk, Encoder};
use super::sink::Sink;
use super::{Fault, Table, Trouble, Written, schema};

/// A file that is being written.
pub(super) struct Writer<'a> {
    path: &'a Path,
    table: &'a Table,
    file: SerializedFileWriter<BufWriter<Sink>>,
    encoders: Vec<Encoder>,
    /// Memory of the last row group's chunks.
    reused: Vec<Vec<u8>>,
    rows: u64,
}

/// Bytes that go to the file, and through the hash, at once.
const WRITE_BYTES: usize = 1 << 18;

impl<'a> Writer<'a> {
    /// Creates the file and writes its first bytes.
    pub(super) fn create(path: &'a Path, table: &'a Table) -> Result<Self, Fault> {
        table.check()?;
        let broken = |source| Fault::Write { path: path.to_owned(), source };
        let schema = schema::of(table).map_err(broken)?;
        let encoders = table
            .columns
            .iter()
            .zip(schema.columns())
            .map(|(column, descriptor)| {
                Encoder::new(column.form, descriptor.clone()).map_err(|source| column.fault(source))
            })
            .collect::<Result<Vec<_>, _>>()?;
        let sink = Sink::new(fs::create(path, fs::SHARED_FILE)?);
        let file = SerializedFileWriter::new(
            BufWriter::with_capacity(WRITE_BYTES, sink),
            schema.root_schema_ptr(),
            schema::properties(table),
        )
        .map_err(broken)?;
        let reused = encoders.iter().map(|_| Vec::new()).collect();
        Ok(Self { path, table, file, encoders, reused, rows: 0 })
    }

    /// Appends a row group, unless it has no rows.
    pub(super) fn row_group(&mut self, rows: &RecordBatch) -> Result<(), Fault> {
        let (found, expected) = (rows.num_columns(), self.encoders.len());
        if found != expected {
            return Err(Fault::Columns { found, expected });
        }
        if rows.num_rows() == 0 {
            return Ok(());
        }
        let chunks: Vec<Result<Chunk, Trouble>> = self
            .encoders
            .par_iter_mut()
            .zip(rows.columns())
            .zip(&mut self.reused)
            // One column may be more work than all others.
            .with_max_len(1)
            .map(|((encoder, array), reused)| encoder.encode(array, std::mem::take(reused)))
            .collect();

        let broken = |source| Fault::Write { path: self.path.to_owned(), source };
        let mut group = self.file.next_row_group().map_err(broken)?;
        let places = self.table.columns.iter().zip(&mut self.reused);
        for ((column, reused), chunk) in places.zip(chunks) {
            let chunk = chunk.map_err(|source| column.fault(source))?;
            *reused = append(&mut group, chunk).map_err(broken)?;
        }
        group.close().map_err(broken)?;
        self.rows += rows.num_rows() as u64;
        Ok(())
    }

    /// Writes the footer and brings all bytes to the disk.
    pub(super) fn close(mut self) -> Result<Written, Fault> {
        let broken = |source| Fault::Write { path: self.path.to_owned(), source };
        self.file.finish().map_err(broken)?;
        let sink = self.file.inner().get_ref();
        fs::sync(sink.file(), self.path)?;
        let (bytes, sha256) = sink.so_far();
        Ok(Written { rows: self.rows, bytes, sha256 })
    }
}

/// Appends a chunk to its row group and gives its memory back.
fn append(
    group: &mut SerializedRowGroupWriter<'_, BufWriter<Sink>>,
    chunk: Chunk,
) -> Result<Vec<u8>, ParquetError> {
    // `append_column` wants the bytes in a type that `parquet` does not name
    // outside itself, but that its pages are made of.
    let page = Page::DictionaryPage {
        buf: chunk.bytes.into(),
        num_values: 0,
        encoding: PageEncoding::PLAIN,
        is_sorted: false,
    };
    group.append_column(page.buffer(), chunk.close)?;
    let (Page::DataPage { buf, .. }
    | Page::DataPageV2 { buf, .. }
    | Page::DictionaryPage { buf, .. }) = page;
    Ok(buf.into())
}
