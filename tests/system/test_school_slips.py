"""Slips in what a school says of itself in campus.yaml: kinds of places, bells, rules that ask for them."""
import pytest

from conftest import ROOT
from test_check_slips import GATEWAY, check, judged, rules

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


CANTEEN = "{id: canteen, kind: canteen, title: {zh: 食堂, en: Canteen}"


@pytest.mark.parametrize("place, name", [
    (CANTEEN.replace("kind: canteen", "kind: gate"), "食堂"), (CANTEEN.replace("kind: canteen", "kind: 校门"), "食堂"),
    ("{id: canteen, kind: gate, title: 一楼餐厅", "canteen"), ("{id: eat, kind: gate, title: 食堂", "食堂"),
    (CANTEEN.replace("kind: canteen", "kind: building"), None), ("{id: eat, kind: special_room, title: 食堂", None),
    ("{id: field, kind: outdoor, title: 操场", None), ("{id: canteen, kind: 食堂, title: 食堂", None),
    ("{id: eat, kind: office, title: 食堂办公室", None), ("{id: gate-2, kind: entrance, title: 一号楼门厅", None),
])
def test_a_kind_that_the_name_of_the_place_contradicts_is_told(build, tmp_path, place, name):
    assert CANTEEN in CAMPUS
    text = CAMPUS.replace(CANTEEN, place)
    line = text[:text.index(place)].count("\n") + 1
    kind = place.split("kind: ")[1].split(",")[0]
    for language, said in (("zh_CN.UTF-8", f"提醒: places.{{}}: “{name}”本身是一种场所，类型却写“{kind}”（请核对类型；本来就这样，就不用管）"),
                           ("C.UTF-8", f"warning: places.{{}}: '{name}' is a kind of place, and the kind '{kind}' stands here (wanted: "
                            "its kind; leave it where it is meant)")):
        _, lines = said_of(build, tmp_path / language, text, language)
        where = f"campus.yaml:{line}:{len('  - ') + place.index('kind: ') + 7}: "
        assert lines == ([where + said.format(place.split("id: ")[1].split(",")[0])] if name else []), lines


SUMMER = """\
seasons:
  - id: summer
    dates: 05-01..09-30
    bells:
      primary:
        - {phase: recess, start: "07:30", end: "08:10"}
        - {phase: lesson, start: "08:10", end: "08:50"}
        - {phase: lesson, start: "09:05", end: "09:45"}
        - {phase: after_school, start: "16:20", end: "17:40"}
calendar:
"""
EARLY = "the first lesson is before first_lesson of the stage, 08:20 (wanted: not earlier)"


def test_a_first_lesson_that_is_too_early_is_told(build, tmp_path):
    code, said = said_of(build, tmp_path, CAMPUS.replace(FIRST, FIRST.replace("08:20", "08:19")))
    assert (code, said) == (0, [f"campus.yaml:71:30: warning: bells.primary: {EARLY}"])
    code, said = said_of(build, tmp_path / "season", CAMPUS.replace("calendar:\n", SUMMER))
    assert code == 0 and said == [f"campus.yaml:99:34: warning: seasons.summer.bells.primary: {EARLY}"]
    code, said = said_of(build, tmp_path / "free", CAMPUS.replace('first_lesson: "08:20", ', "").replace(
        FIRST, FIRST.replace("08:20", "08:00").replace("09:00", "08:40")))
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


def test_terms_of_last_year_are_told_and_not_each_day_of_this_one(build, tmp_path):
    text = NINE["campus.yaml"].replace("2026-09-01..2027-01-22]", "2025-09-01..2026-01-22]")
    _, lines = check(build, tmp_path, {**NINE, "campus.yaml": text})
    told, = [line for line in judged(lines, ("campus.yaml", "classes.csv")) if "note: " not in line]
    assert told == ("campus.yaml:90:11: warning: calendar.terms: none of the 5 days and spans of the calendar is in a term, "
                    "such as 2026-09-20 (wanted: terms of the same school year; is the year right?)")


# co2 0 .. 10000, temperature -40 .. 85, panic 0 and 1, capacity open.
RANGED = "{{id: OUR-1, title: t, each: {{places: ['*']}}, inputs: {{c: co2, t: {}}}, parameters: {{most: {}}}, when: '{}', severity: P4}}"
NEVER = "{} makes the comparison with {} never true (wanted: within {}, what may be read)"
ALWAYS = NEVER.replace("never", "always")


