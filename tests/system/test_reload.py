"""A changed configuration while the gateway runs: what changed is touched, the rest not."""
import datetime
import json
import os
import re
import signal
import subprocess


import pytest

import numbered
import rig

DEVICES = """buses:
  - {{name: broker, driver: mqtt, broker: "mqtt://127.0.0.1:{port}", window: 0}}
  - {{name: other, driver: mqtt, broker: "mqtt://127.0.0.1:{port}", window: 0}}
devices:
  - {{name: room, bus: broker, topic: "room/{{metric}}", place: b1-203,
      points: [{{metric: co2, path: v, {room}}}, {{metric: lux, path: v}}]}}
  - {{name: far, bus: other, topic: "{topic}/{{metric}}", place: b1-204,
      points: [{{metric: co2, path: v}}]}}
"""
RULES = """rules:
  - id: AI-90
    title: {{zh: 二氧化碳, en: CO2}}
    each: {{kind: classroom}}
    inputs: {{co2: co2}}
    when: co2 > {limit}
    for: {hold}
    severity: P3
    action: {{zh: 开窗, en: open}}
"""


class Running:
    """One gateway on one broker, whose files are written again and again."""

    def __init__(self, site, broker):
        self.site = site
        self.broker = broker
        site.shipped("metrics.yaml", "campus.yaml")
        site.gateway_yaml()
        self.devices()
        self.rules()
        self.gateway = site.gateway()
        self.told = 0
        rig.wait_for("both buses online", lambda: self.healths() == ["online"] * 2)

    def devices(self, topic="far", room="scale: 1"):
        self.site.write("devices.d/b1.yaml", DEVICES.format(
            port=self.broker.port, topic=topic, room=room))

    def rules(self, limit=1000, hold="0s", text=None):
        self.site.write("rules/ai.yaml", text or RULES.format(limit=limit, hold=hold))

    def healths(self):
        return [bus["health"] for bus in self.gateway.get("buses")["buses"]]

    def config(self):
        return self.gateway.get("status")["config"]

    def reload(self, *arguments):
        return subprocess.run(
            [self.site.build / "campusctl", "--socket", self.site.folder / "api.sock",
             "reload", *(arguments or ("--yes",))], capture_output=True, text=True,
            timeout=60, stdin=subprocess.DEVNULL)

    def publish(self, topic, value):
        subprocess.run(["mosquitto_pub", "-p", str(self.broker.port), "-q", "1", "-t", topic,
                        "-m", json.dumps({"v": value})], check=True, timeout=20)

    def point(self, name):
        points = self.gateway.get("points")["points"]
        return next(p for p in points if p["name"] == name)

    def alarm(self, name):
        alarms = self.gateway.get("alarms?all=true")["alarms"]
        return next((a for a in alarms if a["id"] == name), None)

    def alarm_state(self, name):
        alarm = self.alarm(name)
        return alarm and alarm["state"]

    def connections(self):
        """Local ports of the gateway's own connections to the broker."""
        lines = subprocess.run(["ss", "-Htnp", "state", "established", "dport", "=",
                                f":{self.broker.port}"],
                               capture_output=True, text=True, check=True).stdout
        return {line.split()[2].rsplit(":", 1)[1] for line in lines.splitlines()
                if f"pid={self.gateway.process.pid}," in line}


@pytest.fixture
def running(site, school):
    return Running(site, school)


def test_the_change_is_shown_before_it_is_made(running):
    running.devices(room="scale: 2")
    running.rules(limit=1500)
    hash_before = running.config()["hash"]
    shown = running.reload("--diff")
    assert shown.returncode == 0, shown.stderr
    assert "~ point b1-203/co2\n    scale: 1 -> 2\n" in shown.stdout
    assert "~ rule AI-90\n    when: co2 > 1000 -> co2 > 1500\n" in shown.stdout
    assert running.config()["hash"] == hash_before
    unasked = running.reload("--json")
    assert unasked.returncode == 2 and running.config()["hash"] == hash_before
    done = running.reload()
    assert done.returncode == 0, done.stderr
    assert running.config()["hash"] != hash_before
    assert running.reload("--diff").stdout == "no change\n"


