-- SPDX-License-Identifier: Apache-2.0
--
-- Where the job's contract was read from, relative to the repository's root; empty where it lies outside, or is the
-- default one. No job may touch its own contract, wherever it lies.

ALTER TABLE job_texts ADD COLUMN contract_file TEXT NOT NULL DEFAULT '';
