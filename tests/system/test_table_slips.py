"""What one table of the office says in two ways, and what its other rows contradict: told once, with
file, line and column, in both languages; and nothing of a school that only is unlike others."""
import re

import pytest

from test_office import CHINESE, office  # noqa: F401
from test_office_slips import cell


def heads(table, a, b):
    """Those two headings are exchanged, and nothing below them."""
    def edit(o):
        row = o.tables[table][0]
        row[a], row[b] = row[b], row[a]
    return edit


def found(text, other, at=0):
    """The cell of the week that has that text, the @at-th of them, has another."""
    def edit(o):
        cells = [(row, i) for row in o.tables["timetable"][1:] for i, its in enumerate(row) if its == text]
        row, i = cells[at]
        row[i] = other
    return edit


def days(a, b):
    """Those two days are exchanged in the headings of all their lessons."""
    def edit(o):
        other = {a: b, b: a}
        o.tables["timetable"][0] = [other.get(head[:2], head[:2]) + head[2:] for head in o.tables["timetable"][0]]
    return edit


def lessons(a, b):
    """Those two lessons are exchanged in the headings of all days."""
    def edit(o):
        other = {a: b, b: a}
        o.tables["timetable"][0] = [head[:2] + other.get(head[2:], head[2:]) for head in o.tables["timetable"][0]]
    return edit


def upside_down(o):
    """The classes of the week are sorted from the last to the first, and their lessons are not."""
    rows = o.tables["timetable"][1:]
    for row, name in zip(rows, [row[0] for row in rows][::-1]):
        row[0] = name


def in_two_rows(edit):
    """The weekdays in a row above that of the lessons, and then @edit."""
    def make(o):
        head, *rows = o.tables["timetable"]
        top = [head[0]] + [text[:2] if text.endswith("1") else "" for text in head[1:]]
        o.tables["timetable"] = [top, ["", *(text[2:] for text in head[1:])], *rows]
        edit(o)
    return make


def listed(edit):
    """The week as a list of lessons, and then @edit."""
    def make(o):
        head, *rows = o.tables["timetable"]
        lessons = [[row[0], when[:2], when[2:], *(f"{cell}@".split("@")[:2])]
                   for row in rows for when, cell in zip(head[1:], row[1:]) if cell]
        o.tables["timetable"] = [["班级", "星期", "节次", "科目", "教室"], *lessons]
        edit(o)
    return make


def room(identity, column, text):
    return lambda o: next(row for row in o.tables["rooms"] if row[0] == identity).__setitem__(column, text)


def exchanged(table, column, *rows):
    """The texts of that column in those two rows, named as the spreadsheet does, are exchanged."""
    def edit(o):
        a, b = (o.tables[table][row - 1] for row in rows)
        a[column], b[column] = b[column], a[column]
    return edit


def both(*edits):
    def edit(o):
        for each in edits:
            each(o)
    return edit


def put(table, *cells):
    return lambda o: o.tables[table].append(list(cells))


def tagged(o):
    """A column of tags, of which one room has one."""
    for row in o.tables["rooms"]:
        row.append({"编号": "标签", "p-301": "课后服务"}.get(row[0], ""))


def served(*tags):
    """A column of tags, where all classes but those of @tags (room, tag, room, tag, …) have service."""
    other = dict(zip(tags[::2], tags[1::2]))

    def edit(o):
        for n, row in enumerate(o.tables["rooms"]):
            row.append("标签" if n == 0 else other.get(row[0], "课后服务" if row[2] == "普通教室" else ""))
    return edit


def lowered(o):
    """The column of floors is a row too low."""
    rows = o.tables["rooms"][1:25]
    for row, floor in zip(rows[1:], [row[5] for row in rows]):
        row[5] = floor


def limits(text):
    """A column of limits, of which that of one class is another one."""
    def edit(o):
        for row in o.tables["classes"]:
            row.append({"编号": "班额", "2026-P-03": text}.get(row[0], "50" if row[2] == "初中" else "45"))
    return edit


