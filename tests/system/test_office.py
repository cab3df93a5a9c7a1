"""The office of a school of 24 classes: what is mistyped in its three spreadsheets is told at its
cell, in Chinese, and nothing else is told."""
import os
import re
import shutil
import subprocess

import pytest

from conftest import ROOT

CHINESE = {**os.environ, "LC_ALL": "zh_CN.UTF-8"}


class Office:
    def __init__(self, build, config):
        self.build = build
        self.config = config
        self.tables = {name: [line.split(",") for line in
                              (config / f"{name}.csv").read_text(encoding="utf-8").splitlines()]
                       for name in ("classes", "rooms", "timetable")}

    def at(self, where):
        """The rows of its table, row and column of "classes.B3"."""
        name, letters, row = re.fullmatch(r"(\w+)\.([A-Z]+)(\d+)", where).groups()
        column = 0
        for letter in letters:
            column = 26 * column + ord(letter) - ord("A") + 1
        return self.tables[name], int(row) - 1, column - 1

    def write(self, where, text):
        rows, row, column = self.at(where)
        rows[row][column] = text

    def place(self, where):
        """"classes.csv:3:12", the line and the character of a cell."""
        rows, row, column = self.at(where)
        before = sum(len(cell) + 1 for cell in rows[row][:column])
        return f"{where.split('.')[0]}.csv:{row + 1}:{before + 1}"

    def check(self, encoding="utf-8"):
        for name, rows in self.tables.items():
            text = "".join(",".join(row) + "\r\n" for row in rows)
            (self.config / f"{name}.csv").write_bytes(text.encode(encoding))
        return self.told()

    def gone(self, name):
        """That table is not there."""
        (self.config / f"{name}.csv").unlink()
        del self.tables[name]

    def told(self):
        done = subprocess.run([self.build / "campus-gatewayd", "--config", self.config, "--check"],
                              capture_output=True, text=True, timeout=60, check=False, env=CHINESE)
        return done, [line.replace(f"{self.config}/", "")
                      for line in done.stderr.splitlines() if ".csv:" in line]


@pytest.fixture
def office(build, tmp_path):
    config = tmp_path / "config"
    shutil.copytree(ROOT / "etc", config)
    shutil.copytree(ROOT / "etc/nine-year", config, dirs_exist_ok=True)
    for example in config.glob("devices.d/*"):
        example.unlink()
    return Office(build, config)


SLIPS = [
    # cell, what is written there, what is said of it
    ("classes.A3", "三年一", "“三年一”不能作编号"),
    ("classes.A4", "2026-P-01", "编号“2026-P-01”和第 2 行重复"),
    ("classes.B3", "3月1日", "“3月1日”被电子表格改成了日期"),
    ("classes.A3", "3月1日", "“3月1日”被电子表格改成了日期，这一列共 1 格（请把这一列设为“文本”"),
    ("rooms.A4", "Mar-01", "“Mar-01”被电子表格改成了日期"),
    ("timetable.A4", "2026/3/1", "“2026/3/1”被电子表格改成了日期，这一列共 1 格"),
    ("classes.B3", "1-Mar", "“1-Mar”被电子表格改成了日期"),
    ("classes.B4", "一年级一班", "名称“一年级一班”和第 2 行重复"),
    ("classes.C5", "小雪", "“小雪”不是学段（可写：小学、初中、高中）"),
    ("classes.D5", "二年纪", "“二年纪”不是年级"),
    ("classes.D5", "七年级", "年级“七年级”和"),
    ("classes.E6", "p-1O5", "没有教室“p-1O5”（是不是“p-105”？）"),
    ("classes.E6", "地下室", "没有教室“地下室”（可写：rooms.csv 或 campus.yaml 里的编号或名称）"),
    ("classes.E6", "p-101", "“p-101”已经是班级“2026-P-01”的教室"),
    ("classes.E6", "", "提醒: classes.E6: 班级“2025-P-02”没有填教室"),
    ("classes.F7", "45人", "“45人”不是整数（可写：0 到 200，只写数字，不带单位）"),
    ("classes.F7", "", "没有填人数（可写：0 到 200）"),
    ("classes.F7", "450", "“450”超出范围（可写：0 到 200）"),
    ("classes.F7", "1900/2/14", "“1900/2/14”不是整数"),
    ("classes.E1", "班主任", "表头“班主任”不认识"),
    ("rooms.C4", "普通教师", "没有“普通教师”这种场所（是不是“普通教室”？）"),
    ("rooms.C4", "仓储间", "没有“仓储间”这种场所（可写：普通教室"),
    ("rooms.C4", "", "没有填类型（可写：普通教室"),
    ("rooms.D4", "0", "提醒: rooms.D4: 容量是 0（应写核定人数；不知道就空着）"),
    ("timetable.A4", "", "没有填班级（可写：班级的编号或名称；合并的单元格要先取消合并"),
    ("rooms.D4", "五十", "“五十”不是整数"),
    ("timetable.D3", "体操", "没有科目“体操”（可写：语文"),
    ("timetable.D3", "语文 王某", "没有科目“语文 王某”（"),
    ("timetable.D3", "音乐@琴房", "没有场所“琴房”"),
    ("timetable.D3", "语文/数学/英语", "没有科目“数学/英语”"),
    ("timetable.A4", "3月1日", "“3月1日”被电子表格改成了日期"),
    ("timetable.A4", "一年级五班", "没有班级“一年级五班”（是不是“一年级"),
    ("timetable.A4", "一年级一班", "班级“2026-P-01”在上面已经有一行"),
    ("timetable.B1", "周八1", "表头“周八1”看不出是星期几第几节"),
    ("timetable.H2", "语文", "作息里没有第 7 节：班级“2026-P-01”一天最多 6 节"),
]
# What a slip takes with it, beyond its own cell.
ALSO = {
    "classes.A3": "没有班级", "classes.A4": "没有班级", "classes.E1": "没有填教室",
    "classes.B3": "没有班级", "classes.B4": "没有班级",
    "timetable.A4": "没有课表", "classes.E6": "没有教室",
}


