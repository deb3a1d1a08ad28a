//! A CSV file into a table: what it is, from its first part; then all of it in one pass, while a
//! visitor looks on.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use model::FileFault;

use crate::assemble::{Assembler, Leftovers};
use crate::dialect::{announced, detect};
use crate::encoding::Encoding;
use crate::error::ReadError;
use crate::found::{Format, Found, ReadOptions};
use crate::header::{HEAD_ROWS, Header, Rows, pick};
use crate::limits::MAX_RECORD_BYTES;
use crate::record::{Dialect, Records, Step};
use crate::show::{Progress, WAITING, show, stopped};
use crate::sniff::claims_workbook;
use crate::source::{Block, Source};
use crate::table::Table;
use crate::visit::{Visitor, Watch};

/// Decoded bytes looked at to find out what the file is; more only where a record is longer.
const HEAD: usize = 256 << 10;

/// Everything that must be known before the first record is read.
pub(crate) struct Plan {
    encoding: Encoding,
    bom: usize,
    dialect: Dialect,
    header: Header,
    pub(crate) sample: Rows,
    pub(crate) found: Found,
}

impl Plan {
    pub(crate) fn new(
        path: &Path,
        source: &Source,
        head: &[u8],
        options: &ReadOptions,
        watch: &dyn Watch,
    ) -> Result<Self, ReadError> {
        let mark = Encoding::of_bom(head);
        let encoding = match (options.encoding, mark) {
            (Some(encoding), _) | (None, Some((encoding, _))) => encoding,
            (None, None) => match Encoding::of_zeros(head) {
                Some(encoding) => encoding,
                None => {
                    let open = || Ok(Box::new(File::open(path)?) as Box<dyn Read>);
                    Encoding::of_all(open, watch)?
                }
            },
        };
        // A mark of another encoding than the one that is wanted is text.
        let bom = mark.map_or(0, |(of, length)| if of == encoding { length } else { 0 });
        let mut size = HEAD;
        loop {
            let (text, last) = decoded_head(path, encoding, bom, size)?;
            let dialect = detect(&text, last, options.delimiter);
            let mut rows = first_rows(&text, last, dialect, options.header_line);
            if announced(&text).is_some() && rows.first().is_some_and(|(line, _)| *line == 1) {
                rows.remove(0);
            }
            if !last && rows.len() <= 2 {
                if size > MAX_RECORD_BYTES {
                    let wanted = options.header_line.is_some();
                    let fault = if wanted {
                        FileFault::NoRows
                    } else {
                        FileFault::NotATable
                    };
                    return Err(fault.into());
                }
                size *= 8;
                continue;
            }
            let (header, sample) = pick(rows, options.header_line)?;
            let found = Found {
                format: Format::Csv {
                    encoding,
                    bom: bom > 0,
                    delimiter: dialect.delimiter,
                },
                header_line: header.line,
                size: source.size(),
                sha256: None,
                misnamed: claims_workbook(path),
            };
            return Ok(Self {
                encoding,
                bom,
                dialect,
                header,
                sample,
                found,
            });
        }
    }

    pub(crate) fn headers(&self) -> &[String] {
        &self.header.names
    }
}

/// The first `size` bytes of the file as UTF-8 (or what was to be UTF-8), and whether that is all.
fn decoded_head(
    path: &Path,
    encoding: Encoding,
    bom: usize,
    size: usize,
) -> io::Result<(Vec<u8>, bool)> {
    let mut bytes = Vec::with_capacity(size.min(8 << 20));
    let mut file = File::open(path)?;
    file.by_ref().take(size as u64).read_to_end(&mut bytes)?;
    let last = bytes.len() < size || file.read(&mut [0])? == 0;
    bytes.drain(..bom.min(bytes.len()));
    if encoding == Encoding::UTF_8 {
        return Ok((bytes, last));
    }
    let mut text = Text::new(encoding, 0);
    text.push(&bytes, last);
    Ok((text.buffer, last))
}

/// The first rows, or the first ones from the line that is wanted.
fn first_rows(text: &[u8], last: bool, dialect: Dialect, wanted: Option<u32>) -> Rows {
    let mut records = Records::new(dialect);
    let (mut at, mut rows) = (0, Rows::new());
    while rows.len() < HEAD_ROWS {
        let rest = &text[at..];
        match records.next(rest, last) {
            Step::Record { line, length, .. } => {
                if wanted.is_none_or(|wanted| line >= wanted) {
                    let cells = records.spans.iter().map(|span| span.to_text(rest));
                    rows.push((line, cells.collect()));
                }
                at += length;
            }
            Step::Blank { length } => at += length,
            Step::Incomplete | Step::End => break,
        }
    }
    rows
}

