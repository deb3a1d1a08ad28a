mod corrections;

use jiff::Timestamp;
use model::{
    BatchFailure, BatchId, BatchState, CompanyId, Generation, Reason, ReasonCode, Record, RowKey,
    RowNo, RowState, Schema, Seq, SourceFile, StatusEvent,
};
use proptest::prelude::*;
use wire::{DeclaredUpload, RejectedMessage, RowsPage, StatusDigest};

use super::*;

const ROWS: u32 = 6;

fn now() -> Timestamp {
    Timestamp::UNIX_EPOCH
}

struct Desk {
    ledger: Ledger,
    batch: BatchId,
    _folder: tempfile::TempDir,
}

/// A ledger with one batch of six rows, the last of them excluded, that has been sent.
fn desk() -> Desk {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let home = Home::own(folder.path()).expect("owned");
    let ledger = Ledger::open(&home).expect("opens");
    let batch = BatchId(uuid::Uuid::now_v7());
    ledger
        .journal(&new_batch(batch), new_rows())
        .expect("journalled");
    ledger.set_sent(batch, now()).expect("sent");
    Desk {
        ledger,
        batch,
        _folder: folder,
    }
}

fn new_batch(batch_id: BatchId) -> NewBatch {
    NewBatch {
        batch_id,
        connection: "embedded".into(),
        name: "March".into(),
        source: SourceFile {
            name: "march.csv".into(),
            sha256: "ab".repeat(32),
            rows: ROWS.into(),
        },
        schema: Schema::employee(),
        language: "en".into(),
        upload: DeclaredUpload {
            sha256: "cd".repeat(32),
            bytes: 100,
            rows: (ROWS - 1).into(),
        },
        made_by: "ana".into(),
        created_at: now(),
    }
}

fn record(name: &str) -> Record {
    [("full_name".to_owned(), name.to_owned())].into()
}

fn new_rows() -> impl Iterator<Item = NewRow> {
    (1..=ROWS).map(|n| NewRow {
        row_no: RowNo(n),
        line: n + 1,
        record: (n < ROWS).then(|| record("Ana")),
    })
}

fn event(row: u32, generation: u32, seq: u64, state: RowState) -> StatusEvent {
    StatusEvent {
        row_no: RowNo(row),
        generation: Generation(generation),
        seq: Seq(seq),
        state,
        reason: (state == RowState::Rejected).then(|| Reason::new(ReasonCode::UnknownDepartment)),
        at: now(),
    }
}

fn digest(batch: BatchId, since: u64, events: Vec<StatusEvent>) -> StatusDigest {
    StatusDigest {
        company: CompanyId::new("acme").expect("a company"),
        batch_id: batch,
        since,
        version: since + events.len() as u64,
        batch: BatchState::Running,
        events,
    }
}

fn rejected(batch: BatchId, row: u32, generation: u32, seq: u64) -> RejectedMessage {
    RejectedMessage {
        company: CompanyId::new("acme").expect("a company"),
        key: RowKey {
            batch_id: batch,
            row_no: RowNo(row),
            generation: Generation(generation),
        },
        seq: Seq(seq),
        reason: Reason::new(ReasonCode::UnknownDepartment),
        record: record("Bia"),
        at: now(),
    }
}

#[test]
fn a_receipt_sums_to_the_file_from_the_first_moment() {
    let desk = desk();
    let entry = desk
        .ledger
        .batch(desk.batch)
        .expect("reads")
        .expect("there");
    let receipt = desk.ledger.receipt(&entry).expect("sums").expect("ours");
    assert_eq!(receipt.total, u64::from(ROWS));
    assert_eq!(receipt.states.of(RowState::Excluded), 1);
    assert!(!receipt.closed);
}

#[test]
fn rows_that_do_not_sum_are_not_journalled() {
    let desk = desk();
    let other = BatchId(uuid::Uuid::now_v7());
    let short = desk.ledger.journal(&new_batch(other), new_rows().skip(1));
    assert!(
        matches!(short, Err(LedgerError::NotConserved(_))),
        "{short:?}"
    );
    assert!(desk.ledger.batch(other).expect("reads").is_none());
}

