"""A morning at the office: what goes wrong with three spreadsheets of 24 classes, each slip told
with file, line and column, in Chinese, with what is allowed, and once."""
import re
import shutil

import pytest

from conftest import ROOT
from test_office import Office, office  # noqa: F401


def cell(where, text):
    return lambda o: o.write(where, text)


def each(table, column, text):
    """The same in every row below the heading."""
    def edit(o):
        for row in o.tables[table][1:]:
            row[column] = text
    return edit


def rows(table, change):
    """@change makes a new row of each."""
    def edit(o):
        o.tables[table] = [change(row) for row in o.tables[table]]
    return edit


def insert(table, at, *cells):
    return lambda o: o.tables[table].insert(at, list(cells))


def raw(table, change):
    """@change makes the file's bytes of its text."""
    def edit(o):
        path = o.config / f"{table}.csv"
        path.write_bytes(change(path.read_text(encoding="utf-8")))
    edit.is_raw = True
    return edit


def beside(name, content="班级,周一1\n"):
    return lambda o: (o.config / name).write_text(content, encoding="utf-8")


def listed(heading, *cells):
    """The timetable as a list of one lesson."""
    def edit(o):
        o.tables["timetable"] = [heading.split(","), ["一年级一班", "周一", "1", "语文", "", "", *cells]]
    return edit


def listed_row(*cells):
    def edit(o):
        o.tables["timetable"] = [["班级", "星期", "节次", "科目"], list(cells)]
    return edit


