//! Puts the pipeline together: the stores, the reference registry, the services and the gateway,
//! each knowing the others by a port only.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use axum::Router;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use model::CompanyId;
use pipeline::gateway::{Gateway, IssueCredentials};
use pipeline::ports::{
    Clock, PortError, PortResult, Principal, Queues, RegistrationApi, Role, RowStore,
    WorkstationRecord,
};
use pipeline::registry::Registry;
use wire::Credentials;
use wire::demo::RegistryControls;

use crate::credentials::{VALID_FOR, WorkstationCredentials};
use crate::gateway;
use crate::mailbox::Mailbox;
use crate::people::SqlitePeople;
use crate::registration_http::RegistrationHttp;
use crate::row_store::SqliteRowStore;
use crate::serve::{Parts, ServeError};
use crate::services::{Services, World};
use crate::tokens::Tokens;

/// The company of the embedded pipeline.
pub const COMPANY: &str = "embedded";

/// A presigned URL outlives any upload that is going on; a new one costs one call.
const UPLOAD_VALID_FOR: Duration = Duration::from_secs(60 * 60);

struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// What was put together and is not running yet: the gateway must listen before the services call
/// the registry behind it.
pub(crate) struct Assembled {
    pub router: Router,
    pub world: World,
}

impl Assembled {
    /// Starts the services; they end when `parts.stop` says so.
    pub async fn start(self, parts: &Parts) -> Result<(), ServeError> {
        let services = Services::start(self.world).await?;
        let stop = parts.stop.clone();
        parts.tasks.spawn(async move {
            stop.cancelled().await;
            services.stop().await;
        });
        Ok(())
    }
}

pub(crate) async fn assemble(parts: &Parts) -> Result<Assembled, ServeError> {
    let file = |name: &str| parts.data.join(name);
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let store: Arc<dyn RowStore> = Arc::new(SqliteRowStore::open(&file("rows.db"))?);
    let people = Arc::new(SqlitePeople::open(&file("registry.db"))?);
    let mailbox = Mailbox::open(&file("mailbox"), Arc::clone(&clock));
    let mailbox = Arc::new(mailbox.map_err(ServeError::Data)?);
    let tokens = Arc::new(Tokens::open(&file("tokens.db")).await?);
    tokens.admit(&parts.endpoint.token, owner()?).await?;

    let broker = &parts.broker;
    let credentials: Arc<dyn IssueCredentials> = match &broker.own {
        Some(own) => {
            let identities = Arc::clone(&own.identities);
            Arc::new(Issuer {
                keys: WorkstationCredentials::open(&file("credentials.db"), identities).await?,
                clock: Arc::clone(&clock),
            })
        }
        None => Arc::new(Lender {
            access_key_id: broker.access_key_id.clone(),
            secret_access_key: broker.secret_access_key.clone(),
            clock: Arc::clone(&clock),
        }),
    };
    let queues: Arc<dyn Queues> = Arc::clone(&broker.queues) as _;
    let service_token = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>());
    let registry_url = format!("{}/registry", parts.endpoint.gateway);
    let api: Arc<dyn RegistrationApi> = Arc::new(
        RegistrationHttp::new(registry_url, &service_token)
            .map_err(|error| ServeError::Data(std::io::Error::other(error)))?,
    );
    let registry = Registry::new(people, Arc::clone(&clock), RegistryControls::default());

    let gateway = Gateway {
        store: Arc::clone(&store),
        objects: Arc::clone(&broker.bucket) as _,
        queues: Arc::clone(&queues),
        api: Arc::clone(&api),
        credentials,
        clock: Arc::clone(&clock),
        upload_valid_for: UPLOAD_VALID_FOR,
        region: parts.endpoint.region.clone(),
        sqs_endpoint: Some(parts.endpoint.sqs.clone()),
    };
    let router = gateway::router(Arc::new(gateway::Parts {
        gateway,
        registry: Arc::new(registry),
        tokens,
        service_token,
        own_sqs: broker.own.as_ref().map(|own| Arc::clone(&own.sqs)),
    }));
    Ok(Assembled {
        router,
        world: World {
            store,
            objects: Arc::clone(&broker.bucket) as _,
            queues,
            api,
            mailer: mailbox,
            clock,
            bucket: parts.endpoint.bucket.clone(),
        },
    })
}

/// Whoever owns the data folder may do everything in its one company.
fn owner() -> Result<Principal, ServeError> {
    let company = CompanyId::new(COMPANY)
        .ok_or_else(|| ServeError::Data(std::io::Error::other("no company")))?;
    Ok(Principal {
        company,
        user: "owner".into(),
        role: Role::Admin,
    })
}

struct Issuer {
    keys: WorkstationCredentials,
    clock: Arc<dyn Clock>,
}

#[async_trait]
impl IssueCredentials for Issuer {
    async fn issue(
        &self,
        workstation: &WorkstationRecord,
        rejected_queue: &str,
    ) -> PortResult<Credentials> {
        self.keys
            .issue(workstation, rejected_queue, self.clock.now())
            .await
            .map_err(|error| PortError::unavailable("credentials", error))
    }
}

/// Gives everybody the keys of an endpoint that is not ours: only whoever rules there could make
/// others.
struct Lender {
    access_key_id: String,
    secret_access_key: String,
    clock: Arc<dyn Clock>,
}

#[async_trait]
impl IssueCredentials for Lender {
    async fn issue(&self, _: &WorkstationRecord, _: &str) -> PortResult<Credentials> {
        let now = self.clock.now();
        Ok(Credentials {
            access_key_id: self.access_key_id.clone(),
            secret_access_key: self.secret_access_key.clone(),
            session_token: String::new(),
            expires_at: now.checked_add(VALID_FOR).unwrap_or(now),
        })
    }
}
