"""campusctl test-rule says of stored history what the daemon did live, and of other rules what
they would have done."""
import contextlib
import datetime
import hashlib
import json
import shutil
import sqlite3
import subprocess
import time

import pytest

import rig
from campus_sim import mqtt_client
from conftest import ROOT, Site

METRICS = """\
metrics:
  air: {unit: ppm, title: {zh: 二氧化碳, en: CO2}, kind: gauge, min: 0, max: 10000, dead_band: 20}
  warmth: {unit: °C, title: {zh: 温度, en: Temperature}, kind: gauge, min: -40, max: 85}
  glow: {unit: lx, title: {zh: 照度, en: Light}, kind: gauge, min: 0, dead_band: 10}
  leaf: {unit: "", title: {zh: 门, en: Door}, kind: state, states: {closed: 0, open: 1}}
  tour: {unit: "", title: {zh: 巡查, en: Round}, kind: event}
  hum: {unit: dB, title: {zh: 噪声, en: Noise}, kind: gauge}
"""
DEVICES = """\
buses:
  - {{name: school-broker, driver: mqtt, broker: "mqtt://127.0.0.1:{port}", window: 0}}
devices:
  - {{name: rooms, bus: school-broker, topic: "campus/{{place}}/{{metric}}", format: text, places: ["b1-201", "b1-202"], supervision: 3min, points: [{{metric: air}}, {{metric: warmth}}, {{metric: glow}}, {{metric: leaf}}]}}
  - {{name: rounds, bus: school-broker, topic: "campus/{{place}}/{{metric}}", format: text, places: ["b1-201"], points: [{{metric: tour, event: true}}, {{metric: hum}}]}}
"""
RULES = """\
rules:
  - {id: OUR-1, title: {zh: 闷, en: Stuffy}, each: {kind: classroom}, severity: P3, inputs: {v: {mean: air, over: 5min, valid: 50%}}, parameters: {high: 1000}, when: v > high, for: 2min, clear: v < 900}
  - {id: OUR-2, title: {zh: 热, en: Hot}, each: {kind: classroom}, severity: P2, inputs: {v: warmth}, when: v > 30, for: 4min}
  - {id: OUR-3, title: {zh: 暗, en: Dark}, each: {kind: classroom}, severity: P4, during: lesson, inputs: {v: glow, d: leaf}, when: v < 300 and d = 0, for: 3min}
  - {id: OUR-4, title: {zh: 静, en: Silent}, each: {places: ["b1-*"]}, severity: P3, inputs: {n: {faulty: air}}, when: n > 0, for: 1min}
  - {id: OUR-5, title: {zh: 巡, en: Round}, each: {devices: tour}, severity: P3, expect: {event: tour, within: 12min}}
  - {id: OUR-6, title: {zh: 记, en: Note}, each: {kind: classroom}, severity: INF, at: "08:40", inputs: {v: {max: air, over: 20min, valid: 20%}}, when: v > 700}
"""
STARTED, SPEED, TICKS, TICK_S = "2026-11-23T08:10:00+08:00", 120, 130, 0.2


def told(tick):
    """What the rooms say at @tick: 24 s of the school each."""
    rows = [("b1-201", "air", 1500 if 20 <= tick < 60 else 500),
            ("b1-201", "warmth", 35 if 30 <= tick < 36 or 50 <= tick < 90 else 21),
            ("b1-202", "warmth", 20), ("b1-202", "leaf", 0),
            ("b1-201", "leaf", 1 if 60 <= tick < 64 else 0)]
    rows += [(room, "glow", 200 if tick >= 48 else 400) for room in ("b1-201", "b1-202")]
    if not 45 <= tick < 70:
        rows.append(("b1-202", "air", 900))
    if tick in (5, 30):
        rows.append(("b1-201", "tour", 1))
    return rows


