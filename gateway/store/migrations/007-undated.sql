-- Boots that did not know the time at first.  zero_us = when their machine time was 0, once that
-- is known; not_after_us: they ended before anybody knew it, and before then.
CREATE TABLE clocks (
    number       INTEGER PRIMARY KEY,
    boot         TEXT NOT NULL,
    zero_us      INTEGER,
    not_after_us INTEGER
) STRICT;

-- What waits for the time of its clock.  ahead_us = its stamps less machine time; record = as
-- undated_form.h has it.
CREATE TABLE undated (
    number   INTEGER PRIMARY KEY,
    clock    INTEGER NOT NULL REFERENCES clocks (number),
    ahead_us INTEGER NOT NULL,
    record   TEXT NOT NULL
) STRICT;

-- Of alarms of unknown time that were there before, nobody knows the boot.
UPDATE transitions SET mono_us = -1 WHERE time_quality = 0;
