//! Row groups in; the same row groups, as often as wanted, out.
//!
//! What may be released is known only after the last row, and so is what some
//! techniques make of a value. Until then row groups lie in a file without a
//! name: it is gone when the process is, however that ends. It holds protected
//! values, and numbers of values that are held in memory. Those of a few persons are
//! among them, which will be blanked, and rows that will be suppressed; so it is
//! covered, and what is on the disk says nothing.
//!
//! ```text
//! array ─► buffers ─► keys and numbers in as few bytes as they need ─► file
//!                                    how many, and which array ─► memory
//! ```
//!
//! Not a format: nobody else reads it, and what is needed to read it is not in
//! it. Arrow's own, without narrowing, took twice the room and time.

use std::fs::File;
use std::io::{self, Write as _};
use std::os::unix::fs::FileExt as _;

use arrow::array::{ArrayData, RecordBatch, make_array};
use arrow::buffer::{BooleanBuffer, Buffer, NullBuffer};
use arrow::datatypes::{DataType, SchemaRef};
use arrow::error::ArrowError;

use crate::vault::ephemeral::Cover;

/// Why a row group did not come back as it was, or at all.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file could not be written or read.
    #[error("row groups could not be laid aside or read back")]
    Aside(#[source] io::Error),
    /// A row group was not what it should be.
    #[error("row group could not be put together")]
    Arrow(#[source] ArrowError),
}

/// Bytes that are covered at a time.
const BLOCK: usize = 64 << 10;

/// A file without a name, under a cover.
pub struct Aside {
    file: File,
    cover: Cover,
    /// Where the next bytes are written.
    end: u64,
    block: Vec<u8>,
}

/// Takes row groups.
pub struct Spill {
    file: Aside,
    schema: SchemaRef,
    row_groups: Vec<Vec<Stored>>,
    narrow: Vec<u8>,
}

/// Gives them back.
pub struct Spilled {
    file: Aside,
    schema: SchemaRef,
    row_groups: Vec<Vec<Stored>>,
}

/// An array in the file: its buffers, then those of its children.
struct Stored {
    data_type: DataType,
    len: usize,
    nulls: Option<Piece>,
    buffers: Vec<Piece>,
    children: Vec<Stored>,
}

impl Stored {
    /// Bytes in the file.
    fn bytes(&self) -> u64 {
        let pieces = self.nulls.iter().chain(&self.buffers);
        let own: u64 = pieces.map(|piece| piece.len as u64).sum();
        own + self.children.iter().map(Stored::bytes).sum::<u64>()
    }
}

/// A buffer in the file.
#[derive(Clone, Copy)]
struct Piece {
    form: Form,
    /// Bytes in the file.
    len: usize,
}

/// How a buffer is written.
#[derive(Clone, Copy)]
enum Form {
    AsIs,
    /// Unsigned 32-bit numbers, each in its lowest `width` bytes.
    Keys {
        width: usize,
    },
    /// Signed 64-bit numbers, less `least`, likewise.
    Numbers {
        width: usize,
        least: i64,
    },
}

impl Aside {
    /// An empty file, and a cover that no other has.
    #[must_use]
    pub fn new(file: File, cover: Cover) -> Self {
        Self { file, cover, end: 0, block: Vec::new() }
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        for bytes in bytes.chunks(BLOCK) {
            self.block.clear();
            self.block.extend_from_slice(bytes);
            self.cover.turn(self.end, &mut self.block);
            self.file.write_all(&self.block)?;
            self.end += bytes.len() as u64;
        }
        Ok(())
    }

    fn read_exact_at(&self, bytes: &mut [u8], at: u64) -> io::Result<()> {
        self.file.read_exact_at(bytes, at)?;
        self.cover.turn(at, bytes);
        Ok(())
    }
}

impl Spill {
    /// For row groups with the columns of `schema`, into an empty file.
    #[must_use]
    pub fn new(file: Aside, schema: SchemaRef) -> Self {
        Self { file, schema, row_groups: Vec::new(), narrow: Vec::new() }
    }

    /// Lays a row group aside.
    ///
    /// # Errors
    ///
    /// [`Error::Aside`] if it cannot be written, or has a part of an array.
    pub fn push(&mut self, row_group: &RecordBatch) -> Result<(), Error> {
        let columns = row_group.columns().iter().map(|column| self.array(&column.to_data()));
        let columns = columns.collect::<io::Result<_>>().map_err(Error::Aside)?;
        self.row_groups.push(columns);
        Ok(())
    }

    fn array(&mut self, data: &ArrayData) -> io::Result<Stored> {
        // `protect` gives whole arrays. Of a part, buffers begin before it.
        if data.offset() != 0 {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "part of an array"));
        }
        let nulls = data.nulls().map(|nulls| nulls.inner().sliced());
        Ok(Stored {
            data_type: data.data_type().clone(),
            len: data.len(),
            nulls: nulls.map(|nulls| self.as_is(&nulls)).transpose()?,
            buffers: data
                .buffers()
                .iter()
                .map(|buffer| {
                    let data_type = data.data_type();
                    let is_dictionary = matches!(data_type, DataType::Dictionary(key, _)
                        if **key == DataType::UInt32);
                    if is_dictionary || matches!(data_type, DataType::UInt32) {
                        self.keys(buffer.typed_data())
                    } else if matches!(data_type, DataType::Int64 | DataType::Timestamp(..)) {
                        self.numbers(buffer.typed_data())
                    } else {
                        self.as_is(buffer)
                    }
                })
                .collect::<io::Result<_>>()?,
            children: data
                .child_data()
                .iter()
                .map(|child| self.array(child))
                .collect::<io::Result<_>>()?,
        })
    }

    fn as_is(&mut self, bytes: &[u8]) -> io::Result<Piece> {
        self.file.write_all(bytes)?;
        Ok(Piece { form: Form::AsIs, len: bytes.len() })
    }

    fn keys(&mut self, keys: &[u32]) -> io::Result<Piece> {
        let width = bytes_of(keys.iter().copied().max().unwrap_or(0).into());
        let keys = keys.iter().map(|key| u64::from(*key));
        self.narrow(width, keys, Form::Keys { width })
    }

    fn numbers(&mut self, numbers: &[i64]) -> io::Result<Piece> {
        let least = numbers.iter().copied().min().unwrap_or(0);
        let most = numbers.iter().copied().max().unwrap_or(0);
        let width = bytes_of(most.abs_diff(least));
        let above = numbers.iter().map(|number| number.abs_diff(least));
        self.narrow(width, above, Form::Numbers { width, least })
    }

    fn narrow(
        &mut self,
        width: usize,
        numbers: impl ExactSizeIterator<Item = u64>,
        form: Form,
    ) -> io::Result<Piece> {
        let out = &mut self.narrow;
        out.clear();
        out.resize(width * numbers.len(), 0);
        match width {
            1 => write::<1>(numbers, out),
            2 => write::<2>(numbers, out),
            3 => write::<3>(numbers, out),
            4 => write::<4>(numbers, out),
            5 => write::<5>(numbers, out),
            6 => write::<6>(numbers, out),
            7 => write::<7>(numbers, out),
            _ => write::<8>(numbers, out),
        }
        self.file.write_all(out)?;
        Ok(Piece { form, len: out.len() })
    }

    /// After the last one.
    #[must_use]
    pub fn finish(self) -> Spilled {
        Spilled { file: self.file, schema: self.schema, row_groups: self.row_groups }
    }
}

