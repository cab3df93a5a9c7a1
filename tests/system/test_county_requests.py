"""The county's receiver asks the gateways for what is missing, with signed commands."""
import base64
import ctypes
import datetime
import itertools
import json
import re
import subprocess
import urllib.request

import pytest

import county_gateway
import rig
from county_gateway import EPOCH, Gateway, alarm, last_stats, settle
from rig import ROOT

names = (f"requests_{number}" for number in itertools.count(1))
sodium = ctypes.CDLL("libsodium.so.23")


class File:
    """The archive in a file."""

    def __init__(self, folder):
        self.address = self.database = folder / "county.db"

    def query(self, sql):
        return county_gateway.query(self, sql)

    def wait_s(self):
        return [us // 1000000 for us, in self.query("select wait_us from requests")]


class Database:
    """The archive in PostgreSQL."""

    def __init__(self, server):
        self.server, self.name = server, next(names)
        server.run("postgres", f"create database {self.name}")
        self.address = server.address(self.name)

    def query(self, sql):
        return self.server.query(self.name, sql)

    def wait_s(self):
        return [wait for wait, in self.query("select wait_s from requests")]


@pytest.fixture(params=["sqlite", "postgres"])
def archive(request, tmp_path):
    return File(tmp_path) if request.param == "sqlite" else Database(request.getfixturevalue("postgres"))


@pytest.fixture
def database(postgres):
    return Database(postgres)


class Key:
    """One that `campus-county --make-command-key` has made."""

    def __init__(self, build, path):
        self.path = path
        said = subprocess.run([build / "campus-county", "--make-command-key", path],
                              capture_output=True, text=True, check=True).stdout
        self.name, public = re.search(r'^command_keys: \{([\w.-]+): "([A-Za-z0-9+/=]+)"\}$', said, re.M).groups()
        self.public = base64.b64decode(public, validate=True)


@pytest.fixture
def key(build, tmp_path):
    return Key(build, tmp_path / "command.key")


def decode(text):
    assert "=" not in text
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def order(command, key):
    """What @command says; it is signed with @key."""
    assert set(command) == {"payload", "key", "signature"}
    payload, signature = decode(command["payload"]), decode(command["signature"])
    assert command["key"] == key.name and len(signature) == 64
    assert sodium.crypto_sign_verify_detached(signature, payload, ctypes.c_ulonglong(len(payload)), key.public) == 0
    return json.loads(payload)


def receive(build, folder, port, archive, servers, *arguments, name="county"):
    receiver = rig.County(build, folder, port, name, archive.address,
                          ["--client-id", name, "--stats-every", "1", *arguments]).start()
    servers.append(receiver)
    return receiver


def asking(key, *arguments):
    return ["--command-key", key.path, "--ask-after", "1", *arguments]


@pytest.fixture
def gateway(county_broker):
    gateway = Gateway(county_broker.port)
    yield gateway
    gateway.close()


def gone(kind, seq, ranges, **data):
    message = json.loads((ROOT / f"county/examples/{kind}.json").read_text())
    message.update(id=f"gw-01/{EPOCH}/{seq}", epoch=EPOCH, seq=seq, data={"epoch": EPOCH, "ranges": ranges, **data})
    return message


def state(status, number):
    message = json.loads((ROOT / "county/examples/state.json").read_text())
    boot = message["id"].split("/")[1]
    message.update(id=f"gw-01/{boot}/state-{number}", epoch=EPOCH)
    message["data"] = {"status": status}
    return message


def wait_for_commands(gateway, count):
    rig.wait_for(f"{count} commands", lambda: len(gateway.commands) >= count)


def test_a_gap_is_asked_for_and_closed(build, tmp_path, county_broker, servers, archive, gateway, key):
    receiver = receive(build, tmp_path, county_broker.port, archive, servers, *asking(key))
    settle(gateway)
    for seq in (2, 3, 5, 9):
        gateway.send("alarm", alarm(seq))
    wait_for_commands(gateway, 1)
    first = order(gateway.commands[0], key)
    now = datetime.datetime.now(datetime.timezone.utc)
    expires = datetime.datetime.fromisoformat(first.pop("expires").replace("Z", "+00:00"))
    assert now < expires <= now + datetime.timedelta(days=7)
    assert first.pop("seq") > 0
    assert first == {"gateway": "gw-01", "do": "replay", "epoch": EPOCH, "ranges": [[4, 4], [6, 8]]}
    for seq in (4, 7, 8):
        gateway.send("alarm", alarm(seq))
    gateway.send("summary", gone("unavailable", 10, [[6, 6]]))
    gateway.wait_for_answer({4, 7, 8, 10})
    rig.wait_for("nothing is asked for", lambda: archive.wait_s() == [])
    stats = last_stats(receiver)
    assert (stats["rows"], stats["gaps"], stats["missing"], stats["invalid"]) == (9, 0, 0, 0)


def test_numbers_that_are_not_made_yet_are_not_gone(build, tmp_path, county_broker, servers, archive, gateway, key):
    """A row that names numbers behind its own, as a slip or somebody's order may have it."""
    receive(build, tmp_path, county_broker.port, archive, servers, *asking(key))
    settle(gateway)
    gateway.send("summary", gone("unavailable", 3, [[2, 2], [40, 50]]))
    gateway.wait_for_answer({3})
    assert archive.wait_s() == []  # nothing up to 3 is missing, and nobody saw more
    for seq in (*range(4, 42), 43):
        gateway.send("alarm", alarm(seq))
    wait_for_commands(gateway, 1)
    assert order(gateway.commands[0], key)["ranges"] == [[42, 42]]


@pytest.mark.parametrize("kind, data", [("unavailable", {}), ("dropped", {"count": 2})])
def test_gone_rows_are_never_asked_for_again(build, tmp_path, county_broker, servers, archive, gateway, key, kind, data):
    receiver = receive(build, tmp_path, county_broker.port, archive, servers, *asking(key))
    settle(gateway)
    gateway.send("alarm", alarm(6))
    gateway.send("summary", gone(kind, 7, [[2, 2], [4, 4]], **data))
    wait_for_commands(gateway, 1)
    gateway.send("alarm", alarm(3))
    gateway.send("alarm", alarm(5))
    gateway.send("alarm", alarm(9))
    rig.wait_for("row 8 is asked for",
                 lambda: order(gateway.commands[-1], key)["ranges"] == [[8, 8]])
    gateway.send("alarm", alarm(8))
    rig.wait_for("nothing is asked for", lambda: archive.wait_s() == [])
    last_stats(receiver)
    named = [seq for command in gateway.commands for first, last in order(command, key)["ranges"]
             for seq in range(first, last + 1)]
    assert {3, 5, 8} <= set(named)
    assert 2 not in named[named.index(8):] and 4 not in named[named.index(8):]


def test_a_row_that_was_gone_and_comes_is_stored(build, tmp_path, county_broker, servers, archive, gateway):
    port = rig.free_port()
    receive(build, tmp_path, county_broker.port, archive, servers, "--metrics", f"127.0.0.1:{port}")
    settle(gateway)

    def figures():
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
            text = answer.read().decode()
        return {name: int(value) for name, value in re.findall(
            r"^campus_county_(rows|gaps|missing|asked|gone|commands_total) (\d+)$", text, re.M)}

    gateway.send("summary", gone("dropped", 5, [[2, 3]], count=2))
    gateway.wait_for_answer({5})
    assert figures() == {"rows": 2, "gaps": 1, "missing": 1, "asked": 0, "gone": 2, "commands_total": 0}
    gateway.send("alarm", alarm(3))
    gateway.wait_for_answer({3})
    assert figures() == {"rows": 3, "gaps": 1, "missing": 1, "asked": 0, "gone": 1, "commands_total": 0}


def test_what_is_asked_for_is_told_apart(build, tmp_path, county_broker, servers, database, gateway, key):
    receive(build, tmp_path, county_broker.port, database, servers, *asking(key))
    settle(gateway)
    gateway.send("alarm", alarm(4))
    wait_for_commands(gateway, 1)
    gateway.send("summary", gone("unavailable", 5, [[2, 2]]))
    gateway.wait_for_answer({5})
    assert database.query("select first, last, missing, asked from gaps") == [(3, 3, 1, True)]
    assert database.query("select epoch::text, first, last, rows from asked") == [(EPOCH, 3, 3, 1)]
    assert database.query("select epoch::text, first, last, rows from gone") == [(EPOCH, 2, 2, 1)]
    assert database.query("select missing::int, asked::int, gone::int from fleet") == [(1, 1, 1)]


def test_ranges_that_run_backwards_are_a_dead_letter(build, tmp_path, county_broker, servers, archive, gateway):
    receiver = receive(build, tmp_path, county_broker.port, archive, servers)
    settle(gateway)
    gateway.send("summary", gone("dropped", 3, [[2, 1]], count=2))
    gateway.wait_for_answer({3})
    (fault,), = archive.query("select fault from dead_letters")
    assert fault == "/data/ranges/0: from 2 back to 1"
    assert last_stats(receiver)["missing"] == 1


def grow(archive, gateway, seqs, wait):
    """The gateway lives and answers no command, until the wait is @wait."""
    def grown():
        gateway.send("alarm", alarm(next(seqs)))
        return archive.wait_s() == [wait]
    rig.wait_for(f"a wait of {wait} s", grown)


def times(wait):
    """How often was asked until the wait was @wait: 1, 2, 4 … s."""
    return wait.bit_length()


def test_receivers_side_by_side_ask_once(build, tmp_path, county_broker, servers, database, gateway, key):
    receivers = [receive(build, tmp_path, county_broker.port, database, servers, *asking(key), name=f"county-{n}")
                 for n in range(3)]
    settle(gateway)
    grow(database, gateway, itertools.count(3), 8)
    for receiver in receivers:
        receiver.stop()
    wait, = database.wait_s()
    wait_for_commands(gateway, times(wait))
    orders = [order(command, key) for command in gateway.commands]
    assert len(orders) == times(wait)
    assert [o["ranges"] for o in orders] == [[[2, 2]]] * len(orders)
    seqs = [o["seq"] for o in orders]
    assert seqs == sorted(set(seqs))


def test_a_restart_keeps_the_waits(build, tmp_path, county_broker, servers, archive, gateway, key):
    receiver = receive(build, tmp_path, county_broker.port, archive, servers, *asking(key))
    settle(gateway)
    seqs = itertools.count(3)
    grow(archive, gateway, seqs, 4)
    wait_for_commands(gateway, times(4))
    receiver.kill()
    receiver.start()
    grow(archive, gateway, seqs, 8)
    receiver.stop()
    wait, = archive.wait_s()
    wait_for_commands(gateway, times(wait))
    assert len(gateway.commands) == times(wait)


def test_who_is_away_is_asked_when_it_is_back(build, tmp_path, county_broker, servers, archive, gateway, key):
    other = Gateway(county_broker.port, topic="campus/v1/530502/2153012345/gw-02", client="another-gateway")
    receive(build, tmp_path, county_broker.port, archive, servers, *asking(key))
    settle(gateway)
    gateway.send("state", state("offline", 1), retain=True)
    gateway.send("alarm", alarm(3))
    for seq in (1, 3):
        other.send("alarm", dict(alarm(seq), gateway="gw-02", id=f"gw-02/{EPOCH}/{seq}",
                                 source="campus/530502/2153012345/gw-02"))
    wait_for_commands(other, 1)  # noticed no sooner
    other.close()
    assert gateway.commands == []
    gateway.send("state", state("online", 2), retain=True)
    wait_for_commands(gateway, 1)


def test_without_a_key_nothing_is_asked_for(build, tmp_path, county_broker, servers, archive, gateway, key):
    receiver = receive(build, tmp_path, county_broker.port, archive, servers)
    settle(gateway)
    gateway.send("alarm", alarm(3))
    gateway.wait_for_answer({3})
    lines = receiver.text().count("\n")
    rig.wait_for("three more figures", lambda: receiver.text().count("\n") >= lines + 3)
    assert last_stats(receiver)["missing"] == 1
    assert archive.query("select * from requests") == [] and gateway.commands == []
    assert "Without a key nothing is asked for" in (ROOT / "county/README.md").read_text()
    receive(build, tmp_path, county_broker.port, archive, servers, *asking(key))
    wait_for_commands(gateway, 1)
    assert order(gateway.commands[0], key)["ranges"] == [[2, 2]]


def test_what_gateways_need_of_a_key_is_printed_again(build, tmp_path):
    def printed(option, path):
        return subprocess.run([build / "campus-county", option, path], capture_output=True, text=True, check=False,
                              timeout=30)
    made = printed("--make-command-key", tmp_path / "own.key")
    again = printed("--show-command-key", tmp_path / "own.key")
    assert made.returncode == 0 and (again.returncode, again.stdout) == (0, made.stdout)
    none = printed("--show-command-key", tmp_path / "none.key")
    assert none.returncode == 2 and "No such file" in none.stderr


def test_a_key_is_made_once_and_kept_to_its_owner(build, tmp_path, key):
    assert key.path.stat().st_mode & 0o777 == 0o600 and len(key.public) == 32

    def refusal(*arguments):
        done = subprocess.run([build / "campus-county", *arguments], capture_output=True, text=True, check=False,
                              timeout=30)
        assert done.returncode == 2
        return done.stderr

    assert "File exists" in refusal("--make-command-key", key.path)
    receiver = ["--broker", "mqtt://127.0.0.1:1", "--database", tmp_path / "x.db", "--schemas",
                ROOT / "county/schemas"]
    assert "campus-county --broker BROKER" in refusal(*receiver, "--ask-after", "0")
    assert refusal(*receiver, "--ask-after", "60") == (
        "campus-county: --ask-after needs --command-key: without a key nothing is asked for\n")
    assert "No such file" in refusal(*receiver, "--command-key", tmp_path / "none")
    key.path.chmod(0o644)
    assert "others may read it (mode 0600)" in refusal(*receiver, "--command-key", key.path)
