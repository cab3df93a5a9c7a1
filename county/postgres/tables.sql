-- What the county keeps.  campus-county makes it in an empty database, in one transaction.

create table campus_county (version int not null); -- of these tables
insert into campus_county values (3);

-- One row a numbered message, exactly once: streams.ranges says what is there, under a lock
-- a gateway; the key guards it within the month, as PostgreSQL has no key across partitions.
create table messages (
    gateway text not null, -- "<division>/<school>/<gateway>"
    epoch bigint not null,
    seq bigint not null,
    month date not null, -- of received_at, UTC
    topic text not null, -- alarm, summary, telemetry
    type text not null,
    time timestamptz, -- null: the gateway did not know it
    received_at timestamptz not null,
    digest bigint not null, -- of type, time and data
    body jsonb not null,
    primary key (gateway, epoch, seq, month)
) partition by list (month);

-- One row an epoch of a gateway.  rows + letters = what the ranges hold.
create table streams (
    gateway text not null,
    epoch bigint not null,
    ranges int8multirange not null,
    gone int8multirange not null default '{}', -- will never come: its gateway says so
    rows bigint not null,
    letters bigint not null,
    first_at timestamptz not null,
    last_at timestamptz not null,
    primary key (gateway, epoch)
) with (fillfactor = 50); -- updated in place, batch by batch

-- The latest birth and state of each gateway.
create table presence (
    gateway text not null,
    topic text not null,
    received_at timestamptz not null,
    body jsonb not null,
    primary key (gateway, topic)
) with (fillfactor = 50);

-- Messages against the contract, each once, the last 10,000; answered all the same.
create table dead_letters (
    id bigint generated always as identity primary key,
    topic text not null,
    received_at timestamptz not null,
    fault text not null,
    payload bytea not null,
    digest bigint unique -- of topic and payload; null: kept before version 2
);

-- How far the asking for what is missing is: one row an epoch with holes that were noticed
-- or asked for.
create table requests (
    gateway text not null,
    epoch bigint not null,
    noticed int8multirange not null, -- and not asked for yet
    noticed_at timestamptz,
    asked int8multirange not null,
    asked_at timestamptz,
    wait_s int not null, -- from asked_at until asked for again
    primary key (gateway, epoch)
);

-- The last number of a command, of all receivers.
create table commands (seq bigint not null);
insert into commands values (0);
