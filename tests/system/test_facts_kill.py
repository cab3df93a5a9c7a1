"""Facts of days and months over kill -9 around the moments at which they are told: each
revision is at the county once, and none is left out."""
import collections
import datetime
import json
import random
import subprocess
import time

import ledger
import rig

ZONE = datetime.timezone(datetime.timedelta(hours=8))
FIRST = datetime.date(2026, 10, 26)
DAYS = 40
SPEED = 600
# So that a moment of telling comes within the first hundred milliseconds, or is past.
STARTS = ("05:59:40", "06:59:40", "07:00:20", "18:59:40", "19:00:20")
CAMPUS = """\
timezone: Asia/Shanghai
places:
  - {id: b1-101, kind: classroom, title: 一, class: 2024-P-01}
classes:
  - {id: 2024-P-01, stage: primary, enrolled: 30, limit: 45}
bells:
  primary:
    - {phase: lesson, start: "08:20", end: "09:00"}
"""
TOLD = ("campus.daily.v1", "campus.weekly.v1", "campus.monthly.v1")


def at(day, clock):
    return f"{day}T{clock}+08:00"


def live(site, moment, seconds):
    """One life that begins at @moment of school time and ends in the midst of something."""
    gateway = site.gateway(["--school-time", moment, "--school-speed", str(SPEED)], start=False)
    gateway.start(ready=False)
    time.sleep(seconds)
    assert gateway.running(), gateway.text()
    gateway.kill()


def told(county):
    """{(key, revision): how often} of what the county has."""
    bodies = [json.loads(row[-1]) for row in ledger.rows(county.database)]
    return collections.Counter((body["data"]["key"], body["data"]["revision"])
                               for body in bodies if body["type"] in TOLD)


def write(site, county_broker):
    site.shipped("metrics.yaml", "facts.yaml")
    site.write("campus.yaml", CAMPUS)
    site.gateway_yaml(f'county: {{broker: "mqtt://127.0.0.1:{county_broker.port}", resend: 2s}}',
                      interval="100ms")


def drained(gateway):
    county = gateway.get("status")["county"]
    return county["messages"] == county["outbox_acknowledged"]


def test_kills_lose_and_double_no_fact(site, county, county_broker):
    chance = random.Random(20261126)
    write(site, county_broker)
    days = [FIRST + datetime.timedelta(days=n) for n in range(DAYS)]
    for day in days:
        live(site, at(day, chance.choice(STARTS)), chance.uniform(0.02, 0.9))
    end = days[-1] + datetime.timedelta(days=1)
    gateway = site.gateway(["--school-time", at(end, "07:01:00")])
    last = f"daily/gateway/school/{days[-1]}"
    rig.wait_for("the last day is at the county", lambda: (last, 1) in told(county), 120)
    rig.wait_for("all rows are acknowledged", lambda: drained(gateway), 60)
    shown = gateway.get("facts?kind=daily.gateway&limit=1000")["facts"]
    table = subprocess.run([site.build / "campusctl", "--socket", gateway.socket, "facts",
                            "monthly.gateway"], capture_output=True, text=True, check=True).stdout
    assert gateway.stop() == 0
    judge(told(county), days, shown, table)
    assert county.stop() == 0
    report = json.loads(county.text().strip().splitlines()[-1])
    assert (report["invalid"], report["duplicates"], report["missing"]) == (0, 0, 0)


def judge(messages, days, shown, table):
    assert messages and set(messages.values()) == {1}, "a fact is there twice"
    revisions = collections.defaultdict(set)
    for key, revision in messages:
        revisions[key].add(revision)
    assert all(known == set(range(1, len(known) + 1)) for known in revisions.values())
    starts = {key.rpartition("/")[2] for key in revisions if key.startswith("daily/gateway/")}
    first = min(starts)
    assert first <= (FIRST + datetime.timedelta(days=4)).isoformat(), "hardly anybody lived"
    assert starts == {day.isoformat() for day in days if day.isoformat() >= first}
    assert {key for key in revisions if key.startswith("monthly/gateway/")} == {
        "monthly/gateway/school/2026-10-01", "monthly/gateway/school/2026-11-01"}
    assert {(row["start"][:10], int(row["values"]["revision"])) for row in shown} == {
        (key.rpartition("/")[2], revision) for key, revision in messages
        if key.startswith("daily/gateway/")}
    assert "2026-10-01  monthly.gateway  school" in table
