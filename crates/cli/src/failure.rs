//! Why a command did not do what it was asked: a code, a message and what to do, in the reader's
//! language, and the exit code.

use std::io;

use desk::gateway::GatewayError;
use desk::ledger::LedgerError;
use desk::{ConnectFault, DeskError, ImportError};
use i18n::{Text, args};
use model::SchemaError;
use table::LogError;

#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error(transparent)]
    Desk(#[from] DeskError),
    #[error("{name}: {error}")]
    Import { name: String, error: ImportError },
    #[error("{name}: {error}")]
    Schema { name: String, error: SchemaError },
    #[error("{name}: {error}")]
    ReadFile { name: String, error: io::Error },
    #[error("{name}: {error}")]
    WriteFile { name: String, error: io::Error },
    #[error("required fields have no column: {0:?}")]
    ColumnsMissing(Vec<String>),
    #[error("dates can be read in two ways: {0:?}")]
    DatesUndecided(Vec<String>),
    #[error("no such column: {0}")]
    NoSuchColumn(String),
    #[error("no such field: {name}")]
    NoSuchField { name: String, fields: Vec<String> },
    #[error("several batches end in {0}")]
    BatchAmbiguous(String),
    #[error("not a batch of this desk: {0}")]
    NotOurBatch(String),
    #[error("the pipeline has the batch {0}")]
    AlreadySent(String),
    #[error("no such refused row: {0}")]
    NoSuchRow(u32),
    #[error("nothing matches")]
    NothingMatches,
    #[error("nothing to change")]
    NoChange,
    #[error("{0} of the first rows were refused again")]
    CanaryRefused(u64),
    #[error("not confirmed")]
    NotConfirmed,
    #[error("the token's file can be read by others")]
    TokenFileOpen,
    /// It was told already: only the exit code is left.
    #[error("told")]
    Told(Exit),
}

/// What a script can go by. Also in `muster --help`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Issues were found, or rows were not accepted.
    Issues = 1,
    /// The file cannot be read.
    Unreadable = 2,
    /// The pipeline does not answer or refuses; what was journalled is kept.
    Pipeline = 3,
    /// There is no such batch, row or field.
    NotThere = 4,
    /// The desk's folder cannot be used.
    Folder = 5,
    /// The command was not understood.
    Usage = 64,
    /// Stopped by the user.
    Interrupted = 130,
}

pub const EXIT_CODES: &str = "Exit codes:
  0    done
  1    issues were found, or rows were not accepted
  2    the file cannot be read
  3    the pipeline does not answer or refuses; what was kept goes on with `muster resume`
  4    there is no such batch, row or field
  5    the desk's folder cannot be used: in use, damaged, disk full
  64   the command was not understood
  130  stopped; go on with `muster resume`";

/// A failure in words.
pub struct ToldFailure {
    pub code: String,
    pub message: String,
    pub hint: String,
    pub reference: Option<String>,
}

impl Failure {
    pub fn exit(&self) -> Exit {
        match self {
            Self::Told(exit) => *exit,
            Self::Import { error, .. } => match error {
                ImportError::Read(_) => Exit::Unreadable,
                ImportError::Plan(_) => Exit::NotThere,
                ImportError::Log(_) => Exit::Folder,
            },
            Self::Schema { .. } | Self::ReadFile { .. } => Exit::Unreadable,
            Self::WriteFile { .. } | Self::TokenFileOpen => Exit::Folder,
            Self::NoSuchColumn(_)
            | Self::NoSuchField { .. }
            | Self::BatchAmbiguous(_)
            | Self::NotOurBatch(_)
            | Self::AlreadySent(_)
            | Self::NoSuchRow(_)
            | Self::NothingMatches
            | Self::NoChange => Exit::NotThere,
            Self::ColumnsMissing(_)
            | Self::DatesUndecided(_)
            | Self::CanaryRefused(_)
            | Self::NotConfirmed => Exit::Issues,
            Self::Desk(error) => match error {
                DeskError::Ledger(LedgerError::Missing)
                | DeskError::NoSuchBatch(_)
                | DeskError::NoSuchField(_) => Exit::NotThere,
                DeskError::RowsWithErrors(_) | DeskError::NothingToSend => Exit::Issues,
                DeskError::Ledger(LedgerError::DecisionWaits(_)) => Exit::Pipeline,
                DeskError::Home(_)
                | DeskError::Ledger(_)
                | DeskError::DiskFull
                | DeskError::Gateway(GatewayError::Connect(ConnectFault::DiskFull))
                | DeskError::Io(_)
                | DeskError::OutboxGone => Exit::Folder,
                _ => Exit::Pipeline,
            },
        }
    }