impl Spilled {
    /// All row groups, from the first.
    pub fn read(&self) -> impl Iterator<Item = Result<RecordBatch, Error>> {
        let mut reader = Reader { at: 0, narrow: Vec::new() };
        self.row_groups.iter().map(move |stored| reader.row_group(self, stored))
    }

    /// How many row groups there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.row_groups.len()
    }

    /// True if there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.row_groups.is_empty()
    }

    /// Rows of each row group.
    pub fn rows(&self) -> impl Iterator<Item = u64> {
        self.row_groups.iter().map(|stored| stored.first().map_or(0, |column| column.len as u64))
    }

    /// A row group by its number, from 0.
    ///
    /// # Errors
    ///
    /// If it cannot be read, or there is none.
    pub fn row_group(&self, number: usize) -> Result<RecordBatch, Error> {
        let Some(stored) = self.row_groups.get(number) else {
            return Err(Error::Aside(io::Error::from(io::ErrorKind::NotFound)));
        };
        let before = self.row_groups[..number].iter().flatten().map(Stored::bytes).sum();
        Reader { at: before, narrow: Vec::new() }.row_group(self, stored)
    }
}

/// A place in the file.
struct Reader {
    at: u64,
    narrow: Vec<u8>,
}

impl Reader {
    fn row_group(&mut self, spilled: &Spilled, stored: &[Stored]) -> Result<RecordBatch, Error> {
        let arrays = stored
            .iter()
            .map(|stored| self.array(&spilled.file, stored).map(make_array))
            .collect::<Result<_, _>>()?;
        RecordBatch::try_new(spilled.schema.clone(), arrays).map_err(Error::Arrow)
    }

