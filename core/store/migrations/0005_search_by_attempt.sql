-- SPDX-License-Identifier: Apache-2.0
--
-- Commands are taken into the full text index when their attempt ends, in one row with its findings, and no longer each
-- by itself: a row of the index costs 0.1 ms and more, and a command is written while somebody waits for it. What a
-- running attempt does is found when it ends.

DROP TRIGGER search_command;
DROP TRIGGER search_attempt;
DROP TRIGGER search_verdict;

CREATE VIEW attempt_words(attempt, words) AS
    SELECT a.num,
        coalesce((SELECT substr(group_concat(v.value, ' '), 1, 100000) FROM commands c, json_each(c.argv) v
            WHERE c.job = a.job AND c.stage = a.stage AND c.attempt = a.number), '') || ' '
        || coalesce((SELECT substr(group_concat(coalesce(f.value ->> '$.tool', '') || ' ' || coalesce(f.value ->> '$.rule', '')
            || ' ' || coalesce(f.value ->> '$.file', '') || ' ' || coalesce(f.value ->> '$.message', ''), ' '), 1, 100000)
            FROM json_each(a.verdict, '$.findings') f), '')
    FROM attempts a;

-- What is inserted here goes into the index.
CREATE VIEW search_new(attempt) AS SELECT attempt FROM attempt_words WHERE false;

CREATE TRIGGER search_ended AFTER UPDATE OF state, verdict ON attempts
    WHEN NEW.state <> 'running' AND (OLD.state = 'running' OR NEW.verdict IS NOT OLD.verdict) BEGIN
    INSERT INTO search_new(attempt) VALUES(NEW.num); END;

CREATE TRIGGER search_ended_at_once AFTER INSERT ON attempts WHEN NEW.state <> 'running' BEGIN
    INSERT INTO search_new(attempt) VALUES(NEW.num); END;

CREATE TRIGGER search_add INSTEAD OF INSERT ON search_new
    WHEN (SELECT words FROM attempt_words WHERE attempt = NEW.attempt) <> ' ' BEGIN
    UPDATE jobs SET searched = searched + 1 WHERE num = (SELECT job FROM attempts WHERE num = NEW.attempt); INSERT INTO
        search(rowid, words) SELECT (j.num << 22) | (j.searched << 2) | 2, j.slug || ' ' || j.title || ' ' || w.words
        FROM attempts a JOIN jobs j ON j.num = a.job JOIN attempt_words w ON w.attempt = a.num
        WHERE a.num = NEW.attempt AND j.searched < 1 << 20; END;
