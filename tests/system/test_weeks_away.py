"""Days and weeks without the county, by a school's clock that runs an hour a second, then back: below
the cap of the outbox every row is there, over it each that is not is named, and alarms come first."""
import collections
import itertools
import json
import math
import random
import threading
import time

import pytest

import bench_rules
import rig
from backlog_rig import Ears, is_drained, steps_of_alarms
from campus_sim import mqtt_client

SPEED = 3600
START = "2026-11-02T00:00:00+08:00"  # a Monday; thirty days later the month is over
ROOM_EVERY_S = 600
PANIC_EVERY_S = 6 * 3600
DAY_S = 86400
ROOM = ("people_in", "people_out", "desk_lux.a", "co2", "temperature", "humidity", "pm25")
HOST = ("panic", "fire", "gas")
AROUND = {"desk_lux": 400, "co2": 900, "temperature": 20, "humidity": 50, "pm25": 30}
names = (f"weeks_{number}" for number in itertools.count(1))


def campus(rooms):
    places = [f"  - {{id: p{n}, kind: classroom, title: 教室{n}, capacity: 50, class: c{n}}}" for n in rooms]
    classes = [f"  - {{id: c{n}, stage: primary, enrolled: 40}}" for n in rooms]
    return "\n".join(["timezone: Asia/Shanghai", "stages: {primary: {limit: 45}}", "places:", *places,
                      "  - {id: post, kind: gatehouse, title: 门卫室}", "classes:", *classes, bench_rules.CLASS_DAY])


def devices(port, rooms):
    rows = [f'buses: [{{name: school-broker, driver: mqtt, broker: "mqtt://127.0.0.1:{port}", window: 0}}]',
            "devices:", *(bench_rules.device(f"room-{n}", f"p{n}", ROOM) for n in rooms),
            bench_rules.device("host", "post", HOST).replace("1h", "30d")]
    return "\n".join(rows) + "\n"


