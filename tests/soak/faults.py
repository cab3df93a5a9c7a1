"""What happens to the soaked gateway, one a minute in this order: each takes a quarter of its minute
and leaves everything as it was."""
import contextlib
import http.client
import pathlib
import socket
import subprocess

PAGES = 15


def school_broker_dies(soak):
    soak.school.kill()
    soak.sleep(0.5)
    soak.school.start()


def lines_are_dead(soak):
    soak.lines.silence()
    soak.sleep(1)
    soak.lines.speak()


def county_broker_dies(soak):
    soak.county_broker.kill()
    soak.sleep(1)
    soak.county_broker.start()


def reloads(soak):
    """Another line, another device and another rule, and back."""
    added = {"devices.d/more.yaml": MORE_DEVICES.format(port=soak.lines.tcp.port), "rules/more.yaml": MORE_RULES}
    for name, text in added.items():
        (soak.config / name).write_text(text)
    soak.ctl("reload", "--yes")
    soak.sleep(0.5)
    for name in added:
        (soak.config / name).unlink()
    soak.ctl("reload", "--yes")


def disk_is_slow(soak):
    """Each sync of the store takes 400 ms longer."""
    tasks = pathlib.Path(f"/proc/{soak.gateway.process.pid}/task")
    thread = next(task.name for task in tasks.iterdir() if (task / "comm").read_text() == "store\n")
    holder = subprocess.Popen(["strace", "-q", "-p", thread, "-o", "/dev/null", "-e", "trace=fdatasync", "-e",
                               "inject=fdatasync:delay_enter=400000"], stderr=subprocess.DEVNULL)
    soak.sleep(1)
    holder.terminate()
    holder.wait(20)


def receiver_dies(soak):
    soak.county.kill()
    soak.sleep(1)
    soak.county.start()


def people_come_and_go(soak):
    """Pages that are opened and left, questions for history, bad requests."""
    with contextlib.ExitStack() as pages:
        for number in range(PAGES):
            page = pages.enter_context(contextlib.closing(socket.socket(socket.AF_UNIX)))
            page.connect(str(soak.gateway.socket))
            page.sendall(b"GET /api/v1/events HTTP/1.1\r\nHost: a\r\n\r\n" if number % 3 else b"GET /api/v1/pl")
            for path in ("points", "places", "journal", f"points/{number + 1}/history", "alarms", "nothing"):
                with contextlib.suppress(ValueError, OSError, http.client.HTTPException):
                    soak.gateway.get(path)
        soak.sleep(0.7)


def panic_is_pressed(soak):
    for _ in range(10):
        soak.crowd.press(1)
        soak.sleep(0.05)
        soak.gateway.request("POST", "alarms/TF-01@alarm-host/ack", {})
        soak.crowd.press(0)
        soak.sleep(0.05)


EVERY = (school_broker_dies, lines_are_dead, county_broker_dies, reloads, disk_is_slow, receiver_dies,
         people_come_and_go, panic_is_pressed)

MORE_DEVICES = """\
buses:
  - {{name: more, driver: modbus-tcp, host: 127.0.0.1, port: {port}, timeout: 300ms}}
devices:
  - {{name: more-1, bus: more, unit: 1, place: p20, period: 1s, points: [{{metric: power, name: more, address: 0, function: 3}}]}}
"""
MORE_RULES = """\
rules:
  - {id: MORE-1, title: {zh: 热, en: Warm}, each: {kind: classroom}, inputs: {t: {mean: temperature, over: 5min}}, when: t > 50, severity: P4, basis: for measuring, action: {zh: 看, en: Look}}
"""
