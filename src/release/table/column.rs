//! One column of a row group in; its column chunk out.
//!
//! ```text
//! text, pseudonyms   numbered by first occurrence ─► dictionary page + ids
//! numbers, times     few different ones: likewise, else plain
//! flags              plain, one bit each
//! ```
//!
//! Source: Apache Parquet format, Encodings: `PLAIN`, `RLE_DICTIONARY`.
//!
//! Not here: the order of columns and row groups, the footer.

use std::hint::black_box;

use arrow::array::{Array, ArrowPrimitiveType, AsArray as _, DictionaryArray};
use arrow::datatypes::{Int32Type, Int64Type, TimestampMicrosecondType, UInt32Type};
use parquet::basic::{Compression, Encoding as PageEncoding, ZstdLevel};
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::ParquetError;
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::statistics::Statistics;
use parquet::schema::types::ColumnDescPtr;

use super::numbering::{Keys, Numbers};
use super::page::{self, Effort, Pages, Rows, Written};
use super::{Encoding, Form, Trouble, pack, range, spell};

/// A column chunk, its offsets counted from its own beginning.
pub(super) struct Chunk {
    /// All pages.
    pub(super) bytes: Vec<u8>,
    /// What the footer will say of it.
    pub(super) close: ColumnCloseResult,
}

/// Makes the chunks of one column. Its memory serves one after the other.
pub(super) struct Encoder {
    form: Form,
    descriptor: ColumnDescPtr,
    pages: Pages,
    keys: Keys,
    numbers: Numbers,
    /// Numbers that are not null.
    present: Vec<i64>,
}

impl Encoder {
    /// Prepares for the chunks of a column.
    pub(super) fn new(form: Form, descriptor: ColumnDescPtr) -> Result<Self, Trouble> {
        let is_random = matches!(form, Form::Pseudonym { .. });
        let effort = if is_random { Effort::Entropy } else { Effort::Search };
        Ok(Self {
            form,
            descriptor,
            pages: Pages::new(effort).map_err(Trouble::Compressor)?,
            keys: Keys::default(),
            numbers: Numbers::default(),
            present: Vec::new(),
        })
    }

    /// Makes a chunk, in the memory of `reused`.
    pub(super) fn encode(&mut self, array: &dyn Array, reused: Vec<u8>) -> Result<Chunk, Trouble> {
        let nulls = Some(array.logical_null_count() as u64);
        let statistics = match self.form {
            Form::Text => Some(self.text(array)?),
            Form::Pseudonym { .. } => {
                self.pseudonyms(array)?;
                None
            }
            Form::Integer32 => {
                let found = self.numbers::<Int32Type>(array, 4)?;
                // The bounds were `i32` when they came.
                let [min, max] = [found.min, found.max].map(|bound| i32::try_from(bound?).ok());
                Some(Statistics::int32(min, max, found.distinct, nulls, false))
            }
            Form::Integer64 => {
                let found = self.numbers::<Int64Type>(array, 8)?;
                Some(Statistics::int64(found.min, found.max, found.distinct, nulls, false))
            }
            Form::Time => {
                let found = self.numbers::<TimestampMicrosecondType>(array, 8)?;
                Some(Statistics::int64(found.min, found.max, found.distinct, nulls, false))
            }
            Form::Flag => {
                let [min, max] = self.flags(array)?;
                Some(Statistics::boolean(min, max, None, nulls, false))
            }
        };
        self.finish(array.len(), statistics, reused).map_err(Trouble::Metadata)
    }

    fn text(&mut self, array: &dyn Array) -> Result<Statistics, Trouble> {
        let texts = self.dictionary(array)?;
        let Some(values) = texts.values().as_string_opt::<i32>() else {
            return Err(self.mismatch(array));
        };
        let nulls = self.values(texts, |key| values.value(key as usize).as_bytes())?;
        let distinct = self.keys.firsts.iter().map(|&key| values.value(key as usize));
        Ok(range::of_text(distinct, nulls))
    }

    fn pseudonyms(&mut self, array: &dyn Array) -> Result<(), Trouble> {
        let pseudonyms = self.dictionary(array)?;
        if let Some(values) = pseudonyms.values().as_binary_opt::<i32>() {
            self.values(pseudonyms, |key| values.value(key as usize))?;
        } else if let Some(values) = pseudonyms.values().as_fixed_size_binary_opt() {
            self.values(pseudonyms, |key| values.value(key as usize))?;
        } else {
            return Err(self.mismatch(array));
        }
        Ok(())
    }

