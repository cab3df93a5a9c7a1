"""No figure of a rule is left out: each one in the pack is changed by a test, both ways,
and the tests of the tables see to it that each change is noticed."""
import re
from functools import cache

import pytest
import yaml

import test_afternoon
import test_eye_health
import test_lessons
import test_outdoors
import test_replay_defense
import test_replay_gateway
import test_replay_mutations
import test_school
from conftest import ROOT

TABLES = [test_replay_mutations.MUTATIONS, test_afternoon.RULES, test_eye_health.RULES, test_lessons.RULES,
          test_outdoors.MUTATIONS,
          test_replay_defense.MUTATIONS, test_replay_gateway.MUTATIONS, test_school.RULES]
CHANGED = {(m.rule, m.before, m.after) for table in TABLES for m in table}
UNITS = {"ms": 0.001, "s": 1, "min": 60, "h": 3600, "d": 86400, "%": 0.01, "": 1}


def size_of(word):
    """300, 5min, 80%, "3 of 5" as a number."""
    number, unit = re.match(r"([\d.]+)(ms|s|min|h|d|%|)", str(word)).groups()
    return float(number) * UNITS[unit]


def figures_of(rule):
    """(key, value) of all that a school may set in @rule."""
    yield from rule.get("parameters", {}).items()
    for key in ("for", "clear_for", "days", "clear_days"):
        if key in rule:
            yield key, rule[key]
    for window in rule["inputs"].values():
        if isinstance(window, dict) and window.get("over", "phase") != "phase":
            yield "over", window["over"]


FIGURES = [(rule["id"], key, value) for path in sorted((ROOT / "etc/rules").glob("*.yaml"))
           for rule in yaml.safe_load(path.read_text()).get("rules", [])
           for key, value in figures_of(rule)]


# No table of a replay can see these.
UNSEEN = {
    ("AT-02", "least", -1): "of the limits 45 and 50 the share makes 3",
    ("CS-02", "least", -1): "the same",
    ("SY-03", "for", -1): "a real full disk, test_disk_fault.py",
    ("SY-03", "for", 1): "the same",
    ("SY-03", "clear_for", -1): "the same",
    ("SY-03", "clear_for", 1): "the same",
}


@cache
def directions(rule, key, value):
    """-1 where a test makes it smaller, 1 where larger."""
    result = set()
    for other, before, after in CHANGED:
        if other == rule and before.strip(",") == f"{key}: {value}":
            change = size_of(after.partition(": ")[2]) - size_of(value)
            result.add((change > 0) - (change < 0))
    return result


@pytest.mark.parametrize("rule, key, value", FIGURES)
def test_a_figure_is_changed_both_ways(rule, key, value):
    unseen = {way for way in (-1, 1) if (rule, key, way) in UNSEEN}
    assert directions(rule, key, str(value)) | unseen == {-1, 1}


def test_the_pack_has_figures():
    assert len(FIGURES) > 80