@pytest.mark.parametrize("where,text,says", SLIPS, ids=[f"{where}-{text}" for where, text, _ in SLIPS])
def test_a_slip_is_told_at_its_cell_in_chinese(office, where, text, says):
    office.write(where, text)
    done, lines = office.check("gb18030")
    place = office.place(where)
    found = [line for line in lines if line.startswith(f"{place}: ") and says in line]
    assert len(found) == 1, (place, done.stderr)
    assert where in found[0], "the cell as the spreadsheet names it"
    for line in lines:
        assert not re.search(r"allowed|wanted|unknown|did you mean", line), line
        assert line in found or (where in ALSO and ALSO[where] in line) or where in line, (line, where)
    assert done.returncode == ("提醒" not in says)


def test_what_makes_no_difference_is_taken(office):
    """Wide digits, blanks, BOM, remarks, another order of columns, brackets of either kind."""
    office.write("classes.F2", "４５")
    office.write("classes.B2", " 一年级一班　")
    office.write("timetable.A2", "一年级 一班")
    office.write("classes.F1", "人数（人）")
    office.tables["classes"] = [row[::-1] + [remark] for row, remark in
                                zip(office.tables["classes"], ["# 备注"] + ["新校区"] * 24)]
    office.tables["rooms"].insert(5, ["# 下面是二层"])
    for encoding in ("utf-8-sig", "utf-16", "gb18030"):
        done, lines = office.check(encoding)
        assert done.returncode == 0 and not lines, done.stderr
        assert "学校：24 个班（小学 18、初中 6），24 个有教室" in done.stdout


def test_merged_cells_keep_only_the_first(office):
    """Stage and grade written once for three classes: the others are told."""
    for row in (3, 4):
        office.write(f"classes.C{row}", "")
        office.write(f"classes.D{row}", "")
    done, lines = office.check()
    assert done.returncode == 1 and len(lines) == 2, done.stderr
    assert all("合并的单元格要先取消合并" in line for line in lines)
    assert [line.split(": ")[0] for line in lines] == [office.place("classes.C3"), office.place("classes.C4")]


def test_a_comma_in_a_cell_moves_the_rest_and_is_told(office):
    office.tables["timetable"][9].insert(4, "张老师")
    office.tables["classes"][5].append("张老师")
    done, lines = office.check()
    assert done.returncode == 1
    assert any("没有科目“张老师”" in line and "不要写教师姓名" in line for line in lines), done.stderr
    assert any("“张老师”上面没有表头（是不是格子里多了逗号？" in line for line in lines), done.stderr


def test_a_file_that_is_no_table_is_told(office):
    office.check()
    table = office.config / "classes.csv"
    for content, says in ((b"PK\x03\x04\x14\x00\x06\x00workbook.xlsx", "这是电子表格的工作簿（xlsx、xls、et），不是 CSV"),
                          (b"", "表是空的"),
                          ("某校班级一览表,,,\r\n编号,班级,年级,人数\r\n".encode(), "缺少“编号, 班级, 人数”这一列"),
                          ("编号,班级,年级,人数\r\na,\"一班,一年级,40\r\n".encode(), "双引号没有配对")):
        table.write_bytes(content)
        done, lines = office.told()
        assert done.returncode == 1
        assert any(line.startswith("classes.csv:") and says in line for line in lines), (says, done.stderr)


def test_a_system_in_english_is_told_in_english(office):
    office.write("classes.F7", "45人")
    office.check()
    done = subprocess.run([office.build / "campus-gatewayd", "--config", office.config, "--check"],
                          capture_output=True, text=True, timeout=60, check=False,
                          env={**os.environ, "LC_ALL": "C.UTF-8"})
    assert "'45人' is not a whole number (allowed: 0 .. 200, the number alone)" in done.stderr
