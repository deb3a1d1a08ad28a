//! The child process: opens the workbook on its standard input within a memory limit and writes
//! its rows to standard output.
//!
//! The limit is an address-space limit where there is one (unix). On Windows a job object would do
//! the same; there the bounds on a package's unpacked size are what holds.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};

use calamine::{
    Data, DataRef, Dimensions, Ods, OdsError, Range, Reader, SheetType, SheetVisible, Xls,
    XlsError, Xlsb, XlsbError, Xlsx, XlsxError,
};
use memchr::memmem;
use model::FileFault;

use super::cells::{ZeroPadded, text_of, text_of_ref};
use super::frames::{Fault, FrameWriter, Opened};
use super::package;
use crate::found::{SheetInfo, WorkbookKind};
use crate::limits::MAX_COLUMNS;

/// Bytes of address space: the program itself, and a million rows of shared texts.
#[cfg(unix)]
const MEMORY: u64 = 3 << 30;

type Book = BufReader<File>;

/// What ends the child's work: the file, or a parent that does not listen any more.
enum Stop {
    Fault(Fault),
    Output,
}

impl From<io::Error> for Stop {
    fn from(_: io::Error) -> Self {
        Self::Output
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<FileFault> for Stop {
    fn from(fault: FileFault) -> Self {
        Self::Fault(fault.into())
    }
}

impl From<FileFault> for Fault {
    fn from(fault: FileFault) -> Self {
        Self {
            fault,
            detail: None,
        }
    }
}

macro_rules! from_calamine {
    ($($error:ident),+) => { $(
        impl From<$error> for Stop {
            fn from(error: $error) -> Self {
                match error {
                    $error::Password => FileFault::Password.into(),
                    $error::WorksheetNotFound(_) => FileFault::NoSuchSheet.into(),
                    _ => FileFault::Damaged.into(),
                }
            }
        }
    )+ };
}
from_calamine!(XlsxError, XlsbError, XlsError, OdsError);

/// Does what the parent asked for. Errors of output are not told: nobody listens.
pub(super) fn run(sheet: Option<&str>) {
    // A panic's message may quote the file, and standard error may be somebody's terminal.
    std::panic::set_hook(Box::new(|_| {}));
    let mut out = FrameWriter::new(BufWriter::new(io::stdout().lock()));
    let outcome = limit_memory().map_err(|_| Stop::Output).and_then(|()| {
        let file = input()?;
        send(file, sheet, &mut out)
    });
    if let Err(Stop::Fault(fault)) = outcome {
        let _ = out.fault(&fault);
    }
}

fn limit_memory() -> io::Result<()> {
    #[cfg(unix)]
    {
        let resource = rlimit::Resource::AS;
        let (_, hard) = resource.get()?;
        let limit = MEMORY.min(hard);
        resource.set(limit, limit)?;
        // A core dump would hold the roster.
        rlimit::Resource::CORE.set(0, 0)?;
    }
    Ok(())
}

/// Standard input as the file that it is.
fn input() -> io::Result<File> {
    #[cfg(unix)]
    let handle = {
        use std::os::fd::AsFd;
        io::stdin().as_fd().try_clone_to_owned()?
    };
    #[cfg(windows)]
    let handle = {
        use std::os::windows::io::AsHandle;
        io::stdin().as_handle().try_clone_to_owned()?
    };
    Ok(File::from(handle))
}

fn send<W: Write>(
    mut file: File,
    sheet: Option<&str>,
    out: &mut FrameWriter<W>,
) -> Result<(), Stop> {
    let size = file.metadata()?.len();
    let mut magic = [0; 2];
    file.read_exact(&mut magic)?;
    file.seek(SeekFrom::Start(0))?;
    if &magic != b"PK" {
        not_foreign(&mut file)?;
        return send_xls(Xls::new(BufReader::new(file))?, sheet, out);
    }
    let kind = package::examine(BufReader::new(file.try_clone()?), size)?;
    file.seek(SeekFrom::Start(0))?;
    let file = BufReader::new(file);
    match kind {
        WorkbookKind::Xlsx => send_xlsx(Xlsx::new(file)?, sheet, out),
        WorkbookKind::Xlsb => send_xlsb(Xlsb::new(file)?, sheet, out),
        WorkbookKind::Ods => send_ods(Ods::new(file)?, sheet, out),
        WorkbookKind::Xls => Err(FileFault::Damaged.into()),
    }
}

/// A compound file may hold a document or an encrypted package in place of a workbook. Its
/// directory names its parts in UTF-16.
fn not_foreign(file: &mut File) -> Result<(), Stop> {
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    file.seek(SeekFrom::Start(0))?;
    let names = |name: &str| {
        let name = name.encode_utf16().flat_map(u16::to_le_bytes);
        memmem::find(&bytes, &name.collect::<Vec<_>>()).is_some()
    };
    if names("EncryptedPackage") {
        return Err(FileFault::Password.into());
    }
    let foreign = [
        ("WordDocument", "doc"),
        ("PowerPoint Document", "ppt"),
        ("__nameid", "msg"),
    ];
    match foreign.iter().find(|(name, _)| names(name)) {
        Some((_, detail)) if !names("Workbook") => Err(Stop::Fault(Fault {
            fault: FileFault::NotATable,
            detail: Some((*detail).to_owned()),
        })),
        _ => Ok(()),
    }
}

/// The sheet that is wanted, or the first that is shown.
fn choose(sheets: &[calamine::Sheet], wanted: Option<&str>) -> Result<String, Stop> {
    let tables = || {
        sheets
            .iter()
            .filter(|sheet| sheet.typ == SheetType::WorkSheet)
    };
    let chosen = match wanted {
        Some(name) => tables().find(|sheet| sheet.name == name),
        None => tables()
            .find(|sheet| sheet.visible == SheetVisible::Visible)
            .or_else(|| tables().next()),
    };
    match chosen {
        Some(sheet) => Ok(sheet.name.clone()),
        None => {
            let names: Vec<_> = tables().map(|sheet| sheet.name.as_str()).collect();
            Err(Stop::Fault(Fault {
                fault: FileFault::NoSuchSheet,
                detail: Some(names.join(", ")),
            }))
        }
    }
}

/// What the first frame says, with each sheet's rows as far as they are known.
fn opened(
    workbook: WorkbookKind,
    sheets: &[calamine::Sheet],
    sheet: &str,
    mut rows: impl FnMut(&str) -> Option<u32>,
) -> Opened {
    let tables = sheets
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let info = |sheet: &calamine::Sheet| SheetInfo {
        name: sheet.name.clone(),
        rows: rows(&sheet.name),
    };
    Opened {
        workbook,
        sheets: tables.map(info).collect(),
        sheet: sheet.to_owned(),
    }
}

/// Rows that a sheet declares; a sheet that declares one cell has often just not counted.
fn declared(dimensions: Dimensions) -> Option<u32> {
    let rows = dimensions.end.0.saturating_sub(dimensions.start.0) + 1;
    (dimensions.end != dimensions.start).then_some(rows)
}

fn send_xlsx<W: Write>(
    mut book: Xlsx<Book>,
    wanted: Option<&str>,
    out: &mut FrameWriter<W>,
) -> Result<(), Stop> {
    let sheets = book.sheets_metadata().to_vec();
    let sheet = choose(&sheets, wanted)?;
    let rows = |name: &str| declared(book.worksheet_cells_reader(name).ok()?.dimensions());
    out.opened(&opened(WorkbookKind::Xlsx, &sheets, &sheet, rows))?;
    let mut reader = book.worksheet_cells_reader(&sheet)?;
    let formats = reader.styles().iter().map(|style| {
        let format = style.number_format.as_ref()?;
        ZeroPadded::of(&format.format_code)
    });
    let formats = formats.collect::<Vec<_>>();
    let mut row = Row::default();
    while let Some((cell, style)) = reader.next_cell_with_style_id()? {
        if *cell.get_value() != DataRef::Empty {
            let format = formats.get(style).and_then(Option::as_ref);
            let text = text_of_ref(cell.get_value(), format);
            row.put(cell.get_position(), text, out)?;
        }
    }
    row.end(out)
}

fn send_xlsb<W: Write>(
    mut book: Xlsb<Book>,
    wanted: Option<&str>,
    out: &mut FrameWriter<W>,
) -> Result<(), Stop> {
    let sheets = book.sheets_metadata().to_vec();
    let sheet = choose(&sheets, wanted)?;
    let rows = |name: &str| declared(book.worksheet_cells_reader(name).ok()?.dimensions());
    out.opened(&opened(WorkbookKind::Xlsb, &sheets, &sheet, rows))?;
    let mut reader = book.worksheet_cells_reader(&sheet)?;
    let mut row = Row::default();
    while let Some(cell) = reader.next_cell()? {
        if *cell.get_value() != DataRef::Empty {
            let text = text_of_ref(cell.get_value(), None);
            row.put(cell.get_position(), text, out)?;
        }
    }
    row.end(out)
}

fn send_xls<W: Write>(
    mut book: Xls<Book>,
    wanted: Option<&str>,
    out: &mut FrameWriter<W>,
) -> Result<(), Stop> {
    let sheets = book.sheets_metadata().to_vec();
    let sheet = choose(&sheets, wanted)?;
    let rows = |name: &str| Some(height(&book.worksheet_range(name).ok()?));
    out.opened(&opened(WorkbookKind::Xls, &sheets, &sheet, rows))?;
    send_range(&book.worksheet_range(&sheet)?, out)
}

fn send_ods<W: Write>(
    mut book: Ods<Book>,
    wanted: Option<&str>,
    out: &mut FrameWriter<W>,
) -> Result<(), Stop> {
    let sheets = book.sheets_metadata().to_vec();
    let sheet = choose(&sheets, wanted)?;
    let rows = |name: &str| Some(height(&book.worksheet_range(name).ok()?));
    out.opened(&opened(WorkbookKind::Ods, &sheets, &sheet, rows))?;
    send_range(&book.worksheet_range(&sheet)?, out)
}

fn height(range: &Range<Data>) -> u32 {
    u32::try_from(range.height()).unwrap_or(u32::MAX)
}

fn send_range<W: Write>(range: &Range<Data>, out: &mut FrameWriter<W>) -> Result<(), Stop> {
    let (first_row, first_column) = range.start().unwrap_or_default();
    let mut row = Row::default();
    for (at, column, value) in range.used_cells() {
        let place =
            |from: u32, at: usize| from.saturating_add(u32::try_from(at).unwrap_or(u32::MAX));
        let position = (place(first_row, at), place(first_column, column));
        row.put(position, text_of(value), out)?;
    }
    row.end(out)
}

/// The row that cells are being gathered for.
#[derive(Default)]
struct Row {
    at: u32,
    cells: Vec<String>,
}

impl Row {
    fn put<W: Write>(
        &mut self,
        (at, column): (u32, u32),
        text: String,
        out: &mut FrameWriter<W>,
    ) -> Result<(), Stop> {
        if at != self.at {
            self.send(out)?;
            self.at = at;
        }
        // A stray cell far to the right must not make thousands of empty ones. It is beyond the
        // columns that a table may have either way.
        let column = (column as usize).min(MAX_COLUMNS * 2);
        if self.cells.len() <= column {
            self.cells.resize(column + 1, String::new());
        }
        self.cells[column] = text;
        Ok(())
    }

    fn end<W: Write>(mut self, out: &mut FrameWriter<W>) -> Result<(), Stop> {
        self.send(out)?;
        Ok(out.done()?)
    }

    /// Rows without a text are left out, as blank lines are.
    fn send<W: Write>(&mut self, out: &mut FrameWriter<W>) -> Result<(), Stop> {
        if self.cells.iter().any(|cell| !cell.trim().is_empty()) {
            out.row(self.at + 1, &self.cells)?;
        }
        self.cells.clear();
        Ok(())
    }
}