class Lived:
    """A daemon that lived through an hour of the school within half a minute."""

    def __init__(self, build, folder):
        self.servers = []
        self.broker = rig.Broker(folder, "school-broker", shipped=True).start()
        self.site = Site(build, folder, self.servers)
        self.site.write("metrics.yaml", METRICS)
        self.site.shipped("campus.yaml")
        self.site.write("devices.d/rooms.yaml", DEVICES.format(port=self.broker.port))
        self.site.write("rules.d/own.yaml", RULES)
        self.site.gateway_yaml(interval="100ms")
        self.own = self.site.config / "rules.d/own.yaml"
        self.database = folder / "campus.db"
        self.gateway = self.site.gateway(["--school-time", STARTED, "--school-speed", str(SPEED)])
        self.servers.append(self.broker)
        rig.wait_for("the bus is there", self.gateway.online)
        self.publish()

    def publish(self):
        client = mqtt_client("rooms")
        client.connect("127.0.0.1", self.broker.port)
        client.loop_start()
        for tick in range(TICKS):
            for place, metric, value in told(tick):
                client.publish(f"campus/{place}/{metric}", str(value), qos=1)
            time.sleep(TICK_S)
        client.loop_stop()
        client.disconnect()

    def rows(self, sql):
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True) as database:
            return database.execute(sql).fetchall()

    def copy(self, folder, database):
        """The same configuration with another database."""
        copy = folder / "config"
        shutil.copytree(self.site.config, copy)
        yaml = (copy / "gateway.yaml").read_text()
        (copy / "gateway.yaml").write_text(yaml.replace(str(self.database), str(database)))
        return copy

    def test_rule(self, file, *words, config=None):
        return subprocess.run(
            [self.site.build / "campusctl", "test-rule", file, "--config",
             config or self.site.config, *words],
            capture_output=True, text=True, timeout=120, check=False, stdin=subprocess.DEVNULL)

    def found(self, file, *words):
        done = self.test_rule(file, "--json", *words)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def rule(self, file, rule, *words):
        return next(row for row in self.found(file, *words)["rules"] if row["rule"] == rule)

    def stop(self):
        for server in self.servers:
            server.stop()


@pytest.fixture(scope="module")
def lived(build, tmp_path_factory):
    life = Lived(build, tmp_path_factory.mktemp("lived"))
    yield life
    life.stop()


LATE = "2026-11-23T08:58"  # all is told by then; the daemon lives on
STATES = ["normal", "unacknowledged", "acknowledged", "returned", "latched", "latched-acknowledged"]


def micros(text):
    return round(datetime.datetime.fromisoformat(text).timestamp() * 1e6)


def steps_of(found):
    return sorted(((rule["rule"], row["object"], row["from"], row["to"], row["cause"]),
                   micros(row["t"])) for rule in found["rules"]
                  for row in rule.get("transitions", ()))


def test_the_trial_of_the_rules_in_force_is_what_the_daemon_did(lived):
    found = lived.found(lived.own)
    to = micros(found["to"])
    live = sorted(((rule, thing, STATES[a], STATES[b], cause), at) for rule, thing, a, b, cause, at
                  in lived.rows("select rule, object, from_state, to_state, cause, time_us from "
                                "transitions where rule like 'OUR-%'") if at <= to)
    tried = steps_of(found)
    assert [step for step, _ in tried] == [step for step, _ in live]
    assert len({step[0] for step, _ in live}) == 5, "every rule has done something"
    # the log has whole milliseconds, as has what is printed
    assert all(abs(a[1] - b[1]) <= 2000 for a, b in zip(tried, live)), list(zip(tried, live))
    for rule in found["rules"]:
        compared = rule["compared"]
        assert compared["only_trial"] == compared["only_then"] == []
        assert compared["same"] == len(rule["alarms"]) == len(compared["then"]) > 0
    noted = next(rule for rule in found["rules"] if rule["rule"] == "OUR-6")
    facts = lived.rows("select object, time_us from facts where rule = 'OUR-6' order by object")
    assert [(row["object"], micros(row["t"])) for row in noted["facts"]] == facts
    assert len(facts) == 2


def test_what_is_read_is_told(lived):
    inputs = {(rule["rule"], row["input"]): row for rule in lived.found(lived.own)["rules"]
              for row in rule["inputs"]}
    stuffy = inputs["OUR-1", "v"]
    assert stuffy["points"] == 2 and stuffy["no_reading"] == []
    # two readings a tick but for the 25 of one room, which was silent for 7 of 52 minutes;
    # the first may come before the subscription
    assert 2 * (TICKS - 5) - 25 <= stuffy["readings"] <= 2 * TICKS - 25
    assert 0.05 < stuffy["bad"] < 0.2
    assert stuffy["step"] == inputs["OUR-4", "n"]["step"] == 0 and inputs["OUR-3", "v"]["step"] == 10


