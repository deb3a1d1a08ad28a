//! `muster`: the use cases without a window.

mod batches;
mod cancel;
mod check_file;
mod connection;
mod failure;
mod generate;
mod issues;
mod onboard;
mod output;
mod reading;
mod receipt;
mod rejected;
mod resume;
mod serve;
mod session;
mod settings;
mod watching;

use std::io::IsTerminal;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};
use i18n::args;

use failure::{EXIT_CODES, Exit, Failure};
use session::Session;
use settings::Settings;

/// Onboard employees from the list you have: check it, fix it, send it, follow every row, and
/// bring back the rows that were refused
#[derive(Parser)]
#[command(name = "muster", version, about, after_help = EXIT_CODES)]
struct Muster {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Check(check_file::Check),
    Onboard(Box<onboard::Onboard>),
    Batches(batches::Batches),
    Status(batches::Status),
    Rejected(Box<rejected::Rejected>),
    Receipt(receipt::ShowReceipt),
    Generate(generate::Generate),
    Resume(resume::Resume),
    Cancel(cancel::Cancel),
    Serve(serve::Serve),
}

fn main() -> ExitCode {
    // Excel files are read in a child process, which is this program again.
    table::workbook::child_main_if_asked();
    // Crash points named in FAILPOINTS. Without the feature there are none.
    #[cfg(feature = "failpoints")]
    let _crash_points = fail::FailScenario::setup();
    let muster = match Muster::try_parse() {
        Ok(muster) => muster,
        Err(asked) => {
            // Help and version are no errors. Nobody is left to tell where printing fails.
            let _ = asked.print();
            return code(if asked.use_stderr() {
                Some(Exit::Usage)
            } else {
                None
            });
        }
    };
    // The pipeline's own affairs are for whoever runs it; a command tells what concerns its user.
    let level = match &muster.command {
        Command::Serve(_) => "warn",
        _ => "error",
    };
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_env_filter(log_levels(level))
        .init();
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            tracing::error!(%error, "the program cannot start");
            return code(Some(Exit::Folder));
        }
    };
    let exit = runtime.block_on(run(muster));
    // A disk that hangs must not hold the exit: the ledger is safe at every moment.
    runtime.shutdown_timeout(Duration::from_secs(2));
    exit
}

async fn run(muster: Muster) -> ExitCode {
    let session = Session::new(muster.settings);
    // It takes its signals itself: an orderly end is part of what it does.
    if let Command::Serve(serve) = muster.command {
        return serve.run().await;
    }
    let stop = serve::stop_asked();
    let outcome = tokio::select! {
        outcome = command(muster.command, &session) => outcome,
        () = stop => {
            session.out.tell("cli-interrupted", &args! {});
            return code(Some(Exit::Interrupted));
        }
    };
    match outcome {
        Ok(()) => code(None),
        Err(Failure::Told(exit)) => code(Some(exit)),
        Err(failure) => {
            session.out.failed(&failure);
            code(Some(failure.exit()))
        }
    }
}

async fn command(command: Command, session: &Session) -> Result<(), Failure> {
    match command {
        Command::Check(check) => check.run(session).await,
        Command::Onboard(onboard) => onboard.run(session).await,
        Command::Batches(batches) => batches.run(session),
        Command::Status(status) => status.run(session),
        Command::Rejected(rejected) => rejected.run(session).await,
        Command::Receipt(receipt) => receipt.run(session),
        Command::Generate(generate) => generate.run(session),
        Command::Cancel(cancel) => cancel.run(session).await,
        Command::Resume(resume) => resume.run(session).await,
        Command::Serve(_) => Ok(()),
    }
}

fn code(exit: Option<Exit>) -> ExitCode {
    exit.map_or(ExitCode::SUCCESS, |exit| ExitCode::from(exit as u8))
}

/// What `MUSTER_LOG` asks for. `s3s` never speaks: it would write presigned URLs down.
fn log_levels(usual: &str) -> tracing_subscriber::EnvFilter {
    let asked = std::env::var("MUSTER_LOG").unwrap_or_else(|_| usual.to_owned());
    tracing_subscriber::EnvFilter::new(format!("{asked},s3s=off"))
}
