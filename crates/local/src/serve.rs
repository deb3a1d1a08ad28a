//! Brings the embedded pipeline up, in the order in which its parts need each other, and takes it
//! down again.

use std::io;
use std::path::{Path, PathBuf};

use pipeline::ports::PortError;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use crate::assemble::assemble;
use crate::broker::{AwsEndpoint, Broker};
use crate::data_dir::{ClaimError, DataDir};
use crate::db::DbError;
use crate::endpoint::{BUCKET, Endpoint, REGION};
use crate::loopback::{self, Door};
use crate::owner::OwnerKeys;

#[derive(Clone, Debug, Default)]
pub struct Options {
    /// `None`: a temporary folder, removed at the end.
    pub data: Option<PathBuf>,
    /// Of the gateway. `None`: any.
    pub port: Option<u16>,
    /// `None`: our own S3 and SQS.
    pub aws: Option<AwsEndpoint>,
}

#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error(transparent)]
    Folder(#[from] ClaimError),
    #[error("cannot listen: {0}")]
    Listen(#[source] io::Error),
    #[error("what the data folder holds cannot be read: {0}")]
    Data(#[source] io::Error),
    #[error("a store in the data folder cannot be opened: {0}")]
    Store(#[from] DbError),
    #[error("a part of the pipeline does not come up: {0}")]
    Part(#[from] PortError),
}

impl ServeError {
    /// Nothing else is wrong than that there is no room.
    pub fn is_disk_full(&self) -> bool {
        match self {
            Self::Store(error) => error.is_disk_full(),
            Self::Folder(ClaimError::Io(error)) | Self::Data(error) => {
                error.kind() == io::ErrorKind::StorageFull
            }
            Self::Folder(ClaimError::Owned) | Self::Listen(_) | Self::Part(_) => false,
        }
    }
}

/// What the gateway and the services are made of.
pub(crate) struct Parts {
    pub data: PathBuf,
    pub endpoint: Endpoint,
    pub broker: Broker,
    /// Cancelled when the pipeline is to stop. Loops end by it.
    pub stop: CancellationToken,
    /// What is waited for after a stop.
    pub tasks: TaskTracker,
}

/// The pipeline, up. Dropped, it ends by itself; [`Running::stop`] waits for that.
pub struct Running {
    pub endpoint: Endpoint,
    stop: DropGuard,
    tasks: TaskTracker,
    folder: DataDir,
}

impl Running {
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Ends every loop and listener, waits for them, and gives the folder back.
    pub async fn stop(self) {
        drop(self.stop);
        self.tasks.close();
        self.tasks.wait().await;
        drop(self.folder);
    }
}

pub async fn serve(options: Options) -> Result<Running, ServeError> {
    let folder = match &options.data {
        Some(path) => DataDir::claim(path)?,
        None => DataDir::temporary()?,
    };
    let data = folder.path().to_owned();
    let keys = OwnerKeys::open(&data).map_err(ServeError::Data)?;
    let gateway_door = Door::bind(options.port).await.map_err(ServeError::Listen)?;

    let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
    let broker = match options.aws {
        Some(endpoint) => Broker::of(endpoint).await?,
        None => Broker::embedded(&data, &keys, &stop, &tasks).await?,
    };
    let endpoint = Endpoint {
        gateway: gateway_door.url(),
        s3: broker.s3.clone(),
        sqs: broker.sqs.clone(),
        region: REGION.into(),
        access_key_id: broker.access_key_id.clone(),
        secret_access_key: broker.secret_access_key.clone(),
        token: keys.token,
        bucket: BUCKET.into(),
        queues: broker.addresses.clone(),
    };
    let parts = Parts {
        data,
        endpoint: endpoint.clone(),
        broker,
        stop: stop.clone(),
        tasks: tasks.clone(),
    };
    let assembled = assemble(&parts).await?;
    let router = assembled.router.clone();
    tasks.spawn(gateway_door.serve(router, loopback::not_from_here, stop.clone()));
    assembled.start(&parts).await?;
    folder.publish(&endpoint).map_err(ServeError::Data)?;
    Ok(Running {
        endpoint,
        stop: stop.drop_guard(),
        tasks,
        folder,
    })
}