def test_another_threshold_is_compared_with_what_was(lived, tmp_path):
    other = tmp_path / "other.yaml"
    other.write_text("rules: [{id: OUR-1, parameters: {high: 850}}, {id: OUR-2, for: 10min}]\n")
    found = {rule["rule"]: rule for rule in lived.found(other)["rules"]}
    assert set(found) == {"OUR-1", "OUR-2"}, "and nothing of other rules"
    assert {row["object"] for row in found["OUR-1"]["alarms"]} == {"b1-201", "b1-202"}
    assert [row["object"] for row in found["OUR-1"]["compared"]["only_trial"]][-1] == "b1-202"
    assert len(found["OUR-2"]["alarms"]) == 1 and found["OUR-2"]["compared"]["same"] == 0
    shown = lived.test_rule(other)
    assert "only on trial:  b1-202  2026-11-23 08:" in shown.stdout, shown.stdout
    assert lived.own.read_text() == RULES


def test_a_new_rule_has_nothing_to_be_compared_with(lived, tmp_path):
    new = tmp_path / "new.yaml"
    new.write_text("""\
rules:
  - {id: NEW-1, title: {zh: 冷, en: Cold}, each: {kind: classroom}, severity: P4, inputs: {v: warmth}, when: v < 30, for: 1min}
  - {id: NEW-2, title: {zh: 吵, en: Loud}, each: {kind: classroom}, severity: P4, inputs: {v: hum}, when: v > 60}
""")
    cold, loud = lived.found(new)["rules"]
    assert cold["compared"] is None and {row["object"] for row in cold["alarms"]} == {
        "b1-201", "b1-202"}
    assert loud["alarms"] == [] and loud["inputs"][0]["no_reading"] == ["b1-201/hum"]
    assert loud["inputs"][0]["unheard"] == 1
    shown = lived.test_rule(new).stdout
    assert "no rule of this id was in force" in shown
    assert "no reading of b1-201/hum" in shown


def test_a_part_of_the_span_is_judged_as_the_whole(lived):
    """Windows, holds and silences of before are there: the run begins earlier than the list."""
    whole = steps_of(lived.found(lived.own, "--to", LATE))
    for clock in ("08:33", "08:36", "08:41", "08:47"):
        cut = micros(f"2026-11-23T{clock}:00+08:00")
        part = lived.found(lived.own, "--from", f"2026-11-23T{clock}", "--to", LATE)
        assert steps_of(part) == [row for row in whole if row[1] >= cut], clock
        for rule in part["rules"]:
            assert not rule["compared"]["only_trial"] and not rule["compared"]["only_then"], clock
    part = lived.found(lived.own, "--to", "2026-11-23 08:40")
    cut = micros("2026-11-23T08:40:00+08:00")
    assert steps_of(part) == [row for row in whole if row[1] <= cut]


@pytest.mark.parametrize("words, says", [
    (("--from", "yesterday"), "--from 'yesterday' is not a time (allowed: 2026-11-23, "),
    (("--to", "2026-02-30"), "--to '2026-02-30' is not a time"),
    (("--from", "2026-11-23T25:00"), "is not a time"),
    (("--from", "2026-11-24", "--to", "2026-11-23"), "--from 2026-11-24 is not before --to"),
    (("--from", "2026-11-24"), "nothing is stored of that span (allowed: 2026-11-23T08:1"),
    (("--to", "2026-11-23"), "nothing is stored of that span"),
    (("--replay", "/nowhere.jsonl"), "replay '/nowhere.jsonl': No such file"),
    (("--replay", "-"), "a trial reads the replay twice (allowed: --replay FILE)"),
])
def test_what_cannot_be_asked_is_refused(lived, words, says):
    done = lived.test_rule(lived.own, *words)
    assert done.returncode == 1 and says in done.stderr, done.stderr
    assert not done.stdout


