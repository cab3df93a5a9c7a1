"""What an order's answer promises: it came, kill -9 at once, and after the restart the order stands.

Each order is a life of its own.  A minute between commits shows what is left to that clock; a
second, as shipped, what merely comes soon.  A disk that takes nothing is told, and waited for by nobody."""
import concurrent.futures
import contextlib
import http.client
import pathlib
import shutil
import signal
import subprocess

import pytest

import rig
from conftest import ROOT
from test_defense import DEVICES

INTERVALS = ["1s", "1min"]
ROUNDS = 2
MONDAY = ("--school-time", "2026-11-23T08:30:00+08:00")
CLASS = "2024-P-01"

AREAS = """\
plugins:
  three_defense:
    areas:
      - {id: labs, title: 实验室, zones: [lab-window], by_hand: true, exit_delay: 0s}
"""


class Lives:
    """Gateways on one site, one after the other, each killed with its order's answer."""

    def __init__(self, site, arguments=(), is_ready=lambda gateway: True):
        self.site = site
        self.arguments = arguments
        self.is_ready = is_ready
        self.start()

    def start(self):
        self.gateway = self.site.gateway(arguments=self.arguments)
        rig.wait_for("it is ready", lambda: self.is_ready(self.gateway))

    @contextlib.contextmanager
    def disk(self, call, fault):
        """Each @call of the store's thread on its files ends in @fault, in strace's words."""
        tasks = pathlib.Path(f"/proc/{self.gateway.process.pid}/task")
        thread = next(task.name for task in tasks.iterdir() if (task / "comm").read_text() == "store\n")
        said = self.site.folder / "strace.log"
        holder = subprocess.Popen(["strace", "-p", thread, "-o", "/dev/null", "-e", f"trace={call}",
                                   "-e", f"inject={call}:{fault}"], stderr=open(said, "wb"))
        try:
            rig.wait_for("strace holds it", lambda: b"attached" in said.read_bytes())
            yield
        finally:
            holder.terminate()
            holder.wait(20)

    def ctl(self, *words):
        done = subprocess.run([self.site.build / "campusctl", "--socket", self.gateway.socket, *words],
                              capture_output=True, text=True, timeout=60, check=False, stdin=subprocess.DEVNULL)
        assert done.returncode == 0, done.stderr
        return done.stdout, done.stderr

    def post(self, path, **body):
        status, answer = self.gateway.request("POST", path, body)
        assert status == 200, answer
        return answer

    def give(self, order):
        """What @order is answered, by a gateway that is killed before it can do any more."""
        answer = order()
        self.gateway.kill()
        self.start()
        return answer

    def kept(self, order):
        answer = self.give(order)
        assert answer["kept"] is True, answer

    def said(self, order):
        """The same of campusctl, who warns when it is not so."""
        assert self.give(order)[1] == ""


@pytest.fixture(params=INTERVALS)
def office(request, site):
    site.shipped("metrics.yaml")
    shutil.copy(ROOT / "etc/campus.yaml", site.config / "campus.yaml")
    shutil.copy(ROOT / "etc/timetable.example.csv", site.config / "timetable.csv")
    site.gateway_yaml(interval=request.param)
    return Lives(site, MONDAY)


def day_of(lives, day="2026-11-16"):
    return lives.gateway.get(f"calendar?day={day}")


def class_of(lives):
    return next(row for row in day_of(lives)["classes"] if row["id"] == CLASS)


def enter(lives, what, **fields):
    return lives.post("calendar/entries", do=what, day="2026-11-16", **fields)


def test_an_entry_that_was_answered_is_on_the_disk(office):
    plain = [lesson["subject"] for lesson in class_of(office)["lessons"]]
    for number in range(1, ROUNDS + 1):
        office.kept(lambda n=number: enter(office, "leave", **{"class": CLASS, "count": n}))
        assert class_of(office)["leave"] == number
        office.kept(lambda n=number: enter(office, "attendance", **{"class": CLASS, "count": 40 - n}))
        assert class_of(office)["entered"] == 40 - number
        office.kept(lambda: enter(office, "swap-lesson", **{"class": CLASS, "lesson": 1, "with": 4}))
        assert class_of(office)["lessons"][0]["subject"] == plain[3]
        office.kept(lambda: enter(office, "swap-lesson", **{"class": CLASS, "lesson": 1, "undo": True}))
        office.kept(lambda: enter(office, "swap-lesson", **{"class": CLASS, "lesson": 4, "undo": True}))
        assert [lesson["subject"] for lesson in class_of(office)["lessons"]] == plain
        office.kept(lambda n=number: enter(office, "exempt", **{"reason": "rain", "from": f"{n + 8:02}:00",
                                                                "until": f"{n + 8:02}:30"}))
        assert len(day_of(office)["exemptions"]) == number


