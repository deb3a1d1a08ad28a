//! Notify: the welcome e-mail, once for each person.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures::future::join_all;
use i18n::{Language, Text};
use model::RowState;
use wire::{EmailMessage, Versioned};

use crate::backoff::Backoff;
use crate::consume::{Done, Handler};
use crate::ports::{Change, Clock, EmailClaim, Mailer, PortError, Received, RowStore, WelcomeMail};

const RETRY: Backoff = Backoff {
    base: Duration::from_secs(1),
    cap: Duration::from_secs(60),
};

pub struct Notify {
    pub store: Arc<dyn RowStore>,
    pub mailer: Arc<dyn Mailer>,
    pub clock: Arc<dyn Clock>,
}

impl Notify {
    /// The row's change once the e-mail is out; `None` where the message must wait.
    async fn welcome(&self, received: &Received) -> Option<Change> {
        let message = match Versioned::<EmailMessage>::from_json(&received.body) {
            Ok(message) => message,
            Err(error) => {
                tracing::error!(message_id = received.message_id, %error, "not an e-mail order");
                return None;
            }
        };
        if let Err(error) = self.send_once(&message).await {
            tracing::warn!(row = %message.key, %error, "an e-mail waits");
            return None;
        }
        Some(Change {
            company: message.company,
            key: message.key,
            state: RowState::Notified,
            reason: None,
        })
    }

    async fn send_once(&self, message: &EmailMessage) -> Result<(), PortError> {
        let EmailMessage {
            company,
            key,
            person_id,
            ..
        } = message;
        let claim = self.store.claim_email(company, *person_id, *key).await?;
        fail::fail_point!("notify.after-claim", |_| std::process::abort());
        if claim == EmailClaim::Send {
            self.mailer.send(worded(message)).await?;
            fail::fail_point!("notify.after-mail", |_| std::process::abort());
            self.store.email_sent(company, *person_id).await?;
        }
        Ok(())
    }
}

#[async_trait]
impl Handler for Notify {
    async fn handle(&self, messages: &[Received]) -> Vec<Done> {
        let mut verdicts: Vec<_> = messages
            .iter()
            .map(|received| Done::Retry(RETRY.after(received.receive_count)))
            .collect();
        let welcomes = messages.iter().map(|received| self.welcome(received));
        let welcomed = join_all(welcomes).await;
        let notified = welcomed
            .into_iter()
            .enumerate()
            .filter_map(|(at, change)| Some((at, change?)));
        let (places, changes): (Vec<_>, Vec<_>) = notified.unzip();
        match self.store.apply(&changes, self.clock.now()).await {
            Ok(_) => places
                .into_iter()
                .for_each(|at| verdicts[at] = Done::Delete),
            Err(error) => tracing::warn!(%error, "e-mails are out and not written down"),
        }
        verdicts
    }
}

fn worded(message: &EmailMessage) -> WelcomeMail {
    let language = Language::negotiate(&message.language);
    let text = Text::new(language);
    let args = i18n::args! { "name" => message.name.as_str() };
    let subject = text.say("mail-welcome-subject", &args);
    let greeting = text.say("mail-welcome-greeting", &args);
    let body = text.say("mail-welcome-body", &args);
    let closing = text.say("mail-welcome-closing", &args);
    let footer = text.say("mail-welcome-footer", &args);
    let paragraph = |line: &str| format!("<p>{}</p>", escape_html(line));
    WelcomeMail {
        company: message.company.clone(),
        key: message.key,
        person_id: message.person_id,
        to: message.to.clone(),
        to_name: message.name.clone(),
        html: format!(
            "<!doctype html><html lang=\"{language}\"><meta charset=\"utf-8\"><title>{}</title><body>{}{}{}<hr>{}</body></html>",
            escape_html(&subject),
            paragraph(&greeting),
            paragraph(&body),
            paragraph(&closing),
            paragraph(&footer),
        ),
        text: format!("{greeting}\n\n{body}\n\n{closing}\n\n-- \n{footer}\n"),
        subject,
        language: language.to_string(),
    }
}

/// A name is somebody else's text: it may hold anything.
fn escape_html(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
