//! A computer whose clock is wrong, whose disk is full, or whose files were damaged.

use model::RowState;
use tests::{Desk, Machine, Run, clean_roster};

use crate::{Scene, alone, assert_discreet, assert_told, text};

#[tokio::test]
async fn a_clock_that_is_an_hour_off_is_told_of_and_worked_around() {
    for ahead in [3600, -3600] {
        let scene = Scene::new(3);
        let machine = Machine::new(scene.folder.path());
        let asked = scene.desk().command(&["onboard", &scene.list], "");
        let run = Run::of(machine.clock_ahead(asked, ahead));
        assert_eq!(run.code, Some(0), "{ahead}: {run:#?}");
        let told =
            "This computer's clock is off by 1 h. Muster corrects for it; please set it right.";
        assert!(run.stderr.contains(told), "{ahead}: {run:#?}");
        assert_discreet(&run);
        scene.assert_registered_once(3).await;
    }
}

#[tokio::test]
async fn a_disk_that_is_full_at_any_point_loses_nothing() {
    let scene = Scene::new(40);
    let machine = Machine::new(scene.folder.path());
    let (desk, home) = (scene.desk(), scene.home());
    let mut room = 0;
    let mut full = 0;
    loop {
        let asked = desk.command(&["onboard", &scene.list], "");
        let run = Run::of(machine.disk_room(asked, &home, room));
        assert_discreet(&run);
        if run.code == Some(0) {
            break;
        }
        assert_told(&run, 5, "disk-full", "The disk is full");
        full += 1;
        room += 16 << 10;
        assert!(full < 40, "there is room enough: {run:#?}");
    }
    assert!(full > 2, "it was full at {full} points");
    scene.assert_registered_once(40).await;
    let receipt = desk.receipt("last");
    assert_eq!((receipt.total, receipt.closed), (40, true));
}

/// The pipeline on the same computer has no room to start in.
#[test]
fn a_disk_that_is_full_for_a_pipeline_of_ones_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let machine = Machine::new(folder.path());
    let home = folder.path().join("desk");
    let desk = Desk::at(&home, "embedded", "");
    let list = folder.path().join("people.csv");
    std::fs::write(&list, clean_roster(3)).expect("a list");
    let onboard = ["onboard", &text(&list)];
    let died = desk.run_with(&onboard, "desk.send.after-journal=return");
    assert_eq!(died.code, None, "{died:#?}");
    // An earlier run's pipeline may be found by its folder: this one starts from nothing.
    let data = home.join("pipeline");
    if data.exists() {
        std::fs::remove_dir_all(&data).expect("removed");
    }
    let asked = desk.command(&["resume"], "");
    let run = Run::of(machine.disk_room(asked, &data, 32 << 10));
    assert_told(&run, 5, "disk-full", "The disk is full");
    let resumed = desk.run(&["resume"]);
    assert_eq!(resumed.code, Some(0), "{resumed:#?}");
    let receipt = desk.receipt("last");
    assert_eq!((receipt.total, receipt.closed), (3, true));
    assert_eq!(receipt.states.of(RowState::Notified), 3, "{receipt:?}");
}

#[test]
fn a_folder_that_is_damaged_or_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let list = folder.path().join("people.csv");
    std::fs::write(&list, clean_roster(1)).expect("a list");
    let (onboard, home) = (["onboard", &text(&list)], folder.path().join("desk"));
    std::fs::create_dir(&home).expect("a folder");
    let damaged = vec![0xa5; 20_000];
    std::fs::write(home.join("ledger.db"), &damaged).expect("a ledger");
    let desk = alone(folder.path());
    for command in [&onboard[..], &["batches"], &["receipt", "last"]] {
        let message = "The record of what was sent is damaged";
        assert_told(&desk.run(command), 5, "ledger-damaged", message);
    }
    let kept = std::fs::read(home.join("ledger.db")).expect("still there");
    assert!(kept == damaged, "support can look at it");

    std::fs::remove_dir_all(&home).expect("removed");
    std::fs::write(&home, "a file").expect("a file");
    let message = "The desk's folder cannot be used";
    assert_told(&desk.run(&onboard), 5, "desk-folder", message);
}
