//! The user's file: opened for reading, read once, and found unchanged afterwards.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender};

use model::FileFault;
use sha2::{Digest, Sha256};

use crate::error::ReadError;
use crate::limits::MAX_FILE_BYTES;

pub(crate) const BLOCK: usize = 256 << 10;
/// First bytes that tell what a file is.
pub(crate) const SNIFFED: usize = 64 << 10;

pub(crate) struct Source {
    path: PathBuf,
    file: File,
    state: Metadata,
}

/// A piece of the file, in order.
pub(crate) struct Block {
    pub bytes: Vec<u8>,
    pub last: bool,
}

impl Source {
    pub(crate) fn open(path: &Path) -> Result<Self, ReadError> {
        // A word that texts go by; the error's own text may hold the path.
        let unreadable = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound => ReadError::with(FileFault::Unreadable, "not-found"),
            io::ErrorKind::PermissionDenied => ReadError::with(FileFault::Unreadable, "denied"),
            _ => FileFault::Unreadable.into(),
        };
        // Asked before it is opened: opening a pipe would wait for its other end.
        let state = std::fs::metadata(path).map_err(unreadable)?;
        if !state.is_file() {
            return Err(ReadError::with(FileFault::Unreadable, "not-a-file"));
        }
        let file = File::open(path).map_err(unreadable)?;
        let state = file.metadata()?;
        if state.len() == 0 {
            return Err(FileFault::Empty.into());
        }
        if state.len() > MAX_FILE_BYTES {
            return Err(FileFault::TooLarge.into());
        }
        Ok(Self {
            path: path.to_owned(),
            file,
            state,
        })
    }

    pub(crate) fn size(&self) -> u64 {
        self.state.len()
    }

    /// The first bytes, as many as tell what the file is.
    pub(crate) fn head(&self) -> io::Result<Vec<u8>> {
        let mut head = Vec::new();
        File::open(&self.path)?
            .take(SNIFFED as u64)
            .read_to_end(&mut head)?;
        Ok(head)
    }

    /// Sends the file in blocks and gives the SHA-256 of what was read, in hex. Blocks that come
    /// back are filled again. Ends early where nobody receives.
    pub(crate) fn read_all(
        mut self,
        blocks: &SyncSender<Block>,
        used: &Receiver<Vec<u8>>,
    ) -> Result<String, ReadError> {
        let mut hash = Sha256::new();
        let mut left = self.state.len();
        loop {
            let mut bytes = used.try_recv().unwrap_or_default();
            bytes.resize(BLOCK, 0);
            let read = fill(&mut self.file, &mut bytes)?;
            bytes.truncate(read);
            hash.update(&bytes);
            left = left.saturating_sub(read as u64);
            // The last block waits until the file is found unchanged.
            let last = left == 0 || read < BLOCK;
            if last {
                self.unchanged(left)?;
            }
            if blocks.send(Block { bytes, last }).is_err() || last {
                return Ok(hex(&hash.finalize()));
            }
        }
    }

    /// SHA-256 of the file's bytes, in hex, with nobody else reading along.
    pub(crate) fn sha256(mut self) -> Result<String, ReadError> {
        let mut hash = Sha256::new();
        let mut block = vec![0; BLOCK];
        let mut left = self.state.len();
        loop {
            let read = fill(&mut self.file, &mut block)?;
            hash.update(&block[..read]);
            left = left.saturating_sub(read as u64);
            if read < BLOCK {
                self.unchanged(left)?;
                return Ok(hex(&hash.finalize()));
            }
        }
    }

    /// The file is as long and as old as it was when it was opened, under its name too, and there
    /// is nothing behind what was read.
    fn unchanged(&mut self, left: u64) -> Result<(), ReadError> {
        let same = |now: &Metadata| {
            now.len() == self.state.len() && now.modified().ok() == self.state.modified().ok()
        };
        let named = std::fs::metadata(&self.path).ok();
        let is_same = same(&self.file.metadata()?) && named.is_some_and(|now| same(&now));
        if left == 0 && is_same && self.file.read(&mut [0])? == 0 {
            Ok(())
        } else {
            Err(FileFault::Changed.into())
        }
    }
}

fn fill(file: &mut File, block: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < block.len() {
        match file.read(&mut block[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing into a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn a_file_that_changes_meanwhile_is_not_taken() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("roster.csv");
        let fault = |change: &dyn Fn()| {
            std::fs::write(&path, "id,name\n1,Ana\n").unwrap();
            let source = Source::open(&path).unwrap();
            change();
            source.sha256().map_err(|error| error.fault())
        };
        let changed = Err(Some(FileFault::Changed));
        assert!(fault(&|| {}).is_ok());
        let longer = || {
            let mut file = std::fs::OpenOptions::new()
                .append(true)
                .open(&path)
                .unwrap();
            file.write_all(b"2,Bia\n").unwrap();
        };
        assert_eq!(fault(&longer), changed);
        assert_eq!(fault(&|| std::fs::write(&path, "id\n").unwrap()), changed);
        assert_eq!(fault(&|| std::fs::remove_file(&path).unwrap()), changed);
        let replaced = || {
            let other = folder.path().join("other.csv");
            std::fs::write(&other, "id,name\n1,Ana\n2,Bia\n").unwrap();
            std::fs::rename(&other, &path).unwrap();
        };
        assert_eq!(fault(&replaced), changed);
    }
}
