//! The mailbox folder: a mail server for one machine. Every welcome e-mail is a file that any mail
//! program opens, under the company it belongs to, named for the person and nothing else, whole
//! and on the disk before it counts as sent.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use async_trait::async_trait;
use jiff::Timestamp;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox as Address, MultiPart};
use mail_parser::MessageParser;
use model::CompanyId;
use pipeline::ports::{Clock, Mailer, PortError, PortResult, WelcomeMail};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::private;

const PORT: &str = "mailbox";

/// Nobody can answer to it: RFC 2606 keeps the domain free for ever.
const DOMAIN: &str = "muster.invalid";

const EXTENSION: &str = "eml";

/// A file that is not whole yet begins with it.
const PART: &str = ".part-";

#[derive(Clone)]
pub struct Mailbox {
    folder: PathBuf,
    clock: Arc<dyn Clock>,
}

/// One e-mail in a list.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailHead {
    pub person_id: Uuid,
    pub to: String,
    pub to_name: String,
    pub subject: String,
    pub at: Timestamp,
}

impl std::fmt::Debug for MailHead {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MailHead")
            .field("person_id", &self.person_id)
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

/// One e-mail as its reader sees it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    #[serde(flatten)]
    pub head: MailHead,
    pub text: String,
    /// To be shown in a sandboxed frame only.
    pub html: String,
}

impl std::fmt::Debug for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.head.fmt(f)
    }
}

impl Mailbox {
    /// Opens or makes the folder, for its user alone, and clears what a crash left half written.
    pub fn open(folder: &Path, clock: Arc<dyn Clock>) -> io::Result<Self> {
        private::folder(folder)?;
        for company in fs::read_dir(folder)? {
            let company = company?;
            if company.file_type()?.is_dir() {
                remove_parts(&company.path())?;
            }
        }
        Ok(Self {
            folder: folder.to_owned(),
            clock,
        })
    }

    /// The company's e-mails, newest first, at most `limit`.
    pub async fn list(&self, company: &CompanyId, limit: usize) -> io::Result<Vec<MailHead>> {
        let folder = self.folder_of(company);
        blocking(move || list(&folder, limit)).await
    }

    /// `None` where the person was sent none.
    pub async fn read(&self, company: &CompanyId, person_id: Uuid) -> io::Result<Option<Mail>> {
        let path = file(&self.folder_of(company), person_id);
        blocking(move || read(&path, person_id)).await
    }

    fn folder_of(&self, company: &CompanyId) -> PathBuf {
        self.folder.join(company.as_str())
    }
}

#[async_trait]
impl Mailer for Mailbox {
    async fn send(&self, mail: WelcomeMail) -> PortResult<()> {
        let message = compose(&mail, self.clock.now())?;
        let folder = self.folder_of(&mail.company);
        blocking(move || deliver(&folder, mail.person_id, &message))
            .await
            .map_err(|error| PortError::unavailable(PORT, error))
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(io::Error::other)?
}

fn compose(mail: &WelcomeMail, at: Timestamp) -> PortResult<Vec<u8>> {
    // Errors of the parsers quote what they could not read.
    let refused = |what| move |_| PortError::refused(PORT, what);
    let to = mail.to.parse().map_err(refused("not an e-mail address"))?;
    let from = format!("Muster <welcome@{DOMAIN}>");
    let from: Address = from.parse().map_err(refused("not a sender"))?;
    let message = lettre::Message::builder()
        .from(from)
        .to(Address::new(Some(one_line(&mail.to_name)), to))
        .subject(one_line(&mail.subject))
        .date(SystemTime::from(at))
        .message_id(Some(format!("<{}@{DOMAIN}>", mail.person_id)))
        // RFC 3834: no out-of-office answers to it.
        .raw_header(HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".into(),
        ))
        .multipart(MultiPart::alternative_plain_html(
            mail.text.clone(),
            mail.html.clone(),
        ))
        .map_err(|_| PortError::refused(PORT, "not an e-mail"))?;
    Ok(message.formatted())
}

/// A header is one line: whatever a cell holds, it cannot begin another.
fn one_line(text: &str) -> String {
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    text.chars().map(plain).collect()
}

fn file(folder: &Path, person_id: Uuid) -> PathBuf {
    folder.join(person_id.to_string()).with_extension(EXTENSION)
}

