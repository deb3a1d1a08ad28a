//! The tables. `batch` is a small number that stands for `(company, batch_id)` inside the file.

pub(super) const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS workstations (
    workstation_id BLOB PRIMARY KEY,
    company TEXT NOT NULL,
    user TEXT NOT NULL,
    desk_name TEXT NOT NULL,
    status_queue TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS batches (
    batch INTEGER PRIMARY KEY,
    company TEXT NOT NULL,
    batch_id BLOB NOT NULL,
    name TEXT NOT NULL,
    request TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    failure TEXT,
    stored_sha256 TEXT,
    stored_bytes INTEGER,
    done_offset INTEGER NOT NULL DEFAULT 0,
    done_rows INTEGER NOT NULL DEFAULT 0,
    done_last INTEGER NOT NULL DEFAULT 0,
    extracted INTEGER NOT NULL DEFAULT 0,
    version INTEGER NOT NULL DEFAULT 0,
    -- Followers know everything up to this version.
    told INTEGER NOT NULL DEFAULT 0,
    -- When the upload or its extraction last moved.
    touched_at INTEGER NOT NULL,
    settled_at INTEGER,
    UNIQUE (company, batch_id)
);
CREATE INDEX IF NOT EXISTS batches_newest ON batches (company, created_at);
CREATE INDEX IF NOT EXISTS batches_untold ON batches (batch) WHERE told < version;
CREATE INDEX IF NOT EXISTS batches_arriving ON batches (touched_at)
    WHERE state IN ('awaiting-upload', 'received', 'extracting');

CREATE TABLE IF NOT EXISTS followers (
    batch INTEGER NOT NULL,
    workstation_id BLOB NOT NULL,
    PRIMARY KEY (batch, workstation_id)
) WITHOUT ROWID;

-- Where every row is. Its sums by state are in `tallies`, kept in the same transaction.
CREATE TABLE IF NOT EXISTS row_states (
    batch INTEGER NOT NULL,
    row_no INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (batch, row_no)
) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS row_states_by_version ON row_states (batch, version);

CREATE TABLE IF NOT EXISTS tallies (
    batch INTEGER NOT NULL,
    state TEXT NOT NULL,
    rows INTEGER NOT NULL CHECK (rows >= 0),
    PRIMARY KEY (batch, state)
) WITHOUT ROWID;

-- All that happened to every row.
CREATE TABLE IF NOT EXISTS events (
    batch INTEGER NOT NULL,
    row_no INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    at INTEGER NOT NULL,
    PRIMARY KEY (batch, row_no, seq)
) WITHOUT ROWID;

-- The one place for what people's rows say: the record as it stands, for a refused row the same
-- folded for searching, for a discarded row what was written about it.
CREATE TABLE IF NOT EXISTS payloads (
    batch INTEGER NOT NULL,
    row_no INTEGER NOT NULL,
    record TEXT NOT NULL,
    folded TEXT,
    why TEXT,
    PRIMARY KEY (batch, row_no)
) WITHOUT ROWID;

-- The rows that are refused now, in the order of their refusal.
CREATE TABLE IF NOT EXISTS rejected (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    company TEXT NOT NULL,
    batch INTEGER NOT NULL,
    row_no INTEGER NOT NULL,
    code TEXT NOT NULL,
    field TEXT,
    UNIQUE (batch, row_no)
);
CREATE INDEX IF NOT EXISTS rejected_newest ON rejected (company, n);

CREATE TABLE IF NOT EXISTS leases (
    batch INTEGER NOT NULL,
    row_no INTEGER NOT NULL,
    lease_id BLOB NOT NULL,
    workstation_id BLOB NOT NULL,
    desk_name TEXT NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (batch, row_no)
) WITHOUT ROWID;

-- What was answered to every correction.
CREATE TABLE IF NOT EXISTS claims (
    company TEXT NOT NULL,
    correction_id BLOB NOT NULL,
    batch INTEGER NOT NULL,
    row_no INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    user TEXT NOT NULL,
    desk_name TEXT NOT NULL,
    at INTEGER NOT NULL,
    -- The state that it brought the row to.
    accepted TEXT,
    outcome TEXT NOT NULL,
    PRIMARY KEY (company, correction_id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS claims_one_for_each_generation
    ON claims (batch, row_no, generation) WHERE accepted IS NOT NULL;

CREATE TABLE IF NOT EXISTS resends (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    batch INTEGER NOT NULL,
    row_no INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    UNIQUE (batch, row_no)
);

CREATE TABLE IF NOT EXISTS emails (
    company TEXT NOT NULL,
    person_id BLOB NOT NULL,
    key TEXT NOT NULL,
    sent INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (company, person_id)
) WITHOUT ROWID;
";