    pub fn told(&self, text: &Text) -> ToldFailure {
        if let Self::Import {
            name,
            error: ImportError::Read(table::ReadError::Fault { fault, detail }),
        } = self
        {
            let args = || args! { "name" => name, "detail" => detail.clone().unwrap_or_default() };
            return ToldFailure {
                code: fault.to_string(),
                message: text.say(&format!("fault-{fault}"), &args()),
                hint: text.say(&format!("fault-{fault}-hint"), &args()),
                reference: None,
            };
        }
        let code = self.code();
        let args = || self.args(text);
        let reference = match self {
            Self::Desk(DeskError::Gateway(error)) => error.request_id(),
            _ => None,
        };
        let reference = match reference.filter(|id| !id.is_empty()) {
            Some(id) => {
                let args = args! { "code" => code, "request_id" => id };
                Some(text.say("error-reference", &args))
            }
            None => self.detail(text).map(|detail| {
                let args = args! { "code" => code, "detail" => detail };
                text.say("error-detail", &args)
            }),
        };
        ToldFailure {
            message: text.say(&format!("error-{code}"), &args()),
            hint: text.say(&format!("error-{code}-hint"), &args()),
            reference,
            code: code.to_owned(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Desk(error) => error.code(),
            Self::Import { error, .. } => match error {
                ImportError::Read(_) => "read-failed",
                ImportError::Plan(_) => "schema",
                ImportError::Log(LogError::Io(error)) if is_full(error) => "disk-full",
                ImportError::Log(_) => "desk-folder",
            },
            Self::Schema { .. } => "schema",
            Self::ReadFile { .. } => "read-failed",
            Self::WriteFile { error, .. } if is_full(error) => "disk-full",
            Self::WriteFile { .. } => "write-file",
            Self::ColumnsMissing(_) => "columns-missing",
            Self::DatesUndecided(_) => "dates-undecided",
            Self::NoSuchColumn(_) => "no-such-column",
            Self::NoSuchField { .. } => "no-such-field",
            Self::BatchAmbiguous(_) => "batch-ambiguous",
            Self::NotOurBatch(_) => "not-our-batch",
            Self::AlreadySent(_) => "already-sent",
            Self::NoSuchRow(_) => "no-such-row",
            Self::NothingMatches => "nothing-matches",
            Self::NoChange => "no-change",
            Self::CanaryRefused(_) => "canary-refused",
            Self::NotConfirmed => "not-confirmed",
            Self::TokenFileOpen => "token-file-open",
            Self::Told(_) => "stopping",
        }
    }

    /// What only support can make use of, where a text does not say it already.
    fn detail(&self, text: &Text) -> Option<String> {
        use desk::gateway::GatewayError as G;
        let detail = match self {
            Self::Desk(
                DeskError::BatchFailed(_)
                | DeskError::Gateway(G::Connect(desk::ConnectFault::NotAnAddress(_))),
            ) => return None,
            Self::Desk(error) => detail_of(error, text),
            Self::Import { error, .. } => match error {
                ImportError::Read(table::ReadError::Io(error))
                | ImportError::Log(LogError::Io(error)) => error.kind().to_string(),
                other => other.to_string(),
            },
            Self::Schema { error, .. } => error.to_string(),
            Self::ReadFile { error, .. } | Self::WriteFile { error, .. } => {
                error.kind().to_string()
            }
            _ => return None,
        };
        Some(detail).filter(|detail| !detail.is_empty())
    }

    /// All of them, for any text: each takes what it needs.
    fn args(&self, text: &Text) -> i18n::Args {
        let (mut name, mut detail, mut values, mut count) =
            (String::new(), String::new(), String::new(), 0);
        match self {
            Self::Desk(error) => {
                detail = detail_of(error, text);
                match error {
                    DeskError::NoSuchBatch(batch) => name.clone_from(batch),
                    DeskError::NoSuchField(field) => name.clone_from(field),
                    DeskError::RowsWithErrors(rows) => count = *rows,
                    DeskError::Ledger(LedgerError::DecisionWaits(row_no)) => {
                        name = row_no.to_string();
                    }
                    _ => {}
                }
            }
            Self::Import { name: file, .. }
            | Self::Schema { name: file, .. }
            | Self::ReadFile { name: file, .. }
            | Self::WriteFile { name: file, .. } => name.clone_from(file),
            Self::ColumnsMissing(fields) | Self::DatesUndecided(fields) => {
                values = fields.join(", ");
            }
            Self::NoSuchField {
                name: field,
                fields,
            } => {
                name.clone_from(field);
                values = fields.join(", ");
            }
            Self::NoSuchColumn(what)
            | Self::BatchAmbiguous(what)
            | Self::NotOurBatch(what)
            | Self::AlreadySent(what) => {
                name.clone_from(what);
            }
            Self::NoSuchRow(row_no) => name = row_no.to_string(),
            Self::CanaryRefused(rows) => count = *rows,
            Self::NothingMatches
            | Self::NoChange
            | Self::NotConfirmed
            | Self::TokenFileOpen
            | Self::Told(_) => {}
        }
        args! { "name" => name, "detail" => detail, "values" => values, "count" => count }
    }
}

/// What support may want to know beside the code. Never a URL, a path or a cell.
fn detail_of(error: &DeskError, text: &Text) -> String {
    use desk::gateway::GatewayError as G;
    match error {
        DeskError::Gateway(G::Unreachable(why)) => why.clone(),
        DeskError::Gateway(G::Connect(fault)) => match fault {
            desk::ConnectFault::NotAnAddress(what) | desk::ConnectFault::NoPipeline(what) => {
                what.clone()
            }
            desk::ConnectFault::NoToken | desk::ConnectFault::DiskFull => String::new(),
        },
        DeskError::UploadRefused { status, code } => format!("HTTP {status} {code}"),
        DeskError::UploadUnreachable(why) | DeskError::Queues(why) => why.clone(),
        DeskError::BatchFailed(failure) => {
            let word = serde_json::to_value(failure).unwrap_or_default();
            let key = format!("batch-failed-{}", word.as_str().unwrap_or_default());
            text.say(&key, &args! {})
        }
        DeskError::Ledger(LedgerError::Io(error)) | DeskError::Io(error) => {
            error.kind().to_string()
        }
        DeskError::Home(desk::home::HomeError::Io(error)) => error.kind().to_string(),
        DeskError::Ledger(LedgerError::NotConserved(what)) => what.clone(),
        DeskError::Ledger(LedgerError::Sqlite(error)) => error.to_string(),
        _ => String::new(),
    }
}

fn is_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
    )
}