def test_only_the_bus_that_changed_connects_anew(running):
    before = running.connections()
    assert len(before) == 2
    running.devices(topic="farther")
    done = running.reload()
    assert "reloaded: 1 bus restarted" in done.stdout, done.stdout + done.stderr
    rig.wait_for("both buses online", lambda: running.healths() == ["online"] * 2)
    after = running.connections()
    assert len(before & after) == 1 and len(after) == 2
    running.publish("farther/co2", 640)
    rig.wait_for("the new topic", lambda: running.point("b1-204/co2")["value"] == 640)
    running.rules(limit=2000)
    assert "reloaded: 0 buses restarted" in running.reload().stdout
    assert running.connections() == after


def test_a_fault_changes_nothing_and_says_where(running):
    before = running.config()["hash"]
    ports = running.connections()
    running.devices(room="scale: x")
    running.rules(text="rules:\n  - {id: AI-90, whem: co2 > 1}\n")
    refused = running.reload()
    assert refused.returncode == 1
    folder = running.site.config
    assert f"{folder}/devices.d/b1.yaml:6:" in refused.stderr, refused.stderr
    assert "points.co2.scale: 'x' is not a number" in refused.stderr
    assert "nothing was changed" in refused.stderr
    os.kill(running.gateway.process.pid, signal.SIGHUP)
    rig.wait_for("SIGHUP is refused too", lambda: running.config()["refused"] == 2)
    assert running.config()["hash"] == before
    assert running.connections() == ports
    running.publish("room/co2", 500)
    rig.wait_for("it runs on", lambda: running.point("b1-203/co2")["value"] == 500)


def test_an_override_is_shown_against_what_it_changes(running):
    own = running.site.config / "rules.d/own.yaml"
    running.site.write("rules.d/own.yaml", "rules:\n  - {id: AI-90, for: 5s, clear_for: 1min, severity: P2}\n")
    assert running.reload("--diff").stdout == (
        "~ rule AI-90\n    for: 0s -> 5s\n    clear_for: 0s -> 1min\n    severity: P3 -> P2\n")
    assert running.reload().returncode == 0
    own.unlink()
    assert running.reload("--diff").stdout == (
        "~ rule AI-90\n    for: 5s -> 0s\n    clear_for: 1min -> 0s\n    severity: P2 -> P3\n")


def test_of_outputs_the_entry_that_changed_is_shown(running):
    """Not the whole list, and no word where only the order is another."""
    rows = ["{{name: word-{0}, points: [b1-203/relay.r{0}], on_for: {1}}}".format(n, "3min") for n in range(6)]
    relays = ("  - {name: relay, driver: modbus-tcp, host: 127.0.0.1, port: 1, timeout: 1s}\n", """\
  - {name: box, bus: relay, unit: 1, place: b1-203, period: 1s, points: [%s]}
""" % ", ".join(f"{{metric: relay, name: r{n}, function: 1, address: {n}, writable: true}}" for n in range(6)))
    file = running.site.config / "devices.d/relays.yaml"

    def write(rows):
        file.write_text(f"buses:\n{relays[0]}devices:\n{relays[1]}outputs:\n"
                        + "".join(f"  - {row}\n" for row in rows))
    write(rows)
    assert running.reload().returncode == 0
    write([rows[0].replace("3min", "5min"), *reversed(rows[2:]), "{name: new, points: [b1-203/relay.r1], on_for: 1min}"])
    shown = running.reload("--diff").stdout
    changed = shown[shown.index("~ section outputs"):].splitlines()[1:]
    assert sorted(line.strip() for line in changed if line.startswith("    ")) == [
        "new: nothing -> {name: new, points: [b1-203/relay.r1], on_for: 1min}",
        "word-0.on_for: 3min -> 5min",
        "word-1: {name: word-1, points: [b1-203/relay.r1], on_for: 3min} -> nothing"]
    write(list(reversed(rows)))
    assert "outputs" not in running.reload("--diff").stdout