def adults(text):
    """A column of adults, of which one class has another number."""
    def edit(o):
        for n, row in enumerate(o.tables["classes"]):
            row.append({"编号": "教师数", "2026-P-03": text}.get(row[0], f"{1 + n % 2}"))
    return edit


LIBRARY = put("rooms", "library", "图书室", "图书室", "60", "小学楼", "四层")


def without(name, subject):
    """That class has Chinese where it had that subject."""
    def edit(o):
        row = next(row for row in o.tables["timetable"] if row[0] == name)
        row[:] = ["语文" if cell == subject else cell for cell in row]
    return edit


# what went wrong, how, where it is told, what is said
SLIPS = [
    ("a floor in a figure", cell("rooms.F10", "2"), "rooms.csv:10:26", "楼层“2”在另外 7 行里写的是“二层”（请写成一样的）"),
    ("a floor with its sign twice", cell("rooms.F10", "二层层"), "rooms.csv:10:26", "楼层“二层层”在另外 7 行里写的是“二层”"),
    ("a floor that is not the number's", cell("rooms.F10", "三层"), "rooms.csv:10:26", "教室“p-203”按房号在 2 层，楼层却写“三层”（请核对房号和楼层）"),
    ("a floor beyond the roof", cell("rooms.F10", "二十层"), "rooms.csv:10:26", "教室“p-203”按房号在 2 层，楼层却写“二十层”"),
    ("a building in place of a floor", cell("rooms.F10", "小学楼"), "rooms.csv:10:26", "“小学楼”是楼栋，别的行的楼层写的是“一层”这样（这里应写楼层）"),
    ("a building with a wrong sign", lambda o: next(r for r in o.tables["rooms"] if r[0] == "music-p").__setitem__(4, "小学搂"), "rooms.csv:26:24", "楼栋“小学搂”在另外 19 行里写的是“小学楼”（请写成一样的）"),
    ("a capacity left out", cell("rooms.D13", ""), "rooms.csv:13:19", "1 间教室没有填容量，另外 28 间都填了（应写核定人数；确实不知道，就不用管）"),
    ("a floor before its number", cell("rooms.F10", "F1"), "rooms.csv:10:26", "教室“p-203”按房号在 2 层，楼层却写“F1”"),
    ("a floor without its number", cell("rooms.F10", "层"), "rooms.csv:10:26", "楼层“层”没有写是几层，别的行写的是“一层”这样（应写楼层）"),
    ("a building without its sign", cell("rooms.E4", "小学"), "rooms.csv:4:22", "楼栋“小学”在另外 19 行里写的是“小学楼”（请写成一样的）"),
    ("a building with its sign twice", cell("rooms.E26", "小学楼楼"), "rooms.csv:26:24", "楼栋“小学楼楼”在另外 19 行里写的是“小学楼”"),
    ("a building with a letter behind it", cell("rooms.E4", "小学楼A"), "rooms.csv:4:22", "楼栋“小学楼A”在另外 19 行里写的是“小学楼”"),
    ("a letter in the id of a room that is cited by its name", both(room("p-103", 0, "p-1O3"), cell("classes.E4", "小学楼103")), "rooms.csv:4:1", "编号“p-1O3”按别的编号的写法应是“p-103”（字母 O、l 不是数字 0、1"),
    ("a capital in the id of a room", both(room("p-103", 0, "P-103"), cell("classes.E4", "小学楼103")), "rooms.csv:4:1", "编号“P-103”按别的编号的写法应是“p-103”"),
    ("the id of a room of another building", both(room("p-206", 0, "j-206"), cell("classes.E13", "小学楼206")), "rooms.csv:13:1", "编号“j-206”和楼栋“初中楼”的编号一样开头，这一行的楼栋却是“小学楼”，那里别的编号以“p-”开头（请核对编号和楼栋"),
    ("a tag left out", served("p-103", ""), "rooms.csv:4:1", "班级“2026-P-03”的教室“p-103”没有标签“课后服务”，别的 23 个班的教室都有（是不是漏写了？"),
    ("another tag", served("p-103", "foo"), "rooms.csv:4:1", "班级“2026-P-03”的教室“p-103”没有标签“课后服务”"),
    ("a name with another number", cell("rooms.B4", "小学楼113"), "rooms.csv:4:7", "编号“p-103”是 103 室，名称却是 113 室（请核对编号和名称）"),
    ("a name with a letter in its number", cell("rooms.B4", "小学楼1O3"), "rooms.csv:4:7", "编号“p-103”是 103 室，名称却是 3 室"),
    ("an id with another number", lambda o: (o.write("rooms.A4", "p-113"), o.write("classes.E4", "p-113")), "rooms.csv:4:7", "编号“p-113”是 113 室，名称却是 103 室"),
    ("the names of two rooms exchanged", exchanged("rooms", 1, 20, 21), "rooms.csv:20:7", "编号“j-101”是 101 室，名称却是 102 室"),
    ("the ids of two rooms exchanged", exchanged("rooms", 0, 24, 25), "rooms.csv:24:7", "编号“j-302”是 302 室，名称却是 301 室"),
    ("floors a row too low", lowered, "rooms.csv:24:26", "教室“j-301”按房号在 3 层，楼层却写“二层”"),
    ("a name with another building's sign", room("p-103", 1, "小雪楼103"), "rooms.csv:4:7", "教室“小雪楼103”在楼栋“小学楼”，那里另有 17 间的名称以楼名开头（请核对楼栋和名称"),
    ("a library as an office", both(LIBRARY, room("library", 2, "办公室")), "rooms.csv:31:13", "“图书室”本身是一种场所，类型却写“办公室”（请核对类型"),
    ("the kinds of laboratory and library exchanged", both(LIBRARY, exchanged("rooms", 2, 30, 31)), "rooms.csv:31:13", "“图书室”本身是一种场所，类型却写“实验室”"),
    ("the ids of laboratory and library exchanged", both(LIBRARY, exchanged("rooms", 0, 30, 31)), "rooms.csv:30:15", "“library”本身是一种场所，类型却写“实验室”"),
    ("headings of name and kind exchanged", both(LIBRARY, heads("rooms", 1, 2)), "rooms.csv:1:4", "“类型”和“名称”两列写反了"),
    ("headings of floor and tag exchanged", both(tagged, heads("rooms", 5, 6)), "rooms.csv:1:16", "“标签”和“楼层”两列写反了"),
    ("headings of kind and capacity exchanged", heads("rooms", 2, 3), "rooms.csv:1:7", "“容量”和“类型”两列写反了（各写在自己的表头下面）"),
    ("headings of building and floor exchanged", heads("rooms", 4, 5), "rooms.csv:1:13", "“楼层”和“楼栋”两列写反了"),
    ("headings of name and building exchanged", heads("rooms", 1, 4), "rooms.csv:1:4", "“楼栋”和“名称”两列写反了"),
    ("headings of id and floor exchanged", heads("rooms", 0, 5), "rooms.csv:1:1", "“楼层”和“编号”两列写反了"),
    ("headings of class and room exchanged", heads("classes", 1, 4), "classes.csv:1:4", "“教室”和“班级”两列写反了"),
    ("headings of id and room exchanged", heads("classes", 0, 4), "classes.csv:1:1", "“教室”和“编号”两列写反了"),
    ("headings of id and number exchanged", heads("classes", 0, 5), "classes.csv:1:1", "“人数”和“编号”两列写反了"),
    ("headings of stage and number exchanged", heads("classes", 2, 5), "classes.csv:1:7", "“人数”和“学段”两列写反了"),
    ("headings of class and grade exchanged", heads("classes", 1, 3), "classes.csv:1:4", "“年级”和“班级”两列写反了"),
    ("no signs in an id", cell("classes.A4", "2026P03"), "classes.csv:4:1", "编号“2026P03”像是写错的入学年份编号"),
    ("a zero too few in an id", cell("classes.A4", "2026-P-3"), "classes.csv:4:1", "编号“2026-P-3”像是写错的入学年份编号"),
    ("a zero too many in an id", cell("classes.A4", "2026-P-003"), "classes.csv:4:1", "编号“2026-P-003”像是写错的入学年份编号"),
    ("a letter of no stage in an id", cell("classes.A4", "2026-X-03"), "classes.csv:4:1", "编号“2026-X-03”像是写错的入学年份编号（应是四位数字、大写 P、J 或 S、序号"),
    ("a row with full-width commas", lambda o: o.tables["classes"].__setitem__(3, ["，".join(o.tables["classes"][3])]), "classes.csv:4:1", "这一行用的分隔符和表头不一样，“2026-P-03，一年级三班，"),
    ("a limit above all others", limits("54"), "classes.csv:4:33", "班级“2026-P-03”的班额是 54，同学段别的班都是 45（应一样"),
    ("a letter in the id of a room", room("p-203", 0, "p-2O3"), "rooms.csv:10:1", "“p-2O3”在 classes.csv:10:24 写的是“p-203”，别的也都这样写（两处要写成一样）"),
    ("a sign lost in the name of a class", cell("classes.B4", "一年级三"), "classes.csv:4:11", "“一年级三”在 timetable.csv:4:1 写的是“一年级三班”，别的也都这样写（两处要写成一样）"),
    ("a sign lost where the class is named", cell("timetable.A4", "一年级三"), "timetable.csv:4:1", "没有班级“一年级三”（是不是“一年级三班”？）"),
    ("another number in the name of a class", cell("classes.B4", "一年级四班"), "timetable.csv:4:1", "没有班级“一年级三班”（是不是“一年级四班”，见 classes.csv:4:11？）"),
    ("a sign lost where the room is named", cell("classes.E10", "p203"), "classes.csv:10:24", "没有教室“p203”（是不是“p-203”？）"),
    ("a room whose row is missing", lambda o: o.tables["rooms"].pop(9), "classes.csv:10:24", "没有教室“p-203”（可写：rooms.csv 或 campus.yaml 里的编号或名称）"),
    ("a class at home in the music room", cell("classes.E10", "music-p"), "classes.csv:10:24", "“music-p”是专用教室，却写成班级“2024-P-03”的教室，另有 11 个班也在这里上课（应写本班的教室"),
    ("a limit below the pupils and all others", limits("40"), "classes.csv:4:33", "班级“2026-P-03”的班额是 40，同学段别的班都是 45（应一样"),
    ("a digit too many of adults", adults("10"), "classes.csv:4:33", "班级“2026-P-03”的教师数是 10，别的班最多 2（应是平时在教室里的人数"),
    ("a digit too few in the year of an id", cell("classes.A4", "026-P-03"), "classes.csv:4:1", "编号“026-P-03”像是写错的入学年份编号"),
    ("no number in an id but zero", cell("classes.A4", "2026-P-0"), "classes.csv:4:1", "编号“2026-P-0”像是写错的入学年份编号"),
    ("the ids of two grades exchanged", exchanged("classes", 0, 10, 11), "classes.csv:10:1", "编号“2023-P-01”写在 3 年级，“2024-P-03”（第 11 行）写在 4 年级，按 campus.yaml 的学期正好相反（是不是两行的编号写反了？）"),
    ("headings of a list exchanged", listed(heads("timetable", 1, 2)), "timetable.csv:1:4", "“节次”和“星期”两列写反了"),
    ("headings of subject and room exchanged", listed(heads("timetable", 3, 4)), "timetable.csv:1:10", "“教室”和“科目”两列写反了"),
    ("headings of class and subject exchanged", listed(heads("timetable", 0, 3)), "timetable.csv:1:1", "“科目”和“班级”两列写反了"),
    ("a music room as a classroom", room("music-p", 2, "普通教室"), "rooms.csv:26:16", "“music-p”是普通教室，没有班级以它为教室，却有 12 个班在这里上音乐（是不是专用教室？本来就这样，就不用管）"),
    ("a classroom as a special room", room("p-103", 2, "专用教室"), "rooms.csv:4:14", "“p-103”是专用教室，别的班的教室都是普通教室（请核对类型；本来就这样，就不用管）"),
    ("a class without a sport", without("四年级一班", "体育"), "timetable.csv:11:1", "班级“2023-P-01”全周没有体育，同年级和上下年级的班都有（应有这一科；本来就这样，就不用管）"),
    ("a class without English", without("四年级一班", "英语"), "timetable.csv:11:1", "班级“2023-P-01”全周没有英语"),
    ("a subject of the junior stage", cell("timetable.E17", "历史"), "timetable.csv:17:", "班级“2021-P-01”的同年级和本学段上下年级都没有这一科"),
    ("a class without a lesson that the other one has", without("七年级一班", "劳动"), "timetable.csv:20:1", "班级“2026-J-01”全周没有劳动，同年级和上下年级的班都有（应有这一科；本来就这样，就不用管）"),
    ("a subject of the next grade", cell("timetable.C20", "物理"), "timetable.csv:20:10", "班级“2026-J-01”只有这一节上这一科，同年级的“2026-J-02”没有，上下年级的班却不止一节（请核对科目"),
    ("a class without a subject of its grade", without("九年级一班", "化学@初中实验室"), "timetable.csv:24:1", "班级“2024-J-01”全周没有化学，同年级别的班都有"),
    ("a lesson too many of one subject", cell("timetable.C2", "劳动"), "timetable.csv:2:1", "班级“2026-P-01”每周的节数和同年级别的班不一样：语文 7 节，别的班 8 节；劳动 2 节（C2、AA2），别的班 1 节（请核对课表；本来就这样，就不用管）"),
    ("a second class meeting", cell("timetable.C2", "班队"), "timetable.csv:2:10", "语文 7 节，别的班 8 节；班队 2 节（C2），别的班 1 节（请核对课表"),
    ("a lesson struck out", cell("timetable.E2", "-"), "timetable.csv:2:16", "班级“2026-P-01”每周的节数和同年级别的班不一样：道德与法治 1 节，别的班 2 节（请核对课表"),
    ("a lesson too many where a grade has two classes", cell("timetable.D21", "数学"), "timetable.csv:20:1", "班级“2026-J-01”每周的节数和“2026-J-02”不一样，别的年级各班都一样：数学 6 节，“2026-J-02” 7 节；地理 2 节（F20、O20），“2026-J-02” 1 节（请核对课表"),
    ("a day struck out", lambda o: o.tables["timetable"][1].__setitem__(slice(1, 7), ["-"] * 6), "timetable.csv:2:7", "班级“2026-P-01”周一每节都写了 -，同年级别的班那天都有课（应填写科目；本来就这样，就不用管）"),
    ("the names of two classes of other grades exchanged", exchanged("timetable", 0, 23, 25), "timetable.csv:25:1", "班级“2025-J-02”全周没有生物，同年级别的班都有"),
    ("two lessons of a day exchanged", heads("timetable", 1, 2), "timetable.csv:1:4", "表头“周一2”和“周一1”写反了，别的列都按先后排（请核对下面的科目；本来就这样，就不用管）"),
    ("the first lessons of two days exchanged", heads("timetable", 1, 8), "timetable.csv:1:4", "表头“周二1”和“周一1”写反了"),
    ("two days exchanged", days("周一", "周五"), "timetable.csv:1:4", "表头“周五”和“周一”写反了"),
    ("two lessons exchanged on all days", lessons("5", "6"), "timetable.csv:1:20", "表头“第 6 节”和“第 5 节”写反了，别的列都按先后排（请核对下面的科目"),
    ("two lessons exchanged below all days", in_two_rows(lambda o: o.tables["timetable"].__setitem__(1, [{"5": "6", "6": "5"}.get(cell, cell) for cell in o.tables["timetable"][1]])), "timetable.csv:2:10", "表头“第 6 节”和“第 5 节”写反了"),
    ("a weekday missing above its lessons", in_two_rows(lambda o: o.tables["timetable"][0].__setitem__(15, "")), "timetable.csv:1:22", "“1”上面没有星期，左边的周二已经有这一节（每天的第一节上面要写星期）"),
    ("a weekday a cell late", in_two_rows(lambda o: o.tables["timetable"][0].__setitem__(slice(15, 17), ["", "周三"])), "timetable.csv:1:22", "“1”上面没有星期，左边的周二已经有这一节"),
    ("a lesson's number twice below its day", in_two_rows(lambda o: o.tables["timetable"][1].__setitem__(1, "2")), "timetable.csv:2:4", "表头“2”和第 2 列重复（只能有一列）"),
    ("a column of the week twice", in_two_rows(lambda o: [row.insert(3, row[2]) for row in o.tables["timetable"]]), "timetable.csv:2:6", "表头“2”和第 3 列重复（只能有一列）"),
    ("a day that is no weekday above its lessons", in_two_rows(lambda o: o.tables["timetable"][0].__setitem__(1, "周X")), "timetable.csv:1:4", "“周X”不是星期几（可写：周一到周日，写在当天第一节上面）"),
    ("no weekday above the first lessons", in_two_rows(lambda o: o.tables["timetable"][0].__setitem__(1, "")), "timetable.csv:1:4", "这里没有写星期（可写：周一到周日，写在当天第一节上面）"),
    ("a class twice instead of another", cell("timetable.A16", "六年级一班"), "timetable.csv:17:1", "班级“2021-P-01”在上面已经有一行，第 16 行，“2022-P-03”却没有（一个班只能有一行）"),
    ("an empty column before the classes", lambda o: [row.insert(0, "") for row in o.tables["timetable"]], "timetable.csv:1:1", "第一列是空的（第一列写班级；请删掉这个空列）"),
    ("a row of the week with full-width commas", lambda o: o.tables["timetable"].__setitem__(3, ["，".join(o.tables["timetable"][3])]), "timetable.csv:4:1", "这一行用的分隔符和表头不一样，“一年级三班，语文，"),
    ("a heading with semicolons", lambda o: o.tables["classes"].__setitem__(0, [";".join(o.tables["classes"][0])]), "classes.csv:1:1", "表头用“;”分隔，下面各行用“,”分隔（整张表只用一种分隔符）"),
    ("a heading left out", cell("rooms.D1", ""), "rooms.csv:1:10", "这一列没有表头，下面却有内容（可写：编号, 名称"),
    ("no heading that can be read", lambda o: o.tables["rooms"].__setitem__(0, ["????"] * 6), "rooms.csv:1:1", "若是乱码，请另存为 UTF-8 的 CSV"),
    ("a lesson filled down", lambda o: [row.__setitem__(1, "体育") for row in o.tables["timetable"][1:]], "timetable.csv:2:7", "各班周一第 1 节都是体育（是不是一格往下填充了？"),
    ("classes sorted without their lessons", upside_down, "timetable.csv:1:1", "第 7 节（bells.junior）全周没有班上，没有这一节的小学却有班上（是不是只把班级一列排了序？"),
    ("a sport in a classroom", found("体育", "体育@p-103"), "timetable.csv:2:22", "这节在“p-103”上，这一科别的课都在“sports-ground”（请核对教室；本来就这样，就不用管）"),
    ("a sport in the own classroom", found("体育", "体育@p-101"), "timetable.csv:2:22", "这节在“p-101”上，这一科别的课都在“sports-ground”"),
    ("chemistry with the computers", found("化学@初中实验室", "化学@初中计算机教室"), "timetable.csv:24:10", "这节在“computer-j”上，这一科别的课都在“lab-j”"),
    ("music with the computers", found("音乐@小学音乐教室", "音乐@小学计算机教室"), "timetable.csv:8:64", "这一科只有这节在“computer-p”上，那里别的课都是“信息科技”（请核对教室；本来就这样，就不用管）"),
    ("Chinese on the sports ground", found("语文", "语文@运动场", 3), "timetable.csv:2:67", "这一科只有这节在“sports-ground”上，那里别的课都是“体育”"),
    ("a lesson in the room of a class", found("班队", "班队@p-205"), "timetable.csv:2:", "这一科只有这节在“p-205”上，那是班级“2023-P-02”的教室"),
    ("music of the primary school with the juniors", found("音乐@小学音乐教室", "音乐@初中音乐教室"), "timetable.csv:8:64", "在“music-j”上的别的课都是另一个学段的，本学段这一科在“music-p”上"),
    ("music without its room, which is free", found("音乐@小学音乐教室", "音乐"), "timetable.csv:8:64", "这里没有写教室，同年级别的班这一科都在“music-p”上，那里这时空着（应写：科目@教室；本来就在本班教室上，就不用管）"),
    ("music of a junior class without its room", found("音乐@初中音乐教室", "音乐"), "timetable.csv:20:22", "这里没有写教室，本学段这一科别的课都写了，如“music-j”，那里这时空着（应写：科目@教室；本来就在本班教室上，就不用管）"),
    ("a music room for five hundred", room("music-p", 3, "500"), "rooms.csv:26:21", "容量 500，而在这里上课的班最多 45 人（请核对容量；确实这样，就不用管）"),
]
# Of these something else is told, too: what really is so besides.
SEVERAL = {
    "a letter in the id of a room": 2,  # as the others are written, and as it is cited
    "another number in the name of a class": 2,  # it is not that of the id
    "the names of two rooms exchanged": 2,
    "the ids of two rooms exchanged": 2,
    "floors a row too low": 5,
    "the names of two classes of other grades exchanged": 4,  # each is unlike the other of its grade
    "classes sorted without their lessons": 2,  # a lesson that has no bell
    "a class at home in the music room": 6,  # who is there then, and how often
    "a lesson in the room of a class": 2,  # who is there then
}


