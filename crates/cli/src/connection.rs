//! Finds the pipeline of a connection: an organisation's gateway, one that runs on this computer,
//! or one of this command's own for as long as it runs.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use desk::{Connect, ConnectFault, Endpoint, Fixed};
use local::data_dir::{ClaimError, FindError};
use local::{Running, ServeError};
use tokio::sync::Mutex;

use crate::failure::Failure;

pub const EMBEDDED: &str = "embedded";

/// A connection by its name.
pub enum Connection {
    Embedded(Arc<Embedded>),
    Gateway(Arc<Fixed>),
}

impl Connection {
    /// `name` as the user, or the ledger, has it.
    pub fn open(name: &str, home: &Path) -> Result<Self, Failure> {
        let folder = match name.strip_prefix(EMBEDDED) {
            Some("") => Some(home.join("pipeline")),
            Some(rest) => rest.strip_prefix(':').map(PathBuf::from),
            None => None,
        };
        if let Some(folder) = folder {
            let name = canonical_name(name, &folder);
            return Ok(Self::Embedded(Arc::new(Embedded {
                name,
                folder,
                own: Mutex::new(None),
            })));
        }
        if !(name.starts_with("https://") || name.starts_with("http://")) {
            return Err(fault(ConnectFault::NotAnAddress(name.to_owned())));
        }
        let endpoint = Endpoint {
            gateway: name.trim_end_matches('/').to_owned(),
            token: token(home)?,
        };
        if !endpoint.has_address() {
            return Err(fault(ConnectFault::NotAnAddress(name.to_owned())));
        }
        Ok(Self::Gateway(Arc::new(Fixed::new(endpoint))))
    }

    pub fn connect(&self) -> Arc<dyn Connect> {
        match self {
            Self::Embedded(embedded) => Arc::clone(embedded) as Arc<dyn Connect>,
            Self::Gateway(gateway) => Arc::clone(gateway) as Arc<dyn Connect>,
        }
    }

    /// Ends a pipeline that was started for this command.
    pub async fn close(&self) {
        if let Self::Embedded(embedded) = self
            && let Some(running) = embedded.own.lock().await.take()
        {
            running.stop().await;
        }
    }
}

/// The ledger keeps the folder whole, so that it is found from anywhere.
fn canonical_name(name: &str, folder: &Path) -> String {
    if name == EMBEDDED {
        return EMBEDDED.to_owned();
    }
    let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    format!("{EMBEDDED}:{}", folder.display())
}

/// The embedded pipeline: the one that owns the folder, else one of our own.
pub struct Embedded {
    name: String,
    folder: PathBuf,
    own: Mutex<Option<Running>>,
}

#[async_trait]
impl Connect for Embedded {
    fn name(&self) -> &str {
        &self.name
    }

    async fn endpoint(&self) -> Result<Endpoint, ConnectFault> {
        let mut own = self.own.lock().await;
        if let Some(running) = &*own {
            return Ok(endpoint(&running.endpoint));
        }
        let no_pipeline =
            |error: &dyn std::error::Error| ConnectFault::NoPipeline(error.to_string());
        match local::data_dir::find(&self.folder).await {
            Ok(found) => return Ok(endpoint(&found)),
            Err(FindError::Nobody) => {}
            Err(error) => return Err(no_pipeline(&error)),
        }
        let options = local::Options {
            data: Some(self.folder.clone()),
            port: None,
            aws: None,
        };
        match local::serve(options).await {
            Ok(running) => {
                let found = endpoint(&running.endpoint);
                *own = Some(running);
                Ok(found)
            }
            // Somebody was faster.
            Err(ServeError::Folder(ClaimError::Owned)) => {
                let found = local::data_dir::find(&self.folder).await;
                found
                    .map(|found| endpoint(&found))
                    .map_err(|error| no_pipeline(&error))
            }
            Err(error) if error.is_disk_full() => Err(ConnectFault::DiskFull),
            Err(error) => Err(no_pipeline(&error)),
        }
    }
}

fn endpoint(found: &local::Endpoint) -> Endpoint {
    Endpoint {
        gateway: found.gateway.clone(),
        token: found.token.clone(),
    }
}

/// From the environment, else from a file for its user alone.
fn token(home: &Path) -> Result<String, Failure> {
    if let Ok(token) = std::env::var("MUSTER_TOKEN")
        && !token.trim().is_empty()
    {
        return Ok(token.trim().to_owned());
    }
    let path = home.join("token");
    let Ok(text) = std::fs::read_to_string(&path) else {
        return Err(fault(ConnectFault::NoToken));
    };
    if others_may_read(&path) {
        return Err(Failure::TokenFileOpen);
    }
    match text.trim() {
        "" => Err(fault(ConnectFault::NoToken)),
        token => Ok(token.to_owned()),
    }
}

#[cfg(unix)]
fn others_may_read(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|about| about.permissions().mode() & 0o077 != 0)
}

/// The user's profile folder is nobody else's on Windows.
#[cfg(not(unix))]
fn others_may_read(_: &Path) -> bool {
    false
}

fn fault(fault: ConnectFault) -> Failure {
    Failure::Desk(desk::gateway::GatewayError::from(fault).into())
}