@pytest.mark.parametrize("t, most, when, at, said", [
    ("temperature", 5, "c > 10000 or t > most", "c > 10000", NEVER.format(10000, "c", "0 .. 10000")),
    ("temperature", 5, "c > most and t > 540", "t > 540", NEVER.format(540, "t", "-40 .. 85")),
    ("temperature", 150, "c > 1 and t > most", "150}", NEVER.format(150, "t", "-40 .. 85")),
    ("temperature", 150, "c > 1 and most > t", "150}", ALWAYS.format(150, "t", "-40 .. 85")),
    ("temperature", 5, "c > most and t < -40", "t < -40", NEVER.format(-40, "t", "-40 .. 85")),
    ("{mean: temperature, over: 10min}", 86, "c > 1 or (t >= most)", "86}", NEVER.format(86, "t", "-40 .. 85")),
    ("{share: presence, over: 10min}", 50, "c > 1 or t > most", "50}", NEVER.format(50, "t", "0 .. 1")),
    ("panic", 1, "c > 1 and t > most", "1}", NEVER.format(1, "t", "0 .. 1")),
    ("temperature", 5, "c >= 0 and t > most", "c >= 0", ALWAYS.format(0, "c", "0 .. 10000")),
    ("temperature", 5, "c >= 10000 and t > most", None, None),
    ("temperature", 85, "c > 1 and t >= most", None, None),
    ("temperature", 200, "c > 1 and 2 * t > most", None, None),
    ("temperature", 200, "c > 1 and t + c > most", None, None),
    ("{share: presence, over: 10min, absent: 99}", 50, "c > 1 or t > most", None, None),
    ("{count: temperature, over: 10min}", 500, "c > 1 or t > most", None, None),
    ("capacity", 5000000, "c > 1 or t > most", None, None),
    ("{of: sum, point: temperature}", 500, "c > 1 or t <> most", None, None),
])
def test_a_threshold_that_nothing_read_can_cross_is_told(build, tmp_path, t, most, when, at, said):
    code, lines = check(build, tmp_path, rules(RANGED.format(t, most, when)))
    told = [line for line in judged(lines, ("rules.d",)) if "makes the" in line]
    if said is None:
        assert told == [], lines
        return
    line, = told
    row = (tmp_path / "etc/rules.d/own.yaml").read_text().splitlines()[1]
    assert row[int(line.split(":")[2]) - 1:].startswith(at)
    assert line.endswith(f": warning: rules.OUR-1.{'parameters' if at.endswith('}') else 'when'}: {said}")


NINE = {path.name: path.read_text(encoding="utf-8-sig") for path in (ROOT / "etc/nine-year").iterdir()}


@pytest.mark.parametrize("file, right, wrong, said", [
    ("campus.yaml", "\n  junior:\n    - {phase", "\n  middle:\n    - {phase",
     ["campus.yaml:66:3: bells.middle: unknown key (allowed: primary, junior, senior)"]),
    ("campus.yaml", "\n  junior:  {limit: 50", "\n  middle:  {limit: 50",
     ["campus.yaml:17:3: stages.middle: unknown key (allowed: primary, junior, senior)"]),
    ("campus.yaml", "primary: {limit: 45", "primary: {limit: 450",
     ["campus.yaml:16:20: stages.primary.limit: '450' is out of range (allowed: a whole number, 1..200)"]),
    ("campus.yaml", "kind: outdoor", "kind: outside",
     ["campus.yaml:38:61: subjects.pe.kind: 'outside' is not known (allowed: room, outdoor, special)"]),
    ("campus.yaml", "2026-10-01..2026-10-07", "2026-10-01..2027-10-07",
     ["campus.yaml:93:7: calendar: lasts 372 days, and 2027-01-01 among them stands also at campus.yaml:94:7 (allowed: a day in "
      "one list, once; is the year right?)"]),
    ("campus.yaml", "\ntimezone: Asia", "\ntimezone：Asia",
     ["campus.yaml:11:1: did not find expected <document start> (line 6 has a full-width '：', YAML wants ': ')"]),
    ("classes.csv", "", "制表：教务处\r\n",
     ["classes.csv:26:1: classes.A26: '制表：教务处' is not an id (allowed: A-Z, a-z, 0-9, '.', '_' and '-', a letter or digit "
      "first, at most 63)"]),
])
def test_a_slip_accuses_nothing_that_follows_from_it(build, tmp_path, file, right, wrong, said):
    text = NINE[file]
    assert right in text
    other = text.replace(right, wrong, 1) if right else text + wrong
    _, lines = check(build, tmp_path, {**NINE, file: other})
    assert judged(lines, ("campus.yaml", "classes.csv", "rooms.csv", "timetable.csv")) == said


