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


# what went wrong, how, where it is told, what is said
SLIPS = [
    ("a floor in a figure", cell("rooms.F10", "2"), "rooms.csv:10:26", "楼层“2”在另外 7 行里写的是“二层”（请写成一样的）"),
    ("a floor with its sign twice", cell("rooms.F10", "二层层"), "rooms.csv:10:26", "楼层“二层层”在另外 7 行里写的是“二层”"),
    ("a floor that is not the number's", cell("rooms.F10", "三层"), "rooms.csv:10:26", "教室“p-203”按房号在 2 层，楼层却写“三层”（请核对房号和楼层）"),
    ("a floor beyond the roof", cell("rooms.F10", "二十层"), "rooms.csv:10:26", "教室“p-203”按房号在 2 层，楼层却写“二十层”"),
    ("a building in place of a floor", cell("rooms.F10", "小学楼"), "rooms.csv:10:26", "“小学楼”是楼栋，别的行的楼层写的是“一层”这样（这里应写楼层）"),
    ("a building with a wrong sign", lambda o: next(r for r in o.tables["rooms"] if r[0] == "music-p").__setitem__(4, "小学搂"), "rooms.csv:26:24", "楼栋“小学搂”在另外 19 行里写的是“小学楼”（请写成一样的）"),
    ("a name with another number", cell("rooms.B4", "小学楼113"), "rooms.csv:4:7", "编号“p-103”是 103 室，名称却是 113 室（请核对编号和名称）"),
    ("a name with a letter in its number", cell("rooms.B4", "小学楼1O3"), "rooms.csv:4:7", "编号“p-103”是 103 室，名称却是 3 室"),
    ("an id with another number", lambda o: (o.write("rooms.A4", "p-113"), o.write("classes.E4", "p-113")), "rooms.csv:4:7", "编号“p-113”是 113 室，名称却是 103 室"),
    ("headings of kind and capacity exchanged", heads("rooms", 2, 3), "rooms.csv:1:7", "“容量”和“类型”两列写反了（各写在自己的表头下面）"),
    ("headings of building and floor exchanged", heads("rooms", 4, 5), "rooms.csv:1:13", "“楼层”和“楼栋”两列写反了"),
    ("headings of name and building exchanged", heads("rooms", 1, 4), "rooms.csv:1:4", "“楼栋”和“名称”两列写反了"),
    ("headings of id and floor exchanged", heads("rooms", 0, 5), "rooms.csv:1:1", "“楼层”和“编号”两列写反了"),
    ("headings of class and room exchanged", heads("classes", 1, 4), "classes.csv:1:4", "“教室”和“班级”两列写反了"),
    ("headings of id and room exchanged", heads("classes", 0, 4), "classes.csv:1:1", "“教室”和“编号”两列写反了"),
    ("headings of id and number exchanged", heads("classes", 0, 5), "classes.csv:1:1", "“人数”和“编号”两列写反了"),
    ("headings of stage and number exchanged", heads("classes", 2, 5), "classes.csv:1:7", "“人数”和“学段”两列写反了"),
    ("headings of class and grade exchanged", heads("classes", 1, 3), "classes.csv:1:4", "“年级”和“班级”两列写反了"),
]
# Of these something else is told, too: what really is so besides.
SEVERAL = {}


@pytest.mark.parametrize("edit,place,says", [slip[1:] for slip in SLIPS], ids=[slip[0] for slip in SLIPS])
def test_a_slip_is_told_once_where_it_stands(office, request, monkeypatch, edit, place, says):  # noqa: F811
    edit(office)
    done, lines = office.check()
    found = [line for line in lines if line.startswith(f"{place}: ") and says in line]
    assert len(found) == 1, done.stderr
    assert len(lines) <= SEVERAL.get(request.node.callspec.id, 1), done.stderr
    for line in lines:
        assert not re.search(r"allowed|wanted|unknown|did you mean|�", line), line
    assert done.returncode == any("提醒" not in line for line in lines), done.stderr
    monkeypatch.setitem(CHINESE, "LC_ALL", "C.UTF-8")
    _, english = office.told()
    assert [line.split(": ")[0] for line in english] == [line.split(": ")[0] for line in lines]
    assert any(re.search(r"\((allowed|wanted): ", line) for line in english if line.startswith(place)), english


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
