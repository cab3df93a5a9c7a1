"""What the three defenses must do, second by second; written from the rules' sources, before the rules.

A line in: time, point, value; or time, do, command, words, key=value.  A line out: time, rule@object, the
state it goes to (or `fact`).  Times are of Monday 2026-11-23 unless a date stands before them.  A scenario
says all that may happen: nothing else may appear.
"""

import table_doors

SCENARIOS = {
    "a panic is raised at once and stays until it is acknowledged and reset": ("""
        08:30:00 gate-south/panic normal
        08:30:10 gate-south/panic pressed
        08:30:20 gate-south/panic normal
        08:31:00 do acknowledge alarm=TF-01@panic-gate by=duty
        08:32:00 do reset alarm=TF-01@panic-gate by=duty
        08:40:00 do end
    """, """
        08:30:10 TF-01@panic-gate unacknowledged
        08:30:20 TF-01@panic-gate latched
        08:31:00 TF-01@panic-gate latched-acknowledged
        08:32:00 TF-01@panic-gate normal
    """),
    "duress is a panic without a sound": ("""
        08:30:00 office/duress normal
        08:30:10 office/duress duress
        08:30:20 office/duress normal
        08:40:00 do end
    """, """
        08:30:10 TF-01-duress@duress-office unacknowledged
        08:30:20 TF-01-duress@duress-office latched
    """),
    # Seen first on 11-01: 31 days of the calendar on 12-02, 32 on 12-03.
    "a button that was never tested is overdue on the 32nd day": ("""
        11-01T08:00:00 gate-south/panic normal
        12-02T23:59:00 do end
    """, ""),
    "a button is overdue at the midnight that makes 32 days": ("""
        11-01T08:00:00 gate-south/panic normal
        12-03T00:00:10 do end
    """, """
        12-03T00:00:00 TF-02@panic-gate unacknowledged
    """),
    # Tested on 11-03: 31 days on 12-04, 32 on 12-05.
    "a test that came through counts from its day": ("""
        11-01T08:00:00 gate-south/panic normal
        11-03T10:00:00 do test panic-gate by=duty until=2026-11-03T10:10:00+08:00
        11-03T10:01:00 gate-south/panic pressed
        11-03T10:01:10 gate-south/panic normal
        11-03T10:02:00 do acknowledge alarm=TF-01@panic-gate by=duty
        11-03T10:02:30 do reset alarm=TF-01@panic-gate by=duty
        12-05T00:00:10 do end
    """, """
        11-03T10:01:00 TF-01@panic-gate unacknowledged test
        11-03T10:01:10 TF-01@panic-gate latched test
        11-03T10:02:00 TF-01@panic-gate latched-acknowledged test
        11-03T10:02:30 TF-01@panic-gate normal test
        12-05T00:00:00 TF-02@panic-gate unacknowledged
    """),
    "a window in which nothing came through tests nothing": ("""
        11-01T08:00:00 gate-south/panic normal
        11-03T10:00:00 do test panic-gate by=duty until=2026-11-03T10:10:00+08:00
        12-03T00:00:10 do end
    """, """
        12-03T00:00:00 TF-02@panic-gate unacknowledged
    """),
    "what outlives its test window is real": ("""
        08:30:00 gate-south/panic normal
        08:30:30 do test panic-gate by=duty until=2026-11-23T08:40:00+08:00
        08:31:00 gate-south/panic pressed
        08:32:00 do acknowledge alarm=TF-01@panic-gate by=duty
        08:50:00 do end
    """, """
        08:31:00 TF-01@panic-gate unacknowledged test
        08:32:00 TF-01@panic-gate acknowledged test
        08:40:00 TF-01@panic-gate unacknowledged
    """),
    "after the window a press is real": ("""
        08:30:00 gate-south/panic normal
        08:30:30 do test panic-gate by=duty until=2026-11-23T08:40:00+08:00
        08:40:00 gate-south/panic pressed
        08:50:00 do end
    """, """
        08:40:00 TF-01@panic-gate unacknowledged
    """),
    "a drill of the school marks every device and only until it ends": ("""
        08:30:00 office/fire normal
        08:30:00 kitchen/gas normal
        08:31:00 do drill school by=li comment=drill until=2026-11-23T09:00:00+08:00
        08:32:00 office/fire fire
        08:33:00 do drill school off by=li
        08:34:00 kitchen/gas leak
        08:40:00 do end
    """, """
        08:32:00.500 TF-09@fire-panel unacknowledged test
        08:33:00 TF-09@fire-panel unacknowledged
        08:34:00 TF-10@gas-panel unacknowledged
    """),
    "a perimeter of no area is armed always": ("""
        10:00:00 fence-east/perimeter normal
        10:00:10 fence-east/perimeter alarm
        10:00:10.400 fence-east/perimeter normal
        10:01:00 fence-east/perimeter alarm
        10:02:00 fence-east/perimeter normal
        10:10:00 do end
    """, """
        10:01:00.500 TF-03@fence-1 unacknowledged
        10:02:00 TF-03@fence-1 returned
    """),
    "a bypass ends by itself": ("""
        10:00:00 fence-east/perimeter normal
        10:01:00 do bypass fence-1 by=li comment=works until=2026-11-23T10:30:00+08:00
        10:02:00 fence-east/perimeter alarm
        10:03:00 fence-east/perimeter normal
        10:31:00 fence-east/perimeter alarm
        10:40:00 do end
    """, """
        10:01:00 TF-03-bypass@fence-1 unacknowledged
        10:30:00 TF-03-bypass@fence-1 returned
        10:31:00.500 TF-03@fence-1 unacknowledged
    """),
    "a broken beam is heard when its bypass ends": ("""
        10:00:00 fence-east/perimeter normal
        10:01:00 do bypass fence-1 by=li comment=works until=2026-11-23T10:30:00+08:00
        10:02:00 fence-east/perimeter alarm
        10:40:00 do end
    """, """
        10:01:00 TF-03-bypass@fence-1 unacknowledged
        10:30:00 TF-03-bypass@fence-1 returned
        10:30:00.500 TF-03@fence-1 unacknowledged
    """),
    # Evening study and boarding nights arm no labs; 20:30..21:20 is a gap between two bells.
    "by hand: exit delay, entry delay, alarm; disarming ends it": ("""
        10:00:00 lab/door closed
        10:00:00 lab/motion still
        10:01:00 do arm labs by=duty
        10:01:59 lab/door open
        10:01:59.500 lab/door closed
        10:02:00 lab/motion still
        10:05:00 lab/door open
        10:05:05 lab/door closed
        10:05:10 lab/motion motion
        10:06:00 do disarm labs by=duty
        10:10:00 do end
    """, """
        10:05:30.500 TF-03-area@lab-door unacknowledged
        10:05:30.500 TF-03-area@lab-motion unacknowledged
        10:06:00 TF-03-area@lab-door returned
        10:06:00 TF-03-area@lab-motion returned
    """),
    "who disarms within the entry delay raises nothing": ("""
        10:00:00 lab/door closed
        10:01:00 do arm labs by=duty
        10:05:00 lab/door open
        10:05:29 do disarm labs by=duty
        10:10:00 do end
    """, ""),
    "a window has no delay": ("""
        10:00:00 lab/window closed
        10:01:00 do arm labs by=duty
        10:05:00 lab/window open
        10:05:10 lab/window closed
        10:10:00 do end
    """, """
        10:05:00.500 TF-03-area@lab-window unacknowledged
        10:05:10 TF-03-area@lab-window returned
    """),
    "movement without the door has no delay": ("""
        10:00:00 lab/motion still
        10:01:00 do arm labs by=duty
        10:05:00 lab/motion motion
        10:10:00 do end
    """, """
        10:05:00.500 TF-03-area@lab-motion unacknowledged
    """),
    "while people stay the interior is not armed": ("""
        10:00:00 lab/motion still
        10:00:00 lab/window closed
        10:01:00 do arm labs stay by=duty
        10:05:00 lab/motion motion
        10:06:00 lab/window open
        10:10:00 do end
    """, """
        10:06:00.500 TF-03-area@lab-window unacknowledged
    """),
    "what stands open as the exit delay ends is left out until it was shut": ("""
        10:00:00 lab/window open
        10:01:00 do arm labs by=duty
        10:05:00 lab/window closed
        10:06:00 lab/window open
        10:10:00 do end
    """, """
        10:02:00 TF-03-bypass@lab-window unacknowledged
        10:05:00 TF-03-bypass@lab-window returned
        10:06:00.500 TF-03-area@lab-window unacknowledged
    """),
    # On this campus no night is closed but the weekend's: Saturday 06:30 to Monday 08:20.
    "the calendar arms for the weekend": ("""
        11-28T06:29:00 lab/window closed
        11-28T06:29:30 lab/window open
        11-28T06:29:40 lab/window closed
        11-28T06:30:59 lab/window open
        11-28T06:30:59.500 lab/window closed
        11-28T06:31:01 lab/window open
        11-28T06:40:00 do end
    """, """
        11-28T06:31:01.500 TF-03-area@lab-window unacknowledged
    """),
    "a gap between two bells arms nothing": ("""
        11:00:00 lab/window closed
        11:30:00 lab/window open
        11:40:00 do end
    """, ""),
    "a boarding night arms the stay of its area": ("""
        21:19:00 storeroom/window closed
        21:19:30 storeroom/window open
        21:19:50 storeroom/window closed
        21:20:01 storeroom/window open
        21:30:00 do end
    """, """
        21:20:01.500 TF-03-area@store-window unacknowledged
    """),
    "what a hand said ends when the calendar says otherwise": ("""
        11-28T06:29:00 lab/window closed
        11-28T10:00:00 do disarm labs by=duty
        11-28T10:01:00 lab/window open
        11-28T10:01:30 lab/window closed
        11-30T09:00:00 lab/window open
        11-30T09:01:00 lab/window closed
        12-05T06:31:01 lab/window open
        12-05T06:40:00 do end
    """, """
        12-05T06:31:01.500 TF-03-area@lab-window unacknowledged
    """),
} | table_doors.SCENARIOS