/// The first delivery to a person is the one that counts.
fn deliver(folder: &Path, person_id: Uuid, message: &[u8]) -> io::Result<()> {
    let path = file(folder, person_id);
    if path.try_exists()? {
        return Ok(());
    }
    private::folder(folder)?;
    let mut part = tempfile::Builder::new().prefix(PART).tempfile_in(folder)?;
    part.write_all(message)?;
    part.as_file().sync_all()?;
    match part.persist_noclobber(&path) {
        Ok(_) => {}
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error.error),
    }
    private::restrict(&path)?;
    sync_folder(folder)
}

/// A new name is on the disk when its folder is. Windows has no such call, and needs none.
fn sync_folder(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    fs::File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

fn remove_parts(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(PART) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn list(folder: &Path, limit: usize) -> io::Result<Vec<MailHead>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry?;
        if let Some(person_id) = person_of(&entry.path()) {
            found.push((entry.metadata()?.modified()?, person_id));
        }
    }
    found.sort_unstable_by(|a, b| b.cmp(a));
    let mut heads = Vec::new();
    for (_, person_id) in found.into_iter().take(limit) {
        heads.extend(read(&file(folder, person_id), person_id)?.map(|mail| mail.head));
    }
    Ok(heads)
}

fn person_of(path: &Path) -> Option<Uuid> {
    let ours = path.extension().is_some_and(|e| e == EXTENSION);
    let stem = path.file_stem().filter(|_| ours)?;
    stem.to_str()?.parse().ok()
}

fn read(path: &Path, person_id: Uuid) -> io::Result<Option<Mail>> {
    let bytes = match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        bytes => bytes?,
    };
    let message = MessageParser::default()
        .parse(&bytes)
        .ok_or_else(|| io::Error::from(io::ErrorKind::InvalidData))?;
    let to = message.to().and_then(|to| to.first());
    let at = message.date().map(mail_parser::DateTime::to_timestamp);
    let owned = |text: Option<&str>| text.unwrap_or_default().to_owned();
    Ok(Some(Mail {
        head: MailHead {
            person_id,
            to: owned(to.and_then(|to| to.address())),
            to_name: owned(to.and_then(|to| to.name())),
            subject: owned(message.subject()),
            at: at
                .and_then(|at| Timestamp::from_second(at).ok())
                .unwrap_or_default(),
        },
        text: message.body_text(0).unwrap_or_default().into_owned(),
        html: message.body_html(0).unwrap_or_default().into_owned(),
    }))
}

#[cfg(test)]
mod tests {
    use model::{BatchId, Generation, RowKey, RowNo};

    use super::*;

    struct Noon;

    impl Clock for Noon {
        fn now(&self) -> Timestamp {
            "2026-04-03T12:00:00Z".parse().expect("a time")
        }
    }

    fn acme() -> CompanyId {
        CompanyId::new("acme").expect("a company id")
    }

    fn mail(person: u128) -> WelcomeMail {
        WelcomeMail {
            company: acme(),
            key: RowKey {
                batch_id: BatchId(Uuid::from_u128(1)),
                row_no: RowNo(1),
                generation: Generation(1),
            },
            person_id: Uuid::from_u128(person),
            to: "jose@acme.example".into(),
            to_name: "José Ávila, Jr. (não \"Zé\")".into(),
            subject: "Boas-vindas à Açaí & Cia — é um prazer ter você aqui conosco".into(),
            text: "Olá, José!\nSeja bem-vindo.\n".into(),
            html: "<p>Olá, José!</p>".into(),
            language: "pt-BR".into(),
        }
    }