# what went wrong, how, where it is told, what is said
SLIPS = [
    ("a column is missing", rows("classes", lambda r: r[:5]), "classes.csv:1:1", "缺少“人数”这一列（表头要写在第一行，可写：编号"),
    ("the headings are missing", lambda o: o.tables["classes"].pop(0), "classes.csv:1:1", "缺少“编号, 班级, 人数”这一列"),
    ("a title stands above the headings", insert("rooms", 0, "某校教室一览表", "", ""), "rooms.csv:1:1", "缺少“编号, 名称, 类型”这一列"),
    ("two columns are swapped", rows("classes", lambda r: r if r[0] == "编号" else [r[1], r[0], *r[2:]]), "classes.csv:1:1", "编号和名称两列写反了（“编号”下面写字母和数字的编号）"),
    ("a column stands twice", rows("classes", lambda r: r + [r[5]]), "classes.csv:1:19", "表头“人数”和第 6 列重复（只能有一列）"),
    ("full-width commas part the cells", raw("classes", lambda t: t.replace(",", "，").encode()), "classes.csv:1:3", "用了全角“，”分隔（可用：半角的逗号、分号，或制表符）"),
    ("a workbook with the name of a table", raw("timetable", lambda t: b"PK\x03\x04\x14\x00\x06\x00xl/workbook"), "timetable.csv:1:1", "这是电子表格的工作簿（xlsx、xls、et），不是 CSV"),
    ("an old workbook with the name of a table", raw("classes", lambda t: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64)), "classes.csv:1:1", "这是电子表格的工作簿"),
    ("bytes of no encoding", raw("rooms", lambda t: t.encode() + b"\xff\xff\xff"), "rooms.csv:31:1", "不能按 UTF-8 编码读取（可用：UTF-8、UTF-16、GB18030"),
    ("an empty file", raw("timetable", lambda t: b""), "timetable.csv:1:1", "课表是空的（第一行写表头"),
    ("a quote is open", cell("classes.B4", "\"一年级三班"), "classes.csv:4:11", "双引号没有配对（内容里的双引号要写两个）"),
    ("a quote is open up to another one", lambda o: (o.write("classes.B4", "\"一年级三班"), o.write("classes.B9", "三年级\"一班")), "classes.csv:4:11", "双引号没有配对"),
    ("merged cells", lambda o: (o.write("classes.C5", ""), o.write("classes.D5", "")), "classes.csv:5:17", "合并的单元格要先取消合并"),
    ("a row too wide", lambda o: o.tables["classes"][5].append("走读"), "classes.csv:6:33", "“走读”上面没有表头（是不是格子里多了逗号？"),
    ("a class stands twice", insert("classes", 3, "2026-P-09", "一年级二班", "小学", "一年级", "", "40"), "classes.csv:4:11", "名称“一年级二班”和第 3 行重复（一个名称只能用一次）"),
    ("an id stands twice", cell("classes.A4", "2026-P-02"), "classes.csv:4:1", "编号“2026-P-02”和第 3 行重复（一个编号只能用一次）"),
    ("an id in full width", cell("classes.A4", "２０２６-P-03"), "classes.csv:4:1", "“２０２６-P-03”不能作编号：有全角的“２”（可写：半角“2”）"),
    ("an id that the spreadsheet made a date", cell("classes.A4", "3月1日"), "classes.csv:4:1", "“3月1日”被电子表格改成了日期，这一列共 1 格（请把这一列设为“文本”，再重新填写）"),
    ("all ids that the spreadsheet made dates", each("classes", 0, "1月1日"), "classes.csv:2:1", "“1月1日”被电子表格改成了日期，这一列共 24 格"),
    ("all classes of the week that the spreadsheet made dates", each("timetable", 0, "1月1日"), "timetable.csv:2:1", "“1月1日”被电子表格改成了日期，这一列共 24 格"),
    ("ids that are dates and could be meant", rows("classes", lambda r: r if r[0] == "编号" else [r[0].replace("P", "01").replace("J", "02"), *r[1:]]), "classes.csv:2:1", "提醒: classes.A2: “2026-01-01”像是电子表格改成的日期，这一列共 24 格"),
    ("a room whose id became a number", cell("rooms.A30", "46023"), "rooms.csv:30:1", "“46023”像是电子表格改成的日期，这一列共 1 格"),
    ("a title that the spreadsheet made a date", cell("classes.B4", "1-Mar"), "classes.csv:4:11", "被电子表格改成了日期，这一列共 1 格（请把这一列设为“文本”"),
    ("no number of pupils", cell("classes.F4", ""), "classes.csv:4:30", "没有填人数（可写：0 到 200）"),
    ("a number with its unit", cell("classes.F4", "42人"), "classes.csv:4:30", "“42人”不是整数（可写：0 到 200，只写数字，不带单位）"),
    ("nobody in a class", cell("classes.F4", "0"), "classes.csv:4:30", "人数是 0（应写实际人数"),
    ("a stage that is none", cell("classes.C4", "小学生"), "classes.csv:4:17", "“小学生”不是学段（可写：小学、初中、高中）"),
    ("a grade of another stage", cell("classes.D4", "八年级"), "classes.csv:4:20", "年级“八年级”和班级名称“一年级三班”不一致"),
    ("an id of another grade", cell("classes.A4", "3-1"), "classes.csv:4:1", "编号“3-1”像是 3 年级，这一行却是 1 年级（请核对"),
    ("an id of another stage", cell("classes.A4", "2026-J-09"), "classes.csv:4:1", "里的字母是初中的，这一行的学段是小学（P 小学"),
    ("an id of another year of entry", cell("classes.A4", "2025-P-09"), "classes.csv:4:1", "编号“2025-P-09”：按 campus.yaml 的学期，现在的 1 年级是 2026 年入学的（应是 2026-P-09）"),
    ("last year's ids", rows("classes", lambda r: r if r[0] == "编号" else [f"{int(r[0][:4]) - 1}{r[0][4:]}", *r[1:]]), "classes.csv:2:1", "（应是 2026-P-01；另有 23 行也这样，是不是去年的表，或学期的年份没有改？）"),
    ("a letter among the digits of an id", cell("classes.A4", "2O26-P-03"), "classes.csv:4:1", "编号“2O26-P-03”像是写错的入学年份编号"),
    ("no id", cell("classes.A4", ""), "classes.csv:4:1", "没有填编号（可用：字母、数字"),
    ("a limit of a digit too few", rows("classes", lambda r: r + ["班额" if r[0] == "编号" else "4" if r[0] == "2026-P-03" else "45"]), "classes.csv:4:33", "班额 4，而班级“2026-P-03”有 42 人"),
    ("a room for too many", cell("rooms.D4", "500"), "rooms.csv:4:19", "教室容量 500，而班级“2026-P-03”最多 45 人（请核对容量）"),
    ("headings alone", lambda o: o.tables.__setitem__("classes", o.tables["classes"][:1]), "classes.csv:1:1", "表头下面一行也没有"),
    ("a week of headings alone", lambda o: o.tables.__setitem__("timetable", o.tables["timetable"][:1]), "timetable.csv:1:1", "表头下面一个班也没有"),
    ("a cell deleted, the rest moved left", lambda o: o.tables["timetable"][21].pop(5), "timetable.csv:22:", "这一行到这里就完了，比表头少 1 节"),
    ("half a row", lambda o: o.tables["timetable"].__setitem__(3, o.tables["timetable"][3][:18]), "timetable.csv:4:", "比表头少 18 节"),
    ("a day left empty", lambda o: o.tables["timetable"][3].__setitem__(slice(1, 8), [""] * 7), "timetable.csv:4:1", "班级“2026-P-03”周一一节课也没有"),
    ("Friday is missing", rows("timetable", lambda r: r[:29]), "timetable.csv:1:1", "周五哪个班都没有课（应有这一天的列"),
    ("a row filled down", lambda o: o.tables["timetable"].__setitem__(3, o.tables["timetable"][3][:1] + o.tables["timetable"][2][1:]), "timetable.csv:4:1", "班级“2026-P-03”的课表和“2026-P-02”完全一样"),
    ("nothing in even weeks", cell("timetable.D3", "美术/"), "timetable.csv:3:15", "“美术/”没有写双周上什么"),
    ("nothing in odd weeks", cell("timetable.D3", "/美术"), "timetable.csv:3:15", "“/美术”没有写单周上什么"),
    ("the last lesson of a day left empty", cell("timetable.AJ21", ""), "timetable.csv:21:", "第 7 节（周五）空着，同年级别的班这一节都有课"),
    ("a column of the week left empty", each("timetable", 3, ""), "timetable.csv:1:12", "第 3 节（周一）哪个班都空着，后面却有课（是不是少了这一列？"),
    ("a column of the week is missing", rows("timetable", lambda r: r[:3] + r[4:]), "timetable.csv:1:1", "第 3 节（周一）哪个班都空着"),
    ("a cell filled to the right", lambda o: o.tables["timetable"][3].__setitem__(slice(1, 7), ["语文"] * 6), "timetable.csv:4:", "班级“2026-P-03”周一全天都是这一科"),
    ("a special room for five", lambda o: next(row for row in o.tables["rooms"] if row[1] == "小学音乐教室").__setitem__(3, "5"), "timetable.csv:", "“music-p”容量 5，而在这里上课的班级"),
    ("two titles exchanged", lambda o: (o.write("classes.B3", "一年级三班"), o.write("classes.B4", "一年级二班")), "classes.csv:3:1", "编号“2026-P-02”是 2 班，名称却是 3 班"),
    ("the title of a room is another's id", cell("rooms.B3", "p-103"), "rooms.csv:3:7", "名称“p-103”是第 4 行的编号"),
    ("a tag that is nearly one", rows("rooms", lambda r: r + ["标签" if r[0] == "编号" else "课后服努" if r[0] == "p-103" else ""]), "rooms.csv:4:", "没有规则认识标签“课后服努”（是不是“课后服务”？）"),
    ("a room of a stage that is not taught there", lambda o: (rows("rooms", lambda r: r + ["学段" if r[0] == "编号" else "初中" if r[0] == "music-p" else ""])(o)), "timetable.csv:", "“music-p”的学段是初中，在这里上课的却是班级"),
    ("the last lessons of the junior classes are missing", rows("timetable", lambda r: [cell for i, cell in enumerate(r) if i == 0 or i % 7]), "timetable.csv:1:1", "第 7 节全周哪个班都没有课，作息 bells.junior 里却有"),
    ("no rooms.csv", lambda o: o.gone("rooms"), "classes.csv:2:24", "没有教室“p-101”，也没有 rooms.csv 这个文件"),
    ("no classes.csv", lambda o: o.gone("classes"), "timetable.csv:2:1", "没有班级“一年级一班”：一个班也没有，classes.csv 不在"),
    ("a lesson in the canteen", cell("timetable.D3", "美术@食堂"), "timetable.csv:3:15", "在“canteen”（食堂）上课（应是上课的地方）"),
    ("a gap where odd and even weeks are taught", lambda o: (o.write("timetable.C2", ""), o.write("timetable.D3", "美术/音乐")), "timetable.csv:2:10", "第 2 节（周一）空着"),
    ("a first class left empty", cell("timetable.A2", ""), "timetable.csv:2:1", "没有填班级"),
    ("a heading left empty", cell("timetable.C1", ""), "timetable.csv:1:8", "这一格没有写星期和节次，下面却有课（可写：周一1）"),
    ("a column copied", rows("timetable", lambda r: r[:8] + r[1:8] + r[15:] if r[0] != "班级" else r), "timetable.csv:2:", "班级“2026-P-01”周一的课和周二完全一样，另有 23 个班也这样"),
    ("a day copied", lambda o: o.tables["timetable"][23].__setitem__(slice(8, 15), o.tables["timetable"][23][1:8]), "timetable.csv:24:", "周一的课和周二完全一样（各天应不同"),
    ("a subject of another grade", cell("timetable.B2", "物理"), "timetable.csv:2:7", "班级“2026-P-01”的同年级和本学段上下年级都没有这一科"),
    ("Saturday instead of Monday", cell("timetable.C1", "周六2"), "timetable.csv:1:1", "第 2 节（周一）哪个班都空着"),
    ("a list with merged weekdays", lambda o: o.tables.__setitem__("timetable", [["班级", "星期", "节次", "科目"]] + [["一年级一班", "周一" if n == 1 else "", str(n), "语文"] for n in range(1, 12)]), "timetable.csv:7:7", "timetable.B7: 这样的还有 6 处：B7、B8、B9、B10、B11、B12"),
    ("a lesson without its room", cell("timetable.B9", "信息科技"), "timetable.csv:9:7", "这里没有写教室，这一科别的课都写了，如“computer-p”（应写：科目@教室；本来就在本班教室上，就不用管）"),
    ("merged cells of a building", lambda o: [o.write(f"rooms.E{row}", "") for row in range(3, 8)], "rooms.csv:3:", "5 间教室没有填楼栋，别的都填了（应每行都填；合并的单元格要先取消合并）"),
    ("numbers and rooms exchanged", rows("classes", lambda r: r if r[0] == "编号" else [*r[:4], r[5], r[4]]), "classes.csv:1:13", "“教室”和“人数”两列写反了（各写在自己的表头下面）"),
    ("stages and grades exchanged", rows("classes", lambda r: r if r[0] == "编号" else [*r[:2], r[3], r[2], *r[4:]]), "classes.csv:1:7", "“学段”和“年级”两列写反了"),
    ("a grade that nothing else tells", lambda o: (o.write("classes.A4", "star"), o.write("classes.B4", "星星班"), o.write("classes.D4", ""), o.write("timetable.A4", "星星班")), "classes.csv:4:13", "1 个班没有填年级，别的都填了（应每行都填；合并的单元格要先取消合并）"),
    ("a letter in the number of an id", cell("classes.A4", "2026-P-O3"), "classes.csv:4:1", "编号“2026-P-O3”像是写错的入学年份编号"),
    ("other signs in an id", cell("classes.A4", "2026_P_03"), "classes.csv:4:1", "编号“2026_P_03”像是写错的入学年份编号"),
    ("points in an id", cell("classes.A4", "2026.P.03"), "classes.csv:4:1", "编号“2026.P.03”像是写错的入学年份编号"),
    ("a sign behind an id", cell("classes.A4", "2026-P-03-"), "classes.csv:4:1", "编号“2026-P-03-”像是写错的入学年份编号"),
    ("a number that lost a digit", cell("classes.F4", "4"), "classes.csv:4:30", "班级“2026-P-03”只有 4 人，一半的班有 "),
    ("merged cells of a floor", lambda o: [o.write(f"rooms.F{row}", "") for row in range(3, 8)], "rooms.csv:3:", "5 间教室没有填楼层，别的都填了"),
    ("merged cells of a capacity", lambda o: [o.write(f"rooms.D{row}", "") for row in range(3, 26)], "rooms.csv:3:", "间教室没有填容量，别的都填了"),
    ("building and floor exchanged", lambda o: (o.write("rooms.E4", "一层"), o.write("rooms.F4", "小学楼")), "rooms.csv:4:22", "楼栋“一层”和楼层“小学楼”好像写反了（别的行正好相反）"),
    ("a building that is not the name's", cell("rooms.E4", "中学楼"), "rooms.csv:4:22", "教室“小学楼103”的名称里是“小学楼”，楼栋却写“中学楼”（请核对楼栋和名称）"),
    ("a floor in another word", cell("rooms.F8", "二楼"), "rooms.csv:8:26", "楼层“二楼”在另外 "),
    ("half a tag", rows("rooms", lambda r: r + ["标签" if r[0] == "编号" else "课后" if r[0] == "p-103" else ""]), "rooms.csv:4:", "没有规则认识标签“课后”（可写：课后服务、晚自习、侧门，或本校规则用到的字母数字标签；不要写人名）"),
    ("a person in place of a tag", rows("rooms", lambda r: r + ["标签" if r[0] == "编号" else "张丽" if r[0] == "p-103" else ""]), "rooms.csv:4:", "没有规则认识标签“张丽”（可写："),
    ("a canteen of another id", insert("rooms", 2, "canteen-2", "食堂", "食堂", "400", "", ""), "rooms.csv:3:11", "提醒: rooms.B3: 场所“canteen”（"),
    ("a room with the name of a class", insert("rooms", 2, "spare", "一年级一班", "普通教室", "50", "小学楼", "一层"), "rooms.csv:3:7", "也叫“一年级一班”，教室却不是这一间（一个名称只能用一次）"),
    ("a list with no weekday", listed_row("一年级一班", "", "1", "语文"), "timetable.csv:2:7", "没有填星期（可写：周一到周日"),
    ("a list with no lesson", listed_row("一年级一班", "周一", "", "语文"), "timetable.csv:2:10", "没有填节次（可写：1 到 16）"),
    ("a teacher in the title of a class", cell("classes.B4", "一年级三班（王芳）"), "classes.csv:4:11", "好像有人名（只写班级，不要写人名）"),
    ("a column of teachers", rows("classes", lambda r: r + ["班主任" if r[0] == "编号" else "某某"]), "classes.csv:1:19", "表头“班主任”不认识（可写：编号"),
    ("a room that is not there", cell("classes.E4", "p-999"), "classes.csv:4:24", "没有教室“p-999”（"),
    ("no room", cell("classes.E4", ""), "classes.csv:4:24", "没有填教室（应写：教室的编号或名称）"),
    ("a room of two classes", cell("classes.E4", "p-102"), "classes.csv:4:24", "“p-102”已经是班级“2026-P-02”的教室"),
    ("a class in the canteen", cell("classes.E4", "食堂"), "classes.csv:4:24", "的教室“canteen”是食堂（应是教室）"),
    ("a room of no kind", cell("rooms.C4", "普通教师"), "rooms.csv:4:14", "没有“普通教师”这种场所（是不是“普通教室”？）"),
    ("a room for fewer", cell("rooms.D4", "12"), "rooms.csv:4:19", "教室容量 12，而班级“2026-P-03”有 42 人"),
    ("a heading that could not be reckoned", cell("classes.E1", "#REF!"), "classes.csv:1:13", "表头“#REF!”不认识"),
    ("a date too wide for its column", cell("classes.A4", "########"), "classes.csv:4:1", "“########”不能作编号"),
    ("an id that could not be reckoned", cell("classes.A4", "#N/A"), "classes.csv:4:1", "“#N/A”不能作编号"),
    ("a list with a column of teachers", listed("班级,星期,节次,科目,教室,单双周,任课教师", "某某"), "timetable.csv:1:20", "表头“任课教师”不认识（可写：班级, 星期, 节次, 科目, 教室, 单双周；不要写人名"),
    ("a list with its rooms misspelt", listed("班级,星期,节次,科目,教师,单双周"), "timetable.csv:1:13", "表头“教师”不认识"),
    ("a list with subjects twice", listed("班级,星期,节次,科目,教室,单双周,科目", "数学"), "timetable.csv:1:20", "表头“科目”和第 4 列重复（只能有一列）"),
    ("a list with a cell too many", listed("班级,星期,节次,科目,教室,单双周", "某某"), "timetable.csv:2:17", "“某某”上面没有表头"),
    ("an unknown subject", cell("timetable.D3", "体操"), "timetable.csv:3:15", "没有科目“体操”（可写：语文"),
    ("a subject and its teacher", cell("timetable.D3", "美术 张老师"), "timetable.csv:3:15", "不要写教师姓名；没有课写 -）"),
    ("an unknown room", cell("timetable.D3", "美术@画室"), "timetable.csv:3:15", "没有场所“画室”（可写：场所的编号"),
    ("a room without a subject", cell("timetable.D3", "@小学音乐教室"), "timetable.csv:3:15", "“@小学音乐教室”只写了教室，前面没有科目（可写：音乐@音乐教室；没有课写 -）"),
    ("a room without a subject in even weeks", cell("timetable.D3", "语文/＠小学音乐教室"), "timetable.csv:3:15", "“语文/＠小学音乐教室”只写了教室，前面没有科目"),
    ("a sign without a room", cell("timetable.D3", "音乐@ "), "timetable.csv:3:15", "的 @ 后面没有教室（可写：音乐@音乐教室；在本班教室上只写 音乐）"),
    ("a class that is not there", cell("timetable.A3", "一年级七班"), "timetable.csv:3:1", "没有班级“一年级七班”（是不是“一年级"),
    ("a class twice in the week", cell("timetable.A3", "一年级一班"), "timetable.csv:3:1", "在上面已经有一行，第 2 行，“2026-P-02”却没有（一个班只能有一行）"),
    ("a lesson without a bell", each("timetable", 7, "语文"), "timetable.csv:2:28", "作息里没有第 7 节：班级“2026-P-01”一天最多 6 节"),
    ("a gap in the day", cell("timetable.C2", ""), "timetable.csv:2:10", "第 2 节（周一）空着，后面却有课（应写科目；没有课写 -）"),
    ("a room taught in twice", lambda o: (o.write("timetable.B2", "音乐@music-p"), o.write("timetable.B3", "音乐@music-p")), "timetable.csv:3:7", "“music-p”这时已有班级“2026-P-01”在上课"),
    ("a heading of no weekday", cell("timetable.C1", "周八2"), "timetable.csv:1:8", "表头“周八2”看不出是星期几第几节（可写：周一1"),
    ("a lesson that two columns are", cell("timetable.C1", "星期一第1节"), "timetable.csv:1:8", "表头“星期一第1节”和第 2 列重复（只能有一列）"),
    ("a lesson far beyond the last bell", rows("timetable", lambda r: r + ["周五9" if r[0] == "班级" else "" if "级" not in r[0] or r[0][0] in "一二三四五六" else "语文"]), "timetable.csv:20:", "作息里没有第 9 节"),
    ("a row parted by another sign", lambda o: o.tables["classes"].__setitem__(5, [";".join(o.tables["classes"][5])]), "classes.csv:6:1", "这一行用的分隔符和表头不一样，“"),
    ("a total below the classes", lambda o: o.tables["classes"].append(["合计", "", "", "", "", "1021"]), "classes.csv:26:1", "“合计”不能作编号"),
    ("a total below the rooms", lambda o: o.tables["rooms"].append(["合计", "", "", "1300", "", ""]), "rooms.csv:31:1", "“合计”不能作编号"),
    ("a row copied", lambda o: o.tables["classes"].insert(4, list(o.tables["classes"][3])), "classes.csv:5:1", "编号“2026-P-03”和第 4 行重复"),
    ("a room copied", lambda o: o.tables["rooms"].insert(4, list(o.tables["rooms"][3])), "rooms.csv:5:1", "编号“p-103”和第 4 行重复"),
    ("a grade that is another one than its title's", lambda o: ([o.write(f"classes.B{i}", f"一({i - 1})班") or o.write(f"timetable.A{i}", f"一({i - 1})班") for i in (2, 3, 4)], o.write("classes.D2", "二年级")), "classes.csv:2:", "年级“二年级”和班级名称“一(1)班”不一致"),
    ("a sheet the other way round", lambda o: o.tables.update(timetable=[list(x) for x in zip(*o.tables["timetable"])]), "timetable.csv:1:1", "表头里没有节次（可写：班级,周一1"),
    ("Saturdays that are never taught", rows("timetable", lambda r: r + ["周六1" if r[0] == "班级" else "语文"]), "timetable.csv:2:", "周六的课永远不会上（请删掉这些列，或在 campus.yaml"),
    ("a table with its ending twice", beside("timetable.csv.csv"), "timetable.csv.csv:1:1", "这个文件不会读（应另存为 CSV，文件名 timetable.csv）"),
    ("a table with a capital", beside("Timetable.csv"), "Timetable.csv:1:1", "文件名 timetable.csv）"),
    ("a row without a lesson", lambda o: o.tables["timetable"][3].__setitem__(slice(1, None), [""] * 35), "timetable.csv:4:1", "提醒: timetable.A4: 班级“2026-P-03”这一行一节课也没有（应填写科目；照这样，这个班全周没有课）"),
    ("a table with a Chinese name", beside("课表.csv"), "课表.csv:1:1", "文件名 timetable.csv）"),
    ("a workbook beside", beside("timetable.xlsx"), "timetable.xlsx:1:1", "应另存为 CSV，文件名 timetable.csv）"),
    ("an ending in capitals", beside("classes.CSV"), "classes.CSV:1:1", "文件名 classes.csv）"),
    ("a table of nobody knows what", beside("名单.txt"), "名单.txt:1:1", "这个文件不会读（只读 classes.csv、rooms.csv、timetable.csv）"),
]
# How the calendar of campus.yaml is mistyped, and what is told.
DAYS = [
    ("make_up: [2026-10-12: 周五]", "calendar.make_up: 2026-10-12 是周一，本来就上学；照这样，那天上周五的课（补课日应是周末，请核对日期；本来就要这样换课，就不用管）"),
    ("make_up: [2026-10-12]", "calendar.make_up: 2026-10-12 是周一，本来就上学（"),
    ("make_up: [2027-02-06: 周五]", "2027-02-06 不在学期内，照这样那天要上学"),
    ("make_up: [2026-10-10: 周六]", "timetable.csv 里周六没有课（请写有课的星期"),
    ("exams: [2026-11-22]", "calendar.exams: 2026-11-22 是周日，照这样那天要上学"),
    ("exams: [2026-11-20..2026-11-24]", "calendar.exams: 2026-11-21 是周六，照这样那天要上学"),
    ("exams: [2026-08-24]", "calendar.exams: 2026-08-24 不在学期内"),
    ("holidays: [2025-10-01..2025-10-07]", "2025-10-01 不在学期内，2026-10-01 才在（是不是年份写错了？）"),
    ("holidays: [2026-10-01..2027-10-07]", "calendar.holidays: 一共 372 天"),
]
GOOD_DAYS = ["make_up: [2026-10-10: 周五, 2026-10-11]", "exams: [2026-11-19..2026-11-20, 2026-11-23]",
             "holidays: [2026-10-01..2026-10-07, 2027-01-01, 2027-01-23..2027-02-28]"]


