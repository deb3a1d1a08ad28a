use model::{BatchFailure, Tally};
use pipeline::ports::{BatchCreation, Checkpoint, PortError};
use wire::{SearchRejected, StoredUpload};

use super::*;

#[tokio::test]
async fn the_same_batch_twice_is_one_and_another_under_its_id_is_not() {
    let trial = Trial::new().await;
    let create = async |request: CreateBatch| {
        trial
            .store
            .create_batch(&principal(acme()), &request, at(0))
            .await
            .expect("answers")
    };
    assert_eq!(create(request(BATCH)).await, BatchCreation::Created);
    assert_eq!(create(request(BATCH)).await, BatchCreation::Same);
    let from_another_desk = CreateBatch {
        workstation_id: BOB,
        ..request(BATCH)
    };
    assert_eq!(create(from_another_desk).await, BatchCreation::Same);
    let other = CreateBatch {
        name: "April".into(),
        ..request(BATCH)
    };
    assert_eq!(create(other).await, BatchCreation::Differs);
    let stored = trial.store.batch(&acme(), BATCH).await.expect("answers");
    assert_eq!(stored.map(|batch| batch.request), Some(request(BATCH)));
}

#[tokio::test]
async fn what_belongs_to_another_company_does_not_exist() {
    let trial = Trial::running(1).await;
    trial.apply(&[change(1, 1, RowState::Rejected)]).await;
    let (store, other) = (&trial.store, company("other"));
    assert_eq!(store.batch(&other, BATCH).await.ok(), Some(None));
    assert_eq!(store.batches(&other, 10).await.ok(), Some(Vec::new()));
    assert_eq!(store.row(&other, BATCH, RowNo(1)).await.ok(), Some(None));
    assert_eq!(store.workstation(&other, ANA).await.ok(), Some(None));
    assert!(store.rows_since(&other, BATCH, 0, 10).await.is_err());
    let history = store.history(&other, BATCH, RowNo(1)).await;
    assert_eq!(history.ok(), Some(Vec::new()));
    assert_eq!(store.rejected_row(&other, key(1, 1)).await.ok(), Some(None));
    let search = SearchRejected::default();
    let found = store.search_rejected(&other, &search, at(9)).await;
    assert_eq!(found.map(|page| page.total).ok(), Some(0));
    let theirs = Change {
        company: other.clone(),
        ..change(1, 1, RowState::Discarded)
    };
    assert_eq!(trial.apply(&[theirs]).await[0].now, None);
    let correction = correction(1, 1, 1, send("Mallory"));
    let claimed = store
        .claim(&principal(other.clone()), BATCH, ANA, &correction, at(9))
        .await;
    assert!(matches!(claimed, Ok(CorrectionOutcome::NoSuchRow { .. })));
    // The id is free for another company: nothing tells it that the batch is there.
    let created = store
        .create_batch(&principal(other), &request(BATCH), at(9))
        .await;
    assert_eq!(created.ok(), Some(BatchCreation::Created));
}

#[tokio::test]
async fn a_workstation_of_another_company_is_not_taken_over() {
    let trial = Trial::new().await;
    let theirs = WorkstationRecord {
        workstation_id: ANA,
        company: company("other"),
        user: "mallory".into(),
        desk_name: "Mallory".into(),
        status_queue: "muster-status-mallory".into(),
    };
    let put = trial.store.put_workstation(&theirs).await;
    assert_eq!(put.ok(), Some(false));
    let ana = trial.store.workstation(&acme(), ANA).await;
    assert_eq!(
        ana.ok().flatten().map(|desk| desk.desk_name),
        Some("Ana".into())
    );
}

#[tokio::test]
async fn a_batch_goes_from_its_upload_to_settled() {
    let trial = Trial::new().await;
    let store = &trial.store;
    trial.create().await;
    assert_eq!(trial.batch_state().await, BatchState::AwaitingUpload);

    let stored = StoredUpload {
        sha256: "bb".into(),
        bytes: 100,
    };
    let received = store.set_received(&acme(), BATCH, &stored, at(1)).await;
    received.expect("is received");
    let view = trial.view().await;
    assert_eq!(
        (view.state, view.stored),
        (BatchState::Received, Some(stored.clone()))
    );

    trial.insert([1, 2]).await;
    trial.insert([2, 3]).await;
    assert_eq!(trial.batch_state().await, BatchState::Extracting);
    let reached = Checkpoint {
        offset: 90,
        rows: 3,
        last: RowNo(3),
    };
    for checkpoint in [
        reached,
        Checkpoint {
            offset: 40,
            rows: 2,
            last: RowNo(2),
        },
    ] {
        let set = store
            .set_checkpoint(&acme(), BATCH, checkpoint, at(2))
            .await;
        set.expect("is kept");
    }
    let batch = store.batch(&acme(), BATCH).await.ok().flatten();
    assert_eq!(batch.map(|batch| batch.checkpoint), Some(reached));

    // A row may close before the last one is read.
    trial.apply(&[change(1, 1, RowState::Registered)]).await;
    assert_eq!(trial.batch_state().await, BatchState::Extracting);
    store
        .set_extracted(&acme(), BATCH, at(3))
        .await
        .expect("is extracted");
    assert_eq!(trial.batch_state().await, BatchState::Running);
    trial
        .apply(&[
            change(2, 1, RowState::Rejected),
            change(3, 1, RowState::Cancelled),
        ])
        .await;
    let view = trial.view().await;
    assert_eq!(
        (view.state, view.settled_at),
        (BatchState::Settled, Some(at(3)))
    );
    let states = [
        RowState::Registered,
        RowState::Rejected,
        RowState::Cancelled,
    ];
    assert_eq!(view.tally, Tally::from_iter(states));

    // Late and repeated news of the upload changes nothing.
    let late = store.set_received(&acme(), BATCH, &stored, at(9)).await;
    late.expect("is taken");
    let failed = store
        .set_failed(&acme(), BATCH, BatchFailure::UploadNeverCame, at(9))
        .await;
    failed.expect("is taken");
    trial.insert([1, 2, 3]).await;
    assert_eq!(trial.view().await, view);
}

