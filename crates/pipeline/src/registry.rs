//! The reference Registration API: the people who are registered. Refuses what it must, and never
//! carries more at once than it can.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use model::{Reason, ReasonCode, Record, RowKey, RowNo};
use wire::demo::RegistryControls;
use wire::{Fence, FenceAnswer, RegisterAnswer, RegisterRequest, Registration};

use crate::ports::{Clock, People, PortError};

/// A call that came to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// 429, with `Retry-After`.
    Busy(Duration),
    /// 503.
    Down,
}

pub struct Registry {
    people: Arc<dyn People>,
    clock: Arc<dyn Clock>,
    controls: Mutex<RegistryControls>,
    carried: AtomicU32,
}

/// One call being carried; its slot is free when this goes.
struct Slot<'a>(&'a AtomicU32);

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Registry {
    pub fn new(people: Arc<dyn People>, clock: Arc<dyn Clock>, controls: RegistryControls) -> Self {
        Self {
            people,
            clock,
            controls: Mutex::new(controls),
            carried: AtomicU32::new(0),
        }
    }

    pub fn controls(&self) -> RegistryControls {
        self.controls
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub fn set_controls(&self, controls: RegistryControls) {
        *self.controls.lock().unwrap_or_else(PoisonError::into_inner) = controls;
    }

    pub async fn register(&self, request: &RegisterRequest) -> Result<RegisterAnswer, Fault> {
        let controls = self.controls();
        let _slot = self.slot(controls.capacity)?;
        tokio::time::sleep(Duration::from_millis(controls.latency_ms)).await;
        if controls.outage || self.fails_this_time(request.key.row_no) {
            return Err(Fault::Down);
        }
        // The same key gets the same answer, whatever the rules say by now.
        let known = self.people.look_up(&request.company, request.key).await;
        if let Some(registration) = known.map_err(|error| down(&error))? {
            return Ok(RegisterAnswer::Registered(registration));
        }
        if let Some(reason) = refusal(&controls, request) {
            return Ok(RegisterAnswer::Refused(reason));
        }
        let answer = self
            .people
            .register(request, self.clock.now())
            .await
            .map_err(|error| down(&error))?;
        if self.loses_this_answer() {
            std::future::pending::<()>().await;
        }
        Ok(answer)
    }

    pub async fn look_up(
        &self,
        company: &model::CompanyId,
        key: RowKey,
    ) -> Result<Option<Registration>, Fault> {
        self.answering()?;
        self.people
            .look_up(company, key)
            .await
            .map_err(|error| down(&error))
    }

    pub async fn fence(&self, fence: &Fence) -> Result<FenceAnswer, Fault> {
        self.answering()?;
        self.people.fence(fence).await.map_err(|error| down(&error))
    }

    pub fn is_well(&self) -> bool {
        let controls = self.controls();
        !controls.outage && !controls.reports_unwell
    }

    fn answering(&self) -> Result<(), Fault> {
        if self.controls().outage {
            Err(Fault::Down)
        } else {
            Ok(())
        }
    }

    fn slot(&self, capacity: u32) -> Result<Slot<'_>, Fault> {
        let before = self.carried.fetch_add(1, Ordering::AcqRel);
        let slot = Slot(&self.carried);
        if before >= capacity {
            return Err(Fault::Busy(Duration::from_secs(1)));
        }
        Ok(slot)
    }

    fn fails_this_time(&self, row_no: RowNo) -> bool {
        let mut controls = self.controls.lock().unwrap_or_else(PoisonError::into_inner);
        let failing = controls
            .failing_rows
            .iter_mut()
            .find(|failing| failing.row_no == row_no);
        failing.is_some_and(|failing| {
            let fails = failing.times > 0;
            failing.times = failing.times.saturating_sub(1);
            fails
        })
    }

    fn loses_this_answer(&self) -> bool {
        let mut controls = self.controls.lock().unwrap_or_else(PoisonError::into_inner);
        let loses = controls.lost_answers > 0;
        controls.lost_answers = controls.lost_answers.saturating_sub(1);
        loses
    }
}

fn down(error: &PortError) -> Fault {
    tracing::error!(%error, "the registry's store does not answer");
    Fault::Down
}

/// What the registry refuses by itself, whoever is registered.
fn refusal(controls: &RegistryControls, request: &RegisterRequest) -> Option<Reason> {
    let record = &request.record;
    if let Some(department) = record.get("department")
        && !controls.departments.is_empty()
        && !controls.departments.contains(department)
    {
        return Some(Reason::new(ReasonCode::UnknownDepartment).at("department"));
    }
    if let Some(domain) = email_domain(record)
        && controls
            .blocked_domains
            .iter()
            .any(|blocked| domain.eq_ignore_ascii_case(blocked))
    {
        return Some(Reason::new(ReasonCode::BlockedEmailDomain).at("email"));
    }
    // By the key, so that the same call is refused every time it comes.
    let chance = f64::from(hash_of(request.key) % 10_000) / 10_000.0;
    (chance < controls.refuse_share).then(|| Reason::new(ReasonCode::RefusedByRegistry))
}

fn email_domain(record: &Record) -> Option<&str> {
    record
        .get("email")?
        .rsplit_once('@')
        .map(|(_, domain)| domain)
}

/// FNV-1a over the key: spread evenly, the same in every process.
fn hash_of(key: RowKey) -> u32 {
    let key = key.to_string();
    key.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}
