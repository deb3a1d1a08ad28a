//! Refused rows: told to a desk, corrected, sent again, and registered once; by one desk or two,
//! whatever is killed on the way. And faults, which are nobody's mistake and never shown as such.

#![allow(
    clippy::expect_used,
    reason = "a test that cannot go on says why and ends"
)]

use std::path::Path;

use model::{BatchId, ReasonCode, RowNo, RowState};
use tests::{Desk, Pipeline, clean_roster, until};
use wire::demo::FailingRow;
use wire::{LeaseAnswer, LeaseRequest, LeaseRow, SearchRejected};

const ROWS: u32 = 10;

struct Scene {
    folder: tempfile::TempDir,
    pipeline: Pipeline,
    desk: Desk,
}

impl Scene {
    /// Ten people, the e-mails of `blocked` of them in a domain that the registry refuses.
    fn onboarded(blocked: u32, failpoints: &str) -> Self {
        let scene = Self::new(failpoints);
        let run = scene.desk.run(&["onboard", &scene.roster(blocked)]);
        assert!(run.code.is_some(), "{run:?}");
        scene
    }

    fn new(failpoints: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let pipeline = Pipeline::start_with(&folder.path().join("pipeline"), failpoints);
        let desk = Desk::new(&folder.path().join("ana"), "Ana", &pipeline.endpoint);
        Self {
            folder,
            pipeline,
            desk,
        }
    }

    fn roster(&self, blocked: u32) -> String {
        let mut roster = clean_roster(ROWS);
        for n in 1..=blocked {
            let (good, bad) = (
                format!("pessoa{n}@example.com"),
                format!("pessoa{n}@mailinator.com"),
            );
            roster = roster.replace(&good, &bad);
        }
        let path = self.folder.path().join("roster.csv");
        std::fs::write(&path, roster).expect("a roster");
        text(&path)
    }

    async fn batch(&self) -> BatchId {
        self.pipeline.gateway().only_batch().await
    }

    /// All ten registered, each once, each with one e-mail; the desk's receipt says the same.
    async fn assert_all_registered(&self, what: &str) {
        let batch = self.batch().await;
        let gateway = self.pipeline.gateway();
        let all = |state| move |tally: &model::Tally| tally.of(state) == u64::from(ROWS);
        gateway
            .tally_when(
                batch,
                &format!("{what}: all are notified"),
                all(RowState::Notified),
            )
            .await;
        assert_eq!(self.pipeline.mails().len(), ROWS as usize, "{what}");
        assert_eq!(
            gateway.rejected(&SearchRejected::default()).await.total,
            0,
            "{what}"
        );
        let resumed = self.desk.run(&["resume"]);
        assert_eq!(resumed.code, Some(0), "{what}: {resumed:?}");
        let receipt = self.desk.receipt(&batch.to_string());
        let there = receipt.states.of(RowState::Registered) + receipt.states.of(RowState::Notified);
        assert_eq!(
            (receipt.total, there),
            (u64::from(ROWS), u64::from(ROWS)),
            "{what}: {receipt:?}"
        );
        assert!(receipt.closed, "{what}: {receipt:?}");
    }
}

fn text(path: &Path) -> String {
    path.to_str().expect("a plain path").to_owned()
}

const GROUP: [&str; 8] = [
    "rejected",
    "correct",
    "--code",
    "blocked-email-domain",
    "--replace",
    "email",
    "mailinator.com",
    "example.com",
];

#[tokio::test]
async fn one_refused_row_and_then_a_group_are_corrected_and_the_receipt_closes() {
    let scene = Scene::onboarded(4, "");
    let batch = scene.batch().await.to_string();
    let receipt = scene.desk.receipt(&batch);
    assert_eq!(receipt.states.of(RowState::Rejected), 4, "{receipt:?}");
    assert!(receipt.closed);

    let listed = scene.desk.run(&["rejected", "list", "--json"]);
    assert_eq!(listed.code, Some(0), "{listed:?}");
    for n in 1..=4 {
        assert!(
            listed.stdout.contains(&format!("pessoa{n}@mailinator.com")),
            "{listed:?}"
        );
    }
    let one = [
        "rejected", "correct", "--batch", &batch, "--row", "2", "--yes",
    ];
    let run = scene
        .desk
        .run(&[&one[..], &["--set", "email=pessoa2@example.com"]].concat());
    assert_eq!(run.code, Some(0), "{run:?}");

    let preview = scene.desk.run(&[&GROUP[..], &["--dry-run"]].concat());
    assert_eq!(preview.code, Some(0), "{preview:?}");
    let rejected = scene
        .pipeline
        .gateway()
        .rejected(&SearchRejected::default())
        .await;
    assert_eq!(rejected.total, 3, "a preview sends nothing");

    let run = scene
        .desk
        .run(&[&GROUP[..], &["--yes", "--canary", "1"]].concat());
    assert_eq!(run.code, Some(0), "{run:?}");
    scene.assert_all_registered("corrected").await;
}

