//! All queues by name, and what moves between them. In memory, and whole: the disk is where they
//! are read from when the store is opened, and where every change is written in the same order.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use tokio::sync::Notify;

use super::address::arn;
use super::attributes::Attributes;
use super::fault::Fault;
use super::line::{Left, Line, Millis, Place, Rules, Seq, Standing};

pub(super) type QueueId = i64;

pub(super) struct Queue {
    pub id: QueueId,
    pub name: String,
    pub created: Millis,
    pub modified: Millis,
    pub attributes: Attributes,
    pub line: Line,
    /// Rung when waiting receivers should look again.
    pub bell: Arc<Notify>,
    /// Where dead messages go, if that queue is there.
    dead_letters: Option<QueueId>,
    /// The queues whose dead messages come here.
    sources: Vec<QueueId>,
}

impl Queue {
    pub fn new(id: QueueId, name: String, attributes: Attributes, now: Millis) -> Self {
        Self {
            id,
            name,
            created: now,
            modified: now,
            attributes,
            line: Line::default(),
            bell: Arc::default(),
            dead_letters: None,
            sources: Vec::new(),
        }
    }

    pub fn rules(&self) -> Rules {
        let redrive = self.attributes.redrive.as_ref();
        Rules {
            retention: Millis::from(self.attributes.retention) * 1_000,
            // Without its dead-letter queue a message is delivered on.
            most_receives: self
                .dead_letters
                .and(redrive)
                .map(|redrive| redrive.max_receives),
        }
    }
}

/// What left a queue by itself and must be written down.
#[derive(Debug, Default)]
pub(super) struct Moves {
    pub expired: Vec<Seq>,
    /// To a dead-letter queue.
    pub dead: Vec<(QueueId, Standing)>,
}

impl Moves {
    pub fn is_empty(&self) -> bool {
        self.expired.is_empty() && self.dead.is_empty()
    }
}

pub(super) struct Queues {
    by_name: BTreeMap<String, QueueId>,
    by_id: HashMap<QueueId, Queue>,
    next: i64,
}

impl Queues {
    /// No queues yet; `first` and what follows it was never used as a number before.
    pub fn new(first: i64) -> Self {
        Self {
            by_name: BTreeMap::new(),
            by_id: HashMap::new(),
            next: first,
        }
    }

    /// A number that no queue and no message had before.
    pub fn number(&mut self) -> i64 {
        let number = self.next;
        self.next += 1;
        number
    }

    pub fn insert(&mut self, queue: Queue) {
        self.by_name.insert(queue.name.clone(), queue.id);
        self.by_id.insert(queue.id, queue);
    }

    pub fn remove(&mut self, name: &str) -> Result<Queue, Fault> {
        let id = self
            .by_name
            .remove(name)
            .ok_or_else(Fault::queue_does_not_exist)?;
        let queue = self
            .by_id
            .remove(&id)
            .ok_or_else(Fault::queue_does_not_exist)?;
        queue.bell.notify_waiters();
        self.relink();
        Ok(queue)
    }

    pub fn named(&self, name: &str) -> Result<&Queue, Fault> {
        let id = self
            .by_name
            .get(name)
            .ok_or_else(Fault::queue_does_not_exist)?;
        self.by_id.get(id).ok_or_else(Fault::queue_does_not_exist)
    }

    pub fn named_mut(&mut self, name: &str) -> Result<&mut Queue, Fault> {
        let id = self
            .by_name
            .get(name)
            .ok_or_else(Fault::queue_does_not_exist)?;
        self.by_id
            .get_mut(id)
            .ok_or_else(Fault::queue_does_not_exist)
    }

    pub fn by_id_mut(&mut self, id: QueueId) -> Option<&mut Queue> {
        self.by_id.get_mut(&id)
    }

    pub fn ids(&self) -> Vec<QueueId> {
        self.by_id.keys().copied().collect()
    }

    /// Lets all receivers that wait look again.
    pub fn ring_all(&self) {
        self.by_id
            .values()
            .for_each(|queue| queue.bell.notify_waiters());
    }

