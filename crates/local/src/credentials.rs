//! Short-lived keys of workstations, each for two queues: its status queue and its company's
//! rejected queue. They outlive a restart of the pipeline; a desk does not notice it.

use std::path::Path;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use pipeline::ports::WorkstationRecord;
use rand::seq::IndexedRandom;
use rusqlite::{Connection, Result, params};
use wire::Credentials;

use crate::columns::{At, Json};
use crate::db::{Db, DbResult};
use crate::identity::{Identities, Identity, Policy};

/// What a role that a Lambda function assumed can give at the most ("role chaining").
/// <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>
pub(crate) const VALID_FOR: SignedDuration = SignedDuration::from_hours(1);

/// An expired key is known for as long, so that it is told to be expired, not unknown.
const KEPT_FOR: SignedDuration = SignedDuration::from_hours(24);

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS credentials (
    access_key_id TEXT PRIMARY KEY,
    secret_access_key TEXT NOT NULL,
    session_token TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    queues TEXT NOT NULL
) WITHOUT ROWID;
";

pub struct WorkstationCredentials {
    db: Db,
    identities: Arc<Identities>,
}

impl WorkstationCredentials {
    /// Opens or makes the file, and makes what it holds known to `identities`.
    pub async fn open(path: &Path, identities: Arc<Identities>) -> DbResult<Self> {
        let db = Db::open(path, SCHEMA)?;
        for identity in db.read(all).await? {
            identities.put(identity);
        }
        Ok(Self { db, identities })
    }

    /// New keys, good for an hour, on the disk before they are handed out. Earlier ones of the
    /// workstation stay good until they expire.
    pub async fn issue(
        &self,
        workstation: &WorkstationRecord,
        rejected_queue: &str,
        now: Timestamp,
    ) -> DbResult<Credentials> {
        let credentials = Credentials {
            access_key_id: access_key_id(),
            secret_access_key: STANDARD.encode(rand::random::<[u8; 30]>()),
            session_token: STANDARD.encode(rand::random::<[u8; 48]>()),
            expires_at: now.checked_add(VALID_FOR).unwrap_or(now),
        };
        let queues = vec![workstation.status_queue.clone(), rejected_queue.to_owned()];
        let identity = identity(&credentials, queues.clone());
        let forgotten = now.checked_sub(KEPT_FOR).unwrap_or(now);
        let kept = credentials.clone();
        self.db
            .write(move |c| {
                c.prepare_cached("DELETE FROM credentials WHERE expires_at < ?1")?
                    .execute([At(forgotten)])?;
                put(c, &kept, &queues)
            })
            .await?;
        self.identities.forget_expired(forgotten);
        self.identities.put(identity);
        Ok(credentials)
    }
}

/// As AWS makes them: `ASIA` says that the key is temporary.
fn access_key_id() -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut random = rand::rng();
    let drawn = (0..16).filter_map(|_| LETTERS.choose(&mut random));
    "ASIA"
        .chars()
        .chain(drawn.map(|b| char::from(*b)))
        .collect()
}

fn identity(credentials: &Credentials, queues: Vec<String>) -> Identity {
    Identity {
        access_key_id: credentials.access_key_id.clone(),
        secret_access_key: credentials.secret_access_key.clone(),
        session_token: Some(credentials.session_token.clone()),
        expires_at: Some(credentials.expires_at),
        policy: Policy::Queues(queues),
    }
}

fn all(c: &Connection) -> Result<Vec<Identity>> {
    c.prepare(
        "SELECT access_key_id, secret_access_key, session_token, expires_at, queues
         FROM credentials",
    )?
    .query_map([], |row| {
        let credentials = Credentials {
            access_key_id: row.get(0)?,
            secret_access_key: row.get(1)?,
            session_token: row.get(2)?,
            expires_at: row.get::<_, At>(3)?.0,
        };
        Ok(identity(&credentials, row.get::<_, Json<_>>(4)?.0))
    })?
    .collect()
}

fn put(c: &Connection, credentials: &Credentials, queues: &[String]) -> Result<()> {
    c.prepare_cached(
        "INSERT INTO credentials
             (access_key_id, secret_access_key, session_token, expires_at, queues)
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        credentials.access_key_id,
        credentials.secret_access_key,
        credentials.session_token,
        At(credentials.expires_at),
        Json(queues),
    ])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use model::{CompanyId, WorkstationId};
    use uuid::Uuid;

    use super::*;

    #[tokio::test]
    async fn keys_open_two_queues_for_an_hour_and_outlive_a_restart() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("credentials.db");
        let desk = WorkstationRecord {
            workstation_id: WorkstationId(Uuid::from_u128(1)),
            company: CompanyId::new("acme").expect("a company id"),
            user: "ana".into(),
            desk_name: "Ana".into(),
            status_queue: "muster-status-1".into(),
        };
        let now = Timestamp::UNIX_EPOCH;
        let identities = Arc::new(Identities::default());
        let store = WorkstationCredentials::open(&path, Arc::clone(&identities)).await;
        let store = store.expect("opens");
        let issued = store.issue(&desk, "muster-rejected-acme", now).await;
        let issued = issued.expect("issues");
        assert_eq!(issued.secret_access_key.len(), 40);
        assert_eq!(issued.expires_at, now + SignedDuration::from_hours(1));
        drop(store);

        let after = Arc::new(Identities::default());
        let store = WorkstationCredentials::open(&path, Arc::clone(&after)).await;
        let store = store.expect("opens again");
        let known = after.get(&issued.access_key_id).expect("is known");
        assert_eq!(Some(&known), identities.get(&issued.access_key_id).as_ref());
        assert_eq!(known.session_token, Some(issued.session_token));
        let queues = ["muster-status-1", "muster-rejected-acme"].map(String::from);
        assert_eq!(known.policy, Policy::Queues(queues.into()));

        // Expired keys are forgotten in the end, here and in the file.
        let later = now + SignedDuration::from_hours(26);
        let renewed = store.issue(&desk, "muster-rejected-acme", later).await;
        let renewed = renewed.expect("issues");
        assert_ne!(renewed.access_key_id, issued.access_key_id);
        assert_eq!(after.get(&issued.access_key_id), None);
        drop(store);
        let last = Arc::new(Identities::default());
        let store = WorkstationCredentials::open(&path, Arc::clone(&last)).await;
        drop(store);
        assert_eq!(last.get(&issued.access_key_id), None);
        assert!(last.get(&renewed.access_key_id).is_some());
    }
}
