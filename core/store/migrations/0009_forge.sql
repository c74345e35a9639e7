-- SPDX-License-Identifier: Apache-2.0
--
-- Pull requests and checks.
--   * `job_pulls` is what a job knows of its pull request, on whatever forge: a step writes it, and it is what a screen
--     shows. `checks` is a JSON array, as last read.
--   * `forge_pulls` and `forge_checks` are the local forge itself: what another forge keeps on its server. They are
--     written outside of any job's step; a repository is named by its path.

CREATE TABLE job_pulls (
    job     INTEGER PRIMARY KEY REFERENCES jobs(num),
    forge   TEXT NOT NULL,
    number  INTEGER NOT NULL,
    url     TEXT NOT NULL,
    branch  TEXT NOT NULL,
    base    TEXT NOT NULL,
    head    TEXT NOT NULL,
    state   TEXT NOT NULL,
    draft   INTEGER NOT NULL,
    title   TEXT NOT NULL,
    pushed  TEXT NOT NULL,
    judged  TEXT NOT NULL,
    checks  TEXT NOT NULL,
    read_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE forge_pulls (
    repository TEXT NOT NULL,
    number     INTEGER NOT NULL,
    branch     TEXT NOT NULL,
    base       TEXT NOT NULL,
    head       TEXT NOT NULL,
    state      TEXT NOT NULL,
    draft      INTEGER NOT NULL,
    title      TEXT NOT NULL,
    body       TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL,
    PRIMARY KEY (repository, number)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX forge_pulls_open ON forge_pulls(repository, branch) WHERE state = 'open';
CREATE INDEX forge_pulls_by_branch ON forge_pulls(repository, branch, number);

CREATE TABLE forge_checks (
    id           TEXT PRIMARY KEY,
    repository   TEXT NOT NULL,
    job          TEXT NOT NULL,
    name         TEXT NOT NULL,
    commit_id    TEXT NOT NULL,
    status       TEXT NOT NULL,
    conclusion   TEXT NOT NULL,
    queued_ms    INTEGER NOT NULL,
    started_ms   INTEGER NOT NULL,
    ended_ms     INTEGER NOT NULL,
    summary      TEXT NOT NULL,
    findings     TEXT NOT NULL,
    cancel_asked INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE INDEX forge_checks_by_commit ON forge_checks(repository, commit_id, id);
CREATE INDEX forge_checks_open ON forge_checks(id) WHERE status <> 'completed';
