//! Files and folders that only their user may read, and writes that outlive a power cut.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

/// Makes an existing file or folder readable by its user alone. On Windows the user's profile
/// folder gives that by inheritance, and nothing is changed.
pub fn restrict(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = if path.is_dir() { 0o700 } else { 0o600 };
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

/// Makes a folder, with what is missing above it, for its user alone.
pub fn folder(path: &Path) -> io::Result<()> {
    std::fs::create_dir_all(path)?;
    restrict(path)
}

/// Writes a file whole or not at all, for its user alone, and returns when it is on the disk.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    // Made with mode 0600 on Unix.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    sync_folder(folder)
}

/// Returns when what was made, renamed or removed in a folder is on the disk. Windows keeps that
/// order by itself, and cannot open a folder as a file.
pub fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(path)?.sync_all()?;
    }
    Ok(())
}
