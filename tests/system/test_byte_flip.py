"""One byte of a school's database is turned into another, anywhere: the gateway is up within ten
seconds, and alarms work throughout."""
import json
import os
import random
import shutil
import sqlite3

import pytest

import rig
from campus_sim import mqtt_client
from demo import Demo

pytestmark = pytest.mark.xdist_group("byte_flip")  # one school for all

FLIPS = 200
LOG_FLIPS = 24
UP_WITHIN_S = 10
ALARM = "school/alarm/FLIP-1/flip-flag"
FLAG = "flip/flag"
RULES = """\
rules:
  - id: FLIP-1
    title: {zh: 试, en: Try}
    each: {devices: flag}
    inputs: {flag: flag}
    when: flag >= 1
    clear: flag < 1
    for: 0s
    severity: P1
    outputs: [sound]
    action: {zh: 看, en: Look}
"""
DEVICE = f"""\
devices:
  - {{name: flip-flag, bus: security, topic: {FLAG}, format: text, place: gate-south, points: [{{metric: flag, event: true}}]}}
"""


def play(build, folder):
    """The demonstration's school until its rules have fired; killed, so that a log is left
    beside the database: its configuration and the two files."""
    demo = Demo(build, folder)
    try:
        demo.start()
        rig.wait_for("every rule has fired", lambda: all(demo.raised().values()), 60)
        demo.gateway.kill()
    finally:
        demo.stop()
    return demo


class School:
    """A school's configuration and its database as a kill and as an orderly stop leave it."""

    def __init__(self, build, folder):
        self.folder = folder
        self.config = folder / "config"
        self.database = folder / "campus.db"
        self.closed = folder / "closed.db"
        self.killed = [folder / "demo/campus.db", folder / "demo/campus.db-wal"]
        self.broker = rig.Broker(folder, "school-broker", shipped=True)
        self.gateway = rig.Gateway(build, folder, self.config)
        self.heard = []
        self.client = mqtt_client("flipper")
        self.client.on_message = lambda _client, _userdata, message: self.heard.append(
            (message.topic, message.payload))

    def prepare(self, demo):
        """The configuration of @demo with one alarm more, and its database closed."""
        self.broker.start()
        self.client.connect("127.0.0.1", self.broker.port)
        self.client.subscribe("school/alarm/#")
        self.client.loop_start()
        shutil.copytree(demo.folder / "config", self.config, symlinks=True)
        self._move(self.config / "gateway.yaml", demo)
        self._move(self.config / "devices.d/school.yaml", demo)
        (self.config / "devices.d/flag.yaml").write_text(DEVICE)
        (self.config / "rules.d").mkdir(exist_ok=True)
        (self.config / "rules.d/flip.yaml").write_text(RULES)
        (self.config / "metrics.yaml").unlink()
        (self.config / "metrics.yaml").write_text(
            rig.metrics_with('  flag: {unit: "", title: {zh: 旗, en: Flag}, kind: event}\n'))
        self.lay(*self.killed)
        self.start()  # raises nothing: every later life finds the alarm normal
        assert self.gateway.stop() == 0
        shutil.copy(self.database, self.closed)

    def _move(self, path, demo):
        path.write_text(path.read_text()
                        .replace(str(demo.folder), str(self.folder))
                        .replace(f":{demo.school_broker.port}", f":{self.broker.port}"))

    def lay(self, *files):
        """The database, and its log, in place of what is there."""
        for path in self.database.parent.glob("campus.db*"):
            path.unlink()
        for file in files:
            shutil.copy(file, self.database.with_name("campus.db" + ("-wal" if "wal" in file.name else "")))

    def start(self):
        self.gateway.start(ready=False)
        rig.wait_for("the gateway is up", self.gateway.answers, UP_WITHIN_S)

    def raise_alarm(self):
        """A reading is published; the alarm is heard by a subscriber."""
        self.heard.clear()
        for value in ("0", "1"):
            self.client.publish(FLAG, value, qos=1)
        rig.wait_for("the alarm is heard", self._is_raised, UP_WITHIN_S)

    def _is_raised(self):
        return any(topic == ALARM and json.loads(payload or b"{}").get("state") == "unacknowledged"
                   for topic, payload in list(self.heard))

    def moved_aside(self):
        """What the log tells of databases that gave way to new ones."""
        return [line for line in self.gateway.text().splitlines() if "kept as" in line]

    def live(self, during=lambda: None):
        """A start, an alarm, whatever else, and a stop."""
        self.start()
        self.raise_alarm()
        during()
        assert self.gateway.stop() == 0, self.gateway.text()[-2000:]

    def stop(self):
        self.client.disconnect()
        self.client.loop_stop()
        self.gateway.stop()
        self.broker.stop()


@pytest.fixture(scope="module")
def school(build, tmp_path_factory):
    made = School(build, tmp_path_factory.mktemp("flip"))
    try:
        made.prepare(play(build, made.folder / "demo"))
        yield made
    finally:
        made.stop()


