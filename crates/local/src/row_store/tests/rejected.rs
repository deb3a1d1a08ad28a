use wire::{LeaseRequest, LeaseRow, RejectedPage, ReleaseRequest, SearchRejected};

use super::*;

/// Rows 1 to 4 are refused in this order, each for a reason and with a name of its own.
async fn refused() -> Trial {
    let trial = Trial::new().await;
    trial.create().await;
    let names = ["José Ávila", "Ana Lima", "JOÃO da Conceição", "Zoë"];
    let rows: Vec<NewRow> = (1..)
        .zip(names)
        .map(|(n, name)| NewRow {
            row_no: RowNo(n),
            record: Record::from([
                ("full_name".into(), name.into()),
                ("document".into(), format!("0000000000{n}")),
            ]),
        })
        .collect();
    let inserted = trial.store.insert_rows(&acme(), BATCH, &rows, at(1)).await;
    inserted.expect("inserts");
    for (n, reason) in [
        (
            1,
            Reason::new(ReasonCode::UnknownDepartment).at("department"),
        ),
        (2, Reason::new(ReasonCode::AlreadyRegistered)),
        (
            3,
            Reason::new(ReasonCode::UnknownDepartment).at("department"),
        ),
        (4, Reason::new(ReasonCode::InvalidCell).at("phone")),
    ] {
        let reason = Some(reason);
        let change = Change {
            reason,
            ..change(n, 1, RowState::Rejected)
        };
        trial.apply(&[change]).await;
    }
    trial
}

fn text(text: &str) -> SearchRejected {
    SearchRejected {
        text: Some(text.into()),
        ..SearchRejected::default()
    }
}

async fn search(trial: &Trial, search: SearchRejected) -> RejectedPage {
    let found = trial.store.search_rejected(&acme(), &search, at(10)).await;
    found.expect("answers")
}

fn numbers(page: &RejectedPage) -> Vec<u32> {
    page.rows.iter().map(|row| row.row_no.0).collect()
}

#[tokio::test]
async fn a_search_knows_neither_case_nor_accents() {
    let trial = refused().await;
    for (looked_for, expected) in [
        ("jose avila", vec![1]),
        ("JOAO", vec![3]),
        ("conceicão", vec![3]),
        ("zoe", vec![4]),
        ("  lima ", vec![2]),
        ("0000", vec![4, 3, 2, 1]),
        ("", vec![4, 3, 2, 1]),
        ("100%", vec![]),
        ("_", vec![]),
        ("avila0", vec![]),
        ("a\u{1f}0", vec![]),
    ] {
        let found = search(&trial, text(looked_for)).await;
        assert_eq!(numbers(&found), expected, "{looked_for:?}");
    }
}

#[tokio::test]
async fn groups_and_total_are_over_all_that_matched() {
    let trial = refused().await;
    let first = search(
        &trial,
        SearchRejected {
            limit: 3,
            ..SearchRejected::default()
        },
    )
    .await;
    assert_eq!(numbers(&first), [4, 3, 2]);
    assert_eq!(first.total, 4);
    let groups: Vec<_> = first
        .groups
        .iter()
        .map(|g| (g.code.as_str(), g.field.as_deref(), g.rows))
        .collect();
    assert_eq!(
        groups,
        [
            ("unknown-department", Some("department"), 2),
            ("already-registered", None, 1),
            ("invalid-cell", Some("phone"), 1),
        ]
    );
    let second = search(
        &trial,
        SearchRejected {
            limit: 3,
            after: first.next,
            ..SearchRejected::default()
        },
    )
    .await;
    assert_eq!((numbers(&second), second.next), (vec![1], None));
    assert_eq!(second.total, 4);

    let by_code = SearchRejected {
        code: Some(ReasonCode::UnknownDepartment),
        batch_id: Some(BATCH),
        ..text("joao")
    };
    let found = search(&trial, by_code).await;
    assert_eq!((numbers(&found), found.total), (vec![3], 1));
    let elsewhere = SearchRejected {
        batch_id: Some(BatchId(Uuid::from_u128(99))),
        ..SearchRejected::default()
    };
    assert_eq!(search(&trial, elsewhere).await.total, 0);
    let not_ours = SearchRejected {
        after: Some("x".into()),
        ..SearchRejected::default()
    };
    let answer = trial.store.search_rejected(&acme(), &not_ours, at(0)).await;
    assert!(answer.is_err());
}

