-- SPDX-License-Identifier: Apache-2.0
--
-- A list that is filtered by several things at once is read along one index too: each combination of what the filter
-- leaves open is one part of it, in the order of the ids, and the parts are merged (rowsread.cpp). Without this, a
-- combination that few jobs match walked over all that matched one of them.
--   * `wait_kind = 'approval'` is what tells the coarse statuses of a waiting job apart.

DROP INDEX jobs_by_state;
DROP INDEX jobs_by_priority;
DROP INDEX jobs_by_repository;
CREATE INDEX jobs_by_state ON jobs(archived, state, wait_kind = 'approval', priority, id);
CREATE INDEX jobs_by_repository ON jobs(archived, repository, state, wait_kind = 'approval', priority, id);