def calendar(office, line):  # noqa: F811
    path = office.config / "campus.yaml"
    text = path.read_text(encoding="utf-8")
    terms = "" if line.startswith("terms:") else "  terms: [2026-09-01..2027-01-22]\n"
    path.write_text(f"{text[:text.index('calendar:')]}calendar:\n{terms}  {line}\n", encoding="utf-8")
    number = len(path.read_text(encoding="utf-8").splitlines())
    done, _ = office.told()
    return done, number, [each.replace(f"{office.config}/", "") for each in done.stderr.splitlines()
                          if "calendar." in each]


def test_a_term_of_another_year_is_told(office):  # noqa: F811
    path = office.config / "campus.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text[:text.index("calendar:")] + "calendar:\n  terms: [2025-09-01..2027-01-22]\n", encoding="utf-8")
    done, _ = office.told()
    number = len(path.read_text(encoding="utf-8").splitlines())
    assert (f"campus.yaml:{number}:11: 提醒: calendar.terms: 这个学期有 509 天（应写学期的第一天和最后一天，请核对年份）"
            in done.stderr), done.stderr


@pytest.mark.parametrize("line,says", DAYS, ids=[line for line, _ in DAYS])
def test_a_day_that_is_hardly_meant_is_told_at_its_character(office, line, says):  # noqa: F811
    done, number, lines = calendar(office, line)
    assert done.returncode == 0 and len(lines) == 1, done.stderr
    column = line.index("[") + 4
    assert lines[0].startswith(f"campus.yaml:{number}:{column}: 提醒: ") and says in lines[0], lines