    fn mailbox() -> (Mailbox, tempfile::TempDir) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mailbox = Mailbox::open(&folder.path().join("mailbox"), Arc::new(Noon));
        (mailbox.expect("opens"), folder)
    }

    #[tokio::test]
    async fn what_was_sent_is_read_back_by_a_mail_reader() {
        let (mailbox, _folder) = mailbox();
        mailbox.send(mail(7)).await.expect("sends");
        let sent = mail(7);
        let read = mailbox.read(&acme(), sent.person_id).await;
        let read = read.ok().flatten().expect("is there");
        assert_eq!(
            (&read.head.to, &read.head.to_name),
            (&sent.to, &sent.to_name)
        );
        assert_eq!(read.head.subject, sent.subject);
        assert_eq!(read.head.at, Noon.now());
        assert_eq!(read.text.replace("\r\n", "\n"), sent.text);
        assert_eq!(read.html, sent.html);
    }

    #[tokio::test]
    async fn an_email_is_ascii_and_its_lines_end_as_the_standard_says() {
        let bytes = compose(&mail(7), Noon.now()).expect("composes");
        assert!(bytes.is_ascii());
        let text = String::from_utf8(bytes).expect("is text");
        assert!(!text.replace("\r\n", "").contains(['\r', '\n']));
        let (head, _) = text.split_once("\r\n\r\n").expect("has a body");
        let named: Vec<&str> = head
            .lines()
            .filter(|line| {
                ["From", "Date", "Message-ID", "Auto-Submitted"]
                    .iter()
                    .any(|name| line.starts_with(name))
            })
            .collect();
        insta::assert_snapshot!(named.join("\n"), @r"
        From: Muster <welcome@muster.invalid>
        Date: Fri, 03 Apr 2026 12:00:00 +0000
        Message-ID: <00000000-0000-0000-0000-000000000007@muster.invalid>
        Auto-Submitted: auto-generated
        ");
    }

    #[tokio::test]
    async fn a_person_is_sent_one_email() {
        let (mailbox, _folder) = mailbox();
        mailbox.send(mail(7)).await.expect("sends");
        let again = WelcomeMail {
            subject: "Another".into(),
            ..mail(7)
        };
        mailbox.send(again).await.expect("is taken");
        mailbox.send(mail(8)).await.expect("sends");
        let listed = mailbox.list(&acme(), 10).await.expect("lists");
        assert_eq!(listed.len(), 2);
        assert!(listed.iter().all(|head| head.subject == mail(7).subject));
        assert_eq!(
            mailbox.list(&acme(), 1).await.map(|l| l.len()).ok(),
            Some(1)
        );
        let other = CompanyId::new("other").expect("a company id");
        assert_eq!(mailbox.list(&other, 10).await.ok(), Some(vec![]));
        let unread = mailbox.read(&other, Uuid::from_u128(7)).await;
        assert_eq!(unread.ok(), Some(None));
    }

    #[tokio::test]
    async fn no_cell_begins_a_header_of_its_own() {
        let (mailbox, _folder) = mailbox();
        let sly = WelcomeMail {
            to_name: "Ana\r\nBcc: all@acme.example".into(),
            subject: "Hello\nBcc: all@acme.example\r\n\r\n<script>".into(),
            ..mail(7)
        };
        mailbox.send(sly).await.expect("sends");
        let path = file(&mailbox.folder_of(&acme()), Uuid::from_u128(7));
        let bytes = fs::read(path).expect("is there");
        let message = MessageParser::default().parse(&bytes).expect("parses");
        assert!(message.bcc().is_none());
        assert!(
            message
                .body_text(0)
                .is_some_and(|text| !text.contains("script"))
        );

        for to in ["", "nobody", "a@b.example\r\nBcc: all@acme.example"] {
            let nowhere = WelcomeMail {
                to: to.into(),
                ..mail(8)
            };
            let refused = mailbox.send(nowhere).await;
            assert!(matches!(refused, Err(PortError::Refused { .. })), "{to:?}");
        }
    }

    #[tokio::test]
    async fn what_a_crash_left_is_cleared_and_all_is_private() {
        let (mailbox, folder) = mailbox();
        mailbox.send(mail(7)).await.expect("sends");
        let company = mailbox.folder_of(&acme());
        fs::write(company.join(".part-x"), "half").expect("writes");
        let root = folder.path().join("mailbox");
        let mailbox = Mailbox::open(&root, Arc::new(Noon)).expect("opens again");
        let left: Vec<PathBuf> = fs::read_dir(&company)
            .expect("lists")
            .map(|entry| entry.expect("an entry").path())
            .collect();
        assert_eq!(left, [file(&company, Uuid::from_u128(7))]);
        assert_eq!(
            mailbox.list(&acme(), 10).await.map(|l| l.len()).ok(),
            Some(1)
        );
        #[cfg(unix)]
        for (path, expected) in [(&root, 0o700), (&company, 0o700), (&left[0], 0o600)] {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(path).expect("is there").permissions().mode();
            assert_eq!(mode & 0o777, expected);
        }
    }
}
