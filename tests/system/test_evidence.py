"""The monthly file of evidence: signed once a month, chained, and recomputed from what the county
has; computed here a second time, in another language, from RFC 8785 and RFC 8032's words."""
import base64
import contextlib
import datetime
import hashlib
import itertools
import json
import shutil
import sqlite3
import stat
import subprocess

import jsonschema
import pytest

import ledger
import rig
from conftest import Site
from county_gateway import query
from rig import ROOT
from test_county_postgres import Database
from test_facts_kill import CAMPUS

SPEED = 600
GATEWAY = "530502/2153012345/gw-test"
EVIDENCE = "campus.evidence.v1"
TOLD = ("campus.daily.v1", "campus.weekly.v1", "campus.monthly.v1")
# The header of an Ed25519 key in DER (RFC 8410).
DER = bytes.fromhex("302a300506032b6570032100")


def canonical(value):
    """RFC 8785, for numbers of at most 15 digits between 1e-6 and 1e21."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(key, ensure_ascii=False)}:{canonical(value[key])}"
                              for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return json.dumps(value, ensure_ascii=False)


def digest(value):
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def is_signed(data, folder):
    """By the key that it names, as openssl sees it."""
    rest = {name: value for name, value in data.items() if name != "signature"}
    (folder / "key.der").write_bytes(DER + base64.b64decode(data["public_key"], validate=True))
    (folder / "message").write_bytes(canonical(rest).encode())
    (folder / "signature").write_bytes(base64.b64decode(data["signature"], validate=True))
    return subprocess.run(
        ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", folder / "key.der",
         "-rawin", "-in", folder / "message", "-sigfile", folder / "signature"],
        capture_output=True, check=False).returncode == 0


def last_day(data):
    end = datetime.date.fromisoformat(data["end"][:10])
    return (end - datetime.timedelta(days=1)).isoformat()


def days_of(bodies, month):
    """What the file of @month must say of its days."""
    facts = sorted((last_day(body["data"]), body["data"]["key"], body["data"]["revision"],
                    digest(body["data"])) for body in bodies if body["type"] in TOLD)
    days = []
    for day, group in itertools.groupby(facts, key=lambda fact: fact[0]):
        rows = [list(fact[1:]) for fact in group]
        if day.startswith(month):
            days.append({"day": day, "count": len(rows), "digest": digest(rows),
                         "marks": "".join(row[2][:8] for row in rows)})
    return days


class Archive:
    """The county's file."""

    def __init__(self, county):
        self.name = county.database

    def bodies(self):
        return [json.loads(row[-1]) for row in ledger.rows(self.name)]

    def files(self):
        return [body for body in self.bodies() if body["type"] == EVIDENCE]


class ServerArchive(Archive):
    """The same in PostgreSQL, which keeps numbers and keys its own way."""

    def __init__(self, database):
        self.database, self.name = database, database.address

    def bodies(self):
        return [json.loads(text) for text, in self.database.query("select body::text from messages")]


def write(site, port):
    site.shipped("metrics.yaml", "facts.yaml")
    site.write("campus.yaml", CAMPUS)
    site.gateway_yaml(f'county: {{broker: "mqtt://127.0.0.1:{port}", resend: 2s}}', interval="100ms")


@contextlib.contextmanager
def life(site, moment):
    """A gateway whose school time begins at @moment."""
    gateway = site.gateway(["--school-time", f"{moment}+08:00", "--school-speed", str(SPEED)])
    yield gateway
    assert gateway.stop() == 0


def drained(gateway):
    county = gateway.get("status")["county"]
    return county["connected"] and county["messages"] == county["outbox_acknowledged"]


def through(site, archive, *moments):
    """A short life around each of @moments of telling ("2026-12-01T07"), until the county has what
    was told of the day before; returns the last gateway."""
    for moment in moments:
        time = datetime.datetime.fromisoformat(f"{moment}:00:00")
        yesterday = f"daily/gateway/school/{(time - datetime.timedelta(days=1)).date()}"
        keys = set() if moment == NOVEMBER[0] else {yesterday}  # of the days before the first: nothing
        with life(site, (time - datetime.timedelta(seconds=20)).isoformat()) as gateway:
            rig.wait_for(f"all is told at {moment}", lambda gateway=gateway, moment=moment, keys=keys: (
                gateway.get("status")["school_time"] >= f"{moment}:10"
                and keys <= {body["data"].get("key") for body in archive.bodies()} and drained(gateway)), 60)
    return gateway