# How it is mistyped so that nobody can read it, and what is told at the first day that stands there.
UNREADABLE = [
    ("exams: [2026/11/26]", "calendar.exams: “2026/11/26”不是日期（是不是 2026-11-26？月和日各写两位，中间用“-”）"),
    ("holidays: [2026-11-31]", "calendar.holidays: 没有“2026-11-31”这一天，那个月只有 30 天"),
    ("exams: [2026-11-26: 语文]", "calendar.exams: “2026-11-26”后面还写了别的（只写日期"),
    ("terms: [2026-09-01..2026-01-22]", "2026-09-01 比 2026-01-22 晚（先写早的一天；是不是年份写错了，2025 写成了 2026，或 2027 写成了 2026？）"),
    ("terms: [2027-01-22..2026-09-01]", "2027-01-22 比 2026-09-01 晚（先写早的一天：2026-09-01..2027-01-22）"),
    ("holidays: [2026-10-07..2026-10-01]", "2026-10-07 比 2026-10-01 晚（先写早的一天：2026-10-01..2026-10-07）"),
]


@pytest.mark.parametrize("line,says", UNREADABLE, ids=[line for line, _ in UNREADABLE])
def test_a_day_that_nobody_can_read_is_told_once_in_chinese(office, line, says):  # noqa: F811
    done, number, lines = calendar(office, line)
    assert done.returncode == 1 and len(lines) == 1, done.stderr
    assert lines[0].startswith(f"campus.yaml:{number}:") and says in lines[0], lines