@pytest.mark.parametrize("text, says", [
    ("rules:\n  - {id: OUR-1, when: w > 3}\n", "t.yaml:2:23: rules.OUR-1.when: 'w' is not known"),
    ("rules:\n  - {id: OUR-2, inputs: {v: warmht}}\n", "t.yaml:2:29: rules.OUR-2.inputs.v: unknown metric"),
    ("rules:\n  - {id: OUR-2, when: v = 30}\n", "t.yaml:2:25: rules.OUR-2.when: what is measured"),
    ("rules:\n  - {id: OUR-9, for: 3min}\n", "t.yaml:2:5: rules"),
    ("rules:\n  - {id: OUR-1, for: 1min}\n  - {id: OUR-1, for: 2min}\n", "t.yaml:3:5: rules.OUR-1: rule 'OUR-1' stands in"),
    ("rules: [{id: OUR-1, enabled: false}]\n", "t.yaml' has no rule that is enabled"),
    ("rules: []\n", "t.yaml' has no rule that is enabled"),
    ("rules: [\n", "t.yaml:2:1:"),
])
def test_a_faulty_rule_has_the_checks_message(lived, tmp_path, text, says):
    file = tmp_path / "t.yaml"
    file.write_text(text)
    done = lived.test_rule(file)
    assert done.returncode == 1 and says in done.stderr, done.stderr
    assert not done.stdout
    missing = lived.test_rule(tmp_path / "none.yaml")
    assert missing.returncode == 1 and "none.yaml:1:1: cannot be opened" in missing.stderr


def test_a_change_of_a_misspelt_id_names_the_near_one(lived, tmp_path):
    file = tmp_path / "t.yaml"
    file.write_text("rules: [{id: OUR1, parameters: {high: 850}}]\n")
    done = lived.test_rule(file)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"{file}:1:9: rules.OUR1: no rule has this id (did you mean 'OUR-1'?); a rule of your "
        "own needs 'when'",
        f"campus-gatewayd: configuration '{lived.site.config}' has 1 error"]


WARNED = ("rules: [{id: NEW-4, title: {zh: 暖, en: Warm}, each: {kind: clasroom}, severity: P4, "
          "inputs: {v: warmth}, when: v > 10, outputs: [sirene]}]\n")


def test_what_the_check_warns_of_is_told_too(lived, tmp_path):
    """And nothing of other files: the trial is about this one."""
    folder = lived.copy(tmp_path, lived.database)
    with (folder / "metrics.yaml").open("a") as metrics:
        metrics.write("  horn: {unit: '', title: {zh: 警号, en: Horn}, kind: state, "
                      "states: {quiet: 0, loud: 1}}\n")
    (folder / "devices.d/horn.yaml").write_text("""\
buses: [{name: relays, driver: modbus-tcp, host: 127.0.0.1, port: 1, timeout: 1s}]
devices:
  - {name: horn, bus: relays, unit: 1, place: b1-201, period: 1s,
     points: [{metric: horn, function: 1, address: 0, writable: true}]}
outputs: [{name: siren, points: [b1-201/horn]}]
""")
    file = tmp_path / "new.yaml"
    file.write_text(WARNED)
    tried = lived.test_rule(file, config=folder)
    shutil.copy(file, folder / "rules.d/new.yaml")
    checked = subprocess.run([lived.site.build / "campus-gatewayd", "--check", "--config", folder],
                             capture_output=True, text=True, timeout=60, check=False)
    warned = [line.replace(f"{folder}/rules.d/new.yaml", str(file)) for line in
              checked.stderr.splitlines() if f"{folder}/rules.d/new.yaml" in line]
    assert [line for line in warned if "did you mean 'classroom'?" in line]
    assert tried.returncode == 0 and tried.stderr.splitlines() == warned


UNKNOWN = """\
rules:
  - {id: NEW-5, title: {zh: 吵, en: Loud}, each: {places: [b1-201]}, severity: P4, inputs: {v: hum}, when: v > 60}
  - {id: NEW-6, title: {zh: 闷, en: Stuffy}, each: {kind: classroom}, severity: P4, inputs: {v: {mean: air, over: 10min, valid: 90%}}, when: v > 9000}
  - {id: NEW-7, title: {zh: 吵, en: Loud}, each: {places: [b1-201]}, severity: P4, at: "08:40", inputs: {v: hum}, when: v > 60}
  - {id: NEW-8, title: {zh: 热, en: Hot}, each: {kind: classroom}, severity: P4, during: evening_study, inputs: {v: warmth}, when: v > 60}
  - {id: NEW-9, title: {zh: 热, en: Hot}, each: {places: [b1-201]}, severity: P4, inputs: {v: warmth, n: hum}, when: v < 0 and n > 60}
"""


