"""Slips in the options of the plugins: each is told where it stands, all at once, in both languages."""
import pytest

from conftest import ROOT
from test_check_slips import GATEWAY, check, judged

CHINESE = "zh_CN.UTF-8"
DEVICES = """\
buses: [{name: line-1, driver: mqtt, broker: "mqtt://192.0.2.7"}]
devices:
  - {name: light-203, bus: line-1, place: b1-203, topic: a, points: [{metric: desk_lux, path: a}, {metric: board_lux, path: b}]}
  - {name: air-203, bus: line-1, place: b1-203, topic: b, points: [{metric: co2, path: a}, {metric: panel_power, path: b}]}
  - {name: door-203, bus: line-1, place: b1-203, topic: c, points: [{metric: people_in, path: a}, {metric: people_out, path: b}]}
  - {name: window-203, bus: line-1, place: b1-203, topic: d, points: [{metric: window, path: a}]}
"""
RECORD = "point: {}, k: 1.2, date: {}, method: grid of 9, reference: 300"


def told(build, tmp_path, plugin, rows, language="C.UTF-8", devices=DEVICES, campus=None):
    """What the check says of @rows, the lines of the section of @plugin, which begin with line 5."""
    section = "".join(f"    {row}\n" for row in rows)
    files = {"gateway.yaml": f"{GATEWAY}plugins:\n  {plugin}:\n{section}", "devices.d/example.yaml": devices}
    code, said = check(build, tmp_path, {**files, **(campus or {})}, language)
    return code, judged(said, ("gateway.yaml", "campus.yaml", "rooms.csv"))


def eye(build, tmp_path, *rows, **rest):
    return told(build, tmp_path, "eye_health", rows, **rest)


@pytest.mark.parametrize("point, date, said", [
    ("b1-203/desk_lx", "2026-09-01",
     "5:28: plugins.eye_health.calibrations.point: 'b1-203/desk_lx' is no point of desk_lux or board_lux of a place "
     "(did you mean 'b1-203/desk_lux'?)"),
    ("gate/lux", "2026-09-01",
     "5:28: plugins.eye_health.calibrations.point: 'gate/lux' is no point of desk_lux or board_lux of a place "
     "(allowed: b1-203/desk_lux, b1-203/board_lux)"),
    ("b1-203/desk_lux", "2026-02-30",
     "5:59: plugins.eye_health.calibrations.date: '2026-02-30' is not a date (allowed: 2026-09-01)"),
    ("b1-203/desk_lux", "2097-09-01",
     "5:59: warning: plugins.eye_health.calibrations.date: '2097-09-01' is yet to come: the record counts from then on"),
    ("b1-203/desk_lux", "2024-09-01",
     "5:59: warning: plugins.eye_health.calibrations.date: '2024-09-01' is more than 12 months ago: the record counts no "
     "more (wanted: to measure anew, or another calibration_months)"),
])
def test_a_record_that_says_nothing_of_a_sensor_is_told(build, tmp_path, point, date, said):
    code, lines = eye(build, tmp_path, f"calibrations: [{{{RECORD.format(point, date)}}}]")
    assert lines == [f"gateway.yaml:{said}"]
    assert code == (0 if "warning" in said else 1)


def test_a_sensor_has_one_record(build, tmp_path):
    row = RECORD.format("b1-203/board_lux", "2097-09-01")
    code, lines = eye(build, tmp_path, "calibrations:", f"- {{{row}}}", f"- {{{row}}}")
    assert code == 1 and [line for line in lines if "warning" not in line] == [
        "gateway.yaml:7:15: plugins.eye_health.calibrations.point: 'b1-203/board_lux' stands there twice "
        "(one record a sensor, the newest)"]


EYE = ["co2_sensors: [{device: air-302, compensation: ratio}]", "screens: [{place: b1-202, standby: 60, on: 40}]",
       "school_hours: [lesson, lunsh]", "screen_standby: 50", "temperature_least: 30", "temperature_most: 20",
       "dark: 60", "night_from: \"06:30\"", "co2_compensation: pct_per_kpa"]
EYE_TOLD = """\
5:28: plugins.eye_health.co2_sensors.device: 'air-302' is no device of a place that measures co2 (did you mean 'air-203'?)
6:23: plugins.eye_health.screens.place: 'b1-202' has no panel_power (did you mean 'b1-203'?)
6:23: plugins.eye_health.screens.place: standby 60 W is above on 40 W (allowed: at most as much)
7:28: plugins.eye_health.school_hours: unknown phase 'lunsh' (allowed: lesson, recess, long_recess, lunch, after_school, evening_study)
8:21: plugins.eye_health.screen_standby: 50 W is above screen_on, 40 W (allowed: at most as much)
9:24: plugins.eye_health.temperature_least: 30 °C is above temperature_most, 20 °C (allowed: at most as much)
11:11: plugins.eye_health.dark: 60 lx is not below lit, 50 lx (allowed: less, or no lamp is ever seen to come on)
12:17: plugins.eye_health.night_from: 06:30 is when the night begins and ends (allowed: two times; a night goes over midnight)
"""


def test_all_slips_of_eye_health_are_told_at_once(build, tmp_path):
    code, lines = eye(build, tmp_path, *EYE)
    assert code == 1 and lines == [f"gateway.yaml:{line}" for line in EYE_TOLD.splitlines()]


