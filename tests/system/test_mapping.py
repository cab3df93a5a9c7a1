"""A county whose platform knows its own format only is served by a mapping file: what arrives there
is what the contract's rows say, each comes until it is answered, and what has no place ends unsent."""
import datetime
import json
import sqlite3
import subprocess
import time

import pytest

import rig
from campus_sim import mqtt_client
from conftest import ROOT
from foreign_platform import Alink, ThingsBoard, wait_for_settled

EVENING = "2026-11-23T17:52:00+08:00"
DEVICES = """buses:
  - {{name: broker, driver: mqtt, broker: "mqtt://127.0.0.1:{port}", window: 0}}
devices:
  - {{name: room, bus: broker, topic: "room/{{metric}}", place: b1-203,
      points: [{{metric: co2, path: v}}, {{metric: temperature, path: v}}]}}
"""
RULES = """rules:
  - id: AI-90
    title: {zh: 二氧化碳, en: CO2}
    each: {kind: classroom}
    inputs: {co2: co2}
    when: co2 > 1000
    severity: P2
    action: {zh: 开窗, en: open}
"""
ALINK = (f'county: {{{{broker: "mqtt://127.0.0.1:{{port}}", resend: 1s, mapping: alink, '
         f'telemetry: {{{{points: ["b1-203/co2"], every: reading}}}}, '
         f'platform: {{{{product: {Alink.PRODUCT}, device: {Alink.DEVICE}}}}}}}}}')
THINGSBOARD = ('county: {{broker: "mqtt://127.0.0.1:{port}", acknowledge: broker, mapping: thingsboard, '
               'telemetry: {{points: ["b1-203/co2"], every: reading}}}}')


class School:
    """A gateway whose school time runs fast, and a room whose air is now good, now bad."""

    def __init__(self, site, school, county_broker, county):
        self.site = site
        self.port = school.port
        site.shipped("metrics.yaml", "campus.yaml", "mappings")
        facts = (ROOT / "etc/facts.yaml").read_text()
        site.write("facts.yaml", facts.replace("    morning: true\n", ""))  # all in the evening
        site.write("devices.d/b1.yaml", DEVICES.format(port=school.port))
        site.write("rules/ai.yaml", RULES)
        site.gateway_yaml(county.format(port=county_broker.port), interval="200ms")
        self.gateway = None
        self.values = 0
        self.client = mqtt_client("air")
        self.client.connect("127.0.0.1", school.port)
        self.client.loop_start()

    def start(self, *arguments):
        self.gateway = self.site.gateway(arguments)
        rig.wait_for("the bus is online", self.gateway.online)
        return self

    def start_evening(self):
        return self.start("--school-time", EVENING, "--school-speed", "600")

    def measure(self):
        """One more value of each point, no two alike; every second raises or clears the alarm."""
        self.values += 1
        co2 = (1500 if self.values % 2 else 500) + self.values + 0.25
        for metric, value in (("co2", co2), ("temperature", 20 + self.values)):
            self.client.publish(f"room/{metric}", json.dumps({"v": value}), qos=1).wait_for_publish(20)

    def alarms(self, count):
        """Raises and clears until there are @count transitions."""
        def enough():
            self.measure()
            return len(self.rows("alarm")) >= count
        rig.wait_for("alarms", enough)

    def evening(self):
        """Measures until the day's facts are there."""
        def told():
            self.measure()
            time.sleep(0.05)
            return self.rows("daily")
        rig.wait_for("the day's facts", told, 60)

    def rows(self, *kinds):
        """The contract's bodies of the outbox, of @kinds or all."""
        with sqlite3.connect(f"file:{self.site.folder}/campus.db?mode=ro", uri=True, timeout=20) as db:
            bodies = [json.loads(body) for body, in db.execute("select body from outbox order by key")]
        db.close()
        return [body for body in bodies if not kinds or body["type"].split(".")[1] in kinds]

    def county(self):
        return self.gateway.get("status")["county"]

    def reload(self):
        return subprocess.run([self.site.build / "campusctl", "--socket", self.site.folder / "api.sock", "reload",
                               "--yes"], capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)


@pytest.fixture
def campus(site, school, county_broker):
    schools = []

    def made(county):
        schools.append(School(site, school, county_broker, county))
        return schools[-1]
    yield made
    for one in schools:
        one.client.disconnect()
        one.client.loop_stop()


@pytest.fixture
def platform(county_broker):
    platforms = []

    def made(kind, *arguments):
        platforms.append(kind(county_broker.port, *arguments))
        return platforms[-1]
    yield made
    for one in platforms:
        one.close()


def ms(text):
    """Milliseconds since 1970 of a time of the contract, by Python's own reckoning."""
    return int(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1000 + 1e-3)


def in_order(items):
    return sorted(items, key=lambda item: json.dumps(item, sort_keys=True))