NOVEMBER = ("2026-11-29T19", "2026-11-30T07", "2026-12-01T07")


def run(build, *arguments):
    return subprocess.run([build / "campus-county", *arguments], capture_output=True, text=True, check=False)


def verify(build, archive, *files):
    """(exit status, {part: what is said of it}) of the last file."""
    done = run(build, "verify", "--database", archive, *files)
    assert done.returncode in (0, 1), done.stderr
    parts = {}
    for line in done.stdout.splitlines():
        _, part, verdict, text = line.split(": ", 3)
        parts.setdefault(part, []).append((verdict == "holds", text))
    return done.returncode, parts


def export(build, archive, month, path):
    done = run(build, "evidence", "--database", archive, "--gateway", GATEWAY, "--month", month,
               "--output", path)
    assert done.returncode == 0, done.stderr
    return path


@pytest.fixture(scope="module")
def november(build, tmp_path_factory):
    """What is left of a school that has told November: its folder and the county's file."""
    folder = tmp_path_factory.mktemp("november")
    with contextlib.ExitStack() as stops:
        broker = rig.Broker(folder, "county-broker").start()
        stops.callback(broker.stop)
        county = rig.County(build, folder, broker.port).start()
        stops.callback(county.stop)
        site = Site(build, folder, servers := [])
        stops.callback(lambda: [server.stop() for server in servers])
        write(site, broker.port)
        archive = Archive(county)
        through(site, archive, *NOVEMBER)
    return archive


@pytest.fixture
def copy(november, tmp_path):
    """The county's file, to be tampered with."""
    path = tmp_path / "county.db"
    shutil.copy(november.name, path)
    return path


@pytest.fixture
def file(build, november, tmp_path):
    return export(build, november.name, "2026-11", tmp_path / "2026-11.json")


def test_a_month_is_signed_as_the_standards_say(november, tmp_path):
    file, = november.files()
    data = file["data"]
    jsonschema.validate(file, json.loads((ROOT / "county/schemas/evidence.json").read_text()))
    assert (data["month"], data["previous"], data["late"], data["key_changed"]) == (
        "2026-11", None, [], False)
    assert (data["start"], data["end"]) == ("2026-11-01T00:00:00+08:00", "2026-12-01T00:00:00+08:00")
    assert is_signed(data, tmp_path)
    assert not is_signed({**data, "month": "2026-10"}, tmp_path)
    days = days_of(november.bodies(), "2026-11")
    assert {day["day"] for day in days} >= {"2026-11-29", "2026-11-30"}
    assert data["days"] == days
    assert data["facts"] == {"count": sum(day["count"] for day in days), "digest": digest(days)}


SEED = b"the key of the example, no other"


def sign(data, folder):
    """By the key of SEED, as openssl does it."""
    (folder / "secret.der").write_bytes(bytes.fromhex("302e020100300506032b657004220420") + SEED)
    openssl = ["openssl", "pkey", "-inform", "DER", "-in", folder / "secret.der", "-pubout", "-outform", "DER"]
    public = subprocess.run(openssl, capture_output=True, check=True).stdout[len(DER):]
    data["public_key"] = base64.b64encode(public).decode()
    (folder / "message").write_bytes(canonical(data).encode())
    signature = subprocess.run(
        ["openssl", "pkeyutl", "-sign", "-keyform", "DER", "-inkey", folder / "secret.der", "-rawin",
         "-in", folder / "message"], capture_output=True, check=True).stdout
    return {**data, "signature": base64.b64encode(signature).decode()}


