"""The shipped timetable, and what the check says of a spreadsheet's slips."""
import shutil
import subprocess

import pytest

from conftest import ROOT


@pytest.fixture
def folder(tmp_path):
    """The shipped configuration with its example timetable in force."""
    config = tmp_path / "config"
    shutil.copytree(ROOT / "etc", config)
    shutil.copy(config / "timetable.example.csv", config / "timetable.csv")
    return config


@pytest.fixture
def nine_year(tmp_path):
    """The example school of 24 classes, whose classes, rooms and week are spreadsheets."""
    config = tmp_path / "config"
    shutil.copytree(ROOT / "etc", config)
    shutil.copytree(ROOT / "etc/nine-year", config, dirs_exist_ok=True)
    for example in config.glob("devices.d/*"):
        example.unlink()
    return config


def check(build, folder):
    return subprocess.run([build / "campus-gatewayd", "--config", folder, "--check"], capture_output=True,
                          text=True, timeout=60, check=False)


def test_the_shipped_timetable_is_taken_without_a_word(build, folder):
    told = check(build, folder)
    assert told.returncode == 0, told.stderr
    assert "timetable.csv" not in told.stderr


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_whatever_a_spreadsheet_exports_means_the_same(build, folder, encoding, separator):
    table = folder / "timetable.csv"
    text = table.read_text(encoding="utf-8").replace(",", separator)
    table.write_bytes(text.replace("\n", "\r\n").encode(encoding))
    told = check(build, folder)
    assert told.returncode == 0, told.stderr
    assert "timetable.csv" not in told.stderr


SPREADSHEETS = ("classes.csv", "rooms.csv", "timetable.csv")


def slips(told):
    """What the check says of the spreadsheets."""
    return [line for line in told.stderr.splitlines() if any(name in line for name in SPREADSHEETS)]


def test_a_nine_year_school_of_24_classes_is_three_spreadsheets(build, nine_year):
    told = check(build, nine_year)
    assert told.returncode == 0 and not slips(told), told.stderr
    assert "school: 24 classes (primary 18, junior 6), 24 with a room" in told.stdout
    assert "timetable: 24 classes, 750 lessons a week" in told.stdout


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_classes_and_rooms_as_office_programs_write_them(build, nine_year, encoding):
    for name in SPREADSHEETS:
        text = (nine_year / name).read_text(encoding="utf-8").replace(",", ";")
        (nine_year / name).write_bytes(("sep=;\r\n" + text.replace("\n", "\r\n")).encode(encoding))
    told = check(build, nine_year)
    assert told.returncode == 0 and not slips(told), told.stderr
    assert "school: 24 classes" in told.stdout


def test_24_classes_from_the_schools_sheet_and_every_slip_in_it(build, folder):
    """Eight slips in a sheet of 24 classes: each is told, and nothing else is."""
    campus = folder / "campus.yaml"
    text = campus.read_text(encoding="utf-8")
    rooms, classes, names = "", "", []
    for grade in range(1, 7):
        for number in range(1, 5):
            name = f"{'一二三四五六'[grade - 1]}年级({number})班"
            klass = f"{2021 + grade}-X-{number:02}"
            rooms += (f"  - {{id: c-{grade}{number}, kind: classroom, title: 教室{grade}{number}, "
                      f"capacity: 50, class: {klass}}}\n")
            classes += (f"  - {{id: {klass}, title: {name}, stage: primary, "
                        f"enrolled: 40}}\n")
            names.append(name)
    text = text.replace("\nplaces:\n", "\nplaces:\n" + rooms, 1)
    text = text.replace("\nclasses:\n", "\nclasses:\n" + classes, 1)
    campus.write_text(text, encoding="utf-8")

    sheet = (folder / "timetable.csv").read_text(encoding="utf-8").rstrip("\n").split("\n")
    week = sheet[1].split(",")[1:]
    rows = [sheet[0].split(",")] + [[name] + week for name in names]
    rows += [row.split(",") for row in sheet[1:]]
    table = folder / "timetable.csv"
    table.write_text("\n".join(",".join(row) for row in rows) + "\n", encoding="gb18030")
    told = check(build, folder)
    assert told.returncode == 0, told.stderr
    line, = [line for line in told.stderr.splitlines() if "timetable.csv" in line]
    assert "class '2022-X-02' has the same week as '2022-X-01', and 23 more have one that stands above" in line

    rows[2][3] = "语纹"
    rows[5][0] = "一年级(9)班"
    rows[7][1] = "语文 某老师"
    rows[8][4] = "音乐@琴房"
    rows[9][0] = rows[10][0]
    rows[11][6] = "语文/数学"
    rows[12].append("体育")
    rows[0][30] = "周五下午"
    table.write_text("\n".join(",".join(row) for row in rows) + "\n", encoding="gb18030")
    told = check(build, folder)
    assert told.returncode == 1
    cells = [line.split(": ")[1] for line in told.stderr.splitlines()
             if "timetable.csv:" in line and "warning" not in line]
    for cell in ("AE1", "D3", "A6", "B8", "E9", "A11", "G12", "AF13"):
        assert f"timetable.{cell}" in cells, (cell, told.stderr)
    # the heading that is none takes its whole column with it
    assert {cell for cell in cells if not cell.startswith("timetable.AE")} == {
        f"timetable.{cell}" for cell in ("D3", "A6", "B8", "E9", "A11", "G12", "AF13")}
