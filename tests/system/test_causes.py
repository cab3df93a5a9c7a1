"""A broken file is told where it is broken, and accuses no good one."""
import os
import re
import shutil
import subprocess

import pytest

from conftest import ROOT


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "etc"
    shutil.copytree(ROOT / "etc", folder)
    shutil.copy(ROOT / "etc/timetable.example.csv", folder / "timetable.csv")
    edit(folder / "campus.yaml", "\ncalendar:\n", "\ncalendar:\n  terms: [2026-09-01..2027-01-22]\n")
    edit(folder / "timetable.csv", "数学", "数学/语文")  # odd and even weeks, which the terms count
    return folder


def errors(build, folder):
    """What --check says is wrong, without its warnings and its last line."""
    done = subprocess.run([build / "campus-gatewayd", "--config", folder, "--check"], capture_output=True,
                          text=True, check=False, env={**os.environ, "LC_ALL": "C.UTF-8"})
    said = (done.stdout + done.stderr).replace(f"{folder}/", "").splitlines()
    assert done.returncode == (1 if "error" in said[-1] and ": 0 error" not in said[-1] else 0)
    return [line for line in said[:-1] if re.match(r"\S+:\d+:\d+: (?!warning: )", line)]


def test_the_school_as_it_is_has_no_error(build, folder):
    assert errors(build, folder) == []


