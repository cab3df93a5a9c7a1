"""A class without a sensor and a rule on a point that nobody feeds: told at the check, and
neither raises anything."""
import re
import subprocess

import pytest

from test_lessons import CAMPUS, DAYS, P2, copy_of, run, told

OWN = """\
rules:
  - {id: OWN-01, title: own, each: {kind: classroom}, inputs: {air: co2}, when: air > 0, severity: P1}
  - {id: OWN-02, title: own, each: {kind: classroom}, inputs: {air: {mean: co2, over: 10min}},
     when: air < 1, at: "09:30", severity: P1}
  - {id: OWN-03, title: own, each: {kind: classroom}, severity: P1, expect: {event: button, within: 1h}}
"""


@pytest.fixture
def campus(tmp_path):
    """Nothing counts the people of b1-102, and three rules of the school's own ask for what no room has."""
    folder = tmp_path / "campus"
    copy_of(CAMPUS, folder)
    doors = folder / "devices.d/doors.yaml"
    text = doors.read_text()
    start = text.index("  - {name: door-b1-102")
    doors.unlink()
    doors.write_text(text[:start] + text[text.index("  - {name: door-b2-101"):])
    (folder / "rules.d").mkdir(exist_ok=True)
    (folder / "rules.d/own.yaml").write_text(OWN)
    return folder


def test_the_check_names_the_rules(build, campus):
    done = subprocess.run([build / "campus-gatewayd", "--config", campus, "--check"],
                          capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    [warning] = [row for row in said.splitlines() if "OWN-0" in row]
    assert "own.yaml:2:" in warning and "never judged" in warning, warning
    for number, line in ((1, 2), (2, 3), (3, 5)):
        assert re.search(fr"OWN-0{number} \(\S*own.yaml:{line}\)", warning), warning


@pytest.mark.parametrize("name", ["an ordinary day", "49 pupils on three days", "five of 45 are missing",
                                  "three of 20 are missing", "ten of 20 sit there at eight on three days"])
def test_the_others_are_judged_and_it_is_not(build, tmp_path, campus, name):
    lines, rows = DAYS[name]
    counted = [line for line in lines if not line.get("point", "").startswith("b1-102/")]
    found = told(run(build, campus, counted, tmp_path / "lines.jsonl"))
    assert found == [row for row in rows if row[2] != P2]
