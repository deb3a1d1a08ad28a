//! Files and folders that only their user may read.

use std::io;
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