def log_of(running):
    return [line for line in running.gateway.text().splitlines() if "config reload: " in line]


def test_a_signal_is_answered_in_the_log(running):
    """Who sends SIGHUP sees nothing else: what, where, what is allowed, and what goes on."""
    folder = running.site.config
    running.devices(room="scale: x")
    os.kill(running.gateway.process.pid, signal.SIGHUP)
    rig.wait_for("it is refused", lambda: running.config()["refused"] == 1)
    log = log_of(running)
    checked = subprocess.run([running.site.build / "campus-gatewayd", "--check", "--config",
                              folder], capture_output=True, text=True)
    fault = next(line for line in checked.stderr.splitlines() if "points.co2.scale" in line)
    assert fault.startswith(f"{folder}/devices.d/b1.yaml:6:") and "allowed" in fault
    assert log == [f"error: config reload: {fault}",
                   f"error: config reload: configuration '{folder}' has 1 error; nothing was "
                   "changed, the gateway runs on with what it had"]


def test_of_many_faults_the_log_tells_the_first_and_how_to_see_all(running):
    rows = "".join(f"  - {{id: AI-{n}, whem: co2 > 1}}\n" for n in range(10, 30))
    running.rules(text="rules:\n" + rows)
    os.kill(running.gateway.process.pid, signal.SIGHUP)
    rig.wait_for("it is refused", lambda: running.config()["refused"] == 1)
    log = log_of(running)
    places = [line for line in log if f"{running.site.config}/rules" in line]
    errors = int(re.search(r"has (\d+) errors", log[-1])[1])
    assert len(places) == 5 and ":2:" in places[0] and ": rules.AI-10: " in places[0]
    assert (f"and {errors - 5} more errors: `campus-gatewayd --config {running.site.config} "
            "--check` shows all") in log[-2]


def test_a_fault_of_a_rule_is_told_as_the_check_tells_it(running):
    running.rules(text="rules:\n  - {id: AI-90, whem: co2 > 1}\n")
    refused = running.reload("--diff")
    checked = subprocess.run([running.site.build / "campus-gatewayd", "--check", "--config",
                              running.site.config], capture_output=True, text=True)
    assert refused.returncode == 1
    told = [line for line in checked.stderr.splitlines() if ":2:" in line]
    assert told and all(line in refused.stderr for line in told)


def test_what_takes_a_restart_is_named_and_nothing_is_done(running):
    before = running.config()["hash"]
    text = (running.site.config / "gateway.yaml").read_text()
    (running.site.config / "gateway.yaml").write_text(
        text.replace("campus.db", "other.db").replace("api.sock", "other.sock"))
    running.rules(limit=1)
    shown = running.reload("--diff")
    assert shown.returncode == 1
    assert "(takes a restart)" in shown.stdout
    refused = running.reload()
    assert "store.path, http.socket: takes a restart; nothing was changed" in refused.stderr
    assert running.config()["hash"] == before
    assert not (running.site.folder / "other.db").exists()


def test_a_hold_in_the_middle_of_reloads_ends_at_its_time(running):
    """The alarm's time less the reading's is the hold, to the microsecond."""
    running.rules(hold="3s")
    running.reload()
    running.publish("room/co2", 1200)
    rig.wait_for("the reading", lambda: running.point("b1-203/co2")["value"] == 1200)
    since = running.point("b1-203/co2")["t"]
    for limit in ("title", "lux"):
        running.rules(text=RULES.format(limit=1000, hold="3s").replace("CO2", limit))
        assert running.reload().returncode == 0
    rig.wait_for("the alarm", lambda: running.alarm_state("AI-90@b1-203") == "unacknowledged")
    raised = running.alarm("AI-90@b1-203")["raised_at"]
    took = datetime.datetime.fromisoformat(raised) - datetime.datetime.fromisoformat(since)
    assert took == datetime.timedelta(seconds=3)


