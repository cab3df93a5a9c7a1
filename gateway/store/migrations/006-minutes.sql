-- What readings were over minutes, quarters of an hour and days: blocks of one point (block.h).
-- Kept apart by how long they stay; no row is ever changed but to be written anew.

-- The minutes of one point and hour, made from the log when the hour is over; for four days.
-- key = hours since 1970 UTC * 2^32 + point: those of an hour are written side by side.
CREATE TABLE hours (
    key   INTEGER PRIMARY KEY,
    block BLOB NOT NULL
) STRICT;

-- The same by point and four days (pack.h).  key = point * 2^24 + days since 1970 UTC / 4.
CREATE TABLE minutes (
    key   INTEGER PRIMARY KEY,
    block BLOB NOT NULL
) STRICT;

-- The quarters of an hour of these days; the same key.
CREATE TABLE quarters (
    key   INTEGER PRIMARY KEY,
    block BLOB NOT NULL
) STRICT;

-- 32 days of the school's zone; key = point * 2^24 + the first of them / 32.
CREATE TABLE days (
    key   INTEGER PRIMARY KEY,
    block BLOB NOT NULL
) STRICT;

-- What is not folded yet: level 0 an hour of the log into hours, 1 four days of those into
-- minutes and quarters, 2 the quarters of 32 days into days.  next = the point that is next.
CREATE TABLE unfolded (
    level  INTEGER NOT NULL,
    period INTEGER NOT NULL,
    next   INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (level, period)
) STRICT, WITHOUT ROWID;

-- The hours that the log has: a key of it is milliseconds * 4096; those of 1970 have no time.
INSERT INTO unfolded (level, period)
WITH RECURSIVE log (first, last) AS (
    SELECT min(key) / 4096 / 3600000, max(key) / 4096 / 3600000 FROM readings
    WHERE key >= 455832 * 3600000 * 4096),
hour (n, last) AS (
    SELECT max(first, last - 9600), last FROM log WHERE last NOT NULL
    UNION ALL SELECT n + 1, last FROM hour WHERE n < last)
SELECT 0, n FROM hour;