def test_what_campusctl_entered_is_on_the_disk(office):
    table = office.site.folder / "leave.csv"
    for number in range(1, ROUNDS + 1):
        office.said(lambda n=number: office.ctl("enter", "leave", f"class={CLASS},day=2026-11-16,count={n}"))
        assert class_of(office)["leave"] == number
        table.write_text(f"日期,班级,请假,到校\n2026-11-16,{CLASS},{number + 10},30\n"
                         f"2026-11-17,{CLASS},{number},40\n")
        office.said(lambda: office.ctl("enter", "--csv", table))
        assert class_of(office)["leave"] == number + 10
        office.said(lambda: office.ctl("enter", "exempt", "reason=pollution,day=2026-11-18,from=10:00,until=12:00"))
        assert [row["reason"] for row in day_of(office, "2026-11-18")["exemptions"]] == ["pollution"]
        office.said(lambda: office.ctl("enter", "exempt", "reason=pollution,day=2026-11-18,undo"))
        assert day_of(office, "2026-11-18")["exemptions"] == []


@pytest.fixture(params=INTERVALS)
def gatehouse(request, site, school):
    site.shipped()
    site.gateway_yaml(AREAS, interval=request.param)
    site.write("devices.d/security.yaml", DEVICES.format(port=school.port))
    return Lives(site, is_ready=lambda gateway: gateway.online())


def area(lives):
    return next(row for row in lives.gateway.get("commands/areas")["answer"] if row["id"] == "labs")


def open_tests(lives):
    return [row["target"] for row in lives.gateway.get("commands/tests")["answer"]["open"]]


def command(lives, name, **body):
    return lives.post(f"commands/{name}", **body)


def test_an_order_to_the_defenses_is_on_the_disk(gatehouse):
    lives = gatehouse
    reason = {"comment": "painters", "minutes": 20}
    for _ in range(ROUNDS):
        lives.kept(lambda: command(lives, "arm", target="labs", comment="night"))
        assert area(lives)["mode"] == "away"
        lives.kept(lambda: command(lives, "disarm", target="labs"))
        assert area(lives)["mode"] == "disarmed"
        lives.said(lambda: lives.ctl("arm", "labs", "stay"))
        assert area(lives)["mode"] == "stay"
        lives.said(lambda: lives.ctl("disarm", "labs"))
        lives.kept(lambda: command(lives, "bypass", target="lab-window", **reason))
        assert area(lives)["zones"][0]["bypassed"]
        lives.kept(lambda: command(lives, "bypass", target="lab-window", value="off"))
        assert not area(lives)["zones"][0]["bypassed"]
        lives.kept(lambda: command(lives, "drill", target="canteen", **reason))
        assert open_tests(lives) == ["canteen"]
        lives.kept(lambda: command(lives, "drill", target="canteen", value="off"))
        assert open_tests(lives) == []
        lives.kept(lambda: command(lives, "test", target="panic-gate", minutes=10))
        assert open_tests(lives) == ["panic-gate"]
        lives.said(lambda: lives.ctl("test", "panic-gate", "off"))
        assert open_tests(lives) == []


def alarm(lives, name):
    rows = {row["id"]: row for row in lives.gateway.get("alarms?all=true")["alarms"]}
    return rows.get(name, {}).get("state")


def act(lives, name, verb, **body):
    return lives.post(f"alarms/{name}/{verb}", **body)


def tell(lives, school, word):
    subprocess.run(["mosquitto_pub", "-p", str(school.port), "-q", "1", "-t", "security/panic-gate", "-m", word],
                   check=True, timeout=20)


def test_what_was_done_to_an_alarm_is_on_the_disk(gatehouse, school):
    lives = gatehouse
    panic = "TF-01@panic-gate"
    bypass = "TF-03-bypass@lab-window"
    command(lives, "bypass", target="lab-window", comment="painters", minutes=60)
    rig.wait_for("the bypass is told", lambda: alarm(lives, bypass) == "unacknowledged")
    for _ in range(ROUNDS):
        tell(lives, school, "pressed")
        rig.wait_for("the panic is there", lambda: alarm(lives, panic) == "unacknowledged")
        tell(lives, school, "normal")
        rig.wait_for("it is latched", lambda: alarm(lives, panic) == "latched")
        lives.kept(lambda: act(lives, panic, "ack"))
        assert alarm(lives, panic) == "latched-acknowledged"
        lives.said(lambda: lives.ctl("reset", panic))
        assert alarm(lives, panic) == "normal"
        lives.kept(lambda: act(lives, bypass, "shelve", comment="known", minutes=30))
        assert alarm(lives, bypass) == "shelved"
        lives.kept(lambda: act(lives, bypass, "unshelve"))
        assert alarm(lives, bypass) != "shelved"