@pytest.mark.parametrize("bell, says", [
    ('start: "09:15", end: "09:15"', "结束不晚于开始（结束要晚于开始"),
    ('start: "08:50", end: "09:55"', "上面一段 09:00 才结束（按一天的先后写，不能重叠）"),
])
def test_a_bell_out_of_order_is_told_in_chinese(office, bell, says):  # noqa: F811
    campus = office.config / "campus.yaml"
    text = campus.read_text(encoding="utf-8")
    campus.write_text(text.replace('start: "09:15", end: "09:55"', bell, 1), encoding="utf-8")
    done, lines = office.told()
    assert done.returncode == 1 and lines == [], done.stderr
    assert f"bells.primary[1]: {says}" in done.stderr, done.stderr


def test_a_day_in_two_lists_is_told_with_the_other_place(office):  # noqa: F811
    done, number, _ = calendar(office, "holidays: [2026-10-01..2026-10-07]\n  make_up: [2026-10-05: 周五]")
    assert done.returncode == 1
    assert "这一天在 " in done.stderr and f"campus.yaml:{number - 1}:14 也写了（一天只能写在一处，只写一次）" in done.stderr, done.stderr


def season(dates, lessons):
    bells = "".join(f'        - {{phase: lesson, start: "{9 + n:02}:00", end: "{9 + n:02}:40"}}\n' for n in range(lessons))
    return f"seasons:\n  - id: winter\n    dates: {dates}\n    bells:\n      primary:\n{bells}"


