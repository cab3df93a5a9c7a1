"""School days and nights of light, air, noise and screens, and what must come of each: the
rules' steps as worked out by hand from the thresholds, before the rules were run.

A step is (clock, value); a day is {point: steps}.  In b1-101 desks are told in lx at the
desk: the sensors see less by their factor of 1.25.
"""
import datetime

MONDAY = datetime.date(2026, 11, 23)
TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY = (
    MONDAY + datetime.timedelta(days=n) for n in range(1, 6))
NEXT_MONDAY = MONDAY + datetime.timedelta(days=7)
K = 1.25
RAISED, RETURNED, FACT = ("normal", "unacknowledged"), ("unacknowledged", "returned"), ("fact",)
A, B, C = "b1-101", "b1-102", "b1-103"
P1, P2, P3 = "2024-P-01", "2024-P-02", "2024-P-03"


def desk(*steps, room=A, points="abcd", k=K):
    """The same at every desk."""
    names = [f"{room}/desk_lux.{p}" for p in points] if points else [f"{room}/desk_lux"]
    return {name: [(clock, lux / k) for clock, lux in steps] for name in names}


def dead_until(clock):
    """Then too dark until the lesson's end."""
    return {f"{A}/desk_lux.{p}": [("07:30", None), (clock, 299 / K), ("08:56", 400 / K)] for p in "abcd"}


def desks(clock, *values):
    return {f"{A}/desk_lux.{p}": [(clock, lux / K)] for p, lux in zip("abcd", values)}


def board(*steps):
    return {f"{A}/board_lux.{p}": list(steps) for p in "abcd"}


def boards(clock, *values):
    return {f"{A}/board_lux.{p}": [(clock, lux)] for p, lux in zip("abcd", values)}


def one(point, *steps):
    return {point: list(steps)}


def merged(*days):
    """Steps of the same point one after the other."""
    result = {}
    for day in days:
        for point, steps in day.items():
            result[point] = sorted([*result.get(point, []), *steps])
    return result


def people(*steps, room=A):
    return one(f"{room}/occupancy", *(steps or [("08:00", 40), ("09:00", 0)]))


PANEL = f"{A}/panel_power"


def lesson_one(*parts, inside=40, end="09:10"):
    """The first lesson with so many in the room: its middle is 08:25 to 08:55.  The panel
    is off unless said."""
    seen = merged(people(("08:00", inside), ("09:00", 0)), *parts)
    return [(MONDAY, {PANEL: [("07:30", 3)], **seen}, end)]


def both(rule, raised, returned, thing=A, day=MONDAY):
    return [(day, raised, rule, thing, RAISED), (day, returned, rule, thing, RETURNED)]