def test_a_subject_without_a_title_is_told_and_goes_by_its_id(build, tmp_path):
    campus = NINE["campus.yaml"].replace("title: {zh: 体育, en: Physical education}, ", "")
    table = NINE["timetable.csv"].replace("体育", "pe")
    assert campus != NINE["campus.yaml"]
    code, lines = check(build, tmp_path, {**NINE, "campus.yaml": campus, "timetable.csv": table})
    assert code == 1 and judged(lines, ("campus.yaml", "timetable.csv")) == [
        "campus.yaml:38:5: subjects.pe: 'title' is missing (allowed: a text, or {zh: …, en: …})"]


HOT = "{{id: OUR-1, title: t, each: {{kind: classroom}}, inputs: {{t: temperature}}, parameters: {{hot: 30}}, {}, severity: P4}}"


@pytest.mark.parametrize("row, said", [
    (HOT.format("when: t > hot, clear: t > hot + 2"),
     "123: warning: rules.OUR-1.clear: raises where t is above 30, and clears where it is above 32 (wanted: clear below what raises)"),
    (HOT.format("when: t < hot, clear: t < hot - 2"),
     "123: warning: rules.OUR-1.clear: raises where t is below 30, and clears where it is below 28 (wanted: clear above what raises)"),
    (HOT.format("when: t > hot, clear: t < hot + 2"), "123: warning: rules.OUR-1.clear: 32 clears what 30 raises (wanted: at most 30)"),
    (HOT.format("when: t > hot, clear: t < hot - 2"), None),
    (HOT.format("when: t > hot, clear: t < hot - 2 * 3"), None),
    (HOT.format("when: t > hot and t < 20"),
     "96: warning: rules.OUR-1.parameters: t is never above 30 and below 20 at a time (wanted: numbers with something between them)"),
    (HOT.format("when: t > hot or t < 20"), None), (HOT.format("when: t > hot and not t < 20"), None),
    ("{id: TH-01, parameters: {hot: 13}}",
     "35: warning: rules.TH-01.parameters: temperature is always above 13 or below 16 (wanted: numbers with something between them)"),
    ("{id: EY-01, parameters: {low: -300}}",
     "35: warning: rules.EY-01.parameters: -300 makes the comparison with lux never true (wanted: 0 or more, what may be read)"),
    ("{id: AS-01, parameters: {not_before: 1730}}",
     "42: warning: rules.AS-01.parameters: 1730 makes the comparison with ended always true (wanted: within 0 .. 1440, what may be "
     "read)"),
])
def test_numbers_that_leave_a_rule_no_sense_are_told_once(build, tmp_path, row, said):
    _, lines = check(build, tmp_path, rules(row))
    assert [line for line in judged(lines, ("rules.d",)) if "is never judged" not in line] == (
        [f"rules.d/own.yaml:2:{said}"] if said else [])


@pytest.mark.parametrize("row, said", [
    ("{id: CS-04, parameters: {full: 110%}}",
     "2:36: rules.CS-04.parameters: full: '110%' is not a number (did you mean full: 1.1?)"),
    ("{id: CS-04, parameters: {full: many}}", "2:36: rules.CS-04.parameters: full: is not a number (allowed: full: 300)"),
    ("{id: ＥＹ-01, parameters: {low: 250}}",
     "2:5: rules.ＥＹ-01: no rule has this id (did you mean 'EY-01'?); a rule of your own needs 'when'"),
])
def test_a_slip_in_a_change_of_the_pack_is_told_as_what_it_is(build, tmp_path, row, said):
    code, lines = check(build, tmp_path, rules(row))
    assert code == 1 and judged(lines, ("rules.d",)) == [f"rules.d/own.yaml:{said}"]


