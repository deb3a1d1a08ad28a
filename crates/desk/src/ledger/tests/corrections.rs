//! Decisions about refused rows: journalled, answered, and what the ledger shows meanwhile.

use wire::{CorrectionAction, CorrectionOutcome};

use super::*;

fn decision(desk: &Desk, row: u32, name: &str) -> Decision {
    Decision {
        batch_id: desk.batch,
        row_no: RowNo(row),
        generation: Generation::FIRST,
        action: CorrectionAction::Send {
            record: record(name),
        },
    }
}

#[test]
fn a_correction_is_shown_as_sent_until_its_outcome_is_known() {
    let desk = desk();
    let ledger = &desk.ledger;
    let refused = digest(desk.batch, 0, vec![event(2, 1, 3, RowState::Rejected)]);
    ledger.fold_digest(&refused, now()).expect("folds");
    ledger
        .put_rejected(&[rejected(desk.batch, 2, 1, 3)])
        .expect("written");
    assert_eq!(ledger.inbox(None, 10).expect("reads").len(), 1);

    let ids = ledger
        .journal_corrections("embedded", &[decision(&desk, 2, "Bia")], "ana", now())
        .expect("journalled");
    let again = ledger
        .journal_corrections("embedded", &[decision(&desk, 2, "Bia")], "ana", now())
        .expect("journalled");
    assert_eq!(ids, again, "one decision about one refusal");
    // Another one is not taken for it, and none of what came with it is journalled.
    let mut discard = decision(&desk, 2, "");
    discard.action = CorrectionAction::Discard { why: "left".into() };
    for other in [decision(&desk, 2, "Cid"), discard] {
        let both = [decision(&desk, 3, "Dora"), other];
        let refused = ledger.journal_corrections("embedded", &both, "ana", now());
        assert!(
            matches!(refused, Err(LedgerError::DecisionWaits(RowNo(2)))),
            "{refused:?}"
        );
    }
    let waiting = ledger.unanswered("embedded").expect("reads");
    assert_eq!(waiting.len(), 1);
    let action = &waiting[0].correction.action;
    assert!(matches!(action, CorrectionAction::Send { record: r } if *r == record("Bia")));

    let accepted = CorrectionOutcome::Accepted {
        correction_id: ids[0],
        row_no: RowNo(2),
        generation: Generation(2),
        state: RowState::Queued,
    };
    ledger
        .set_outcomes(desk.batch, &[accepted], now())
        .expect("written");
    let row = ledger
        .row(desk.batch, RowNo(2))
        .expect("reads")
        .expect("there");
    assert_eq!((row.state, row.generation), (RowState::Sent, Generation(2)));
    assert!(ledger.inbox(None, 10).expect("reads").is_empty());
    assert!(ledger.unanswered("embedded").expect("reads").is_empty());

    // The refusal is delivered again, late: it is of an earlier generation.
    let news = ledger.put_rejected(&[rejected(desk.batch, 2, 1, 3)]);
    assert_eq!(news.expect("written"), 0);

    let registered = digest(desk.batch, 1, vec![event(2, 2, 6, RowState::Registered)]);
    ledger.fold_digest(&registered, now()).expect("folds");
    let row = ledger
        .row(desk.batch, RowNo(2))
        .expect("reads")
        .expect("there");
    assert_eq!(row.state, RowState::Registered);
    let audit = ledger.audit(desk.batch).expect("reads");
    let what: Vec<_> = audit.iter().map(|entry| entry.what.as_str()).collect();
    assert_eq!(what, ["send", "send-again"]);
}

#[test]
fn a_receipt_is_not_closed_over_a_decision_without_an_answer() {
    let desk = desk();
    let ledger = &desk.ledger;
    let mut told: Vec<_> = (3..ROWS)
        .map(|row| event(row, 1, 4, RowState::Registered))
        .collect();
    told.push(event(1, 1, 3, RowState::Rejected));
    told.push(event(2, 1, 3, RowState::Registered));
    ledger
        .fold_digest(&digest(desk.batch, 0, told), now())
        .expect("folds");
    let closed = || {
        let entry = ledger.batch(desk.batch).expect("reads").expect("there");
        let receipt = ledger.receipt(&entry).expect("sums").expect("ours");
        (receipt.closed, receipt.closed_at.is_some())
    };
    assert_eq!(closed(), (true, true));
    let again = decision(&desk, 1, "Bia");
    let ids = ledger.journal_corrections("embedded", &[again], "ana", now());
    assert_eq!(closed(), (false, false));
    let gone = CorrectionOutcome::NoSuchRow {
        correction_id: ids.expect("journalled")[0],
        row_no: RowNo(1),
    };
    ledger
        .set_outcomes(desk.batch, &[gone], now())
        .expect("written");
    assert_eq!(closed(), (true, true));
}

#[test]
fn an_answer_that_is_noted_late_does_not_undo_what_the_pipeline_said_since() {
    let desk = desk();
    let ledger = &desk.ledger;
    let told = vec![
        event(2, 1, 3, RowState::Rejected),
        event(2, 2, 5, RowState::Registered),
    ];
    ledger
        .fold_digest(&digest(desk.batch, 0, told), now())
        .expect("folds");
    let accepted = CorrectionOutcome::Accepted {
        correction_id: model::CorrectionId(uuid::Uuid::now_v7()),
        row_no: RowNo(2),
        generation: Generation(2),
        state: RowState::Queued,
    };
    ledger
        .set_outcomes(desk.batch, &[accepted], now())
        .expect("written");
    let row = ledger
        .row(desk.batch, RowNo(2))
        .expect("reads")
        .expect("there");
    assert_eq!(row.state, RowState::Registered);
}
