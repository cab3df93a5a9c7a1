"""What a school sets of the three defenses: an option that is another by one unit is noticed, by a
scenario of the table written by hand or by a sheet of the day worked out here."""
import json
import sys

import pytest

from conftest import ROOT
from test_replay import replay
from test_replay_defense import CAMPUS, TESTED, UNWALKED, expected, lines_of, told

sys.path.insert(0, str(ROOT / "tests/replay"))
sys.path.insert(0, str(ROOT / "tests/replay/defense"))

from mutate import copy_of, options_of, set_option  # noqa: E402
from table import SCENARIOS  # noqa: E402

# Pupils come from 07:40 to 08:20 and go from 17:40 to 18:20: 80 minutes, of which the post was empty
# for the four from 07:40 and the six from 18:05 on.
RUSH = """
    07:00:00 gatehouse-south/guard_present present
    07:39:30 gatehouse-south/guard_present absent
    07:43:30 gatehouse-south/guard_present present
    18:04:30 gatehouse-south/guard_present absent
    18:10:30 gatehouse-south/guard_present present
    19:00:00 do sheet
"""
HEARD_SINCE = TESTED + """\
    11-20T08:00:00 gate-south/panic normal
    {} do sheet
"""
SEEN = """
    00:00:00 gatehouse-south/cabinet bad
    {} gatehouse-south/cabinet closed
    12:00:00 do sheet
"""
WALKED = """
    00:10:00 point-a/checkpoint 1
    00:20:00 point-b/checkpoint 1
    00:30:00 point-c/checkpoint 1
    02:00:00 do sheet
"""

# (what happened, item of the sheet, its key, what stands there)
SHEETS = {
    "80 minutes of coming and going": (RUSH, "arrival", "value", pytest.approx(100 * 70 / 80)),
    "a button tested 31 days ago": (HEARD_SINCE.format("12-04T12:00:00"), "panic", "value", 1),
    "a button tested 32 days ago": (HEARD_SINCE.format("12-05T12:00:00"), "panic", "value", 0),
    # 576 and 575 of 720 minutes.
    "80 % of the day was seen": (SEEN.format("02:24:00"), "cabinet", "state", "good"),
    "a minute less was seen": (SEEN.format("02:25:00"), "cabinet", "state", "attention"),
    "one round of five": (WALKED, "patrol", "measured", {"zh": "已巡查 1 轮（应 5 轮），距上一轮 1.5 小时",
                                                         "en": "1 of 5 rounds, the last 1.5 h ago"}),
}

OPTIONS = options_of(
    "three_defense",
    ("arrival", "39min", "80 minutes of coming and going"),
    ("arrival", "41min", "80 minutes of coming and going"),
    ("departure", "39min", "80 minutes of coming and going"),
    ("departure", "41min", "80 minutes of coming and going"),
    ("night_from", "22:29", "an exit opened from 22:30 to 05:30"),
    ("night_from", "22:31", "an exit opened from 22:30 to 05:30"),
    ("night_to", "05:29", "an exit opened from 22:30 to 05:30"),
    ("night_to", "05:31", "an exit opened from 22:30 to 05:30"),
    ("lights_grace", "14min", "lamps after lights-out: more than one circuit of ten"),
    ("lights_grace", "16min", "lamps after lights-out: more than one circuit of ten"),
    ("unlock_grace", "2s", "a lock that tells a little late was opened"),
    ("unlock_grace", "4s", "a lock that tells a little too late was not"),
    ("sheet_tested_days", 30, "a button tested 31 days ago"),
    ("sheet_tested_days", 32, "a button tested 32 days ago"),
    ("sheet_seen", "79%", "a minute less was seen"),
    ("sheet_seen", "81%", "80 % of the day was seen"),
    ("areas.zones", ["lab-door", "lab-motion"], "a window has no delay"),
    ("areas.interior", [], "while people stay the interior is not armed"),
    ("areas.delayed", [], "who disarms within the entry delay raises nothing"),
    ("areas.away", ["holiday"], "the calendar arms for the weekend"),
    ("areas.stay", ["boarding_night"], "what a hand said ends when the calendar says otherwise"),
    ("areas.by_hand", True, "the calendar arms for the weekend"),
    ("areas.entry_delay", "29s", "by hand: exit delay, entry delay, alarm; disarming ends it"),
    ("areas.entry_delay", "31s", "by hand: exit delay, entry delay, alarm; disarming ends it"),
    ("areas.exit_delay", "59s", "by hand: exit delay, entry delay, alarm; disarming ends it"),
    ("areas.exit_delay", "61s", "what stands open as the exit delay ends is left out until it was shut"),
    ("posts.gates", [], "an open gate is for 60 s, unattended"),
    ("posts.key_within", "14min", "a key within 15 min attends post and gate"),
    ("posts.key_within", "16min", "a key within 15 min attends post and gate"),
    ("posts.needs_key", True, "an unmanned gatehouse is for 5 min"),
    ("tours.checkpoints", ["point-a", "point-b"], "four rounds are too few, and 5 h without one too long"),
    ("tours.within", "59min", "five rounds are enough, a point after 61 min is none"),
    ("tours.within", "61min", "four rounds are too few, and 5 h without one too long"),
    ("tours.per_day", 4, "one round of five"),
    ("tours.per_day", 6, "one round of five"),
    ("tours.ordered", True, "five rounds are enough, a point after 61 min is none"),
    ("tours.all_day", False, "a day that was not watched is not judged"))


def played(build, tmp_path, text, option=None):
    campus = copy_of(CAMPUS, tmp_path / "campus")
    if option:
        set_option(option, campus)
    if "checkpoint" not in text:
        (campus / "rules.d/unwalked.yaml").write_text(UNWALKED)
    path = tmp_path / "day.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in lines_of(text)))
    done = replay(build, campus, path)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def sheet_is_so(rows, name):
    _, item, key, value = SHEETS[name]
    sheet = next(row["answer"] for row in rows if row.get("command") == "sheet")
    return next(row for row in sheet["items"] if row["id"] == item)[key] == value


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_says_what_was_worked_out(build, tmp_path, name):
    assert sheet_is_so(played(build, tmp_path, SHEETS[name][0]), name)


def is_so(build, tmp_path, option):
    """Whether the option's story comes out as written."""
    name = option.story
    text, after = SHEETS[name][:2] if name in SHEETS else SCENARIOS[name]
    rows = played(build, tmp_path, text, option)
    return sheet_is_so(rows, name) if name in SHEETS else told(rows) == expected(after)


@pytest.mark.parametrize("option", OPTIONS, ids=str)
def test_a_changed_option_is_noticed(build, tmp_path, option):
    assert not is_so(build, tmp_path, option)


AS_THEY_ARE = options_of(
    "three_defense", ("arrival", "40min", "80 minutes of coming and going"),
    ("areas.entry_delay", "30s", "by hand: exit delay, entry delay, alarm; disarming ends it"),
    ("tours.within", "60min", "four rounds are too few, and 5 h without one too long"))


@pytest.mark.parametrize("option", AS_THEY_ARE, ids=str)
def test_an_option_that_says_the_default_is_not_noticed(build, tmp_path, option):
    assert is_so(build, tmp_path, option)