impl From<LedgerError> for Failure {
    fn from(error: LedgerError) -> Self {
        Self::Desk(error.into())
    }
}

/// The message of an error that does not end the command.
pub fn told(error: &DeskError, text: &Text) -> String {
    let args =
        args! { "detail" => detail_of(error, text), "name" => "", "values" => "", "count" => 0 };
    text.say(&format!("error-{}", error.code()), &args)
}

#[cfg(test)]
mod tests {
    use desk::home::HomeError;
    use i18n::Language;
    use model::{BatchFailure, FileFault, Schema};
    use wire::ErrorCode;

    use super::*;

    fn io(kind: io::ErrorKind) -> io::Error {
        kind.into()
    }

    fn failures() -> Vec<Failure> {
        let gateway = |error: GatewayError| Failure::Desk(error.into());
        let refused = |code| {
            gateway(GatewayError::Refused {
                code,
                request_id: "r-1".into(),
            })
        };
        let ledger = |error: LedgerError| Failure::from(error);
        let name = || "march.csv".to_owned();
        vec![
            gateway(GatewayError::Unreachable("connection refused".into())),
            gateway(GatewayError::NotOurs { status: 502 }),
            gateway(ConnectFault::NoToken.into()),
            gateway(ConnectFault::NotAnAddress("ftp".into()).into()),
            gateway(ConnectFault::NoPipeline("nobody".into()).into()),
            gateway(ConnectFault::DiskFull.into()),
            refused(ErrorCode::TokenRefused),
            refused(ErrorCode::Internal),
            Failure::Desk(HomeError::InUse.into()),
            Failure::Desk(HomeError::Io(io(io::ErrorKind::PermissionDenied)).into()),
            ledger(LedgerError::DiskFull),
            ledger(LedgerError::Missing),
            ledger(LedgerError::Newer(9)),
            ledger(LedgerError::Damaged),
            ledger(LedgerError::NotConserved("9 of 10".into())),
            ledger(LedgerError::DecisionWaits(model::RowNo(7))),
            Failure::Desk(DeskError::StoredDiffers),
            Failure::Desk(DeskError::UploadCorrupt),
            Failure::Desk(DeskError::UploadRefused {
                status: 403,
                code: "SignatureDoesNotMatch".into(),
            }),
            Failure::Desk(DeskError::UploadUnreachable("timed out".into())),
            Failure::Desk(DeskError::Queues("timed out".into())),
            Failure::Desk(DeskError::OutboxGone),
            Failure::Desk(DeskError::BatchFailed(BatchFailure::NotAsDeclared)),
            Failure::Desk(DeskError::NoSuchBatch("abc".into())),
            Failure::Desk(DeskError::NothingToSend),
            Failure::Desk(DeskError::RowsWithErrors(1)),
            Failure::Desk(DeskError::RowsWithErrors(2000)),
            Failure::Desk(DeskError::Stopping),
            Failure::Import {
                name: name(),
                error: ImportError::Read(FileFault::Password.into()),
            },
            Failure::Import {
                name: name(),
                error: ImportError::Read(io(io::ErrorKind::TimedOut).into()),
            },
            Failure::Schema {
                name: "schema.json".into(),
                error: Schema::from_json("{}").expect_err("no schema"),
            },
            Failure::WriteFile {
                name: "r.json".into(),
                error: io(io::ErrorKind::NotFound),
            },
            Failure::ColumnsMissing(vec!["CPF".into(), "E-mail".into()]),
            Failure::DatesUndecided(vec!["Hire date".into()]),
            Failure::NoSuchColumn("Nome".into()),
            Failure::NoSuchField {
                name: "nmae".into(),
                fields: vec!["name".into()],
            },
            Failure::BatchAmbiguous("a".into()),
            Failure::NotOurBatch("a".into()),
            Failure::AlreadySent("a".into()),
            Failure::NoSuchRow(7),
            Failure::NothingMatches,
            Failure::NoChange,
            Failure::CanaryRefused(1),
            Failure::NotConfirmed,
            Failure::TokenFileOpen,
        ]
    }

    fn said(language: Language) -> String {
        let text = Text::new(language);
        let lines = failures().into_iter().map(|failure| {
            let told = failure.told(&text);
            assert!(!told.message.starts_with("error-"), "{}", told.code);
            assert!(!told.hint.ends_with("-hint"), "{}", told.code);
            let reference = told.reference.map(|line| format!("\n  {line}"));
            format!(
                "{} {}: {}\n  {}{}",
                failure.exit() as u8,
                told.code,
                told.message,
                told.hint,
                reference.unwrap_or_default()
            )
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn what_stopped_the_work_in_english() {
        insta::assert_snapshot!(said(Language::English));
    }

    #[test]
    fn what_stopped_the_work_in_portuguese() {
        insta::assert_snapshot!(said(Language::BrazilianPortuguese));
    }

    #[test]
    fn what_stopped_the_work_in_spanish() {
        insta::assert_snapshot!(said(Language::Spanish));
    }
}
