//! Whatever is asked of the store, in whatever order, and across restarts.

use std::collections::HashMap;

use model::{RowStatus, Tally};
use proptest::prelude::*;
use wire::{LeaseRequest, LeaseRow, SearchRejected};

use super::*;

#[derive(Clone, Debug)]
enum Step {
    Insert(Vec<u32>),
    Extracted,
    Apply(Vec<(u32, u32, RowState)>),
    Claim {
        id: u128,
        row_no: u32,
        generation: u32,
        workstation: WorkstationId,
        discard: bool,
    },
    Lease(u32, WorkstationId),
    Tell,
    Reopen,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let row = 1..6_u32;
    let generation = 1..4_u32;
    let desk = prop_oneof![Just(ANA), Just(BOB)];
    // The ways that lead somewhere more often than the others.
    let state = prop_oneof![
        3 => Just(RowState::Registering),
        2 => Just(RowState::Registered),
        4 => Just(RowState::Rejected),
        2 => proptest::sample::select(&RowState::ALL[..]),
    ];
    let change = (row.clone(), generation.clone(), state);
    let step = prop_oneof![
        2 => proptest::collection::vec(row.clone(), 1..4).prop_map(Step::Insert),
        1 => Just(Step::Extracted),
        6 => proptest::collection::vec(change, 1..6).prop_map(Step::Apply),
        4 => (0..12_u128, row.clone(), generation, desk.clone(), any::<bool>()).prop_map(
            |(id, row_no, generation, workstation, discard)| Step::Claim {
                id, row_no, generation, workstation, discard,
            }
        ),
        1 => (row, desk).prop_map(|(row, desk)| Step::Lease(row, desk)),
        1 => Just(Step::Tell),
        1 => Just(Step::Reopen),
    ];
    proptest::collection::vec(step, 1..30)
}

/// What an onlooker learns along the way.
#[derive(Default)]
struct Seen {
    extracted: bool,
    rows: std::collections::BTreeSet<u32>,
    outcomes: HashMap<u128, CorrectionOutcome>,
    accepted: HashMap<(u32, u32), u128>,
    version: u64,
    told: HashMap<u32, RowStatus>,
}

impl Seen {
    async fn take(&mut self, mut trial: Trial, now: i64, step: Step) -> Trial {
        match step {
            Step::Insert(numbers) => {
                trial.insert(numbers.iter().copied()).await;
                self.rows.extend(numbers);
            }
            Step::Extracted => {
                let extracted = trial.store.set_extracted(&acme(), BATCH, at(now)).await;
                extracted.expect("extracts");
                self.extracted = true;
            }
            Step::Apply(changes) => {
                let changes: Vec<Change> = changes
                    .into_iter()
                    .map(|(row_no, generation, state)| change(row_no, generation, state))
                    .collect();
                trial.apply(&changes).await;
            }
            Step::Claim {
                id,
                row_no,
                generation,
                workstation,
                discard,
            } => {
                let action = if discard {
                    CorrectionAction::Discard { why: "so".into() }
                } else {
                    send("Corrected")
                };
                let correction = correction(id, row_no, generation, action);
                let outcome = trial.claim(workstation, &correction, at(now)).await;
                self.judge(id, row_no, generation, outcome);
            }
            Step::Lease(row_no, workstation_id) => {
                let rows = vec![LeaseRow {
                    batch_id: BATCH,
                    row_no: RowNo(row_no),
                }];
                let request = LeaseRequest {
                    workstation_id,
                    rows,
                    seconds: 30,
                };
                let leased = trial.store.lease(&acme(), &request, at(now)).await;
                leased.expect("answers");
            }
            Step::Tell => self.hear(&trial).await,
            Step::Reopen => trial = trial.reopened(),
        }
        trial
    }