@pytest.mark.parametrize("edit,place,says", [slip[1:] for slip in SLIPS], ids=[slip[0] for slip in SLIPS])
def test_a_slip_is_told_once_where_it_stands(office, request, monkeypatch, edit, place, says):  # noqa: F811
    edit(office)
    done, lines = office.check()
    told = [line for line in lines if line.startswith(place) and says in line]
    assert len(told) == 1, done.stderr
    assert len(lines) == SEVERAL.get(request.node.callspec.id, 1), done.stderr
    for line in lines:
        assert not re.search(r"allowed|wanted|unknown|did you mean|�", line), line
    assert done.returncode == any("提醒" not in line for line in lines), done.stderr
    monkeypatch.setitem(CHINESE, "LC_ALL", "C.UTF-8")
    _, english = office.told()
    assert [line.split(": ")[0] for line in english] == [line.split(": ")[0] for line in lines]
    assert any(re.search(r"\((allowed|wanted|did you mean)\b", line) for line in english if line.startswith(place)), english


NUMBERS = [lambda n: f"{n - 100:03}", lambda n: f"1{n}", lambda n: f"{9 - n // 100}{n % 100:02}"]


@pytest.mark.parametrize("number", NUMBERS, ids=["from the second floor on", "by the building", "from the top"])
def test_rooms_may_be_numbered_as_a_school_likes(office, number):  # noqa: F811
    """In id and name, and special rooms with a number of their own in the name and another in the id."""
    names = {}
    for n, row in enumerate(office.tables["rooms"][1:]):
        digits = row[0][2:]
        names[row[0]] = row[0] = f"{row[0][:2]}{number(int(digits))}" if digits.isdigit() else f"{row[0]}-{n}"
        names[f"@{row[1]}"] = row[1] = f"{row[4]}{row[0][2:]}" if digits.isdigit() else f"{row[1]}4{n:02}"
    for row in office.tables["classes"][1:]:
        row[4] = names[row[4]]
    for row in office.tables["timetable"][1:]:
        row[:] = [re.sub("@.*", lambda m: f"@{names[m[0]]}", text) for text in row]
    done, lines = office.check()
    assert done.returncode == 0 and not lines, done.stderr