def test_what_could_not_be_judged_is_told(lived, tmp_path):
    """No alarm says nothing where nobody could know."""
    file = tmp_path / "new.yaml"
    file.write_text(UNKNOWN)
    judged = {(rule["rule"], row["object"]): row for rule in lived.found(file)["rules"]
              for row in rule["judged"]}
    silent = judged["NEW-5", "b1-201"]
    assert silent["by"] == "s" and silent["due"] == silent["unknown"] > 3000
    assert silent["inputs"] == [{"input": "v", "why": "unheard", "share": 1}]
    # b1-202 was silent for 10 min, 3 of them believed; then its window fills for 9 min anew
    thin = {gap["why"]: gap["share"] for gap in judged["NEW-6", "b1-202"]["inputs"]}
    assert set(thin) == {"bad", "thin", "unheard"} or set(thin) == {"bad", "thin"}
    assert 0.05 < thin["bad"] < 0.2 and 0.15 < thin["thin"] < 0.6
    assert abs(sum(thin.values()) - judged["NEW-6", "b1-202"]["share"]) < 1e-6
    assert judged["NEW-6", "b1-201"]["share"] < judged["NEW-6", "b1-202"]["share"]
    moment = judged["NEW-7", "b1-201"]
    assert (moment["by"], moment["due"], moment["unknown"]) == ("moments", 1, 1)
    assert judged["NEW-8", "b1-201"]["due"] == 0
    # warm enough decides, whatever the noise was
    assert judged["NEW-9", "b1-201"]["share"] < 0.2 < judged["NEW-5", "b1-201"]["share"]


@pytest.mark.parametrize("language, says", [
    ("C", ["  b1-201: could not be judged 100.0 % of the time: v not heard (100.0 %)\n",
           "  b1-201: could not be judged 1 of 1 times: v not heard (100.0 %)\n",
           "with too little of its window (", "  0 alarms on trial; no rule of this id was in",
           "  2 of 2 objects were never to be judged: none of the rule's phases or moments is"]),
    ("zh_CN.UTF-8", ["  b1-201：100.0 % 的时间无法判断：v 没有读数（100.0 %）\n",
                     "  b1-201：1 次里有 1 次无法判断：v 没有读数（100.0 %）\n",
                     "的时间窗里有效读数不够（", "  试验中报警 0 次；当时没有这个编号的规则\n",
                     "  有 2 个对象（共 2 个）从未轮到判断："]),
])
def test_it_is_told_in_both_languages(lived, tmp_path, monkeypatch, language, says):
    file = tmp_path / "new.yaml"
    file.write_text(UNKNOWN)
    monkeypatch.setenv("LC_ALL", language)
    shown = lived.test_rule(file).stdout
    assert all(text in shown for text in says), shown


def test_a_rule_without_objects_says_so(lived, tmp_path):
    file = tmp_path / "none.yaml"
    file.write_text("rules: [{id: NEW-3, title: {zh: 门, en: Gate}, each: {kind: gate}, severity: P4, "
                    "inputs: {v: glow}, when: v > 1}]\n")
    assert "is never judged: no object has all of its inputs" in lived.test_rule(file).stdout
    assert lived.rule(file, "NEW-3")["objects"] == 0


def test_only_summaries_of_a_point_are_told(lived, tmp_path):
    """The log has been thinned out: of this point the quarters are left."""
    folder = lived.copy(tmp_path, tmp_path / "campus.db")
    with contextlib.closing(sqlite3.connect(lived.database)) as whole:
        with contextlib.closing(sqlite3.connect(tmp_path / "campus.db")) as copy:
            whole.backup(copy)
    with sqlite3.connect(tmp_path / "campus.db") as database:
        database.execute("delete from readings where point = (select id from points where "
                         "name = 'b1-202/warmth')")
        database.execute("insert into summaries (object, start_us, period_us) select 'b1-202', "
                         "max(key) / 4096 * 1000 - 900000000, 900000000 from readings")
        database.execute("insert into summary_items (summary, metric, count) select max(number), "
                         "'warmth', 900 from summaries")
    done = lived.test_rule(lived.own, config=folder)
    assert "only summaries are left of b1-202/warmth" in done.stdout, done.stdout + done.stderr


def test_the_database_is_read_and_nothing_else(lived):
    """Also while nobody runs, as a support case is looked at."""
    def bytes_of():  # a reader leaves an empty log and its index behind
        return {path.name: (path.stat().st_uid, hashlib.sha256(path.read_bytes()).hexdigest())
                for path in lived.database.parent.glob("campus.db*")
                if path.stat().st_size > 0 and not path.name.endswith("-shm")}
    running = steps_of(lived.found(lived.own, "--to", LATE))
    assert lived.gateway.stop() == 0, "the daemon did not mind"
    before = bytes_of()
    assert steps_of(lived.found(lived.own, "--to", LATE)) == running
    assert bytes_of() == before


