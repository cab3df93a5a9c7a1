"""Writes day.jsonl: the readings and the operators of the day that day.md explains.

    /usr/bin/python3 tests/replay/make_day.py > tests/replay/day.jsonl
"""
import json

DAY = "2026-11-23"

# From when on a value stands, local time; None = silent.
LUX = {"07:50": 400, "08:30": 299, "08:41": 376.5, "08:51": 400, "09:10": 200, "09:20": 329,
       "09:50": 100, "10:12": 400, "10:25": 150, "10:35": 400, "10:44": 200, "10:55": 400,
       "11:00": None, "12:00": 400}
PROJECTING = {"07:50": 0, "10:24": 1, "10:46": 0}
# People who have come in and gone out so far; the device's totals begin at IN and OUT.
CAME = {"07:50": 0, "08:15": 5, "09:12": 47, "10:05": 52, "11:05": 95, "12:00": 99,
        "12:05": 100, "12:21": 101, "13:55": 148}
WENT = {"07:50": 0, "10:00": 5, "10:36": 48, "12:04": 49, "12:15": 52, "12:20": 53,
        "12:23": 54, "12:40": 101}
IN, OUT = 65500, 1000
RESET = "13:00"  # the counter restarts: both totals begin at zero again

EVENTS = [
    ("08:40:30", {"do": "acknowledge", "alarm": "EY-01@b1-203", "by": "duty"}),
    ("09:46:00", {"do": "acknowledge", "alarm": "EY-01@b1-203", "by": "duty"}),
    ("12:02:00", {"do": "acknowledge", "alarm": "SY-01@lux-203", "by": "it"}),
    ("12:07:30", {"do": "restart"}),
    ("12:12:00", {"do": "acknowledge", "alarm": "CS-04@b1-203", "by": "duty"}),
    ("08:00:00", {"point": "gate-south/panic", "v": "normal"}),
    ("14:00:00.200", {"point": "gate-south/panic", "v": "pressed"}),
    ("14:00:03", {"point": "gate-south/panic", "v": "normal"}),
    ("14:00:20", {"do": "acknowledge", "alarm": "TF-01@panic-gate", "by": "guard"}),
    ("14:03:00", {"do": "restart"}),
    ("14:05:00", {"do": "reset", "alarm": "TF-01@panic-gate", "by": "guard"}),
    ("14:10:30", {"do": "end"}),
]


def standing(steps, clock):
    """The value of the last step up to @clock."""
    return steps[max(start for start in steps if start <= clock)]


def minutes():
    for minute in range(7 * 60 + 50, 14 * 60 + 11):
        yield f"{minute // 60:02}:{minute % 60:02}"


def total(start, steps, clock):
    """What the device tells: 16 bits, from zero again after its restart."""
    if clock >= RESET:
        return standing(steps, clock) - standing(steps, RESET)
    return (start + standing(steps, clock)) % 65536


def readings():
    for clock in minutes():
        values = [("people_in", total(IN, CAME, clock)),
                  ("people_out", total(OUT, WENT, clock)),
                  ("desk_lux", standing(LUX, clock)),
                  ("projecting", standing(PROJECTING, clock))]
        for metric, value in values:
            if value is not None:
                yield clock + ":00", {"point": f"b1-203/{metric}", "v": value}


def main():
    lines = sorted([*readings(), *EVENTS], key=lambda line: line[0])
    for clock, line in lines:
        print(json.dumps({"t": f"{DAY}T{clock}+08:00", **line}, separators=(",", ":")))


if __name__ == "__main__":
    main()
