-- SPDX-License-Identifier: Apache-2.0
--
-- The documents of a job (spec, architecture, tickets): the hashes of those that are frozen, the question and its answer, the
-- ticket that is worked on, as one JSON object; '{}' for a job without. A decision is bound to them too, and an attempt names
-- its ticket, 0 for none.

ALTER TABLE jobs ADD COLUMN documents TEXT NOT NULL DEFAULT '{}';
ALTER TABLE jobs ADD COLUMN review_spec INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN gate_spec TEXT NOT NULL DEFAULT '';
ALTER TABLE decisions ADD COLUMN binding_spec TEXT NOT NULL DEFAULT '';
ALTER TABLE attempts ADD COLUMN ticket INTEGER NOT NULL DEFAULT 0;
