-- What a person asks for.  Replaced whenever the tables become those of a newer version, so that
-- a column is only ever added, at the end.

-- What is not there of each epoch, from seq 1 to the highest seen: missing, or gone for good.
create or replace view holes as
select gateway, epoch, gone - ranges as gone,
       int8multirange(int8range(1, greatest(upper(ranges), 1))) - ranges - gone as missing
from streams;

-- Every hole, and whether any of it has been asked for.
create or replace view gaps as
select gateway, epoch, lower(gap) as first, upper(gap) - 1 as last, upper(gap) - lower(gap) as missing,
       coalesce(asked && gap, false) as asked
from holes left join requests using (gateway, epoch), unnest(holes.missing) as gap;

-- What is missing and has been asked for.
create or replace view asked as
select gateway, epoch, lower(part) as first, upper(part) - 1 as last, upper(part) - lower(part) as rows
from requests join holes using (gateway, epoch), unnest(requests.asked * holes.missing) as part;

-- What will never come.
create or replace view gone as
select gateway, epoch, lower(part) as first, upper(part) - 1 as last, upper(part) - lower(part) as rows
from holes, unnest(holes.gone) as part;

-- One row a gateway, as a person asks for it.
create or replace view fleet as
with streamed as (
    select gateway, max(last_at) as last_at, sum(rows) as rows, sum(letters) as letters
    from streams group by gateway
), missed as (
    select gateway, sum(upper(gap) - lower(gap)) as missing from holes, unnest(missing) as gap group by gateway
), wanted as (
    select gateway, sum(rows) as asked from asked group by gateway
), lost as (
    select gateway, sum(rows) as gone from gone group by gateway
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
       coalesce(rows, 0) as rows, coalesce(letters, 0) as letters, coalesce(missing, 0) as missing,
       coalesce(asked, 0) as asked, coalesce(gone, 0) as gone
from streamed s full join present p using (gateway) left join missed using (gateway)
     left join wanted using (gateway) left join lost using (gateway);

-- What the asking for missing rows is judged by, in microseconds since 1970.  A last will is no
-- word of the gateway's.
create or replace view asking as
select h.gateway, h.epoch, h.missing, r.noticed, r.asked, r.wait_s,
       (extract(epoch from r.noticed_at) * 1000000)::bigint as noticed_us,
       (extract(epoch from r.asked_at) * 1000000)::bigint as asked_us,
       (extract(epoch from greatest(
        (select max(last_at) from streams s where s.gateway = h.gateway),
        (select max(received_at) from presence p where p.gateway = h.gateway
            and body #>> '{data,status}' is distinct from 'offline'))) * 1000000)::bigint as heard_us,
       exists (select 1 from presence p where p.gateway = h.gateway and topic = 'state'
        and body #>> '{data,status}' = 'offline') as is_away
from holes h left join requests r using (gateway, epoch)
where h.missing <> '{}' or r.asked is not null;
