-- SPDX-License-Identifier: Apache-2.0
--
-- What a person asked to have run again (factory retry --fresh): passes that ended before that time answer no gate of the
-- job; 0 where nobody asked.

ALTER TABLE jobs ADD COLUMN fresh_ms INTEGER NOT NULL DEFAULT 0;
