//! A computer whose clock is wrong or whose disk is full.

use tests::{Machine, Run};

use crate::{Scene, assert_discreet, assert_told};

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