/// Reads the whole file. A thread reads and hashes, another splits it into chunks, and the caller's
/// shows them to the visitor; what waits between them is bounded.
pub(crate) fn read(
    source: Source,
    plan: Plan,
    visitor: &mut dyn Visitor,
    watch: &dyn Watch,
) -> Result<Table, ReadError> {
    let total = source.size();
    let Plan {
        encoding,
        bom,
        dialect,
        header,
        mut found,
        sample,
    } = plan;
    drop(sample);
    let (blocks, to_split) = sync_channel::<Block>(WAITING);
    let (used, to_fill) = sync_channel::<Vec<u8>>(WAITING);
    let (chunks, to_show) = sync_channel::<Progress>(WAITING);
    let columns = header.names.len();
    let outcome = std::thread::scope(|scope| {
        let reading = scope.spawn(move || source.read_all(&blocks, &to_fill));
        let splitting = scope.spawn(move || {
            let splitter = Splitter {
                records: Records::new(dialect),
                text: Text::new(encoding, bom),
                skip_to: header.line,
                assembler: Assembler::new(columns),
                total,
            };
            splitter.run(&to_split, &used, &chunks)
        });
        let shown = show(to_show, visitor, watch);
        // An error here is what the threads' errors come from: their channels end with it.
        let split = splitting.join().map_err(|_| stopped())?;
        let read = reading.join().map_err(|_| stopped())?;
        let chunks = shown?;
        Ok::<_, ReadError>((chunks, split?, read?))
    });
    let (chunks, leftovers, sha256) = outcome?;
    if chunks.is_empty() {
        return Err(FileFault::NoRows.into());
    }
    found.sha256 = Some(sha256);
    Ok(Table::new(found, header.names, chunks, leftovers))
}

/// Decodes the file's bytes as they come. UTF-8 is left as it is: a chunk checks its own.
struct Text {
    decoder: Option<encoding_rs::Decoder>,
    /// Bytes of the mark that are still to be left out.
    bom: usize,
    buffer: Vec<u8>,
}

impl Text {
    fn new(encoding: Encoding, bom: usize) -> Self {
        Self {
            decoder: (encoding != Encoding::UTF_8).then(|| encoding.decoder()),
            bom,
            buffer: Vec::new(),
        }
    }

    fn push(&mut self, bytes: &[u8], last: bool) {
        let bytes = &bytes[self.bom.min(bytes.len())..];
        self.bom = 0;
        let Some(decoder) = &mut self.decoder else {
            self.buffer.extend_from_slice(bytes);
            return;
        };
        let most = decoder.max_utf8_buffer_length(bytes.len());
        let from = self.buffer.len();
        self.buffer
            .resize(from + most.unwrap_or(bytes.len() * 3 + 16), 0);
        let (_, _, written, _) = decoder.decode_to_utf8(bytes, &mut self.buffer[from..], last);
        self.buffer.truncate(from + written);
    }
}

struct Splitter {
    records: Records,
    text: Text,
    /// Records that begin up to this line are titles and headers.
    skip_to: u32,
    assembler: Assembler,
    /// Bytes of the file.
    total: u64,
}

impl Splitter {
    fn run(
        mut self,
        blocks: &Receiver<Block>,
        used: &SyncSender<Vec<u8>>,
        chunks: &SyncSender<Progress>,
    ) -> Result<Leftovers, ReadError> {
        let mut done = 0;
        // A record longer than a block is looked at again only when there is twice as much of it.
        let mut wait_for = 0;
        while let Ok(Block { bytes, last }) = blocks.recv() {
            done += bytes.len() as u64;
            self.text.push(&bytes, last);
            // A full or closed channel only means that the block is not used again.
            let _ = used.try_send(bytes);
            let mut progress = Progress {
                chunk: None,
                done,
                total: self.total,
            };
            if last || self.text.buffer.len() >= wait_for {
                if !self.split(last, done, chunks)? {
                    return Ok(Leftovers::default());
                }
                wait_for = self.text.buffer.len() * 2;
                if wait_for > MAX_RECORD_BYTES * 3 {
                    return Err(FileFault::NotATable.into());
                }
            }
            if last {
                let (rest, leftovers) = self.assembler.finish();
                progress.chunk = rest;
                let _ = chunks.send(progress);
                return Ok(leftovers);
            }
            if chunks.send(progress).is_err() {
                return Ok(Leftovers::default());
            }
        }
        // The reading thread ended early and says why.
        Ok(Leftovers::default())
    }

    /// Takes all whole records out of the buffer. `false`: nobody waits for them any more.
    fn split(
        &mut self,
        last: bool,
        done: u64,
        chunks: &SyncSender<Progress>,
    ) -> Result<bool, ReadError> {
        let buffer = &self.text.buffer;
        let mut at = 0;
        loop {
            let rest = &buffer[at..];
            let full = match self.records.next(rest, last) {
                Step::Record { line, length, .. } if line <= self.skip_to => {
                    at += length;
                    continue;
                }
                Step::Record {
                    line,
                    length,
                    plain,
                    quote_open,
                } => {
                    at += length;
                    let spans = &self.records.spans;
                    self.assembler
                        .record(line, rest, spans, plain, quote_open)?
                }
                Step::Blank { length } => {
                    at += length;
                    continue;
                }
                Step::Incomplete | Step::End => break,
            };
            if let Some(chunk) = full {
                let progress = Progress {
                    chunk: Some(chunk),
                    done,
                    total: self.total,
                };
                if chunks.send(progress).is_err() {
                    return Ok(false);
                }
            }
        }
        self.text.buffer.drain(..at);
        Ok(true)
    }
}
