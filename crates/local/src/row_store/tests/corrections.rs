use pipeline::ports::Resend;
use wire::{LeaseRequest, LeaseRow};

use super::*;

/// A settled batch of one refused row.
async fn refused() -> Trial {
    let trial = Trial::running(1).await;
    trial.apply(&[change(1, 1, RowState::Rejected)]).await;
    trial
}

async fn open_on(trial: &Trial, workstation_id: WorkstationId, now: i64) {
    let request = LeaseRequest {
        workstation_id,
        rows: vec![LeaseRow {
            batch_id: BATCH,
            row_no: RowNo(1),
        }],
        seconds: 60,
    };
    let leased = trial.store.lease(&acme(), &request, at(now)).await;
    assert_eq!(leased.map(|answer| answer.granted.len()).ok(), Some(1));
}

#[tokio::test]
async fn an_accepted_correction_commits_all_that_follows_from_it() {
    let trial = refused().await;
    open_on(&trial, ANA, 3).await;
    assert_eq!(trial.batch_state().await, BatchState::Settled);
    let outcome = trial
        .claim(ANA, &correction(1, 1, 1, send("Corrected")), at(4))
        .await;
    insta::assert_json_snapshot!(outcome, @r#"
    {
      "outcome": "accepted",
      "correction_id": "00000000-0000-0000-0000-000000000001",
      "row_no": 1,
      "generation": 2,
      "state": "queued"
    }
    "#);
    let trial = trial.reopened();
    let view = trial.view().await;
    assert_eq!((view.state, view.settled_at), (BatchState::Running, None));
    assert_eq!(
        (view.tally.of(RowState::Queued), view.tally.total()),
        (1, 1)
    );
    let row = trial.store.row(&acme(), BATCH, RowNo(1)).await;
    let (status, record_now) = row.ok().flatten().expect("is there");
    assert_eq!((status.generation.0, status.seq.0), (2, 3));
    assert_eq!(record_now, record("Corrected"));
    let resend = Resend {
        company: acme(),
        key: key(1, 2),
        record: record("Corrected"),
    };
    assert_eq!(trial.store.resends(10).await.ok(), Some(vec![resend]));
    for done in [key(1, 1), key(1, 2)] {
        let resent = trial.store.resent(&[(acme(), done)]).await;
        resent.expect("is kept");
        let left = trial.store.resends(10).await.expect("answers").len();
        assert_eq!(left, usize::from(done == key(1, 1)), "{done}");
    }
}

#[tokio::test]
async fn a_discarded_row_closes_and_keeps_why_it_was_refused() {
    let trial = refused().await;
    let why = "left the company".into();
    let discard = correction(1, 1, 1, CorrectionAction::Discard { why });
    let outcome = trial.claim(ANA, &discard, at(4)).await;
    assert!(matches!(
        outcome,
        CorrectionOutcome::Accepted {
            generation: Generation(1),
            state: RowState::Discarded,
            ..
        }
    ));
    assert_eq!(trial.batch_state().await, BatchState::Settled);
    assert_eq!(trial.store.resends(10).await.ok(), Some(vec![]));
    let history = trial.store.history(&acme(), BATCH, RowNo(1)).await;
    let last = history.expect("is kept").pop().expect("has events");
    assert_eq!(last.state, RowState::Discarded);
    assert_eq!(
        last.reason.map(|reason| reason.code),
        Some(ReasonCode::UnknownDepartment)
    );
}

#[tokio::test]
async fn who_decided_what_and_why_is_kept() {
    let trial = refused().await;
    let sent = correction(1, 1, 1, send("Corrected"));
    trial.claim(ANA, &sent, at(4)).await;
    trial.apply(&[change(1, 2, RowState::Rejected)]).await;
    let too_late = correction(2, 1, 1, send("Late"));
    trial.claim(ANA, &too_late, at(5)).await;
    let why = "left the company".into();
    let discard = correction(3, 1, 2, CorrectionAction::Discard { why });
    trial.claim(BOB, &discard, at(6)).await;
    let decisions = trial.store.decisions(&acme(), BATCH, RowNo(1)).await;
    insta::assert_json_snapshot!(decisions.expect("answers"), @r#"
    [
      {
        "correction_id": "00000000-0000-0000-0000-000000000001",
        "generation": 1,
        "state": "queued",
        "by": "Ana",
        "user": "ana@acme.example",
        "at": "1970-01-01T00:00:04Z"
      },
      {
        "correction_id": "00000000-0000-0000-0000-000000000003",
        "generation": 2,
        "state": "discarded",
        "why": "left the company",
        "by": "Bob",
        "user": "ana@acme.example",
        "at": "1970-01-01T00:00:06Z"
      }
    ]
    "#);
    let other = company("other");
    let theirs = trial.store.decisions(&other, BATCH, RowNo(1)).await;
    assert_eq!(theirs.ok(), Some(vec![]));
}

#[tokio::test]
async fn the_same_correction_hears_the_same_and_another_hears_who_decided() {
    let trial = refused().await;
    let first = correction(1, 1, 1, send("Ana's"));
    let second = correction(2, 1, 1, send("Bob's"));
    let (accepted, held) = tokio::join!(
        trial.claim(ANA, &first, at(4)),
        trial.claim(BOB, &second, at(4)),
    );
    assert!(matches!(accepted, CorrectionOutcome::Accepted { .. }));
    insta::assert_json_snapshot!(held, @r#"
    {
      "outcome": "held",
      "correction_id": "00000000-0000-0000-0000-000000000002",
      "row_no": 1,
      "by": "Ana"
    }
    "#);
    // Whatever has become of the row since.
    trial.apply(&[change(1, 2, RowState::Rejected)]).await;
    let trial = trial.reopened();
    assert_eq!(trial.claim(ANA, &first, at(9)).await, accepted);
    assert_eq!(trial.claim(BOB, &second, at(9)).await, held);
    let row = trial.store.row(&acme(), BATCH, RowNo(1)).await;
    let kept = row.ok().flatten().map(|(_, record)| record);
    assert_eq!(kept, Some(record("Ana's")));
}

#[tokio::test]
async fn a_row_open_on_another_desk_is_held_until_the_lease_lapses() {
    let trial = refused().await;
    open_on(&trial, ANA, 10).await;
    let held = trial
        .claim(BOB, &correction(1, 1, 1, send("Bob's")), at(69))
        .await;
    assert!(
        matches!(&held, CorrectionOutcome::Held { by, until, .. } if by == "Ana" && *until == Some(at(70)))
    );
    let accepted = trial
        .claim(BOB, &correction(2, 1, 1, send("Bob's")), at(70))
        .await;
    assert!(matches!(accepted, CorrectionOutcome::Accepted { .. }));
}

#[tokio::test]
async fn a_correction_of_what_is_not_refused_is_stale() {
    let trial = Trial::running(1).await;
    let queued = trial
        .claim(ANA, &correction(1, 1, 1, send("Early")), at(4))
        .await;
    insta::assert_json_snapshot!(queued, @r#"
    {
      "outcome": "stale",
      "correction_id": "00000000-0000-0000-0000-000000000001",
      "row_no": 1,
      "generation": 1,
      "state": "queued"
    }
    "#);
    trial.apply(&[change(1, 1, RowState::Rejected)]).await;
    let ahead = trial
        .claim(ANA, &correction(2, 1, 2, send("Ahead")), at(4))
        .await;
    assert!(matches!(ahead, CorrectionOutcome::Stale { .. }));
    let nowhere = trial
        .claim(ANA, &correction(3, 7, 1, send("Nowhere")), at(4))
        .await;
    assert!(matches!(nowhere, CorrectionOutcome::NoSuchRow { .. }));
}

#[tokio::test]
async fn a_row_corrected_twice_before_it_was_sent_again_is_sent_once() {
    let trial = refused().await;
    trial
        .claim(ANA, &correction(1, 1, 1, send("Once")), at(4))
        .await;
    trial.apply(&[change(1, 2, RowState::Rejected)]).await;
    trial
        .claim(ANA, &correction(2, 1, 2, send("Twice")), at(5))
        .await;
    let resends = trial.store.resends(10).await.expect("answers");
    let keys: Vec<_> = resends.iter().map(|resend| resend.key).collect();
    assert_eq!(keys, [key(1, 3)]);
}