LESSONS = {
    # EY-01: a mean of ten minutes; the window reaches back over the lesson's start.
    "desks of 299": (lesson_one(desk(("07:30", 299), ("08:56", 400))),
                     both("EY-01", "08:25:00", "08:55:00")),
    "desks of 300": (lesson_one(desk(("07:30", 300))), []),
    "a mean of 299.5": (lesson_one(desk(("07:30", 400), ("08:40", 299.5), ("08:56", 400))),
                        both("EY-01", "08:50:00", "08:55:00")),
    "desks of 329 again": (lesson_one(desk(("07:30", 299), ("08:30", 329), ("08:56", 400))),
                           both("EY-01", "08:25:00", "08:55:00")),
    "desks of 330 again": (lesson_one(desk(("07:30", 299), ("08:30", 330))),
                           both("EY-01", "08:25:00", "08:45:00")),
    # Eight of the ten minutes must be known: 480 s are, at 08:30, and 476 s are not.
    "desks that were dead until 08:22": (lesson_one(dead_until("08:22")), both("EY-01", "08:30:00", "08:55:00")),
    "desks that were dead for 4 s more": (lesson_one(dead_until("08:22:04")),
                                          both("EY-01", "08:30:30", "08:55:00")),
    "five pupils": (lesson_one(desk(("07:30", 299), ("08:56", 400)), inside=5),
                    both("EY-01", "08:25:00", "08:55:00")),
    "four pupils": (lesson_one(desk(("07:30", 299), ("08:56", 400)), inside=4), []),
    "three of four desks make the mean": (
        lesson_one(desks("07:30", 200, 320, 330, 349)),
        both("EY-01", "08:25:00", "08:55:00")),
    "a sensor without a record prompts, too": (
        [(MONDAY, merged(people(room=B), desk(("07:30", 299), ("08:56", 400), room=B, points="", k=1)),
          "09:10")], both("EY-01", "08:25:00", "08:55:00", B)),
    # Panel above 40 W: projecting; below 5 W: not; between as it was.
    "a panel of 41 W": (lesson_one(desk(("07:30", 299), ("08:56", 400)),
                                   one(PANEL, ("08:00", 3), ("08:20", 41), ("09:00", 3))), []),
    "a panel of 40 W": (lesson_one(desk(("07:30", 299), ("08:56", 400)),
                                   one(PANEL, ("08:00", 3), ("08:20", 40), ("09:00", 3))),
                        both("EY-01", "08:25:00", "08:55:00")),
    "a panel that falls to 5 W": (
        lesson_one(desk(("07:30", 299), ("08:56", 400)),
                   one(PANEL, ("08:00", 3), ("08:20", 41), ("08:30", 5), ("09:00", 3))), []),
    "a panel that falls to 4 W": (
        lesson_one(desk(("07:30", 299), ("08:56", 400)),
                   one(PANEL, ("08:00", 3), ("08:20", 41), ("08:30", 4))),
        both("EY-01", "08:30:00", "08:55:00")),
    # EY-02: ten minutes, from the middle's start.
    "a board of 499": (lesson_one(board(("07:30", 499))), both("EY-02", "08:35:00", "08:55:00")),
    "a board of 500": (lesson_one(board(("07:30", 500))), []),
    "a board of 549 again": (lesson_one(board(("07:30", 499), ("08:40", 549))),
                             both("EY-02", "08:35:00", "08:55:00")),
    "a board of 550 again": (lesson_one(board(("07:30", 499), ("08:40", 550))),
                             both("EY-02", "08:35:00", "08:45:00")),
    "a dark board beside a panel": (
        lesson_one(board(("07:30", 499)),
                   one(PANEL, ("08:00", 3), ("08:20", 41), ("09:00", 3))), []),
    "a dark board for four": (lesson_one(board(("07:30", 499)), inside=4), []),
    # EY-05: one desk in the sun is enough.
    "a desk of 2001": (lesson_one(desks("07:30", 2001, 400, 400, 400)),
                       both("EY-05", "08:35:00", "08:55:00")),
    "a desk of 2000": (lesson_one(desks("07:30", 2000, 400, 400, 400)), []),
    "a desk of 1500 again": (
        lesson_one(merged(desks("07:30", 2001, 400, 400, 400), desks("08:40", 1500, 400, 400, 400))),
        both("EY-05", "08:35:00", "08:55:00")),
    "a desk of 1499 again": (
        lesson_one(merged(desks("07:30", 2001, 400, 400, 400), desks("08:40", 1499, 400, 400, 400))),
        both("EY-05", "08:35:00", "08:45:00")),
    # AQ-01, and what altitude does: 1500 ppm at 835 hPa is 1236.1 by the ratio, and 1077.5
    # where 1.58 % are lost for each of 17.825 kPa.
    "1500 ppm": (lesson_one(one(f"{A}/co2", ("07:30", 1500))), both("AQ-01", "08:35:00", "08:55:00")),
    "1499 ppm": (lesson_one(one(f"{A}/co2", ("07:30", 1499))), []),
    "1500 ppm for four": (lesson_one(one(f"{A}/co2", ("07:30", 1500)), inside=4), []),
    "1201 ppm again": (lesson_one(one(f"{A}/co2", ("07:30", 1500), ("08:40", 1201))),
                       both("AQ-01", "08:35:00", "08:55:00")),
    "1200 ppm again": (lesson_one(one(f"{A}/co2", ("07:30", 1500), ("08:40", 1200))),
                       both("AQ-01", "08:35:00", "08:45:00")),
    "1237 ppm as read at 835 hPa": (
        [(MONDAY, merged(people(room=B), one(f"{B}/co2", ("07:30", 1237))), "09:10")],
        both("AQ-01", "08:35:00", "08:55:00", B)),
    "1236 ppm as read at 835 hPa": (
        [(MONDAY, merged(people(room=B), one(f"{B}/co2", ("07:30", 1236))), "09:10")], []),
    "1078 ppm of a sensor that loses by the kPa": (
        [(MONDAY, merged(people(room=C), one(f"{C}/co2", ("07:30", 1078))), "09:10")],
        both("AQ-01", "08:35:00", "08:55:00", C)),
    "1077 ppm of a sensor that loses by the kPa": (
        [(MONDAY, merged(people(room=C), one(f"{C}/co2", ("07:30", 1077))), "09:10")], []),
    # TH-01: twenty minutes, from the middle's start.
    "15.9 °C": (lesson_one(one(f"{A}/temperature", ("07:30", 15.9))),
                both("TH-01", "08:45:00", "08:55:00")),
    "16 °C": (lesson_one(one(f"{A}/temperature", ("07:30", 16))), []),
    "15.9 °C for 19 minutes": (
        lesson_one(one(f"{A}/temperature", ("07:30", 15.9), ("08:44", 16.5))), []),
    "16.9 °C again": (lesson_one(one(f"{A}/temperature", ("07:30", 15.9), ("08:50", 16.9))),
                      both("TH-01", "08:45:00", "08:55:00")),
    "17 °C again": (lesson_one(one(f"{A}/temperature", ("07:30", 15.9), ("08:50", 17))),
                    both("TH-01", "08:45:00", "08:50:00")),
    "30.1 °C": (lesson_one(one(f"{A}/temperature", ("07:30", 30.1))),
                both("TH-01", "08:45:00", "08:55:00")),
    "30 °C": (lesson_one(one(f"{A}/temperature", ("07:30", 30))), []),
    "29.1 °C again": (lesson_one(one(f"{A}/temperature", ("07:30", 30.1), ("08:50", 29.1))),
                      both("TH-01", "08:45:00", "08:55:00")),
    "29 °C again": (lesson_one(one(f"{A}/temperature", ("07:30", 30.1), ("08:50", 29))),
                    both("TH-01", "08:45:00", "08:50:00")),
}