def test_an_unreadable_gateway_file_misses_no_section(build, folder):
    path = folder / "gateway.yaml"
    path.write_text("store：{path: campus.db}\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    said = errors(build, folder)
    assert len(said) == 1, said
    assert re.match(r"gateway\.yaml:\d+:\d+: .*full-width '：'", said[0]), said


def test_a_gateway_file_without_a_section_is_still_told(build, folder):
    (folder / "gateway.yaml").write_text("# nothing yet\n")
    said = errors(build, folder)
    assert said == ["gateway.yaml:1:1: gateway: the section is missing (see --print-options)"]


def test_a_missing_campus_accuses_no_timetable(build, folder):
    (folder / "campus.yaml").unlink()
    said = errors(build, folder)
    assert len(said) == 1 and said[0].startswith("campus.yaml:1:1: "), said


def test_a_bad_byte_in_the_campus_accuses_no_timetable(build, folder):
    path = folder / "campus.yaml"
    path.write_bytes(path.read_bytes() + b"\nx: \xff\n")
    said = errors(build, folder)
    assert len(said) == 1 and "(allowed: a file saved as UTF-8; " in said[0], said


@pytest.mark.parametrize("right, wrong, fault", [
    ("calendar:\n", "calender:\n", "calender: unknown key (did you mean 'calendar'?)"),
    ("calendar:\n  terms:", "calendar:\n  term:", "calendar.term: unknown key (did you mean 'terms'?)"),
    ("subjects:\n", "subject:\n", "subject: unknown key (did you mean 'subjects'?)"),
    ("bells:\n", "bels:\n", "bels: unknown key (did you mean 'bells'?)"),
])
def test_a_misspelt_section_of_the_campus_is_the_only_fault(build, folder, right, wrong, fault):
    edit(folder / "campus.yaml", f"\n{right}", f"\n{wrong}")
    said = errors(build, folder)
    assert len(said) == 1 and said[0].startswith("campus.yaml:") and said[0].endswith(fault), said


AREAS = """\
buses:
  - {name: guard, driver: mqtt, broker: "mqtt://127.0.0.1:1"}
devices:
  - {name: panic-gate, bus: guard, template: panic-mqtt, topic: guard/panic, place: gate-south, supervision: 1h}
  - {name: lab-window, bus: guard, topic: guard/window, place: canteen, supervision: 1h, points: [{metric: window, path: [state, "."], states: {closed: 0, open: 1}}]}
  - {name: fence-east, bus: guard, topic: guard/fence, place: canteen, supervision: 1h, points: [{metric: perimeter, path: [state, "."], states: {closed: 0, open: 1}}]}
"""
GOOD_AREA = "{id: labs, title: 实验室, zones: [lab-window, fence-*], interior: [lab-window], away: [closed, holiday]}"


def section_errors(build, folder, section, devices):
    """The errors of three_defense's @section, with the text that stands at each one's place."""
    path = folder / "gateway.yaml"
    edit(path, "\nplugins:\n", f"\nplugins:\n  three_defense:\n    {section}\n")
    for example in folder.glob("devices.d/*.yaml"):
        example.unlink()
    (folder / "devices.d/guard.yaml").write_text(devices, encoding="utf-8")
    told = []
    for line in errors(build, folder):
        _, row, column, rest = line.split(":", 3)
        told.append((re.split(r"[],}]", path.read_text(encoding="utf-8").splitlines()[int(row) - 1][int(column) - 1:])[0],
                     rest.strip()))
    return told


def areas(build, folder, entry):
    return section_errors(build, folder, f"areas: [{entry}]", AREAS)


NEVER = " is never disarmed and no zone of an area (panic, fire, gas, tamper and mains are watched at all times: GB 50394 5.2.3)"
TELLS = " tells of a door, window, movement or perimeter"


def test_an_area_that_is_right_has_no_error(build, folder):
    assert areas(build, folder, GOOD_AREA) == []


@pytest.mark.parametrize("right, wrong, key, fault", [
    ("zones: [lab-window, ", "zones: [lab-widnow, lab-window, ", "zones", f"no device 'lab-widnow'{TELLS} (did you mean 'lab-window'?)"),
    ("fence-*", "gym-*", "zones", f"no device 'gym-*'{TELLS} (allowed: fence-east, lab-window)"),
    ("zones: [", "zones: [panic-gate, ", "zones", f"'panic-gate'{NEVER}"),
    ("interior: [lab-window]", "interior: [lab-windows]", "interior", "area 'labs' has no zone 'lab-windows' (did you mean 'lab-window'?)"),
    ("interior: [lab-window]", "delayed: [fence-*]", "delayed", "'fence-east' is a perimeter, which has no delay"),
    ("holiday]", "holliday]", "away", "there is no phase 'holliday' (did you mean 'holiday'?)"),
])
def test_a_slip_in_an_area_is_told_where_it_stands(build, folder, right, wrong, key, fault):
    assert right in GOOD_AREA
    (at, said), = areas(build, folder, GOOD_AREA.replace(right, wrong))
    assert said == f"plugins.three_defense.areas.{key}: {fault}"
    assert at in fault or at == "fence-*"


def test_all_slips_of_an_area_are_told_at_once(build, folder):
    told = areas(build, folder, "{id: labs, zones: [lab-widnow, fence], away: [night], stay: [evening]}")
    assert [at for at, _ in told] == ["lab-widnow", "fence", "night", "evening"]


GUARDED = """\
buses:
  - {name: guard, driver: mqtt, broker: "mqtt://127.0.0.1:1"}
devices:
  - {name: guard-south, bus: guard, topic: guard/south, place: gate-south, supervision: 1h, points: [{metric: guard_present, path: [state, "."], states: {absent: 0, present: 1}}]}
  - {name: point-canteen, bus: guard, topic: guard/canteen, place: canteen, supervision: 1h, points: [{metric: checkpoint, path: [n, "."]}]}
"""
GOOD_POST = "posts: [{place: gate-south, gates: [gate-south]}]"
GOOD_TOUR = "tours: [{id: night, place: gate-south, checkpoints: [canteen]}]"


def guarded(build, folder, entry):
    """The errors of posts or tours, as areas()."""
    return section_errors(build, folder, entry, GUARDED)


@pytest.mark.parametrize("entry", [GOOD_POST, GOOD_TOUR])
def test_a_post_or_tour_that_is_right_has_no_error(build, folder, entry):
    assert guarded(build, folder, entry) == []


@pytest.mark.parametrize("good, right, wrong, at, fault", [
    (GOOD_POST, "{place: gate-south", "{place: gate-sout", "gate-sout",
     "posts.place: there is no place 'gate-sout' (did you mean 'gate-south'?)"),
    (GOOD_POST, "gates: [gate-south", "gates: [gate-sout", "gate-sout",
     "posts.gates: there is no place 'gate-sout' (did you mean 'gate-south'?)"),
    (GOOD_POST, "{place: gate-south", "{place: canteen", "canteen",
     "posts.place: nothing at 'canteen' tells of a guard (wanted: a point guard_present, presence or button there)"),
    (GOOD_POST, "gates:", "needs_key: true, gates:", "gate-south",
     "posts.place: needs_key, and no button is at 'gate-south' (wanted: a point button there)"),
    (GOOD_TOUR, "place: gate-south", "place: gate-sout", "gate-sout",
     "tours.place: there is no place 'gate-sout' (did you mean 'gate-south'?)"),
    (GOOD_TOUR, "[canteen]", "[canteeen, canteen]", "canteeen",
     "tours.checkpoints: 'canteeen/checkpoint' is fed by no device (did you mean 'canteen'?)"),
])
def test_a_slip_in_a_post_or_tour_is_told_where_it_stands(build, folder, good, right, wrong, at, fault):
    assert right in good
    assert guarded(build, folder, good.replace(right, wrong)) == [(at, f"plugins.three_defense.{fault}")]


@pytest.mark.parametrize("right, wrong, at, fault", [
    ("inputs:", "input:", "4:5", "input: unknown key (did you mean 'inputs'?)"),
    ("when:", "whn:", "5:5", "whn: unknown key (did you mean 'when'?)"),
    ("inputs:", "", "2:5", "'inputs' is missing (allowed: NAME: METRIC; or expect)"),
    ("severity:", "", "2:5", "'severity' is missing (allowed: P1 (the most urgent) to P4, INF (a fact and no alarm), "
                             "or steps: {default: P3, P2: offline > 4, P1: {during: [recess]}})"),
    ("low: 300", "low: 300, lows: 1", "6:17", "parameters: parameter 'lows' is never used in when or clear (did you mean 'low'?)"),
])
def test_a_misspelt_key_of_a_rule_is_the_only_fault(build, folder, right, wrong, at, fault):
    rule = ("rules:\n  - id: MY-01\n    title: 教室太暗\n    inputs: {lux: desk_lux}\n    when: lux < low\n"
            "    parameters: {low: 300}\n    each: {kind: classroom}\n    severity: P4\n")
    assert right in rule
    text = rule.replace(right, wrong) if wrong else "".join(
        line for line in rule.splitlines(keepends=True) if right not in line)
    (folder / "rules.d").mkdir(exist_ok=True)
    (folder / "rules.d/own.yaml").write_text(text, encoding="utf-8")
    (said,) = errors(build, folder)
    assert said.startswith(f"rules.d/own.yaml:{at}: rules.MY-01") and said.endswith(fault)