def test_the_example_is_of_the_other_examples(tmp_path):
    """Its facts are the examples of facts, and the key's secret half stands above."""
    examples = [json.loads(path.read_text()) for path in (ROOT / "county/examples").glob("*.json")]
    facts = [body for body in examples if body.get("type") in TOLD]
    file, = (body for body in examples if body.get("type") == EVIDENCE)
    days = days_of(facts, "2026-11")
    data = {name: value for name, value in file["data"].items() if name not in ("public_key", "signature")}
    data.update(days=days, facts={"count": len(facts), "digest": digest(days)},
                completeness=round(sum(body["data"]["completeness"] for body in facts) / len(facts), 4),
                upto={facts[0]["epoch"]: max(body["seq"] for body in facts)})
    assert file["data"] == sign(data, tmp_path)


def test_what_the_county_has_is_recomputed(build, november, file):
    status, parts = verify(build, november.name, file)
    assert status == 0
    assert set(parts) == {"signature", "key", "chain", "archive", "days", "late", "added"}
    assert all(holds for told in parts.values() for holds, _ in told)


def change(database, sql, *values):
    with contextlib.closing(sqlite3.connect(database)) as connection, connection:
        assert connection.execute(sql, values).rowcount == 1


def test_an_altered_row_is_named(build, copy, file):
    key = "daily/gateway/school/2026-11-30"
    change(copy, "update messages set body = json_set(body, '$.data.completeness', 0.123)"
           " where json_extract(body, '$.data.key') = ?", key)
    status, parts = verify(build, copy, file)
    assert status == 1
    (holds, text), = parts.pop("days")
    assert not holds and text == f"2026-11-30: '{key}' revision 1 is not as it was signed"
    assert all(holds for told in parts.values() for holds, _ in told)


def test_a_row_that_is_gone_is_named_by_its_place(build, copy, november, file):
    keys = sorted(body["data"]["key"] for body in november.bodies()
                  if body["type"] in TOLD and last_day(body["data"]) == "2026-11-30")
    change(copy, "delete from messages where json_extract(body, '$.data.key') = ?", keys[1])
    status, parts = verify(build, copy, file)
    (holds, text), = parts["days"]
    assert status == 1 and not holds
    assert text == (f"2026-11-30: {len(keys) - 1} of {len(keys)} facts are there; "
                    f"the first that is missing stood behind '{keys[0]}'")


def test_a_row_that_was_added_is_named(build, copy, november, file):
    body = next(body for body in november.bodies()
                if body["data"].get("key") == "daily/gateway/school/2026-11-30")
    forged = json.loads(json.dumps(body))
    forged["data"]["key"] = "daily/forged/school/2026-11-30"
    change(copy, "update messages set body = ? where type = 'campus.birth.v1' or (seq = 1)",
           json.dumps(dict(forged, seq=1)))
    status, parts = verify(build, copy, file)
    assert status == 1
    assert any("'daily/forged/school/2026-11-30' revision 1" in text for _, text in parts["days"])


def put(database, body):
    """A row as the receiver stores it, with all before it."""
    write_by_hand(database, body)
    take(database, body)


def write_by_hand(database, body):
    """The row alone."""
    with contextlib.closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("insert into messages values (?, ?, ?, ?, ?, ?, 0, 0, ?)", (
            GATEWAY, int(body["epoch"]), body["seq"], body["type"].split(".")[1], body["type"],
            body["time"], json.dumps(body)))


def take(database, body, first=None):
    """The numbers from @first (or all before it that do not) to that of @body count as received."""
    stream = (GATEWAY, int(body["epoch"]))
    with contextlib.closing(sqlite3.connect(database)) as connection, connection:
        last, = connection.execute("select coalesce(max(last), 0) from ranges where gateway = ? and epoch = ?",
                                   stream).fetchone()
        if body["seq"] > last:
            connection.execute("insert into ranges values (?, ?, ?, ?)", (*stream, first or last + 1, body["seq"]))


def retold(body, seq, **changes):
    return {**body, "seq": seq, "time": "2026-12-03T07:00:00+08:00", "data": {**body["data"], **changes}}


