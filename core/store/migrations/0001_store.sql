-- SPDX-License-Identifier: Apache-2.0
--
-- The store's first schema. Migrations are numbered, run forward only, each in one transaction, after a backup of the
-- file; `PRAGMA user_version` is the number of the last one. Statements end with a semicolon at the end of a line.
--
-- How it is laid out
--   * A job has its ULID `id` outside and a small integer `num` inside: the rows of a job name it by `num`.
--   * `jobs` holds what is listed, filtered or sorted; long texts that never change lie in `job_texts`, so that a step
--     rewrites one small row. Names of enums are stored as text, as domain's toName() gives them; JSON is compact.
--   * The questions of the scheduler are answered by partial indexes over the generated columns `ready` and `timed`:
--     their cost follows the number of jobs that match, never the number of jobs stored.
--   * `jobs.revision` grows by one with each step; `events.revision` says which step an event belongs to.
--   * `leases` has a row while somebody owns the job; the fencing epoch lives on in `jobs.epoch`. Deadlines are
--     milliseconds of CLOCK_BOOTTIME under `boot`; another boot's deadline has passed.
--   * `audit.entry` is the canonical text that is hashed: JSON with fixed first members {"seq":N,"previous":"..."; it
--     is stored as hashed and never re-made. The head is also kept outside, in <data>/audit.head.
--   * Times `*_ms` are wall time, for display only; order is always a sequence number or an id.

CREATE TABLE repositories (
    num  INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE jobs (
    num           INTEGER PRIMARY KEY,
    id            TEXT NOT NULL UNIQUE,
    -- identity
    repository    INTEGER NOT NULL REFERENCES repositories(num),
    slug          TEXT NOT NULL,
    title         TEXT NOT NULL,
    branch        TEXT NOT NULL,
    target        TEXT NOT NULL,
    author        TEXT NOT NULL,
    author_source TEXT NOT NULL,
    trace_id      TEXT NOT NULL,
    created_ms    INTEGER NOT NULL,
    -- progress
    state         TEXT NOT NULL,
    wait_kind     TEXT NOT NULL,
    wait_what     TEXT NOT NULL,
    wait_since_ms INTEGER NOT NULL,
    wake_at       INTEGER,
    wake_boot     TEXT NOT NULL,
    stage_index   INTEGER NOT NULL,
    note          TEXT NOT NULL,
    workspace     TEXT NOT NULL,
    base_commit   TEXT NOT NULL,
    good_commit   TEXT NOT NULL,
    head_commit   TEXT NOT NULL,
    author_rounds INTEGER NOT NULL,
    answering     TEXT NOT NULL,
    attempt_mark  INTEGER NOT NULL,
    gate_diff     TEXT NOT NULL,
    gate_evidence TEXT NOT NULL,
    gate_contract TEXT NOT NULL,
    tried_tree    TEXT NOT NULL,
    integrated    TEXT NOT NULL,
    -- wishes
    priority      TEXT NOT NULL,
    paused        INTEGER NOT NULL,
    pause_reason  TEXT NOT NULL,
    cancel_asked  INTEGER NOT NULL,
    archived      INTEGER NOT NULL,
    -- kept by the store
    revision      INTEGER NOT NULL,
    updated_ms    INTEGER NOT NULL,
    finished_ms   INTEGER NOT NULL DEFAULT 0,
    epoch         INTEGER NOT NULL DEFAULT 0,
    unmet         INTEGER NOT NULL DEFAULT 0, -- dependencies that are not done
    answered      INTEGER NOT NULL DEFAULT 0, -- there is a decision that is neither used nor void
    live INTEGER NOT NULL GENERATED ALWAYS AS (state IN ('created', 'running', 'waiting')) STORED,
    ready INTEGER NOT NULL GENERATED ALWAYS AS (
        archived = 0 AND (
            (cancel_asked = 1 AND state IN ('created', 'waiting'))
            OR (paused = 0 AND state = 'created' AND unmet = 0)
            OR (paused = 0 AND state = 'waiting' AND wait_kind = 'approval' AND answered = 1))) STORED,
    timed INTEGER NOT NULL GENERATED ALWAYS AS (
        archived = 0 AND paused = 0 AND unmet = 0 AND state = 'waiting' AND wake_at IS NOT NULL) STORED
) STRICT;

CREATE INDEX jobs_all ON jobs(archived, id);
CREATE INDEX jobs_by_state ON jobs(archived, state, id);
CREATE INDEX jobs_by_priority ON jobs(archived, priority, id);
CREATE INDEX jobs_by_repository ON jobs(archived, repository, id);
CREATE INDEX jobs_by_slug ON jobs(slug, id);
CREATE UNIQUE INDEX jobs_live_slug ON jobs(repository, slug) WHERE live = 1;
CREATE INDEX jobs_ready ON jobs(priority, id) WHERE ready = 1;
CREATE INDEX jobs_timed ON jobs(wake_boot, wake_at) WHERE timed = 1;
CREATE INDEX jobs_running ON jobs(id) WHERE state = 'running';

CREATE TABLE job_texts (
    job      INTEGER PRIMARY KEY REFERENCES jobs(num),
    task     TEXT NOT NULL,
    pipeline TEXT NOT NULL,
    contract TEXT NOT NULL
) STRICT;

CREATE TABLE job_dependencies (
    job        INTEGER NOT NULL REFERENCES jobs(num),
    position   INTEGER NOT NULL,
    depends_on INTEGER NOT NULL REFERENCES jobs(num),
    PRIMARY KEY (job, position)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX job_dependencies_back ON job_dependencies(depends_on, job);

CREATE TABLE leases (
    job      INTEGER PRIMARY KEY REFERENCES jobs(num),
    owner    TEXT NOT NULL,
    epoch    INTEGER NOT NULL,
    deadline INTEGER NOT NULL,
    boot     TEXT NOT NULL
) STRICT;

CREATE INDEX leases_by_owner ON leases(owner);

-- Leases that were taken from an owner that may still be alive; its next heartbeat is told, and the row goes.
CREATE TABLE lost_leases (
    owner TEXT NOT NULL,
    job   INTEGER NOT NULL REFERENCES jobs(num),
    PRIMARY KEY (owner, job)
) STRICT, WITHOUT ROWID;

CREATE TABLE attempts (
    num             INTEGER PRIMARY KEY,
    job             INTEGER NOT NULL REFERENCES jobs(num),
    stage           TEXT NOT NULL,
    number          INTEGER NOT NULL,
    state           TEXT NOT NULL,
    started_ms      INTEGER NOT NULL,
    ended_ms        INTEGER NOT NULL,
    before_commit   TEXT NOT NULL,
    start_commit    TEXT NOT NULL,
    after_commit    TEXT NOT NULL,
    tree            TEXT NOT NULL,
    reverted_ref    TEXT,
    reverted_commit TEXT,
    reverted_text   TEXT,
    fingerprint     TEXT NOT NULL,
    note            TEXT NOT NULL,
    verdict         TEXT, -- JSON
    UNIQUE (job, stage, number)
) STRICT;

CREATE TABLE commands (
    job            INTEGER NOT NULL REFERENCES jobs(num),
    stage          TEXT NOT NULL,
    attempt        INTEGER NOT NULL,
    seq            INTEGER NOT NULL,
    argv           TEXT NOT NULL, -- JSON array
    folder         TEXT NOT NULL,
    layers         TEXT NOT NULL, -- JSON array
    finished       INTEGER NOT NULL,
    started_ms     INTEGER NOT NULL,
    duration_ms    INTEGER NOT NULL,
    exit_code      INTEGER,
    signal         INTEGER NOT NULL,
    ending         TEXT NOT NULL,
    cpu_ms         INTEGER NOT NULL,
    peak_memory_kb INTEGER NOT NULL,
    output_bytes   INTEGER NOT NULL,
    log_path       TEXT NOT NULL,
    PRIMARY KEY (job, stage, attempt, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE artifacts (
    num        INTEGER PRIMARY KEY,
    job        INTEGER NOT NULL REFERENCES jobs(num),
    stage      TEXT NOT NULL,
    attempt    INTEGER NOT NULL,
    name       TEXT NOT NULL,
    path       TEXT NOT NULL,
    size       INTEGER NOT NULL,
    sha256     TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    UNIQUE (job, stage, attempt, name)
) STRICT;

CREATE TABLE risks (
    num         INTEGER PRIMARY KEY,
    job         INTEGER NOT NULL REFERENCES jobs(num),
    name        TEXT NOT NULL,
    stage       TEXT NOT NULL,
    attempt     INTEGER NOT NULL,
    text        TEXT NOT NULL,
    accepted_by TEXT NOT NULL,
    comment     TEXT NOT NULL,
    accepted_ms INTEGER NOT NULL,
    UNIQUE (job, name)
) STRICT;

CREATE TABLE decisions (
    num              INTEGER PRIMARY KEY,
    id               TEXT NOT NULL UNIQUE,
    job              INTEGER NOT NULL REFERENCES jobs(num),
    gate             TEXT NOT NULL,
    kind             TEXT NOT NULL,
    actor            TEXT NOT NULL,
    comment          TEXT NOT NULL,
    strategy         TEXT NOT NULL,
    accepted_risks   TEXT NOT NULL, -- JSON array
    binding_diff     TEXT NOT NULL,
    binding_evidence TEXT NOT NULL,
    binding_contract TEXT NOT NULL,
    made_ms          INTEGER NOT NULL,
    void_reason      TEXT NOT NULL,
    consumed_by      TEXT NOT NULL
) STRICT;

CREATE INDEX decisions_by_job ON decisions(job, num);
-- A decision is used by one step and a step uses one decision; a gate has one that waits to be used, at most.
CREATE UNIQUE INDEX decisions_consumer ON decisions(consumed_by) WHERE consumed_by <> '';
CREATE UNIQUE INDEX decisions_pending ON decisions(job, gate) WHERE consumed_by = '' AND void_reason = '';

CREATE TABLE intents (
    num        INTEGER PRIMARY KEY,
    key        TEXT NOT NULL UNIQUE,
    job        INTEGER NOT NULL REFERENCES jobs(num),
    kind       TEXT NOT NULL,
    stage      TEXT NOT NULL,
    attempt    INTEGER NOT NULL,
    payload    TEXT NOT NULL, -- JSON
    state      TEXT NOT NULL,
    result     TEXT NOT NULL, -- JSON
    created_ms INTEGER NOT NULL
) STRICT;

CREATE INDEX intents_open ON intents(job, num) WHERE state = 'open';

CREATE TABLE events (
    seq      INTEGER PRIMARY KEY,
    job      INTEGER REFERENCES jobs(num),
    revision INTEGER NOT NULL,
    kind     TEXT NOT NULL,
    stage    TEXT NOT NULL,
    attempt  INTEGER NOT NULL,
    detail   TEXT NOT NULL, -- JSON
    at_ms    INTEGER NOT NULL
) STRICT;

CREATE INDEX events_by_job ON events(job, seq);

CREATE TABLE audit (
    seq   INTEGER PRIMARY KEY,
    hash  TEXT NOT NULL, -- SHA-256 of the entry, hexadecimal
    entry TEXT NOT NULL
) STRICT;

-- Facts about the whole engine, by name: 'paused'.
CREATE TABLE engine (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
