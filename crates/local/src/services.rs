//! The services of the pipeline run in this process: which loop works on which queue, and how many
//! of each.

use std::sync::Arc;
use std::time::Duration;

use pipeline::consume::{self, Handler, Pace};
use pipeline::extract::Extract;
use pipeline::fan_out::FanOut;
use pipeline::names;
use pipeline::notify::Notify;
use pipeline::ports::{Clock, Mailer, ObjectStore, PortResult, Queues, RegistrationApi, RowStore};
use pipeline::register::Register;
use pipeline::resend::Resender;
use pipeline::status::Status;
use pipeline::sweep::Sweep;
use pipeline::triage::{Dependency, Faults, Reads, Refusals, reads};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use wire::s3_event::S3Event;
use wire::{EmailMessage, LaneMessage, RefusalMessage};

/// What the services are given.
pub struct World {
    pub store: Arc<dyn RowStore>,
    pub objects: Arc<dyn ObjectStore>,
    pub queues: Arc<dyn Queues>,
    pub api: Arc<dyn RegistrationApi>,
    pub mailer: Arc<dyn Mailer>,
    pub clock: Arc<dyn Clock>,
    pub bucket: String,
}

/// Calls to the registry at once.
const CAPACITY: usize = 20;
/// Loops on the lane. Each holds ten rows: enough that all calls are under way while some rows are
/// being written down.
const LANE_LOOPS: usize = 5;
const EMAIL_LOOPS: usize = 2;
const SWEEP_EVERY: Duration = Duration::from_secs(30);

/// Ten rows are done with well within it; what takes longer is extended.
pub const VISIBILITY: Duration = Duration::from_secs(30);

/// Running services.
pub struct Services {
    stop: CancellationToken,
    tasks: JoinSet<()>,
}

impl Services {
    pub async fn start(world: World) -> PortResult<Self> {
        let mut services = Self {
            stop: CancellationToken::new(),
            tasks: JoinSet::new(),
        };
        for name in names::WORKING {
            world.queues.ensure(name).await?;
        }
        services.start_extract(&world).await?;
        services.start_register(&world).await?;
        services.start_triage(&world).await?;
        services.start_notify(&world).await?;
        services.start_outbox(&world).await?;
        Ok(services)
    }

    /// Ends every loop after what it has in hand.
    pub async fn stop(mut self) {
        self.stop.cancel();
        while self.tasks.join_next().await.is_some() {}
    }

    async fn start_extract(&mut self, world: &World) -> PortResult<()> {
        let intake = world.queues.open(names::INTAKE).await?;
        let extract = Arc::new(Extract {
            store: Arc::clone(&world.store),
            objects: Arc::clone(&world.objects),
            lane: world.queues.open(names::BATCH_LANE).await?,
            refusals: world.queues.open(names::REFUSALS).await?,
            clock: Arc::clone(&world.clock),
        });
        self.consume("extract", &intake, extract, 1);
        let sweep = Sweep {
            store: Arc::clone(&world.store),
            objects: Arc::clone(&world.objects),
            intake,
            clock: Arc::clone(&world.clock),
            bucket: world.bucket.clone(),
            every: SWEEP_EVERY,
        };
        let stop = self.stop.clone();
        self.tasks.spawn(async move { sweep.run(stop).await });
        Ok(())
    }

    async fn start_register(&mut self, world: &World) -> PortResult<()> {
        let lane = world.queues.open(names::BATCH_LANE).await?;
        let email = world.queues.open(names::EMAIL).await?;
        let register = Arc::new(Register::new(
            Arc::clone(&world.store),
            Arc::clone(&world.api),
            world.queues.open(names::REFUSALS).await?,
            Arc::new(FanOut { email }),
            Arc::clone(&world.clock),
            CAPACITY,
        ));
        for _ in 0..LANE_LOOPS {
            self.consume(
                "register",
                &lane,
                Arc::clone(&register) as Arc<dyn Handler>,
                10,
            );
        }
        Ok(())
    }

    async fn start_triage(&mut self, world: &World) -> PortResult<()> {
        let refusals = Arc::new(Refusals {
            store: Arc::clone(&world.store),
            queues: Arc::clone(&world.queues),
            clock: Arc::clone(&world.clock),
        });
        let queue = world.queues.open(names::REFUSALS).await?;
        self.consume("refusals", &queue, refusals, 10);

        let registry = Dependency::Registry(Arc::clone(&world.api));
        let store = || Dependency::RowStore(Arc::clone(&world.store));
        let faults: [(_, _, Reads); 4] = [
            (names::BATCH_LANE, registry, reads::<LaneMessage>),
            (names::REFUSALS, store(), reads::<RefusalMessage>),
            (names::EMAIL, store(), reads::<EmailMessage>),
            (names::INTAKE, store(), is_s3_event),
        ];
        for (name, needs, reads) in faults {
            let faults = Arc::new(Faults {
                source: world.queues.open(name).await?,
                needs,
                reads,
            });
            let queue = world.queues.open(&names::dead_letters_of(name)).await?;
            self.consume("faults", &queue, faults, 10);
        }
        Ok(())
    }

    async fn start_notify(&mut self, world: &World) -> PortResult<()> {
        let notify = Arc::new(Notify {
            store: Arc::clone(&world.store),
            mailer: Arc::clone(&world.mailer),
            clock: Arc::clone(&world.clock),
        });
        let queue = world.queues.open(names::EMAIL).await?;
        for _ in 0..EMAIL_LOOPS {
            self.consume(
                "notify",
                &queue,
                Arc::clone(&notify) as Arc<dyn Handler>,
                10,
            );
        }
        Ok(())
    }

    async fn start_outbox(&mut self, world: &World) -> PortResult<()> {
        let status = Status {
            store: Arc::clone(&world.store),
            queues: Arc::clone(&world.queues),
        };
        let stop = self.stop.clone();
        self.tasks.spawn(async move { status.run(stop).await });

        let email = world.queues.open(names::EMAIL).await?;
        let resender = Resender::new(
            Arc::clone(&world.store),
            Arc::clone(&world.api),
            world.queues.open(names::BATCH_LANE).await?,
            Arc::new(FanOut { email }),
            Arc::clone(&world.clock),
        );
        let stop = self.stop.clone();
        self.tasks.spawn(async move { resender.run(stop).await });
        Ok(())
    }

    fn consume(
        &mut self,
        name: &'static str,
        queue: &Arc<dyn pipeline::ports::Queue>,
        handler: Arc<dyn Handler>,
        at_once: u32,
    ) {
        let pace = Pace {
            at_once,
            visibility: VISIBILITY,
        };
        let queue = Arc::clone(queue);
        let stop = self.stop.clone();
        self.tasks
            .spawn(consume::run(name, queue, handler, pace, stop));
    }
}

fn is_s3_event(body: &str) -> bool {
    serde_json::from_str::<S3Event>(body).is_ok()
}
