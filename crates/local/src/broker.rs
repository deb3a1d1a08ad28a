//! Whose S3 and SQS the pipeline works with: its own on loopback, or those of another endpoint,
//! such as an emulator. Either way there are the working queues, the bucket, and news of what is
//! stored on the intake queue; services and desks see no difference.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws::SendEntry;
use aws::sqs::{QueueTerms, SqsQueue, SqsQueues};
use jiff::Timestamp;
use pipeline::names;
use pipeline::ports::PortResult;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use wire::s3_event::S3Event;

use crate::endpoint::{BUCKET, REGION, connection};
use crate::identity::Identities;
use crate::loopback::Door;
use crate::owner::OwnerKeys;
use crate::s3;
use crate::serve::ServeError;
use crate::sqs::{self, Sqs};

/// An S3 and SQS that are not ours, and the keys that open them. `Debug` shows no secret.
#[derive(Clone)]
pub struct AwsEndpoint {
    pub url: String,
    pub access_key_id: String,
    pub secret_access_key: String,
}

impl fmt::Debug for AwsEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AwsEndpoint")
            .field("url", &self.url)
            .field("access_key_id", &self.access_key_id)
            .finish_non_exhaustive()
    }
}

pub(crate) struct Broker {
    /// URLs without a slash at the end.
    pub s3: String,
    pub sqs: String,
    pub access_key_id: String,
    pub secret_access_key: String,
    /// URLs by name, dead-letter queues included.
    pub addresses: BTreeMap<String, String>,
    pub bucket: Arc<aws::s3::Bucket>,
    pub queues: Arc<SqsQueues>,
    /// `None`: an endpoint's.
    pub own: Option<Own>,
}

/// What we know of a broker that is ours.
pub(crate) struct Own {
    pub identities: Arc<Identities>,
    pub sqs: Arc<Sqs>,
}

impl Broker {
    /// Our own, over files in `data`. Listens until `stop`.
    pub async fn embedded(
        data: &Path,
        keys: &OwnerKeys,
        stop: &CancellationToken,
        tasks: &TaskTracker,
    ) -> Result<Self, ServeError> {
        let identities = Arc::new(Identities::default());
        identities.put(keys.identity());
        let s3_door = Door::bind(None).await.map_err(ServeError::Listen)?;
        let sqs_door = Door::bind(None).await.map_err(ServeError::Listen)?;
        let (s3_url, sqs_url) = (s3_door.url(), sqs_door.url());
        let connection = |url| connection(url, &keys.access_key_id, &keys.secret_access_key);

        let file = data.join("queues.db");
        let sqs = Sqs::open(&file, Arc::clone(&identities), Arc::new(Timestamp::now)).await?;
        let sqs = Arc::new(sqs);
        sqs.set_base_url(&sqs_url);
        tasks.spawn(tend(Arc::clone(&sqs), stop.clone()));
        let router = sqs::router(Arc::clone(&sqs));
        tasks.spawn(sqs_door.serve(router, sqs::not_from_here, stop.clone()));
        let queues = SqsQueues::new(&connection(&sqs_url), QueueTerms::of);
        let addresses = working_queues(&queues).await?;
        for name in addresses.keys() {
            // This process is the only reader of its working queues, and it has just started.
            sqs.readers_are_gone(name);
        }

        let bucket = s3::Bucket {
            name: BUCKET.into(),
            region: REGION.into(),
            objects: s3::Objects::open(&data.join("objects")).map_err(ServeError::Data)?,
        };
        let intake = Arc::new(Intake(queues.open(names::INTAKE).await?));
        let router = s3::router(bucket, Arc::clone(&identities), intake);
        tasks.spawn(s3_door.serve(router, s3::not_from_here, stop.clone()));

        Ok(Self {
            bucket: Arc::new(aws::s3::Bucket::new(&connection(&s3_url), BUCKET)),
            s3: s3_url,
            sqs: sqs_url,
            access_key_id: keys.access_key_id.clone(),
            secret_access_key: keys.secret_access_key.clone(),
            addresses,
            queues: Arc::new(queues),
            own: Some(Own { identities, sqs }),
        })
    }

    /// An endpoint's, with everything in it made that is not there.
    pub async fn of(endpoint: AwsEndpoint) -> Result<Self, ServeError> {
        let AwsEndpoint {
            url,
            access_key_id,
            secret_access_key,
        } = endpoint;
        let url = url.trim_end_matches('/').to_owned();
        let connection = connection(&url, &access_key_id, &secret_access_key);
        let queues = SqsQueues::new(&connection, QueueTerms::of);
        let addresses = working_queues(&queues).await?;
        let bucket = aws::s3::Bucket::new(&connection, BUCKET);
        bucket.ensure().await?;
        let intake = queues.admit_bucket(names::INTAKE, BUCKET).await?;
        bucket.tell(&intake).await?;
        Ok(Self {
            s3: url.clone(),
            sqs: url,
            access_key_id,
            secret_access_key,
            addresses,
            bucket: Arc::new(bucket),
            queues: Arc::new(queues),
            own: None,
        })
    }
}

/// Makes those that are not there, and tells where all of them are.
async fn working_queues(queues: &SqsQueues) -> PortResult<BTreeMap<String, String>> {
    let mut addresses = BTreeMap::new();
    for name in names::WORKING {
        let queue = queues.ensure(name).await?;
        addresses.insert(name.to_owned(), queue.url().to_owned());
        let name = names::dead_letters_of(name);
        let queue = queues.open(&name).await?;
        addresses.insert(name, queue.url().to_owned());
    }
    Ok(addresses)
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
