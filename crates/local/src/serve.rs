//! Brings the embedded pipeline up, in the order in which its parts need each other, and takes it
//! down again.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use aws::sqs::{QueueTerms, SqsQueue, SqsQueues};
use aws::{PortError, QueueFaults, SendEntry};
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use crate::data_dir::{ClaimError, DataDir};
use crate::db::DbError;
use crate::endpoint::{BUCKET, Endpoint, INTAKE, QUEUES, REGION};
use crate::identity::Identities;
use crate::loopback::{self, Door};
use crate::owner::OwnerKeys;
use crate::sqs::{self, Sqs};
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
    #[error("a store of the data folder cannot be opened: {0}")]
    Store(#[from] DbError),
    #[error("its own queues cannot be used: {0}")]
    Queues(#[from] PortError),
}

/// What the gateway and the services are made of.
pub struct Parts {
    pub data: PathBuf,
    pub endpoint: Endpoint,
    pub identities: Arc<Identities>,
    pub bucket: Arc<aws::s3::Bucket>,
    pub queues: Arc<SqsQueues>,
    /// The server behind `queues`, for what no client may ask.
    pub sqs: Arc<Sqs>,
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

    let bind = async |port| Door::bind(port).await.map_err(ServeError::Listen);
    let gateway_door = bind(options.port).await?;
    let (s3_door, sqs_door) = (bind(None).await?, bind(None).await?);
    let mut endpoint = Endpoint {
        gateway: gateway_door.url(),
        s3: s3_door.url(),
        sqs: sqs_door.url(),
        region: REGION.into(),
        access_key_id: keys.access_key_id,
        secret_access_key: keys.secret_access_key,
        token: keys.token,
        bucket: BUCKET.into(),
        queues: BTreeMap::new(),
    };
    let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());

    let now = Arc::new(jiff::Timestamp::now);
    let sqs = Sqs::open(&data.join("queues.db"), Arc::clone(&identities), now).await?;
    sqs.set_base_url(&endpoint.sqs);
    let sqs = Arc::new(sqs);
    let router = sqs::router(Arc::clone(&sqs));
    tasks.spawn(sqs_door.serve(router, loopback::not_from_here, stop.clone()));
    tasks.spawn(end_polls(Arc::clone(&sqs), stop.clone()));
    let queues = SqsQueues::new(&endpoint.sqs_connection(), QueueTerms::of);
    for name in QUEUES {
        queues.ensure(name).await?;
        for name in [name.to_owned(), format!("{name}-dlq")] {
            let url = queues.open(&name).await?.url().to_owned();
            endpoint.queues.insert(name, url);
        }
    }

    let bucket = s3::Bucket {
        name: BUCKET.into(),
        region: REGION.into(),
        objects: s3::Objects::open(&data.join("objects")).map_err(ServeError::Data)?,
    };
    let sink = Arc::new(Intake(queues.open(INTAKE).await?));
    let router = s3::router(bucket, Arc::clone(&identities), sink);
    tasks.spawn(s3_door.serve(router, s3::not_from_here, stop.clone()));

    let parts = Parts {
        data,
        bucket: Arc::new(aws::s3::Bucket::new(&endpoint.s3_connection(), BUCKET)),
        queues: Arc::new(queues),
        endpoint: endpoint.clone(),
        identities,
        sqs,
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

/// Polls that wait hold the listener up to 20 s otherwise.
async fn end_polls(sqs: Arc<Sqs>, stop: CancellationToken) {
    stop.cancelled().await;
    sqs.close();
}

/// News of objects go to extract.
struct Intake(Arc<SqsQueue>);

#[async_trait]
impl s3::Sink for Intake {
    async fn created(
        &self,
        event: S3Event,
    ) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        let entry = SendEntry {
            body: serde_json::to_string(&event)?,
            group: None,
            delay: None,
        };
        let QueueFaults(faults) = self.0.send(vec![entry]).await?;
        match faults.into_iter().next() {
            None => Ok(()),
            Some((_, why)) => Err(why.into()),
        }
    }
}