@pytest.mark.parametrize("dates,lessons,is_wrong", [
    ("11-01..03-31", 5, True), ("11-01..03-31", 6, False), ("07-10..08-20", 5, False)])
def test_a_season_with_too_few_lessons_for_the_week_is_an_error(office, dates, lessons, is_wrong):  # noqa: F811
    """Unless no term has a day of it."""
    campus = office.config / "campus.yaml"
    with open(campus, "a", encoding="utf-8") as out:
        out.write(season(dates, lessons))
    done, lines = office.told()
    assert done.returncode == is_wrong and len(lines) == is_wrong, done.stderr
    if is_wrong:
        assert lines[0].startswith("timetable.csv:2:") and (
            "作息里没有第 6 节：班级“2026-P-01”在 winter 这段日子一天最多 5 节") in lines[0], lines


@pytest.mark.parametrize("bell", ['start: "8:20", end: "09:00"', 'start: "08:20", end: "09:60"', 'start: "08：20", end: "09:00"',
                                  'start: "08:20", end: "08:20"', 'start: "08:20", end: "09:20"'])
def test_a_bell_with_a_slip_accuses_no_lesson(office, bell):  # noqa: F811
    """Of having none, or of being in a room at the time of another stage's."""
    campus = office.config / "campus.yaml"
    text = campus.read_text(encoding="utf-8")
    assert 'start: "08:20", end: "09:00"' in text
    campus.write_text(text.replace('start: "08:20", end: "09:00"', bell, 1), encoding="utf-8")
    done, lines = office.told()
    assert done.returncode == 1 and lines == [], done.stderr
    assert done.stderr.count("bells.primary") == 1, done.stderr


