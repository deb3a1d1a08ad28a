//! Brings the embedded pipeline up, in the order in which its parts need each other, and takes it
//! down again.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws::SendEntry;
use aws::sqs::{QueueTerms, SqsQueue, SqsQueues};
use jiff::Timestamp;
use pipeline::names;
use pipeline::ports::PortError;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use wire::s3_event::S3Event;

use crate::data_dir::{ClaimError, DataDir};
use crate::db::DbError;
use crate::endpoint::{BUCKET, Endpoint, REGION};
use crate::identity::Identities;
use crate::loopback::{self, Door};
use crate::owner::OwnerKeys;
use crate::sqs::{self, Sqs};
use crate::{assemble::assemble, s3};

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
pub struct Parts {
    pub data: PathBuf,
    pub endpoint: Endpoint,
    pub identities: Arc<Identities>,
    pub bucket: Arc<aws::s3::Bucket>,
    pub queues: Arc<SqsQueues>,
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

    let gateway_door = Door::bind(options.port).await.map_err(ServeError::Listen)?;
    let s3_door = Door::bind(None).await.map_err(ServeError::Listen)?;
    let sqs_door = Door::bind(None).await.map_err(ServeError::Listen)?;
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

    let sqs = Sqs::open(
        &data.join("queues.db"),
        Arc::clone(&identities),
        Arc::new(Timestamp::now),
    )
    .await?;
    let sqs = Arc::new(sqs);
    sqs.set_base_url(&endpoint.sqs);
    tasks.spawn(tend(Arc::clone(&sqs), stop.clone()));
    tasks.spawn(sqs_door.serve(
        sqs::router(Arc::clone(&sqs)),
        sqs::not_from_here,
        stop.clone(),
    ));
    let queues = Arc::new(SqsQueues::new(&endpoint.sqs_connection(), QueueTerms::of));
    for name in names::WORKING {
        queues.ensure(name).await?;
        // This process is the only reader of its working queues, and it has just started.
        for name in [name.to_owned(), names::dead_letters_of(name)] {
            sqs.readers_are_gone(&name);
            endpoint.queues.insert(name.clone(), sqs.queue_url(&name));
        }
    }

    let bucket = s3::Bucket {
        name: BUCKET.into(),
        region: REGION.into(),
        objects: s3::Objects::open(&data.join("objects")).map_err(ServeError::Data)?,
    };
    let intake = Arc::new(Intake(queues.open(names::INTAKE).await?));
    let router = s3::router(bucket, Arc::clone(&identities), intake);
    tasks.spawn(s3_door.serve(router, s3::not_from_here, stop.clone()));

    let parts = Parts {
        data,
        bucket: Arc::new(aws::s3::Bucket::new(&endpoint.s3_connection(), BUCKET)),
        endpoint: endpoint.clone(),
        identities,
        queues,
        sqs: Arc::clone(&sqs),
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

/// How often what is too old is looked for in queues that nobody asks.
const SWEEP: Duration = Duration::from_secs(3_600);

async fn tend(sqs: Arc<Sqs>, stop: CancellationToken) {
    while tokio::time::timeout(SWEEP, stop.cancelled()).await.is_err() {
        sqs.sweep();
    }
    // Long polls would keep the listener for twenty seconds more.
    sqs.close();
}

/// The intake queue hears of what is stored.
struct Intake(Arc<SqsQueue>);

#[async_trait]
impl s3::Sink for Intake {
    async fn created(
        &self,
        event: S3Event,
    ) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        fail::fail_point!("intake.before-event", |_| std::process::abort());
        let entry = SendEntry {
            body: serde_json::to_string(&event)?,
            group: None,
            delay: None,
        };
        let faults = self.0.send(vec![entry]).await?;
        match faults.0.into_iter().next() {
            None => Ok(()),
            Some((_, why)) => Err(why.into()),
        }
    }
}