    fn array(&mut self, file: &Aside, stored: &Stored) -> Result<ArrayData, Error> {
        let nulls = stored.nulls.map(|piece| self.piece(file, piece)).transpose();
        let nulls = nulls.map_err(Error::Aside)?;
        let nulls = nulls.map(|bits| NullBuffer::new(BooleanBuffer::new(bits, 0, stored.len)));
        let buffers = stored.buffers.iter().map(|piece| self.piece(file, *piece));
        let buffers = buffers.collect::<io::Result<_>>().map_err(Error::Aside)?;
        let children = stored.children.iter().map(|child| self.array(file, child));
        ArrayData::builder(stored.data_type.clone())
            .len(stored.len)
            .nulls(nulls)
            .buffers(buffers)
            .child_data(children.collect::<Result<_, _>>()?)
            // What is read as bytes need not lie as its type wants it.
            .align_buffers(true)
            .build()
            .map_err(Error::Arrow)
    }

    fn piece(&mut self, file: &Aside, Piece { form, len }: Piece) -> io::Result<Buffer> {
        let at = self.at;
        self.at += len as u64;
        let (width, least) = match form {
            Form::AsIs => {
                let mut bytes = vec![0; len];
                file.read_exact_at(&mut bytes, at)?;
                return Ok(Buffer::from_vec(bytes));
            }
            Form::Keys { width } => (width, None),
            Form::Numbers { width, least } => (width, Some(least)),
        };
        self.narrow.resize(len, 0);
        file.read_exact_at(&mut self.narrow, at)?;
        let narrow = &self.narrow;
        Ok(match width {
            1 => widened::<1>(narrow, least),
            2 => widened::<2>(narrow, least),
            3 => widened::<3>(narrow, least),
            4 => widened::<4>(narrow, least),
            5 => widened::<5>(narrow, least),
            6 => widened::<6>(narrow, least),
            7 => widened::<7>(narrow, least),
            _ => widened::<8>(narrow, least),
        })
    }
}

/// Bytes that a number needs, at least one.
fn bytes_of(number: u64) -> usize {
    number.checked_ilog2().map_or(1, |log| log as usize / 8 + 1)
}

fn write<const WIDTH: usize>(numbers: impl Iterator<Item = u64>, out: &mut [u8]) {
    for (out, number) in out.as_chunks_mut::<WIDTH>().0.iter_mut().zip(numbers) {
        out.copy_from_slice(&number.to_le_bytes()[..WIDTH]);
    }
}

