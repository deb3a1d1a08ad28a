//! Objects as files.
//!
//! `data/<id>` holds an object's bytes and `index/<SHA-256 of the key>.json` says what they are.
//! The index file makes the object: it is written last, in one step, when the bytes are on the
//! disk. Bytes that no index file names are leftovers of a crash, and are removed at the start.
//! One process owns the folder, so the index is kept in memory as well.

use std::collections::{BTreeMap, HashSet};
use std::fs::{self, File};
use std::io;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard};

use jiff::Timestamp;
use s3s::dto::ETag;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::private;

/// What is kept beside an object's bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meta {
    pub key: String,
    pub file: Uuid,
    pub bytes: u64,
    /// Lower-case hexadecimal; the ETag.
    pub md5: String,
    pub checksums: Checksums,
    pub headers: ContentHeaders,
    /// `x-amz-meta-*`
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub user: BTreeMap<String, String>,
    pub modified: Timestamp,
}

impl Meta {
    pub fn e_tag(&self) -> ETag {
        ETag::Strong(self.md5.clone())
    }
}

/// Those that the sender gave, in Base64, as they were verified.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Checksums {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crc32: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crc32c: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crc64nvme: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha1: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
}

/// Headers that come back as they were sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ContentHeaders {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_disposition: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_encoding: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_language: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache_control: Option<String>,
}

/// What must be so for an object to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    Always,
    /// `If-None-Match: *`
    NotThere,
    /// `If-Match`
    Is(ETag),
}

#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    #[error("the condition does not hold")]
    Precondition,
    #[error("there is no such object")]
    Missing,
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Bytes on their way in. Dropped before they are committed, they are removed.
pub struct Incoming {
    pub id: Uuid,
    path: PathBuf,
    committed: bool,
}

impl Incoming {
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        if !self.committed {
            remove_leftover(&self.path);
        }
    }
}

pub struct Objects {
    data: PathBuf,
    index: PathBuf,
    known: RwLock<BTreeMap<String, Arc<Meta>>>,
    /// Held over a change of the index, so that of two changes one comes first.
    changing: Mutex<()>,
}

impl Objects {
    /// Opens or makes the folder, and removes what a crash left behind. An index file that cannot
    /// be read is an error: going on would remove its object's bytes.
    pub fn open(root: &Path) -> io::Result<Self> {
        let (data, index) = (root.join("data"), root.join("index"));
        private::folder(root)?;
        private::folder(&data)?;
        private::folder(&index)?;
        let mut known = BTreeMap::new();
        let mut named = HashSet::new();
        for entry in fs::read_dir(&index)? {
            let path = entry?.path();
            if path.extension().is_none_or(|extension| extension != "json") {
                remove_leftover(&path);
                continue;
            }
            let meta: Meta = serde_json::from_slice(&fs::read(&path)?)?;
            named.insert(meta.file.to_string());
            known.insert(meta.key.clone(), Arc::new(meta));
        }
        for entry in fs::read_dir(&data)? {
            let entry = entry?;
            let name = entry.file_name();
            if !name.to_str().is_some_and(|name| named.contains(name)) {
                remove_leftover(&entry.path());
            }
        }
        Ok(Self {
            data,
            index,
            known: RwLock::new(known),
            changing: Mutex::default(),
        })
    }

    pub fn get(&self, key: &str) -> Option<Arc<Meta>> {
        self.known().get(key).cloned()
    }

