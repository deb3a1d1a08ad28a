//! The embedded pipeline comes up, is found, keeps what it holds, and goes down.

use std::path::Path;

use local::data_dir::{self, ClaimError, FindError};
use local::{Options, ServeError, serve};

fn options(data: &Path) -> Options {
    Options {
        data: Some(data.to_owned()),
        port: None,
        aws: None,
    }
}

#[tokio::test]
async fn one_process_owns_the_folder_and_a_second_finds_it() {
    let data = tempfile::tempdir().expect("a temporary folder");
    assert!(matches!(
        data_dir::find(data.path()).await,
        Err(FindError::Nobody)
    ));
    let running = serve(options(data.path())).await.expect("comes up");
    let found = data_dir::find(data.path()).await.expect("is found");
    assert_eq!(found, running.endpoint);
    let second = serve(options(data.path())).await.map(drop);
    assert!(matches!(second, Err(ServeError::Folder(ClaimError::Owned))));
    // The refused one did not take the first one's file away.
    data_dir::find(data.path()).await.expect("is still found");

    let keys = running.endpoint.clone();
    running.stop().await;
    assert!(!data.path().join("endpoint.json").exists());
    let again = serve(options(data.path())).await.expect("comes up again");
    assert_eq!(again.endpoint.secret_access_key, keys.secret_access_key);
    assert_eq!(again.endpoint.token, keys.token);
    again.stop().await;
}

#[tokio::test]
async fn the_endpoint_file_of_a_killed_process_is_not_believed() {
    let data = tempfile::tempdir().expect("a temporary folder");
    let running = serve(options(data.path())).await.expect("comes up");
    let left = std::fs::read(data.path().join("endpoint.json")).expect("a file");
    running.stop().await;
    std::fs::write(data.path().join("endpoint.json"), left).expect("left behind");
    assert!(matches!(
        data_dir::find(data.path()).await,
        Err(FindError::Nobody)
    ));
    let running = serve(options(data.path())).await.expect("comes up");
    data_dir::find(data.path()).await.expect("is found");
    running.stop().await;
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_reads_what_is_kept() {
    use std::os::unix::fs::PermissionsExt;
    let data = tempfile::tempdir().expect("a temporary folder");
    let running = serve(options(data.path())).await.expect("comes up");
    let mode = |path: &Path| {
        let meta = std::fs::metadata(path).expect("is there");
        meta.permissions().mode() & 0o777
    };
    assert_eq!(mode(data.path()), 0o700);
    for file in ["endpoint.json", "owner.json", "lock"] {
        assert_eq!(mode(&data.path().join(file)), 0o600, "{file}");
    }
    running.stop().await;
}

#[tokio::test]
async fn a_temporary_folder_goes_with_the_pipeline() {
    let running = serve(Options::default()).await.expect("comes up");
    let folder = running.folder().to_owned();
    assert!(folder.exists());
    running.stop().await;
    assert!(!folder.exists());
}

#[tokio::test]
async fn pages_and_other_names_are_refused_at_every_door() {
    let running = serve(Options::default()).await.expect("comes up");
    let client = reqwest::Client::builder()
        .no_proxy()
        .build()
        .expect("a client");
    let endpoint = &running.endpoint;
    for url in [&endpoint.gateway, &endpoint.s3, &endpoint.sqs] {
        for (name, value) in [
            ("origin", "http://127.0.0.1"),
            ("origin", "null"),
            ("host", "muster.example"),
        ] {
            let asked = client.get(format!("{url}/health")).header(name, value);
            let answer = asked.send().await.expect("an answer");
            assert_eq!(answer.status(), 403, "{url} {name}: {value}");
            let cors = |name: &str| name.starts_with("access-control-");
            assert!(!answer.headers().keys().any(|name| cors(name.as_str())));
        }
    }
    running.stop().await;
}
