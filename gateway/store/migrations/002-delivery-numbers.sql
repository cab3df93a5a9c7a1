-- A row's number is its bus * 2^48 + its last ticket: those of a bus stand together, in the
-- order of their tickets.
UPDATE deliveries SET number = (bus << 48) + last;
