"""The three defenses, the night in the dormitories, and devices that fall silent."""
from story import Story

STORIES = [
    Story("a panic is raised at once, is latched, acknowledged and reset", """
        09-07 10:00:10 gate-south/panic 1 until 10:00:20
        09-07 10:01:00 do acknowledge alarm=TF-01@panic-gate by=guard
        09-07 10:02:00 do reset alarm=TF-01@panic-gate by=guard
    """, """
        09-07 10:00:10 TF-01@panic-gate unacknowledged
        09-07 10:00:20 TF-01@panic-gate latched
        09-07 10:01:00 TF-01@panic-gate latched-acknowledged
        09-07 10:02:00 TF-01@panic-gate normal
    """),
    Story("duress", "09-07 10:30:00 office/duress 1 until 10:30:05", """
        09-07 10:30:00 TF-01-duress@duress-office unacknowledged
        09-07 10:30:05 TF-01-duress@duress-office latched
    """),
    # Tested on 09-08: 31 days on 10-09, 32 on 10-10; on 09-11: 31 on 10-12.
    Story("31 days after a test are silent, 32 are not", """
        09-08 16:00:00 do test panic-gate by=duty until=2026-09-08T16:10:00+08:00
        09-08 16:01:00 gate-south/panic 1 until 16:01:05
        09-08 16:02:00 do acknowledge alarm=TF-01@panic-gate by=guard
        09-08 16:03:00 do reset alarm=TF-01@panic-gate by=guard
        09-11 16:00:00 do test panic-dorm by=duty until=2026-09-11T16:10:00+08:00
        09-11 16:01:00 dorm-junior/panic 1 until 16:01:05
        09-11 16:02:00 do acknowledge alarm=TF-01@panic-dorm by=guard
        09-11 16:03:00 do reset alarm=TF-01@panic-dorm by=guard
    """, """
        09-08 16:01:00 TF-01@panic-gate unacknowledged
        09-08 16:01:05 TF-01@panic-gate latched
        09-08 16:02:00 TF-01@panic-gate latched-acknowledged
        09-08 16:03:00 TF-01@panic-gate normal
        09-11 16:01:00 TF-01@panic-dorm unacknowledged
        09-11 16:01:05 TF-01@panic-dorm latched
        09-11 16:02:00 TF-01@panic-dorm latched-acknowledged
        09-11 16:03:00 TF-01@panic-dorm normal
        10-10 00:00:00 TF-02@panic-gate unacknowledged
    """),
    Story("the fence for 0.4 s, and for a minute", """
        09-07 20:00:00 fence-east/perimeter 1 until 20:00:00.400
        09-07 20:10:00 fence-east/perimeter 1 until 20:11:00
    """, """
        09-07 20:10:00.500 TF-03@fence-1 unacknowledged
        09-07 20:11:00 TF-03@fence-1 returned
    """),
    # Armed on Saturdays, Sundays and holidays; not on a Sunday made up, nor between bells.
    Story("the window of the laboratory", """
        09-11 12:30:00 lab/window 1 until 12:40:00
        09-12 10:00:00 lab/window 1 until 10:00:00.400
        09-12 10:10:00 lab/window 1 until 10:11:00
        09-20 10:00:00 lab/window 1 until 10:01:00
        09-25 10:00:00 lab/window 1 until 10:01:00
        10-10 10:00:00 lab/window 1 until 10:01:00
    """, """
        09-12 10:10:00.500 TF-03-area@lab-window unacknowledged
        09-12 10:11:00 TF-03-area@lab-window returned
        09-25 10:00:00.500 TF-03-area@lab-window unacknowledged
        09-25 10:01:00 TF-03-area@lab-window returned
    """),
    Story("painters: a zone that is left out", """
        09-12 12:00:00 do bypass lab-window by=leader comment=painters until=2026-09-12T15:00:00+08:00
        09-12 12:30:00 lab/window 1 until 14:00:00
    """, """
        09-12 12:00:00 TF-03-bypass@lab-window unacknowledged
        09-12 15:00:00 TF-03-bypass@lab-window returned
    """),
    Story("who comes in by the door has 30 s to disarm", """
        09-13 09:00:00 lab/door 1 until 09:00:05
        09-13 09:00:10 lab/motion 1 until 09:10:00
        09-13 09:00:30 do disarm labs by=duty until=2026-09-13T09:20:00+08:00
        09-13 10:00:00 lab/door 1 until 10:00:05
        09-13 10:00:10 lab/motion 1 until 10:02:00
    """, """
        09-13 10:00:30.500 TF-03-area@lab-door unacknowledged
        09-13 10:00:30.500 TF-03-area@lab-motion unacknowledged
        09-14 08:10:00 TF-03-area@lab-door returned     # Monday's first bell, of the juniors, disarms
        09-14 08:10:00 TF-03-area@lab-motion returned
    """),
    Story("the gate stands open, unattended, for 59 s and for 61 s", """
        09-07 09:00:00 gatehouse-south/guard_present 0 until 09:04:00
        09-07 09:00:30 gate-south/gate 1 until 09:01:29
        09-07 09:02:00 gate-south/gate 1 until 09:03:01
    """, """
        09-07 09:03:00 TF-04@gate-south unacknowledged
        09-07 09:03:06 TF-04@gate-south returned
    """),
    Story("the side door for 59 s and for 61 s", """
        09-07 11:00:00 side-door/door 1 until 11:00:59
        09-07 11:10:00 side-door/door 1 until 11:11:01
    """, """
        09-07 11:11:00 TF-04-door@side-door unacknowledged
        09-07 11:11:06 TF-04-door@side-door returned
    """),
    Story("a locked gate opens; the lock has 3 s to say that it was unlocked", """
        09-07 13:00:00 gate-south/door_lock 1 until 13:01:02.900
        09-07 13:01:00 gate-south/gate 1 until 13:01:30
        09-07 13:10:00 gate-south/door_lock 1 until 13:20:00
        09-07 13:11:00 gate-south/gate 1 until 13:11:30
    """, """
        09-07 13:11:03 TF-04-forced@gate-south unacknowledged
        09-07 13:11:30 TF-04-forced@gate-south returned
    """),
    # Ordinary: rounds end at 00:10, 05:00, 09:50, 14:40 and 19:30, five a day.
    Story("the round at 14:30 is not walked", """
        09-10 14:00:00 point-a/checkpoint none until 15:00:00
        09-10 14:00:00 point-b/checkpoint none until 15:00:00
        09-10 14:00:00 point-c/checkpoint none until 15:00:00
    """, """
        09-10 14:50:00 TF-05-gap@gatehouse-south unacknowledged
        09-10 19:30:00 TF-05-gap@gatehouse-south returned
        09-11 00:00:00 TF-05@gatehouse-south unacknowledged
        09-12 00:00:00 TF-05@gatehouse-south returned
    """),
    Story("a round of 60 min and 1 s is none, one of 60 min is", """
        09-14,09-15 19:00:00 point-a/checkpoint none until 20:00:00
        09-14,09-15 19:00:00 point-b/checkpoint none until 20:00:00
        09-14,09-15 19:00:00 point-c/checkpoint none until 20:00:00
        09-14,09-15 18:35:00 point-a/checkpoint
        09-14,09-15 18:40:00 point-b/checkpoint
        09-14 19:35:01 point-c/checkpoint
        09-15 19:35:00 point-c/checkpoint
    """, """
        09-14 19:40:00 TF-05-gap@gatehouse-south unacknowledged
        09-15 00:00:00 TF-05@gatehouse-south unacknowledged
        09-15 00:10:00 TF-05-gap@gatehouse-south returned
        09-16 00:00:00 TF-05@gatehouse-south returned
    """),
    Story("the gatehouse is empty for 4:59 and for 7 min", """
        09-08 11:00:00 gatehouse-south/guard_present 0 until 11:04:59
        09-08 11:30:00 gatehouse-south/guard_present 0 until 11:37:00
    """, """
        09-08 11:35:00 TF-06@gatehouse-south unacknowledged
        09-08 11:37:10 TF-06@gatehouse-south returned
    """),
    # Pupils come from 07:50 on, 40 min before the first bell.
    Story("nobody in the gatehouse grows worse as pupils come", """
        09-09 07:30:00 gate-south/gate 0 until 08:10:00
        09-09 07:40:00 gatehouse-south/guard_present 0 until 08:00:00
    """, """
        09-09 07:45:00 TF-06@gatehouse-south unacknowledged
        09-09 07:50:00 TF-06@gatehouse-south unacknowledged
        09-09 08:00:10 TF-06@gatehouse-south returned
    """),
    Story("the cabinet is open for 1.9 s and for a minute", """
        09-07 15:00:00 gatehouse-south/cabinet 1 until 15:00:01.900
        09-07 15:10:00 gatehouse-south/cabinet 1 until 15:11:00
    """, """
        09-07 15:10:02 TF-07@cabinet unacknowledged
        09-07 15:11:00 TF-07@cabinet returned
    """),
    # Nine behind the recorder and one of its own: two of ten are a fifth.
    Story("cameras: for 5 min, a fifth of them, for a day", """
        09-07 16:00:00 office/cameras_offline 2 until 16:04:59
        09-08 10:00:00 office/cameras_offline 1 until 09-09/10:30:00
        09-08 10:10:00 kitchen/camera 0 until 09-09/10:09:59
    """, """
        09-08 10:05:00 TF-08@nvr unacknowledged
        09-08 10:15:00 TF-08-camera@camera-9 unacknowledged
        09-08 10:15:00 TF-08-share@school unacknowledged
        09-09 10:00:00 TF-08-unrepaired@nvr unacknowledged
        09-09 10:09:59 TF-08-camera@camera-9 returned
        09-09 10:09:59 TF-08-share@school returned
        09-09 10:30:00 TF-08@nvr returned
        09-09 10:30:00 TF-08-unrepaired@nvr returned
    """),
    Story("a camera is not repaired for a day", "09-15 10:00:00 kitchen/camera 0 until 09-16/10:01:00", """
        09-15 10:05:00 TF-08-camera@camera-9 unacknowledged
        09-16 10:00:00 TF-08-unrepaired-camera@camera-9 unacknowledged
        09-16 10:01:00 TF-08-camera@camera-9 returned
        09-16 10:01:00 TF-08-unrepaired-camera@camera-9 returned
    """),
    Story("the recorder for 4:59 and for 6 min", """
        09-07 17:00:00 office/recorder 0 until 17:04:59
        09-07 17:10:00 office/recorder 0 until 17:16:00
    """, """
        09-07 17:15:00 TF-08-recorder@nvr unacknowledged
        09-07 17:16:00 TF-08-recorder@nvr returned
    """),
    Story("video of 30 days is enough, of 29 not; 90 are not too many, 91 are", """
        09-09 11:00:00 office/video_days 30 until 12:00:00
        09-09 13:00:00 office/video_days 29 until 14:00:00
        09-09 15:00:00 office/video_days 90 until 16:00:00
        09-09 17:00:00 office/video_days 91 until 18:00:00
    """, """
        09-09 13:00:00 TF-08-days@nvr unacknowledged
        09-09 14:00:00 TF-08-days@nvr returned
        09-09 17:00:00 TF-08-longest@nvr fact
    """),
    Story("fire, smoke and the panel's fault after half a second", """
        09-07 19:00:00 office/fire 1 until 19:00:00.400
        09-07 19:01:00 office/fire 1 until 19:02:00
        09-07 19:10:00 dorm-primary/smoke 1 until 19:10:00.400
        09-07 19:11:00 dorm-primary/smoke 1 until 19:12:00
        09-07 19:20:00 office/fire_fault 1 until 19:20:00.400
        09-07 19:21:00 office/fire_fault 1 until 19:22:00
    """, """
        09-07 19:01:00.500 TF-09@fire-panel unacknowledged
        09-07 19:02:00 TF-09@fire-panel latched
        09-07 19:11:00.500 TF-09-smoke@smoke-1 unacknowledged
        09-07 19:12:00 TF-09-smoke@smoke-1 latched
        09-07 19:21:00.500 TF-09-fault@fire-panel unacknowledged
        09-07 19:22:00 TF-09-fault@fire-panel returned
    """),
    Story("gas at once", "09-07 11:40:00 kitchen/gas 1 until 11:41:00", """
        09-07 11:40:00 TF-10@gas-panel unacknowledged
        09-07 11:41:00 TF-10@gas-panel latched
    """),
    Story("carbon monoxide: 300 ppm for 3 min, 299 for 10, 99 for an hour, 49 for ever", """
        09-10 01:00:00 dorm-junior/co 300 until 01:02:59
        09-10 03:00:00 dorm-junior/co 99 until 03:59:59
        09-10 06:00:00 dorm-junior/co 49 until 20:00:00
        09-10 22:00:00 dorm-junior/co 299 until 22:09:59
        09-11 01:00:00 dorm-junior/co 300 until 01:05:00
        09-11,09-12,09-13 05:00:00 do acknowledge alarm=TF-10-co@co-1 by=guard
        09-11,09-12,09-13 05:01:00 do reset alarm=TF-10-co@co-1 by=guard
        09-12 01:00:00 dorm-junior/co 100 until 01:12:00
        09-13 01:00:00 dorm-junior/co 50 until 02:02:00
    """, """
        09-11 01:03:00 TF-10-co@co-1 unacknowledged
        09-11 01:05:00 TF-10-co@co-1 latched
        09-12 01:10:00 TF-10-co@co-1 unacknowledged
        09-12 01:12:00 TF-10-co@co-1 latched
        09-13 02:00:00 TF-10-co@co-1 unacknowledged
        09-13 02:02:00 TF-10-co@co-1 latched
        09-11,09-12,09-13 05:00:00 TF-10-co@co-1 latched-acknowledged
        09-11,09-12,09-13 05:01:00 TF-10-co@co-1 normal
    """),
    # The boarders' night begins at 21:20; they are in from 20:50 on.
    Story("the exit is locked while somebody sleeps there, and while nobody does", """
        09-08 21:00:00 dorm-primary/door_lock 1 until 21:40:00
        09-09 21:00:00 dorm-primary/presence 0 until 09-10/07:00:00
        09-09 21:30:00 dorm-primary/door_lock 1 until 22:00:00
    """, """
        09-08 21:20:00 TF-11@dorm-primary unacknowledged
        09-08 21:40:00 TF-11@dorm-primary returned
    """),
    Story("the exit is opened between 22:30 and 05:30", """
        09-09 22:29:00 dorm-primary/door 1 until 22:29:59
        09-09 22:30:00 dorm-primary/door 1 until 22:31:00
        09-10 05:30:00 dorm-primary/door 1 until 05:31:00
    """, """
        09-09 22:30:00 TF-11-night@dorm-primary unacknowledged
        09-09 22:31:00 TF-11-night@dorm-primary returned
    """),
    # 21:20, 15 min more, and for 15 min: 21:50; juniors 22:30.
    Story("two of ten lamp circuits after lights-out; one; junior pupils go to bed later", """
        09-08 21:10:00 dorm-primary/circuit.c1 1 until 21:55:00
        09-08 21:10:00 dorm-primary/circuit.c2 1 until 21:55:00
        09-09 21:10:00 dorm-primary/circuit.c1 1 until 23:00:00
        09-09 21:10:00 dorm-primary/circuit.c2 1 until 21:49:59
        09-10 21:10:00 dorm-junior/circuit.c1 1 until 22:29:59
        09-11 21:10:00 dorm-junior/circuit.c1 1 until 22:40:00
    """, """
        09-08 21:50:00 SL-02@dorm-primary unacknowledged
        09-08 21:55:00 SL-02@dorm-primary returned
        09-11 22:30:00 SL-02@dorm-junior unacknowledged
        09-11 22:40:00 SL-02@dorm-junior returned
    """),
    Story("tamper at once, the mains after 60 s, the battery at once", """
        09-07 12:00:00 office/tamper 1 until 12:01:00
        09-07 12:10:00 office/mains 0 until 12:10:59
        09-07 12:20:00 office/mains 0 until 12:21:01
        09-07 12:30:00 office/battery_low 1 until 12:31:00
    """, """
        09-07 12:00:00 TF-12@box unacknowledged
        09-07 12:01:00 TF-12@box returned
        09-07 12:21:00 TF-12-mains@box unacknowledged
        09-07 12:21:01 TF-12-mains@box returned
        09-07 12:30:00 TF-12-battery@box unacknowledged
        09-07 12:31:00 TF-12-battery@box returned
    """),
    # Its last word is of 09:00: it is missing at 14:00, and that for a minute.
    Story("a sensor is silent for five hours and 59 s, for five hours and an hour", """
        09-10 09:00:01 hall/pm25 none until 14:00:59
        09-11 09:00:01 hall/pm25 none until 15:00:00
    """, """
        09-11 14:01:00 SY-01@dust-hall unacknowledged
        09-11 15:01:00 SY-01@dust-hall returned
    """),
]