/// Numbers of `WIDTH` bytes as 64-bit ones above `least`, or as 32-bit keys.
fn widened<const WIDTH: usize>(narrow: &[u8], least: Option<i64>) -> Buffer {
    let numbers = narrow.as_chunks::<WIDTH>().0.iter().map(|bytes| {
        let mut wide = [0; 8];
        wide[..WIDTH].copy_from_slice(bytes);
        u64::from_le_bytes(wide)
    });
    match least {
        Some(least) => {
            Buffer::from_vec(numbers.map(|n| least.wrapping_add_unsigned(n)).collect::<Vec<i64>>())
        }
        #[expect(clippy::cast_possible_truncation, reason = "it was a 32-bit key")]
        None => Buffer::from_vec(numbers.map(|n| n as u32).collect::<Vec<u32>>()),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{
        ArrayRef, BooleanArray, DictionaryArray, FixedSizeBinaryArray, Int64Array, StringArray,
        TimestampMicrosecondArray, UInt32Array,
    };
    use arrow::datatypes::UInt32Type;
    use proptest::prelude::*;

    use super::*;
    use crate::vault::ephemeral::Ephemeral;
    use crate::vault::random::Os;

    fn aside(file: File) -> Aside {
        Aside::new(file, Ephemeral::draw(&mut Os).unwrap().cover())
    }

    fn keys(keys: Vec<Option<u32>>, values: ArrayRef) -> ArrayRef {
        Arc::new(DictionaryArray::<UInt32Type>::new(UInt32Array::from(keys), values))
    }

    /// Every kind of column that `protect` makes.
    fn row_group(rows: &[(Option<u32>, Option<i64>)], members: u32) -> RecordBatch {
        let texts: StringArray = (0..members).map(|n| Some(format!("{n:x}값"))).collect();
        let made: Vec<u8> = (0..members).flat_map(|n| u128::from(n).to_le_bytes()).collect();
        let made = FixedSizeBinaryArray::new(16, made.into(), None);
        let key = || rows.iter().map(|(key, _)| key.and_then(|key| key.checked_rem(members)));
        let key = || key().collect();
        let numbers = || rows.iter().map(|(_, number)| *number).collect::<Vec<_>>();
        RecordBatch::try_from_iter_with_nullable([
            ("text", keys(key(), Arc::new(texts)), true),
            ("pseudonym", keys(key(), Arc::new(made)), true),
            ("number", Arc::new(Int64Array::from(numbers())), true),
            (
                "time",
                Arc::new(TimestampMicrosecondArray::from(numbers()).with_timezone("UTC")),
                true,
            ),
            (
                "flag",
                Arc::new(rows.iter().map(|row| row.1.map(|n| n > 0)).collect::<BooleanArray>()),
                true,
            ),
            (
                "class",
                Arc::new(UInt32Array::from_iter_values(rows.iter().map(|row| row.0.unwrap_or(7)))),
                false,
            ),
        ])
        .unwrap()
    }

    fn number() -> impl Strategy<Value = i64> {
        prop_oneof![any::<i64>(), -300i64..300, Just(i64::MIN), Just(i64::MAX)]
    }

    proptest! {
        #[test]
        fn what_comes_back_is_what_was_laid_aside_as_often_as_wanted(
            groups in prop::collection::vec(
                (
                    prop::collection::vec((prop::option::of(any::<u32>()), prop::option::of(number())), 0..40),
                    prop_oneof![Just(0u32), Just(1), Just(200), Just(300), Just(70_000)],
                ),
                0..4,
            ),
        ) {
            let groups: Vec<_> = groups.iter().map(|(rows, members)| row_group(rows, *members)).collect();
            let mut spill = Spill::new(aside(tempfile::tempfile().unwrap()), row_group(&[], 1).schema());
            for group in &groups {
                spill.push(group).unwrap();
            }
            let spilled = spill.finish();
            for _ in 0..2 {
                prop_assert_eq!(&spilled.read().collect::<Result<Vec<_>, _>>().unwrap(), &groups);
            }
            for (number, group) in groups.iter().enumerate() {
                prop_assert_eq!(&spilled.row_group(number).unwrap(), group);
            }
        }
    }

    /// Found by the canaries: a path that was going to be blanked lay on the disk.
    #[test]
    fn nothing_that_was_laid_aside_can_be_read_in_the_file() {
        let text = "kanari-path-6408".repeat(9000);
        let texts: ArrayRef = Arc::new(StringArray::from(vec![Some(text.as_str())]));
        let group = RecordBatch::try_from_iter([("text", keys(vec![Some(0)], texts))]).unwrap();
        let file = tempfile::tempfile().unwrap();
        let mut spill = Spill::new(aside(file.try_clone().unwrap()), group.schema());
        spill.push(&group).unwrap();
        let mut bytes = vec![0; usize::try_from(file.metadata().unwrap().len()).unwrap()];
        assert!(bytes.len() > text.len());
        file.read_exact_at(&mut bytes, 0).unwrap();
        assert!(memchr::memmem::find(&bytes, b"kanari").is_none());
        assert_eq!(spill.finish().row_group(0).unwrap(), group);
    }

    #[test]
    fn a_part_of_an_array_is_refused() {
        let group = row_group(&[(Some(1), Some(2)); 20], 300);
        let mut spill = Spill::new(aside(tempfile::tempfile().unwrap()), group.schema());
        assert!(matches!(spill.push(&group.slice(3, 9)), Err(Error::Aside(_))));
    }

    #[test]
    fn a_file_that_lost_its_end_is_an_error() {
        let group = row_group(&[(Some(1), Some(2)); 20], 300);
        let file = tempfile::tempfile().unwrap();
        let mut spill = Spill::new(aside(file.try_clone().unwrap()), group.schema());
        spill.push(&group).unwrap();
        file.set_len(file.metadata().unwrap().len() - 1).unwrap();
        assert!(matches!(spill.finish().read().next(), Some(Err(Error::Aside(_)))));
    }
}
