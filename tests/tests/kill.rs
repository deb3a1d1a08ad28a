//! Kill -9 at each step, on either side, then a restart: no row is lost and nobody is registered
//! twice.

#![allow(
    clippy::expect_used,
    reason = "a test that cannot go on says why and ends"
)]

use std::path::Path;

use model::{Receipt, RowState};
use tests::{Desk, Pipeline, clean_roster};

const ROWS: u32 = 10;

struct Scene {
    rows: u32,
    _folder: tempfile::TempDir,
    roster: String,
    pipeline: Pipeline,
    desk: Desk,
}

fn scene(failpoints: &str) -> Scene {
    scene_of(ROWS, failpoints)
}

fn scene_of(rows: u32, failpoints: &str) -> Scene {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let roster = path("roster.csv");
    std::fs::write(&roster, clean_roster(rows)).expect("a roster");
    let pipeline = Pipeline::start_with(&path("pipeline"), failpoints);
    let desk = Desk::new(&path("desk"), "Ana", &pipeline.endpoint);
    Scene {
        rows,
        roster: text(&roster),
        pipeline,
        desk,
        _folder: folder,
    }
}

fn text(path: &Path) -> String {
    path.to_str().expect("a plain path").to_owned()
}

/// Every row in one place, and that place the registry; one batch, one person a row, one e-mail a
/// person.
async fn assert_all_registered(scene: &Scene, what: &str) {
    let rows = u64::from(scene.rows);
    let gateway = scene.pipeline.gateway();
    let batch = gateway.only_batch().await;
    let tally = gateway
        .tally_when(batch, &format!("{what}: every e-mail is out"), |tally| {
            tally.of(RowState::Notified) == rows
        })
        .await;
    assert_eq!(tally.total(), rows, "{what}");
    assert_eq!(
        scene.pipeline.mails().len() as u64,
        rows,
        "{what}: one e-mail each"
    );

    let receipt: Receipt = scene.desk.receipt(&batch.to_string());
    assert_eq!(receipt.total, rows, "{what}");
    assert_eq!(receipt.file.rows, rows, "{what}");
    assert!(receipt.closed, "{what}: {receipt:?}");
    let there = receipt.states.of(RowState::Registered) + receipt.states.of(RowState::Notified);
    assert_eq!(there, rows, "{what}: {receipt:?}");
}

#[tokio::test]
async fn the_desk_may_die_at_every_step_of_sending_and_tracking() {
    for point in desk::CRASH_POINTS {
        if point.starts_with("desk.rejected") || point.starts_with("desk.correct") {
            continue;
        }
        let scene = scene("");
        let died = scene
            .desk
            .run_with(&["onboard", &scene.roster], &format!("{point}=return"));
        assert_eq!(
            died.code, None,
            "{point} was passed and ends the process: {died:?}"
        );
        let resumed = scene.desk.run(&["resume"]);
        assert_eq!(resumed.code, Some(0), "{point}: {resumed:?}");
        if *point == "desk.send.after-file" {
            // Nothing was journalled, and nothing has left the machine.
            assert!(scene.pipeline.gateway().batches().await.batches.is_empty());
            let again = scene.desk.run(&["onboard", &scene.roster]);
            assert_eq!(again.code, Some(0), "{again:?}");
        }
        assert_all_registered(&scene, point).await;
    }
}

#[tokio::test]
async fn sending_the_same_file_again_after_a_crash_goes_on_with_its_batch() {
    for point in ["desk.send.after-journal", "desk.send.after-put"] {
        let scene = scene("");
        let onboard = ["onboard", scene.roster.as_str()];
        let died = scene.desk.run_with(&onboard, &format!("{point}=return"));
        assert_eq!(died.code, None, "{died:?}");
        let again = scene.desk.run(&onboard);
        assert_eq!(again.code, Some(0), "{again:?}");
        assert_all_registered(&scene, point).await;
    }
}

/// Steps that every batch passes, not only one with refusals.
fn steps_of_every_batch() -> impl Iterator<Item = &'static str> {
    let points = pipeline::CRASH_POINTS.iter().chain(local::CRASH_POINTS);
    points
        .copied()
        .filter(|point| !point.starts_with("triage") && !point.starts_with("resend"))
}

/// With the pipeline inside the program, both sides die at once.
#[tokio::test]
async fn the_program_with_its_embedded_pipeline_may_die_at_every_step() {
    let sending = desk::CRASH_POINTS
        .iter()
        .copied()
        .filter(|point| point.starts_with("desk.send") || point.starts_with("desk.track"));
    for point in steps_of_every_batch().chain(sending) {
        if point == "desk.send.after-file" {
            continue;
        }
        let mut scene = scene("");
        scene.pipeline.kill();
        let embedded = scene.desk.embedded(&scene.pipeline.data);
        let onboard = ["onboard", scene.roster.as_str()];
        let died = embedded.run_with(&onboard, &format!("{point}=return"));
        assert_eq!(died.code, None, "{point} is passed: {died:?}");
        let resumed = embedded.run(&["resume"]);
        assert_eq!(resumed.code, Some(0), "{point}: {resumed:?}");
        scene.desk = embedded;
        scene.pipeline = scene.pipeline.kill_and_restart();
        assert_all_registered(&scene, point).await;
    }
}

#[tokio::test]
async fn the_pipeline_may_die_at_every_step() {
    for point in steps_of_every_batch() {
        let mut scene = scene(&format!("{point}=return"));
        let onboarding = scene.desk.start(&["onboard", &scene.roster]);
        scene.pipeline = scene.pipeline.restart_when_dead();
        let output = onboarding.wait_with_output().expect("it ends");
        if !output.status.success() {
            let resumed = scene.desk.run(&["resume"]);
            assert_eq!(resumed.code, Some(0), "{point}: {resumed:?}");
        }
        assert_all_registered(&scene, point).await;
    }
}

/// A pipeline that dies at some step, somewhere in the middle of 1,200 rows.
async fn dies_in_the_middle(point: &str, passes: u32) {
    let at = format!("{point}={passes}*off->return");
    let mut scene = scene_of(1_200, &at);
    let onboarding = scene.desk.start(&["onboard", &scene.roster]);
    scene.pipeline = scene.pipeline.restart_when_dead();
    let output = onboarding.wait_with_output().expect("it ends");
    if !output.status.success() {
        let resumed = scene.desk.run(&["resume"]);
        assert_eq!(resumed.code, Some(0), "{at}: {resumed:?}");
    }
    assert_all_registered(&scene, &at).await;
}

#[tokio::test]
async fn extraction_goes_on_from_its_checkpoint() {
    dies_in_the_middle("extract.after-lane", 1).await;
    dies_in_the_middle("register.after-call", 40).await;
}

/// Thousands of rows die at every step and in many places.
#[tokio::test]
#[ignore = "long"]
async fn the_pipeline_may_die_anywhere() {
    for point in steps_of_every_batch().filter(|point| *point != "extract.after-received") {
        // How often 1,200 rows pass a step at the least.
        let most = match point.split('.').next() {
            Some("extract") => 2,
            Some("status") => 1,
            _ => 60,
        };
        for passes in [0, 1, most / 2, most] {
            if !point.starts_with("intake") || passes == 0 {
                dies_in_the_middle(point, passes).await;
            }
        }
    }
}
