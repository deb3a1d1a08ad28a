//! A pipeline that is not there, does not let one in, or is behind a network that breaks off.

use std::fs;

use tests::{Desk, Endpoint, Proxy, Trouble, clean_roster};

use crate::{Scene, TOKEN, alone, assert_discreet, assert_told};

#[tokio::test]
async fn nobody_answers() {
    let scene = Scene::new(3);
    let nobody = alone(scene.folder.path());
    let run = nobody.run(&["onboard", &scene.list]);
    assert_told(&run, 3, "unreachable", "The pipeline does not answer");
    let kept = "Kept on this computer: it will be sent whatever happens";
    assert!(run.stderr.contains(kept), "{run:#?}");
    let listed = nobody.run(&["batches"]);
    assert!(listed.stdout.contains("people.csv"), "{listed:#?}");
    assert_eq!(
        fs::read_to_string(&scene.list).expect("still there"),
        clean_roster(3)
    );
}

#[tokio::test]
async fn an_address_that_is_none_or_somebody_elses() {
    let scene = Scene::new(3);
    for address in ["pipeline.example", "http://", "https://pipeline:99999"] {
        let desk = Desk::at(&scene.home(), address, TOKEN);
        let run = desk.run(&["onboard", &scene.list]);
        let message = format!("The connection is not an address: {address}");
        assert_told(&run, 3, "not-an-address", &message);
    }
    // The object store answers, and is no gateway.
    let desk = Desk::at(&scene.home(), &scene.pipeline.endpoint.s3, TOKEN);
    let run = desk.run(&["onboard", &scene.list]);
    let message = "What answers at this address is not a Muster pipeline";
    assert_told(&run, 3, "not-a-pipeline", message);
}

#[tokio::test]
async fn a_token_that_is_refused_holds_the_list_until_one_is_good() {
    let scene = Scene::new(3);
    let stranger = Desk::at(&scene.home(), &scene.pipeline.endpoint.gateway, TOKEN);
    let run = stranger.run(&["onboard", &scene.list]);
    assert_told(&run, 3, "token-refused", "The sign-in was not accepted");
    assert!(scene.pipeline.gateway().batches().await.batches.is_empty());
    let nameless = Desk::at(&scene.home(), &scene.pipeline.endpoint.gateway, "");
    let run = nameless.run(&["resume", "--language", "pt-BR"]);
    assert_eq!(run.code, Some(3), "{run:#?}");
    let told = "erro[no-token]: Não há acesso configurado para esta conexão\n";
    assert!(run.stderr.contains(told), "{run:#?}");

    let resumed = scene.desk().run(&["resume"]);
    assert_eq!(resumed.code, Some(0), "{resumed:#?}");
    scene.assert_registered_once(3).await;
}

/// The desk behind a troubled network, with nothing said to it but the address.
fn behind(scene: &Scene, trouble: Trouble) -> (Desk, Proxy) {
    let proxy = Proxy::before(&scene.pipeline.endpoint, trouble);
    let endpoint: Endpoint = proxy.endpoint(&scene.pipeline.endpoint);
    (Desk::new(&scene.home(), "Ana", &endpoint), proxy)
}

#[tokio::test]
async fn a_lid_that_is_closed_in_mid_upload() {
    let scene = Scene::new(60);
    let cut = Trouble::Cut {
        after: 3_000,
        then_nobody: 2,
    };
    let (desk, proxy) = behind(&scene, cut);
    let run = desk.run(&["onboard", &scene.list]);
    assert_eq!(run.code, Some(0), "{run:#?}");
    assert_discreet(&run);
    assert_eq!(proxy.uploads(), 2, "begun again by itself");
    scene.assert_registered_once(60).await;
}

#[tokio::test]
async fn an_upload_url_that_has_expired() {
    let scene = Scene::new(3);
    let (desk, proxy) = behind(&scene, Trouble::Expired);
    let run = desk.run(&["onboard", &scene.list]);
    assert_eq!(run.code, Some(0), "{run:#?}");
    assert_discreet(&run);
    assert_eq!(proxy.uploads(), 2, "with a new one");
    scene.assert_registered_once(3).await;
}

#[tokio::test]
async fn an_upload_whose_answer_is_lost() {
    let scene = Scene::new(3);
    let (desk, proxy) = behind(&scene, Trouble::AnswerLost);
    let run = desk.run(&["onboard", &scene.list]);
    assert_eq!(run.code, Some(0), "{run:#?}");
    assert_discreet(&run);
    assert!(proxy.uploads() >= 1);
    scene.assert_registered_once(3).await;
}