def quiet(level, inside=0, window=0, since="07:00", day=MONDAY, end="07:40"):
    return [(day, merged(one(f"{A}/noise", (since, level)), one(f"{A}/window", (since, window)),
                         people((since, inside))), end)]


DAYS = {
    # NZ-01: ten minutes of an empty room with its windows closed.
    "46 dB in an empty room": (quiet(46), [(MONDAY, "07:10:00", "NZ-01", A, FACT)]),
    "45 dB in an empty room": (quiet(45), []),
    "46 dB with one inside": (quiet(46, inside=1), []),
    "46 dB with a window open": (quiet(46, window=1), []),
    # Eight of ten minutes with 46 dB are 45.04 dB, seven are 44.5.
    "46 dB for eight minutes": (
        [(MONDAY, merged(quiet(46)[0][1], one(f"{A}/noise", ("07:08", 30))), "07:40")],
        [(MONDAY, "07:10:00", "NZ-01", A, FACT)]),
    "46 dB for seven minutes": (
        [(MONDAY, merged(quiet(46)[0][1], one(f"{A}/noise", ("07:07", 30))), "07:40")], []),
    "46 dB, and somebody in the ninth minute": (
        [(MONDAY, merged(quiet(46)[0][1], people(("07:09:10", 1), ("07:09:20", 0))), "07:19:50")], []),
    "46 dB while the room's class has PE": (quiet(46, since="10:25", end="11:05"), []),
    "46 dB after PE": (quiet(46, since="10:30", end="11:30"),
                       [(MONDAY, "11:15:00", "NZ-01", A, FACT)]),
    "46 dB on a holiday": (quiet(46, day=WEDNESDAY), []),
    # AQ-02: 205 minutes of lessons and recesses; 144 of them are 70 %.
    "a mean of 1001 ppm": ([(MONDAY, one(f"{A}/co2", ("08:00", 1001)), "18:40")],
                           [(MONDAY, "18:30:00", "AQ-02", A, FACT)]),
    "a mean of 1000 ppm": ([(MONDAY, one(f"{A}/co2", ("08:00", 1000)), "18:40")], []),
    "1100 ppm at lunch alone": (
        [(MONDAY, one(f"{A}/co2", ("08:00", 900), ("11:05", 1300), ("14:30", 900), ("15:10", 1300)),
          "18:40")], []),
    "144 minutes are known": ([(MONDAY, one(f"{A}/co2", ("08:00", None), ("09:21", 1100)), "18:40")],
                              [(MONDAY, "18:30:00", "AQ-02", A, FACT)]),
    "143 minutes are known": ([(MONDAY, one(f"{A}/co2", ("08:00", None), ("09:22", 1100)), "18:40")], []),
    # AQ-03: 1008 of 1440 minutes are 70 %.
    "a day of 51 µg/m³": ([(MONDAY, one(f"{A}/pm25", ("00:00:10", 51)), "24:40")],
                          [(TUESDAY, "00:30:00", "AQ-03", A, FACT)]),
    "a day of 50 µg/m³": ([(MONDAY, one(f"{A}/pm25", ("00:00:10", 50)), "24:40")], []),
    "17 hours of 51": ([(MONDAY, one(f"{A}/pm25", ("00:00:10", None), ("07:12", 51)), "24:40")],
                       [(TUESDAY, "00:30:00", "AQ-03", A, FACT)]),
    "less than 17 hours": ([(MONDAY, one(f"{A}/pm25", ("00:00:10", None), ("07:13", 51)), "24:40")], []),
    # EY-04: 160 minutes of lessons a day, 40 of them out of doors: 48 are 30 %.
    "a panel on for 49 minutes of lessons": (
        [(MONDAY, one(PANEL, ("08:00", 3), ("08:20", 100), ("09:24", 3)), "18:40")],
        [(MONDAY, "18:30:00", "EY-04-day", P1, FACT)]),
    "a panel on for 48 minutes of lessons": (
        [(MONDAY, one(PANEL, ("08:00", 3), ("08:20", 100), ("09:23", 3)), "18:40")], []),
    "a panel on all PE long": (
        [(MONDAY, one(PANEL, ("08:00", 3), ("10:00", 100), ("14:29", 3)), "18:40")], []),
}


def screen_week(last):
    """Monday to Friday without Wednesday: 640 minutes, 192 of them are 30 %.  48 minutes a
    day, on Friday until @last."""
    def day(until):
        return one(PANEL, ("08:00", 3), ("08:20", 100), (until, 3), ("15:20", 3))
    days = [(d, day("09:23"), "18:40") for d in (MONDAY, TUESDAY, THURSDAY)]
    return [*days, (FRIDAY, day(last), "18:40"),
            (NEXT_MONDAY, one(PANEL, ("05:00", 3)), "06:10")]


DAYS.update({
    "a panel on for 193 minutes of a week": (
        screen_week("09:24"), [(FRIDAY, "18:30:00", "EY-04-day", P1, FACT),
                               (NEXT_MONDAY, "06:00:00", "EY-04", P1, FACT)]),
    "a panel on for 192 minutes of a week": (screen_week("09:23"), []),
})