def arm(lives, word="away"):
    return command(lives, "arm", target="labs", value=word)


@pytest.fixture
def quick(site, school):
    site.shipped()
    site.gateway_yaml(AREAS)
    site.write("devices.d/security.yaml", DEVICES.format(port=school.port))
    return Lives(site, is_ready=lambda gateway: gateway.online())


def test_on_a_full_disk_an_order_is_done_and_told_not_to_be_kept(quick, school):
    panic = "TF-01@panic-gate"
    tell(quick, school, "pressed")
    rig.wait_for("the panic is there", lambda: alarm(quick, panic) == "unacknowledged")
    with quick.disk("pwrite64", "error=ENOSPC"):
        answer = act(quick, panic, "ack")
        assert answer["alarm"]["state"] == "acknowledged"
        assert answer["kept"] is False and "full" in answer["why"], answer
        rig.wait_for("the disk is known to be full", lambda: quick.gateway.get("status")["store"]["fault"])
        assert arm(quick)["kept"] is False
        assert "not on the disk" in quick.ctl("disarm", "labs")[1]
        assert arm(quick, "stay")["kept"] is False
    rig.wait_for("it has room again", lambda: not quick.gateway.get("status")["store"]["fault"], 30)
    quick.kept(lambda: command(quick, "test", target="panic-gate", minutes=10))
    assert (alarm(quick, panic), area(quick)["mode"]) == ("acknowledged", "stay"), "with what came before"


def test_a_disk_that_does_not_answer_holds_nobody_up(quick):
    with quick.disk("fdatasync", "delay_enter=120s"), concurrent.futures.ThreadPoolExecutor() as pool:
        order = pool.submit(arm, quick)
        served = 0
        while not order.done():
            assert quick.gateway.get("commands/areas") and quick.gateway.get("alarms")
            served += 1
        answer = order.result()
        assert answer["kept"] is False and "has not answered" in answer["why"], answer
        assert served > 1, "others were served while it waited"
        assert area(quick)["mode"] == "away"
        assert arm(quick, "stay")["kept"] is False
    rig.wait_for("it answers again", lambda: command(quick, "disarm", target="labs")["kept"])
    quick.kept(lambda: arm(quick))
    assert area(quick)["mode"] == "away"


def test_orders_that_wait_for_the_disk_end_no_later_than_the_gateway(quick):
    """Killed by no-one: the stop waits for the disk, and tells those who wait or hangs up.
    Who comes after it is told that nothing was done."""
    def order():
        try:
            return arm(quick)["kept"]
        except AssertionError as refused:
            assert "nothing was done" in str(refused)
        except (ConnectionError, http.client.HTTPException):
            pass
        return None

    with concurrent.futures.ThreadPoolExecutor() as pool:
        with quick.disk("fdatasync", "delay_enter=120s"):
            waiting = [pool.submit(order) for _ in range(5)]
            rig.wait_for("it is done", lambda: area(quick)["mode"] == "away")
            quick.gateway.process.send_signal(signal.SIGTERM)
            rig.wait_for("it stops", lambda: "stopping on signal" in quick.gateway.text())
        assert quick.gateway.stop() == 0
        assert {one.result() for one in waiting} <= {True, False, None}
    quick.start()
    assert area(quick)["mode"] == "away"


def test_without_a_store_an_order_is_done_and_told_not_to_be_kept(site, school):
    site.shipped()
    site.gateway_yaml(AREAS)
    path = site.config / "gateway.yaml"
    path.write_text(path.read_text().replace("/campus.db", "/state/campus.db"))
    site.write("devices.d/security.yaml", DEVICES.format(port=school.port))
    lives = Lives(site, is_ready=lambda gateway: gateway.online())
    answer = arm(lives)
    assert answer["kept"] is False and "/state/campus.db" in answer["why"], answer
    assert area(lives)["mode"] == "away"
    (site.folder / "state").mkdir()
    rig.wait_for("the store comes", lambda: (lives.gateway.answers() or {"store": {"away": True}})["store"]["away"] is False, 30)
    rig.wait_for("it is ready", lambda: lives.gateway.answers() and lives.gateway.online(), 30)
    lives.kept(lambda: arm(lives))
    assert area(lives)["mode"] == "away"
