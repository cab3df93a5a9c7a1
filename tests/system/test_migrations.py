"""Databases that earlier versions wrote (tests/stored), under the gateway of today: all that was
acknowledged is there, what waited goes to the county under its old name, once, and a kill amid a
migration leaves the one schema or the next."""
import collections
import csv
import hashlib
import io
import json
import random
import sqlite3
import subprocess

import pytest

import ledger
import rig
import stored
from conftest import ROOT
from county_gateway import query
from disk import FATES, Disk
from platform_rig import Platform
from recording import command, read
from rig import Gateway
from test_restore import cuts_of

MIGRATIONS = sorted((ROOT / "gateway/store/migrations").glob("*.sql"))
NEWEST = len(MIGRATIONS)
FACTS_NOTED = 5  # from this schema on facts are noted for the evidence of their month
LATER = ("2026-11-23T18:59:40", "2026-11-24T06:59:40", "2026-12-01T06:59:40")
TOLD = ("campus.daily.v1", "campus.weekly.v1", "campus.monthly.v1")


def missing(schemas, newest):
    """Schemas that a migration leaves behind and no file is kept of."""
    return sorted(set(range(1, newest)) - set(schemas))


def test_each_migration_has_a_file_of_the_version_before():
    assert missing(stored.files(), NEWEST) == [], "tests/stored/keep.py makes one, of a tree before the migration"


def test_a_migration_without_one_is_seen():
    assert missing({1: None, 2: None}, 4) == [3]
    assert missing({}, 1) == []


def schema_of(steps):
    connection = sqlite3.connect(":memory:")
    connection.executescript("".join(path.read_text(encoding="utf-8") for path in steps))
    return connection.execute("select type, name, sql from sqlite_schema order by name").fetchall()


@pytest.fixture(params=stored.files())
def old(request, tmp_path):
    """The file of one schema, as it was left; what was in it; and which it is."""
    path = stored.database(tmp_path)
    path.parent.mkdir()
    stored.restore(request.param, path)
    return Old(request.param, path)


def rows_of(path):
    """Key → (kind, body) of every row for the county."""
    connection = sqlite3.connect(path)
    try:
        return {key: (kind, body) for key, kind, body in connection.execute("select key, kind, body from outbox")}
    finally:
        connection.close()


class Old:
    def __init__(self, schema, path):
        self.schema = schema
        self.path = path
        self.content = stored.content(path)
        self.columns = stored.columns(path)
        self.rows = rows_of(path)
        self.has = {key for key in self.rows
                    for first, last in self.content["acknowledged"] if first <= key <= last}

    def bodies(self, keys):
        return [json.loads(self.rows[key][1]) for key in sorted(keys)]


def test_a_file_is_what_that_version_wrote(old):
    connection = sqlite3.connect(old.path)
    assert connection.execute("pragma user_version").fetchone() == (old.schema,)
    assert connection.execute("pragma page_size").fetchone() == (1024,)
    assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
    assert old.content["schema"] == schema_of(MIGRATIONS[:old.schema])
    assert len(old.has) > stored.FIRST and len(old.rows) - len(old.has) > stored.LAST - stored.FIRST
    assert old.content["states"] and old.content["deliveries"] and old.content["summaries"]
    assert bool(old.content["facts"]) == (old.schema > 1), "the first version told none"


def is_there(broker, receiver):
    """Waits until the receiver hears the broker: what is retained comes to it."""
    state = json.dumps(json.loads((ROOT / "county/examples/state.json").read_text()))
    subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", "-p", str(broker.port), "-q", "1", "-r", "-t",
                    "campus/v1/530502/2153012345/gw-01/state", "-m", state], check=True)
    rig.wait_for("the receiver is there", receiver.database.exists)
    rig.wait_for("it has its tables", lambda: query(receiver, "select * from sqlite_schema where name = 'presence'"))
    rig.wait_for("it has subscribed", lambda: query(receiver, "select * from presence"))