def test_rooms_that_several_subjects_or_few_classes_use_are_taken(office):  # noqa: F811
    """A spare classroom for this and that, a class in the laboratory, a subject that only some grades have."""
    office.tables["rooms"].append(["p-401", "小学楼401", "普通教室", "50", "小学楼", "四层"])
    taken = set()
    for row, subject in zip(office.tables["timetable"][1:19], ["劳动", "美术"] * 9):
        at = next((i for i, cell in enumerate(row) if cell == subject and i not in taken), 0)
        row[at] += "@p-401" if at else ""
        taken.add(at)
    assert len(taken) > 10
    limits("43")(office)
    adults("3")(office)
    room("j-302", 2, "专用教室")(office)
    room("music-j", 3, "300")(office)
    served("p-301", "晚自习", "j-301", "")(office)
    room("j-302", 1, "旧实验室")(office)
    both(LIBRARY, room("library", 2, "专用教室"))(office)
    for name in ("三年级一班", "三年级二班", "三年级三班"):
        without(name, "英语")(office)
    done, lines = office.check()
    assert done.returncode == 0 and not lines, done.stderr


@pytest.mark.parametrize("edit", [
    lambda o: [o.write(f"timetable.{c}2", "数学") for c in ("C", "D", "I")],
    lambda o: o.write("timetable.C2", "语文/劳动"),
    lambda o: [o.write("timetable.C2", "劳动"), o.write("timetable.B4", "科学")],
    lambda o: [row.__setitem__(slice(29, 35), ["-"] * 6) for row in o.tables["timetable"][1:4]],
    both(cell("timetable.D21", "数学"), cell("timetable.B24", "语文")),
], ids=["a class for mathematics", "turns in one class", "two classes unlike the third", "a grade out of school on Fridays",
        "two grades with classes unlike each other"])
