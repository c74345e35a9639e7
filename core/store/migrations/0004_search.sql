-- SPDX-License-Identifier: Apache-2.0
--
-- Full text search over jobs (slug, title, task), their commands and the findings of their attempts.
--   * The triggers keep the index in the transaction that writes the row, whoever writes it. Nothing that is indexed is
--     ever taken back, so the index only grows and keeps no copy of the text (content='').
--   * rowid = job number << 22 | n << 2 | kind (0 job, 1 command, 2 findings); n counts the rows of the job and is kept
--     in `jobs.searched`. So the job of a hit is read from the index alone, and the newest jobs come last.
--   * Every row holds the slug and the title too, so that a word of the job and one of its command meet in one row: all
--     words of a search are looked for in one row, which the index answers newest first without reading all that match.
--   * Texts are cut where only a machine would read on.

ALTER TABLE jobs ADD COLUMN searched INTEGER NOT NULL DEFAULT 0;

CREATE VIRTUAL TABLE search USING fts5(words, content='', columnsize=0, prefix='2 3 4 5 6', tokenize='unicode61 remove_diacritics 2');

INSERT INTO search(rowid, words)
    SELECT j.num << 22, j.slug || ' ' || j.title || ' ' || substr(t.task, 1, 100000)
    FROM jobs j JOIN job_texts t ON t.job = j.num ORDER BY j.num;

INSERT INTO search(rowid, words)
    SELECT (a.job << 22) | (row_number() OVER (PARTITION BY a.job ORDER BY a.num) << 2) | 2,
        j.slug || ' ' || j.title || ' ' || (SELECT substr(group_concat(coalesce(f.value ->> '$.tool', '') || ' '
            || coalesce(f.value ->> '$.rule', '') || ' ' || coalesce(f.value ->> '$.file', '') || ' '
            || coalesce(f.value ->> '$.message', ''), ' '), 1, 100000) FROM json_each(a.verdict, '$.findings') f)
    FROM attempts a JOIN jobs j ON j.num = a.job WHERE json_array_length(a.verdict, '$.findings') > 0 ORDER BY a.job, a.num;

UPDATE jobs SET searched = (SELECT count(*) FROM attempts WHERE job = jobs.num AND json_array_length(verdict, '$.findings') > 0)
    WHERE num IN (SELECT job FROM attempts WHERE json_array_length(verdict, '$.findings') > 0);

INSERT INTO search(rowid, words)
    SELECT (c.job << 22) | ((j.searched + row_number() OVER (PARTITION BY c.job ORDER BY c.stage, c.attempt, c.seq)) << 2) | 1,
        j.slug || ' ' || j.title || ' ' || (SELECT substr(group_concat(a.value, ' '), 1, 4000) FROM json_each(c.argv) a)
    FROM commands c JOIN jobs j ON j.num = c.job ORDER BY c.job;

UPDATE jobs SET searched = searched + (SELECT count(*) FROM commands WHERE job = jobs.num)
    WHERE num IN (SELECT job FROM commands);

CREATE TRIGGER search_job AFTER INSERT ON job_texts BEGIN
    INSERT INTO search(rowid, words) SELECT num << 22, slug || ' ' || title || ' ' || substr(NEW.task, 1, 100000) FROM jobs
        WHERE num = NEW.job; END;

CREATE TRIGGER search_command AFTER INSERT ON commands BEGIN
    UPDATE jobs SET searched = searched + 1 WHERE num = NEW.job; INSERT INTO search(rowid, words)
        SELECT (num << 22) | (searched << 2) | 1, slug || ' ' || title || ' '
            || (SELECT substr(group_concat(value, ' '), 1, 4000) FROM json_each(NEW.argv))
        FROM jobs WHERE num = NEW.job AND searched < 1 << 20; END;

CREATE TRIGGER search_attempt AFTER INSERT ON attempts WHEN json_array_length(NEW.verdict, '$.findings') > 0 BEGIN
    UPDATE jobs SET searched = searched + 1 WHERE num = NEW.job; INSERT INTO search(rowid, words)
        SELECT (num << 22) | (searched << 2) | 2, slug || ' ' || title || ' '
            || (SELECT substr(group_concat(coalesce(value ->> '$.tool', '') || ' ' || coalesce(value ->> '$.rule', '') || ' '
            || coalesce(value ->> '$.file', '') || ' ' || coalesce(value ->> '$.message', ''), ' '), 1, 100000)
            FROM json_each(NEW.verdict, '$.findings'))
        FROM jobs WHERE num = NEW.job AND searched < 1 << 20; END;

CREATE TRIGGER search_verdict AFTER UPDATE OF verdict ON attempts WHEN json_array_length(NEW.verdict, '$.findings') > 0
    AND NEW.verdict IS NOT OLD.verdict BEGIN
    UPDATE jobs SET searched = searched + 1 WHERE num = NEW.job; INSERT INTO search(rowid, words)
        SELECT (num << 22) | (searched << 2) | 2, slug || ' ' || title || ' '
            || (SELECT substr(group_concat(coalesce(value ->> '$.tool', '') || ' ' || coalesce(value ->> '$.rule', '') || ' '
            || coalesce(value ->> '$.file', '') || ' ' || coalesce(value ->> '$.message', ''), ' '), 1, 100000)
            FROM json_each(NEW.verdict, '$.findings'))
        FROM jobs WHERE num = NEW.job AND searched < 1 << 20; END;
