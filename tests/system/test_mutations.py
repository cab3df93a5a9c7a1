"""Nothing that a school may set is left out: each figure of a rule and each option of a plugin is
changed by a test, a figure both ways, and the tests of the tables see to it that it is noticed."""
from functools import cache

import pytest
import yaml

import inventory
import test_afternoon
import test_counters
import test_defense_options
import test_eye_health
import test_eye_options
import test_lessons
import test_outdoors
import test_replay_defense
import test_replay_gateway
import test_replay_mutations
import test_school
from conftest import ROOT

RULE_TABLES = [test_replay_mutations.MUTATIONS, test_afternoon.RULES, test_eye_health.RULES, test_lessons.RULES,
               test_outdoors.MUTATIONS, test_replay_defense.MUTATIONS, test_replay_gateway.MUTATIONS,
               test_school.RULES]
OPTION_TABLES = [test_afternoon.OPTIONS, test_counters.OPTIONS, test_defense_options.OPTIONS,
                 test_eye_options.OPTIONS, test_lessons.OPTIONS]
# Where an option without a default is stated.
CAMPUSES = {"occupancy": test_counters.CAMPUS, "three_defense": test_defense_options.CAMPUS,
            "eye_health": test_eye_options.CAMPUS}

# What no table of a replay can see, or what is no threshold: (owner, path) or with the way, and why.
UNSEEN = {
    ("SY-01-bus", "inputs.away.valid", -1): "none is the least",
    ("SY-01-bus", "inputs.turns.valid", -1): "the same",
    ("occupancy", "service_empty", -1): "service_return is longer: who is away for less comes back",
    ("three_defense", "areas.id", 0): "a name",
    ("three_defense", "areas.title", 0): "for people",
    ("three_defense", "posts.place", 0): "a name",
    ("three_defense", "tours.id", 0): "a name",
    ("three_defense", "tours.title", 0): "for people",
    ("three_defense", "tours.place", 0): "a name",
    ("eye_health", "calibrations.point", 0): "a name",
    ("eye_health", "calibrations.method", 0): "for people",
    ("eye_health", "calibrations.reference", -1): "what a meter showed: for people",
    ("eye_health", "calibrations.reference", 1): "the same",
    ("eye_health", "co2_sensors.device", 0): "a name",
    ("eye_health", "screens.place", 0): "a name",
}
# Without a default, and stated by a story alone.
STATED = {("eye_health", "screens.standby"): 5, ("eye_health", "screens.on"): 40}


def way_of(before, after):
    """-1 where it becomes smaller, 1 where larger."""
    change = inventory.size_of(after) - inventory.size_of(before)
    return (change > 0) - (change < 0)


@cache
def changes_of_rules():
    return [change for table in RULE_TABLES for mutation in table for change in inventory.changes_of(mutation)]


@cache
def changes_of_options():
    return [(option.plugin, option.path, option.after) for table in OPTION_TABLES for option in table]


def unchanged(setting, changes):
    """The ways in which nobody changes @setting though a table could see it."""
    known = {unseen[2] for unseen in UNSEEN if unseen[:2] == setting[:2]}
    afters = [after for owner, path, after in changes if (owner, path) == setting[:2] and after is not None]
    if not setting.figure:
        return {0} - known - ({0} if afters or (setting.owner, setting.path, None) in changes else set())
    return {-1, 1} - known - {way_of(setting.value, after) for after in afters}


PACK = inventory.settings_of_pack()


@pytest.mark.parametrize("setting", PACK, ids=lambda s: f"{s.owner} {s.path}")
def test_what_a_rule_says_is_changed_both_ways(setting):
    assert unchanged(setting, changes_of_rules()) == set()


def settings_of(build, plugin):
    tree = yaml.safe_load((CAMPUSES[plugin] / "gateway.yaml").read_text())["plugins"][plugin]
    for setting in inventory.settings_of_plugin(build, plugin):
        stated = STATED.get(setting[:2], inventory.stated(tree, setting.path))
        yield setting._replace(value=setting.value or stated)


def gaps(settings, changes):
    found = {f"{setting.owner} {setting.path}": unchanged(setting, changes) for setting in settings}
    return {name: ways for name, ways in found.items() if ways}


@pytest.mark.parametrize("plugin", CAMPUSES)
def test_what_a_plugin_is_told_is_changed_both_ways(build, plugin):
    assert gaps(settings_of(build, plugin), changes_of_options()) == {}


def test_every_plugin_is_looked_at(build):
    assert set(inventory.plugins_of(build)) == set(CAMPUSES)


def test_there_is_much_to_set(build):
    assert len(PACK) > 150
    assert {plugin: len(list(settings_of(build, plugin))) > 25 for plugin in CAMPUSES} == dict.fromkeys(CAMPUSES, True)


def test_what_is_left_out_is_there_and_is_not_changed_all_the_same(build):
    """So that nothing stays in the list that has gone, or that a table has come to see."""
    settings = [*PACK, *(setting for plugin in CAMPUSES for setting in settings_of(build, plugin))]
    there = {setting[:2] for setting in settings}
    changed = {(owner, path, way) for setting in settings
               for owner, path, after in [*changes_of_rules(), *changes_of_options()]
               if (owner, path) == setting[:2]
               for way in [way_of(setting.value, after) if setting.figure and after is not None else 0]}
    assert {unseen[:2] for unseen in UNSEEN} <= there
    assert set(UNSEEN) & changed == set()


# A planted setting that no test names must be seen.

PLANTED = """rules:
  - id: TF-12
    each: {devices: tamper}
    inputs: {tampered: tamper, level: {mean: battery, over: 5min, valid: 80%}}
    parameters: {most: 3}
    when: tampered and level > most + 7
    for: 2s
    at: school_day 18:30
    during: lesson
    retries: 4
    severity: {default: P2, P1: {during: [lesson]}}
"""


def test_a_planted_setting_of_a_rule_is_missed(tmp_path):
    path = tmp_path / "planted.yaml"
    path.write_text(PLANTED)
    assert gaps(inventory.settings_of_pack([path]), changes_of_rules()) == {
        "TF-12 inputs.level.over": {-1, 1}, "TF-12 inputs.level.valid": {-1, 1}, "TF-12 parameters.most": {-1, 1},
        "TF-12 when: 7": {0}, "TF-12 for": {-1, 1}, "TF-12 at": {-1, 1}, "TF-12 during": {0},
        "TF-12 retries": {-1, 1}, "TF-12 severity.P1": {0}}


def plant(build, folder):
    """A daemon whose plugin has two options more."""
    lines = ("    # a planted figure (duration, 1s..1h)", "    #planted_for: 10min",
             "    # a planted word (true or false)", "    #planted: false")
    daemon = folder / "campus-gatewayd"
    more = "".join(f"\\n{line}" for line in lines)
    daemon.write_text(f'#!/bin/sh\n"{build}/campus-gatewayd" "$@" | sed "s/^  occupancy:$/&{more}/"\n')
    daemon.chmod(0o755)


def test_a_planted_option_is_missed(build, tmp_path):
    plant(build, tmp_path)
    assert gaps(settings_of(tmp_path, "occupancy"), changes_of_options()) == {
        "occupancy planted_for": {-1, 1}, "occupancy planted": {0}}