    fn judge(&mut self, id: u128, row_no: u32, generation: u32, outcome: CorrectionOutcome) {
        if matches!(outcome, CorrectionOutcome::NoSuchRow { .. }) {
            return;
        }
        if let Some(before) = self.outcomes.insert(id, outcome.clone()) {
            assert_eq!(before, outcome, "the same id, the same answer");
        } else if matches!(outcome, CorrectionOutcome::Accepted { .. }) {
            let other = self.accepted.insert((row_no, generation), id);
            assert_eq!(other, None, "one correction for each generation");
        }
    }

    async fn hear(&mut self, trial: &Trial) {
        while let Some(news) = trial.store.untold(3).await.expect("answers").pop() {
            for event in &news.events {
                let status = RowStatus::from(event);
                self.told
                    .entry(event.row_no.0)
                    .and_modify(|known| {
                        known.fold(event);
                    })
                    .or_insert(status);
            }
            let told = trial.store.told(&acme(), BATCH, news.version).await;
            told.expect("is kept");
        }
    }

    async fn check(&mut self, trial: &Trial) {
        let view = trial.view().await;
        let page = trial.store.rows_since(&acme(), BATCH, 0, 1000).await;
        let (version, rows, _) = page.expect("answers");
        assert_eq!(view.tally, rows.iter().map(|row| row.state).collect());
        assert_eq!(view.tally.total(), self.rows.len() as u64);
        assert_eq!(version, view.version);
        assert!(view.version >= self.version);
        self.version = view.version;
        let settled = self.extracted && view.tally.open() == 0;
        assert_eq!(view.state == BatchState::Settled, settled);
        assert_eq!(view.settled_at.is_some(), settled);
        let search = SearchRejected::default();
        let found = trial.store.search_rejected(&acme(), &search, at(0)).await;
        let refused = found.expect("answers").total;
        assert_eq!(refused, view.tally.of(RowState::Rejected));
        for row in rows {
            let history = trial.store.history(&acme(), BATCH, row.row_no).await;
            let history = history.expect("is kept");
            let seqs: Vec<u64> = history.iter().map(|event| event.seq.0).collect();
            assert_eq!(seqs, (1..=row.seq.0).collect::<Vec<_>>());
            assert_eq!(history.last(), Some(&row));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn every_row_is_in_exactly_one_state_and_followers_learn_it(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        runtime.block_on(async {
            let mut trial = Trial::new().await;
            trial.create().await;
            let mut seen = Seen::default();
            for (now, step) in (10..).step_by(7).zip(steps) {
                trial = seen.take(trial, now, step).await;
                seen.check(&trial).await;
            }
            seen.hear(&trial).await;
            let told: Tally = seen.told.values().map(|row| row.state).collect();
            assert_eq!(told, trial.view().await.tally);
        });
    }
}

#[tokio::test]
async fn a_full_disk_refuses_and_loses_nothing() {
    let trial = Trial::running(10).await;
    let room_for = async |times: i64| {
        let limited = trial.store.write(move |c| {
            let now: i64 = c.query_row("PRAGMA page_count", [], |row| row.get(0))?;
            c.pragma_update(None, "max_page_count", now * times)
        });
        limited.await.expect("is set");
    };
    let before = trial.view().await;
    room_for(1).await;
    let many = new_rows(11..2000);
    let one = [change(1, 1, RowState::Registering)];
    // Together, so that they share a commit.
    let company = acme();
    let (inserted, applied) = tokio::join!(
        trial.store.insert_rows(&company, BATCH, &many, at(5)),
        trial.store.apply(&one, at(5)),
    );
    assert!(matches!(
        inserted,
        Err(pipeline::ports::PortError::Unavailable { .. })
    ));
    let view = trial.view().await;
    assert_eq!(view.tally.total(), 10);
    let moved = applied.is_ok_and(|applied| applied[0].changed);
    assert_eq!(view.tally.of(RowState::Registering), u64::from(moved));
    assert_eq!(view.version, before.version + u64::from(moved));

    room_for(100).await;
    trial.insert(11..2000).await;
    assert_eq!(trial.view().await.tally.total(), 1999);
}
