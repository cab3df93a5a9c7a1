"""Names of people that an office writes where no name belongs: nothing of them is kept by the
gateway, neither in its database nor in its copy of the files nor in its log."""
import shutil

import pytest

from conftest import ROOT
from test_calendar import school  # noqa: F401

NAME = "欧阳测试"


def kept(school):  # noqa: F811
    """The files below the gateway's folder, but for the office's own, that have the name."""
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