OCCUPANCY = ["turned: [b1-203/people_inn]", "stair_width: {b1-2f: 2.0, b1-stairs-east: 0}", "service_from: \"18:30\"",
             "away_people: 60%", "evening_tag: after_school_service"]
OCCUPANCY_TOLD = """\
5:14: plugins.occupancy.turned: 'b1-203/people_inn' is no line of a room (allowed: the name of a point people_in, such as b1-203/people_in)
6:18: plugins.occupancy.stair_width: 'b1-2f' is no place of kind stairs (allowed: the id of one)
6:18: plugins.occupancy.stair_width: 'b1-stairs-east: 0' is no width (allowed: metres above 0)
7:19: plugins.occupancy.service_from: 18:30 is after service_until, 18:00 (allowed: at most as late)
8:18: plugins.occupancy.away_people: 60% is not below stayed_people, 60% (allowed: less, or a class would be in a room and not in it)
9:18: plugins.occupancy.evening_tag: 'after_school_service' is service_tag, too: no room would have a service (allowed: another tag)
"""


def test_all_slips_of_occupancy_are_told_at_once(build, tmp_path):
    code, lines = told(build, tmp_path, "occupancy", OCCUPANCY)
    assert code == 1 and lines == [f"gateway.yaml:{line}" for line in OCCUPANCY_TOLD.splitlines()]


@pytest.mark.parametrize("tag, is_told", [("课后服务", True), ("main", False), ("after_school_service", False)])
def test_a_service_tag_is_one_of_a_place(build, tmp_path, tag, is_told):
    code, lines = told(build, tmp_path, "occupancy", [f"service_tag: {tag}"])
    assert code == 0 and lines == ([f"gateway.yaml:5:18: warning: plugins.occupancy.service_tag: no place has the tag '{tag}': "
                                    "every counted classroom has the service (wanted: a tag of a place)"] if is_told else [])


def test_a_direction_that_has_no_other_is_told(build, tmp_path):
    devices = DEVICES.replace(", {metric: people_out, path: b}", "")
    code, lines = told(build, tmp_path, "occupancy", ["zero_at: \"03:00\""], devices=devices)
    assert code == 1 and lines == ["gateway.yaml:5:5: plugins.occupancy: 'b1-203/people_in' has no other direction "
                                   "('b1-203/people_out' is needed)"]


def test_co2_is_compensated_by_an_air_pressure(build, tmp_path):
    campus = (ROOT / "etc/campus.yaml").read_text(encoding="utf-8").replace(", altitude: 1650", "")
    code, lines = eye(build, tmp_path, "co2_compensation: ratio", campus={"campus.yaml": campus})
    assert code == 1 and lines == ["gateway.yaml:5:5: plugins.eye_health: to compensate 'b1-203/co2' the air pressure "
                                   "must be known (allowed: a point of pressure; school: {altitude: 1650} in campus.yaml)"]


def test_a_phase_arms_an_area_in_one_way(build, tmp_path):
    code, lines = told(build, tmp_path, "three_defense", [
        "areas: [{id: a, title: A, zones: [window-203], away: [closed, holiday], stay: [closed]}]"])
    assert code == 1 and lines == ["gateway.yaml:5:84: plugins.three_defense.areas.stay: phase 'closed' stands under "
                                   "away, too (allowed: under one of them)"]


def test_a_zone_is_of_one_area(build, tmp_path):
    code, lines = told(build, tmp_path, "three_defense", [
        "areas:", "- {id: a, title: A, zones: [window-203], away: [closed]}", "- {id: b, title: B, zones: ['window-*'], away: [holiday]}"])
    assert code == 1 and lines == ["gateway.yaml:7:33: plugins.three_defense.areas.zones: 'window-203' is a zone of area 'a', "
                                   "too (allowed: of one)"]


TAGGED = "- {id: b1-201, kind: classroom, title: 二年级一班教室, capacity: 50, class: 2025-P-01"


@pytest.mark.parametrize("tag, near", [("afterschool_service", "after_school_service"), ("entrence", "entrance"),
                                       ("evening-study", "evening_study"), ("brightest", None)])
def test_a_tag_that_is_nearly_one_is_told(build, tmp_path, tag, near):
    campus = (ROOT / "etc/campus.yaml").read_text(encoding="utf-8")
    assert TAGGED in campus
    code, lines = eye(build, tmp_path, "dark: 5",
                      campus={"campus.yaml": campus.replace(TAGGED, f"{TAGGED}, tags: [{tag}]")})
    assert code == 0 and len(lines) == (near is not None)
    for line in lines:
        assert line.startswith("campus.yaml:23:90: warning: places.tags: ") and line.endswith(f"tag '{tag}' says nothing (did you mean '{near}'?)")


@pytest.mark.parametrize("plugin, rows, count", [("eye_health", EYE, len(EYE_TOLD.splitlines())),
                                                 ("occupancy", OCCUPANCY, len(OCCUPANCY_TOLD.splitlines()))])
def test_a_chinese_school_is_told_in_chinese(build, tmp_path, plugin, rows, count):
    code, lines = told(build, tmp_path, plugin, rows, CHINESE)
    assert code == 1 and len(lines) == count
    for line in lines:
        assert not any(word in line for word in ("allowed", "did you", "wanted", " is ", " has "))
