//! The people who are registered, in a file of the registry's own.
//!
//! Every key gets the answer that it got before, a refusal too: a message that comes again after
//! the person in its way was removed may not register a row that the row store holds as refused.
//! Whoever wants another answer sends the row again, as its next generation.

use std::path::Path;

use async_trait::async_trait;
use jiff::Timestamp;
use model::{BatchId, CompanyId, Generation, Reason, ReasonCode, RowKey, RowNo};
use pipeline::ports::{People, PortError, PortResult};
use rusqlite::{Connection, OptionalExtension, Result, Row, params};
use uuid::Uuid;
use wire::{Fence, FenceAnswer, RegisterAnswer, RegisterRequest, Registration};

use crate::columns::{At, Id};
use crate::db::{Db, DbError, DbResult};

const PORT: &str = "people";

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS registrations (
    company TEXT NOT NULL,
    batch_id BLOB NOT NULL,
    row_no INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    natural_key TEXT NOT NULL,
    person_id BLOB NOT NULL,
    at INTEGER NOT NULL,
    -- A row is one person, whatever its generation.
    PRIMARY KEY (company, batch_id, row_no),
    UNIQUE (company, natural_key)
) WITHOUT ROWID;

-- Keys that were refused because somebody was there already, and who.
CREATE TABLE IF NOT EXISTS refusals (
    company TEXT NOT NULL,
    batch_id BLOB NOT NULL,
    row_no INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    field TEXT,
    by_batch_id BLOB NOT NULL,
    by_row_no INTEGER NOT NULL,
    PRIMARY KEY (company, batch_id, row_no, generation)
) WITHOUT ROWID;

-- The lowest generation of a row that may still be registered.
CREATE TABLE IF NOT EXISTS fences (
    company TEXT NOT NULL,
    batch_id BLOB NOT NULL,
    row_no INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    PRIMARY KEY (company, batch_id, row_no)
) WITHOUT ROWID;
";

pub struct SqlitePeople {
    db: Db,
}

impl SqlitePeople {
    /// Opens or makes the file.
    pub fn open(path: &Path) -> DbResult<Self> {
        let db = Db::open(path, SCHEMA)?;
        Ok(Self { db })
    }
}

#[async_trait]
impl People for SqlitePeople {
    async fn register(
        &self,
        request: &RegisterRequest,
        at: Timestamp,
    ) -> PortResult<RegisterAnswer> {
        let request = request.clone();
        self.db
            .write(move |c| register(c, &request, at))
            .await
            .map_err(unavailable)
    }

    async fn look_up(&self, company: &CompanyId, key: RowKey) -> PortResult<Option<Registration>> {
        let company = company.clone();
        self.db
            .read(move |c| {
                let found = registration_of_row(c, &company, key)?;
                Ok(found.filter(|registration| registration.key == key))
            })
            .await
            .map_err(unavailable)
    }

    async fn fence(&self, fence: &Fence) -> PortResult<FenceAnswer> {
        let fence = fence.clone();
        self.db
            .write(move |c| close_before(c, &fence))
            .await
            .map_err(unavailable)
    }
}

fn unavailable(error: DbError) -> PortError {
    PortError::unavailable(PORT, error)
}

fn register(c: &Connection, request: &RegisterRequest, at: Timestamp) -> Result<RegisterAnswer> {
    let (company, key) = (&request.company, request.key);
    let row_has = registration_of_row(c, company, key)?;
    if let Some(registration) = row_has.as_ref().filter(|had| had.key == key) {
        return Ok(RegisterAnswer::Registered(registration.clone()));
    }
    if let Some(reason) = refusal(c, company, key)? {
        return Ok(RegisterAnswer::Refused(reason));
    }
    // What was registered closes the generations below it as a fence does.
    let registered = row_has.as_ref().map(|had| had.key.generation);
    if fenced(c, company, key)?.max(registered) > Some(key.generation) {
        let reason = Reason::new(ReasonCode::Superseded);
        return Ok(RegisterAnswer::Refused(reason));
    }
    let in_its_way = match row_has {
        Some(had) => Some((had.key.batch_id, had.key.row_no)),
        None => holder(c, request)?,
    };
    if let Some(by) = in_its_way {
        let reason = Reason {
            field: request.natural_key.field().map(str::to_owned),
            registered_by: Some(by),
            ..Reason::new(ReasonCode::AlreadyRegistered)
        };
        remember_refusal(c, company, key, reason.field.as_deref(), by)?;
        return Ok(RegisterAnswer::Refused(reason));
    }
    let registration = Registration {
        person_id: Uuid::now_v7(),
        key,
        registered_at: at,
    };
    c.prepare_cached(
        "INSERT INTO registrations
             (company, batch_id, row_no, generation, natural_key, person_id, at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        company.as_str(),
        Id(key.batch_id.0),
        key.row_no.0,
        key.generation.0,
        request.natural_key.as_str(),
        Id(registration.person_id),
        At(at),
    ])?;
    Ok(RegisterAnswer::Registered(registration))
}