#[tokio::test]
async fn an_empty_extraction_settles_and_a_failed_batch_takes_no_rows() {
    let trial = Trial::running(0).await;
    assert_eq!(trial.batch_state().await, BatchState::Settled);

    let trial = Trial::new().await;
    trial.create().await;
    let failure = BatchFailure::NotAsDeclared;
    let failed = trial.store.set_failed(&acme(), BATCH, failure, at(1)).await;
    failed.expect("fails");
    assert_eq!(trial.batch_state().await, BatchState::Failed(failure));
    let rows = new_rows([1]);
    let inserted = trial.store.insert_rows(&acme(), BATCH, &rows, at(2)).await;
    assert!(matches!(inserted, Err(PortError::Refused { .. })));
    let listed = trial.store.batches(&acme(), 10).await.expect("lists");
    assert_eq!(listed[0].failure, Some(failure));
    assert_eq!(listed[0].tally.total(), 0);
}

#[tokio::test]
async fn a_batch_that_stands_still_before_its_rows_are_known_is_stale() {
    let trial = Trial::new().await;
    trial.create().await;
    let stale = async |before| {
        trial
            .store
            .stale_batches(at(before))
            .await
            .expect("answers")
    };
    assert_eq!(stale(0).await, []);
    assert_eq!(stale(1).await, [(acme(), BATCH)]);
    trial.insert([1]).await;
    assert_eq!(stale(1).await, [], "extraction moved at 1");
    assert_eq!(stale(2).await, [(acme(), BATCH)]);
    let extracted = trial.store.set_extracted(&acme(), BATCH, at(2)).await;
    extracted.expect("extracts");
    assert_eq!(stale(100).await, []);
}

#[tokio::test]
async fn a_change_counts_only_in_its_generation_and_where_the_state_may_become_it() {
    let trial = Trial::running(1).await;
    let refused = [
        change(1, 2, RowState::Registering),
        change(1, 1, RowState::Notified),
        change(1, 1, RowState::Queued),
        change(2, 1, RowState::Registering),
    ];
    let before = trial.view().await.version;
    let applied = trial.apply(&refused).await;
    assert!(applied.iter().all(|applied| !applied.changed));
    assert_eq!(applied[3].now, None, "no such row");
    let queued = applied[0].now.clone().expect("the row as it stands");
    assert_eq!((queued.state, queued.seq.0), (RowState::Queued, 1));
    assert_eq!(trial.view().await.version, before);

    let steps = [
        change(1, 1, RowState::Registering),
        change(1, 1, RowState::Registering),
        change(1, 1, RowState::Registered),
    ];
    let applied = trial.apply(&steps).await;
    let seen: Vec<_> = applied
        .iter()
        .map(|a| (a.changed, a.now.as_ref().map(|now| now.seq.0)))
        .collect();
    assert_eq!(seen, [(true, Some(2)), (false, Some(2)), (true, Some(3))]);
    let history = trial.store.history(&acme(), BATCH, RowNo(1)).await;
    let states: Vec<_> = history.expect("is kept").iter().map(|e| e.state).collect();
    assert_eq!(
        states,
        [
            RowState::Queued,
            RowState::Registering,
            RowState::Registered
        ]
    );
}

#[tokio::test]
async fn rows_are_paged_by_the_version_of_their_latest_change() {
    let trial = Trial::running(5).await;
    trial.apply(&[change(2, 1, RowState::Registered)]).await;
    let page = async |since, limit| {
        let page = trial.store.rows_since(&acme(), BATCH, since, limit).await;
        let (version, rows, more) = page.expect("answers");
        let numbers: Vec<u32> = rows.iter().map(|row| row.row_no.0).collect();
        (version, numbers, more)
    };
    let (reached, numbers, more) = page(0, 3).await;
    assert_eq!((numbers, more), (vec![1, 3, 4], true));
    let (reached, numbers, more) = page(reached, 3).await;
    assert_eq!((numbers, more), (vec![5, 2], false));
    assert_eq!(reached, trial.view().await.version);
    assert_eq!(page(reached, 3).await, (reached, vec![], false));
}