#[tokio::test]
async fn a_corrected_row_leaves_the_list_and_comes_back_with_its_new_record() {
    let trial = refused().await;
    let corrected = correction(1, 1, 1, send("Joséphine"));
    trial.claim(ANA, &corrected, at(5)).await;
    assert_eq!(search(&trial, text("jose")).await.total, 0);
    trial.apply(&[change(1, 2, RowState::Rejected)]).await;
    let found = search(&trial, text("josephine")).await;
    assert_eq!(numbers(&found), [1]);
    assert_eq!(found.rows[0].generation, Generation(2));
    assert_eq!(found.rows[0].seq.0, 4, "queued, refused, queued, refused");
    let rejected_row = async |key| {
        let row = trial.store.rejected_row(&acme(), key).await;
        row.expect("answers")
    };
    assert_eq!(rejected_row(key(1, 1)).await, None, "an older generation");
    assert_eq!(rejected_row(key(1, 2)).await.as_ref(), found.rows.first());
}

fn leasing(workstation_id: WorkstationId, rows: &[u32]) -> LeaseRequest {
    LeaseRequest {
        workstation_id,
        rows: lease_rows(rows),
        seconds: 60,
    }
}

fn lease_rows(rows: &[u32]) -> Vec<LeaseRow> {
    rows.iter()
        .map(|n| LeaseRow {
            batch_id: BATCH,
            row_no: RowNo(*n),
        })
        .collect()
}

#[tokio::test]
async fn one_desk_at_a_time_has_a_row_open() {
    let trial = refused().await;
    let lease = async |request: LeaseRequest, now: i64| {
        let answer = trial.store.lease(&acme(), &request, at(now)).await;
        answer.expect("answers")
    };
    let ana = lease(leasing(ANA, &[1, 2]), 10).await;
    assert_eq!((ana.granted.len(), ana.held.len()), (2, 0));
    let bob = lease(leasing(BOB, &[2, 3]), 20).await;
    assert_eq!(bob.granted[0].row.row_no, RowNo(3));
    let held = &bob.held[0].lease;
    assert_eq!((held.by.as_str(), held.until), ("Ana", at(70)));

    let listed = search(&trial, text("lima")).await;
    assert_eq!(listed.rows[0].lease.as_ref(), Some(held));

    // Ana renews under the same lease; when it lapses Bob may have the row.
    let renewed = lease(leasing(ANA, &[2]), 30).await;
    assert_eq!(renewed.granted[0].lease.lease_id, held.lease_id);
    assert_eq!(lease(leasing(BOB, &[2]), 89).await.granted, []);
    let taken_over = lease(leasing(BOB, &[2]), 90).await;
    assert_eq!(taken_over.granted[0].lease.by, "Bob");

    // Giving back touches one's own alone.
    let release = ReleaseRequest {
        workstation_id: ANA,
        rows: lease_rows(&[1, 2]),
    };
    let released = trial.store.release(&acme(), &release).await;
    released.expect("releases");
    let bob = lease(leasing(BOB, &[1]), 91).await;
    assert_eq!(bob.granted.len(), 1, "given back before it lapsed");
    let ana = lease(leasing(ANA, &[2]), 92).await;
    assert_eq!(ana.held.len(), 1);
}

#[tokio::test]
async fn a_lease_lasts_as_long_as_was_asked_within_bounds() {
    let trial = refused().await;
    for (asked, seconds) in [(0, 300), (1, 30), (60, 60), (86_400, 900)] {
        let request = LeaseRequest {
            seconds: asked,
            ..leasing(ANA, &[1])
        };
        let answer = trial.store.lease(&acme(), &request, at(0)).await;
        let until = answer.expect("answers").granted[0].lease.until;
        assert_eq!(until, at(seconds), "{asked}");
    }
}

#[tokio::test]
async fn only_refused_rows_are_leased_and_only_to_desks_that_are_known() {
    let trial = Trial::running(1).await;
    let answer = trial
        .store
        .lease(&acme(), &leasing(ANA, &[1, 9]), at(0))
        .await;
    let answer = answer.expect("answers");
    assert_eq!((answer.granted, answer.held), (vec![], vec![]));
    let stranger = WorkstationId(Uuid::from_u128(0xc));
    let refused = trial
        .store
        .lease(&acme(), &leasing(stranger, &[1]), at(0))
        .await;
    assert!(refused.is_err());
}
