-- SPDX-License-Identifier: Apache-2.0
--
-- What a person wants of a check, what the forge said of itself, and which tickets a person does.
--   * `wish`, `cancelled`: JSON, a CheckWish; the first is carried out by the job's next look at the forge.
--   * `refused`: why the last wish was not carried out.
--   * `requests`: JSON, how many requests the forge still takes; '{}': it did not say.
--   * `taken`: numbers of the tickets that a person does in place of the job's author, separated by blanks.

ALTER TABLE job_pulls ADD COLUMN wish TEXT NOT NULL DEFAULT '{}';
ALTER TABLE job_pulls ADD COLUMN cancelled TEXT NOT NULL DEFAULT '{}';
ALTER TABLE job_pulls ADD COLUMN refused TEXT NOT NULL DEFAULT '';
ALTER TABLE job_pulls ADD COLUMN requests TEXT NOT NULL DEFAULT '{}';
ALTER TABLE jobs ADD COLUMN taken TEXT NOT NULL DEFAULT '';
