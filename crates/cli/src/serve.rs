//! `muster serve`: the embedded pipeline alone.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use local::{AwsEndpoint, Options};

/// Run the embedded pipeline on 127.0.0.1 and print where it is, as one line of JSON
#[derive(Args)]
pub struct Serve {
    /// Keep everything in this folder; without it, in a temporary one that ends with the command
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The gateway's port; without it, any
    #[arg(long)]
    port: Option<u16>,
    /// Work with the S3 and SQS at this address, an emulator's, instead of our own: the bucket and
    /// the queues are made there, and every desk is given the same keys, those of
    /// AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or else `test` and `test`. For trials
    #[arg(long, value_name = "URL")]
    aws_endpoint: Option<String>,
}

impl Serve {
    pub async fn run(self) -> ExitCode {
        let options = Options {
            data: self.data,
            port: self.port,
            aws: self.aws_endpoint.map(with_keys),
        };
        // Before it is up: a signal that comes while it starts must end it as well.
        let stop = stop_asked();
        let running = match local::serve(options).await {
            Ok(running) => running,
            Err(error) => return failed(&error),
        };
        if let Err(error) = print(&running.endpoint) {
            return failed(&error);
        }
        stop.await;
        running.stop().await;
        ExitCode::SUCCESS
    }
}

fn with_keys(url: String) -> AwsEndpoint {
    // What emulators take without being told.
    let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    let key = |name| set(name).unwrap_or_else(|| "test".to_owned());
    AwsEndpoint {
        url,
        access_key_id: key("AWS_ACCESS_KEY_ID"),
        secret_access_key: key("AWS_SECRET_ACCESS_KEY"),
    }
}

fn print(endpoint: &local::Endpoint) -> std::io::Result<()> {
    let line = serde_json::to_string(endpoint)?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}

fn failed(error: &dyn std::error::Error) -> ExitCode {
    // Nobody is left to tell where this fails too.
    let _ = writeln!(std::io::stderr(), "muster serve: {error}");
    ExitCode::FAILURE
}

/// Resolves at Ctrl-C, or where there is one at SIGTERM. On Unix signals are caught from the call
/// on, so that one which comes during the start is not lost.
#[cfg(unix)]
pub fn stop_asked() -> impl Future<Output = ()> {
    use tokio::signal::unix::{SignalKind, signal};
    let caught = signal(SignalKind::interrupt()).and_then(|interrupt| {
        let terminate = signal(SignalKind::terminate())?;
        Ok((interrupt, terminate))
    });
    async move {
        match caught {
            Ok((mut interrupt, mut terminate)) => {
                tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = terminate.recv() => {}
                }
            }
            // They end the process by themselves then.
            Err(_) => std::future::pending().await,
        }
    }
}

#[cfg(not(unix))]
pub async fn stop_asked() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending().await
    }
}
