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


def test_a_bus_with_silent_devices_is_not_called_fine(page):
    line = "[...document.querySelectorAll('#strip .item')].find((i) => i.textContent.startsWith('总线'))"
    assert page.run(f"{line}.innerText") == "总线 2/2 · rs485-1 5 台设备中 2 台失联或故障"
    assert "warn" in page.run(f"{line}.className")


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


def rows_of_outputs(page):
    """What the page says of each output, by its point; those that are not right are marked."""
    return page.run("Object.fromEntries([...document.querySelectorAll('#outputs li')].map(row =>"
                    " [row.dataset.point, [row.className.includes('warn'), row.innerText]]))")


def test_outputs_show_what_they_should_be_and_are(page):
    page.wait("document.querySelectorAll('#outputs li').length === 4")
    assert "输出 1/4" in page.run("document.querySelector('#strip').innerText")
    rows = rows_of_outputs(page)
    assert [is_marked for is_marked, _ in rows.values()] == [False, True, True, True]
    _, siren = rows["gate-south/relay.siren"]
    assert "南门 开 · 自 10:20:01" in siren and "relays-gate" in siren
    _, duty = rows["duty-room/circuit"]
    assert "值班室 应为“开”，未执行：line 'GPIO24' of GPIO chip" in duty and "自 10:20:11" in duty
    assert "应为“关”，设备报告为“开”" in rows["b1-203/relay"][1]
    _, strobe = rows["gate-south/circuit"]
    assert "应为“开”，是否如此不明：its device" in strobe and "自 11-22 23:50:00" in strobe

    page.run("document.querySelector('#language').click()")
    page.wait("document.querySelector('#outputs h2').textContent.startsWith('Sirens')")
    rows = rows_of_outputs(page)
    assert "South gate on · since 10:20:01" in rows["gate-south/relay.siren"][1]
    assert "Duty room should be on, not taken: line 'GPIO24'" in rows["duty-room/circuit"][1]
    assert "should be off, the device says on" in rows["b1-203/relay"][1]
    assert "should be on, nobody knows whether it is: its device" in rows["gate-south/circuit"][1]


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
