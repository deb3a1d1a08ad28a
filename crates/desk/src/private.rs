//! Files and folders of the desk that only their user may read.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

/// Makes a folder, with what is missing above it, for its user alone. On Windows the user's
/// profile folder gives that by inheritance.
pub fn folder(path: &Path) -> io::Result<()> {
    std::fs::create_dir_all(path)?;
    restrict(path, 0o700)
}

/// Makes an existing file readable by its user alone.
pub fn file(path: &Path) -> io::Result<()> {
    restrict(path, 0o600)
}

/// Opens a new or emptied file for its user alone, from its first moment on.
pub fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}

/// Makes the names in a folder durable. Windows has no such call and needs none.
pub fn sync_folder(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    File::open(path)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

fn restrict(path: &Path, mode: u32) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))?;
    }
    #[cfg(not(unix))]
    let _ = (path, mode);
    Ok(())
}
