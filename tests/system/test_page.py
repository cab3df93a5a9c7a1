"""The alarm page in a real browser: what a guard sees, hears of and presses."""
import shutil

import pytest
from browser import Browser
from http_rig import LIGHT, PANIC

pytestmark = pytest.mark.skipif(not shutil.which("chromium"), reason="no chromium")


@pytest.fixture
def page(probe, tmp_path):
    browser = Browser(tmp_path)
    browser.open(probe.address)
    browser.wait("document.querySelector('#strip .item') && document.querySelector('#clock')"
                 ".textContent.includes(':') && !document.querySelector('#calm').hidden")
    yield browser
    browser.close()


def card(alarm, rest=""):
    return f"document.querySelector('[data-id=\"{alarm}\"] {rest}'.trim())"


def press(page, alarm, rest):
    page.run(f"{card(alarm, rest)}.click()")


def test_an_alarm_appears_is_announced_and_acknowledged(probe, page):
    probe.do("raise TF-01 panic-gate 1")
    page.wait(f"{card(PANIC)} !== null")
    assert "一键报警" in page.run(f"{card(PANIC)}.textContent")
    assert "南门" in page.run(f"{card(PANIC, '.where')}.textContent")
    assert "一键报警，南门" in page.run("document.querySelector('#announce').textContent")
    page.wait("document.title.includes('(1)')")

    page.run("document.querySelector('#operator').value = '南门岗'")
    press(page, PANIC, ".primary")
    page.wait(f"{card(PANIC, '.state')}.textContent === '已确认'")
    assert "南门岗" in page.run(f"{card(PANIC)}.textContent")
    assert probe.state(PANIC) == "acknowledged"
    page.wait("document.title === '校园报警'")


def test_who_acknowledges_has_to_say_who_it_is(probe, page):
    """A name that the page made up would stand in the journal as a person's."""
    probe.do("raise TF-01 panic-gate 1")
    page.wait(f"{card(PANIC)} !== null")
    page.run("document.querySelector('#operator').value = '  '")
    press(page, PANIC, ".primary")
    page.wait("!document.querySelector('#fault').hidden")
    assert "值班员" in page.run("document.querySelector('#fault').textContent")
    assert page.run("document.activeElement.id") == "operator"
    assert probe.state(PANIC) == "unacknowledged"
    page.run("document.querySelector('#operator').value = '南门岗'")
    press(page, PANIC, ".primary")
    page.wait(f"{card(PANIC, '.state')}.textContent === '已确认'")
    assert page.run("document.querySelector('#fault').hidden") is True


def test_nothing_is_counted_before_the_gateway_said_it(probe, page):
    page.call("Network.enable")
    page.call("Network.setBlockedURLs", urls=["*/api/v1/alarms"])
    page.open(probe.address)
    page.wait("document.querySelectorAll('#counts b').length === 6")
    assert page.run("[...document.querySelectorAll('#counts b')].map((b) => b.textContent)") == ["…"] * 6
    assert page.run("document.querySelector('#calm').hidden") is True


def test_a_store_at_fault_is_told_in_the_pages_language(probe, page):
    probe.do("full")
    page.wait("document.querySelector('#strip').textContent.includes('写不进去')")
    line = "[...document.querySelectorAll('#strip .item')].find((i) => i.textContent.startsWith('存储'))"
    assert page.run(f"{line}.querySelector('[lang=en]').textContent") == "the disk is full"
    probe.do("raise TF-01 panic-gate 1")
    page.wait(f"{card(PANIC)} !== null")
    page.run("document.querySelector('#operator').value = '南门岗'")
    press(page, PANIC, ".primary")
    page.wait("!document.querySelector('#fault').hidden")
    assert page.run("document.querySelector('#fault').firstChild.textContent") == "操作已生效，但尚未写入磁盘。"
    assert page.run("document.querySelector('#fault [lang=en]').textContent") == "the disk is full"


def test_sound_is_off_until_pressed_and_says_so(page):
    assert page.run("document.querySelector('#silent').hidden") is False
    page.run("document.querySelector('#sound').click()")
    page.wait("document.querySelector('#sound').getAttribute('aria-pressed') === 'true'")
    assert page.run("document.querySelector('#silent').hidden") is True
    page.run("document.querySelector('#sound').click()")
    page.wait("!document.querySelector('#silent').hidden")


def test_what_somebody_else_does_shows(probe, page):
    probe.do("raise EY-01 b1-203 212.4")
    page.wait(f"{card(LIGHT)} !== null")
    assert probe.act(LIGHT, "ack", {"by": "值班室"})[0] == 200
    page.wait(f"{card(LIGHT, '.state')}.textContent === '已确认'")
    probe.do("clear EY-01 b1-203")
    page.wait(f"{card(LIGHT)} === null && !document.querySelector('#calm').hidden")


def test_a_returned_alarm_shows_what_raised_it(probe, page):
    probe.do("raise EY-01 b1-203 212.4")
    page.wait(f"{card(LIGHT)} !== null")
    assert "触发时212.4 lx" in page.run(f"{card(LIGHT, '.facts')}.textContent")
    assert "恢复时" not in page.run(f"{card(LIGHT, '.facts')}.textContent")
    probe.do("clear EY-01 b1-203 350")
    page.wait(f"{card(LIGHT, '.state')}.textContent === '已恢复，待确认'")
    assert "触发时212.4 lx恢复时350 lx" in page.run(f"{card(LIGHT, '.facts')}.textContent")


def test_shelving_asks_for_a_reason_and_keeps_what_is_written(probe, page):
    probe.do("raise EY-01 b1-203 212.4")
    page.wait(f"{card(LIGHT)} !== null")
    press(page, LIGHT, "summary")
    page.run(f"{card(LIGHT, 'input')}.value = '更换灯具'")
    page.run("document.querySelector('#operator').value = '南门岗'")
    probe.do("raise TF-01 panic-gate 1")
    page.wait(f"{card(PANIC)} !== null")
    assert page.run(f"{card(LIGHT, 'input')}.value") == "更换灯具"
    press(page, LIGHT, "form button")
    page.wait(f"{card(LIGHT, '.state')}.textContent === '已搁置'")
    assert probe.state(LIGHT) == "shelved"


def test_a_silent_gateway_is_told(probe, page):
    assert page.run("document.querySelector('#stale').hidden") is True
    probe.stop()
    page.wait("!document.querySelector('#stale').hidden")
    assert "中断" in page.run("document.querySelector('#stale').textContent")


def test_english_is_complete(probe, page):
    probe.do("raise TF-01 panic-gate 1")
    page.wait(f"{card(PANIC)} !== null")
    page.run("document.querySelector('#language').click()")
    page.wait("document.documentElement.lang === 'en'")
    text = page.run("document.body.innerText")
    assert "Panic button pressed" in text and "Acknowledge" in text
    chinese = {c for c in text.replace("中文", "") if "\u4e00" <= c <= "\u9fff"}
    assert not chinese


@pytest.mark.parametrize("width, height", [(360, 780), (1920, 1080)])
def test_nothing_is_wider_than_the_screen(probe, page, width, height):
    for line in ("TF-01 panic-gate 1", "CS-04 b2-hall 1.1", "EY-01 b1-203 212.4"):
        probe.do(f"raise {line}")
    page.size(width, height)
    page.wait("document.querySelectorAll('.card').length === 3")
    assert page.run("document.documentElement.scrollWidth") <= width
    buttons = page.run("[...document.querySelectorAll('.primary')]"
                       ".map(b => b.getBoundingClientRect().height)")
    assert len(buttons) == 3 and min(buttons) >= 48