    /// Writes the pages of a column of `value`s by key and counts its nulls.
    fn values<'a>(
        &mut self,
        array: &DictionaryArray<UInt32Type>,
        value: impl Fn(u32) -> &'a [u8],
    ) -> Result<usize, Trouble> {
        // A key that is there may lead to a value that is not.
        let validity = array.logical_nulls().filter(|validity| validity.null_count() > 0);
        self.keys.number(array.keys().values(), validity.as_ref(), array.values().len());

        let Self { form, pages, keys: Keys { ids, firsts, .. }, .. } = self;
        let mut bytes = 0;
        for &key in &*firsts {
            bytes += form.written_len(value(key).len())?;
        }
        let rows = Rows { count: array.len(), validity: validity.as_ref() };
        if is_worth_a_dictionary(firsts.len(), ids.len()) {
            pages.body.reserve(bytes);
            form.write_all(firsts, &value, &mut pages.body);
            pages.end_dictionary(firsts.len())?;
            pages.ids(rows, ids)?;
        } else {
            // Without values there are no bytes either.
            let page_rows = (PAGE_BYTES * firsts.len()).checked_div(bytes).unwrap_or(page::ROWS);
            pages.data(
                PageEncoding::PLAIN,
                rows,
                page_rows.clamp(1, page::ROWS),
                |body, page| {
                    form.write_all(&ids[page], |id| value(firsts[id as usize]), body);
                },
            )?;
        }
        Ok(rows.count - ids.len())
    }

    /// Writes the pages of a column of numbers, each in its lowest `width`
    /// bytes.
    fn numbers<T>(&mut self, array: &dyn Array, width: usize) -> Result<Found, Trouble>
    where
        T: ArrowPrimitiveType,
        i64: From<T::Native>,
    {
        let Some(array) = array.as_primitive_opt::<T>() else {
            return Err(self.mismatch(array));
        };
        let Self { pages, numbers, present, .. } = self;
        let (values, validity) = (array.values(), array.nulls());
        present.clear();
        match validity {
            None => present.extend(values.iter().map(|&value| i64::from(value))),
            Some(validity) => {
                present.extend(validity.valid_indices().map(|row| i64::from(values[row])));
            }
        }
        let rows = Rows { count: array.len(), validity };
        let write = |values: &[i64], body: &mut Vec<u8>| {
            for value in values {
                body.extend_from_slice(&value.to_le_bytes()[..width]);
            }
        };
        let has_dictionary = !present.is_empty() && numbers.number(present, present.len() / 2);
        if has_dictionary {
            write(&numbers.firsts, &mut pages.body);
            pages.end_dictionary(numbers.firsts.len())?;
            pages.ids(rows, &numbers.ids)?;
        } else {
            pages.data(PageEncoding::PLAIN, rows, page::ROWS, |body, page| {
                write(&present[page], body);
            })?;
        }
        let (min, max) = range::of_numbers(present).unzip();
        Ok(Found { min, max, distinct: has_dictionary.then_some(numbers.firsts.len() as u64) })
    }

    /// Writes the pages of a column of flags and gives the least and the
    /// greatest; false is less than true.
    fn flags(&mut self, array: &dyn Array) -> Result<[Option<bool>; 2], Trouble> {
        let Some(array) = array.as_boolean_opt() else {
            return Err(self.mismatch(array));
        };
        let Self { pages, keys: Keys { ids, .. }, .. } = self;
        ids.clear();
        ids.extend(array.iter().flatten().map(u32::from));
        let rows = Rows { count: array.len(), validity: array.nulls() };
        pages.data(PageEncoding::PLAIN, rows, page::ROWS, |body, page| {
            pack::bits(&ids[page], 1, body);
        })?;
        Ok([ids.iter().min(), ids.iter().max()].map(|bound| bound.map(|&bit| bit == 1)))
    }

    fn dictionary<'a>(
        &self,
        array: &'a dyn Array,
    ) -> Result<&'a DictionaryArray<UInt32Type>, Trouble> {
        array.as_dictionary_opt().ok_or_else(|| self.mismatch(array))
    }

    fn mismatch(&self, array: &dyn Array) -> Trouble {
        Trouble::Type { found: array.data_type().clone(), expected: self.form }
    }

    fn finish(
        &mut self,
        rows: usize,
        statistics: Option<Statistics>,
        reused: Vec<u8>,
    ) -> Result<Chunk, ParquetError> {
        let Written { bytes, dictionary_bytes, plain_bytes, encodings } = self.pages.finish(reused);
        let used = encodings.iter().map(|pages| pages.encoding).chain([PageEncoding::RLE]);
        // `append_column` moves the offsets to where the chunk will be.
        let [size, dictionary_size, plain_size, count] =
            [bytes.len(), dictionary_bytes, plain_bytes, rows]
                .map(|number| i64::try_from(number).unwrap_or(i64::MAX));
        let mut metadata = ColumnChunkMetaData::builder(self.descriptor.clone())
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_encodings(used.collect())
            .set_page_encoding_stats(encodings.clone())
            .set_num_values(count)
            .set_total_compressed_size(size)
            .set_total_uncompressed_size(plain_size)
            .set_dictionary_page_offset((dictionary_size > 0).then_some(0))
            .set_data_page_offset(dictionary_size);
        if let Some(statistics) = statistics {
            metadata = metadata.set_statistics(statistics);
        }
        let close = ColumnCloseResult {
            bytes_written: bytes.len() as u64,
            rows_written: rows as u64,
            metadata: metadata.build()?,
            bloom_filter: None,
            column_index: None,
            offset_index: None,
        };
        Ok(Chunk { bytes, close })
    }
}

