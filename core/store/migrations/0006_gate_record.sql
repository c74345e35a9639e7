-- SPDX-License-Identifier: Apache-2.0
--
-- What a pass rests on, so that the same gate on the same inputs is answered from it.
--   * `inputs` is a digest (domain, inputsKey()); empty for whatever is no pass to answer from.
--   * `any_job`: nothing but this tree had run in the job's home by then, so that it holds for the repository's other jobs.

ALTER TABLE attempts ADD COLUMN inputs TEXT NOT NULL DEFAULT '';
ALTER TABLE attempts ADD COLUMN any_job INTEGER NOT NULL DEFAULT 0;
CREATE INDEX attempts_by_inputs ON attempts(inputs) WHERE inputs <> '';
