-- Facts that were told and stand in no monthly file of evidence yet.  key = the outbox's,
-- month = year * 12 + month - 1, day = of the month, digest = SHA-256 of the message's data.
CREATE TABLE evidence_facts (
    key          INTEGER PRIMARY KEY,
    month        INTEGER NOT NULL,
    day          INTEGER NOT NULL,
    fact         TEXT NOT NULL,
    revision     INTEGER NOT NULL,
    completeness REAL NOT NULL,
    digest       BLOB NOT NULL CHECK (length(digest) = 32)
) STRICT;

-- The files that were made, one a month; number = in the order of their making.
CREATE TABLE evidence_files (
    month      INTEGER PRIMARY KEY,
    number     INTEGER NOT NULL,
    digest     BLOB NOT NULL CHECK (length(digest) = 32),
    public_key BLOB NOT NULL CHECK (length(public_key) = 32)
) STRICT;
