//! Where each value of a column stands: which rows share one, and whether one is there at all.
//!
//! A value is hashed once and its bytes are compared only where hashes are the same; the table
//! itself holds the values, so that an entry is eight bytes. Hashes are seeded anew in each
//! process: nobody can make a file whose values collide.

use std::collections::BTreeSet;
use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};
use model::{Field, MusterFormat};

/// How a value counts for identity, as `model::normalise_key_part` has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    Document,
    Text,
}

impl KeyKind {
    pub fn of(field: &Field) -> Self {
        match field.muster_format {
            Some(MusterFormat::Cpf | MusterFormat::Cnpj | MusterFormat::Pis) => Self::Document,
            _ => Self::Text,
        }
    }

    /// The value's key; empty where it has none. `buffer` is used where it is not a part of the
    /// value as it stands.
    pub fn key<'a>(self, value: &'a str, buffer: &'a mut Vec<u8>) -> &'a [u8] {
        buffer.clear();
        match self {
            Self::Document => {
                let kept = value.bytes().filter(u8::is_ascii_alphanumeric);
                buffer.extend(kept.map(|byte| byte.to_ascii_uppercase()));
            }
            Self::Text => {
                let value = value.trim();
                if value.is_ascii() && !value.bytes().any(|byte| byte.is_ascii_uppercase()) {
                    return value.as_bytes();
                }
                buffer.extend_from_slice(value.to_lowercase().as_bytes());
            }
        }
        buffer
    }
}

/// The high bit says that the rest is the number of a group.
const GROUP: u32 = 1 << 31;

#[derive(Clone, Copy)]
struct Slot {
    hash: u32,
    /// The only row with the value, or a group.
    head: u32,
}

/// A hash of a key; `None` for a cell without one.
pub type Hash = Option<std::num::NonZeroU32>;

pub struct Index {
    kind: KeyKind,
    slots: HashTable<Slot>,
    groups: Vec<BTreeSet<u32>>,
    /// Groups that nobody is in.
    free: Vec<u32>,
    seed: DefaultHashBuilder,
}

/// How many rows had the value and have it, and who is there now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    pub before: usize,
    pub after: usize,
    /// Any one row that is in the group, other than the one that came or went.
    pub other: Option<u32>,
}

impl Index {
    pub fn new(kind: KeyKind, seed: DefaultHashBuilder) -> Self {
        Self {
            kind,
            slots: HashTable::new(),
            groups: Vec::new(),
            free: Vec::new(),
            seed,
        }
    }

    pub fn hash(&self, value: &str, buffer: &mut Vec<u8>) -> Hash {
        hash(self.kind, &self.seed, value, buffer)
    }

    /// `cell` gives the text of rows that are in the index.
    pub fn insert<'t>(
        &mut self,
        row: u32,
        hash: Hash,
        value: &str,
        cell: impl Fn(u32) -> &'t str,
    ) -> Change {
        let Some(hash) = hash.map(std::num::NonZeroU32::get) else {
            return Change::NONE;
        };
        let Self {
            kind,
            slots,
            groups,
            free,
            ..
        } = self;
        let first = |head: u32| first_of(head, groups);
        let same = |slot: &Slot| {
            slot.hash == hash && first(slot.head).is_some_and(|at| same_key(*kind, cell(at), value))
        };
        let entry = slots.entry(spread(hash), same, |slot| spread(slot.hash));
        let mut slot = match entry {
            hashbrown::hash_table::Entry::Occupied(slot) => slot,
            hashbrown::hash_table::Entry::Vacant(slot) => {
                slot.insert(Slot { hash, head: row });
                return Change {
                    before: 0,
                    after: 1,
                    other: None,
                };
            }
        };
        let head = slot.get().head;
        let group = if head & GROUP == 0 {
            let at = free.pop().unwrap_or_else(|| {
                groups.push(BTreeSet::new());
                u32::try_from(groups.len() - 1).unwrap_or(u32::MAX)
            });
            groups[at as usize].insert(head);
            slot.get_mut().head = GROUP | at;
            &mut groups[at as usize]
        } else {
            &mut groups[(head & !GROUP) as usize]
        };
        let other = group.first().copied();
        let before = group.len();
        group.insert(row);
        Change {
            before,
            after: group.len(),
            other,
        }
    }

    /// Takes the row out from under the hash of the value that it was put in with.
    pub fn remove(&mut self, row: u32, hash: Hash) -> Change {
        let Some(hash) = hash.map(std::num::NonZeroU32::get) else {
            return Change::NONE;
        };
        let groups = &mut self.groups;
        let holds = |slot: &Slot| {
            slot.hash == hash
                && match slot.head & GROUP {
                    0 => slot.head == row,
                    _ => groups[(slot.head & !GROUP) as usize].contains(&row),
                }
        };
        let Ok(mut slot) = self.slots.find_entry(spread(hash), holds) else {
            return Change::NONE;
        };
        let head = slot.get().head;
        if head & GROUP == 0 {
            slot.remove();
            return Change {
                before: 1,
                after: 0,
                other: None,
            };
        }
        let at = head & !GROUP;
        let group = &mut groups[at as usize];
        let before = group.len();
        group.remove(&row);
        let other = group.first().copied();
        if let (1, Some(last)) = (group.len(), other) {
            group.clear();
            slot.get_mut().head = last;
            self.free.push(at);
        }
        Change {
            before,
            after: before - 1,
            other,
        }
    }

    /// The rows that have the value, in order.
    pub fn rows<'t>(
        &self,
        hash: Hash,
        value: &str,
        cell: impl Fn(u32) -> &'t str,
    ) -> impl Iterator<Item = u32> {
        let slot = hash.and_then(|hash| {
            let hash = hash.get();
            let same = |slot: &Slot| {
                let first = first_of(slot.head, &self.groups);
                slot.hash == hash && first.is_some_and(|at| same_key(self.kind, cell(at), value))
            };
            self.slots.find(spread(hash), same)
        });
        slot.into_iter().flat_map(|slot| self.members(slot.head))
    }

    /// All values, each by the rows that have it.
    pub fn values(&self) -> impl Iterator<Item = impl Iterator<Item = u32>> {
        self.slots.iter().map(|slot| self.members(slot.head))
    }

    /// Values that more than one row has.
    pub fn shared(&self) -> impl Iterator<Item = &BTreeSet<u32>> {
        self.groups.iter().filter(|group| group.len() > 1)
    }

    fn members(&self, head: u32) -> impl Iterator<Item = u32> {
        let alone = (head & GROUP == 0).then_some(head);
        let group = (head & GROUP != 0).then(|| &self.groups[(head & !GROUP) as usize]);
        alone
            .into_iter()
            .chain(group.into_iter().flatten().copied())
    }
}

