-- What the outbox holds, kept with each commit so that nobody has to count it; rows that gave
-- way at its cap, for life.
ALTER TABLE progress ADD COLUMN outbox_rows INTEGER NOT NULL DEFAULT 0;
ALTER TABLE progress ADD COLUMN outbox_bytes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE progress ADD COLUMN outbox_dropped INTEGER NOT NULL DEFAULT 0;
UPDATE progress SET
    outbox_rows = (SELECT count(*) FROM outbox),
    outbox_bytes = (SELECT coalesce(sum(length(CAST(body AS BLOB))), 0) FROM outbox);

-- priority = enum store_priority: 0 alarm and 1 what names dropped rows stay; of the others the
-- highest gives way first.
UPDATE outbox SET priority = CASE
    WHEN kind = 2 THEN 5
    WHEN instr(body, '"type":"campus.environment.v1"') THEN 4
    WHEN instr(body, '"type":"campus.fact.v1"') THEN 3
    ELSE 2 END
WHERE priority > 0;
CREATE INDEX outbox_history ON outbox (priority) WHERE priority > 1;

-- Ranges of outbox keys that gave way and that the county was not told of; they never touch or
-- overlap.  Once a row tells of them they are in acknowledged: what needs no sending any more.
CREATE TABLE dropped (
    first INTEGER PRIMARY KEY,
    last  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