/// What the pages of a column of numbers hold.
struct Found {
    min: Option<i64>,
    max: Option<i64>,
    /// Absent if there were too many to count.
    distinct: Option<u64>,
}

impl Form {
    /// Bytes that a value of `len` bytes takes in a page.
    fn written_len(self, len: usize) -> Result<usize, Trouble> {
        let Form::Pseudonym { encoding, length } = self else {
            return Ok(PREFIX + len);
        };
        if len != length {
            return Err(Trouble::Length { found: len, expected: length });
        }
        Ok(match encoding {
            Encoding::Base32 => PREFIX + spell::base32_len(len),
            Encoding::Hex => PREFIX + 2 * len,
            Encoding::Binary => len,
        })
    }

    /// Appends values, each by its number. Rows stand in an order that was drawn, so each
    /// lies somewhere else in memory: all of a block are asked for before the first is
    /// written, so that they are waited for together.
    fn write_all<'a>(self, numbers: &[u32], value: impl Fn(u32) -> &'a [u8], body: &mut Vec<u8>) {
        for block in numbers.chunks(BLOCK) {
            let first = |number: &u32| value(*number).first().copied().unwrap_or(0);
            black_box(block.iter().map(first).fold(0, std::ops::BitXor::bitxor));
            for &number in block {
                self.write(value(number), body);
            }
        }
    }

    /// Appends a value as it is in a page.
    fn write(self, value: &[u8], body: &mut Vec<u8>) {
        let Form::Pseudonym { encoding, .. } = self else {
            prefix(value.len(), body);
            return body.extend_from_slice(value);
        };
        match encoding {
            Encoding::Base32 => {
                prefix(spell::base32_len(value.len()), body);
                spell::base32(value, body);
            }
            Encoding::Hex => {
                prefix(2 * value.len(), body);
                spell::hex(value, body);
            }
            Encoding::Binary => body.extend_from_slice(value),
        }
    }
}

/// Values that are asked for at once.
const BLOCK: usize = 64;

/// Bytes of the length before a value whose length is not fixed.
const PREFIX: usize = size_of::<u32>();

/// Appends that length. Arrow's offsets are of 31 bits, so it fits.
fn prefix(len: usize, body: &mut Vec<u8>) {
    body.extend_from_slice(&u32::try_from(len).unwrap_or(u32::MAX).to_le_bytes());
}

/// True if a chunk of `values` is to have a dictionary of `distinct` ones.
///
/// Measured with pseudonyms: at 5 of 8 different ones a chunk without takes
/// twice the time and a quarter more room; at 7 of 8 a fifth to a half more
/// time and about the same room. Only what is nearly unique, such as the
/// number of a request, is smaller without.
fn is_worth_a_dictionary(distinct: usize, values: usize) -> bool {
    distinct > 0 && distinct <= values / 16 * 15
}

/// Bytes of values in a page without a dictionary, about.
const PAGE_BYTES: usize = 1 << 20;