@pytest.mark.parametrize("row, said", [
    ("{id: AQ-01, parameters: {enough: 1600}}",
     "2:38: warning: rules.AQ-01.parameters: 1600 clears what 1500 raises (wanted: at most 1500)"),
    ("{id: EY-01, parameters: {low: 350}}",
     "2:35: warning: rules.EY-01.parameters: 330 clears what 350 raises (wanted: at least 350)"),
    ("{id: AQ-01, parameters: {high: 1300}}", None),
    ("{id: AQ-01, parameters: {enough: 1500}}", None),
    ("{id: AQ-01, for: 50min}",
     "2:5: warning: rules.AQ-01.for: lasts longer than the longest of its phases, 30 min: the rule never fires (wanted: less)"),
    ("{id: AQ-01, for: 30min}", None),
    ("{id: AQ-01, for: 50min, during: [lunch]}", None),
    ("{id: TF-01, latched: false}",
     "2:26: warning: rules.TF-01: lets an alarm end by itself, which is latched by GB 50394-2007 5.2.3; GB/T 29315-2022; "
     "云南省学校安全条例 (wanted: true, unless the school knows why)"),
    ("{id: TF-01, outputs: [guard, duty-leader, county]}",
     "2:26: warning: rules.TF-01: takes the output 'sound' from an alarm of P1 (wanted: all of its outputs, unless the school "
     "knows why)"),
    ("{id: TF-01, outputs: [siren, sound, guard, duty-leader, county]}", None),
])
def test_a_change_of_the_pack_that_undoes_it_is_told(build, tmp_path, row, said):
    _, lines = check(build, tmp_path, rules(row))
    told = [line for line in judged(lines, ("rules.d/own.yaml",)) if "never judged" not in line]
    assert told == ([f"rules.d/own.yaml:{said}"] if said else []), lines


@pytest.mark.parametrize("cell, tags", [
    ("after_school_service、main", ["after_school_service", "main"]), ("课后服务", ["课后服务", "after_school_service"]),
    ("晚自习 侧门", ["晚自习", "evening_study", "侧门", "entrance"]), ("a;b|c/d", ["a", "b", "c", "d"]),
    ("a，b；c　d", ["a", "b", "c", "d"])])
def test_a_room_may_have_several_tags(build, tmp_path, cell, tags):
    """Each is found by the rule that asks for it, and by its Chinese word."""
    head, first, *rest = NINE["rooms.csv"].splitlines()
    each = "\n".join(f"  - {{id: OUR-{i}, title: t, each: {{tag: {tag}}}, inputs: {{p: panic}}, when: p > 0, severity: P4}}"
                     for i, tag in enumerate(["nowhere", *(tag for tag in tags if tag.isascii())]))
    _, said = check(build, tmp_path, {**NINE, "rooms.csv": "\n".join([f"{head},标签", f"{first},{cell}", *rest]) + "\n",
                                      "rules.d/own.yaml": f"rules:\n{each}\n"})
    lines = [line for line in said.splitlines() if "names nothing that this school has" in line]
    assert len(lines) == 1 and "rules.OUR-0:" in lines[0], said


@pytest.mark.parametrize("file, right, wrong, said", [
    ("campus.yaml", "nine_year: true", "nine_year: false",
     "campus.yaml:11:21: warning: school: nine_year is false, and there are classes of primary and of junior (wanted: "
     "nine_year: true, a nine-year school has limits of its own)"),
    ("campus.yaml", "nine_year: true", "nine_year: true", None),
    ("campus.yaml", "2027-01-22]", "2027-01-22, 2028-09-01]",
     "campus.yaml:90:35: warning: calendar.terms: is a term of 1 days (wanted: its first and last day; is the year right?)"),
    ("campus.yaml", "2027-01-22]", "2027-01-22, 2026-03-01..2026-07-09]",
     "campus.yaml:90:35: warning: calendar.terms: this term is before the one above it (wanted: the earlier one first; is "
     "the year right?)"),
    ("campus.yaml", 'start: "09:15", end: "09:55"', 'start: "09:15", end: "09:20"',
     "campus.yaml:57:44: warning: bells.primary: lesson 2 lasts 5 minutes, others 40 (wanted: its bells)"),
    ("rooms.csv", "一层\np-102", "一层,初中\np-102",
     "rooms.csv:2:29: warning: places.p-101: stage 'junior', but class '2026-P-01' is at home here, of stage 'primary' "
     "(wanted: no stage, a room follows its class)"),
    ("rooms.csv", "一层\np-102", "一层,小学\np-102", None),
])
def test_what_does_not_fit_together_is_told(build, tmp_path, file, right, wrong, said):
    text = NINE[file].replace("楼层\n", "楼层,学段\n") if file == "rooms.csv" else NINE[file]
    assert right in text
    _, lines = check(build, tmp_path, {**NINE, file: text.replace(right, wrong, 1)})
    assert judged(lines, ("campus.yaml", "rooms.csv")) == ([said] if said else [])


