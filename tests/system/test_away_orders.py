"""What people order while there is no store: done again on what the disk holds, when it comes."""
import shutil

import pytest

import rig
from conftest import ROOT
from test_defense import DEVICES
from test_orders import AREAS, CLASS
from test_store_away import comes, in_state_folder, is_away

OTHER = "2024-P-02"
DAY = "2026-11-16"
LATER = "2026-11-17"


@pytest.fixture
def school_life(site, school):
    """Was on the disk, and begins again without it: `hide` and `bring`."""
    site.shipped()
    shutil.copy(ROOT / "etc/timetable.example.csv", site.config / "timetable.csv")
    site.gateway_yaml(AREAS)
    site.write("devices.d/security.yaml", DEVICES.format(port=school.port))
    site.state = in_state_folder(site)
    site.state.mkdir()
    site.life = site.gateway(["--school-time", "2026-11-23T08:30:00+08:00"])
    rig.wait_for("it is online", site.life.online)
    return site


def hide(site):
    assert site.life.stop() == 0
    site.hidden = site.state.with_name("unmounted")
    site.state.rename(site.hidden)
    site.life.start()
    assert is_away(site.life)
    rig.wait_for("it is online", site.life.online)


def bring(site):
    site.hidden.rename(site.state)
    comes(site.life)
    rig.wait_for("it is online", lambda: site.life.answers() and site.life.online())


def give(site, path, **body):
    status, answer = site.life.request("POST", path, body)
    assert status == 200, answer
    return answer


def enter(site, what, day=DAY, **fields):
    return give(site, "calendar/entries", do=what, day=day, **fields)


def entered(site, class_id=CLASS, day=DAY):
    return next(row for row in site.life.get(f"calendar?day={day}")["classes"] if row["id"] == class_id)


def exempted(site, day=DAY):
    return [row["reason"] for row in site.life.get(f"calendar?day={day}")["exemptions"]]


def lab(site):
    return next(row for row in site.life.get("commands/areas")["answer"] if row["id"] == "labs")


def test_a_day_of_before_and_entries_of_meanwhile_become_one(school_life):
    site = school_life
    plain = [lesson["subject"] for lesson in entered(site)["lessons"]]
    enter(site, "leave", **{"class": CLASS, "count": 3})
    enter(site, "attendance", **{"class": CLASS, "count": 30})
    enter(site, "leave", **{"class": OTHER, "count": 1})
    enter(site, "swap-lesson", **{"class": CLASS, "lesson": 1, "with": 4})
    enter(site, "exempt", **{"reason": "rain", "from": "09:00", "until": "10:00"})
    hide(site)
    assert enter(site, "leave", **{"class": OTHER, "count": 2})["kept"] is False
    enter(site, "attendance", **{"class": CLASS, "undo": True})
    enter(site, "exempt", **{"reason": "pollution", "from": "10:00", "until": "11:00"})
    enter(site, "leave", LATER, **{"class": OTHER, "count": 5})
    bring(site)
    for _ in range(2):
        assert (entered(site)["leave"], entered(site)["entered"]) == (3, None)
        assert entered(site)["lessons"][0]["subject"] == plain[3]
        assert entered(site, OTHER)["leave"] == 2
        assert entered(site, OTHER, LATER)["leave"] == 5
        assert sorted(exempted(site)) == ["pollution", "rain"]
        site.life.kill()
        site.life.start()
    assert "4 of 4 orders given without a store were done again" in site.life.text()


def test_an_order_to_the_defenses_stands_when_the_store_comes(school_life):
    site = school_life
    give(site, "commands/arm", target="labs", by="guard")
    hide(site)
    give(site, "commands/arm", target="labs", by="guard")
    give(site, "commands/disarm", target="labs", by="guard")
    give(site, "commands/bypass", target="lab-window", comment="painters", minutes=60)
    give(site, "commands/drill", target="canteen", comment="planned", minutes=20)
    bring(site)
    for _ in range(2):
        assert lab(site)["mode"] == "disarmed"
        assert lab(site)["zones"][0]["bypassed"]
        assert [row["target"] for row in site.life.get("commands/tests")["answer"]["open"]] == ["canteen"]
        site.life.kill()
        site.life.start()
        rig.wait_for("it is online", site.life.online)
    assert "4 of 4 orders given without a store were done again" in site.life.text()


def test_a_stop_before_the_next_try_loses_no_order(school_life):
    site = school_life
    enter(site, "leave", **{"class": CLASS, "count": 3})
    hide(site)
    enter(site, "leave", **{"class": OTHER, "count": 2})
    give(site, "commands/drill", target="canteen", comment="planned", minutes=20)
    site.hidden.rename(site.state)
    assert site.life.stop() == 0  # the next try may be half a minute away
    site.life.start()
    assert (entered(site)["leave"], entered(site, OTHER)["leave"]) == (3, 2)
    assert [row["target"] for row in site.life.get("commands/tests")["answer"]["open"]] == ["canteen"]


def test_an_order_that_the_disk_contradicts_is_named_in_the_log(school_life):
    site = school_life
    enter(site, "leave", **{"class": CLASS, "count": 30})
    hide(site)
    enter(site, "attendance", **{"class": CLASS, "count": 40})
    enter(site, "leave", **{"class": OTHER, "count": 2})
    bring(site)
    assert (entered(site)["leave"], entered(site)["entered"]) == (30, None)
    assert entered(site, OTHER)["leave"] == 2
    said = site.life.text()
    assert f"1 of 2 orders given without a store were done again; not so: attendance {CLASS} by" in said