/// The row's registration in whatever generation.
fn registration_of_row(
    c: &Connection,
    company: &CompanyId,
    key: RowKey,
) -> Result<Option<Registration>> {
    c.prepare_cached(
        "SELECT generation, person_id, at FROM registrations
         WHERE company = ?1 AND batch_id = ?2 AND row_no = ?3",
    )?
    .query_row(
        params![company.as_str(), Id(key.batch_id.0), key.row_no.0],
        |row| {
            Ok(Registration {
                person_id: row.get::<_, Id>(1)?.0,
                key: RowKey {
                    generation: Generation(row.get(0)?),
                    ..key
                },
                registered_at: row.get::<_, At>(2)?.0,
            })
        },
    )
    .optional()
}

/// Who has the natural key.
fn holder(c: &Connection, request: &RegisterRequest) -> Result<Option<(BatchId, RowNo)>> {
    c.prepare_cached(
        "SELECT batch_id, row_no FROM registrations WHERE company = ?1 AND natural_key = ?2",
    )?
    .query_row(
        params![request.company.as_str(), request.natural_key.as_str()],
        |row| place(row, 0),
    )
    .optional()
}

fn place(row: &Row<'_>, column: usize) -> Result<(BatchId, RowNo)> {
    Ok((
        BatchId(row.get::<_, Id>(column)?.0),
        RowNo(row.get(column + 1)?),
    ))
}

fn refusal(c: &Connection, company: &CompanyId, key: RowKey) -> Result<Option<Reason>> {
    c.prepare_cached(
        "SELECT field, by_batch_id, by_row_no FROM refusals
         WHERE company = ?1 AND batch_id = ?2 AND row_no = ?3 AND generation = ?4",
    )?
    .query_row(
        params![
            company.as_str(),
            Id(key.batch_id.0),
            key.row_no.0,
            key.generation.0
        ],
        |row| {
            Ok(Reason {
                field: row.get(0)?,
                registered_by: Some(place(row, 1)?),
                ..Reason::new(ReasonCode::AlreadyRegistered)
            })
        },
    )
    .optional()
}

fn remember_refusal(
    c: &Connection,
    company: &CompanyId,
    key: RowKey,
    field: Option<&str>,
    (by_batch, by_row): (BatchId, RowNo),
) -> Result<()> {
    c.prepare_cached(
        "INSERT INTO refusals
             (company, batch_id, row_no, generation, field, by_batch_id, by_row_no)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        company.as_str(),
        Id(key.batch_id.0),
        key.row_no.0,
        key.generation.0,
        field,
        Id(by_batch.0),
        by_row.0,
    ])?;
    Ok(())
}

fn fenced(c: &Connection, company: &CompanyId, key: RowKey) -> Result<Option<Generation>> {
    c.prepare_cached(
        "SELECT generation FROM fences WHERE company = ?1 AND batch_id = ?2 AND row_no = ?3",
    )?
    .query_row(
        params![company.as_str(), Id(key.batch_id.0), key.row_no.0],
        |row| row.get(0).map(Generation),
    )
    .optional()
}

