use async_trait::async_trait;
use model::{CompanyId, RowKey};
use uuid::Uuid;

use super::PortResult;

/// One welcome e-mail, already worded in the person's language.
#[derive(Clone)]
pub struct WelcomeMail {
    pub company: CompanyId,
    pub key: RowKey,
    pub person_id: Uuid,
    pub to: String,
    pub to_name: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    pub language: String,
}

#[async_trait]
pub trait Mailer: Send + Sync + 'static {
    /// Sends one e-mail. An adapter that can tell makes a second call with the same `person_id`
    /// harmless; the caller takes care of the rest.
    async fn send(&self, mail: WelcomeMail) -> PortResult<()>;
}