def test_a_late_revision_stands_in_the_next_file(build, copy, november, file, tmp_path):
    """November's file goes on to hold, its key is an earlier one, and December's holds too."""
    fact = next(body for body in november.bodies()
                if body["data"].get("key") == "daily/gateway/school/2026-11-30")
    late = retold(fact, 9001, revision=2, completeness=0.5)
    new = retold(fact, 9002, key="daily/gateway/school/2026-12-01", start="2026-12-01T00:00:00+08:00",
                 end="2026-12-02T00:00:00+08:00")
    before, = november.files()
    days = days_of([new], "2026-12")
    data = {name: value for name, value in before["data"].items() if name not in ("public_key", "signature")}
    data.update(key="evidence/school/2026-12", month="2026-12", days=days, key_changed=True,
                facts={"count": 1, "digest": digest(days)}, completeness=new["data"]["completeness"],
                upto={new["epoch"]: 9002}, previous={"month": "2026-11", "digest": digest(before["data"])},
                late=[{"key": late["data"]["key"], "revision": 2, "digest": digest(late["data"])}])
    december = {**before, "seq": 9003, "time": "2027-01-01T07:00:00+08:00", "data": sign(data, tmp_path)}
    for body in (late, new, december):
        put(copy, body)
    change(copy, "update presence set body = json_set(body, '$.data.public_key', ?) where topic = 'birth'",
           december["data"]["public_key"])
    status, parts = verify(build, copy, file)
    assert status == 0 and parts["key"] == [(True, "an earlier one: the file of 2026-12 says that it changed")]
    path = export(build, copy, "2026-12", tmp_path / "2026-12.json")
    status, parts = verify(build, copy, path)
    assert status == 0 and parts["late"] == [(True, "1 facts recomputed")]
    change(copy, "update messages set body = json_set(body, '$.data.completeness', 0.6) where seq = 9001")
    status, parts = verify(build, copy, path)
    assert status == 1 and parts["late"] == [
        (False, "'daily/gateway/school/2026-11-30' revision 2 is not as it was signed")]


@pytest.mark.parametrize("change_file, part", [
    (lambda data: data.update(completeness=1), "signature"),
    (lambda data: data["days"][0].update(count=data["days"][0]["count"] + 1,
                                         marks=data["days"][0]["marks"] + "00000000"), "signature"),
    (lambda data: data["late"].append({"key": "daily/x/school/2026-10-01", "revision": 1,
                                       "digest": "0" * 64}), "late"),
    (lambda data: data.update(previous={"month": "2026-10", "digest": "0" * 64}), "chain"),
    (lambda data: data.update(public_key=base64.b64encode(bytes(32)).decode()), "key"),
    (lambda data: data.update(signature="x"), "signature"),
    (lambda data: data.update(upto={}), "days"),
])
def test_an_altered_file_is_refused(build, november, file, change_file, part):
    message = json.loads(file.read_text())
    change_file(message["data"])
    file.write_text(json.dumps(message))
    status, parts = verify(build, november.name, file)
    assert status == 1
    assert not parts["signature"][0][0] and not parts["archive"][0][0]
    assert not parts[part][0][0]


def test_data_alone_is_enough_and_another_schools_file_is_not_taken(build, november, file):
    message = json.loads(file.read_text())
    file.write_text(json.dumps(message["data"], indent=1))
    assert verify(build, november.name, file)[0] == 0
    file.write_text(json.dumps(dict(message, source="campus/530502/2153012345/gw-02")))
    done = run(build, "verify", "--database", november.name, file)
    assert done.returncode == 2 and "another gateway's" in done.stderr


@pytest.mark.parametrize("text, fault", [
    ("{", "not JSON"), ("[]", "no object"), ("{}", "month: must be YYYY-MM"),
    ('{"month": "2026-11", "source": "x"}', "source: must be"),
    ('{"month": "2026-11", "source": "campus/1/2/3", "key": 1}', "key: must be"),
    ('{"month": "2026-11", "month": "2026-11"}', "not JSON"),
])
def test_what_is_no_file_of_evidence_is_told(build, november, tmp_path, text, fault):
    path = tmp_path / "file"
    path.write_text(text)
    done = run(build, "verify", "--database", november.name, path)
    assert done.returncode == 2 and fault in done.stderr and str(path) in done.stderr


