//! Brings the embedded pipeline up, in the order in which its parts need each other, and takes it
//! down again.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use crate::data_dir::{ClaimError, DataDir};
use crate::endpoint::{BUCKET, Endpoint, REGION};
use crate::identity::Identities;
use crate::loopback::{self, Door};
use crate::owner::OwnerKeys;
use crate::{health, s3};

use wire::s3_event::S3Event;

#[derive(Clone, Debug, Default)]
pub struct Options {
    /// `None`: a temporary folder, removed at the end.
    pub data: Option<PathBuf>,
    /// Of the gateway. `None`: any.
    pub port: Option<u16>,
}

#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error(transparent)]
    Folder(#[from] ClaimError),
    #[error("cannot listen: {0}")]
    Listen(#[source] io::Error),
    #[error("what the data folder holds cannot be read: {0}")]
    Data(#[source] io::Error),
}

/// What the gateway and the services are made of.
pub struct Parts {
    pub data: PathBuf,
    pub endpoint: Endpoint,
    pub identities: Arc<Identities>,
    pub bucket: Arc<aws::s3::Bucket>,
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
    let identities = Arc::new(Identities::default());
    identities.put(keys.identity());

    let gateway_door = Door::bind(options.port).await.map_err(ServeError::Listen)?;
    let s3_door = Door::bind(None).await.map_err(ServeError::Listen)?;
    let endpoint = Endpoint {
        gateway: gateway_door.url(),
        s3: s3_door.url(),
        sqs: String::new(),
        region: REGION.into(),
        access_key_id: keys.access_key_id,
        secret_access_key: keys.secret_access_key,
        token: keys.token,
        bucket: BUCKET.into(),
        queues: BTreeMap::new(),
    };

    let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
    let bucket = s3::Bucket {
        name: BUCKET.into(),
        region: REGION.into(),
        objects: s3::Objects::open(&data.join("objects")).map_err(ServeError::Data)?,
    };
    let router = s3::router(bucket, Arc::clone(&identities), Arc::new(Unheard));
    tasks.spawn(s3_door.serve(router, s3::not_from_here, stop.clone()));

    let parts = Parts {
        data,
        bucket: Arc::new(aws::s3::Bucket::new(&endpoint.s3_connection(), BUCKET)),
        endpoint: endpoint.clone(),
        identities,
        stop: stop.clone(),
        tasks: tasks.clone(),
    };
    let router = health::router(&parts);
    tasks.spawn(gateway_door.serve(router, loopback::not_from_here, stop.clone()));
    folder.publish(&endpoint).map_err(ServeError::Data)?;
    Ok(Running {
        endpoint,
        stop: stop.drop_guard(),
        tasks,
        folder,
    })
}

/// Nobody listens to the bucket.
struct Unheard;

#[async_trait]
impl s3::Sink for Unheard {
    async fn created(&self, _: S3Event) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        Ok(())
    }
}