def alink_alarm(row):
    data = row["data"]
    value = {"AlarmId": str(data["uid"]), "Step": data["step"], "Rule": data["rule"], "Object": data["object"],
             "Severity": int(data["severity"][1]), "State": data["to"], "Cause": data["cause"],
             "Drill": int(data["test"])}
    if data["value"] is not None:
        value["Value"] = data["value"]
    return {"value": value, "time": ms(row["time"])}


def alink_environment(row):
    means = {item["metric"].replace(".", "_"): item["mean"] for item in row["data"]["items"]
             if item["mean"] is not None}
    return {"value": {"Object": row["data"]["object"], "PeriodSeconds": row["data"]["period_s"], **means},
            "time": ms(row["time"])}


def alink_fact(row):
    data = row["data"]
    figures = [{"Name": name, "Value": f"{value:.12g}" if isinstance(value, float) else str(value)}
               for name, value in data["values"].items() if value is not None]
    return {"value": {"Period": row["type"].split(".")[1], "Fact": data["fact"], "Object": data["object"],
                      "Start": ms(data["start"]), "Revision": data["revision"],
                      "Completeness": data["completeness"], **({"Figures": figures} if figures else {})},
            "time": ms(row["time"])}


def test_an_evening_reaches_a_thing_model(campus, platform):
    alink = platform(Alink)
    school = campus(ALINK).start_evening()
    school.evening()
    wait_for_settled(school.gateway, lambda: len(alink.counts) >= len(school.rows("alarm", "environment", "daily")))
    rows = {kind: school.rows(kind) for kind in ("alarm", "environment", "daily", "telemetry")}
    assert len(rows["alarm"]) >= 4 and len(rows["environment"]) >= 3 and rows["daily"] and rows["telemetry"]
    assert in_order(alink.events("CampusAlarm")) == in_order(map(alink_alarm, rows["alarm"]))
    assert in_order(alink.events("RoomEnvironment")) == in_order(map(alink_environment, rows["environment"]))
    assert in_order(alink.events("SchoolFact")) == in_order(map(alink_fact, rows["daily"]))
    assert in_order(alink.events("property")) == in_order(
        {"b1_203_co2": {"value": row["data"]["value"], "time": ms(row["time"])}} for row in rows["telemetry"])
    assert alink.retained == []
    county = school.county()
    assert county["acknowledged"] == sum(map(len, rows.values()))
    assert county["left_out"] == len(school.rows()) - county["acknowledged"]
    assert county["refused"] == 0


def test_a_message_comes_until_it_is_answered_and_not_longer(campus, platform):
    alink = platform(Alink, [None, None, 200])
    school = campus(ALINK).start()
    school.alarms(6)
    wait_for_settled(school.gateway, lambda: len(alink.counts) >= 6)
    assert min(alink.counts.values()) >= 3
    assert in_order(alink.events("CampusAlarm")) == in_order(map(alink_alarm, school.rows("alarm")))
    by_number = {}
    for _, payload in alink.seen():
        assert by_number.setdefault(json.loads(payload)["id"], payload) == payload
    assert school.county()["resent"] >= 2 * 6


GARBAGE = [b"", b"{", b"[200]", b'{"code":200}', b'{"id":"x","code":200}', b'{"id":"4294967296","code":200}',
           b'{"id":null,"code":200}', b'{"id":"1","code":200}', b"\xff\xfe", b'{"id":{"id":1},"code":200}']


def test_answers_that_are_none_end_nothing(campus, platform):
    """Garbage, another's id, "too many requests": all come again.  Then the platform refuses for good."""
    alink = platform(Alink, [*GARBAGE[:2], 429, b'{"id":"1","code":200}', None])
    school = campus(ALINK).start()
    school.alarms(4)
    for _ in range(40):
        for body in GARBAGE:
            alink.client.publish(f"/sys/{Alink.PRODUCT}/{Alink.DEVICE}/thing/event/x/post_reply", body, qos=1)
    rig.wait_for("all were sent four times", lambda: len(alink.counts) >= 4 and min(alink.counts.values()) >= 4, 60)
    county = school.county()
    assert county["acknowledged"] == county["refused"] == 0 and county["connected"]
    assert "an answer is none that the mapping knows" in school.gateway.text()
    alink.codes = [460]
    wait_for_settled(school.gateway)
    county = school.county()
    assert county["refused"] >= 4 and county["acknowledged"] == 0
    alink.codes = [200]
    before = county["refused"]
    school.measure()
    wait_for_settled(school.gateway, lambda: school.county()["acknowledged"] > 0)
    assert school.county()["refused"] == before
    shown = subprocess.run([school.site.build / "campusctl", "--socket", school.site.folder / "api.sock", "status"],
                           capture_output=True, text=True, check=True).stdout
    assert f"{before} that the platform refuses" in shown
    assert "did not take message" in school.gateway.text()


