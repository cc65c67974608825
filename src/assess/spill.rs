//! Row groups in; the same row groups, as often as wanted, out.
//!
//! What may be released is known only after the last row. Until then row
//! groups lie in a file without a name: it is gone when the process is,
//! however that ends. It holds protected values only.
//!
//! Source: Arrow columnar format, IPC streaming format.

use std::fs::File;
use std::io::{BufReader, BufWriter, Seek as _, Write as _};

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use arrow::ipc::reader::StreamReader;
use arrow::ipc::writer::StreamWriter;

use super::Error;

/// Buffer between the file and the arrays.
const BUFFER_BYTES: usize = 1 << 20;

/// Takes row groups.
pub(super) struct Spill {
    writer: StreamWriter<BufWriter<File>>,
}

/// Gives them back.
pub(super) struct Spilled {
    file: File,
}

impl Spill {
    pub(super) fn new(file: File, schema: &SchemaRef) -> Result<Self, Error> {
        let buffered = BufWriter::with_capacity(BUFFER_BYTES, file);
        Ok(Self { writer: StreamWriter::try_new(buffered, schema).map_err(Error::Arrow)? })
    }

    pub(super) fn push(&mut self, row_group: &RecordBatch) -> Result<(), Error> {
        self.writer.write(row_group).map_err(Error::Arrow)
    }

    pub(super) fn finish(mut self) -> Result<Spilled, Error> {
        self.writer.finish().map_err(Error::Arrow)?;
        let mut buffered = self.writer.into_inner().map_err(Error::Arrow)?;
        buffered.flush().map_err(|error| Error::Arrow(error.into()))?;
        let file =
            buffered.into_inner().map_err(|error| Error::Arrow(error.into_error().into()))?;
        Ok(Spilled { file })
    }
}

impl Spilled {
    /// All row groups, from the first. One reader at a time: they share the
    /// file's position.
    pub(super) fn read(&mut self) -> Result<StreamReader<BufReader<&mut File>>, Error> {
        self.file.rewind().map_err(|error| Error::Arrow(error.into()))?;
        let buffered = BufReader::with_capacity(BUFFER_BYTES, &mut self.file);
        StreamReader::try_new(buffered, None).map_err(Error::Arrow)
    }

    /// All row groups, from the first, for good.
    pub(super) fn into_reader(mut self) -> Result<StreamReader<BufReader<File>>, Error> {
        self.file.rewind().map_err(|error| Error::Arrow(error.into()))?;
        let buffered = BufReader::with_capacity(BUFFER_BYTES, self.file);
        StreamReader::try_new(buffered, None).map_err(Error::Arrow)
    }
}