def test_nothing_stored_is_said(lived, tmp_path):
    folder = lived.copy(tmp_path, tmp_path / "no.db")
    done = lived.test_rule(lived.own, config=folder)
    assert done.returncode == 1 and "no.db" in done.stderr, done.stderr
    assert not (tmp_path / "no.db").exists()


DAY = ROOT / "tests/replay/day.jsonl"


def on_the_day(build, file, *words):
    done = subprocess.run([build / "campusctl", "test-rule", file, "--config",
                           ROOT / "tests/replay/campus", "--replay", DAY, "--json", *words],
                          capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_trial_over_a_replay_is_what_the_replay_prints(build):
    found = on_the_day(build, ROOT / "etc/rules/eye-health.yaml")
    printed = [json.loads(line) for line in DAY.with_suffix(".expected").read_text().splitlines()
               if line.startswith("{")]
    light = next(rule for rule in found["rules"] if rule["rule"] == "EY-01")
    assert [(row["t"], row["from"], row["to"]) for row in light["transitions"]] == [
        (row["t"], row["from"], row["to"]) for row in printed if row.get("rule") == "EY-01"]
    assert light["compared"]["same"] == 2 and found["refused"] == 0


def test_a_replay_acts_on_alarms_that_the_trial_has_not(build, tmp_path):
    other = tmp_path / "other.yaml"
    other.write_text("rules: [{id: EY-01, parameters: {low: 280}}]\n")
    found = on_the_day(build, other)
    light = found["rules"][0]
    assert found["refused"] == 1 and len(light["alarms"]) == 1
    assert [row["from"][11:16] for row in light["compared"]["only_then"]] == ["08:40"]
    later = on_the_day(build, other, "--from", "2026-11-23T09:00")
    assert later["rules"][0]["compared"]["only_then"] == []


OWN_SIZE = """\
rules:
  - {id: OUR-1, title: t, each: {kind: classroom}, inputs: {people: occupancy, light: desk_lux}, when: people > 0 or light > 0,
     severity: P4}
"""


@pytest.mark.parametrize("words", [("--from", "2026-11-23T09:00", "--to", "2026-11-23T10:00"), ("--to", "2026-11-23T08:20"),
                                   ("--from", "2026-11-23T08:20", "--to", "2026-11-23T09:00")])
def test_shares_are_of_the_span_that_is_asked_for(build, tmp_path, words):
    own = tmp_path / "own.yaml"
    own.write_text(OWN_SIZE)
    rule, = on_the_day(build, own, *words)["rules"]
    for row in rule["inputs"]:
        shares = [row["bad"], row["uncertain"], row["unheard"]]
        assert all(0 <= share <= 1 for share in shares) and sum(shares) <= 1.000001, row
    whole, = on_the_day(build, own)["rules"]
    assert all(part["readings"] <= all_["readings"] for part, all_ in zip(rule["inputs"], whole["inputs"]))
    text = subprocess.run([build / "campus-gatewayd", "--test-rule", own, "--config", ROOT / "tests/replay/campus",
                           "--replay", DAY, *words], capture_output=True, text=True, check=True, env={"LC_ALL": "C.UTF-8"}).stdout
    before = [row for row in rule["alarms"] if "--from" in words and row["from"][:16] < words[1]]
    assert text.count("raised before:") == len(before), text


@pytest.mark.parametrize("words, says", [
    (("--from", "2026-11-23"), "need --test-rule"), (("--json",), "need --test-rule")])
def test_options_of_a_trial_stand_with_it(build, words, says):
    done = subprocess.run([build / "campus-gatewayd", "--config", ROOT / "etc", *words],
                          capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1 and says in done.stderr


def test_campusctl_knows_the_command(build):
    done = subprocess.run([build / "campusctl", "--help"], capture_output=True, text=True, check=True)
    assert "test-rule FILE" in done.stdout and "--replay FILE" in done.stdout
    other = subprocess.run([build / "campusctl", "status", "--from", "2026-11-23"],
                           capture_output=True, text=True, check=False)
    assert other.returncode == 2 and "--from does not belong to status" in other.stderr