#[tokio::test]
async fn a_correction_that_is_still_wrong_is_refused_before_it_is_sent() {
    let scene = Scene::onboarded(1, "");
    let batch = scene.batch().await.to_string();
    let wrong = [
        "rejected",
        "correct",
        "--batch",
        &batch,
        "--row",
        "1",
        "--yes",
        "--set",
        "email=nobody",
    ];
    let run = scene.desk.run(&wrong);
    assert_ne!(run.code, Some(0), "{run:?}");
    let history = scene
        .pipeline
        .gateway()
        .history(scene.batch().await, RowNo(1))
        .await;
    assert!(
        history.events.iter().all(|event| event.generation.0 == 1),
        "nothing was sent"
    );
}

#[tokio::test]
async fn a_discarded_row_stands_in_the_receipt() {
    let scene = Scene::onboarded(2, "");
    let batch = scene.batch().await.to_string();
    let run = scene.desk.run(&[
        "rejected",
        "discard",
        "--batch",
        &batch,
        "--row",
        "1",
        "--reason",
        "left before the first day",
        "--yes",
    ]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let receipt = scene.desk.receipt(&batch);
    let of = |state| receipt.states.of(state);
    assert_eq!(
        (of(RowState::Discarded), of(RowState::Rejected)),
        (1, 1),
        "{receipt:?}"
    );
    assert_eq!(receipt.total, u64::from(ROWS));
}

#[tokio::test]
async fn either_side_may_die_at_every_step_of_a_refusal_and_its_correction() {
    for point in ["triage.after-apply", "triage.after-send"] {
        let mut scene = Scene::new(&format!("{point}=return"));
        let onboarding = scene.desk.start(&["onboard", &scene.roster(2)]);
        scene.pipeline = scene.pipeline.restart_when_dead();
        onboarding.wait_with_output().expect("it ends");
        scene.desk.run(&["resume"]);
        let run = scene.desk.run(&[&GROUP[..], &["--yes"]].concat());
        assert_eq!(run.code, Some(0), "{point}: {run:?}");
        scene.assert_all_registered(point).await;
    }
    for point in ["resend.after-fence", "resend.after-lane"] {
        // Nothing is sent again before the correction, so the process lives until then.
        let mut scene = Scene::new(&format!("{point}=return"));
        let onboarded = scene.desk.run(&["onboard", &scene.roster(2)]);
        assert!(onboarded.code.is_some(), "{onboarded:?}");
        let correcting = scene.desk.start(&[&GROUP[..], &["--yes"]].concat());
        scene.pipeline = scene.pipeline.restart_when_dead();
        correcting.wait_with_output().expect("it ends");
        scene.assert_all_registered(point).await;
    }
    for point in desk::CRASH_POINTS {
        let correcting = point.starts_with("desk.correct");
        if !correcting && !point.starts_with("desk.rejected") {
            continue;
        }
        let scene = Scene::new("");
        let roster = scene.roster(2);
        let onboard = ["onboard", &roster];
        if correcting {
            scene.desk.run(&onboard);
            let died = scene.desk.run_with(
                &[&GROUP[..], &["--yes"]].concat(),
                &format!("{point}=return"),
            );
            assert_eq!(died.code, None, "{point} is passed: {died:?}");
            let resumed = scene.desk.run(&["resume"]);
            assert_eq!(resumed.code, Some(0), "{point}: {resumed:?}");
        } else {
            let died = scene.desk.run_with(&onboard, &format!("{point}=return"));
            assert_eq!(died.code, None, "{point} is passed: {died:?}");
            let resumed = scene.desk.run(&["resume"]);
            assert!(resumed.code.is_some(), "{point}: {resumed:?}");
            let run = scene.desk.run(&[&GROUP[..], &["--yes"]].concat());
            assert_eq!(run.code, Some(0), "{point}: {run:?}");
        }
        scene.assert_all_registered(point).await;
    }
}

#[tokio::test]
async fn a_fault_is_seen_in_the_dead_letter_queue_and_sent_again_when_the_registry_is_well() {
    let scene = Scene::new("");
    let gateway = scene.pipeline.gateway();
    let failing = FailingRow {
        row_no: RowNo(5),
        times: 3,
    };
    gateway
        .controls(|controls| {
            controls.failing_rows = vec![failing];
            controls.reports_unwell = true;
        })
        .await;
    let onboarding = scene.desk.start(&["onboard", &scene.roster(0)]);
    until("the row lies in the dead-letter queue", async || {
        (scene.pipeline.waiting("muster-batch-lane-dlq").await == 1).then_some(())
    })
    .await;
    let batch = scene.batch().await;
    let tally = gateway.batch(batch).await.tally;
    assert_eq!(
        tally.of(RowState::Rejected),
        0,
        "a fault is nobody's mistake"
    );

    gateway
        .controls(|controls| controls.reports_unwell = false)
        .await;
    let output = onboarding.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{output:?}");
    scene.assert_all_registered("the fault").await;
    let history = gateway.history(batch, RowNo(5)).await;
    let registered = history
        .events
        .iter()
        .filter(|event| event.state == RowState::Registered);
    assert_eq!(registered.count(), 1, "{history:?}");
}

#[tokio::test]
async fn an_outage_shows_nobody_a_rejected_row() {
    let scene = Scene::new("");
    let gateway = scene.pipeline.gateway();
    gateway.controls(|controls| controls.outage = true).await;
    let onboarding = scene.desk.start(&["onboard", &scene.roster(0)]);
    let batch = until("the batch is there", async || {
        gateway
            .batches()
            .await
            .batches
            .first()
            .map(|batch| batch.batch_id)
    })
    .await;
    gateway
        .tally_when(batch, "every row was tried", |tally| {
            tally.total() == u64::from(ROWS)
        })
        .await;
    until("the pipeline says that it is not well", async || {
        (!gateway.is_well().await).then_some(())
    })
    .await;
    assert_eq!(gateway.batch(batch).await.tally.of(RowState::Rejected), 0);
    gateway.controls(|controls| controls.outage = false).await;
    let output = onboarding.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{output:?}");
    scene.assert_all_registered("the outage").await;
}

#[tokio::test]
async fn a_lost_answer_registers_nobody_twice() {
    let scene = Scene::new("");
    scene
        .pipeline
        .gateway()
        .controls(|controls| controls.lost_answers = 2)
        .await;
    let run = scene.desk.run(&["onboard", &scene.roster(0)]);
    assert_eq!(run.code, Some(0), "{run:?}");
    scene.assert_all_registered("lost answers").await;
}

#[tokio::test]
async fn two_desks_see_the_same_rows_and_one_correction_exists() {
    let scene = Scene::onboarded(2, "");
    let batch = scene.batch().await;
    let bruno = Desk::new(
        &scene.folder.path().join("bruno"),
        "Bruno",
        &scene.pipeline.endpoint,
    );
    for desk in [&scene.desk, &bruno] {
        let listed = desk.run(&["rejected", "list", "--json"]);
        assert!(
            listed.stdout.contains("pessoa1@mailinator.com"),
            "{listed:?}"
        );
        assert!(
            listed.stdout.contains("pessoa2@mailinator.com"),
            "{listed:?}"
        );
    }

    // Ana has row 1 open: Bruno is told by whom.
    let gateway = scene.pipeline.gateway();
    let ana = scene.pipeline.workstation("Ana").await;
    let lease = LeaseRequest {
        workstation_id: ana,
        rows: vec![LeaseRow {
            batch_id: batch,
            row_no: RowNo(1),
        }],
        seconds: 60,
    };
    let answer: LeaseAnswer = gateway
        .post("/v1/leases", &lease)
        .await
        .json()
        .await
        .expect("a lease");
    assert_eq!(answer.granted.len(), 1);
    let id = batch.to_string();
    let correct = |row: &'static str| {
        [
            "rejected",
            "correct",
            "--batch",
            &id,
            "--row",
            row,
            "--yes",
            "--replace",
            "email",
            "mailinator.com",
            "example.com",
        ]
        .map(str::to_owned)
        .to_vec()
    };
    let run = run_all(&bruno, &correct("1"));
    assert_ne!(run.code, Some(0), "{run:?}");
    assert!(
        format!("{}{}", run.stdout, run.stderr).contains("Ana"),
        "{run:?}"
    );
    gateway.post("/v1/leases/release", &lease).await;

    // Both press Send on row 2 at once.
    let args = correct("2");
    let args: Vec<_> = args.iter().map(String::as_str).collect();
    let both = [scene.desk.start(&args), bruno.start(&args)];
    let codes = both.map(|child| child.wait_with_output().expect("it ends").status.success());
    assert!(codes.iter().any(|sent| *sent), "one of them sends it");
    let history = gateway.history(batch, RowNo(2)).await;
    assert_eq!(history.decisions.len(), 1, "{history:?}");
    let highest = history.events.iter().map(|event| event.generation.0).max();
    assert_eq!(highest, Some(2), "{history:?}");

    let run = run_all(&bruno, &correct("1"));
    assert_eq!(run.code, Some(0), "{run:?}");
    // Ana's receipt hears of what Bruno corrected.
    scene.assert_all_registered("two desks").await;
}

fn run_all(desk: &Desk, args: &[String]) -> tests::Run {
    let args: Vec<_> = args.iter().map(String::as_str).collect();
    desk.run(&args)
}

#[tokio::test]
async fn a_person_who_is_there_already_is_refused_and_the_reason_says_where() {
    let scene = Scene::onboarded(0, "");
    let first = scene.batch().await;
    let again = scene.folder.path().join("again.csv");
    std::fs::write(&again, clean_roster(3).replace("Analista", "Gerente")).expect("a roster");
    let run = scene.desk.run(&["onboard", &text(&again)]);
    assert!(run.code.is_some(), "{run:?}");
    let page = scene
        .pipeline
        .gateway()
        .rejected(&SearchRejected::default())
        .await;
    assert_eq!(page.total, 3);
    for row in page.rows {
        assert_eq!(row.reason.code, ReasonCode::AlreadyRegistered);
        assert_eq!(row.reason.registered_by, Some((first, row.row_no)));
    }
    assert_eq!(
        scene.pipeline.mails().len(),
        ROWS as usize,
        "nobody is welcomed twice"
    );
}
