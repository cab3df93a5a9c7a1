"""Light, lamps, screens, air, temperature and noise in the classrooms."""
from story import Story

DESKS = ",".join(f"b1-101/desk_lux.{p}" for p in "abcd")
BOARDS = ",".join(f"b1-101/board_lux.{p}" for p in "abcd")


def each(clock, end, points, *values):
    """A value for each of @points."""
    return "\n".join(f"{clock} {point} {value} until {end}"
                     for point, value in zip(points.split(","), values))


STORIES = [
    # Lesson 1 is 08:30 to 09:10, its middle 08:35 to 09:05; the window reaches back.
    Story("desks of 299 lx, of 300, and how it ends", """
        09-07 08:00:00 b1-102/desk_lux 299 until 09:06:00
        09-07 08:00:00 b1-103/desk_lux 300 until 09:06:00
        09-07 08:00:00 b1-201/desk_lux 299 until 08:40:00
        09-07 08:40:00 b1-201/desk_lux 329 until 09:06:00
        09-07 08:00:00 b1-202/desk_lux 299 until 08:40:00
        09-07 08:40:00 b1-202/desk_lux 330 until 09:06:00
    """, """
        09-07 08:35:00 EY-01@b1-102 unacknowledged
        09-07 09:05:00 EY-01@b1-102 returned        # the middle ends
        09-07 08:35:00 EY-01@b1-201 unacknowledged
        09-07 09:05:00 EY-01@b1-201 returned        # 329 are not enough
        09-07 08:35:00 EY-01@b1-202 unacknowledged
        09-07 08:55:00 EY-01@b1-202 returned        # a mean of 330 at 08:50, for 5 min
    """),
    Story("four in the room are too few to ask for light and air, five are not", """
        09-08,09-09 09:06:00 b1-301/desk_lux 299 until 10:06:00
        09-08,09-09 09:15:00 b1-301/board_lux 499 until 10:01:00
        09-08,09-09 09:15:00 b1-301/co2 1500 until 10:01:00
        09-08 09:24:00 b1-301 4 until 10:05:30
        09-09 09:24:00 b1-301 5 until 10:05:30
    """, """
        09-09 09:30:00 EY-01@b1-301 unacknowledged
        09-09 10:00:00 EY-01@b1-301 returned
        09-09 09:40:00 EY-02@b1-301 unacknowledged
        09-09 10:00:00 EY-02@b1-301 returned
        09-09 09:40:00 AQ-01@b1-301 unacknowledged
        09-09 10:00:00 AQ-01@b1-301 returned
    """),
    # The panel is on from 09:30 to 09:45, every day.
    Story("dim light while the panel is on", "09-10 09:26:00 b1-203/desk_lux 200 until 09:35:00", ""),
    Story("a board of 499 lx for 10 min, of 500, and how it ends", """
        09-08 08:20:00 b1-102/board_lux 499 until 09:06:00
        09-08 08:20:00 b2-201/board_lux 500 until 09:06:00
        09-08 08:40:00 b1-103/board_lux 499 until 08:49:59
        09-08 08:20:00 b1-201/board_lux 499 until 08:50:00
        09-08 08:50:00 b1-201/board_lux 550 until 09:06:00
        09-08 08:20:00 b1-202/board_lux 499 until 08:50:00
        09-08 08:50:00 b1-202/board_lux 549 until 09:06:00
    """, """
        09-08 08:45:00 EY-02@b1-102 unacknowledged
        09-08 09:05:00 EY-02@b1-102 returned
        09-08 08:45:00 EY-02@b1-201 unacknowledged
        09-08 08:55:00 EY-02@b1-201 returned
        09-08 08:45:00 EY-02@b1-202 unacknowledged
        09-08 09:05:00 EY-02@b1-202 returned
    """),
    Story("desks of 2001 lx for 10 min, of 2000, and how it ends", """
        09-08 08:20:00 b2-301/desk_lux 2001 until 08:50:00
        09-08 08:50:00 b2-301/desk_lux 1499 until 09:06:00
        09-08 08:20:00 b2-302/desk_lux 2000 until 09:06:00
        09-08 08:20:00 b2-303/desk_lux 2001 until 08:50:00
        09-08 08:50:00 b2-303/desk_lux 1500 until 09:06:00
        09-08 08:40:00 b2-203/desk_lux 2001 until 08:49:59
    """, """
        09-08 08:45:00 EY-05@b2-301 unacknowledged
        09-08 08:55:00 EY-05@b2-301 returned
        09-08 08:45:00 EY-05@b2-303 unacknowledged
        09-08 09:05:00 EY-05@b2-303 returned
    """),
    # Lamps on at 05:30 in an empty room: warm at 05:45, measured by 05:50.
    Story("a lamp test fails with 299 lx; repaired, uneven by 0.70 and 0.80, it passes", f"""
        09-08 05:30:00 {DESKS} 299 until 06:00:00
        09-08,09-09 05:30:00 {BOARDS} 600 until 06:00:00
        09-08 05:00:00 b1-101/color_temperature 3300 until 06:00:00
        09-08 05:00:00 b1-101/flicker_svm 1.0 until 06:00:00
        {each("09-09 05:30:00", "06:00:00", DESKS, 280, 440, 440, 440)}
        {each("09-09 05:30:00", "06:00:00", BOARDS, 480, 640, 640, 640)}
    """, """
        09-08 05:50:00 EY-03@b1-101 unacknowledged
        09-09 05:50:00 EY-03@b1-101 returned
    """),
    Story("in October desks of 0.69, a board of 499 and one of 0.79, lamps that flicker", f"""
        {each("10-08 05:30:00", "06:00:00", DESKS, 276, 440, 442, 442)}
        10-08 05:30:00 {BOARDS} 499 until 06:00:00
        10-08 05:00:00 b1-101/color_temperature 3299 until 06:00:00
        10-08 05:00:00 b1-101/flicker_svm 1.1 until 06:00:00
        10-09,10-10 05:30:00 {DESKS} 300 until 06:00:00
        {each("10-09 05:30:00", "06:00:00", BOARDS, 474, 642, 642, 642)}
        10-09 05:00:00 b1-101/color_temperature 5300 until 06:00:00
        10-10 05:30:00 {BOARDS} 500 until 06:00:00
        10-10 05:00:00 b1-101/color_temperature 5301 until 06:00:00
    """, """
        10-08 05:50:00 EY-03@b1-101 unacknowledged
        10-08 05:50:00 EY-03-board@b1-101 unacknowledged
        10-08 05:50:00 EY-06@b1-101 unacknowledged
        10-08 05:50:00 EY-06-svm@b1-101 unacknowledged
        10-09 05:50:00 EY-03@b1-101 returned
        10-09 05:50:00 EY-06@b1-101 returned
        10-09 05:50:00 EY-06-svm@b1-101 returned
        10-10 05:50:00 EY-03-board@b1-101 returned
        10-10 05:50:00 EY-06@b1-101 unacknowledged
    """),
    # 30 % of 240 minutes are 72.  Of a week two lessons are where no panel tells: 30 % of the
    # other 1120 minutes are 336.
    Story("the panel is on for 73 minutes of a day, for 336 and for 337 of a week", """
        09-07,09-08,09-09,09-10,09-11 08:30:00 b1-203/panel_power 120 until 09:10:00
        09-07 09:25:00 b1-203/panel_power 120 until 09:32:00
        09-07 09:32:00 b1-203/panel_power 3 until 09:50:00
        09-08 09:25:00 b1-203/panel_power 120 until 09:58:00
        09-09,09-10,09-11 09:25:00 b1-203/panel_power 120 until 09:57:00
        09-07,09-08,09-09,09-10,09-11 08:30:00 b1-303/panel_power 120 until 09:10:00
        09-07,09-08,09-09 09:25:00 b1-303/panel_power 120 until 09:57:00
        09-10 09:25:00 b1-303/panel_power 120 until 09:33:00
        09-10 09:33:00 b1-303/panel_power 3 until 09:50:00
        09-11 09:25:00 b1-303/panel_power 120 until 09:58:00
    """, """
        09-08 18:30:00 EY-04-day@2025-P-03 fact
        09-11 18:30:00 EY-04-day@2024-P-03 fact
        09-14 06:00:00 EY-04@2024-P-03 fact
    """),
    Story("CO2 of 1500 ppm for 10 min, of 1499, and how it ends", """
        09-09 08:20:00 b1-102/co2 1500 until 09:06:00
        09-09 08:20:00 b1-201/co2 1499 until 09:06:00
        09-09 08:20:00 b1-202/co2 1500 until 08:50:00
        09-09 08:50:00 b1-202/co2 1200 until 09:06:00
        09-09 08:20:00 b1-301/co2 1500 until 08:50:00
        09-09 08:50:00 b1-301/co2 1201 until 09:06:00
        09-09 08:40:00 b2-101/co2 1500 until 08:49:59
    """, """
        09-09 08:45:00 AQ-01@b1-102 unacknowledged
        09-09 09:05:00 AQ-01@b1-102 returned
        09-09 08:45:00 AQ-01@b1-202 unacknowledged
        09-09 08:55:00 AQ-01@b1-202 returned
        09-09 08:45:00 AQ-01@b1-301 unacknowledged
        09-09 09:05:00 AQ-01@b1-301 returned
    """),
    Story("a day with a mean of 1001 ppm, and one of 1000", """
        09-10 00:00:00 b2-101/co2 1001 until 23:00:00
        09-10 00:00:00 b2-201/co2 1000 until 23:00:00
    """, "09-10 18:30:00 AQ-02@b2-101 fact"),
    Story("a day of dust: 51 µg/m³ outside, 50 in the hall; PE is indoors", """
        09-15 00:00:00 sports-ground/pm25 51 until 09-16/00:00:00
        09-15 00:00:00 hall/pm25 50 until 09-16/00:00:00
        09-15 07:50:00 do exempt reason=pollution from=08:00 until=18:00
        09-15 08:00:00 indoors
    """, "09-16 00:30:00 AQ-03@sports-ground fact"),
    # For 20 min; of juniors lesson 1 is 08:10 to 08:55.
    Story("too cold below 16 °C, too hot above 30, and how it ends", """
        09-10 08:20:00 b1-102/temperature 15.9 until 09:06:00
        09-10 08:20:00 b1-201/temperature 16 until 09:06:00
        09-10 08:20:00 b1-202/temperature 15.9 until 08:56:00
        09-10 08:56:00 b1-202/temperature 17 until 09:06:00
        09-10 08:20:00 b1-301/temperature 15.9 until 08:56:00
        09-10 08:56:00 b1-301/temperature 16.9 until 09:06:00
        09-10 08:20:00 b2-101/temperature 30.1 until 08:57:00
        09-10 08:57:00 b2-101/temperature 29 until 09:06:00
        09-10 08:20:00 b2-201/temperature 30 until 09:06:00
        09-10 08:00:00 b3-101/temperature 30.1 until 08:36:00
        09-10 08:36:00 b3-101/temperature 29.1 until 08:56:00
        09-10 08:16:00 b3-201/temperature 15.9 until 08:35:59
    """, """
        09-10 08:55:00 TH-01@b1-102 unacknowledged
        09-10 09:05:00 TH-01@b1-102 returned
        09-10 08:55:00 TH-01@b1-202 unacknowledged
        09-10 08:56:00 TH-01@b1-202 returned
        09-10 08:55:00 TH-01@b1-301 unacknowledged
        09-10 09:05:00 TH-01@b1-301 returned
        09-10 08:55:00 TH-01@b2-101 unacknowledged
        09-10 08:57:00 TH-01@b2-101 returned
        09-10 08:35:00 TH-01@b3-101 unacknowledged
        09-10 08:50:00 TH-01@b3-101 returned
    """),
    # Ten minutes: six of 46 dB and four of 42 are 44.8, seven and three 45.1.
    Story("noise of 46 dB in an empty room, of 45, with a window open, in a lesson", """
        09-08 07:20:00 b2-101/noise 46 until 07:40:00
        09-08 07:20:00 b2-102/noise 45 until 07:40:00
        09-09 07:00:00 b2-102/window 1 until 08:00:00
        09-09 07:20:00 b2-102/noise 60 until 07:40:00
        09-09 08:30:00 b2-101/noise 70 until 09:09:00
    """, "09-08 07:27:00 NZ-01@b2-101 fact"),
]
