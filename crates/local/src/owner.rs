//! The keys of whoever owns the data folder: made once, kept in a file for its user alone.

use std::fs;
use std::io;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use rand::Rng;
use serde::{Deserialize, Serialize};

use crate::identity::{Identity, Policy};
use crate::private;

const FILE: &str = "owner.json";

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnerKeys {
    pub access_key_id: String,
    /// 40 characters, as AWS makes them.
    pub secret_access_key: String,
    /// The bearer token of the gateway: 256 random bits.
    pub token: String,
}

impl OwnerKeys {
    pub fn open(folder: &Path) -> io::Result<Self> {
        let path = folder.join(FILE);
        match fs::read(&path) {
            Ok(text) => Ok(serde_json::from_slice(&text)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let made = Self::make();
                private::write(&path, &serde_json::to_vec(&made)?)?;
                Ok(made)
            }
            Err(error) => Err(error),
        }
    }

    fn make() -> Self {
        let id: String = random::<16>()
            .iter()
            .map(|byte| char::from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[usize::from(byte % 32)]))
            .collect();
        Self {
            access_key_id: format!("AKIA{id}"),
            secret_access_key: STANDARD_NO_PAD.encode(random::<30>()),
            token: URL_SAFE_NO_PAD.encode(random::<32>()),
        }
    }

    pub fn identity(&self) -> Identity {
        Identity {
            access_key_id: self.access_key_id.clone(),
            secret_access_key: self.secret_access_key.clone(),
            session_token: None,
            expires_at: None,
            policy: Policy::Owner,
        }
    }
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::rng().fill_bytes(&mut bytes);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_once_and_kept() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let keys = OwnerKeys::open(folder.path()).expect("made");
        assert!(keys == OwnerKeys::open(folder.path()).expect("kept"));
        assert_eq!(keys.secret_access_key.len(), 40);
        assert_eq!(keys.access_key_id.len(), 20);
        assert!(keys != OwnerKeys::make());
    }
}
