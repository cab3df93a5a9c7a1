"""A school of two stages has two sorts of bells: whose a place follows that is no class's home, when an
area is armed, and what the office is told."""
import json
import os
import shutil
import subprocess

import pytest

from conftest import ROOT
from test_replay import replay, transitions

DAY = "2026-11-25"  # a Wednesday
LAB = """buses: [{name: doors, driver: mqtt, broker: "mqtt://127.0.0.1"}]
devices:
  - {name: lab-motion, bus: doors, topic: lab, place: lab-j, supervision: 24h, points: [{metric: motion, path: v}]}
"""
AREAS = "  three_defense: {areas: [{id: labs, title: 实验室, zones: [lab-motion]}]}\n"


@pytest.fixture
def school(tmp_path):
    """The shipped school of nine years, a laboratory of the juniors watched."""
    folder = tmp_path / "etc"
    shutil.copytree(ROOT / "etc", folder)
    for path in (ROOT / "etc/nine-year").iterdir():
        shutil.copy(path, folder / path.name)
    for path in folder.glob("devices.d/*"):
        path.unlink()
    (folder / "devices.d/lab.yaml").write_text(LAB)
    gateway = folder / "gateway.yaml"
    text = gateway.read_text()
    assert "\nplugins:\n" in text
    gateway.write_text(text.replace("\nplugins:\n", "\nplugins:\n" + AREAS))
    return folder


def check(build, folder, language="C.UTF-8"):
    done = subprocess.run([build / "campus-gatewayd", "--config", folder, "--check"], capture_output=True, text=True,
                          check=False, env={**os.environ, "LC_ALL": language})
    return done.stdout + done.stderr


def intrusions(build, folder, tmp_path, clock):
    lines = [{"t": f"{DAY}T04:00:00+08:00", "point": "lab-j/motion", "v": 0},
             {"t": f"{DAY}T{clock}+08:00", "point": "lab-j/motion", "v": 1},
             {"t": f"{DAY}T{clock[:-2]}20+08:00", "point": "lab-j/motion", "v": 0},
             {"t": f"{DAY}T23:00:00+08:00", "do": "end"}]
    path = tmp_path / "lines.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    done = replay(build, folder, path)
    assert done.returncode == 0, done.stderr
    return [row[0][11:19] for row in transitions(done.stdout) if row[1] == "TF-03-area" and row[4] == "unacknowledged"]


@pytest.mark.parametrize("clock, is_armed", [
    ("05:00:00", True), ("08:05:00", False), ("15:50:00", False), ("17:50:00", False), ("19:30:00", True)])
def test_an_area_is_armed_when_the_last_stage_has_gone(build, school, tmp_path, clock, is_armed):
    """At 08:05 and 17:50 the juniors alone are there: by the bells of the primary stage it is closed."""
    assert intrusions(build, school, tmp_path, clock) == ([clock] if is_armed else [])


def with_stage(folder, room, stage):
    """rooms.csv with a column more."""
    path = folder / "rooms.csv"
    head, *rows = path.read_text(encoding="utf-8").splitlines()
    rows = [row + ("," + stage if row.startswith(room + ",") else ",") for row in rows]
    path.write_text("\n".join([head + ",学段", *rows]) + "\n", encoding="utf-8")


@pytest.mark.parametrize("stage, said", [
    ("初中", None),
    ("大学", "rooms.csv:30:27: rooms.G30: '大学' is no stage (allowed: 小学, 初中, 高中; primary, junior, senior)"),
    ("高中", "rooms.csv:30:27: places.lab-j: stage 'senior' has no bells (allowed: a stage with bells.senior)")])
def test_rooms_csv_says_whose_bells_a_room_follows(build, school, stage, said):
    with_stage(school, "lab-j", stage)
    text = check(build, school)
    assert ": no errors, " in text if said is None else said in text, text


def test_the_check_says_whose_bells_the_others_follow(build, school):
    said = check(build, school)
    assert ("note: places without a class follow the bells of primary (school.stage of gateway.yaml; stage at a place, "
            "学段 in rooms.csv)") in said
    assert "说明：没有班级的场所按小学的作息（gateway.yaml 的 school.stage；场所可写 stage，rooms.csv 可加“学段”一列）" in check(
        build, school, "zh_CN.UTF-8")