fn close_before(c: &Connection, fence: &Fence) -> Result<FenceAnswer> {
    let Fence { company, key } = fence;
    c.prepare_cached(
        "INSERT INTO fences (company, batch_id, row_no, generation) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO UPDATE SET generation = max(generation, excluded.generation)",
    )?
    .execute(params![
        company.as_str(),
        Id(key.batch_id.0),
        key.row_no.0,
        key.generation.0
    ])?;
    let before = registration_of_row(c, company, *key)?
        .filter(|registration| registration.key.generation < key.generation);
    Ok(match before {
        Some(registration) => FenceAnswer::RegisteredBefore {
            generation: registration.key.generation,
            registration,
        },
        None => FenceAnswer::Fenced,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use model::{NaturalKey, Record, Schema};
    use proptest::prelude::*;

    use super::*;

    fn key(row_no: u32, generation: u32) -> RowKey {
        RowKey {
            batch_id: BatchId(Uuid::from_u128(1)),
            row_no: RowNo(row_no),
            generation: Generation(generation),
        }
    }

    fn company(name: &str) -> CompanyId {
        CompanyId::new(name).expect("a company id")
    }

    fn request(key: RowKey, document: &str) -> RegisterRequest {
        let schema: Schema =
            serde_json::from_str(r#"{"fields":[{"name":"document"}],"primaryKey":"document"}"#)
                .expect("a schema");
        let record = Record::from([("document".into(), document.into())]);
        RegisterRequest {
            company: company("acme"),
            key,
            natural_key: NaturalKey::of(&schema, &record).expect("a natural key"),
            record,
        }
    }

    fn people() -> (SqlitePeople, tempfile::TempDir) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let people = SqlitePeople::open(&folder.path().join("registry.db")).expect("opens");
        (people, folder)
    }

    async fn register(people: &SqlitePeople, key: RowKey, document: &str) -> RegisterAnswer {
        let answer = people
            .register(&request(key, document), Timestamp::UNIX_EPOCH)
            .await;
        answer.expect("answers")
    }

    async fn fence(people: &SqlitePeople, key: RowKey) -> FenceAnswer {
        let company = company("acme");
        let answer = people.fence(&Fence { company, key }).await;
        answer.expect("answers")
    }

    fn code(answer: &RegisterAnswer) -> Option<ReasonCode> {
        match answer {
            RegisterAnswer::Registered(_) => None,
            RegisterAnswer::Refused(reason) => Some(reason.code),
        }
    }

    #[tokio::test]
    async fn the_same_key_gets_the_same_answer() {
        let (people, _folder) = people();
        let first = register(&people, key(1, 1), "111").await;
        assert_eq!(code(&first), None);
        assert_eq!(register(&people, key(1, 1), "111").await, first);
        let refused = register(&people, key(2, 1), "111").await;
        assert_eq!(
            refused,
            RegisterAnswer::Refused(Reason {
                field: Some("document".into()),
                registered_by: Some((key(1, 1).batch_id, RowNo(1))),
                ..Reason::new(ReasonCode::AlreadyRegistered)
            })
        );
        // Even where what it asks for could be granted now.
        assert_eq!(register(&people, key(2, 1), "222").await, refused);
        assert_eq!(code(&register(&people, key(2, 2), "222").await), None);
    }

    #[tokio::test]
    async fn a_fence_closes_what_is_below_it_and_tells_what_came_before() {
        let (people, _folder) = people();
        assert_eq!(fence(&people, key(1, 2)).await, FenceAnswer::Fenced);
        let late = register(&people, key(1, 1), "111").await;
        assert_eq!(code(&late), Some(ReasonCode::Superseded));
        let registered = register(&people, key(1, 2), "111").await;
        assert_eq!(code(&registered), None);
        assert_eq!(fence(&people, key(1, 2)).await, FenceAnswer::Fenced);
        let RegisterAnswer::Registered(registration) = registered else {
            return;
        };
        assert_eq!(
            fence(&people, key(1, 3)).await,
            FenceAnswer::RegisteredBefore {
                generation: Generation(2),
                registration: registration.clone(),
            }
        );
        // The row is one person: its next generation is not another.
        let again = register(&people, key(1, 3), "333").await;
        assert_eq!(code(&again), Some(ReasonCode::AlreadyRegistered));
        let company = company("acme");
        let found = people.look_up(&company, key(1, 2)).await;
        assert_eq!(found.ok(), Some(Some(registration)));
        let other = people.look_up(&company, key(1, 3)).await;
        assert_eq!(other.ok(), Some(None));
    }

    #[tokio::test]
    async fn another_company_has_people_of_its_own() {
        let (people, _folder) = people();
        register(&people, key(1, 1), "111").await;
        let theirs = RegisterRequest {
            company: company("other"),
            ..request(key(1, 1), "111")
        };
        let found = people.look_up(&theirs.company, theirs.key).await;
        assert_eq!(found.ok(), Some(None));
        let answer = people.register(&theirs, Timestamp::UNIX_EPOCH).await;
        assert_eq!(answer.map(|answer| code(&answer)).ok(), Some(None));
    }

    #[derive(Clone, Debug)]
    enum Step {
        Register(u32, u32, u8),
        Fence(u32, u32),
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

        #[test]
        fn nobody_is_registered_twice(steps in proptest::collection::vec(prop_oneof![
            3 => (1..4_u32, 1..4_u32, 0..3_u8).prop_map(|(r, g, d)| Step::Register(r, g, d)),
            1 => (1..4_u32, 1..5_u32).prop_map(|(r, g)| Step::Fence(r, g)),
        ], 1..40)) {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime");
            runtime.block_on(async {
                let (people, _folder) = people();
                let mut answers: HashMap<RowKey, RegisterAnswer> = HashMap::new();
                let mut by_row = HashMap::new();
                let mut by_document = HashMap::new();
                let mut fences: HashMap<u32, u32> = HashMap::new();
                for step in steps {
                    match step {
                        Step::Fence(row_no, generation) => {
                            fence(&people, key(row_no, generation)).await;
                            let highest = fences.entry(row_no).or_default();
                            *highest = generation.max(*highest);
                        }
                        Step::Register(row_no, generation, document) => {
                            let key = key(row_no, generation);
                            let answer = register(&people, key, &format!("{document}")).await;
                            let before = answers.insert(key, answer.clone());
                            let superseded = Some(ReasonCode::Superseded);
                            if let Some(before) = before {
                                assert_eq!(before, answer, "the same key, the same answer");
                            } else if code(&answer).is_none() {
                                assert!(fences.get(&row_no).is_none_or(|f| *f <= generation));
                                assert_eq!(by_row.insert(row_no, key), None);
                                assert_eq!(by_document.insert(document, key), None);
                            } else if code(&answer) != superseded {
                                assert!(
                                    by_row.contains_key(&row_no)
                                        || by_document.contains_key(&document)
                                );
                            }
                        }
                    }
                }
            });
        }
    }
}
