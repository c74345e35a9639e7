-- SPDX-License-Identifier: Apache-2.0
--
-- Each call of a model or agent for a job: written before it is made (finished=0) and after it.
--   * `input_tokens`, `output_tokens`, `cost`: NULL where the provider did not count; never a guess.
--   * `reckoned_tokens`, `reckoned_cost`: an upper bound, for the budget alone. Costs are millionths of `currency`.
--   * `prompt` and `answer` name artifacts of the job; empty where none was kept.

CREATE TABLE author_calls (
    job             INTEGER NOT NULL REFERENCES jobs(num),
    number          INTEGER NOT NULL,
    stage           TEXT NOT NULL,
    round           INTEGER NOT NULL,
    purpose         TEXT NOT NULL,
    name            TEXT NOT NULL,
    base_url        TEXT NOT NULL,
    model           TEXT NOT NULL,
    temperature     TEXT,
    max_tokens      INTEGER NOT NULL,
    finished        INTEGER NOT NULL,
    ending          TEXT NOT NULL,
    note            TEXT NOT NULL,
    tries           INTEGER NOT NULL,
    started_ms      INTEGER NOT NULL,
    latency_ms      INTEGER NOT NULL,
    input_tokens    INTEGER,
    output_tokens   INTEGER,
    reckoned_tokens INTEGER NOT NULL,
    cost            INTEGER,
    reckoned_cost   INTEGER,
    currency        TEXT NOT NULL,
    prompt          TEXT NOT NULL,
    answer          TEXT NOT NULL,
    PRIMARY KEY (job, number)
) STRICT, WITHOUT ROWID;
