"""Night lamp tests: lamps go on, and what must come of it.

Each is (what the room sees, the rules' steps, the words of the tests' facts)."""
from lesson_days import A, B, C, MONDAY, RAISED, RETURNED, board, boards, desk, desks, merged, one, people

PASSED, FAILED, PARTIAL = "passed", "failed", "partial"
DARK = merged(desk(("05:00", 1)), board(("05:00", 1)))
EMPTY = people(("05:00", 0))


def night(*parts, end="06:40"):
    return [(MONDAY, merged(DARK, EMPTY, *parts), end)]


def measured(*parts):
    """Until the test is over: lamps on at 05:30, warm at 05:45, measured at 05:50."""
    return night(*parts, end="06:00")


def raised(rule, clock="05:50:00", thing=A):
    return [(MONDAY, clock, rule, thing, RAISED)]


ALL_ON = merged(desk(("05:30", 400)), board(("05:30", 600)))

NIGHTS = {
    "desks of 300, board of 500": (measured(desk(("05:30", 300)), board(("05:30", 500))), [], [PASSED]),
    "desks of 299": (measured(desk(("05:30", 299)), board(("05:30", 600))), raised("EY-03"), [FAILED]),
    "a board of 499": (measured(desk(("05:30", 400)), board(("05:30", 499))), raised("EY-03-board"),
                       [FAILED]),
    # 280 of 400 are 0.70, 276 are 0.69.
    "desks of uniformity 0.70": (measured(desks("05:30", 280, 440, 440, 440), board(("05:30", 600))), [],
                                 [PASSED]),
    "desks of uniformity 0.69": (measured(desks("05:30", 276, 440, 442, 442), board(("05:30", 600))),
                                 raised("EY-03"), [FAILED]),
    # 480 of 600 are 0.80, 474 are 0.79.
    "a board of uniformity 0.80": (measured(desk(("05:30", 400)), boards("05:30", 480, 640, 640, 640)), [],
                                   [PASSED]),
    "a board of uniformity 0.79": (measured(desk(("05:30", 400)), boards("05:30", 474, 642, 642, 642)),
                                   raised("EY-03-board"), [FAILED]),
    "lamps that are repaired": (
        night(desk(("05:10", 299), ("05:31", 1), ("05:35", 400)), board(("05:10", 600), ("05:31", 1),
                                                                       ("05:35", 600))),
        [*raised("EY-03", "05:30:00"), (MONDAY, "05:55:00", "EY-03", A, RETURNED)], [FAILED, PASSED]),
    "a month that has passed": (
        night(desk(("05:05", 400), ("05:27", 1), ("05:35", 299)), board(("05:05", 600), ("05:27", 1),
                                                                       ("05:35", 600))), [], [PASSED]),
    # The last minute that is night is 06:29.
    "measured at 06:29": (night(desk(("06:09", 299)), board(("06:09", 600))),
                          raised("EY-03", "06:29:00"), [FAILED]),
    "measured at 06:30": (night(desk(("06:10", 299)), board(("06:10", 600))),
                          raised("EY-03", "06:30:00"), [FAILED]),
    "measured at 06:31": (night(desk(("06:11", 299)), board(("06:11", 600))), [], ["daylight"]),
    "lamps on at 21:01": (
        [(MONDAY, merged(desk(("20:50", 1), ("21:01", 299)), board(("20:50", 1), ("21:01", 600)),
                         people(("20:50", 0))), "21:40")], raised("EY-03", "21:21:00"), [FAILED]),
    "lamps on at 21:00": (
        [(MONDAY, merged(desk(("20:50", 1), ("21:00", 299)), board(("20:50", 1), ("21:00", 600)),
                         people(("20:50", 0))), "21:40")], [], []),
    "lamps on before 21:00": (
        [(MONDAY, merged(desk(("20:50", 1), ("20:59", 299)), board(("20:50", 1), ("20:59", 600)),
                         people(("20:50", 0))), "21:40")], [], []),
    # Below 5 lx it is dark.
    "4.9 lx before": (
        [(MONDAY, merged(EMPTY, desk(("05:00", 4.9), ("05:30", 299)), board(("05:00", 1), ("05:30", 600))),
          "06:00")], raised("EY-03"), [FAILED]),
    "5 lx before": (
        [(MONDAY, merged(EMPTY, desk(("05:00", 5), ("05:30", 299)), board(("05:00", 1), ("05:30", 600))),
          "06:00")], [], []),
    # With a desk below 50 lx not all lamps are on.
    "a desk of 49": (measured(desks("05:30", 49, 299, 299, 299), board(("05:30", 600))), [], []),
    "a desk of 50": (measured(desks("05:30", 50, 299, 299, 299), board(("05:30", 600))), raised("EY-03"),
                     [FAILED]),
    "moonlight": (measured(desk(("05:20", 0.3))), [], []),
    "the second row comes on later": (
        night(merged(desks("05:30", 40, 40, 300, 300), desks("05:40", 299, 299, 299, 299)),
              board(("05:30", 600)), end="06:05"),
        raised("EY-03", "06:00:00"), [FAILED]),
    "a row that is brighter later begins anew": (
        night(desk(("05:30", 200), ("05:40", 299)), board(("05:30", 600)), end="06:05"),
        raised("EY-03", "06:00:00"), [FAILED]),
    "a row goes out while lamps warm up": (
        measured(merged(desk(("05:30", 400)), desks("05:40", 279, 400, 400, 400)), board(("05:30", 600))),
        [], ["half-lit"]),
    "lamps fade by less than a row": (
        measured(merged(desk(("05:30", 400)), desks("05:40", 281, 400, 400, 400)), board(("05:30", 600))),
        [], [PASSED]),
    "a desk moves by 11 % while it is measured": (
        measured(merged(desk(("05:30", 400)), desks("05:47", 355, 400, 400, 400)), board(("05:30", 600))),
        [], ["unsteady"]),
    # 39 of a mean of 376.6.
    "a desk moves by a little more than a tenth of its mean": (
        measured(merged(desk(("05:30", 400)), desks("05:47", 361, 400, 400, 400)), board(("05:30", 600))),
        [], ["unsteady"]),
    "a desk moves by 9 %": (
        measured(merged(desk(("05:30", 400)), desks("05:47", 364, 400, 400, 400)), board(("05:30", 600))),
        [], [PASSED]),
    "switched off while they warm up": (
        measured(desk(("05:30", 299), ("05:40", 1)), board(("05:30", 600), ("05:40", 1))), [], []),
    "switched off while they are measured": (
        measured(desk(("05:30", 299), ("05:47", 1)), board(("05:30", 600), ("05:47", 1))), [],
        ["switched-off"]),
    "switched off within a minute": (
        measured(desk(("05:30", 299), ("05:40:20", 1)), board(("05:30", 600), ("05:40:20", 1))), [], []),
    # Who switches the lamps on has left by the end of the warm-up; nobody comes back.
    "a guard switches them on and leaves": (
        measured(people(("05:30", 1), ("05:32", 0)), desk(("05:30", 299)), board(("05:30", 600))),
        raised("EY-03"), [FAILED]),
    "a guard leaves in the 15th minute": (
        measured(people(("05:30", 1), ("05:43:50", 0)), desk(("05:30", 299)), board(("05:30", 600))),
        raised("EY-03"), [FAILED]),
    "a guard stays": (
        measured(people(("05:30", 1)), desk(("05:30", 299)), board(("05:30", 600))), [], ["occupied"]),
    "a cleaner comes while lamps warm up": (
        measured(people(("05:40", 1), ("05:42", 0)), desk(("05:30", 299)), board(("05:30", 600))), [],
        ["occupied"]),
    "a cleaner comes while it is measured": (
        measured(people(("05:47:20", 1), ("05:47:40", 0)), desk(("05:30", 299)), board(("05:30", 600))), [],
        ["occupied"]),
    "nobody knows who is there": (
        measured(people(("05:31", None)), desk(("05:30", 299)), board(("05:30", 600))), [], ["sensor"]),
    "a sensor fails": (
        measured(merged(desk(("05:30", 299)), one(f"{A}/desk_lux.a", ("05:40", None))),
                 board(("05:30", 600))), [], ["sensor"]),
    # The lamps themselves.
    "3300 K": (measured(ALL_ON, one(f"{A}/color_temperature", ("05:00", 3300))), [], [PASSED]),
    "3299 K": (measured(ALL_ON, one(f"{A}/color_temperature", ("05:00", 3299))), raised("EY-06"), [PASSED]),
    "5300 K": (measured(ALL_ON, one(f"{A}/color_temperature", ("05:00", 5300))), [], [PASSED]),
    "5301 K": (measured(ALL_ON, one(f"{A}/color_temperature", ("05:00", 5301))), raised("EY-06"), [PASSED]),
    "SVM of 1.0": (measured(ALL_ON, one(f"{A}/flicker_svm", ("05:00", 1.0))), [], [PASSED]),
    "SVM of 1.1": (measured(ALL_ON, one(f"{A}/flicker_svm", ("05:00", 1.1))), raised("EY-06-svm"), [PASSED]),
    # One sensor: 300 lx can be told, uniformity cannot.
    "one sensor of 300": (
        [(MONDAY, merged(people(("05:00", 0), room=B),
                         desk(("05:00", 1), ("05:30", 300), room=B, points="", k=1)), "06:00")], [],
        [PARTIAL]),
    "one sensor of 299": (
        [(MONDAY, merged(people(("05:00", 0), room=B),
                         desk(("05:00", 1), ("05:30", 299), room=B, points="", k=1)), "06:00")],
        raised("EY-03", thing=B), [FAILED]),
}


def said(ceiling, board_lamps, desk_lux, board_lux):
    """b1-103 says whether its lamps are on."""
    return [(MONDAY, merged(
        people(("05:00", 0), room=C), one(f"{C}/lamps.ceiling", ("05:00", 0), *ceiling),
        one(f"{C}/lamps.board", ("05:00", 0), *board_lamps),
        one(f"{C}/desk_lux", ("05:00", 1), ("05:30", desk_lux)),
        one(f"{C}/board_lux", ("05:00", 1), ("05:30", board_lux))), "06:00")]


NIGHTS.update({
    "lamps that say so": (said([("05:30", 1)], [("05:30", 1)], 300, 499),
                          raised("EY-03-board", thing=C), [FAILED]),
    "a board whose lamps stayed off is not judged": (said([("05:30", 1)], [], 300, 200), [], [PARTIAL]),
    "lamps that are on and hardly lit": (said([("05:30", 1)], [], 40, 10), raised("EY-03", thing=C),
                                         [FAILED]),
    "light that is not the lamps'": (said([], [], 300, 600), [], []),
})