def test_alarms_stay_end_with_their_rule_and_are_judged_anew(running):
    running.publish("room/co2", 1200)
    running.publish("far/co2", 1200)
    both = ("AI-90@b1-203", "AI-90@b1-204")
    rig.wait_for("two alarms", lambda: all(
        running.alarm_state(name) == "unacknowledged" for name in both))
    uids = [running.alarm(name)["uid"] for name in both]
    running.devices(topic="farther", room="scale: 1")
    assert running.reload().returncode == 0
    assert running.alarm_state(both[0]) == "unacknowledged"
    assert [running.alarm(name)["uid"] for name in both] == uids
    assert running.point("b1-203/co2")["value"] == 1200
    running.rules(limit=1500)
    assert running.reload().returncode == 0
    assert running.alarm_state(both[0]) == "normal" or running.alarm_state(both[0]) == "returned"
    running.rules(text="rules: []\n")
    running.publish("room/co2", 1600)
    assert running.reload().returncode == 0
    assert running.alarm_state(both[1]) in ("normal", "returned")
    journal = running.gateway.text()
    assert "AI-90@b1-204: P3: returned, before unacknowledged (configuration)" in journal


def test_reloads_under_load_lose_and_double_nothing(site, school, county, county_broker):
    """The bus that carries the messages stays in one reload and is made anew in the next."""
    numbered.write_site(site, school.port, county_broker.port)
    site.write("rules/own.yaml", "rules: []\n")
    gateway = site.gateway()
    rig.wait_for("the broker keeps messages for the gateway", gateway.online)
    publisher = numbered.NumberedPublisher(school.port, 1000)
    running = Running.__new__(Running)
    running.site, running.gateway = site, gateway
    outcomes = []
    try:
        turn = -1
        while turn < 20 or publisher.sent < 5000:
            turn += 1
            if turn % 2:
                site.write("devices.d/numbers.yaml", numbered.DEVICES.format(
                    port=school.port, window=turn % 4 * 100))
            else:
                site.write("metrics.d/own.yaml", f"""metrics:
  own_{turn}: {{unit: lx, title: {{zh: 自, en: Own}}, kind: gauge}}
""")
            outcomes.append(running.reload().stdout)
    finally:
        publisher.stop()
    anew = [text.count("1 bus restarted") for text in outcomes]
    assert anew == [turn % 2 for turn in range(len(anew))], outcomes
    stored = numbered.finish(publisher, school.port, gateway, county)
    print(f"reloads {len(outcomes)}, confirmed {len(publisher.confirmed)}, stored {len(stored)}")
    assert len(publisher.confirmed) > 4000
    assert sorted(publisher.confirmed - set(stored)) == []
    assert len(stored) == len(set(stored))


def test_a_hundred_reloads_leave_no_memory_and_no_descriptors(running):
    def usage():
        process = f"/proc/{running.gateway.process.pid}"
        pages = int(open(f"{process}/statm").read().split()[1])
        return pages, rig.descriptors(running.gateway.process.pid), len(os.listdir(f"{process}/task"))

    def reloads(count):
        for turn in range(count):
            running.devices(topic=f"far-{turn % 2}")
            running.rules(limit=1000 + turn % 3)
            assert running.reload().returncode == 0

    reloads(20)
    first = usage()
    reloads(100)
    last = usage()
    print(f"pages, descriptors, threads: {first} -> {last}")
    rig.wait_for("no descriptor stays open", lambda: rig.descriptors(running.gateway.process.pid) <= first[1])
    assert last[2] == first[2]
    assert last[0] < first[0] * 1.1


def test_a_storm_of_hangups_ends_in_the_last_files(running):
    for limit in range(200):
        running.rules(limit=1000 + limit)
        os.kill(running.gateway.process.pid, signal.SIGHUP)
    rig.wait_for("the last rule runs", lambda: when(running) == "co2 > 1199")
    assert running.healths() == ["online"] * 2
    assert running.reload("--diff").stdout == "no change\n"


# --- to be confirmed ----------------------------------------------------------------------


def when(running):
    """The condition that is judged now; none while a file is half written."""
    rules = running.gateway.get("rules")["rules"]
    return rules[0]["when"] if rules else None


