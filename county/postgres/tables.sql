-- What the county keeps.  campus-county makes it in an empty database, in one transaction.

create table campus_county (version int not null); -- of these tables
insert into campus_county values (2);

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

-- Every hole, from seq 1 to the highest seen.
create view gaps as
select gateway, epoch, lower(gap) as first, upper(gap) - 1 as last, upper(gap) - lower(gap) as missing
from streams, unnest(int8multirange(int8range(1, upper(ranges))) - ranges) as gap;

-- One row a gateway, as a person asks for it.
create view fleet as
with streamed as (
    select gateway, max(last_at) as last_at, sum(rows) as rows, sum(letters) as letters
    from streams group by gateway
), missed as (
    select gateway, sum(missing) as missing from gaps group by gateway
), present as (
    select gateway, max(received_at) as last_at,
           max(body #>> '{data,status}') filter (where topic = 'state') as status,
           max(body ->> 'timequality') filter (where topic = 'state') as timequality,
           max((body #>> '{data,waiting}')::bigint) filter (where topic = 'state') as waiting,
           max(body #>> '{data,software}') filter (where topic = 'birth') as software,
           max(body #>> '{data,config}') filter (where topic = 'birth') as config,
           max(body #>> '{data,title}') filter (where topic = 'birth') as title
    from presence group by gateway
)
select gateway, split_part(gateway, '/', 1) as division, split_part(gateway, '/', 2) as school,
       title, status, greatest(s.last_at, p.last_at) as last_seen,
       now() - greatest(s.last_at, p.last_at) as silent_for, waiting, timequality, software, config,
       coalesce(rows, 0) as rows, coalesce(letters, 0) as letters, coalesce(missing, 0) as missing
from streamed s full join present p using (gateway) left join missed using (gateway);