WALKED = """\
buses: [{name: guard, driver: mqtt, broker: "mqtt://192.0.2.7"}]
devices:
  - {name: walk-canteen, bus: guard, topic: w/1, place: canteen, points: [{metric: checkpoint, name: north, path: n}]}
  - {name: walk-kitchen, bus: guard, topic: w/2, place: kitchen, points: [{metric: checkpoint, path: n}]}
"""
ORDER = "{{id: OUR-1, title: t, each: school, expect: {{event: checkpoint, order: [{}]}}, severity: P4}}"


@pytest.mark.parametrize("order, wrong", [("north, kitchen", []), ("canteen, kitchen", []), ("nord, kitchen", ["nord"]),
                                          ("south, yard, kitchen", ["south", "yard"])])
def test_an_order_names_events_that_there_are(build, tmp_path, order, wrong):
    _, lines = check(build, tmp_path, {"devices.d/example.yaml": WALKED, "rules.d/own.yaml": f"rules:\n  - {ORDER.format(order)}\n"})
    assert judged(lines, ("rules.d",)) == [
        f"rules.d/own.yaml:2:5: warning: rules.OUR-1.expect: order: no event is called '{name}' (wanted: names of points, or "
        "places, that the rule hears)" for name in wrong], lines


@pytest.mark.parametrize("division, language, said", [
    ("350502", "C.UTF-8", "gateway.yaml:2:40: warning: school.division: '350502' is not in province 53, as the school's code says "
     "(wanted: the division of the school; are digits exchanged?)"),
    ("350502", "zh_CN.UTF-8", "gateway.yaml:2:40: 提醒: school.division: “350502”不在省份 53，而学校代码是这个省的（请核对区划代码，是不是数字写反了？）"),
    ("530102", "C.UTF-8", None),
])
def test_a_division_of_another_province_is_told(build, tmp_path, division, language, said):
    _, lines = check(build, tmp_path, {"gateway.yaml": GATEWAY.replace("530502", division)}, language)
    assert judged(lines, ("gateway.yaml",)) == ([said] if said else [])


@pytest.mark.parametrize("right, wrong, english, chinese", [
    ("also: [道法]", "also: [道法，思品]", "warning: subjects.morality: '道法，思品' is one word with a '，' in it (wanted: a plain comma "
     "between two words)", "提醒: subjects.morality: “道法，思品”里有“，”，算成了一个词（两个词之间应写半角逗号）"),
    ("kind: outdoor, place", "kind: room, place", "warning: subjects.pe: kind room, and it is taught in 'sports-ground', a "
     "sports_ground (wanted: a subject and a place that fit; is the kind of one of them wrong?)",
     "提醒: subjects.pe: kind 是 room，却在“sports-ground”（运动场）上课（请核对科目的 kind，或这处场所的类型）"),
    ("kind: outdoor, place", "kind: special, place", "warning: subjects.pe: kind special, and it is taught in 'sports-ground', a "
     "sports_ground (wanted: a subject and a place that fit; is the kind of one of them wrong?)",
     "提醒: subjects.pe: kind 是 special，却在“sports-ground”（运动场）上课（请核对科目的 kind，或这处场所的类型）"),
    ("kind: sports_ground", "kind: classroom", "warning: subjects.pe: kind outdoor, and it is taught in 'sports-ground', a "
     "classroom (wanted: a subject and a place that fit; is the kind of one of them wrong?)",
     "提醒: subjects.pe: kind 是 outdoor，却在“sports-ground”（普通教室）上课（请核对科目的 kind，或这处场所的类型）"),
])
def test_a_subject_that_does_not_fit_its_words_or_place_is_told(build, tmp_path, right, wrong, english, chinese):
    text = NINE["campus.yaml"]
    assert right in text
    for language, said in (("C.UTF-8", english), ("zh_CN.UTF-8", chinese)):
        _, lines = check(build, tmp_path / language, {**NINE, "campus.yaml": text.replace(right, wrong, 1)}, language)
        found = [line for line in judged(lines, ("campus.yaml",)) if "subjects" in line]
        assert len(found) == 1 and found[0].endswith(said), lines
