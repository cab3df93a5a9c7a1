"""Classes: size, attendance, timetable, recess, exercise, sleep; the service after school."""
from story import Story

STORIES = [
    Story("45 and 50 on the roster are legal, 46 and 51 are not; 55 are no large class, 56 are", """
        09-07 08:30:00 do acknowledge alarm=CS-01@2026-P-02 by=office
    """, """
        09-07 00:00:00 CS-01@2026-P-02 unacknowledged   # 46; 2026-P-01 has 45
        09-07 08:30:00 CS-01@2026-P-02 acknowledged
        09-07 00:00:00 CS-01@2021-P-01 unacknowledged   # 55
        09-07 00:00:00 CS-01@2021-P-02 unacknowledged   # 56
        09-07 00:00:00 CS-01@2026-J-02 unacknowledged   # 51; 2026-J-01 has 50
        09-07 00:00:00 CS-03@2021-P-02 unacknowledged
    """),
    Story("who has 55 on the roster sits there with 55: three days and it is measured", "", """
        09-09 18:30:00 CS-02@2021-P-01 unacknowledged
        09-09 18:30:00 CS-02@2021-P-02 unacknowledged
    """),
    Story("49 pupils where 45 + 3 are tolerated, on three days; five days of 45 end it", """
        09-09,09-10,09-11 08:00:00 2025-P-01 49
    """, """
        09-11 18:30:00 CS-02@2025-P-01 unacknowledged
        09-18 18:30:00 CS-02@2025-P-01 returned         # 14, 15, 16, 17, 18
    """),
    Story("48 pupils all the week", "09-07,09-08,09-09,09-10,09-11 08:00:00 2025-P-02 48", ""),
    Story("49 pupils on three days, never three of five", """
        09-08,09-11,09-15 08:00:00 2025-P-03 49
    """, ""),
    Story("54 juniors on three days; 51 are tolerated and end nothing; a Sunday made up counts", """
        09-09,09-10,09-11 08:00:00 2025-J-01 54
        09-16 08:00:00 2025-J-01 51
    """, """
        09-11 18:30:00 CS-02@2025-J-01 unacknowledged
        09-22 18:30:00 CS-02@2025-J-01 returned         # 17, 18, 20, 21, 22
    """),
    Story("53 juniors all the week", "09-07,09-08,09-09,09-10,09-11 08:00:00 2025-J-02 53", ""),

    # A tenth of 42 is 4.2.  Lesson 1 ends at 09:10, of juniors at 08:55.
    Story("five of 42 are missing: told ten minutes after lesson 1, over with the day", """
        09-07,09-20 08:00:00 2024-P-02 37
    """, """
        09-07 09:20:00 AT-01@2024-P-02 unacknowledged
        09-08 00:01:00 AT-01@2024-P-02 returned
        09-20 09:20:00 AT-01@2024-P-02 unacknowledged   # the Sunday made up
        09-21 00:01:00 AT-01@2024-P-02 returned
    """),
    Story("four of 42 are missing", "09-07 08:00:00 2024-P-03 38", ""),
    Story("five are missing, one of them on leave", """
        09-08 08:00:00 2024-P-02 37
        09-08 08:00:00 do leave class=2024-P-02 count=1
    """, ""),
    Story("three of 20 are missing", "09-07 08:00:00 2023-P-03 17", """
        09-07 09:20:00 AT-01@2023-P-03 unacknowledged
        09-08 00:01:00 AT-01@2023-P-03 returned
    """),
    Story("two of 20 are missing", "09-08 08:00:00 2023-P-03 18", ""),
    Story("five of 47 juniors are missing", "09-08 08:00:00 2024-J-01 42", """
        09-08 09:05:00 AT-01@2024-J-01 unacknowledged
        09-09 00:01:00 AT-01@2024-J-01 returned
    """),
    Story("hardly anybody comes on a holiday", "09-25 08:20:00 b1-302 12 until 11:00:00", ""),
    Story("attendance that was entered: four off, three off", """
        09-07 08:40:00 do attendance class=2022-P-01 count=38
        09-07 08:40:00 do attendance class=2022-P-02 count=39
    """, "09-07 10:00:00 AT-02@2022-P-01 fact"),

    # 60 % of 42 are 25.2; 60 % of the middle of lesson 5, 14:45 to 15:15, are 18 minutes.
    Story("26 of a class sit in their room for 18 minutes of PE", """
        09-07 14:39:00 b1-103 26 until 15:03:00
    """, "09-07 15:15:00 TT-01@2026-P-03 fact"),
    Story("for 17 minutes", "09-07 14:39:00 b1-203 26 until 15:02:00", ""),
    Story("25 of a class", "09-08 14:39:00 b1-303 25 until 15:20:00", ""),
    Story("PE was swapped with the sixth lesson, and that was entered", """
        09-10 14:00:00 do swap-lesson class=2026-P-03 lesson=5 with=6
        09-10 14:39:00 b1-103 43 until 15:20:30
        09-10 15:34:00 b1-103 0 until 16:15:30
    """, ""),
    # A fifth of 42 are 8.4; lesson 4.
    Story("art in the classroom, eight in the art room", """
        09-11 11:29:00 b2-203 43 until 12:10:30
        09-11 11:29:00 art-room 8 until 12:10:30
    """, "09-11 12:05:00 TT-02@2022-P-03 fact"),
    Story("nine in the art room", """
        09-07 11:29:00 b2-102 43 until 12:10:30
        09-07 11:29:00 art-room 9 until 12:10:30
    """, ""),
    # 31 of 43 stay: 0.279 let out; 30 of 43: 0.302.  Three of five recesses; in the long one
    # and before PE, lesson 4, the room is empty.
    Story("31 of 43 stay in the recesses", """
        09-07 09:10:30 b2-202 31 until 09:24:30
        09-07 11:15:30 b2-202 31 until 11:29:30
        09-07 15:20:30 b2-202 31 until 15:34:30
        09-07 16:15:30 b2-202 31 until 16:25:00
    """, "09-07 18:30:00 TT-03@2022-P-02 fact"),
    Story("30 of 43 stay", """
        09-08 09:10:30 b2-202 30 until 09:24:30
        09-08 11:15:30 b2-202 30 until 11:29:30
        09-08 15:20:30 b2-202 30 until 15:34:30
        09-08 16:15:30 b2-202 30 until 16:25:00
    """, ""),
    # 30 minutes of long recess are out, and of PE from 10:35 on 24.
    Story("54 minutes of exercise on two days", """
        09-08,09-09 10:59:00 b2-101 43 until 11:15:30
    """, "09-09 18:30:00 EX-01@2023-P-01 fact"),
    # 29 minutes of long recess, for the third lesson is in the room, and 26 of PE.
    Story("55 minutes on two days", "09-08,09-09 11:56:00 b2-102 43 until 12:10:30", ""),
    Story("a rainy day: everybody stays in, and that is no fault", """
        09-14 07:50:00 do exempt reason=rain from=08:00 until=18:00
        09-14 08:00:00 indoors
    """, ""),
    Story("ten of 20 sit there at 08:00 on three days", """
        09-08,09-10,09-11 07:50:00 b2-103 11 until 08:15:00
    """, "09-11 18:30:00 SL-01@2023-P-03 fact"),
    Story("20 of 42 sit there at 08:00", "09-08,09-10,09-11 07:50:00 b1-301 21 until 08:15:00", ""),
    Story("juniors sit there at 08:00, which is their time", """
        09-08,09-10,09-11 07:41:00 b3-302 48 until 07:55:00
    """, ""),
    Story("25 of 50 juniors sit there at 07:40", """
        09-08,09-10,09-11 07:39:00 b3-101 26 until 07:55:00
    """, "09-11 18:30:00 SL-01@2026-J-01 fact"),

    Story("the service ends at 17:29:59, and the next day at 17:30:00", """
        09-09 17:29:59 b1-301,b1-302,b1-303,b2-101,b2-102,b2-103,b2-201,b2-202,b2-203 0 until 18:00:00
        09-10 17:30:00 b1-301,b1-302,b1-303,b2-101,b2-102,b2-103,b2-201,b2-202,b2-203 0 until 18:00:00
    """, """
        09-09 17:39:00 AS-01@school unacknowledged
        09-10 00:01:00 AS-01@school returned
    """),
    Story("five pupils at 18:05; the alarm ends below three", """
        09-11 17:34:00 b1-301 5 until 18:08:20
        09-11 18:08:20 b1-301 3 until 18:10:20
        09-11 18:10:20 b1-301 2 until 18:20:00
    """, """
        09-11 18:05:00 AS-02@school unacknowledged
        09-11 18:10:20 AS-02@school returned
    """),
    Story("the fifth leaves at 18:04:59", """
        09-08 17:34:00 b1-301 5 until 18:04:59
        09-08 18:04:59 b1-301 4 until 18:30:00
    """, ""),
    # 3 persons a second on 2 m of stairs: above 1.2 from the ninth second on, then 20 s.
    # Below 0.8 five seconds after the last, then 60 s.
    Story("the stairs are crowded for 20 s", "09-08 10:05:00 b1-stairs +3 until 10:05:40", """
        09-08 10:05:29 CR-01@b1-stairs unacknowledged
        09-08 10:06:45 CR-01@b1-stairs returned
    """),
    Story("for 19 s", "09-08 12:10:00 b1-stairs +3 until 12:10:26", ""),
    Story("201 in a hall for 200 for five minutes; 191 do not end it, 190 do", """
        09-08 09:00:00 hall 200 until 09:30:00
        09-08 14:00:00 hall 201 until 14:04:59
        09-08 15:00:00 hall 201 until 15:10:00
        09-08 15:10:00 hall 191 until 15:20:00
        09-08 15:20:00 hall 190 until 15:40:00
    """, """
        09-08 15:05:00 CS-04@hall unacknowledged
        09-08 15:22:00 CS-04@hall returned
    """),
]
