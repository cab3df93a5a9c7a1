"""Names of people that an office writes where no name belongs: nothing of them is kept by the
gateway, neither in its database nor in its copy of the files nor in its log."""
import os
import shutil
import subprocess

import pytest

from conftest import ROOT
from test_calendar import enter_table, school  # noqa: F401

NAME = "欧阳测试"


def kept(school):  # noqa: F811
    """The files below the gateway's folder, but for the office's own, that have the name."""
    school.gateway.stop()
    folder = school.site.folder
    own = (school.site.config, folder / "登记.csv")
    files = [path for path in folder.rglob("*")
             if path.is_file() and not any(path == o or o in path.parents for o in own)]
    assert any("kept" in path.parts for path in files) and school.gateway.log in files
    return [path for path in files
            if any(NAME.encode(code) in path.read_bytes() for code in ("utf-8", "gb18030"))]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_remark_is_in_no_copy_of_the_tables(school, encoding):  # noqa: F811
    table = school.site.config / "timetable.csv"
    heading, *rows = table.read_text(encoding="utf-8").splitlines()
    text = "\n".join([f"# {NAME}", f"{heading},# 班主任", *(f"{row},{NAME}" for row in rows),
                      f"#,{NAME}", f"# {NAME}、{NAME}，"])
    table.write_bytes(text.encode(encoding))
    shutil.copy(table, school.site.config / "教师.csv")
    before = school.subjects("2024-P-01")
    done = school.ctl("reload", "--yes")
    assert done.returncode == 0, done.stderr
    school.restart()
    assert school.subjects("2024-P-01") == before
    assert kept(school) == []


def test_a_slip_with_a_name_is_told_and_not_logged(school):  # noqa: F811
    assert school.ctl("reload", "--yes").returncode == 0
    for fields in (f"class={NAME},lesson=1,with=2", f"class=2024-P-01,lesson=1,subject={NAME}",
                   f"class=2024-P-01,lesson=1,subject=math,place={NAME}"):
        refused = school.ctl("enter", "swap-lesson", fields)
        assert refused.returncode == 1 and NAME in refused.stderr, refused.stderr
    refused = enter_table(school, f"日期,班级,请假\n2026-11-23,{NAME},1\n")
    assert refused.returncode == 1 and NAME in refused.stderr
    refused = enter_table(school, f"日期,班级,{NAME},请假\n2026-11-23,三年级一班,,1\n")
    assert refused.returncode == 1 and NAME in refused.stderr
    table = school.site.config / "timetable.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("英语", f"英语 {NAME}"), encoding="utf-8")
    refused = school.ctl("reload", "--yes")
    assert refused.returncode == 1 and NAME in refused.stderr + refused.stdout
    log = school.gateway.text()
    assert "swap-lesson by " in log and "timetable.csv:4:" in log, "that, and where, is said"
    assert kept(school) == []


def test_a_reload_of_the_service_tells_the_journal_no_name(school):  # noqa: F811
    table = school.site.config / "timetable.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("英语", f"英语 {NAME}"), encoding="utf-8")
    journal = school.site.folder / "journal"
    with open(journal, "w", encoding="utf-8") as out:
        stat = os.fstat(out.fileno())
        subprocess.run([school.site.build / "campusctl", "--socket", school.site.folder / "api.sock", "reload", "--yes"],
                       stdout=out, stderr=out, timeout=60, check=False,
                       env={**os.environ, "JOURNAL_STREAM": f"{stat.st_dev}:{stat.st_ino}"})
    assert "nothing was changed" in journal.read_text(encoding="utf-8")
    assert NAME not in journal.read_text(encoding="utf-8")


def test_a_start_that_a_table_forbids_logs_where_and_not_what(school):  # noqa: F811
    table = school.site.config / "timetable.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("英语", f"英语 {NAME}"), encoding="utf-8")
    school.gateway.stop()
    done = subprocess.run(school.gateway.command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "timetable.csv:4:" in done.stderr and "--check tells" in done.stderr
    assert NAME not in done.stderr
