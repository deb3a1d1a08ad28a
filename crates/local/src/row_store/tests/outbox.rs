use std::time::Duration;

use pipeline::ports::{EmailClaim, Untold};

use super::*;

async fn untold(trial: &Trial, limit: u32) -> Option<Untold> {
    let mut untold = trial.store.untold(limit).await.expect("answers");
    assert!(untold.len() <= 1);
    untold.pop()
}

async fn tell(trial: &Trial, untold: &Untold) {
    let told = trial.store.told(&acme(), BATCH, untold.version).await;
    told.expect("is kept");
}

#[tokio::test]
async fn followers_are_told_the_latest_of_each_row_and_of_the_batch() {
    let trial = Trial::running(3).await;
    trial.apply(&[change(1, 1, RowState::Registering)]).await;
    trial.apply(&[change(1, 1, RowState::Registered)]).await;
    let first = untold(&trial, 500).await.expect("has news");
    let rows: Vec<_> = first.events.iter().map(|e| (e.row_no.0, e.state)).collect();
    assert_eq!(
        rows,
        [
            (2, RowState::Queued),
            (3, RowState::Queued),
            (1, RowState::Registered)
        ]
    );
    assert_eq!((first.since, first.batch), (0, BatchState::Running));
    assert_eq!(first.version, trial.view().await.version);
    assert_eq!(first.followers, ["muster-status-Ana"]);
    tell(&trial, &first).await;
    assert_eq!(untold(&trial, 500).await, None);

    let follow = trial.store.follow(&acme(), BATCH, BOB).await;
    follow.expect("follows");
    assert_eq!(untold(&trial, 500).await, None);
    trial
        .apply(&[2, 3].map(|row| change(row, 1, RowState::Registered)))
        .await;
    let last = untold(&trial, 500).await.expect("has news");
    assert_eq!(
        (last.since, last.batch),
        (first.version, BatchState::Settled)
    );
    assert_eq!(last.followers.len(), 2);
}

#[tokio::test]
async fn a_change_of_the_batch_alone_is_told() {
    let trial = Trial::new().await;
    trial.create().await;
    assert_eq!(untold(&trial, 500).await, None);
    let failure = model::BatchFailure::UploadNeverCame;
    let failed = trial.store.set_failed(&acme(), BATCH, failure, at(1)).await;
    failed.expect("fails");
    let news = untold(&trial, 500).await.expect("has news");
    assert_eq!(
        (news.batch, news.events),
        (BatchState::Failed(failure), vec![])
    );
    assert!(news.version > news.since);
}

#[tokio::test]
async fn news_that_do_not_fit_follow_in_the_next() {
    let trial = Trial::running(5).await;
    let mut told = Vec::new();
    while let Some(news) = untold(&trial, 2).await {
        assert_eq!(news.more, told.len() < 3);
        told.extend(news.events.iter().map(|event| event.row_no.0));
        tell(&trial, &news).await;
    }
    assert_eq!(told, [1, 2, 3, 4, 5]);
}

#[tokio::test]
async fn what_changed_while_a_digest_was_on_its_way_is_told_after_it() {
    let trial = Trial::running(1).await;
    let first = untold(&trial, 500).await.expect("has news");
    trial.apply(&[change(1, 1, RowState::Registering)]).await;
    tell(&trial, &first).await;
    let second = untold(&trial, 500).await.expect("has news");
    assert_eq!((second.since, second.events.len()), (first.version, 1));
    // An older word does not undo a newer one.
    tell(&trial, &second).await;
    tell(&trial, &first).await;
    assert_eq!(untold(&trial, 500).await, None);
}

#[tokio::test]
async fn a_batch_that_nobody_follows_has_nothing_to_tell() {
    let trial = Trial::new().await;
    let stranger = CreateBatch {
        workstation_id: WorkstationId(Uuid::from_u128(0xc)),
        ..request(BATCH)
    };
    let created = trial
        .store
        .create_batch(&principal(acme()), &stranger, at(0))
        .await;
    created.expect("creates");
    trial.insert([1]).await;
    assert_eq!(untold(&trial, 500).await, None);
}

#[tokio::test]
async fn a_loop_that_has_not_seen_a_change_does_not_wait() {
    let trial = Trial::running(1).await;
    let long = Duration::from_secs(3600);
    let seen = trial.store.changed(0, long).await;
    assert_eq!(trial.store.changed(seen, Duration::ZERO).await, seen);
    let registering = [change(1, 1, RowState::Registering)];
    let (newer, _) = tokio::join!(trial.store.changed(seen, long), trial.apply(&registering),);
    assert!(newer > seen);
    // Another loop, behind the first, hears of the same change.
    assert_eq!(trial.store.changed(seen, long).await, newer);
    // Telling is not news: the loop that tells would wake itself.
    let told = trial.store.told(&acme(), BATCH, 1).await;
    told.expect("is kept");
    assert_eq!(trial.store.changed(newer, Duration::ZERO).await, newer);
}

#[tokio::test]
async fn what_was_untold_when_the_process_died_is_told_by_the_next() {
    let trial = Trial::running(2).await;
    let before = untold(&trial, 500).await;
    let trial = trial.reopened();
    trial.store.changed(0, Duration::from_secs(3600)).await;
    assert_eq!(untold(&trial, 500).await, before);
}

#[tokio::test]
async fn one_key_sends_a_persons_email_until_it_is_out() {
    let trial = Trial::new().await;
    let person = Uuid::from_u128(7);
    let claim = async |row_no| {
        let claimed = trial
            .store
            .claim_email(&acme(), person, key(row_no, 1))
            .await;
        claimed.expect("answers")
    };
    assert_eq!(claim(1).await, EmailClaim::Send);
    assert_eq!(claim(2).await, EmailClaim::AlreadySent);
    assert_eq!(claim(1).await, EmailClaim::Send, "it died before it sent");
    let sent = trial.store.email_sent(&acme(), person).await;
    sent.expect("is kept");
    assert_eq!(claim(1).await, EmailClaim::AlreadySent);
}

#[tokio::test]
async fn rows_that_stood_still_are_sent_again_and_no_others() {
    let trial = Trial::new().await;
    trial.create().await;
    trial.insert([1, 2, 3]).await;
    let store = &trial.store;
    assert_eq!(
        store.revive(at(1_000)).await.ok(),
        Some(0),
        "still being read"
    );
    store
        .set_extracted(&acme(), BATCH, at(10))
        .await
        .expect("kept");
    trial
        .apply(&[
            change(1, 1, RowState::Registering),
            change(2, 1, RowState::Registered),
        ])
        .await;
    assert_eq!(store.revive(Timestamp::UNIX_EPOCH).await.ok(), Some(0));
    for again in [2, 0] {
        assert_eq!(store.revive(at(1_000_000)).await.ok(), Some(again));
    }
    let resends = store.resends(10).await.expect("answers");
    let keys: Vec<_> = resends.iter().map(|resend| resend.key).collect();
    assert_eq!(keys, [key(1, 1), key(3, 1)]);
}