def test_what_is_not_confirmed_goes_back(running):
    running.rules(limit=1500)
    done = running.reload("--yes", "--confirm-within", "2s")
    assert done.returncode == 0 and "goes back in" in done.stdout, done.stdout + done.stderr
    assert running.config()["standing"] == "pending" and when(running) == "co2 > 1500"
    rig.wait_for("it went back", lambda: running.config()["standing"] == "returned")
    assert when(running) == "co2 > 1000"
    assert running.config()["folder"].startswith(str(running.site.folder / "kept"))
    running.gateway.stop()
    running.gateway.start()
    assert running.config()["standing"] == "returned" and when(running) == "co2 > 1000"
    assert running.reload().returncode == 0
    assert running.config()["standing"] == "confirmed" and when(running) == "co2 > 1500"


def test_what_is_confirmed_stays(running):
    running.rules(limit=1500)
    assert running.reload("--yes", "--confirm-within", "1h").returncode == 0
    assert running.reload("--confirm").returncode == 0
    assert running.config()["standing"] == "confirmed" and when(running) == "co2 > 1500"
    running.gateway.stop()
    running.gateway.start()
    assert when(running) == "co2 > 1500"
    again = running.reload("--confirm")
    assert again.returncode == 1 and "nothing waits for a confirmation" in again.stderr


def test_a_trial_goes_on_over_a_restart_and_ends_all_the_same(running):
    running.rules(limit=1500)
    assert running.reload("--yes", "--confirm-within", "6s").returncode == 0
    running.gateway.kill()
    running.gateway.start()
    assert running.config()["standing"] == "pending" and when(running) == "co2 > 1500"
    rig.wait_for("it went back", lambda: running.config()["standing"] == "returned")
    assert when(running) == "co2 > 1000"


def test_a_daemon_that_dies_of_what_is_tried_starts_with_what_was(running):
    running.rules(limit=1500)
    assert running.reload("--yes", "--confirm-within", "1h").returncode == 0
    running.gateway.stop()
    running.rules(text="rules:\n  - {id: AI-90, whem: co2 > 1}\n")
    first = running.gateway
    try:
        first.start()
    except RuntimeError:
        first.start()  # as systemd does: it died of the rules, which are read late
    assert running.config()["standing"] == "returned" and when(running) == "co2 > 1000"


def test_a_plain_reload_ends_a_trial_for_good(running):
    running.rules(limit=1500)
    assert running.reload("--yes", "--confirm-within", "1h").returncode == 0
    running.rules(limit=1600)
    os.kill(running.gateway.process.pid, signal.SIGHUP)
    rig.wait_for("confirmed", lambda: running.config()["standing"] == "confirmed")
    assert when(running) == "co2 > 1600"


SY_90 = """rules:
  - id: SY-90
    title: {zh: 二氧化碳高, en: CO2 high}
    each: {devices: co2}
    inputs: {co2: co2}
    when: co2 > 1000
    severity: P3
"""


def test_an_alarm_of_a_device_that_is_gone_says_what_and_where_it_was(running):
    """On the page and in campusctl, after a restart and until somebody acknowledged it."""
    running.rules(text=SY_90)
    assert running.reload().returncode == 0
    running.publish("far/co2", 1200)
    rig.wait_for("the alarm", lambda: running.alarm_state("SY-90@far") == "unacknowledged")
    said = ("title", "object_title", "raised_value", "unit")
    whole = {key: running.alarm("SY-90@far")[key] for key in said}
    assert whole["title"] == {"zh": "二氧化碳高", "en": "CO2 high"}
    assert whole["object_title"] and whole["raised_value"] == 1200 and whole["unit"] == "ppm"
    file = running.site.config / "devices.d/b1.yaml"
    file.write_text(file.read_text().split("  - {name: far")[0])
    assert running.reload().returncode == 0
    rig.wait_for("it returned", lambda: running.alarm_state("SY-90@far") == "returned")
    assert {key: running.alarm("SY-90@far")[key] for key in said} == whole
    assert running.gateway.stop() == 0
    running.gateway.start()
    assert {key: running.alarm("SY-90@far")[key] for key in said} == whole
