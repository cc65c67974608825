//! Plain bytes of pages in; the bytes of one column chunk out.
//!
//! ```text
//! chunk   [dictionary page]  data page  data page …
//! page    header (Thrift compact)  body (one Zstandard frame)
//! body    values                                            of a dictionary
//!         length  definition levels  values                 of data, version 1
//! ```
//!
//! The headers are written here and not by `parquet`, whose page writer takes
//! a buffer away with each page: here the same buffers serve all pages.
//!
//! Source: Apache Parquet format, `parquet.thrift` (`PageHeader`) and "Data
//! Pages"; Thrift compact protocol; RFC 8878.
//!
//! Not here: what the values are, how they become bytes.

use std::io;
use std::ops::Range;

use arrow::buffer::NullBuffer;
use parquet::basic::{Encoding, PageType};
use parquet::file::metadata::PageEncodingStats;
use zstd::bulk::Compressor;
use zstd::zstd_safe::{CParameter, ParamSwitch, Strategy};

use super::Trouble;
use super::pack;

/// Most rows of a page.
///
/// A reader that wants a few rows decodes a page; a page costs a header and a
/// start of the compressor.
pub(super) const ROWS: usize = 64 * 1024;

/// The pages of one column chunk. The buffers serve one chunk after the other.
pub(super) struct Pages {
    compressor: Compressor<'static>,
    /// The page that is being filled, before compression.
    pub(super) body: Vec<u8>,
    packed: Vec<u8>,
    chunk: Vec<u8>,
    dictionary_bytes: usize,
    plain_bytes: usize,
    encodings: Vec<PageEncodingStats>,
}

/// How hard a compressor tries.
#[derive(Clone, Copy)]
pub(super) enum Effort {
    /// Looks for what was there before.
    Search,
    /// Only writes frequent bytes in fewer bits: what is random has nothing
    /// that was there before.
    Entropy,
}

impl Effort {
    fn compressor(self) -> io::Result<Compressor<'static>> {
        /// Zstandard's own default.
        const LEVEL: i32 = 3;
        /// Bytes from one place where the fast strategy looks to the next:
        /// the most there can be, a block.
        const STEP: u32 = 128 << 10;
        let mut compressor = Compressor::new(LEVEL)?;
        if matches!(self, Effort::Entropy) {
            compressor.set_parameter(CParameter::Strategy(Strategy::ZSTD_fast))?;
            compressor.set_parameter(CParameter::TargetLength(STEP))?;
            // Such a step alone would switch it off.
            compressor.set_parameter(CParameter::LiteralCompressionMode(ParamSwitch::Enable))?;
        }
        Ok(compressor)
    }
}

/// The rows of a column chunk, and which of them are null.
#[derive(Clone, Copy)]
pub(super) struct Rows<'a> {
    /// With the null ones.
    pub(super) count: usize,
    /// Absent if none can be null.
    pub(super) validity: Option<&'a NullBuffer>,
}

impl Rows<'_> {
    /// Appends the definition levels of some rows, with their length before
    /// them, and gives the number of rows that are not null.
    fn levels(self, rows: &Range<usize>, body: &mut Vec<u8>) -> usize {
        let validity = self.validity.map(|validity| validity.slice(rows.start, rows.len()));
        let nulls = validity.as_ref().map_or(0, NullBuffer::null_count);
        let start = body.len();
        body.extend_from_slice(&[0; LENGTH]);
        match validity {
            Some(validity) if nulls > 0 && nulls < rows.len() => {
                pack::packed_header(rows.len(), body);
                let bits = validity.inner().sliced();
                body.extend_from_slice(&bits.as_slice()[..rows.len().div_ceil(8)]);
                // What lies behind the last row is not of this table.
                if let (Some(last), used @ 1..) = (body.last_mut(), rows.len() % 8) {
                    *last &= 0xff >> (8 - used);
                }
            }
            _ => pack::repeated(u32::from(nulls == 0), rows.len(), 1, body),
        }
        // 64 Ki rows have 8 KiB of levels.
        let length = u32::try_from(body.len() - start - LENGTH).unwrap_or(u32::MAX);
        body[start..start + LENGTH].copy_from_slice(&length.to_le_bytes());
        rows.len() - nulls
    }
}

/// Bytes of the length before the definition levels.
const LENGTH: usize = size_of::<u32>();

/// A column chunk as written, and what the file's footer says about it.
pub(super) struct Written {
    /// All pages.
    pub(super) bytes: Vec<u8>,
    /// Bytes before the first data page.
    pub(super) dictionary_bytes: usize,
    /// Size with headers, before compression.
    pub(super) plain_bytes: usize,
    /// Pages by encoding.
    pub(super) encodings: Vec<PageEncodingStats>,
}

impl Pages {
    /// Prepares a compressor.
    pub(super) fn new(effort: Effort) -> io::Result<Self> {
        Ok(Self {
            compressor: effort.compressor()?,
            body: Vec::new(),
            packed: Vec::new(),
            chunk: Vec::new(),
            dictionary_bytes: 0,
            plain_bytes: 0,
            encodings: Vec::new(),
        })
    }