def test_a_class_may_be_taught_otherwise(office, edit):  # noqa: F811
    edit(office)
    done, lines = office.check()
    assert done.returncode == 0 and not lines, done.stderr


def test_columns_of_the_week_may_stand_in_any_order(office):  # noqa: F811
    """Lesson by lesson, Monday last, backwards, and in no order at all."""
    head = office.tables["timetable"][0]
    indices = range(1, len(head))
    for order in (sorted(indices, key=lambda i: (head[i][2:], i)), list(indices)[7:] + list(indices)[:7], list(indices)[::-1],
                  sorted(indices, key=lambda i: i * 7919 % 37)):
        before = office.tables["timetable"]
        office.tables["timetable"] = [[row[0], *(row[i] for i in order)] for row in before]
        done, lines = office.check()
        assert done.returncode == 0 and not lines, (order, done.stderr)
        office.tables["timetable"] = before


def test_a_lesson_where_no_other_room_is_free_is_taken(office):  # noqa: F811
    """Music in the own room while another class is in the music room; a subject in a room of nobody's; a sport in a gym."""
    found("音乐@小学音乐教室", "音乐")(office)
    office.write("timetable.R17", "音乐@小学音乐教室")
    office.write("timetable.Z17", "语文")
    office.tables["rooms"] += [["gym", "体育馆", "体育馆", "", "小学楼", "一层"], ["dance", "舞蹈教室", "专用教室", "50", "小学楼", "四层"]]
    found("体育", "体育@体育馆")(office)
    found("美术", "美术@舞蹈教室")(office)
    done, lines = office.check()
    assert done.returncode == 0 and not lines, done.stderr
