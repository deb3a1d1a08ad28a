//! Queues and messages on the disk: one file, read whole when it is opened (bodies apart) and
//! written ever after.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::types::Type;
use rusqlite::{CachedStatement, Connection, OptionalExtension, params};
use uuid::Uuid;

use super::address::Receipt;
use super::attributes::{Attributes, Map};
use super::content::Content;
use super::line::{Millis, Place, Seq, Standing};
use super::queues::{Moves, Queue, QueueId, Queues};

/// Where a message stands changes often and is small; what it says never changes and may be long.
///
/// Each opening gets numbers of its own, so that a receipt from before a restart can never fit a
/// message sent after it.
///
/// What is deleted is overwritten: messages are about people.
pub(super) const SCHEMA: &str = "
    PRAGMA secure_delete = on;
    CREATE TABLE IF NOT EXISTS openings (one INTEGER PRIMARY KEY CHECK (one = 1), count INTEGER NOT NULL);
    INSERT INTO openings VALUES (1, 1) ON CONFLICT DO UPDATE SET count = count + 1;
    CREATE TABLE IF NOT EXISTS queues (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        created INTEGER NOT NULL,
        modified INTEGER NOT NULL,
        attributes TEXT NOT NULL
    );
    CREATE TABLE IF NOT EXISTS messages (
        seq INTEGER PRIMARY KEY,
        queue INTEGER NOT NULL,
        sent_at INTEGER NOT NULL,
        visible_at INTEGER NOT NULL,
        received INTEGER NOT NULL,
        received_here INTEGER NOT NULL,
        first_received INTEGER,
        message_group TEXT,
        source TEXT
    );
    CREATE TABLE IF NOT EXISTS contents (
        seq INTEGER PRIMARY KEY,
        id BLOB NOT NULL,
        body TEXT NOT NULL,
        extra TEXT NOT NULL
    );
";

/// Numbers that one opening may give.
const NUMBERS: i64 = 1 << 32;

/// A message to be written.
pub(super) struct Sent {
    pub id: Uuid,
    pub standing: Standing,
    pub content: Content,
}

/// A message as a receiver will get it.
pub(super) struct Received {
    pub receipt: Receipt,
    pub standing: Standing,
    pub id: Uuid,
    pub content: Content,
}

/// Reads everything but the bodies.
pub(super) fn load(connection: &Connection, now: Millis) -> rusqlite::Result<Queues> {
    let openings =
        connection.query_row("SELECT count FROM openings", [], |row| row.get::<_, i64>(0))?;
    let mut queues = Queues::new(openings * NUMBERS);
    let mut statement =
        connection.prepare("SELECT id, name, created, modified, attributes FROM queues")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let attributes = read_attributes(&row.get::<_, String>(4)?)?;
        let mut queue = Queue::new(row.get(0)?, row.get(1)?, attributes, row.get(2)?);
        queue.modified = row.get(3)?;
        queues.insert(queue);
    }
    queues.relink();
    let mut groups = HashMap::new();
    let mut statement = connection.prepare(
        "SELECT queue, seq, sent_at, visible_at, received, received_here, first_received,
                message_group, source
         FROM messages ORDER BY seq",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let Some(queue) = queues.by_id_mut(row.get(0)?) else {
            continue;
        };
        let mut shared = |column| -> rusqlite::Result<_> {
            let text: Option<String> = row.get(column)?;
            Ok(text.map(|text| {
                let known = groups
                    .entry(text)
                    .or_insert_with_key(|text| text.as_str().into());
                Arc::clone(known)
            }))
        };
        let (group, source) = (shared(7)?, shared(8)?);
        let (until, received_here): (Millis, u32) = (row.get(3)?, row.get(5)?);
        queue.line.add(Standing {
            seq: row.get(1)?,
            place: match received_here {
                _ if until <= now && received_here == 0 => Place::Ready,
                0 => Place::Delayed { until },
                // Also what is due already: letting time pass brings it back, or buries it.
                _ => Place::InFlight { since: now, until },
            },
            group,
            sent_at: row.get(2)?,
            first_received: row.get(6)?,
            received: row.get(4)?,
            received_here,
            source,
        });
    }
    Ok(queues)
}

fn read_attributes(text: &str) -> rusqlite::Result<Attributes> {
    let unreadable = |error: Box<dyn std::error::Error + Send + Sync>| {
        rusqlite::Error::FromSqlConversionFailure(4, Type::Text, error)
    };
    let map: Map = serde_json::from_str(text).map_err(|error| unreadable(error.into()))?;
    Attributes::default()
        .with(&map)
        .map_err(|fault| unreadable(fault.into()))
}

pub(super) fn put_queue(
    connection: &Connection,
    id: QueueId,
    name: &str,
    (created, modified): (Millis, Millis),
    attributes: &Map,
) -> rusqlite::Result<()> {
    let attributes = as_json(attributes)?;
    connection
        .prepare_cached(
            "INSERT INTO queues VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (id) DO UPDATE
             SET modified = excluded.modified, attributes = excluded.attributes",
        )?
        .execute(params![id, name, created, modified, attributes])?;
    Ok(())
}

pub(super) fn delete_queue(connection: &Connection, id: QueueId) -> rusqlite::Result<()> {
    purge(connection, id)?;
    connection.execute("DELETE FROM queues WHERE id = ?1", [id])?;
    Ok(())
}

