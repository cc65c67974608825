//! Row groups in, one after the other; the file out.
//!
//! ```text
//! row group ─► all columns in parallel ─► chunks in order ─► hash, file
//!              Encoders                                      Writer
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
use parquet::schema::types::SchemaDescriptor;
use rayon::prelude::*;

use crate::fs;

use super::column::{Chunk, Encoder};
use super::sink::Sink;
use super::{Column, Fault, Table, Written, schema};

/// Makes the chunks of all columns.
pub(super) struct Encoders<'a> {
    columns: &'a [Column],
    encoders: Vec<Encoder>,
}

/// The chunks of a row group.
pub(super) struct Encoded {
    chunks: Vec<Chunk>,
    rows: u64,
}

/// A file that is being written.
pub(super) struct Writer<'a> {
    path: &'a Path,
    file: SerializedFileWriter<BufWriter<Sink>>,
    rows: u64,
}

/// Bytes that go to the file, and through the hash, at once.
const WRITE_BYTES: usize = 1 << 18;

impl<'a> Encoders<'a> {
    fn new(table: &'a Table, schema: &SchemaDescriptor) -> Result<Self, Fault> {
        let columns = table.columns.iter().zip(schema.columns());
        let encoders = columns.map(|(column, descriptor)| {
            Encoder::new(column.form, descriptor.clone()).map_err(|source| column.fault(source))
        });
        Ok(Self { columns: &table.columns, encoders: encoders.collect::<Result<_, _>>()? })
    }

    /// Makes the chunks of a row group, in the memory of chunks that were
    /// written. `None` if it has no rows.
    pub(super) fn encode(
        &mut self,
        rows: &RecordBatch,
        mut reused: Vec<Vec<u8>>,
    ) -> Result<Option<Encoded>, Fault> {
        let (found, expected) = (rows.num_columns(), self.encoders.len());
        if found != expected {
            return Err(Fault::Columns { found, expected });
        }
        if rows.num_rows() == 0 {
            return Ok(None);
        }
        reused.resize_with(expected, Vec::new);
        let chunks: Vec<_> = self
            .encoders
            .par_iter_mut()
            .zip(rows.columns())
            .zip(reused)
            // One column may be more work than all others.
            .with_max_len(1)
            .map(|((encoder, array), reused)| encoder.encode(array, reused))
            .collect();
        let chunks = chunks.into_iter().zip(self.columns);
        let chunks = chunks.map(|(chunk, column)| chunk.map_err(|source| column.fault(source)));
        let chunks = chunks.collect::<Result<_, _>>()?;
        Ok(Some(Encoded { chunks, rows: rows.num_rows() as u64 }))
    }
}

impl<'a> Writer<'a> {
    /// Creates the file and writes its first bytes.
    pub(super) fn create(
        path: &'a Path,
        table: &'a Table,
    ) -> Result<(Encoders<'a>, Writer<'a>), Fault> {
        table.check()?;
        let broken = |source| Fault::Write { path: path.to_owned(), source };
        let schema = schema::of(table).map_err(broken)?;
        let encoders = Encoders::new(table, &schema)?;
        let sink = Sink::new(fs::create(path, fs::SHARED_FILE)?);
        let file = SerializedFileWriter::new(
            BufWriter::with_capacity(WRITE_BYTES, sink),
            schema.root_schema_ptr(),
            schema::properties(table),
        )
        .map_err(broken)?;
        Ok((encoders, Writer { path, file, rows: 0 }))
    }

    /// Appends a row group and gives the memory of its chunks back.
    pub(super) fn append(&mut self, row_group: Encoded) -> Result<Vec<Vec<u8>>, Fault> {
        let Encoded { chunks, rows } = row_group;
        let broken = |source| Fault::Write { path: self.path.to_owned(), source };
        let mut group = self.file.next_row_group().map_err(broken)?;
        let appended = chunks.into_iter().map(|chunk| append(&mut group, chunk));
        let reused = appended.collect::<Result<_, _>>().map_err(broken)?;
        group.close().map_err(broken)?;
        self.rows += rows;
        Ok(reused)
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
