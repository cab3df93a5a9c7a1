-- Ids are stable for life: these rows are never deleted.
CREATE TABLE points (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE buses (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

-- One row a life of the database: made with it, made anew by a restore or a salvage.
-- last_seq is written when an epoch ends; the running one's is in progress.
CREATE TABLE epochs (
    number   INTEGER PRIMARY KEY,
    epoch    INTEGER NOT NULL UNIQUE,
    last_seq INTEGER NOT NULL DEFAULT 0
) STRICT;

-- One row, changed by every commit: what must never go back.
CREATE TABLE progress (
    id        INTEGER PRIMARY KEY CHECK (id = 1),
    commits   INTEGER NOT NULL,
    alarm_uid INTEGER NOT NULL,
    seq       INTEGER NOT NULL
) STRICT;
INSERT INTO progress VALUES (1, 0, 0, 0);

-- The log: append-only, in time order, no secondary index.
-- key = milliseconds UTC * 4096 + era of the clock * 512 + a counter; quality = quality + 4 * reason.
CREATE TABLE readings (
    key     INTEGER PRIMARY KEY,
    point   INTEGER NOT NULL,
    value   REAL,
    quality INTEGER NOT NULL
) STRICT;

CREATE TABLE transitions (
    number       INTEGER PRIMARY KEY,
    uid          INTEGER NOT NULL,
    seq          INTEGER NOT NULL,
    rule         TEXT NOT NULL,
    object       TEXT NOT NULL,
    severity     INTEGER NOT NULL,
    from_state   INTEGER NOT NULL,
    to_state     INTEGER NOT NULL,
    cause        TEXT NOT NULL,
    actor        TEXT NOT NULL,
    comment      TEXT NOT NULL,
    value        REAL,
    time_us      INTEGER NOT NULL,
    time_quality INTEGER NOT NULL,
    mono_us      INTEGER NOT NULL,
    is_test      INTEGER NOT NULL
) STRICT;
CREATE INDEX transitions_by_time ON transitions (time_us);
CREATE INDEX transitions_by_alarm ON transitions (rule, object, time_us);

CREATE TABLE summaries (
    number    INTEGER PRIMARY KEY,
    object    TEXT NOT NULL,
    start_us  INTEGER NOT NULL,
    period_us INTEGER NOT NULL
) STRICT;

CREATE TABLE summary_items (
    summary INTEGER NOT NULL REFERENCES summaries (number),
    metric  TEXT NOT NULL,
    min     REAL,
    mean    REAL,
    max     REAL,
    last    REAL,
    valid   REAL,
    count   INTEGER NOT NULL,
    PRIMARY KEY (summary, metric)
) STRICT, WITHOUT ROWID;

CREATE TABLE facts (
    number       INTEGER PRIMARY KEY,
    kind         TEXT NOT NULL,
    rule         TEXT,
    object       TEXT NOT NULL,
    start_us     INTEGER NOT NULL,
    end_us       INTEGER NOT NULL,
    time_us      INTEGER NOT NULL,
    completeness REAL
) STRICT;

CREATE TABLE fact_values (
    fact  INTEGER NOT NULL REFERENCES facts (number),
    name  TEXT NOT NULL,
    value REAL,
    text  TEXT,
    PRIMARY KEY (fact, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE states (
    owner TEXT NOT NULL,
    key   TEXT NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (owner, key)
) STRICT, WITHOUT ROWID;

-- Messages whose acknowledgement may not have arrived: tickets first..last of a bus,
-- items = for each the message id (2 bytes) and the hash (8), little-endian.
CREATE TABLE deliveries (
    number INTEGER PRIMARY KEY,
    bus    INTEGER NOT NULL,
    first  INTEGER NOT NULL,
    last   INTEGER NOT NULL,
    forget INTEGER NOT NULL,
    items  BLOB NOT NULL
) STRICT;

-- key = epoch number * 2^48 + seq: one order over all epochs, the oldest first.
CREATE TABLE outbox (
    key      INTEGER PRIMARY KEY,
    priority INTEGER NOT NULL,
    kind     INTEGER NOT NULL,
    made_s   INTEGER NOT NULL,
    body     TEXT NOT NULL
) STRICT;
CREATE INDEX outbox_alarms ON outbox (key) WHERE priority = 0;

-- Ranges of outbox keys that the county has; they never touch or overlap.
CREATE TABLE acknowledged (
    first INTEGER PRIMARY KEY,
    last  INTEGER NOT NULL
) STRICT;
