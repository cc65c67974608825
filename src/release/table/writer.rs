//! The chunks of row groups in, one row group after the other; the file out.
//!
//! Not here: how a column becomes a chunk (`column`), and when (`flow`).

use std::io::BufWriter;
use std::path::Path;

use parquet::basic::Encoding as PageEncoding;
use parquet::column::page::Page;
use parquet::errors::ParquetError;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};

use crate::fs;

use super::column::{Chunk, Encoder};
use super::sink::Sink;
use super::{Fault, Table, Written, schema};

/// The chunks of a row group.
pub(super) struct Encoded {
    pub(super) chunks: Vec<Chunk>,
    pub(super) rows: u64,
}

/// A file that is being written.
pub(super) struct Writer<'a> {
    path: &'a Path,
    file: SerializedFileWriter<BufWriter<Sink>>,
    rows: u64,
}

/// Bytes that go to the file, and through the hash, at once.
const WRITE_BYTES: usize = 1 << 18;

impl<'a> Writer<'a> {
    /// Creates the file and writes its first bytes.
    pub(super) fn create(
        path: &'a Path,
        table: &'a Table,
    ) -> Result<(Vec<Encoder>, Writer<'a>), Fault> {
        table.check()?;
        let broken = |source| Fault::Write { path: path.to_owned(), source };
        let schema = schema::of(table).map_err(broken)?;
        let columns = table.columns.iter().zip(schema.columns());
        let encoders = columns.map(|(column, descriptor)| {
            Encoder::new(column.form, descriptor.clone()).map_err(|source| column.fault(source))
        });
        let encoders = encoders.collect::<Result<_, _>>()?;
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