#[test]
fn a_full_disk_is_said_and_leaves_nothing_half_done() {
    let desk = desk();
    desk.ledger
        .write(|t| {
            let pages: i64 = t.pragma_query_value(None, "page_count", |row| row.get(0))?;
            t.pragma_update(None, "max_page_count", pages)?;
            Ok(())
        })
        .expect("limited");
    let mut big = new_batch(BatchId(uuid::Uuid::now_v7()));
    big.source.rows = 2000;
    big.upload.rows = 2000;
    let rows = (1..=2000).map(|n| NewRow {
        row_no: RowNo(n),
        line: n,
        record: Some(record("Ana")),
    });
    let outcome = desk.ledger.journal(&big, rows);
    assert!(matches!(outcome, Err(LedgerError::DiskFull)), "{outcome:?}");
    assert!(desk.ledger.batch(big.batch_id).expect("reads").is_none());
    assert_eq!(desk.ledger.tally(desk.batch).expect("reads").total(), 6);
}

#[test]
fn a_reader_works_beside_the_owner_and_changes_nothing() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    assert!(matches!(
        Ledger::open_to_read(folder.path()),
        Err(LedgerError::Missing)
    ));
    let home = Home::own(folder.path()).expect("owned");
    let owner = Ledger::open(&home).expect("opens");
    let batch = BatchId(uuid::Uuid::now_v7());
    owner
        .journal(&new_batch(batch), new_rows())
        .expect("written");
    let reader = Ledger::open_to_read(folder.path()).expect("opens");
    assert_eq!(reader.batches().expect("reads").len(), 1);
    assert!(reader.set_sent(batch, now()).is_err());
}

#[test]
fn a_failed_batch_gives_its_rows_back() {
    let desk = desk();
    let mut failed = digest(desk.batch, 0, Vec::new());
    failed.batch = BatchState::Failed(BatchFailure::UploadNeverCame);
    desk.ledger.fold_digest(&failed, now()).expect("folds");
    let tally = desk.ledger.tally(desk.batch).expect("reads");
    assert_eq!((tally.of(RowState::Cancelled), tally.open()), (5, 0));
}

#[test]
fn a_batch_of_another_desk_is_adopted_and_healed() {
    let desk = desk();
    let other = BatchId(uuid::Uuid::now_v7());
    let told = digest(other, 3, vec![event(9, 2, 4, RowState::Queued)]);
    let folded = desk.ledger.fold_digest(&told, now()).expect("folds");
    assert!(folded.foreign);
    desk.ledger
        .adopt(other, "embedded", "April", "bia", now())
        .expect("adopted");
    let page = RowsPage {
        version: 4,
        more: false,
        rows: told.events.clone(),
    };
    let state = Some(BatchState::Running);
    let folded = desk.ledger.fold_page(other, 0, &page, now(), state);
    assert!(!folded.expect("folds").gap);
    let entry = desk.ledger.batch(other).expect("reads").expect("there");
    assert_eq!((entry.version, entry.gap), (4, false));
    assert!(desk.ledger.receipt(&entry).expect("reads").is_none());
    assert_eq!(desk.ledger.tally(other).expect("reads").total(), 1);
}

#[test]
fn a_ledger_knows_when_it_last_heard_of_a_batch() {
    let desk = desk();
    let heard = || {
        let entry = desk.ledger.batch(desk.batch).expect("reads");
        entry.expect("there").heard_at
    };
    assert_eq!(heard(), None);
    let told = digest(desk.batch, 0, vec![event(1, 1, 1, RowState::Queued)]);
    desk.ledger.fold_digest(&told, now()).expect("folds");
    assert_eq!(heard(), Some(now()));
    let later = now() + jiff::SignedDuration::from_hours(1);
    let nothing_new = RowsPage {
        version: 1,
        more: false,
        rows: Vec::new(),
    };
    let folded = desk
        .ledger
        .fold_page(desk.batch, 1, &nothing_new, later, None);
    folded.expect("folds");
    assert_eq!(heard(), Some(later));
}

#[test]
fn a_ledger_of_an_earlier_version_is_taken_over() {
    let old = || {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = Home::ledger_file(folder.path());
        let old = rusqlite::Connection::open(path).expect("opens");
        old.execute_batch(schema::STEPS[0]).expect("made");
        old.pragma_update(None, "user_version", 1).expect("marked");
        folder
    };
    let folder = old();
    let home = Home::own(folder.path()).expect("owned");
    let ledger = Ledger::open(&home).expect("opens");
    let batch = BatchId(uuid::Uuid::now_v7());
    ledger
        .journal(&new_batch(batch), new_rows())
        .expect("journalled");
    assert_eq!(ledger.batches().expect("reads").len(), 1);

    // Whoever only looks may be the first to come.
    let folder = old();
    let reader = Ledger::open_to_read(folder.path()).expect("opens");
    assert!(reader.batches().expect("reads").is_empty());
}