def test_after_a_kill_the_same_message_comes_again(campus, platform):
    alink = platform(Alink, [None])
    school = campus(ALINK).start()
    school.alarms(4)
    rig.wait_for("the platform has them", lambda: len(alink.counts) >= 4)
    school.gateway.kill()
    first = dict(alink.counts)
    bodies = {json.loads(payload)["id"]: payload for _, payload in alink.seen()}
    alink.codes = [200]
    school.start()
    wait_for_settled(school.gateway)
    assert all(alink.counts[number] > count for number, count in first.items())
    again = {json.loads(payload)["id"]: payload for _, payload in alink.seen()}
    assert {number: again[number] for number in bodies} == bodies


def test_a_changed_mapping_holds_for_what_waits(campus, platform, county_broker):
    county_broker.stop()
    school = campus(ALINK).start()
    school.alarms(4)
    text = (ROOT / "etc/mappings/alink.yaml").read_text()
    school.site.write("mappings.d/alink.yaml", text.replace(
        'Rule: "{data.rule}"', 'RuleId: "{data.ruel}"'))
    refused = school.reload()
    assert refused.returncode == 1
    assert "there is no single field 'data.ruel' (did you mean 'data.rule'?)" in refused.stdout + refused.stderr
    school.site.write("mappings.d/alink.yaml", text.replace('Rule: "{data.rule}"', 'RuleId: "{data.rule}"'))
    done = school.reload()
    assert done.returncode == 0, done.stderr
    assert "mapping.kinds.alarm.body.params.value.RuleId: nothing -> {data.rule}" in done.stdout
    county_broker.start()
    alink = platform(Alink)
    wait_for_settled(school.gateway, lambda: len(alink.counts) >= 4)
    events = alink.events("CampusAlarm")
    assert len(events) >= 4
    assert all(event["value"]["RuleId"] == "AI-90" and "Rule" not in event["value"] for event in events)


def things(rows):
    """(device, ts, values) of the contract's rows, as ThingsBoard should have them."""
    for row in rows:
        kind, data = row["type"].split(".")[1], row["data"]
        if kind == "alarm":
            values = {"alarm": data["rule"], "alarm_id": data["uid"], "alarm_step": data["step"],
                      "alarm_severity": data["severity"], "alarm_state": data["to"],
                      "alarm_active": data["to"] != "normal", "alarm_cause": data["cause"],
                      "alarm_drill": data["test"]}
            values |= {"alarm_value": data["value"]} if data["value"] is not None else {}
            yield data["object"], ms(row["time"]), values
        elif kind == "environment":
            means = {item["metric"]: item["mean"] for item in data["items"] if item["mean"] is not None}
            if means:
                yield data["object"], ms(row["time"]), means
        elif kind == "daily":
            begin = f"daily_{data['fact']}_"
            yield data["object"], ms(data["start"]), {
                begin + "completeness": data["completeness"],
                **{begin + name: value for name, value in data["values"].items() if value is not None}}
        elif kind == "telemetry" and data["value"] is not None:
            place, metric = data["point"].split("/")
            yield place, ms(row["time"]), {metric: data["value"]}


def test_an_evening_reaches_thingsboard(campus, platform):
    board = platform(ThingsBoard)
    school = campus(THINGSBOARD).start_evening()
    school.evening()
    wait_for_settled(school.gateway)
    expected = in_order([list(point) for point in things(school.rows())])
    rig.wait_for("all is there", lambda: len(board.series()) >= len(expected))
    assert in_order([list(point) for point in board.series()]) == expected
    assert len(school.rows("alarm")) >= 4 and school.rows("daily")
    assert {topic for topic, _ in board.seen()} == {"v1/gateway/telemetry", "v1/devices/me/attributes"}
    assert board.attributes()["status"] == "online" and board.attributes()["school"] == "2153012345"
    assert board.retained == []
    school.gateway.kill()
    rig.wait_for("its last will is heard", lambda: board.attributes()["status"] == "offline", 60)
    assert board.attributes()["cause"] == "lost"


def test_what_a_mapping_makes_can_be_looked_at(campus, build):
    school = campus(ALINK)
    done = subprocess.run([build / "campus-gatewayd", "--config", school.site.config, "--print-mapped"],
                          capture_output=True, text=True, check=True)
    lines = {line["example"]: line for line in map(json.loads, done.stdout.splitlines())}
    examples = {path.stem for path in (ROOT / "county/examples").glob("*.json")
                if "specversion" in json.loads(path.read_text())}
    assert set(lines) == examples
    alarm = json.loads((ROOT / "county/examples/alarm.json").read_text())
    assert lines["alarm"]["body"]["params"] == alink_alarm(alarm)
    assert lines["state"] == {"example": "state", "sent": False}
    school.site.gateway_yaml()
    done = subprocess.run([build / "campus-gatewayd", "--config", school.site.config, "--print-mapped"],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "has no county.mapping" in done.stderr
