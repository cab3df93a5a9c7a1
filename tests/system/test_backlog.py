"""Days without the county, by a school's clock that runs 600 times as fast: nothing is lost below
the outbox's cap, over it every row that gave way is named, and alarms come first."""
import json
import subprocess

import pytest

import ledger
import numbered
import rig
from backlog_rig import Ears, is_drained, outbox, steps_of_alarms

RATE = 300
CAP = 1000
METRICS = """\
  serial: {unit: "", title: {zh: 编号, en: Number}, kind: event}
  warmth: {unit: "", title: {zh: 温, en: Warmth}, kind: gauge, min: 0}
"""
DEVICES = """\
buses:
  - {{name: school-broker, driver: mqtt, broker: "mqtt://127.0.0.1:{port}", window: 0}}
devices:
  - {{name: numbers, bus: school-broker, topic: "campus/{{place}}/{{metric}}", format: text, places: ["p*"], points: [{{metric: serial, event: true, stale: 30d}}]}}
  - {{name: rooms, bus: school-broker, topic: "campus/{{place}}/{{metric}}", format: text, places: ["p*"], supervision: 30d, points: [{{metric: warmth, stale: 30d}}]}}
"""
RULES = """\
rules:
  - {id: WARM, title: {zh: 热, en: Warm}, each: {kind: classroom}, inputs: {v: warmth}, when: v > 30, severity: P2, basis: test, action: {zh: 看, en: Look}}
  - {id: SY-05-dropped, clear_for: 1s}
"""


class Crowd(numbered.NumberedPublisher):
    """Each tenth message is a room's warmth instead, that rises above its limit and falls."""

    def _message(self, number):
        if number % 10:
            return super()._message(number)
        return f"campus/p{number // 10 % 4 + 1}/warmth", str(20 + number // 40 % 2 * 20)


def speed(day):
    return ["--school-time", f"2026-11-{day}T07:00:00+08:00", "--school-speed", "600"]


@pytest.fixture
def start(site, school, way, county):
    """A gateway on a site whose outbox takes @cap rows, in the morning of @day."""
    def run(cap, day=23):
        site.shipped("rules")
        site.write("metrics.yaml", rig.metrics_with(METRICS))
        site.write("campus.yaml", numbered.CAMPUS)
        site.write("devices.d/rooms.yaml", DEVICES.format(port=school.port))
        site.write("rules.d/rules.yaml", RULES)
        site.gateway_yaml(
            f'county: {{broker: "mqtt://127.0.0.1:{way.port}", resend: 2s, window: 100, '
            'heartbeat: 10s, telemetry: {points: ["*/serial"], every: reading}}', "200ms")
        path = site.config / "gateway.yaml"
        path.write_text(path.read_text().replace("commit_interval", f"outbox_rows: {cap}, commit_interval"))
        gateway = site.gateway(speed(day))
        rig.wait_for("the link", lambda: gateway.get("status")["county"]["connected"])
        return gateway
    return run


def alarms(gateway):
    return {a["id"]: a["active"] for a in gateway.get("alarms")["alarms"]}


def stored(county):
    """The numbers that the county has, and those that it was told of as dropped, as often as it was."""
    rows = [(seq, json.loads(body)) for _, _, seq, body in ledger.rows(county.database)]
    dropped = [seq for _, body in rows if body["type"] == "campus.dropped.v1"
               for first, last in body["data"]["ranges"] for seq in range(first, last + 1)]
    return [seq for seq, _ in rows], dropped


def test_below_the_cap_nothing_is_lost_and_alarms_come_first(site, start, school, county, county_broker, way,
                                                             servers):
    gateway = start(100000)
    ears = Ears(county_broker.port)
    servers.append(ears)
    way.close()
    behind = max(ears.heard, default=0)
    crowd = Crowd(school.port, RATE)
    rig.wait_for("a backlog", lambda: outbox(gateway)["waiting"] > 10 * RATE, 60)
    crowd.stop()
    rig.wait_for("hours by the school's clock", lambda: outbox(gateway)["oldest_s"] > 3600, 60)
    before = gateway.get("status")["county"]["messages"]
    assert outbox(gateway)["dropped"] == 0

    way.open_again()
    status = rig.wait_for("all of it at the county", lambda: is_drained(gateway), 120)
    assert ledger.missing_and_doubled(county.database, status["county"]["messages"]) == (0, 0)
    backlog = [kind for seq, kind in ears.heard.items() if behind < seq <= before]
    count = backlog.count("alarm")
    assert count > 10 and len(backlog) > 10 * RATE
    assert set(backlog[:count]) == {"alarm"}
    here, there = steps_of_alarms(site.folder, ledger.rows(county.database))
    assert here == there


def test_over_the_cap_every_row_is_there_or_named(build, site, start, school, county, way):
    gateway = start(CAP)
    way.close()
    crowd = Crowd(school.port, RATE)
    rig.wait_for("a warning before", lambda: alarms(gateway).get("SY-05@gateway"), 60)
    rig.wait_for("rows that give way", lambda: outbox(gateway)["dropped"] > CAP, 60)
    gateway.kill()
    gateway.command[-3] = speed(25)[1]
    gateway.start()
    dropped = outbox(gateway)["dropped"]
    assert dropped > CAP
    rig.wait_for("more of them", lambda: outbox(gateway)["dropped"] > dropped + CAP, 60)
    crowd.stop()
    assert outbox(gateway)["untold"] == outbox(gateway)["dropped"]
    assert alarms(gateway)["SY-05@gateway"] and alarms(gateway)["SY-05-dropped@gateway"]
    said = subprocess.run([build / "campusctl", "--socket", gateway.socket, "status"],
                          capture_output=True, text=True, check=True).stdout
    assert f"of at most {CAP} kept" in said and "the county was not told of)" in said

    way.open_again()
    rig.wait_for("all of it at the county", lambda: is_drained(gateway), 120)
    rig.wait_for("the end of both alarms", lambda: not alarms(gateway)["SY-05@gateway"]
                 and not alarms(gateway)["SY-05-dropped@gateway"], 60)
    status = rig.wait_for("the rest at the county", lambda: is_drained(gateway), 60)
    numbers, told = stored(county)
    assert sorted(numbers + told) == list(range(1, len(numbers) + len(told) + 1))
    assert status["county"]["outbox"]["dropped"] == len(told)
    assert status["county"]["outbox"]["rows"] <= CAP
    here, there = steps_of_alarms(site.folder, ledger.rows(county.database))
    assert len(here) > 10 and here == there
