"""What devices say while there is no store: known to the alarms that the disk has, when it comes."""
import subprocess

import pytest

import rig
from test_away_orders import bring, hide, school_life  # noqa: F401 (a fixture)

PANIC = "TF-01@panic-gate"


@pytest.fixture
def button(school_life, school):  # noqa: F811
    """A panic button: it speaks when something changes, and then once."""
    site = school_life
    site.school = school
    return site


def say(site, word):
    """The button says @word, and the gateway knows it."""
    subprocess.run(["mosquitto_pub", "-p", str(site.school.port), "-q", "1", "-t", "security/panic-gate", "-m", word],
                   check=True, timeout=20)
    value = {"pressed": 1, "normal": 0}[word]
    rig.wait_for(f"{word} is known", lambda: any(
        row["name"] == "gate-south/panic" and row["value"] == value for row in site.life.get("points")["points"]))


def panic(site):
    return next((row["state"] for row in site.life.get("alarms?all=true")["alarms"] if row["id"] == PANIC), None)


def act(site, verb):
    status, answer = site.life.request("POST", f"alarms/{PANIC}/{verb}", {"by": "guard"})
    assert status == 200, answer


@pytest.mark.parametrize("pressed", ["before", "meanwhile"])
def test_a_panic_button_released_meanwhile_is_latched(button, pressed):
    site = button
    if pressed == "before":
        say(site, "pressed")
        assert panic(site) == "unacknowledged"
    hide(site)
    if pressed == "meanwhile":
        say(site, "pressed")
        assert panic(site) == "unacknowledged"
    say(site, "normal")
    bring(site)
    assert panic(site) == "latched"
    act(site, "ack")
    act(site, "reset")
    assert panic(site) == "normal"
    site.life.kill()
    site.life.start()
    assert panic(site) == "normal"


def test_a_panic_button_pressed_meanwhile_is_pressed_once(button):
    site = button
    hide(site)
    say(site, "pressed")
    act(site, "ack")
    bring(site)
    assert panic(site) == "acknowledged"
    say(site, "normal")
    assert panic(site) == "latched-acknowledged"
