//! Bearer tokens and whom they speak for. Only their hashes are kept: a token is shown once, when
//! it is issued.

use std::path::Path;
use std::sync::{PoisonError, RwLock};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::CompanyId;
use pipeline::ports::{Principal, Role};
use rusqlite::{Connection, Result, params};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::columns::{Json, company};
use crate::db::{Db, DbResult};

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS tokens (
    sha256 BLOB PRIMARY KEY,
    company TEXT NOT NULL,
    user TEXT NOT NULL,
    role TEXT NOT NULL
) WITHOUT ROWID;
";

/// What a token looks like to whoever finds one in the wrong place.
const PREFIX: &str = "muster_";

type Hash = [u8; 32];

pub struct Tokens {
    db: Db,
    known: RwLock<Vec<(Hash, Principal)>>,
}

impl Tokens {
    /// Opens or makes the file; what was issued before it was closed is good again.
    pub async fn open(path: &Path) -> DbResult<Self> {
        let db = Db::open(path, SCHEMA)?;
        let known = RwLock::new(db.read(all).await?);
        Ok(Self { db, known })
    }

    /// A new token, on the disk before it is handed out.
    pub async fn issue(&self, company: &CompanyId, user: &str, role: Role) -> DbResult<String> {
        let secret = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>());
        let token = format!("{PREFIX}{secret}");
        let principal = Principal {
            company: company.clone(),
            user: user.to_owned(),
            role,
        };
        self.admit(&token, principal).await?;
        Ok(token)
    }

    /// Takes a token that was made elsewhere, such as the owner's. It speaks for the last
    /// principal that it was admitted for.
    pub async fn admit(&self, token: &str, principal: Principal) -> DbResult<()> {
        let hash = hash(token);
        let kept = principal.clone();
        self.db.write(move |c| put(c, &hash, &kept)).await?;
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.retain(|(other, _)| *other != hash);
        known.push((hash, principal));
        Ok(())
    }

    /// `None` where the token is not known. How long that takes tells nothing of those that are:
    /// every hash is compared, and each as a whole.
    pub fn principal(&self, token: &str) -> Option<Principal> {
        let asked = hash(token);
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let found = known.iter().fold(None, |found, (hash, principal)| {
            if bool::from(hash.ct_eq(&asked)) {
                Some(principal)
            } else {
                found
            }
        });
        found.cloned()
    }
}

fn hash(token: &str) -> Hash {
    Sha256::digest(token).into()
}

fn all(c: &Connection) -> Result<Vec<(Hash, Principal)>> {
    c.prepare("SELECT sha256, company, user, role FROM tokens")?
        .query_map([], |row| {
            let principal = Principal {
                company: company(row, 1)?,
                user: row.get(2)?,
                role: row.get::<_, Json<_>>(3)?.0,
            };
            Ok((row.get(0)?, principal))
        })?
        .collect()
}

fn put(c: &Connection, hash: &Hash, principal: &Principal) -> Result<()> {
    c.execute(
        "INSERT OR REPLACE INTO tokens (sha256, company, user, role) VALUES (?1, ?2, ?3, ?4)",
        params![
            hash.as_slice(),
            principal.company.as_str(),
            principal.user,
            Json(principal.role)
        ],
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_token_speaks_for_its_user_across_a_restart_and_is_not_in_the_file() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("tokens.db");
        let acme = CompanyId::new("acme").expect("a company id");
        let tokens = Tokens::open(&path).await.expect("opens");
        let token = tokens.issue(&acme, "ana", Role::Hr).await.expect("issues");
        let other = tokens.issue(&acme, "bob", Role::Admin).await;
        assert_ne!(other.as_ref().ok(), Some(&token));
        let owner = Principal {
            company: acme.clone(),
            user: "owner".into(),
            role: Role::Admin,
        };
        for _ in 0..2 {
            let admitted = tokens.admit("made elsewhere", owner.clone()).await;
            admitted.expect("is kept");
        }
        drop(tokens);

        let tokens = Tokens::open(&path).await.expect("opens again");
        let principal = Principal {
            company: acme,
            user: "ana".into(),
            role: Role::Hr,
        };
        assert_eq!(tokens.principal(&token), Some(principal));
        assert_eq!(tokens.principal("made elsewhere"), Some(owner));
        for unknown in ["", PREFIX, &token[..token.len() - 1], &token.to_uppercase()] {
            assert_eq!(tokens.principal(unknown), None, "{unknown:?}");
        }
        for entry in folder.path().read_dir().expect("lists") {
            let bytes = std::fs::read(entry.expect("an entry").path()).expect("reads");
            let secret = token.trim_start_matches(PREFIX).as_bytes();
            assert!(!bytes.windows(secret.len()).any(|window| window == secret));
        }
    }
}