    /// An object and its bytes.
    pub fn read(&self, key: &str) -> io::Result<Option<(Arc<Meta>, File)>> {
        while let Some(meta) = self.get(key) {
            match File::open(self.data.join(meta.file.to_string())) {
                Ok(file) => return Ok(Some((meta, file))),
                // Replaced or removed between the two steps: look again.
                Err(error)
                    if error.kind() == io::ErrorKind::NotFound
                        && self.get(key).is_none_or(|now| now.file != meta.file) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    /// Up to `most` objects in the order of their keys, that begin with `prefix` and come after
    /// `after`.
    pub fn page(&self, prefix: &str, after: &str, most: usize) -> Vec<Arc<Meta>> {
        let from = if after >= prefix {
            Bound::Excluded(after)
        } else {
            Bound::Included(prefix)
        };
        let known = self.known();
        known
            .range::<str, _>((from, Bound::Unbounded))
            .take_while(|(key, _)| key.starts_with(prefix))
            .take(most)
            .map(|(_, meta)| Arc::clone(meta))
            .collect()
    }

    pub fn incoming(&self) -> Incoming {
        let id = Uuid::now_v7();
        Incoming {
            id,
            path: self.data.join(id.to_string()),
            committed: false,
        }
    }

    /// Makes the object visible. The bytes must be on the disk already.
    pub fn commit(
        &self,
        mut incoming: Incoming,
        meta: Meta,
        condition: &Condition,
    ) -> Result<Arc<Meta>, CommitError> {
        private::sync_folder(&self.data)?;
        let _alone = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let before = self.get(&meta.key);
        match (condition, &before) {
            (Condition::Always, _) | (Condition::NotThere, None) => {}
            (Condition::Is(tag), Some(before)) if before.e_tag().strong_cmp(tag) => {}
            (Condition::Is(_), None) => return Err(CommitError::Missing),
            (Condition::NotThere | Condition::Is(_), Some(_)) => {
                return Err(CommitError::Precondition);
            }
        }
        let text = serde_json::to_vec(&meta).map_err(io::Error::from)?;
        let index_file = self.index_file(&meta.key);
        let written = private::write(&index_file, &text);
        // One that failed after its last step stands all the same.
        incoming.committed =
            written.is_ok() || fs::read(&index_file).is_ok_and(|there| there == text);
        written?;
        let meta = Arc::new(meta);
        self.know().insert(meta.key.clone(), Arc::clone(&meta));
        if let Some(before) = before {
            remove_leftover(&self.data.join(before.file.to_string()));
        }
        Ok(meta)
    }

    /// Removing what is not there is done already.
    pub fn delete(&self, key: &str) -> io::Result<()> {
        let _alone = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(meta) = self.get(key) else {
            return Ok(());
        };
        fs::remove_file(self.index_file(key))?;
        self.know().remove(key);
        private::sync_folder(&self.index)?;
        remove_leftover(&self.data.join(meta.file.to_string()));
        Ok(())
    }

    fn index_file(&self, key: &str) -> PathBuf {
        let name: String = Sha256::digest(key.as_bytes())
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        self.index.join(name + ".json")
    }

    fn known(&self) -> RwLockReadGuard<'_, BTreeMap<String, Arc<Meta>>> {
        self.known.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn know(&self) -> std::sync::RwLockWriteGuard<'_, BTreeMap<String, Arc<Meta>>> {
        self.known.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What cannot be removed now is removed at the next start.
fn remove_leftover(path: &Path) {
    if let Err(error) = fs::remove_file(path)
        && error.kind() != io::ErrorKind::NotFound
    {
        tracing::warn!(%error, "a file that is not needed any more could not be removed");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(
        objects: &Objects,
        key: &str,
        body: &[u8],
        condition: &Condition,
    ) -> Result<(), CommitError> {
        let incoming = objects.incoming();
        fs::write(incoming.path(), body)?;
        let meta = Meta {
            key: key.into(),
            file: incoming.id,
            bytes: body.len() as u64,
            md5: format!("{:x}", body.len()),
            checksums: Checksums::default(),
            headers: ContentHeaders::default(),
            user: BTreeMap::new(),
            modified: Timestamp::UNIX_EPOCH,
        };
        objects.commit(incoming, meta, condition).map(drop)
    }

    fn files(folder: &Path) -> usize {
        fs::read_dir(folder)
            .map(Iterator::count)
            .unwrap_or_default()
    }

    #[test]
    fn objects_outlive_a_restart_and_leftovers_do_not() {
        let root = tempfile::tempdir().expect("a temporary folder");
        {
            let objects = Objects::open(root.path()).expect("opens");
            put(&objects, "a", b"1", &Condition::Always).expect("stored");
            put(&objects, "a", b"22", &Condition::Always).expect("replaced");
            put(&objects, "b", b"3", &Condition::Always).expect("stored");
            objects.delete("b").expect("removed");
            objects.delete("b").expect("removed already");
        }
        fs::write(root.path().join("data").join("torn"), b"x").expect("written");
        fs::write(root.path().join("index").join(".tmp1"), b"x").expect("written");
        let objects = Objects::open(root.path()).expect("opens again");
        assert_eq!(objects.get("a").map(|meta| meta.bytes), Some(2));
        assert_eq!(objects.get("b"), None);
        assert_eq!(files(&root.path().join("data")), 1);
        assert_eq!(files(&root.path().join("index")), 1);
    }

    #[test]
    fn of_many_that_race_for_one_key_one_wins() {
        let root = tempfile::tempdir().expect("a temporary folder");
        let objects = Objects::open(root.path()).expect("opens");
        let won = std::thread::scope(|scope| {
            let racers: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| put(&objects, "key", b"body", &Condition::NotThere)))
                .collect();
            let outcomes = racers.into_iter().map(|racer| racer.join().expect("ends"));
            outcomes.filter(Result::is_ok).count()
        });
        assert_eq!(won, 1);
        assert_eq!(files(&root.path().join("data")), 1);
    }

    #[test]
    fn no_key_climbs_out() {
        let outer = tempfile::tempdir().expect("a temporary folder");
        let root = outer.path().join("bucket");
        let objects = Objects::open(&root).expect("opens");
        let long = "k".repeat(1024);
        let keys = [
            "../../climbed",
            "/etc/passwd",
            "..\\climbed",
            "C:\\x",
            "CON",
            "a.",
            "a\0b",
            "~",
            ".",
            "..",
            &long,
        ];
        for key in keys {
            put(&objects, key, b"body", &Condition::NotThere).expect("stored");
        }
        assert_eq!(files(outer.path()), 1);
        assert_eq!(files(&root), 2);
        assert_eq!(files(&root.join("index")), keys.len());
        assert_eq!(objects.page("..", "", 10).len(), 3);
    }
}