class Room:
    """Today's gateway on an old file, and a county that has what it had."""

    def __init__(self, build, old, folder, servers, school, county):
        self.build = build
        self.folder = folder
        self.servers = servers
        self.school = school
        self.county = county
        self.config = stored.write_site(folder, ROOT / "etc", school.port, county[0].port)
        is_there(*county)
        for kind, body in (old.rows[key] for key in sorted(old.has)):
            stored.publish(county[0].port, f"campus/v1/530502/2153012345/gw-test/{stored.TOPICS[kind]}", body)
        rig.wait_for("the county has what it had", lambda: len(self.at_county()) == len(old.has))
        self.wire = Platform(county[0].port, answers=False)

    def at_county(self):
        return [json.loads(body) for *_, body in ledger.rows(self.county[1].database)]

    def gateway(self, time, speed=1):
        gateway = Gateway(self.build, self.folder, self.config, arguments=[
            "--school-time", f"{time}+08:00", "--school-speed", str(speed)])
        self.servers.append(gateway.start())
        rig.wait_for("the school's broker", gateway.online)
        return gateway

    def later(self, time):
        """A short life in which facts of a day are told."""
        gateway = self.gateway(time, 600)
        until = f"{time[:11]}{int(time[11:13]) + 1:02}:05"
        rig.wait_for("what is due is told", lambda: (
            gateway.get("status")["school_time"] >= until and is_drained(gateway)), 60)
        assert gateway.stop() == 0

    def ends(self):
        """What the receiver counted."""
        self.wire.close()
        assert self.county[1].stop() == 0
        return json.loads(self.county[1].text().splitlines()[-1])


@pytest.fixture
def room(build, old, tmp_path, servers, school, county_broker, county):
    return Room(build, old, tmp_path, servers, school, (county_broker, county))


def is_drained(gateway):
    county = gateway.get("status")["county"]
    return county["connected"] and county["messages"] == county["outbox_acknowledged"]


def table(gateway, name):
    """An export's rows by the stored days, as the office gets them."""
    connection = rig.UnixConnection(gateway.socket)
    connection.request("GET", f"/api/v1/export/{name}?from=2026-11-20&to=2026-11-25")
    text = connection.getresponse().read().decode()
    connection.close()
    return list(csv.reader(io.StringIO(text)))[1:]


def history(gateway, point):
    rows = gateway.get(f"points/{point}/history?from=2026-11-22T00:00:00%2B08:00&limit=1000")["readings"]
    return [round(row["v"]) for row in rows if row["v"] is not None]


def test_all_that_was_acknowledged_is_there_and_what_waited_goes_out_once(old, room, build):
    before = {(body["epoch"], body["seq"]): body for body in old.bodies(old.rows)}
    gateway = room.gateway("2026-11-23T10:00:00")
    rig.wait_for("what waited is at the county", lambda: is_drained(gateway))
    at_county = {(body["epoch"], body["seq"]): body for body in room.at_county()}
    assert {key: at_county.get(key) for key in before} == before
    assert sorted(history(gateway, "p1%2Fserial")) == list(range(1, stored.LAST + 1))
    assert sorted(history(gateway, "own%2Fserial")) == [1000 + n for n in range(1, stored.OWN + 1)]
    alarms = {alarm["id"]: (alarm["state"], alarm["uid"]) for alarm in gateway.get("alarms")["alarms"]}
    assert {id: alarms.get(id) for id in STOOD} == STOOD
    told = [row for row in table(gateway, "alarms") if any("OWN-1" in cell for cell in row)]
    assert len(told) == len(old.content["transitions"])
    exemptions = [entry["reason"] for entry in gateway.get(f"calendar?day={stored.DAY}")["exemptions"]]
    assert exemptions == (["rain"] if old.schema > 1 else [])
    goes_on(gateway, room, old)
    assert gateway.stop() == 0
    for time in LATER:
        room.later(time)
    judge(old, room)
    judge_evidence(old, verdicts(room, build))


STOOD = {"OWN-1@p1": ("acknowledged", 1), "OWN-1@p2": ("unacknowledged", 2), "OWN-1@p3": ("returned", 3),
         "OWN-1@p4": ("shelved", 4)}


def goes_on(gateway, room, old):
    """Numbers go on in the old epoch, and an old message that comes again is known."""
    last = max(key & (1 << 48) - 1 for key in old.rows)
    epoch = old.bodies(old.rows)[0]["epoch"]
    assert gateway.get("outbox")["epoch"] == epoch
    if old.schema > 1:  # the first version knew no ids of their own
        stored.publish_own(room.school.port, range(1, stored.OWN + 2))
    else:
        stored.publish_own(room.school.port, [stored.OWN + 1])
    rig.wait_for("the new message", lambda: 1000 + stored.OWN + 1 in history(gateway, "own%2Fserial"))
    rig.wait_for("it is at the county", lambda: is_drained(gateway))
    assert sorted(history(gateway, "own%2Fserial")) == [1000 + n for n in range(1, stored.OWN + 2)]
    new = [body for body in room.at_county() if body["seq"] > last]
    assert {body["epoch"] for body in new} == {epoch}
    assert 1000 + stored.OWN + 1 in [body["data"].get("value") for body in new]


