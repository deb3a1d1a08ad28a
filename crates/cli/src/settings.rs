//! What every command may be told: the desk's folder, the connection, the language.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;
use i18n::{Language, Text};

/// Options that stand before or after any command.
#[derive(Args, Clone, Debug)]
pub struct Settings {
    /// The desk's folder: what was sent, what came back, and the embedded pipeline's data.
    /// Without it, Muster's folder among the user's application data
    #[arg(long, global = true, value_name = "DIR", env = "MUSTER_HOME")]
    home: Option<PathBuf>,
    /// Where the pipeline is: `embedded` (one on this computer, with its data in the desk's
    /// folder), `embedded:DIR` (with its data in DIR), or the address of an organisation's gateway,
    /// whose token is read from MUSTER_TOKEN or from the file `token` of the desk's folder.
    /// Without it, the connection of the batch, else the one used last, else `embedded`
    #[arg(
        long,
        global = true,
        value_name = "embedded|URL",
        env = "MUSTER_CONNECTION"
    )]
    pub connection: Option<String>,
    /// en, pt-BR or es; without it, the system's
    #[arg(long, global = true, value_name = "TAG", env = "MUSTER_LANGUAGE")]
    language: Option<Language>,
}

impl Settings {
    pub fn text(&self) -> Text {
        Text::new(self.language())
    }

    pub fn language(&self) -> Language {
        self.language.unwrap_or_else(|| {
            let wish = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter();
            let wish = wish
                .filter_map(|name| env::var(name).ok())
                .find(|value| !value.is_empty());
            Language::negotiate(&wish.unwrap_or_default())
        })
    }

    pub fn home(&self) -> PathBuf {
        let home = self.home.clone().unwrap_or_else(default_home);
        std::path::absolute(&home).unwrap_or(home)
    }
}

/// Where the system wants application data of one user.
fn default_home() -> PathBuf {
    let folder = |name: &str| {
        let set: Option<OsString> = env::var_os(name).filter(|value| !value.is_empty());
        set.map(PathBuf::from)
    };
    let user = || env::home_dir().unwrap_or_default();
    if cfg!(windows) {
        let local = folder("LOCALAPPDATA").unwrap_or_else(|| user().join("AppData").join("Local"));
        local.join("Muster")
    } else if cfg!(target_os = "macos") {
        user()
            .join("Library")
            .join("Application Support")
            .join("Muster")
    } else {
        let data = folder("XDG_DATA_HOME").unwrap_or_else(|| user().join(".local").join("share"));
        data.join("muster")
    }
}

/// Who sits here, as others should see it.
pub fn desk_name() -> String {
    let name = |key: &str| env::var(key).ok().filter(|value| !value.is_empty());
    name("MUSTER_DESK")
        .or_else(|| name("USER"))
        .or_else(|| name("USERNAME"))
        .unwrap_or_else(|| "muster".to_owned())
}
