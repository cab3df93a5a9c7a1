"""Slips in what a school says of itself in campus.yaml: kinds of places, bells, rules that ask for them."""
import pytest

from conftest import ROOT
from test_check_slips import check, judged, rules

CAMPUS = (ROOT / "etc/campus.yaml").read_text(encoding="utf-8")
GROUND = "{id: sports-ground, kind: sports_ground,"
FIRST = '{phase: lesson, start: "08:20", end: "09:00"}'
assert GROUND in CAMPUS and FIRST in CAMPUS


def said_of(build, tmp_path, text, language="C.UTF-8"):
    code, said = check(build, tmp_path, {"campus.yaml": text}, language)
    return code, judged(said, ("campus.yaml",))


@pytest.mark.parametrize("word", ["sports_ground", "操场", "运动场", "Sports ground", "sports-ground", "球 场"])
def test_a_kind_may_be_what_people_call_it(build, tmp_path, word):
    code, said = said_of(build, tmp_path, CAMPUS.replace(GROUND, GROUND.replace("sports_ground", word)))
    if word == "sports-ground":  # an id: a kind of the school's own, or a slip
        assert said == ["campus.yaml:34:31: warning: places.sports-ground: kind 'sports-ground' is not one that the rules "
                        "know (did you mean 'sports_ground'?)"]
    else:
        assert (code, said) == (0, [])


@pytest.mark.parametrize("word, is_there", [("操场", True), ("礼堂", False)])
def test_rules_find_what_people_call_it(build, tmp_path, word, is_there):
    own = "{id: OUR-1, title: t, each: {kind: sports_ground}, inputs: {p: panic}, when: p > 0, severity: P4}"
    campus = CAMPUS.replace(GROUND, GROUND.replace("sports_ground", word))
    _, said = check(build, tmp_path, {**rules(own), "campus.yaml": campus})
    line, = judged(said, ("rules.d/own.yaml",))
    assert ("no object has all of its inputs" if is_there else "'each' names nothing that this school has") in line


@pytest.mark.parametrize("word, said", [
    ("食唐", "'食唐' is no kind of place (did you mean '食堂'?)"),
    ("操坪", "'操坪' is no kind of place (allowed: 普通教室, 专用教室, 办公室, 走廊,"),
])
def test_a_word_that_is_no_kind_is_told_with_those_that_are(build, tmp_path, word, said):
    code, lines = said_of(build, tmp_path, CAMPUS.replace(GROUND, GROUND.replace("sports_ground", word)))
    assert code == 1 and len(lines) == 1 and lines[0].startswith(f"campus.yaml:34:31: places.sports-ground: {said}")


SUMMER = """\
seasons:
  - id: summer
    dates: 05-01..09-30
    bells:
      primary:
        - {phase: recess, start: "07:30", end: "08:10"}
        - {phase: lesson, start: "08:10", end: "08:50"}
        - {phase: lesson, start: "09:05", end: "09:45"}
calendar:
"""
EARLY = "the first lesson is before first_lesson of the stage, 08:20 (wanted: not earlier)"


def test_a_first_lesson_that_is_too_early_is_told(build, tmp_path):
    code, said = said_of(build, tmp_path, CAMPUS.replace(FIRST, FIRST.replace("08:20", "08:19")))
    assert (code, said) == (0, [f"campus.yaml:71:30: warning: bells.primary: {EARLY}"])
    code, said = said_of(build, tmp_path / "season", CAMPUS.replace("calendar:\n", SUMMER))
    assert code == 0 and said == [f"campus.yaml:99:34: warning: seasons.summer.bells.primary: {EARLY}"]
    code, said = said_of(build, tmp_path / "free", CAMPUS.replace('first_lesson: "08:20", ', "").replace(
        FIRST, FIRST.replace("08:20", "07:00")))
    assert (code, said) == (0, [])


OWN = "{{id: OUR-1, title: t, each: {{places: ['*']}}, inputs: {{p: panic}}, when: p > 0, during: [{}], severity: P4}}"


@pytest.mark.parametrize("phases, is_told", [
    ("evening_study", True), ("evening_study, boarding_night", True), ("evening_study, lesson", False), ("lunch", False),
    ("closed", False), ("holiday", False),
])
def test_a_rule_that_asks_for_phases_without_a_bell_is_told(build, tmp_path, phases, is_told):
    files = rules(OWN.format(phases))
    code, said = check(build, tmp_path, files)
    assert (code, judged(said, ("rules.d",))) == (0, [
        "rules.d/own.yaml:2:5: warning: rules.OUR-1.during: no bells have any of these phases: the rule never watches "
        "(wanted: phases of bells in campus.yaml, or no during)"] if is_told else [])