def judge(old, room):
    """At the end of the month: nothing twice, no hole, each fact told once."""
    told = collections.Counter((body["data"]["key"], body["data"]["revision"])
                               for body in room.at_county() if body["type"] in TOLD)
    assert set(told.values()) == {1}
    assert {("daily/gateway/school/2026-11-23", 1)} <= set(told)
    assert (("daily/gateway/school/2026-11-22", 1) in told) == (old.schema > 1)
    counted = room.ends()
    had = {key & (1 << 48) - 1 for key in old.has}
    assert [row["seq"] for row in room.wire.rows() if row["seq"] in had] == []
    assert {name: counted[name] for name in FAULTS} == dict.fromkeys(FAULTS, 0)
    assert stored.content(old.path)["schema"] == schema_of(MIGRATIONS)


def verdicts(room, build):
    """What is said of each part of November's evidence."""
    file = room.folder / "2026-11.json"
    archive = ["--database", room.county[1].database]
    subprocess.run([build / "campus-county", "evidence", *archive, "--gateway", "530502/2153012345/gw-test",
                    "--month", "2026-11", "--output", file], check=True)
    done = subprocess.run([build / "campus-county", "verify", *archive, file], capture_output=True, text=True,
                          check=False)
    return {line.split(": ")[1]: line.split(": ", 2)[2] for line in done.stdout.splitlines()}


def judge_evidence(old, said):
    """What was told before facts were noted stands in no file (docs/decisions/0033): of those that were
    told in the second to fourth version, the day is named."""
    wrong = {part: verdict for part, verdict in said.items() if not verdict.startswith("holds: ")}
    assert set(said) == {"signature", "key", "chain", "archive", "days", "late", "added"}
    if old.schema not in range(2, FACTS_NOTED):
        assert wrong == {}
        return
    assert set(wrong) == {"days"} and wrong["days"].startswith("DOES NOT HOLD: 2026-11-22: ")


FAULTS = ("conflicts", "duplicates", "invalid", "gaps", "missing")


# --- a file that is newer ---------------------------------------------------------------

def test_a_file_of_a_newer_version_is_refused_and_left_as_it_is(build, tmp_path, servers, school, county_broker):
    config = stored.write_site(tmp_path, ROOT / "etc", school.port, county_broker.port)
    path = stored.database(tmp_path)
    stored.restore(max(stored.files()), path)
    connection = sqlite3.connect(path)
    connection.executescript(f"create table later (id integer primary key) strict; pragma user_version = {NEWEST + 1}")
    connection.close()
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    gateway = Gateway(build, tmp_path, config)
    servers.append(gateway.start())
    said = (f"schema {NEWEST + 1} comes from a newer version of the gateway "
            f"(this one knows up to {NEWEST})")
    rig.wait_for("it is told", lambda: said in gateway.get("status")["store"]["fault"])
    assert gateway.get("status")["store"]["away"] and said in gateway.text()
    stored.publish(school.port, "campus/p1/flag", 1)
    rig.wait_for("the school is guarded all the same", lambda: any(
        alarm["id"] == "OWN-1@p1" for alarm in gateway.get("alarms")["alarms"]))
    gateway.stop()
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before
    assert not list(path.parent.glob("campus.db.*broken*"))


# --- cuts -------------------------------------------------------------------------------

CALLS = "openat,pwrite64,fsync,fdatasync,rename,unlink,ftruncate"
KILLS = 8  # of each schema; all with --all
POWER_CUTS = 60


# From a schema on, what its step leaves of rows that were there; the schema's own text does not show it.
DONE = {
    2: "select * from deliveries where number >> 48 = 0",
    4: "select * from progress where outbox_rows <> (select count(*) from outbox)",
}


def schema_left(path, old):
    """The schema of what a cut left, which is whole: all that was in it is."""
    connection = sqlite3.connect(path)
    try:
        assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
        schema, = connection.execute("pragma user_version").fetchone()
        assert old.schema <= schema <= NEWEST
        made = connection.execute("select type, name, sql from sqlite_schema order by name").fetchall()
        assert made == schema_of(MIGRATIONS[:schema]), schema
        assert rows_of(path) == old.rows
        for name in ("points", "readings", "transitions", "facts", "states", "acknowledged", "epochs"):
            there = set(connection.execute(f"select {', '.join(old.columns[name])} from {name}"))
            assert there >= set(old.content[name]) or schema == NEWEST and name == "states", name
        assert [sql for since, sql in DONE.items() if schema >= since and connection.execute(sql).fetchone()] == []
        return schema
    finally:
        connection.close()


