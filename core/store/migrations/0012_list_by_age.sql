-- SPDX-License-Identifier: Apache-2.0
--
-- The console's lists of one state by age, its counts, and what ended today, each along an index: without them a state
-- that few jobs are in walked over all jobs for the first page of its list.
--   * `wait_kind` tells those that wait for a person apart without their rows.

CREATE INDEX jobs_by_age ON jobs(archived, state, id, wait_kind);
CREATE INDEX jobs_by_end ON jobs(archived, state, finished_ms);
CREATE INDEX jobs_paused ON jobs(archived, id) WHERE paused = 1;