def page_kinds(path):
    """Page numbers by what SQLite's file format says of them (fileformat2.html, 1.6)."""
    content = path.read_bytes()
    size = int.from_bytes(content[16:18], "big")
    names = {2: "index node", 5: "table node", 10: "index leaf", 13: "table leaf"}
    kinds = {"first": [1]}
    for number in range(2, len(content) // size + 1):
        kind = names.get(content[(number - 1) * size], "other")
        kinds.setdefault(kind, []).append(number)
    return size, kinds


def root_pages(path):
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return [page for page, in db.execute("SELECT rootpage FROM sqlite_schema WHERE rootpage > 1")]
    finally:
        db.close()


def flips(school, count, seed):
    """(files to lay, index of the file that is flipped, offset, byte to add) of @count flips:
    the header, every kind of page, every table's and index's root, the log, anywhere."""
    chance = random.Random(seed)
    size, kinds = page_kinds(school.closed)
    roots = root_pages(school.closed)
    log = school.killed[1].stat().st_size
    for i in range(count):
        turn = i % 5
        files, at = [school.closed], 0
        if turn == 0:
            at = chance.randrange(100)
        elif turn == 1:
            at = (roots[i // 5 % len(roots)] - 1) * size + chance.randrange(12)
        elif turn == 2:
            page = chance.choice(kinds[sorted(kinds)[i // 5 % len(kinds)]])
            at = (page - 1) * size + chance.randrange(size)
        elif turn == 3:
            files, at = school.killed, chance.choice([chance.randrange(32), chance.randrange(log)])
        else:
            at = chance.randrange(school.closed.stat().st_size)
        yield files, len(files) - 1, at, chance.randint(1, 255)


def flip(path, at, add):
    with open(path, "r+b", buffering=0) as file:
        byte = os.pread(file.fileno(), 1, at)[0]
        os.pwrite(file.fileno(), bytes([(byte + add) % 256]), at)


def flip_before_start(school, count, seed):
    found = len(school.moved_aside())
    for files, index, at, add in flips(school, count, seed):
        school.lay(*files)
        flip(school.database.with_name("campus.db" + ("-wal" if index else "")), at, add)
        try:
            school.live()
        except (AssertionError, TimeoutError, OSError) as error:
            raise AssertionError(f"byte {at} of {files[index].name} + {add}: {error}\n"
                                 f"{school.gateway.text()[-1500:]}") from error
    found = len(school.moved_aside()) - found
    print(f"{count} flips, {found} databases were moved aside")
    assert found > count / 10, "most flips hit nothing that matters: the test is blind"


def test_a_byte_is_flipped_before_the_start(school):
    """Up within ten seconds and an alarm reaches a subscriber, at each offset."""
    flip_before_start(school, FLIPS, seed=1)


def test_an_index_that_no_longer_finds_a_name_is_noticed(school):
    """A point would get another id, and its history would end there."""
    name = b"b1-206/people_out"
    content = school.closed.read_bytes()
    size, kinds = page_kinds(school.closed)
    at = next(at for page in kinds["index leaf"]
              if (at := content.find(name, (page - 1) * size, page * size)) > 0)
    found = len(school.moved_aside())
    school.lay(school.closed)
    flip(school.database, at + len(name) - 1, 1)
    school.live()
    assert len(school.moved_aside()) == found + 1


def transaction_ends(log):
    """Where in the log each transaction ends that was written since the log began anew
    (fileformat2.html, 4.1)."""
    content = log.read_bytes()
    page = int.from_bytes(content[8:12], "big")
    ends = []
    for at in range(32, len(content) - 24 - page + 1, 24 + page):
        if content[at + 8:at + 16] == content[16:24] and any(content[at + 4:at + 8]):
            ends.append(at + 24 + page)
    return ends


def test_a_flip_in_the_log_is_never_passed_over(school):
    """SQLite drops its log from the first frame whose checksum fails and says nothing: what was
    committed behind it would be gone.  Within the last transaction a flip looks like a cut."""
    chance = random.Random(4)
    end = transaction_ends(school.killed[1])[-2]
    school.lay(*school.killed)
    school.start()
    standing = {row["id"] for row in school.gateway.get("alarms")["alarms"] if row["rule"] == "TF-01"}
    assert standing and school.gateway.stop() == 0
    kept = 0
    for at in [0, 8, 16, 24, *(chance.randrange(end) for _ in range(LOG_FLIPS - 4))]:
        found = len(school.moved_aside())
        school.lay(*school.killed)
        flip(school.database.with_name("campus.db-wal"), at, chance.randint(1, 255))
        school.start()
        kept += standing <= {row["id"] for row in school.gateway.get("alarms")["alarms"]}
        assert len(school.moved_aside()) == found + 1, (at, school.gateway.text()[-1500:])
        assert school.gateway.stop() == 0
    print(f"{LOG_FLIPS} flips in the log, all told; the panic alarm stood after {kept}")
    assert kept > LOG_FLIPS * 3 / 4


@pytest.mark.slow
def test_a_byte_is_flipped_at_a_thousand_offsets(school):
    flip_before_start(school, 1000, seed=2)


def test_a_byte_is_flipped_under_the_running_gateway(school):
    """Alarms go on while the file is broken, and after the restart that finds it so."""
    for files, _, at, add in flips(school, FLIPS // 5, seed=3):
        school.lay(*files)

        def break_it(at=at, add=add):
            flip(school.database, min(at, school.database.stat().st_size - 1), add)
            school.raise_alarm()

        school.live(during=break_it)
        school.live()