class Start:
    """A start on an old file that is put there anew each time."""

    def __init__(self, build, old, folder, servers):
        self.old = old
        self.folder = folder
        self.bytes = old.path.read_bytes()
        config = stored.write_site(folder, ROOT / "etc", rig.free_port(), rig.free_port())
        self.gateway = Gateway(build, folder, config, arguments=["--school-time", "2026-11-23T10:00:00+08:00"])
        self.command = self.gateway.command
        servers.append(self.gateway)

    def put(self):
        for path in self.old.path.parent.glob("campus.db*"):
            path.unlink()
        self.old.path.write_bytes(self.bytes)

    def under(self, *words):
        self.put()
        self.gateway.command = [*map(str, words), *self.command]
        return self.gateway.start(ready=False)

    def calls(self):
        """Those that a start makes until it answers."""
        trace = self.folder / "calls.txt"
        self.under("strace", "-D", "-f", "-qqq", "-y", "-o", trace, "-e", f"trace={CALLS}")
        rig.wait_for("the gateway answers", self.gateway.answers)
        self.gateway.kill()
        return [line.split(None, 1)[1] for line in trace.read_text().splitlines() if " +++ " not in line]

    def kill_at(self, call, number):
        """The schema that it left, or None: it had passed that call by another thread's."""
        self.under("strace", "-D", "-f", "-qqq", "-o", "/dev/null", "-e", f"trace={call}",
                   "-e", f"inject={call}:signal=KILL:when={number}")
        rig.wait_for("it dies or lives", lambda: not self.gateway.running() or self.gateway.answers())
        self.gateway.kill()
        return schema_left(self.old.path, self.old)

    def goes_on(self):
        self.gateway.command = self.command
        self.gateway.start()
        assert not self.gateway.get("status")["store"]["fault"]
        assert self.gateway.get("outbox")["total"] >= len(self.old.rows)
        assert self.gateway.stop() == 0
        connection = sqlite3.connect(self.old.path)
        assert connection.execute("pragma user_version").fetchone() == (NEWEST,)
        connection.close()
        rows = rows_of(self.old.path)
        assert {key: rows.get(key) for key in self.old.rows} == self.old.rows


class Place:
    """What cuts_of() asks of a site."""

    def __init__(self, folder):
        self.folder = folder


def kill_amid(start, count=None):
    cuts = list(cuts_of(start.calls(), Place(start.old.path.parent)))
    if count:
        cuts = sorted(random.Random(start.old.schema).sample(cuts, count), key=cuts.index)
    left = []
    for call, number in cuts:
        left.append(start.kill_at(call, number))
        start.goes_on()
    print(f"schema {start.old.schema}: {len(cuts)} kills left {dict(collections.Counter(left))}")
    return left


@pytest.fixture
def start(build, old, tmp_path, servers):
    return Start(build, old, tmp_path, servers)


def test_a_kill_amid_a_migration_leaves_the_one_schema_or_the_next(start):
    assert start.old.schema in kill_amid(start, KILLS)


@pytest.mark.slow
def test_a_kill_at_each_call_of_a_migration_leaves_the_one_schema_or_the_next(start):
    left = kill_amid(start)
    assert set(left) == set(range(start.old.schema, NEWEST + 1))


def test_a_power_cut_amid_a_migration_leaves_the_one_schema_or_the_next(start):
    """Whatever the disk kept of what was not synced."""
    trace = start.folder / "trace"
    start.under(*command(trace, sockets=False))
    rig.wait_for("the gateway answers", start.gateway.answers)
    start.gateway.kill()
    events = []
    read(trace, start.old.path.parent, events)
    chance = random.Random(start.old.schema)
    folder = start.folder / "cut"
    left = collections.Counter()
    for _ in range(POWER_CUTS):
        disk = Disk({"campus.db": start.bytes})
        for event in events[:chance.randint(0, len(events))]:
            disk.take(event)
        folder.mkdir(exist_ok=True)
        for path in folder.iterdir():
            path.unlink()
        for name, content in disk.cut(chance, chance.choice(FATES)).items():
            (folder / name).write_bytes(content)
        left[schema_left(folder / "campus.db", start.old)] += 1
    print(f"schema {start.old.schema}: {POWER_CUTS} cuts left {dict(left)}")
    assert left[start.old.schema] and left[NEWEST]


SPOILT = {
    "a row is gone": "delete from outbox where key = (select max(key) from outbox)",
    "a row is altered": "update outbox set body = replace(body, 'gw-test', 'gw-tset') where key = (select min(key) from outbox)",
    "a transition is gone": "delete from transitions where number = 3",
    "a step is left out": "pragma user_version = {next}",
    "a step is done by half": "create table half (id integer) strict",
}


@pytest.mark.parametrize("what", SPOILT)
def test_what_a_migration_would_spoil_is_seen(old, what):
    assert schema_left(old.path, old) == old.schema
    connection = sqlite3.connect(old.path)
    connection.executescript(SPOILT[what].format(next=old.schema + 1))
    connection.close()
    with pytest.raises(AssertionError):
        schema_left(old.path, old)