    /// Ends `body` as the dictionary of the chunk. Before any data page.
    pub(super) fn end_dictionary(&mut self, values: usize) -> Result<(), Trouble> {
        self.end(PageType::DICTIONARY_PAGE, Encoding::PLAIN, values)?;
        self.dictionary_bytes = self.chunk.len();
        Ok(())
    }

    /// Writes data pages. `fill` is asked for the values of each page: which
    /// of the values that are not null these are, counted over the chunk.
    pub(super) fn data(
        &mut self,
        encoding: Encoding,
        rows: Rows<'_>,
        page_rows: usize,
        mut fill: impl FnMut(&mut Vec<u8>, Range<usize>),
    ) -> Result<(), Trouble> {
        let mut values = 0..0;
        for start in (0..rows.count).step_by(page_rows) {
            let page = start..rows.count.min(start + page_rows);
            self.body.clear();
            values = values.end..values.end + rows.levels(&page, &mut self.body);
            fill(&mut self.body, values.clone());
            self.end(PageType::DATA_PAGE, encoding, page.len())?;
        }
        Ok(())
    }

    /// Writes data pages of numbers into the dictionary.
    pub(super) fn ids(&mut self, rows: Rows<'_>, ids: &[u32]) -> Result<(), Trouble> {
        // Numbers count up by first occurrence, so that the first pages get
        // by with fewer bits than the last.
        self.data(Encoding::RLE_DICTIONARY, rows, ROWS, |body, page| {
            let ids = &ids[page];
            let width = pack::width(ids.iter().copied().max().unwrap_or(0));
            body.push(width);
            pack::run(ids, width, body);
        })
    }

    /// Gives the chunk and begins another one, in the memory of `reused`.
    pub(super) fn finish(&mut self, mut reused: Vec<u8>) -> Written {
        reused.clear();
        Written {
            bytes: std::mem::replace(&mut self.chunk, reused),
            dictionary_bytes: std::mem::take(&mut self.dictionary_bytes),
            plain_bytes: std::mem::take(&mut self.plain_bytes),
            encodings: std::mem::take(&mut self.encodings),
        }
    }

    fn end(&mut self, page: PageType, encoding: Encoding, values: usize) -> Result<(), Trouble> {
        self.packed.clear();
        self.packed.reserve(zstd::zstd_safe::compress_bound(self.body.len()));
        self.compressor
            .compress_to_buffer(&self.body, &mut self.packed)
            .map_err(Trouble::Compressor)?;

        let before = self.chunk.len();
        header(page, encoding, [self.body.len(), self.packed.len(), values], &mut self.chunk)?;
        self.plain_bytes += self.chunk.len() - before + self.body.len();
        self.chunk.extend_from_slice(&self.packed);
        self.body.clear();
        self.count(page, encoding);
        Ok(())
    }

    fn count(&mut self, page_type: PageType, encoding: Encoding) {
        let same = |stats: &&mut PageEncodingStats| {
            stats.page_type == page_type && stats.encoding == encoding
        };
        match self.encodings.iter_mut().find(same) {
            Some(stats) => stats.count += 1,
            None => self.encodings.push(PageEncodingStats { page_type, encoding, count: 1 }),
        }
    }
}

/// Appends a `PageHeader`. The sizes are: before and after compression in
/// bytes, values.
fn header(
    page: PageType,
    encoding: Encoding,
    sizes: [usize; 3],
    out: &mut Vec<u8>,
) -> Result<(), Trouble> {
    let [plain, packed, values] = sizes;
    let number = |size| i32::try_from(size).map_err(|_| Trouble::Page { bytes: plain });
    let levels = Encoding::RLE as i32;
    let (field, kind, details) = if page == PageType::DICTIONARY_PAGE {
        (7, 2, vec![number(values)?, encoding as i32])
    } else {
        (5, 0, vec![number(values)?, encoding as i32, levels, levels])
    };
    numbers(&[kind, number(plain)?, number(packed)?], out);
    // Fields are counted on from the last one, which was 3.
    out.push((field - 3) << 4 | STRUCT);
    numbers(&details, out);
    out.extend_from_slice(&[STOP, STOP]);
    Ok(())
}

/// Appends numbers as the fields 1, 2, 3 … of a struct.
fn numbers(fields: &[i32], out: &mut Vec<u8>) {
    for field in fields {
        out.push(1 << 4 | I32);
        // Nothing in a page header is negative, so zigzag is a shift.
        pack::varint(u64::from(field.unsigned_abs()) << 1, out);
    }
}

/// Thrift's type of a 32-bit number, in the compact protocol.
const I32: u8 = 5;
/// Its type of a struct.
const STRUCT: u8 = 12;
/// Its end of a struct.
const STOP: u8 = 0;
