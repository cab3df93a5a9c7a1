"""One people count from a real broker to the guards, the page and the county, and back."""
import json
import subprocess

import pytest

import ledger
import rig
from browser import Browser

DEVICES = """\
buses:
  - {{name: school-broker, driver: mqtt, broker: "mqtt://127.0.0.1:{port}", window: 0}}
devices:
  - {{name: people-203, bus: school-broker, template: milesight-vs135, topic: people/203, place: b1-203}}
"""
ALARM = "CS-04@b1-203"


def publish(port, topic, payload):
    subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", "-p", str(port), "-q", "1", "-t", topic,
                    "-m", payload], check=True)


def count(people_in, people_out):
    return json.dumps({"line_total_data": [{"line": 1, "total": {
        "in_counted": people_in, "out_counted": people_out}}]})


def retained(port, topic):
    """The retained message of @topic as JSON, or None."""
    done = subprocess.run(["mosquitto_sub", "-h", "127.0.0.1", "-p", str(port), "-t", topic,
                           "-C", "1", "-W", "2"], capture_output=True, text=True, check=False)
    return json.loads(done.stdout) if done.stdout else None


class Room:
    """The gateway of this test and everybody who looks at one alarm."""

    def __init__(self, site, school, county):
        self.site = site
        self.school = school
        self.county = county
        self.gateway = None

    def start(self):
        self.gateway = self.site.gateway(["--school-time", "2026-11-23T08:26:00+08:00",
                                          "--school-speed", "60"])

    def ctl(self, *arguments):
        return subprocess.run([self.site.build / "campusctl", "--socket", self.gateway.socket,
                               *arguments], capture_output=True, text=True, check=False)

    def api_state(self):
        for row in self.gateway.get("alarms?all=1")["alarms"]:
            if row["id"] == ALARM:
                return row["state"]
        return None

    def ctl_state(self):
        done = self.ctl("--json", "alarms", "--all")
        return next((row["state"] for row in json.loads(done.stdout)["alarms"]
                     if row["id"] == ALARM), None)

    def topic_state(self):
        message = retained(self.school.port, "school/alarm/CS-04/b1-203")
        return message and message["state"]

    def county_state(self):
        states = [json.loads(body)["data"] for *_, body in ledger.rows(self.county.database)
                  if json.loads(body)["type"] == "campus.alarm.v1"]
        return states[-1]["to"] if states else None

    def everybody_sees(self, state):
        for look in (self.api_state, self.ctl_state, self.topic_state, self.county_state):
            rig.wait_for(f"{look.__name__} is {state}", lambda look=look: look() == state)


@pytest.fixture
def room(site, school, county, county_broker):
    site.shipped()
    site.gateway_yaml(f'county: {{broker: "mqtt://127.0.0.1:{county_broker.port}"}}\n'
                      f'local: {{broker: "mqtt://127.0.0.1:{school.port}"}}')
    site.write("devices.d/room.yaml", DEVICES.format(port=school.port))
    room = Room(site, school, county)
    room.start()
    rig.wait_for("its bus hears", room.gateway.online)
    publish(school.port, "people/203", count(100, 100))
    rig.wait_for("the room is known empty", lambda: any(
        row["name"] == "b1-203/occupancy" and row["value"] == 0
        for row in room.gateway.get("points?glob=b1-203/*")["points"]))
    publish(school.port, "people/203", count(151, 100))
    return room


def test_a_count_over_capacity_is_seen_by_everybody(room):
    room.everybody_sees("unacknowledged")


def test_campusctl_acknowledges_everywhere(room):
    room.everybody_sees("unacknowledged")
    done = room.ctl("ack", ALARM)
    assert done.returncode == 0, done.stderr
    room.everybody_sees("acknowledged")


def test_the_page_shows_and_acknowledges_everywhere(room, tmp_path):
    room.everybody_sees("unacknowledged")
    card = f"document.querySelector('[data-id=\"{ALARM}\"]')"
    page = Browser(tmp_path)
    try:
        page.open(f"http://127.0.0.1:{room.site.http}/")
        page.wait(f"{card} && {card}.textContent.includes('场所超员')")
        page.run("document.querySelector('#operator').value = '门卫'")
        page.run(f"{card}.querySelector('.primary').click()")
        page.wait(f"{card}.querySelector('.state').textContent === '已确认'")
    finally:
        page.close()
    room.everybody_sees("acknowledged")


def test_the_local_topic_acknowledges_everywhere(room):
    room.everybody_sees("unacknowledged")
    publish(room.school.port, "school/cmd/alarm/CS-04/b1-203",
            '{"do":"acknowledge","by":"guard"}')
    room.everybody_sees("acknowledged")


REFUSED = ['{"do":"acknowledge"}', "acknowledge", '{"do":"acknowledge","by":7}', "[]",
           '{"do":"shelve","by":"guard","minutes":0}', '{"do":"dance","by":"guard"}']


def test_each_local_command_that_is_refused_is_in_the_log(room):
    """Whoever gave it has no other answer; a storm is cut."""
    room.everybody_sees("unacknowledged")
    for number, payload in enumerate(REFUSED, 1):
        publish(room.school.port, "school/cmd/alarm/CS-04/b1-203", payload)
        rig.wait_for(f"{payload} is told", lambda: room.gateway.text().count("command on 'school/cmd/") == number)
    for _ in range(30):
        publish(room.school.port, "school/cmd/alarm/CS-04/b1-203", "x")
    rig.wait_for("the storm is cut", lambda: "; more are not told for a minute" in room.gateway.text())
    assert room.gateway.text().count("command on 'school/cmd/") == 20


def test_a_restart_in_between_changes_nothing(room):
    room.everybody_sees("unacknowledged")
    before = room.gateway.get("alarms")["alarms"]
    assert room.gateway.stop() == 0
    room.start()
    after = room.gateway.get("alarms")["alarms"]
    same = ("id", "state", "uid", "raised", "raised_at")
    assert [[row[k] for k in same] for row in after] == [[row[k] for k in same] for row in before]
    assert room.ctl("ack", ALARM).returncode == 0
    room.everybody_sees("acknowledged")
    publish(room.school.port, "people/203", count(151, 140))
    room.everybody_sees("normal")
