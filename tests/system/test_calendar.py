"""The day as campusctl shows it, and what is entered about it: over restart and reload."""
import json
import shutil
import subprocess

import pytest

from conftest import ROOT

MONDAY = ("--school-time", "2026-11-23T08:30:00+08:00")


class School:
    """The shipped school with its timetable, on a Monday morning."""

    def __init__(self, site):
        self.site = site
        site.shipped("metrics.yaml")
        shutil.copy(ROOT / "etc/campus.yaml", site.config / "campus.yaml")
        shutil.copy(ROOT / "etc/timetable.example.csv", site.config / "timetable.csv")
        site.gateway_yaml()
        self.gateway = site.gateway(arguments=MONDAY)

    def restart(self):
        self.gateway.stop()
        self.gateway = self.site.gateway(arguments=MONDAY)

    def ctl(self, *words):
        return subprocess.run(
            [self.site.build / "campusctl", "--socket", self.site.folder / "api.sock", *words],
            capture_output=True, text=True, timeout=60, check=False, stdin=subprocess.DEVNULL)

    def enter(self, what, fields):
        done = self.ctl("enter", what, fields)
        assert done.returncode == 0, done.stderr

    def day(self, *day):
        return json.loads(self.ctl("--json", "calendar", *day).stdout)

    def of(self, class_id, *day):
        return next(row for row in self.day(*day)["classes"] if row["id"] == class_id)

    def subjects(self, class_id, *day):
        return [lesson["subject"] + ("*" if lesson["changed"] else "")
                for lesson in self.of(class_id, *day)["lessons"]]


@pytest.fixture
def school(site):
    return School(site)


def test_a_day_is_shown_as_the_gateway_sees_it(school):
    day = school.day()
    assert (day["day"], day["weekday"], day["kind"]) == ("2026-11-23", 1, "school")
    phases = day["phases"]["primary"]
    assert phases[0]["start"] == "00:00" and phases[-1]["end"] == "24:00"
    assert [a["end"] for a in phases[:-1]] == [b["start"] for b in phases[1:]]
    assert [p["lesson"] for p in phases if p["phase"] == "lesson"] == [1, 2, 3, 4, 5, 6]
    assert len(day["classes"]) == 6
    pe = school.of("2025-P-01")["lessons"][2]
    assert (pe["subject"], pe["kind"], pe["place"], pe["start"]) == (
        "pe", "outdoor", "sports-ground", "10:30")
    assert school.day("2026-10-10")["kind"] == "make_up"
    assert school.subjects("2025-P-01", "2026-10-10") == school.subjects(
        "2025-P-01", "2026-11-27"), "as a Friday"
    assert school.day("2026-10-03")["kind"] == "holiday"
    shown = school.ctl("calendar")
    assert "三年级一班" in shown.stdout and "体育@sports-ground" in shown.stdout
    refused = school.ctl("calendar", "tomorrow")
    assert refused.returncode == 1 and "no date such as" in refused.stderr


def test_what_is_entered_is_there_after_a_restart_and_a_reload(school):
    before = school.subjects("2024-P-01")
    school.enter("leave", "class=三年级一班,count=2")
    school.enter("attendance", "class=2024-P-01,count=45")
    school.enter("swap-lesson", "class=2024-P-01,lesson=1,with=4")
    school.enter("swap-lesson", "class=2024-P-02,day=2026-11-30,lesson=1,subject=数学")
    school.enter("exempt", "reason=rain,from=10:00,until=12:00")
    after = before[:]
    after[0], after[3] = before[3] + "*", before[0] + "*"

    def check():
        row = school.of("2024-P-01")
        assert (row["leave"], row["entered"]) == (2, 45)
        assert school.subjects("2024-P-01") == after
        assert school.subjects("2024-P-02", "2026-11-30")[0] == "math*"
        assert school.day()["exemptions"] == [
            {"reason": "rain", "from": "10:00", "until": "12:00"}]

    check()
    school.restart()
    check()
    campus = school.site.config / "campus.yaml"
    campus.write_text(campus.read_text().replace("enrolled: 39", "enrolled: 40"))
    table = school.site.config / "timetable.csv"
    table.write_text(table.read_text().replace("班队", "班会"))
    done = school.ctl("reload", "--yes")
    assert done.returncode == 0, done.stderr
    assert "timetable" in done.stdout
    check()
    school.enter("swap-lesson", "class=2024-P-01,lesson=1,undo")
    school.enter("swap-lesson", "class=2024-P-01,lesson=4,undo")
    school.restart()
    assert school.subjects("2024-P-01") == before


def test_a_wrong_entry_says_what_is_allowed_and_changes_nothing(school):
    for what, fields, says in (
            ("leave", "class=2024-P-01,count=48", "0 .. 47"),
            ("leave", "class=nobody,count=1", "no class 'nobody'"),
            ("swap-lesson", "class=2024-P-01,lesson=7,with=1", "1 .. 6"),
            ("attendance", "class=2024-P-01,day=2026-11-22,count=1", "no school day"),
            ("exempt", "reason=snow", "rain, pollution"),
            ("leave", "class=2024-P-01,count=1,name=张三", "name")):
        refused = school.ctl("enter", what, fields)
        assert refused.returncode == 1 and says in refused.stderr, refused.stderr
    row = school.of("2024-P-01")
    assert (row["leave"], row["entered"]) == (None, None)


def test_a_reload_with_a_slip_in_the_table_changes_nothing(school):
    table = school.site.config / "timetable.csv"
    before = school.subjects("2024-P-01")
    table.write_text(table.read_text().replace("英语", "鹰语", 1))
    refused = school.ctl("reload", "--yes")
    assert refused.returncode == 1
    assert "timetable.csv:4:" in refused.stderr + refused.stdout
    assert school.subjects("2024-P-01") == before