@pytest.mark.parametrize("arguments", [
    ("verify",), ("verify", "--database", "x"), ("evidence", "--database", "x"), ("gossip",),
    ("verify", "--database", "x", "--month", "2026-11", "f"),
])
def test_what_the_commands_need_is_told(build, arguments):
    done = run(build, *arguments)
    assert done.returncode == 2 and "campus-county verify" in done.stderr


def test_a_month_that_nobody_signed_is_not_handed_out(build, november, tmp_path):
    done = run(build, "evidence", "--database", november.name, "--gateway", GATEWAY, "--month", "2026-10")
    assert done.returncode == 2 and "no file of evidence" in done.stderr
    absent = tmp_path / "absent.db"
    done = run(build, "verify", "--database", absent, "f")
    assert done.returncode == 2 and "there is no such file" in done.stderr and not absent.exists()


def test_one_file_a_month_over_restarts_and_a_key_that_was_lost(build, site, county, county_broker, tmp_path):
    """Started again on the first and later: November once.  A key that is broken gives way to
    another one, the file of December says so, and both months hold."""
    write(site, county_broker.port)
    archive = Archive(county)
    through(site, archive, *NOVEMBER)
    key = site.folder / "evidence.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    through(site, archive, "2026-12-01T07", "2026-12-01T19", "2026-12-03T07")
    assert [file["data"]["month"] for file in archive.files()] == ["2026-11"]
    key.write_text("rust\n")
    gateway = through(site, archive, "2027-01-04T07")
    assert (site.folder / "evidence.key.broken").read_text() == "rust\n"
    assert "evidence.key.broken" in gateway.text() and "another key" in gateway.text()
    first, second = (file["data"] for file in archive.files())
    assert second["previous"] == {"month": "2026-11", "digest": digest(first)}
    assert second["key_changed"] and second["public_key"] != first["public_key"]
    files = [export(build, county.database, month, tmp_path / month) for month in ("2026-11", "2026-12")]
    assert run(build, "verify", "--database", county.database, *files).returncode == 0


def test_the_school_sees_the_key_that_the_county_knows(build, site, county, county_broker):
    write(site, county_broker.port)
    gateway = site.gateway()
    rig.wait_for("the county has the birth", lambda: query(county, "select 1 from presence where topic = 'birth'"))
    (body,), = query(county, "select body from presence where topic = 'birth'")
    birth = json.loads(body)["data"]
    fingerprint = hashlib.sha256(base64.b64decode(birth["public_key"])).hexdigest()[:32]
    assert birth["fingerprint"] == gateway.get("status")["county"]["fingerprint"] == fingerprint
    shown = subprocess.run([build / "campusctl", "--socket", gateway.socket, "status"],
                           capture_output=True, text=True, check=True).stdout
    assert f"evidence is signed by {fingerprint}" in shown


def test_the_numbers_of_a_server_are_the_same(build, site, county_broker, postgres, servers, tmp_path):
    database = Database(postgres)
    servers.append(rig.County(build, tmp_path, county_broker.port, database=database.address).start())
    write(site, county_broker.port)
    archive = ServerArchive(database)
    through(site, archive, *NOVEMBER)
    path = export(build, archive.name, "2026-11", tmp_path / "2026-11.json")
    assert verify(build, archive.name, path)[0] == 0
    database.run("update messages set body = jsonb_set(body, '{data,completeness}', '0.5')"
                 " where body #>> '{data,key}' = 'daily/gateway/school/2026-11-30'")
    status, parts = verify(build, archive.name, path)
    assert status == 1
    assert "'daily/gateway/school/2026-11-30' revision 1" in parts["days"][0][1]
    database.run("insert into messages (gateway, epoch, seq, month, topic, type, time, received_at, digest, body)"
                 " select gateway, 99, 1, month, topic, type, time - interval '6 years', received_at, digest,"
                 " jsonb_set(body, '{epoch}', '\"99\"') from messages"
                 " where body #>> '{data,key}' = 'daily/gateway/school/2026-11-30'")
    (holds, text), = verify(build, archive.name, path)[1]["added"]
    assert not holds and "'daily/gateway/school/2026-11-30' revision 1 (epoch 99, " in text
