-- Messages whose acknowledgement may not have arrived, and ids of their own that a bus's last
-- messages bore.  number = bus * 2^48 + the last ticket; items = for each ticket up to it the
-- message id (2 bytes) and the hash (8), little-endian: without a message id the hash is of an
-- own id, without either the ticket left nothing.  own = own ids of the bus up to here, counted
-- for life.  A row up to whose ticket all is acknowledged has its own ids alone.
CREATE TABLE counted (
    number INTEGER PRIMARY KEY,
    own    INTEGER NOT NULL,
    forget INTEGER NOT NULL,
    items  BLOB NOT NULL
) STRICT;
INSERT INTO counted
SELECT number, sum(own) OVER (PARTITION BY bus ORDER BY number), forget, items FROM (
    SELECT number, bus, forget, items, (
        WITH RECURSIVE place (n) AS (
            SELECT 0 UNION ALL SELECT n + 1 FROM place WHERE n + 1 < length(items) / 10)
        SELECT count(*) FROM place WHERE substr(items, n * 10 + 1, 2) = x'0000') AS own
    FROM deliveries);
DROP TABLE deliveries;
ALTER TABLE counted RENAME TO deliveries;