    /// Names that begin with `prefix` and come after `after`, in their order.
    pub fn names<'q>(&'q self, prefix: &'q str, after: &'q str) -> impl Iterator<Item = &'q str> {
        let from = prefix.max(after).to_owned();
        let names = self.by_name.range(from..).map(|(name, _)| name.as_str());
        names
            .take_while(move |name| name.starts_with(prefix) || *name <= prefix)
            .filter(move |name| name.starts_with(prefix) && *name > after)
    }

    /// Whether a queue of this name may send its dead letters where `attributes` say.
    pub fn check_redrive(&self, name: &str, attributes: &Attributes) -> Result<(), Fault> {
        let Some(redrive) = &attributes.redrive else {
            return Ok(());
        };
        let refuse = |reason: &str| {
            Err(Fault::invalid_parameter(format!(
                "Value {} for parameter RedrivePolicy is invalid. Reason: {reason}.",
                redrive.target_arn
            )))
        };
        if redrive.target() == name {
            return refuse("A queue cannot be its own dead letter target");
        }
        match self.named(redrive.target()) {
            Err(_) => refuse("Dead letter target does not exist"),
            Ok(target) => match &target.attributes.allow {
                Some(allow) if !allow.lets(&arn(name)) => {
                    refuse("The dead letter target does not allow this source queue")
                }
                _ => Ok(()),
            },
        }
    }

    /// Works out again who is whose dead-letter queue.
    pub fn relink(&mut self) {
        let target = |queue: &Queue| {
            let redrive = queue.attributes.redrive.as_ref()?;
            self.by_name.get(redrive.target()).copied()
        };
        let links: Vec<_> = self
            .by_id
            .values()
            .map(|queue| (queue.id, target(queue)))
            .collect();
        for queue in self.by_id.values_mut() {
            queue.sources.clear();
        }
        for (source, target) in links {
            if let Some(queue) = self.by_id.get_mut(&source) {
                queue.dead_letters = target;
            }
            if let Some(queue) = target.and_then(|target| self.by_id.get_mut(&target)) {
                queue.sources.push(source);
            }
        }
    }

    /// The names of the queues whose dead letters go to this one, in order.
    pub fn sources(&self, queue: &Queue) -> Vec<&str> {
        let sources = queue.sources.iter().filter_map(|id| self.by_id.get(id));
        let mut names: Vec<_> = sources.map(|queue| queue.name.as_str()).collect();
        names.sort_unstable();
        names
    }

    /// Lets time pass for one queue and for those whose dead messages come to it.
    pub fn settle(&mut self, id: QueueId, now: Millis) -> Moves {
        let mut moves = Moves::default();
        let sources = self
            .by_id
            .get(&id)
            .map(|queue| queue.sources.clone())
            .unwrap_or_default();
        for id in sources.into_iter().chain([id]) {
            let Some(queue) = self.by_id.get_mut(&id) else {
                continue;
            };
            let rules = queue.rules();
            let Left { expired, dead } = queue.line.advance(now, rules);
            moves.expired.extend(expired);
            self.bury(id, dead, &mut moves);
        }
        moves
    }

    /// Takes messages off one queue; see [`Line::take`].
    pub fn take(
        &mut self,
        id: QueueId,
        most: usize,
        now: Millis,
        until: Millis,
        moves: &mut Moves,
    ) -> Vec<Standing> {
        let Some(queue) = self.by_id.get_mut(&id) else {
            return Vec::new();
        };
        let rules = queue.rules();
        let mut dead = Vec::new();
        let taken = queue.line.take(most, now, until, rules, &mut dead);
        if !taken.is_empty() {
            self.ring_dead_letters(id);
        }
        self.bury(id, dead, moves);
        taken
    }

    /// Lets those look again who wait for dead letters of this queue: when messages come back from
    /// it has changed.
    pub fn ring_dead_letters(&self, id: QueueId) {
        let letters = self.by_id.get(&id).and_then(|queue| queue.dead_letters);
        if let Some(queue) = letters.and_then(|id| self.by_id.get(&id)) {
            queue.bell.notify_waiters();
        }
    }

    /// When this queue may next have something without anybody sending.
    pub fn next_due(&self, id: QueueId) -> Option<Millis> {
        let queue = self.by_id.get(&id)?;
        let sources = queue.sources.iter().filter_map(|id| self.by_id.get(id));
        sources
            .chain([queue])
            .filter_map(|queue| queue.line.next_due())
            .min()
    }

    fn bury(&mut self, source: QueueId, dead: Vec<Standing>, moves: &mut Moves) {
        if dead.is_empty() {
            return;
        }
        let Some(queue) = self.by_id.get(&source) else {
            return;
        };
        let came_from: Arc<str> = arn(&queue.name).into();
        let Some(letters) = queue.dead_letters.and_then(|id| self.by_id.get_mut(&id)) else {
            return;
        };
        for mut standing in dead {
            standing.place = Place::Ready;
            standing.received_here = 0;
            standing.source = Some(Arc::clone(&came_from));
            letters.line.add(standing.clone());
            moves.dead.push((letters.id, standing));
        }
        letters.bell.notify_waiters();
    }
}