impl Change {
    const NONE: Self = Self {
        before: 0,
        after: 0,
        other: None,
    };
}

pub fn hash(kind: KeyKind, seed: &DefaultHashBuilder, value: &str, buffer: &mut Vec<u8>) -> Hash {
    let key = kind.key(value, buffer);
    if key.is_empty() {
        return None;
    }
    let hash = seed.hash_one(key);
    // The low half, never zero.
    std::num::NonZeroU32::new((hash & u64::from(u32::MAX)) as u32 | 1 << 31)
}

/// A table wants its bits all over 64 of them.
fn spread(hash: u32) -> u64 {
    u64::from(hash)
        .wrapping_mul(0x9e37_79b9_7f4a_7c15)
        .rotate_left(32)
}

fn first_of(head: u32, groups: &[BTreeSet<u32>]) -> Option<u32> {
    match head & GROUP {
        0 => Some(head),
        _ => groups[(head & !GROUP) as usize].first().copied(),
    }
}

fn same_key(kind: KeyKind, a: &str, b: &str) -> bool {
    let (mut of_a, mut of_b) = (Vec::new(), Vec::new());
    a == b || kind.key(a, &mut of_a) == kind.key(b, &mut of_b)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use model::{Schema, normalise_key_part};
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn keys_are_the_models(value in "\\PC{0,12}|[ 0-9A-Za-zÁé.-]{0,12}") {
            let schema = Schema::employee();
            let mut buffer = Vec::new();
            for name in ["document", "email"] {
                let field = schema.field(name).unwrap();
                let key = KeyKind::of(field).key(&value, &mut buffer);
                let models = normalise_key_part(field, &value);
                prop_assert_eq!(key, models.as_bytes());
            }
        }

        #[test]
        fn agrees_with_a_plain_map(steps in proptest::collection::vec((0..24_u32, "[abA ]{0,2}"), 0..80)) {
            let mut index = Index::new(KeyKind::Text, DefaultHashBuilder::default());
            let mut cells = vec![String::new(); 24];
            let mut buffer = Vec::new();
            for (row, value) in steps {
                let hash = index.hash(&cells[row as usize], &mut buffer);
                index.remove(row, hash);
                cells[row as usize] = value;
                let hash = index.hash(&cells[row as usize], &mut buffer);
                let value = cells[row as usize].clone();
                index.insert(row, hash, &value, |at| &cells[at as usize]);
            }
            let mut plain: BTreeMap<String, BTreeSet<u32>> = BTreeMap::new();
            for (row, cell) in cells.iter().enumerate() {
                let key = cell.trim().to_lowercase();
                if !key.is_empty() {
                    plain.entry(key).or_default().insert(row as u32);
                }
            }
            for (key, rows) in &plain {
                let hash = index.hash(key, &mut buffer);
                let found: BTreeSet<_> = index.rows(hash, key, |at| &cells[at as usize]).collect();
                prop_assert_eq!(&found, rows);
            }
            prop_assert_eq!(index.values().count(), plain.len());
            let shared = plain.values().filter(|rows| rows.len() > 1).count();
            prop_assert_eq!(index.shared().count(), shared);
        }
    }
}