@pytest.mark.parametrize("line", GOOD_DAYS)
def test_a_calendar_that_is_meant_is_taken_without_a_word(office, line):  # noqa: F811
    done, _, lines = calendar(office, line)
    assert done.returncode == 0 and lines == [], done.stderr


# Of two names that are one: what is told, and where; nothing else is.
TWINS = [
    ("brackets of two kinds", lambda o: (o.write("classes.B2", "一(1)班"), o.write("timetable.A2", "一(1)班"),
                                         o.write("classes.B3", "一（1）班"), o.write("timetable.A3", "一（1）班")),
     "classes.B3", "名称“一（1）班”和第 2 行的“一(1)班”分不出来（全角半角、空格、大小写不算不同）"),
    ("a blank", lambda o: (o.write("rooms.B3", "小学楼 101"), o.write("rooms.B2", "小学楼101")), "rooms.B3",
     "名称“小学楼 101”和第 2 行的“小学楼101”分不出来"),
    ("a room twice", lambda o: (o.write("rooms.B4", "会议室"), o.write("rooms.B5", "会议室")), "rooms.B5",
     "名称“会议室”和第 "),
    ("ids in capitals", lambda o: (o.write("classes.A3", "2026-p-01"),), "classes.A3",
     "编号“2026-p-01”和第 2 行的“2026-P-01”分不出来"),
]


@pytest.mark.parametrize("edit,where,says", [twin[1:] for twin in TWINS], ids=[twin[0] for twin in TWINS])
def test_two_names_that_are_one_are_told_where_the_second_stands(office, edit, where, says):  # noqa: F811
    edit(office)
    done, lines = office.check()
    assert done.returncode == 1 and len(lines) == 1, done.stderr
    assert lines[0].startswith(f"{office.place(where)}: ") and says in lines[0], lines