#[test]
fn a_purge_leaves_counts_and_hashes() {
    let desk = desk();
    desk.ledger.purge(desk.batch, "ana", now()).expect("purged");
    let payload = desk.ledger.payload(desk.batch, RowNo(1), Generation::FIRST);
    assert_eq!(payload.expect("reads"), None);
    assert_eq!(desk.ledger.tally(desk.batch).expect("reads").total(), 6);
}

#[test]
fn only_a_batch_that_nobody_has_is_called_off() {
    let desk = desk();
    let sent = desk.ledger.cancel_unsent(desk.batch, "ana", now());
    assert!(!sent.expect("answers"));
    let other = BatchId(uuid::Uuid::now_v7());
    desk.ledger
        .journal(&new_batch(other), new_rows())
        .expect("journalled");
    let off = desk.ledger.cancel_unsent(other, "ana", now());
    assert!(off.expect("answers"));
    assert_eq!(desk.ledger.tally(other).expect("reads").open(), 0);
    // What is noted late does not call it back, and takes no sent batch a step back.
    for (id, step) in [(other, Step::Cancelled), (desk.batch, Step::Sent)] {
        desk.ledger.set_created(id).expect("written");
        let entry = desk.ledger.batch(id).expect("reads").expect("there");
        assert_eq!(entry.step, step);
    }
    let left = desk.ledger.unfinished("embedded").expect("reads");
    assert_eq!(left.len(), 1, "the one that was sent");
}

/// A pipeline's story: each step is the next change of one row. The version counts all changes.
fn story(steps: &[(u32, usize)]) -> Vec<StatusEvent> {
    let mut seqs = [0_u64; ROWS as usize + 1];
    steps
        .iter()
        .map(|(row, state)| {
            let seq = &mut seqs[*row as usize];
            *seq += 1;
            let state = [
                RowState::Queued,
                RowState::Registering,
                RowState::Registered,
                RowState::Rejected,
            ][*state];
            event(*row, 1 + (*seq / 4) as u32, *seq, state)
        })
        .collect()
}

/// What the gateway answers to `since`: the latest of each row that changed after it.
fn page(story: &[StatusEvent], since: u64, limit: usize) -> RowsPage {
    let mut latest: Vec<(u64, &StatusEvent)> = Vec::new();
    for (at, event) in story.iter().enumerate() {
        latest.retain(|(_, known)| known.row_no != event.row_no);
        latest.push((at as u64 + 1, event));
    }
    latest.retain(|(version, _)| *version > since);
    let more = latest.len() > limit;
    latest.truncate(limit);
    let version = match latest.last() {
        Some((version, _)) if more => *version,
        _ => story.len() as u64,
    };
    RowsPage {
        version,
        more,
        rows: latest.into_iter().map(|(_, event)| event.clone()).collect(),
    }
}

fn all_rows(desk: &Desk) -> Vec<LedgerRow> {
    let rows = desk.ledger.rows(desk.batch, None, RowNo(0), 100);
    rows.expect("reads")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn repetition_disorder_and_loss_once_healed_change_nothing(
        steps in proptest::collection::vec((1..ROWS, 0..4_usize), 1..30),
        cut in 1..5_usize,
        deliveries in proptest::collection::vec(0..64_usize, 0..40),
    ) {
        let story = story(&steps);
        let straight = desk();
        let crooked = desk();
        let digests = |batch| -> Vec<StatusDigest> {
            let mut since = 0;
            story.chunks(cut).map(|events| {
                let digest = digest(batch, since, events.to_vec());
                since = digest.version;
                digest
            }).collect()
        };
        for told in digests(straight.batch) {
            let folded = straight.ledger.fold_digest(&told, now()).expect("folds");
            prop_assert!(!folded.gap);
        }
        let told = digests(crooked.batch);
        let mut gap = false;
        for at in deliveries {
            let folded = crooked.ledger.fold_digest(&told[at % told.len()], now()).expect("folds");
            gap = folded.gap;
            prop_assert_eq!(crooked.ledger.tally(crooked.batch).expect("reads").total(), 6);
        }
        // Whether or not a gap was seen, a page that leads to the pipeline's version heals.
        let entry = |desk: &Desk| desk.ledger.batch(desk.batch).expect("reads").expect("there");
        prop_assert_eq!(entry(&crooked).gap, gap);
        loop {
            let since = entry(&crooked).version;
            let page = page(&story, since, 2);
            crooked.ledger.fold_page(crooked.batch, since, &page, now(), None).expect("folds");
            if !page.more { break }
        }
        prop_assert!(!entry(&crooked).gap);
        prop_assert_eq!(entry(&crooked).version, entry(&straight).version);
        prop_assert_eq!(all_rows(&crooked), all_rows(&straight));
    }
}
