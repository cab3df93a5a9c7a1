"""Gates, doors, patrols, posts, cabinet, video, fire, gas, dormitories, power: as table.py has it."""

SCENARIOS = {
    "an open gate is for 60 s, unattended": ("""
        08:30:00 gatehouse-south/guard_present present
        08:30:00 gate-south/gate open
        08:32:00 gatehouse-south/guard_present absent
        08:32:59 gate-south/gate closed
        08:34:00 gate-south/gate open
        08:35:01 gate-south/gate closed
        08:36:30 gatehouse-south/guard_present present
        08:40:00 do end
    """, """
        08:35:00 TF-04@gate-south unacknowledged
        08:35:06 TF-04@gate-south returned
    """),
    "a key within 15 min attends post and gate": ("""
        08:30:00 gatehouse-south/guard_present absent
        08:31:00 gatehouse-south/button 1
        08:32:00 gate-south/gate open
        08:52:00 do end
    """, """
        08:47:00 TF-04@gate-south unacknowledged
        08:51:00 TF-06@gatehouse-south unacknowledged
    """),
    "an open gate is no matter at lunch": ("""
        12:10:00 gatehouse-south/guard_present absent
        12:10:00 gate-south/gate open
        12:14:00 gate-south/gate closed
        12:20:00 do end
    """, """
        12:15:00 TF-06@gatehouse-south unacknowledged
    """),
    "an open gate in a boarding night": ("""
        23:10:00 gatehouse-south/guard_present absent
        23:11:00 gate-south/gate open
        23:14:00 gate-south/gate closed
        23:14:30 do end
    """, """
        23:12:00 TF-04@gate-south unacknowledged
        23:14:05 TF-04@gate-south returned
    """),
    "a side door is held for 60 s": ("""
        10:00:00 side-door/door open
        10:00:59 side-door/door closed
        10:02:00 side-door/door open
        10:03:02 side-door/door closed
        10:10:00 do end
    """, """
        10:03:00 TF-04-door@side-door unacknowledged
        10:03:07 TF-04-door@side-door returned
    """),
    "a gate that opens while locked is forced": ("""
        12:10:00 gate-south/door_lock locked
        12:10:00 gate-south/gate closed
        12:11:00 gate-south/gate open
        12:12:00 gate-south/gate closed
        12:20:00 do end
    """, """
        12:11:03 TF-04-forced@gate-south unacknowledged
        12:12:00 TF-04-forced@gate-south returned
    """),
    "a lock that tells a little late was opened": ("""
        12:10:00 gate-south/door_lock locked
        12:10:00 gate-south/gate closed
        12:11:00 gate-south/gate open
        12:11:02.900 gate-south/door_lock unlocked
        12:20:00 do end
    """, ""),
    "a lock that tells a little too late was not": ("""
        12:10:00 gate-south/door_lock locked
        12:10:00 gate-south/gate closed
        12:11:00 gate-south/gate open
        12:11:03.100 gate-south/door_lock unlocked
        12:20:00 do end
    """, """
        12:11:03 TF-04-forced@gate-south unacknowledged
    """),
    "five rounds are enough, a point after 61 min is none": ("""
        00:00:00 point-a/checkpoint 1
        00:20:00 point-b/checkpoint 1
        01:00:00 point-c/checkpoint 1
        05:00:00 point-a/checkpoint 1
        05:10:00 point-b/checkpoint 1
        05:20:00 point-c/checkpoint 1
        10:00:00 point-c/checkpoint 1
        10:10:00 point-b/checkpoint 1
        10:19:00 point-a/checkpoint 1
        15:00:00 point-a/checkpoint 1
        15:10:00 point-b/checkpoint 1
        15:18:00 point-c/checkpoint 1
        20:00:00 point-a/checkpoint 1
        20:10:00 point-b/checkpoint 1
        20:12:00 point-c/checkpoint 1
        11-24T00:30:00 do end
    """, ""),
    "four rounds are too few, and 5 h without one too long": ("""
        00:00:00 point-a/checkpoint 1
        00:20:00 point-b/checkpoint 1
        01:00:01 point-c/checkpoint 1
        04:00:00 point-a/checkpoint 1
        04:10:00 point-b/checkpoint 1
        04:20:00 point-c/checkpoint 1
        09:00:00 point-c/checkpoint 1
        09:10:00 point-b/checkpoint 1
        09:20:00 point-a/checkpoint 1
        14:00:00 point-a/checkpoint 1
        14:10:00 point-b/checkpoint 1
        14:19:00 point-c/checkpoint 1
        19:00:00 point-a/checkpoint 1
        19:10:00 point-b/checkpoint 1
        19:15:00 point-c/checkpoint 1
        11-24T00:10:00 do end
    """, """
        09:20:00 TF-05-gap@gatehouse-south unacknowledged
        09:20:00 TF-05-gap@gatehouse-south returned
        11-24T00:00:00 TF-05@gatehouse-south unacknowledged
    """),
    "a day that was not watched is not judged": ("""
        08:00:00 point-a/checkpoint 1
        08:10:00 point-b/checkpoint 1
        08:20:00 point-c/checkpoint 1
        13:20:00 point-a/checkpoint 1
        11-24T00:10:00 do end
    """, """
        13:20:00 TF-05-gap@gatehouse-south unacknowledged
    """),
    # Arrival: 40 min before 08:20.
    "a standing absence grows worse as pupils come": ("""
        07:30:00 gatehouse-south/guard_present absent
        08:30:00 do end
    """, """
        07:35:00 TF-06@gatehouse-south unacknowledged
        07:40:00 TF-06@gatehouse-south unacknowledged
    """),
    # After-school service ends at 17:40.
    "a standing absence grows worse as pupils leave": ("""
        17:30:00 gatehouse-south/guard_present absent
        17:50:00 do end
    """, """
        17:35:00 TF-06@gatehouse-south unacknowledged
        17:40:00 TF-06@gatehouse-south unacknowledged
    """),
    # It ends at 20:30, and who was there lives there.
    "an absence after evening study grows no worse": ("""
        19:30:00 gatehouse-south/guard_present absent
        20:40:00 do end
    """, """
        19:35:00 TF-06@gatehouse-south unacknowledged
    """),
    "an unmanned gatehouse is for 5 min": ("""
        05:00:00 gatehouse-south/guard_present absent
        05:04:59 gatehouse-south/guard_present present
        05:06:00 gatehouse-south/guard_present absent
        05:12:00 gatehouse-south/guard_present present
        05:20:00 do end
    """, """
        05:11:00 TF-06@gatehouse-south unacknowledged
        05:12:10 TF-06@gatehouse-south returned
    """),
    "an open cabinet is for 2 s": ("""
        10:00:00 gatehouse-south/cabinet open
        10:00:01.900 gatehouse-south/cabinet closed
        10:01:00 gatehouse-south/cabinet open
        10:02:00 gatehouse-south/cabinet closed
        10:10:00 do end
    """, """
        10:01:02 TF-07@cabinet unacknowledged
        10:02:00 TF-07@cabinet returned
    """),
    "an open cabinet grows worse in a panic": ("""
        10:00:00 gatehouse-south/cabinet open
        10:01:00 gate-south/panic pressed
        10:10:00 do end
    """, """
        10:00:02 TF-07@cabinet unacknowledged
        10:01:00 TF-01@panic-gate unacknowledged
        10:01:00 TF-07@cabinet unacknowledged
    """),
    "a cabinet opened in a panic is told once": ("""
        10:00:00 gate-south/panic normal
        10:00:10 gate-south/panic pressed
        10:01:00 gatehouse-south/cabinet open
        10:10:00 do end
    """, """
        10:00:10 TF-01@panic-gate unacknowledged
        10:01:02 TF-07@cabinet unacknowledged
    """),
    "cameras: 5 min, a fifth of them, a day": ("""
        10:00:00 office/cameras 9
        10:00:00 kitchen/camera online
        10:00:00 office/cameras_offline 1
        10:10:00 kitchen/camera offline
        11-24T10:30:00 do end
    """, """
        10:05:00 TF-08@nvr unacknowledged
        10:15:00 TF-08-camera@camera-9 unacknowledged
        10:15:00 TF-08-share@school unacknowledged
        11-24T10:00:00 TF-08-unrepaired@nvr unacknowledged
        11-24T10:10:00 TF-08-unrepaired-camera@camera-9 unacknowledged
    """),
    "a camera that has never spoken is none of them": ("""
        10:00:00 office/cameras 9
        10:00:00 office/cameras_offline 1
        10:10:00 office/cameras_offline 2
        10:30:00 do end
    """, """
        10:05:00 TF-08@nvr unacknowledged
        10:15:00 TF-08-share@school unacknowledged
    """),
    "a camera that spoke before the restart is one": ("""
        10:00:00 office/cameras 10
        10:00:00 kitchen/camera online
        10:01:00 do restart
        10:02:00 office/cameras 10
        10:02:00 office/cameras_offline 2
        10:30:00 do end
    """, """
        10:07:00 TF-08@nvr unacknowledged
    """),
    "one camera of ten is no fifth": ("""
        10:00:00 office/cameras 10
        10:00:00 kitchen/camera online
        10:00:00 office/cameras_offline 2
        10:04:59 office/cameras_offline 0
        10:30:00 do end
    """, ""),
    "video is kept for 30 days and not for more than 90": ("""
        10:00:00 office/video_days 30
        10:10:00 office/video_days 29
        10:20:00 office/video_days 90
        10:30:00 office/video_days 91
        10:40:00 do end
    """, """
        10:10:00 TF-08-days@nvr unacknowledged
        10:20:00 TF-08-days@nvr returned
        10:30:00 TF-08-longest@nvr fact
    """),
    "a recorder is missed after 5 min": ("""
        10:00:00 office/recorder fault
        10:04:59 office/recorder recording
        10:06:00 office/recorder fault
        10:11:30 do end
    """, """
        10:11:00 TF-08-recorder@nvr unacknowledged
    """),
    "fire and smoke after half a second, latched; its panel's fault": ("""
        10:00:00 office/fire fire
        10:00:00.400 office/fire normal
        10:01:00 office/fire fire
        10:02:00 office/fire normal
        10:03:00 dorm-1/smoke smoke
        10:03:10 dorm-1/smoke normal
        10:04:00 office/fire_fault fault
        10:10:00 do end
    """, """
        10:01:00.500 TF-09@fire-panel unacknowledged
        10:02:00 TF-09@fire-panel latched
        10:03:00.500 TF-09-smoke@smoke-1 unacknowledged
        10:03:10 TF-09-smoke@smoke-1 latched
        10:04:00.500 TF-09-fault@fire-panel unacknowledged
    """),
    "gas is latched at once": ("""
        10:00:00 kitchen/gas normal
        10:00:10 kitchen/gas leak
        10:00:20 kitchen/gas normal
        10:10:00 do end
    """, """
        10:00:10 TF-10@gas-panel unacknowledged
        10:00:20 TF-10@gas-panel latched
    """),
    "300 ppm of carbon monoxide are for 3 min": ("""
        10:00:00 dorm-2/co 5
        11:00:00 dorm-2/co 300
        11:02:59 dorm-2/co 5
        11:10:00 dorm-2/co 300
        11:13:10 dorm-2/co 5
        11:13:30 do end
    """, """
        11:13:00 TF-10-co@co-1 unacknowledged
        11:13:10 TF-10-co@co-1 latched
    """),
    "299 ppm are for 10 min": ("""
        10:00:00 dorm-2/co 5
        11:00:00 dorm-2/co 299
        11:09:59 dorm-2/co 5
        12:00:00 dorm-2/co 100
        12:10:30 do end
    """, """
        12:10:00 TF-10-co@co-1 unacknowledged
    """),
    "99 ppm are for an hour, 49 for ever": ("""
        10:00:00 dorm-2/co 49
        12:00:00 dorm-2/co 99
        12:59:59 dorm-2/co 49
        14:00:00 dorm-2/co 50
        15:00:30 do end
    """, """
        15:00:00 TF-10-co@co-1 unacknowledged
    """),
    # Four fifths of 3, 10 and 60 min: 144 s, 480 s, 48 min; judged with each reading, and each minute.
    "300 ppm of a sensor that was dead before": ("""
        10:00:00 dorm-2/co bad
        11:00:00 dorm-2/co 300
        11:02:23 dorm-2/co 301
        11:02:24 dorm-2/co 302
        11:10:00 do end
    """, """
        11:02:24 TF-10-co@co-1 unacknowledged
    """),
    "100 ppm of a sensor that was dead before": ("""
        10:00:00 dorm-2/co bad
        11:00:00 dorm-2/co 100
        11:07:59 dorm-2/co 101
        11:20:00 do end
    """, """
        11:08:00 TF-10-co@co-1 unacknowledged
    """),
    "50 ppm of a sensor that was dead before": ("""
        10:00:00 dorm-2/co bad
        12:00:00 dorm-2/co 50
        12:47:59 dorm-2/co 51
        13:00:00 do end
    """, """
        12:48:00 TF-10-co@co-1 unacknowledged
    """),
    "an exit locked while somebody is in, in a boarding night": ("""
        21:10:00 dorm-1/presence occupied
        21:10:00 dorm-1/door_lock locked
        21:30:00 dorm-1/door_lock unlocked
        21:40:00 dorm-1/presence vacant
        21:41:00 dorm-1/door_lock locked
        21:50:00 do end
    """, """
        21:20:00 TF-11@dorm-1 unacknowledged
        21:30:00 TF-11@dorm-1 returned
    """),
    "an exit opened from 22:30 to 05:30": ("""
        22:29:50 dorm-1/door open
        22:29:55 dorm-1/door closed
        22:30:00 dorm-1/door open
        22:31:00 dorm-1/door closed
        11-24T05:29:59 dorm-1/door open
        11-24T05:31:00 dorm-1/door closed
        11-24T05:32:00 dorm-1/door open
        11-24T05:40:00 do end
    """, """
        22:30:00 TF-11-night@dorm-1 unacknowledged
        22:31:00 TF-11-night@dorm-1 returned
        11-24T05:29:59 TF-11-night@dorm-1 unacknowledged
        11-24T05:30:00 TF-11-night@dorm-1 returned
    """),
    "tamper at once, mains after 60 s, battery at once": ("""
        10:00:00 office/tamper tampered
        10:01:00 office/mains lost
        10:01:59 office/mains present
        10:03:00 office/mains lost
        10:04:01 office/mains present
        10:05:00 office/battery_low low
        10:10:00 do end
    """, """
        10:00:00 TF-12@box unacknowledged
        10:04:00 TF-12-mains@box unacknowledged
        10:04:01 TF-12-mains@box returned
        10:05:00 TF-12-battery@box unacknowledged
    """),
    # Lights-out of primary pupils 21:20, 15 min more, then for 15 min: 21:50.
    "lamps after lights-out: more than one circuit of ten": ("""
        21:00:00 dorm-1/circuit.c1 on
        21:00:00 dorm-1/circuit.c2 on
        21:00:00 dorm-1/circuit.c3 off
        21:00:00 dorm-1/circuit.c4 off
        21:00:00 dorm-1/circuit.c5 off
        21:00:00 dorm-1/circuit.c6 off
        21:00:00 dorm-1/circuit.c7 off
        21:00:00 dorm-1/circuit.c8 off
        21:00:00 dorm-1/circuit.c9 off
        21:00:00 dorm-1/circuit.c10 off
        21:55:00 dorm-1/circuit.c2 off
        22:30:00 do end
    """, """
        21:50:00 SL-02@dorm-1 unacknowledged
        21:55:00 SL-02@dorm-1 returned
    """),
    "one circuit of ten is dark enough, and junior pupils go to bed at 22:00": ("""
        21:00:00 dorm-2/circuit on
        21:00:00 dorm-1/circuit.c1 on
        21:00:00 dorm-1/circuit.c2 off
        21:00:00 dorm-1/circuit.c3 off
        21:00:00 dorm-1/circuit.c4 off
        21:00:00 dorm-1/circuit.c5 off
        21:00:00 dorm-1/circuit.c6 off
        21:00:00 dorm-1/circuit.c7 off
        21:00:00 dorm-1/circuit.c8 off
        21:00:00 dorm-1/circuit.c9 off
        21:00:00 dorm-1/circuit.c10 off
        22:29:59 do end
    """, ""),
    "junior lamps are seen at 22:30": ("""
        21:00:00 dorm-2/circuit on
        22:30:10 do end
    """, """
        22:30:00 SL-02@dorm-2 unacknowledged
    """),
}
