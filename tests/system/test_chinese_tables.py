"""What campusctl shows on a Chinese system: no English word where there is a Chinese one."""
import os
import re
import subprocess

import pytest

import rig
from test_defense import DEVICES, PLUGINS

HEADED = ("points", "alarms", "devices", "buses", "rules", "commands")
ENGLISH = re.compile(r"\b(good|bad|unseen|stale|online|offline|starting|never|ago|unacknowledged|acknowledged|disarmed|"
                     r"stay|away|yes|none|no|on|off|messages|timeout|by|is|done|zones|devices|open|areas|changed|rule|"
                     r"section|nothing|reloaded|restarted|takes|apply|change)\b")


@pytest.fixture
def gateway(site, school):
    site.shipped()
    site.gateway_yaml(PLUGINS.format(exit="0s"))
    site.write("devices.d/security.yaml", DEVICES.format(port=school.port))
    started = site.gateway()
    rig.wait_for("the broker", lambda: all(bus["health"] == "online" for bus in started.get("buses")["buses"]))
    subprocess.run(["mosquitto_pub", "-p", str(school.port), "-q", "1", "-t", "security/panic-gate", "-m", "pressed"],
                   check=True, timeout=20)
    rig.wait_for("an alarm", lambda: started.get("alarms")["alarms"])
    return started


@pytest.fixture
def ctl(build, gateway):
    def run(*arguments, language="zh_CN.UTF-8"):
        done = subprocess.run([build / "campusctl", "--socket", gateway.socket, *arguments], capture_output=True,
                              text=True, check=False, timeout=60, stdin=subprocess.DEVNULL,
                              env={**os.environ, "LC_ALL": language})
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout
    return run


@pytest.mark.parametrize("language, is_chinese", [("zh_CN.UTF-8", True), ("C.UTF-8", False)])
def test_heads_and_words_of_tables(ctl, language, is_chinese):
    for name in HEADED:
        text = ctl(name, language=language)
        head = text.splitlines()[0]
        assert bool(re.search("[A-Za-z]", head)) != is_chinese, text
        if is_chinese and name in ("alarms", "devices", "buses"):  # states of points, conditions and usages are names
            assert not ENGLISH.search(text), text


def test_answers_to_orders(ctl):
    [identity] = re.findall(r"TF-01@\S+", ctl("alarms"))
    for words in (("ack", identity), ("do", "areas"), ("do", "tests"), ("outbox",)):
        text = ctl(*words)
        assert not ENGLISH.search(text), text


def test_a_reload_and_what_it_would_change(ctl, site):
    site.write("rules.d/own.yaml", "rules: [{id: SY-01, for: 3min}]\n")
    told = ctl("reload", "--diff")
    assert re.search(r"^~ 规则 SY-01$", told, re.M) and not ENGLISH.search(told), told
    assert re.search(r"^已加载：重启总线 0 条，规则停顿 [0-9.]+ ms$", ctl("reload", "--yes"), re.M)
    assert ctl("reload", "--diff") == "没有变化\n"
    assert ctl("reload", "--diff", language="C.UTF-8") == "no change\n"
