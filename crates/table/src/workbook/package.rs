//! What is in a zip archive, and how much it unpacks to, before a reader trusts it.

use std::io::{self, Read, Seek};

use model::FileFault;
use zip::ZipArchive;
use zip::result::ZipError;

use super::frames::Fault;
use crate::found::WorkbookKind;

/// Bytes that a workbook may unpack to. A sheet of 1,048,576 rows with 20 columns is about half.
const MAX_UNPACKED: u64 = 2 << 30;
/// Beyond this many bytes, what is unpacked may be at most [`MAX_RATIO`] times what is packed:
/// sheets reach 100, deflated zeros 1,000.
const FREE: u64 = 64 << 20;
const MAX_RATIO: u64 = 400;
const MAX_ENTRIES: usize = 10_000;

/// The kind of workbook, after every entry was unpacked once and counted: what an archive declares
/// about itself may be a lie.
pub(super) fn examine<R: Read + Seek>(file: R, size: u64) -> Result<WorkbookKind, Fault> {
    let mut archive = ZipArchive::new(file).map_err(damaged)?;
    let kind = kind(&mut archive)?;
    let most = size.saturating_mul(MAX_RATIO).clamp(FREE, MAX_UNPACKED);
    let declared = archive.decompressed_size().unwrap_or(0);
    if archive.len() > MAX_ENTRIES || declared > u128::from(most) {
        return Err(FileFault::TooLarge.into());
    }
    let mut left = most;
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(damaged)?;
        let mut limited = entry.take(left + 1);
        let unpacked = io::copy(&mut limited, &mut io::sink());
        let unpacked = unpacked.map_err(|_| Fault::from(FileFault::Damaged))?;
        if unpacked > left {
            return Err(FileFault::TooLarge.into());
        }
        left -= unpacked;
    }
    Ok(kind)
}

fn kind<R: Read + Seek>(archive: &mut ZipArchive<R>) -> Result<WorkbookKind, Fault> {
    let has = |name: &str| archive.index_for_name(name).is_some();
    let foreign = |detail: &str| {
        Err(Fault {
            fault: FileFault::NotATable,
            detail: Some(detail.to_owned()),
        })
    };
    // Some programs write other folders or other capitals: the relations name them.
    let holds = |end: &str| {
        archive
            .file_names()
            .flatten()
            .any(|name| name.to_ascii_lowercase().ends_with(end))
    };
    if has("word/document.xml") {
        return foreign("docx");
    }
    if has("ppt/presentation.xml") {
        return foreign("pptx");
    }
    if holds("workbook.bin") {
        return Ok(WorkbookKind::Xlsb);
    }
    if holds("workbook.xml") {
        return Ok(WorkbookKind::Xlsx);
    }
    if !has("mimetype") {
        return foreign("zip");
    }
    let mut mimetype = String::new();
    let entry = archive.by_name("mimetype").map_err(damaged)?;
    let read = entry.take(200).read_to_string(&mut mimetype);
    read.map_err(|_| Fault::from(FileFault::Damaged))?;
    match mimetype
        .trim()
        .strip_prefix("application/vnd.oasis.opendocument.")
    {
        Some(rest) if rest.starts_with("spreadsheet") => Ok(WorkbookKind::Ods),
        Some(rest) => foreign(if rest.starts_with("text") {
            "odt"
        } else {
            "zip"
        }),
        None => foreign("zip"),
    }
}

fn damaged(error: ZipError) -> Fault {
    let fault = match error {
        ZipError::InvalidPassword => FileFault::Password,
        ZipError::UnsupportedArchive(why) if why == ZipError::PASSWORD_REQUIRED => {
            FileFault::Password
        }
        _ => FileFault::Damaged,
    };
    fault.into()
}