pub(super) fn purge(connection: &Connection, id: QueueId) -> rusqlite::Result<()> {
    connection.execute(
        "DELETE FROM contents WHERE seq IN (SELECT seq FROM messages WHERE queue = ?1)",
        [id],
    )?;
    connection.execute("DELETE FROM messages WHERE queue = ?1", [id])?;
    Ok(())
}

pub(super) fn insert(
    connection: &Connection,
    queue: QueueId,
    sent: &[Sent],
) -> rusqlite::Result<()> {
    let mut message = connection.prepare_cached(
        "INSERT INTO messages (seq, queue, sent_at, visible_at, received, received_here, message_group)
         VALUES (?1, ?2, ?3, ?4, 0, 0, ?5)",
    )?;
    let mut content = connection.prepare_cached("INSERT INTO contents VALUES (?1, ?2, ?3, ?4)")?;
    for Sent {
        id,
        standing,
        content: said,
    } in sent
    {
        let Standing { seq, sent_at, .. } = standing;
        let group = standing.group.as_deref();
        message.execute(params![seq, queue, sent_at, visible_at(standing), group])?;
        content.execute(params![
            seq,
            id.as_bytes(),
            said.body,
            as_json(&said.extra)?
        ])?;
    }
    Ok(())
}

/// Writes down a receive, and reads what the messages say. One that is not there (its sender was
/// told that it could not be written) is left out.
pub(super) fn receive(
    connection: &Connection,
    queue: QueueId,
    taken: &[Standing],
) -> rusqlite::Result<Vec<Received>> {
    let mut update = stand(connection)?;
    let mut select =
        connection.prepare_cached("SELECT id, body, extra FROM contents WHERE seq = ?1")?;
    let mut found = Vec::with_capacity(taken.len());
    for standing in taken {
        put_standing(&mut update, standing)?;
        let content = select.query_row([standing.seq], |row| {
            let extra = serde_json::from_str(row.get_ref(2)?.as_str()?).map_err(|error| {
                rusqlite::Error::FromSqlConversionFailure(2, Type::Text, error.into())
            })?;
            Ok((
                Uuid::from_bytes(row.get(0)?),
                Content {
                    body: row.get(1)?,
                    extra,
                },
            ))
        });
        if let Some((id, content)) = content.optional()? {
            let Standing { seq, received, .. } = *standing;
            let receipt = Receipt {
                queue,
                seq,
                received,
            };
            found.push(Received {
                receipt,
                standing: standing.clone(),
                id,
                content,
            });
        }
    }
    Ok(found)
}

/// Writes down where messages stand.
pub(super) fn restand(connection: &Connection, standings: &[Standing]) -> rusqlite::Result<()> {
    let mut update = stand(connection)?;
    standings
        .iter()
        .try_for_each(|standing| put_standing(&mut update, standing))
}

fn stand(connection: &Connection) -> rusqlite::Result<CachedStatement<'_>> {
    connection.prepare_cached(
        "UPDATE messages SET visible_at = ?2, received = ?3, received_here = ?4, first_received = ?5
         WHERE seq = ?1",
    )
}

fn put_standing(update: &mut CachedStatement<'_>, standing: &Standing) -> rusqlite::Result<()> {
    let Standing {
        seq,
        received,
        received_here,
        first_received,
        ..
    } = standing;
    update.execute(params![
        seq,
        visible_at(standing),
        received,
        received_here,
        first_received
    ])?;
    Ok(())
}

/// Hides messages until other times. `(seq, received, until)`: only the latest receive counts.
pub(super) fn hide(connection: &Connection, hidden: &[(Seq, u32, Millis)]) -> rusqlite::Result<()> {
    let mut update = connection
        .prepare_cached("UPDATE messages SET visible_at = ?3 WHERE seq = ?1 AND received = ?2")?;
    for (seq, received, until) in hidden {
        update.execute(params![seq, received, until])?;
    }
    Ok(())
}

/// Deletes messages by their latest receive in this queue.
pub(super) fn delete(
    connection: &Connection,
    queue: QueueId,
    receipts: &[(Seq, u32)],
) -> rusqlite::Result<()> {
    let mut message = connection
        .prepare_cached("DELETE FROM messages WHERE seq = ?1 AND queue = ?2 AND received = ?3")?;
    let mut content = connection.prepare_cached("DELETE FROM contents WHERE seq = ?1")?;
    for (seq, received) in receipts {
        if message.execute(params![seq, queue, received])? > 0 {
            content.execute([seq])?;
        }
    }
    Ok(())
}

/// Writes down what left its queue by itself.
pub(super) fn follow(connection: &Connection, moves: &Moves) -> rusqlite::Result<()> {
    let mut message = connection.prepare_cached("DELETE FROM messages WHERE seq = ?1")?;
    let mut content = connection.prepare_cached("DELETE FROM contents WHERE seq = ?1")?;
    for seq in &moves.expired {
        message.execute([seq])?;
        content.execute([seq])?;
    }
    let mut bury = connection.prepare_cached(
        "UPDATE messages SET queue = ?2, received_here = 0, visible_at = 0, source = ?3 WHERE seq = ?1",
    )?;
    for (queue, standing) in &moves.dead {
        bury.execute(params![standing.seq, queue, standing.source.as_deref()])?;
    }
    Ok(())
}

fn visible_at(standing: &Standing) -> Millis {
    match standing.place {
        Place::Ready => 0,
        Place::Delayed { until } | Place::InFlight { until, .. } => until,
    }
}

fn as_json(value: &impl serde::Serialize) -> rusqlite::Result<String> {
    serde_json::to_string(value)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

pub(super) fn millis(time: Timestamp) -> Millis {
    time.as_millisecond()
}