def in_campus(office, section, item):  # noqa: F811
    """One more item in that section of campus.yaml; the line on which it stands."""
    path = office.config / "campus.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    heads = [i for i, line in enumerate(lines) if line.startswith(f"{section}:")]
    if heads:
        lines.insert(heads[0] + 1, f"  - {item}")
    else:
        lines += [f"{section}:", f"  - {item}"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return lines.index(f"  - {item}") + 1


def test_a_class_of_both_files_is_told_at_its_row(office):  # noqa: F811
    line = in_campus(office, "classes", "{id: 2026-P-99, title: 一年级 一班, stage: primary, enrolled: 40}")
    done, lines = office.check()
    assert done.returncode == 1 and len(lines) == 1, done.stderr
    assert lines[0].startswith(f"{office.place('classes.B2')}: ") and (
        f"campus.yaml:{line}:5 的班级“2026-P-99”也叫“一年级一班”") in lines[0], lines


def test_ids_of_both_files_that_differ_in_capitals_are_told(office):  # noqa: F811
    line = in_campus(office, "places", "{id: P-101, kind: classroom, title: 旧教室}")
    done, lines = office.check()
    assert done.returncode == 1 and len(lines) == 1, done.stderr
    assert lines[0].startswith("rooms.csv:2:1: ") and (
        f"编号“p-101”和 campus.yaml:{line}:") in lines[0] and "“P-101”分不出来" in lines[0], lines


def test_a_title_of_two_places_is_told_with_their_ids(office):  # noqa: F811
    in_campus(office, "places", "{id: old-music, kind: special_room, title: 小学音乐教室}")
    identity = next(row[0] for row in office.tables["rooms"] if row[1] == "小学音乐教室")
    office.write("timetable.D3", "音乐@小学音乐教室")
    done, lines = office.check()
    assert done.returncode == 1 and all("小学音乐教室" in each for each in lines), done.stderr
    assert "提醒" in lines[0] and "也叫“小学音乐教室”（一个名称只能用一次）" in lines[0], lines
    assert lines[1].startswith(f"{office.place('timetable.D3')}: "), lines
    assert "不止一处叫“小学音乐教室”" in lines[1] and "old-music" in lines[1] and identity in lines[1], lines


# Of these something else is told, too: what really is so besides.
SEVERAL = {
    "a class stands twice": 2,  # it has no room
    "a teacher in the title of a class": 2,  # the timetable calls it otherwise
    "a room of two classes": 2, "a room taught in twice": 2,
    "two titles exchanged": 2,
    "the last lessons of the junior classes are missing": 2,  # what is left of a subject
    "Saturday instead of Monday": 2,
    "a list with merged weekdays": 5,  # four, and the cells of the others
    "a cell deleted, the rest moved left": 2,  # two classes are in the music room now
}


@pytest.mark.parametrize("edit,place,says", [slip[1:] for slip in SLIPS], ids=[slip[0] for slip in SLIPS])
def test_a_slip_of_the_office_is_told_once_where_it_stands(office, request, edit, place, says):  # noqa: F811
    edit(office)
    done, _ = office.told() if hasattr(edit, "is_raw") else office.check()
    lines = [line.replace(f"{office.config}/", "") for line in done.stderr.splitlines()
             if re.search(r"\.(csv|CSV|xlsx|txt):", line)]
    found = [line for line in lines if line.startswith(place) and says in line]
    assert len(found) == 1, done.stderr
    name = request.node.callspec.id
    assert len(lines) <= SEVERAL.get(name, 1), done.stderr
    for line in lines:
        assert not re.search(r"allowed|wanted|unknown|did you mean|�", line), line
    assert done.returncode == any("提醒" not in line for line in lines), done.stderr


def test_what_office_programs_add_is_taken(office):  # noqa: F811
    """Trailing commas, blank rows below, two rows of headings with a word in the corner, semicolons."""
    day = office.tables["timetable"]
    for corner in ("", "节次", "班级", "星期"):
        head = day[0]
        office.tables["timetable"] = [["班级"] + [h[:2] if i % 7 == 0 else "" for i, h in enumerate(head[1:])],
                                      [corner] + [h[2:] for h in head[1:]], *day[1:]]
        done, lines = office.check()
        assert done.returncode == 0 and not lines, (corner, done.stderr)
    office.tables["timetable"] = day
    for name in office.tables:
        office.tables[name] = [row + ["", ""] for row in office.tables[name]] + [[""] * 4] * 3
    done, lines = office.check("gb18030")
    assert done.returncode == 0 and not lines, done.stderr
    assert "课表：24 个班，每周 750 节" in done.stdout
    office.write("timetable.C2", "语 文")
    done, lines = office.check("utf-8-sig")
    assert done.returncode == 0 and not lines, done.stderr


def test_what_is_unusual_and_may_be_so_is_taken(office):  # noqa: F811
    """A small class, ids of the school's own, no grade where the name tells it."""
    for row in office.tables["classes"][1:]:
        row[0] = row[0].replace("-", "_")
        row[3] = row[3] if row[0].endswith("1") else ""
    office.write("classes.F4", "18")
    done, lines = office.check()
    assert done.returncode == 0 and not lines, done.stderr


def test_a_subject_in_a_room_of_a_lost_table_is_not_told(office):  # noqa: F811
    in_campus(office, "subjects", "{id: reading, title: 阅读, place: music-p}")
    done, lines = office.check()
    assert done.returncode == 0 and not lines, done.stderr
    raw("rooms", lambda text: text.encode() + b"\xff\xff\xff")(office)
    done, lines = office.told()
    assert len(lines) == 1 and lines[0].startswith("rooms.csv:"), done.stderr
    assert "campus.yaml:" not in done.stderr, done.stderr


def test_tags_and_titles_that_are_meant_are_taken(office):  # noqa: F811
    """Tags of rules in both languages, several in a cell, and one name of a room and of the class at home in it."""
    tags = {"p-103": "main;课后服务/晚自习", "p-104": "侧门", "p-105": "A"}
    rows("rooms", lambda row: row + ["标签" if row[0] == "编号" else tags.get(row[0], "")])(office)
    office.write("rooms.B2", "一年级一班")
    done, lines = office.check()
    assert done.returncode == 0 and not lines, done.stderr


@pytest.mark.parametrize("page", ["zh", "en"])
def test_the_tables_of_the_page_fit_together(build, tmp_path, page):
    """Whoever copies them has a school of three classes, and no word from the check."""
    config = tmp_path / "config"
    shutil.copytree(ROOT / "etc", config)
    shutil.copy(ROOT / "etc/nine-year/campus.yaml", config)
    for example in config.glob("devices.d/*"):
        example.unlink()
    text = (ROOT / f"docs/{page}/timetable.md").read_text(encoding="utf-8")
    tables = dict(re.findall(r"^```csv (\S+)\n(.*?)^```", text, re.M | re.S))
    assert set(tables) == {"classes.csv", "rooms.csv", "timetable.csv"}
    for name, table in tables.items():
        (config / name).write_text(table, encoding="utf-8")
    done, lines = Office.told(type("", (), {"build": build, "config": config})())
    assert done.returncode == 0 and not lines, done.stderr
    assert "学校：3 个班（小学 2、初中 1），3 个有教室，学生 137 人" in done.stdout
    assert "课表：3 个班，每周 17 节" in done.stdout