class Weeks:
    """Each room speaks every ten minutes of the school's clock, about what its rules take for good; every
    six hours somebody presses the panic button."""

    def __init__(self, port, rooms):
        self.rooms = rooms
        self.chance = random.Random(7)
        self.ended = threading.Event()
        self.client = mqtt_client("weeks")
        self.client.max_inflight_messages_set(1000)
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        began = time.monotonic()
        presses = 0
        for turn in itertools.count():
            for room in self.rooms:
                due = began + (turn + room / len(self.rooms)) * ROOM_EVERY_S / SPEED
                if self.ended.wait(max(0, due - time.monotonic())):
                    return
                self._say(f"room-{room}", {bench_rules.path(point): self._value(point, turn) for point in ROOM})
            if turn * ROOM_EVERY_S >= presses * PANIC_EVERY_S:
                presses += 1
                for panic in (1, 0):
                    self._say("host", {"panic": panic, "fire": 0, "gas": 0})

    def _say(self, device, values):
        self.client.publish(f"bench/{device}", json.dumps(values), qos=1)

    def _value(self, point, turn):
        metric = point.partition(".")[0]
        if metric not in AROUND:
            return 40 * (turn // 100)  # all of a class come in, and go out again
        return round(AROUND[metric] * self.chance.uniform(0.8, 1.2), 1)

    def stop(self):
        self.ended.set()
        self.thread.join()
        self.client.disconnect()
        self.client.loop_stop()


class Archive:
    """What the county's PostgreSQL has of the school."""

    def __init__(self, server):
        self.server, self.name = server, next(names)
        server.run("postgres", f"create database {self.name}")
        self.address = server.address(self.name)

    def kinds(self):
        """Of each row its seq and kind."""
        return self.server.query(self.name, "select seq, split_part(type, '.', 2) as kind from messages")

    def keys(self):
        return [(int(epoch), seq) for epoch, seq in self.server.query(
            self.name, "select epoch::text as epoch, seq from messages")]

    def faults(self):
        """Its dead letters, conflicts among them; events that came under two keys."""
        return (self.server.query(self.name, "select fault from dead_letters"), len(self.server.query(
            self.name, "select digest from messages group by gateway, digest having count(*) > 1")))

    def bodies(self, kind):
        return [(gateway, epoch, seq, json.dumps(body)) for gateway, epoch, seq, body in self.server.query(
            self.name, f"select gateway, epoch, seq, body from messages where type = 'campus.{kind}.v1'")]

    def dropped(self):
        """Each number that the county was told of as dropped, as often as it was."""
        return [seq for *_, body in self.bodies("dropped") for first, last in json.loads(body)["data"]["ranges"]
                for seq in range(first, last + 1)]

    def open(self):
        """What the receiver takes for missing, and for gone."""
        return (self.server.query(self.name, "select * from gaps"),
                self.server.query(self.name, "select coalesce(sum(rows), 0) from gone")[0][0])


@pytest.fixture
def archive(build, tmp_path, county_broker, servers, postgres):
    archive = Archive(postgres)
    servers.append(rig.County(build, tmp_path, county_broker.port, database=archive.address).start())
    return archive


def gateway_of(site, school, way, rooms, cap):
    site.shipped("metrics.yaml", "facts.yaml", "rules")
    site.write("campus.yaml", campus(rooms))
    site.write("devices.d/rooms.yaml", devices(school.port, rooms))
    site.gateway_yaml(f'county: {{broker: "mqtt://127.0.0.1:{way.port}", resend: 2s, window: 100, heartbeat: 10s}}')
    path = site.config / "gateway.yaml"
    path.write_text(path.read_text().replace("commit_interval", f"outbox_rows: {cap}, commit_interval"))
    gateway = site.gateway(["--school-time", START, "--school-speed", str(SPEED)])
    rig.wait_for("the link", lambda: gateway.get("status")["county"]["connected"])
    return gateway


def away(way, gateway, days):
    """@days of the school's clock, and the status at their end."""
    way.close()
    until = time.monotonic() + days * DAY_S / SPEED
    while time.monotonic() < until:
        assert gateway.running(), gateway.text()[-1000:]
        time.sleep(0.2)
    return gateway.get("status")


def back(way, gateway):
    """From here on the school's clock runs as the county's does: the link is tried again after up to a
    minute, which were two days and a half.  The last status."""
    reached = gateway.get("status")["school_time"]
    assert gateway.stop() == 0
    way.open_again()
    gateway.command[-4:] = ["--school-time", reached]
    gateway.start()
    return rig.wait_for("all of it at the county", lambda: is_drained(gateway), 300)


def table(ears, numbers):
    """Of each kind among @numbers how many came, and the first and the last place in their order."""
    places = collections.defaultdict(list)
    order = [kind for seq, kind in ears.heard.items() if seq in numbers]
    for place, kind in enumerate(order, 1):
        places[kind].append(place)
    rows = [f"{'kind':14} {'rows':>8} {'first':>8} {'last':>8}"]
    rows += [f"{kind:14} {len(found):8} {found[0]:8} {found[-1]:8}" for kind, found in places.items()]
    return order, "\n".join(rows)


def judge_order(ears, behind, before):
    """Of what waited, alarms came before all else."""
    order, text = table(ears, range(behind + 1, before + 1))
    print(text)
    count = order.count("alarm")
    assert 2 < count < len(order) / 10, text
    assert set(order[:count]) == {"alarm"}, text


def judge_rows(archive, status, sent):
    """Each number is there once or named as dropped, of those @sent before whose answer was lost perhaps
    both; how many were dropped."""
    kinds, dropped = archive.kinds(), archive.dropped()
    numbers = [seq for seq, _ in kinds]
    assert len(numbers) == len(set(numbers)) and len(dropped) == len(set(dropped))
    assert set(numbers) | set(dropped) == set(range(1, status["county"]["messages"] + 1))
    assert set(numbers) & set(dropped) <= sent
    assert status["county"]["outbox"]["dropped"] == len(dropped)
    missing, gone = archive.open()
    assert (missing, gone) == ([], len(set(dropped) - set(numbers)))
    print({**collections.Counter(kind for _, kind in kinds), "(dropped)": len(dropped)})
    return len(dropped)


def days_told(archive, kind):
    return {json.loads(body)["data"]["start"][:10] for *_, body in archive.bodies(kind)}


@pytest.mark.parametrize("days, rooms, cap, is_over", [
    pytest.param(0.75, 8, 1000, False, id="below-the-cap"),
    pytest.param(2.5, 8, 1000, True, id="over-the-cap"),
    pytest.param(7, 64, 70000, False, id="a-week", marks=pytest.mark.slow),
    pytest.param(30, 64, 70000, True, id="thirty-days", marks=pytest.mark.slow)])
def test_each_row_of_days_without_the_county_is_there_or_named(site, school, county_broker, way, servers, archive,
                                                              days, rooms, cap, is_over):
    rooms = range(1, rooms + 1)
    gateway = gateway_of(site, school, way, rooms, cap)
    ears = Ears(county_broker.port)
    servers.append(ears)
    crowd = Weeks(school.port, rooms)
    servers.append(crowd)
    rig.wait_for("rows at the county", lambda: len(ears.heard) > 10)
    status = away(way, gateway, days)
    sent, before = set(ears.heard), status["county"]["messages"]
    behind = max(sent)
    crowd.stop()
    waited = status["county"]["outbox"]
    assert waited["oldest_s"] > days * DAY_S / 2
    assert (waited["dropped"] > cap / 2) == is_over, waited
    began = time.monotonic()
    status = back(way, gateway)
    print(f"{days} days, {before - behind} rows made, {waited['waiting']} waited, {waited['dropped']} gave way; "
          f"all there in {time.monotonic() - began:.0f} s")
    judge_order(ears, behind, before)
    assert (judge_rows(archive, status, sent) > 0) == is_over
    here, there = steps_of_alarms(site.folder, archive.bodies("alarm"))
    assert len(here) > days and here == there
    assert len(days_told(archive, "daily")) >= math.floor(days) - 1  # a day's are told on the next morning
