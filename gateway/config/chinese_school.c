/* chinese_school.c - what a school's office is told of its tables. */
#include <stddef.h>

#include "config/chinese.h"

/* In the order of the files that say them: faults, sheet, roster, rooms, classes,
 * csv, objects, campus/. */
const struct sentence chinese_school[] = {
    {"--check tells what is wrong here; the log does not, for it may be a name",
     "这里有错，用 --check 查看；可能有人名，日志里不写内容"},
    {"'%s' heads no column of this table (allowed: %s; no names of people; a column "
     "headed "
     "# is not read)",
     "表头“%s”不认识（可写：%s；不要写人名；以 # 开头的列不读）"},
    {"'%s' is the heading of column %zu too (allowed: once)",
     "表头“%s”和第 %zu 列重复（只能有一列）"},
    {"'%s' stands under no heading (allowed: below a heading; a comma inside a cell "
     "wants "
     "quotes)",
     "“%s”上面没有表头（是不是格子里多了逗号？格子内容里有逗号时要加英文双引号）"},
    {"the table is empty (allowed: a row of headings and rows below it; or no such file)",
     "表是空的（第一行写表头，下面写内容；不用这张表就删掉文件）"},
    {"no column is headed %s (allowed: in the first row, %s)",
     "缺少“%s”这一列（表头要写在第一行，可写：%s）"},
    {"no column is headed %s (allowed: in the first row, %s; saved as UTF-8 where it "
     "cannot be read)",
     "缺少“%s”这一列（表头要写在第一行，可写：%s；若是乱码，请另存为 UTF-8 的 CSV）"},
    {"no heading stands here, and something in the rows below (allowed: %s; a column "
     "headed # is not read)",
     "这一列没有表头，下面却有内容（可写：%s；以 # 开头的列不读）"},
    {"the heading is parted by '%s', and the rows below by '%s' (allowed: one sign in "
     "the "
     "whole table)",
     "表头用“%s”分隔，下面各行用“%s”分隔（整张表只用一种分隔符）"},
    {"'%s' is not a whole number (allowed: %u .. %u, the number alone)",
     "“%s”不是整数（可写：%u 到 %u，只写数字，不带单位）"},
    {"no %s stands here (allowed: %u .. %u)", "没有填%s（可写：%u 到 %u）"},
    {"no kind stands here (allowed: %s; of merged cells only the first keeps its text)",
     "没有填类型（可写：%s；合并的单元格要先取消合并，每行都填）"},
    {"the room holds nobody (wanted: how many it may hold; an empty cell where that is "
     "not known)",
     "容量是 0（应写核定人数；不知道就空着）"},
    {"no class stands here (allowed: id or title of a class; of merged cells only the "
     "first keeps its text)",
     "没有填班级（可写：班级的编号或名称；合并的单元格要先取消合并，每行都填）"},
    {"'%s' is out of range (allowed: %u .. %u)", "“%s”超出范围（可写：%u 到 %u）"},
    {"'%s' is not an id (allowed: A-Z, a-z, 0-9, '.', '_' and '-', a letter or digit "
     "first, "
     "at most %d)",
     "“%s”不能作编号（可用：字母、数字、. _ -，以字母或数字开头，最多 %d 个）"},
    {"'%s' cannot be told from '%s' in row %u (allowed: ids that differ in more than "
     "capitals)",
     "编号“%1$s”和第 %3$u 行的“%2$s”分不出来（大小写不算不同）"},
    {"'%s' cannot be told from '%s' in row %u (allowed: names that differ in more than "
     "blanks, wide forms and capitals)",
     "名称“%1$s”和第 %3$u 行的“%2$s”分不出来（全角半角、空格、大小写不算不同）"},
    {"'%s' cannot be told from the %s '%s' at %s:%d:%d (allowed: ids that differ in more "
     "than capitals)",
     "编号“%1$s”和 %4$s:%5$d:%6$d 的“%3$s”分不出来（大小写不算不同）%2$.0s"},
    {"class '%s' at %s:%d:%d is called '%s', too (allowed: a name for one only)",
     "%2$s:%3$d:%4$d 的班级“%1$s”也叫“%5$s”（同一个班只写在一处）"},
    {"'%s' stands also in row %u (allowed: an id once)",
     "编号“%s”和第 %u 行重复（一个编号只能用一次）"},
    {"no name stands here (allowed: what people call it)", "没有填名称"},
    {"'%s' is a date that the spreadsheet made of something else, %zu in this column "
     "(allowed: text; make the column a text column and write it anew)",
     "“%s”被电子表格改成了日期，这一列共 %zu 格（请把这一列设为“文本”，再重新填写）"},
    {"'%s' looks like a date that the spreadsheet made of something else, %zu in this "
     "column (wanted: an id such as 2024-P-01, the column a text column first; leave it "
     "where it is meant)",
     "“%s”像是电子表格改成的日期，这一列共 %zu 格（请先把这一列设为“文本”，再填 "
     "2024-P-01 这样的编号；确是编号就不用管）"},
    {"'%s' stands also in row %u (allowed: a name for one only)",
     "名称“%s”和第 %u 行重复（一个名称只能用一次）"},
    {"stage '%s', but class '%s' is at home here, of stage '%s' (wanted: no stage, a "
     "room "
     "follows its class)",
     "学段写了“%s”，而本班是“%s”，学段“%s”（不用写学段，教室跟着班级走）"},
    {"nine_year is false, and there are classes of primary and of junior (wanted: "
     "nine_year: true, a nine-year school has limits of its own)",
     "nine_year 是 false，却既有小学班又有初中班（九年一贯制学校应写 nine_year: "
     "true，它的限额不同）"},
    {"'%s' is no kind of place (did you mean '%s'?)", "没有“%s”这种场所（是不是“%s”？）"},
    {"'%s' is no kind of place (allowed: %s)", "没有“%s”这种场所（可写：%s）"},
    {"'%s' is no stage (allowed: 小学, 初中, 高中; primary, junior, senior)",
     "“%s”不是学段（可写：小学、初中、高中）"},
    {"'%s' is no grade (allowed: 一年级 .. 九年级, 初一 .. 高三, 1 .. 12)",
     "“%s”不是年级（可写：一年级到九年级、初一到高三，或 1 到 12）"},
    {"'%s' is not the grade of '%s' (allowed: the same in both)",
     "年级“%s”和班级名称“%s”不一致"},
    {"no stage or grade stands here (allowed: 小学, 初中, 高中, or a grade; of merged "
     "cells "
     "only the first keeps its text)",
     "没有填学段或年级（可写：小学、初中、高中，或年级；合并的单元格要先取消合并，每行都"
     "填）"},
    {"'%s' is not a grade of stage '%s' (allowed: the same in both)",
     "年级“%s”和学段“%s”不一致"},
    {"several places are called '%s' (allowed: its id)",
     "有好几间都叫“%s”（请写教室编号）"},
    {"unknown room '%s' (did you mean '%s'?)", "没有教室“%s”（是不是“%s”？）"},
    {"unknown room '%s' (allowed: id or title of a place in rooms.csv or campus.yaml)",
     "没有教室“%s”（可写：rooms.csv 或 campus.yaml 里的编号或名称）"},
    {"class '%s' has no room (wanted: id or title of a place)",
     "班级“%s”没有填教室（应写：教室的编号或名称）"},
    {"'%s' is the room of class '%s' by %s:%d:%d (allowed: a class a room)",
     "“%s”已经是班级“%s”的教室，见 %s:%d:%d（一间教室只能给一个班）"},
    {"the quote is not closed (allowed: \"…\", a quote inside doubled)",
     "双引号没有配对（内容里的双引号要写两个）"},
    {"something stands behind the closing quote (allowed: the next cell; a quote inside "
     "a "
     "cell is doubled)",
     "后双引号的后面还有内容（内容里的双引号要写两个）"},
    {"the cell is too long (allowed: %d bytes)", "格子里的字太多（最多 %d 字节）"},
    {"cannot be read as %s (allowed: UTF-8, UTF-16 or GB18030)",
     "不能按 %s 编码读取（可用：UTF-8、UTF-16、GB18030；请另存为 CSV）"},
    {"'%s' is reserved (allowed: any other name)", "编号“%s”是保留的，请换一个"},
    {"'%s' is taken by the %s at %s:%d:%d (allowed: one name once among places, classes, "
     "buses and devices)",
     "编号“%s”已是%s的编号，见 %s:%d:%d（场所、班级、总线、设备的编号不能重复）"},
    {"'%s' is no lesson of a weekday (allowed: 周一1 or Mon 1; or two rows, the weekdays "
     "and below them 1 .. %d)",
     "表头“%s”看不出是星期几第几节（可写：周一1；或写两行，上面星期，下面节次 1 到 %d）"},
    {"class '%s' has row %u above (allowed: one a class)",
     "班级“%s”在上面已经有一行，第 %u 行（一个班只能有一行）"},
    {"class '%s' has row %u above, and '%s' has none (allowed: one a class)",
     "班级“%s”在上面已经有一行，第 %u 行，“%s”却没有（一个班只能有一行）"},
    {"'%s' is no weekday (allowed: 周一 .. 周日 or monday .. sunday, above its first "
     "lesson)",
     "“%s”不是星期几（可写：周一到周日，写在当天第一节上面）"},
    {"no weekday stands here (allowed: 周一 .. 周日 or monday .. sunday, above its first "
     "lesson)",
     "这里没有写星期（可写：周一到周日，写在当天第一节上面）"},
    {"the first column is empty (allowed: the classes in it)",
     "第一列是空的（第一列写班级；请删掉这个空列）"},
    {"no lesson stands above this cell (allowed: a heading)",
     "这一格上面没有星期和节次（是不是格子里多了逗号？）"},
    {"the heading names no lesson (allowed: 班级, 周一1, 周一2, …; or 班级, 星期, 节次, "
     "科目)",
     "表头里没有节次（可写：班级,周一1,周一2,…；或 "
     "班级,星期,节次,科目；若是乱码，请另存为 UTF-8 的 CSV）"},
    {"'%s' are no weeks (allowed: 单, 双, 每周; odd, even, every)",
     "“%s”看不出是哪些周（可写：单、双、每周）"},
    {"'%s' is no weekday (allowed: 周一 .. 周日, monday .. sunday, 1 .. 7)",
     "“%s”不是星期几（可写：周一到周日，或 1 到 7）"},
    {"'%s' is no lesson (allowed: 1 .. %d)", "“%s”不是节次（可写：1 到 %d）"},
    {"no subject stands here (allowed: a subject; - = nothing is taught)",
     "没有填科目（没有课写 -）"},
    {"no column is headed %s (allowed: 班级, 星期, 节次, 科目, 教室, 单双周)",
     "缺少“%s”这一列（可写：班级、星期、节次、科目、教室、单双周）"},
    {"the table is empty (allowed: a heading and a row a class; or no such file)",
     "课表是空的（第一行写表头，下面一行一个班；不用课表就删掉文件）"},
    {"unknown class '%s' (did you mean '%s'?)", "没有班级“%s”（是不是“%s”？）"},
    {"unknown class '%s' (did you mean '%s' of %s:%d:%d?)",
     "没有班级“%s”（是不是“%s”，见 %s:%d:%d？）"},
    {"'%s' is '%s' at %s:%d:%d, and the others are named so (allowed: the same in both)",
     "“%1$s”在 %3$s:%4$d:%5$d 写的是“%2$s”，别的也都这样写（两处要写成一样）"},
    {"unknown class '%s' (allowed: id of a class, or a title of one only)",
     "没有班级“%s”（可写：班级的编号，或不重复的班级名称）"},
    {"unknown subject '%s' (did you mean '%s'?)", "没有科目“%s”（是不是“%s”？）"},
    {"unknown subject '%s' (allowed: %s; no names of teachers; - = nothing is taught)",
     "没有科目“%s”（可写：%s；不要写教师姓名；没有课写 -）"},
    {"unknown place '%s' (did you mean '%s'?)", "没有场所“%s”（是不是“%s”？）"},
    {"unknown place '%s' (allowed: id of a place, or a title of one only)",
     "没有场所“%s”（可写：场所的编号，或不重复的名称）"},
    {"'%s' has a room and no subject before it (allowed: 音乐@music-room; - = nothing is "
     "taught)",
     "“%s”只写了教室，前面没有科目（可写：音乐@音乐教室；没有课写 -）"},
    {"'%s' has no room behind the sign (allowed: 音乐@music-room; 音乐 alone in the "
     "class's own room)",
     "“%s”的 @ 后面没有教室（可写：音乐@音乐教室；在本班教室上只写 音乐）"},
    {"class '%s' has this lesson also at %s:%d:%d (allowed: a lesson once)",
     "班级“%s”的这一节在 %s:%d:%d 已经写过"},
    {"says odd and even weeks, and so does another column (allowed: one)",
     "格子里写了单双周，“单双周”一列又写了一次（只写一处）"},
    {"odd and even weeks are not known (allowed: where campus.yaml has calendar.terms)",
     "分不出单双周（请先在 campus.yaml 的 calendar.terms 里写学期起止）"},
    {"lesson %u of class '%s' has no bell in season '%s' (allowed: 1 .. %u; or as many "
     "lessons in bells.%s of each season, see %s:%d:%d)",
     "作息里没有第 %1$u 节：班级“%2$s”在 %3$s 这段日子一天最多 %4$u 节（bells.%5$s；"
     "各套作息的节数要够课表用，见 %6$s:%7$d:%8$d）"},
    {"lesson %u of class '%s' has no bell (allowed: 1 .. %u, the lessons of bells.%s; is "
     "the %s at %s:%d:%d one, as long as it is?)",
     "作息里没有第 %1$u 节：班级“%2$s”一天最多 %3$u 节（bells.%4$s；%6$s:%7$d:%8$d 的 "
     "%5$s 和一节课一样长，是不是应写 lesson？）"},
    {"lesson %u of class '%s' has no bell (allowed: 1 .. %u, the lessons of bells.%s, "
     "see "
     "%s:%d:%d)",
     "作息里没有第 %u 节：班级“%s”一天最多 %u 节（bells.%s，见 %s:%d:%d）"},
    {"class '%s' has nothing in lesson %u on %s%s, and a lesson behind it (wanted: a "
     "subject; - = nothing is taught)",
     "班级“%s”第 %u 节（%s%s）空着，后面却有课（应写科目；没有课写 -）"},
    {"no class has anything in lesson %u on %s%s, and lessons are behind it (wanted: a "
     "column of it, and subjects; - = nothing is taught)",
     "第 %u "
     "节（%s%"
     "s）哪个班都空着，后面却有课（是不是少了这一列？应有这一列，并填科目；没有课写 -）"},
    {"class '%s' has nothing in lesson %u on %s%s, where the others of its grade have "
     "(wanted: a subject; - = nothing is taught)",
     "班级“%s”第 %u 节（%s%s）空着，同年级别的班这一节都有课（应写科目；没有课写 -）"},
    {"class '%s' is taught nothing else on %s (wanted: several subjects)",
     "班级“%s”%s全天都是这一科（是不是向右填充多了？）"},
    {"'%s' holds %u, and class '%s' has %u enrolled (wanted: a room for the class, or "
     "the capacity put right)",
     "“%s”容量 %u，而在这里上课的班级“%s”有 %u 人（请换一间，或核对容量）"},
    {"'%s' is taught in then by class '%s' at %s:%d:%d (wanted: one class in a room at a "
     "time, unless they are taught together)",
     "“%s”这时已有班级“%s”在上课，见 "
     "%s:%d:%d（一间教室同时只有一个班；合班上课可以不管）"},
    {"class '%s' has no timetable (wanted: a row; without one every lesson is taken to "
     "be "
     "in its own room)",
     "班级“%s”没有课表（应有一行；没有时，每节都当作在本班教室上）"},
    {"class '%s' has a row without a lesson (wanted: subjects; as it stands it has none "
     "all week)",
     "班级“%s”这一行一节课也没有（应填写科目；照这样，这个班全周没有课）"},
    {"class '%s' has no room (wanted: class: %s at a place of campus.yaml)",
     "班级“%s”没有教室（应在 classes.csv 填教室，或在 campus.yaml 的场所里写 class: "
     "%s）"},
    {"capacity %u, but class '%s' has %u enrolled (wanted: what the room may hold)",
     "教室容量 %u，而班级“%s”有 %u 人（请核对容量和人数）"},
    {"class '%s' is at home in '%s' already (allowed: one place a class)",
     "班级“%s”的教室已经是“%s”（一个班只能有一间）"},
    {"no limit is stated (allowed: limit here, or stages.%s.limit)",
     "没有班额上限（在“班额”列里写，或在 campus.yaml 写 stages.%s.limit）"},
    {"stage '%s' has no bells (allowed: a stage with bells.%s)",
     "学段 %s 没有作息（请在 campus.yaml 写 bells.%s）"},
    {"is a workbook of a spreadsheet program, whatever its name (allowed: saved as CSV)",
     "这是电子表格的工作簿（xlsx、xls、et），不是 CSV（请用“另存为”选 CSV）"},
    {"this row's cells are parted by another sign than the heading's: '%.80s' is one "
     "cell "
     "(allowed: one sign in the whole table)",
     "这一行用的分隔符和表头不一样，“%.80s”成了一格（整张表只用一种分隔符）"},
    {"the cells are parted by a full-width '%s' (allowed: a comma, a semicolon or a tab, "
     "all of them half-width)",
     "用了全角“%s”分隔（可用：半角的逗号、分号，或制表符）"},
    {"'%s' is not an id: it has a full-width '%s' (allowed: '%c')",
     "“%s”不能作编号：有全角的“%s”（可写：半角“%c”）"},
    {"is not read (wanted: the name %s, saved as CSV)",
     "这个文件不会读（应另存为 CSV，文件名 %s）"},
    {"is not read (read are classes.csv, rooms.csv and timetable.csv)",
     "这个文件不会读（只读 classes.csv、rooms.csv、timetable.csv）"},
    {"'%s' is of another grade than '%s' in row %u, of the same year of entry (wanted: "
     "the same, or another id)",
     "编号“%s”和“%s”（第 %u 行）入学年份相同，年级却不同（请核对编号和年级）"},
    {"'%s' looks like grade %d, and the row says grade %d (wanted: the same, or an id by "
     "the year of entry such as 2024-P-01)",
     "编号“%s”像是 %d 年级，这一行却是 %d 年级（请核对；编号建议用入学年份，如 "
     "2024-P-01）"},
    {"'%s' has the letter of stage %s, and the row is of stage %s (wanted: P primary, J "
     "junior, S senior)",
     "编号“%s”里的字母是%s的，这一行的学段是%s（P 小学，J 初中，S 高中）"},
    {"'%s' seems to name somebody (wanted: the class alone, no names of people)",
     "“%s”里好像有人名（只写班级，不要写人名）"},
    {"class '%s' has no pupils (wanted: how many there are; a row less where there is no "
     "such class)",
     "班级“%s”人数是 0（应写实际人数；没有这个班就删掉这一行）"},
    {"class '%s' is at home in '%s', a %s (wanted: a classroom)",
     "班级“%s”的教室“%s”是%s（应是教室）"},
    {"'%s' stands in %zu more cells from here on (allowed: as at the first one above)",
     "“%s”从这里起还有 %zu 格（改法和上面第一处一样）"},
    {"the columns of ids and names are swapped (allowed: ids of letters and digits below "
     "'%s')",
     "编号和名称两列写反了（“%s”下面写字母和数字的编号）"},
    {"what stands under %s is never taught (wanted: no such column, or a day of "
     "calendar.make_up that says so, - 2026-10-10: %s)",
     "%s的课永远不会上（请删掉这些列，或在 campus.yaml 的 calendar.make_up 里写：- "
     "2026-10-10: %s）"},
    {"'%s' and '%s' are the other way round, and all other columns in order (wanted: "
     "each "
     "above its subjects; leave it where it is meant)",
     "表头“%s”和“%s”写反了，别的列都按先后排（请核对下面的科目；本来就这样，就不用管）"},
    {"'%s', a %s, is the room of class '%s', and %zu more classes are taught there "
     "(wanted: a room of its own; leave it where it is meant)",
     "“%s”是%s，却写成班级“%s”的教室，另有 %zu "
     "个班也在这里上课（应写本班的教室；本来就这样，就不用管）"},
    {"'%s' is a %s, no class is at home there, and %zu classes are taught '%s' there "
     "(wanted: the kind of a special room; leave it where it is meant)",
     "“%s”是%s，没有班级以它为教室，却有 %zu "
     "个班在这里上%s（是不是专用教室？本来就这样，就不用管）"},
    {"'%s' is a %s, and the rooms of all other classes are each a %s (wanted: the same; "
     "leave it where it is meant)",
     "“%s”是%s，别的班的教室都是%s（请核对类型；本来就这样，就不用管）"},
    {"no weekday stands above '%s', and %s to the left has that lesson already (allowed: "
     "each weekday above its first lesson)",
     "“%s”上面没有星期，左边的%s已经有这一节（每天的第一节上面要写星期）"},
    {"all classes are taught '%s' in lesson %u on %s (wanted: each its own subject; "
     "leave "
     "it where that is meant)",
     "各班%3$s第 %2$u 节都是%1$s（是不是一格往下填充了？本来就这样，就不用管）"},
    {"lesson %u of bells.%s is taught to nobody all week, and to a class of %s, which "
     "has "
     "no bell for it (wanted: each class beside its own lessons; sorted with them)",
     "第 %u 节（bells.%s）全周没有班上，没有这一节的%s"
     "却有班上（是不是只把班级一列排了序？班级要和自己的课在同一行）"},
    {"class '%s' has no lesson of '%s', which all others of its grade have (wanted: a "
     "lesson of it; leave it where that is meant)",
     "班级“%s”全周没有%s，同年级别的班都有（应有这一科；本来就这样，就不用管）"},
    {"class '%s' has no lesson of '%s', which all others of its grade and the grades "
     "beside have (wanted: a lesson of it; leave it where that is meant)",
     "班级“%s”全周没有%s，同年级和上下年级的班都有（应有这一科；本来就这样，就不用管）"},
    {"class '%s' has other numbers of lessons a week than all others of its grade: %s "
     "(wanted: the same; leave it where that is meant)",
     "班级“%s”每周的节数和同年级别的班不一样：%s（请核对课表；本来就这样，就不用管）"},
    {"class '%s' has other numbers of lessons a week than '%s', and in each other grade "
     "they are the same: %s (wanted: the same; leave it where that is meant)",
     "班级“%s”每周的节数和“%s”不一样，别的年级各班都一样：%"
     "s（请核对课表；本来就这样，就不用管）"},
    {"class '%s' has this subject once, '%s' of its grade never, and the grades beside "
     "have it more often (wanted: another subject; leave it where that is meant)",
     "班级“%s”只有这一节上这一科，同年级的“%"
     "s”没有，上下年级的班却不止一节（请核对科目；本来就这样，就不用管）"},
    {"class '%s' has - in every lesson of %s, and the others of its grade are taught "
     "then "
     "(wanted: subjects; leave it where that is meant)",
     "班级“%s”%s每节都写了 "
     "-，同年级别的班那天都有课（应填写科目；本来就这样，就不用管）"},
    {"no room stands here, and all other lessons of the subject in the stage have one, "
     "such "
     "as '%s', which is free then (wanted: subject@room; leave it where it is meant)",
     "这里没有写教室，本学段这一科别的课都写了，如“%s”，那里这时空着（应写：科目@"
     "教室；本来就在本班教室上，就不用管）"},
    {"capacity %u, and the classes that are taught here have %u at most (wanted: what "
     "the "
     "room may hold; leave it where it is so)",
     "容量 %u，而在这里上课的班最多 %u 人（请核对容量；确实这样，就不用管）"},
    {"this lesson is in '%s', and all others of the subject in '%s' (wanted: the same; "
     "leave it where it is meant)",
     "这节在“%s”上，这一科别的课都在“%s”（请核对教室；本来就这样，就不用管）"},
    {"this is the only lesson of the subject in '%s', the room of class '%s' (wanted: "
     "the right room; leave it where it is meant)",
     "这一科只有这节在“%s”上，那是班级“%s”的教室（请核对教室；本来就这样，就不用管）"},
    {"this is the only lesson of the subject in '%s', where all others are '%s' (wanted: "
     "the right room; leave it where it is meant)",
     "这一科只有这节在“%s”上，那里别的课都是“%s”（请核对教室；本来就这样，就不用管）"},
    {"all other lessons in '%s' are of classes of another stage; those of this one have "
     "the subject in '%s' (wanted: the right room; leave it where it is meant)",
     "在“%s”上的别的课都是另一个学段的，本学段这一科在“%"
     "s”上（请核对教室；本来就这样，就不用管）"},
    {"no room stands here, and the other classes of the grade have the subject in '%s', "
     "which is free then (wanted: subject@room; leave it where it is meant)",
     "这里没有写教室，同年级别的班这一科都在“%s”上，那里这时空着（应写：科目@"
     "教室；本来就在本班教室上，就不用管）"},
    {"no room stands here, and all other lessons of the subject have one, such as '%s' "
     "(wanted: subject@room; leave it where it is meant)",
     "这里没有写教室，这一科别的课都写了，如“%s”（应写：科目@"
     "教室；本来就在本班教室上，就不用管）"},
    {"no weekday and lesson stand here, and subjects below (allowed: such as 周一1 or "
     "Mon "
     "1)",
     "这一格没有写星期和节次，下面却有课（可写：周一1）"},
    {"class '%s' has the lessons of %s on %s again, and %zu more classes have a day "
     "twice "
     "(wanted: each day its own; leave it where that is meant)",
     "班级“%s”%s的课和%s完全一样，另有 %zu "
     "个班也这样（各天应不同；本来就这样，就不用管）"},
    {"class '%s' has the lessons of %s on %s again (wanted: each day its own; leave it "
     "where that is meant)",
     "班级“%s”%s的课和%s完全一样（各天应不同；本来就这样，就不用管）"},
    {"no class of the grade of '%s' or the grades beside in its stage has this subject "
     "(wanted: another subject; leave it where that is meant)",
     "班级“%s”的同年级和本学段上下年级都没有这一科（请核对科目；本来就这样，就不用管）"},
    {"nothing stands below the headings (allowed: rows below them; or no such file)",
     "表头下面一行也没有（表头下面写内容；不用这张表就删掉文件）"},
    {"no id stands here (allowed: A-Z, a-z, 0-9, '.', '_' and '-', a letter or digit "
     "first, at most %d)",
     "没有填编号（可用：字母、数字、. _ -，以字母或数字开头，最多 %d 个）"},
    {"'%s' is nearly an id by the year of entry (wanted: four digits, P, J or S, and a "
     "number, as 2024-P-01)",
     "编号“%s”像是写错的入学年份编号（应是四位数字、大写 P、J 或 S、序号，如 "
     "2024-P-01；字母 O、l 不是数字 0、1）"},
    {"'%s' is of grade %d, which by the terms of campus.yaml entered in %d (wanted: "
     "%d%s)",
     "编号“%s”：按 campus.yaml 的学期，现在的 %d 年级是 %d 年入学的（应是 %d%s）"},
    {"'%s' is of grade %d, which by the terms of campus.yaml entered in %d, and %zu more "
     "rows are likewise (wanted: %d%s; is it last year's table, or are the terms?)",
     "编号“%1$s”：按 campus.yaml 的学期，现在的 %2$d 年级是 %3$d 年入学的（应是 "
     "%5$d%6$s；另有 %4$zu 行也这样，是不是去年的表，或学期的年份没有改？）"},
    {"the row ends here, %zu lessons before the heading does (wanted: a cell below each "
     "lesson; - = nothing is taught)",
     "这一行到这里就完了，比表头少 %zu 节（每一节下面都要有一格；没有课写 "
     "-；是不是删掉了一格，后面的都移了位？）"},
    {"no class stands below the heading (allowed: a row a class; or no such file)",
     "表头下面一个班也没有（一行一个班；不用课表就删掉文件）"},
    {"no lesson stands below the heading (allowed: a row a lesson; or no such file)",
     "表头下面一节课也没有（一行一节课；不用课表就删掉文件）"},
    {"no weekday stands here (allowed: 周一 .. 周日, monday .. sunday, 1 .. 7; of merged "
     "cells only the first keeps its text)",
     "没有填星期（可写：周一到周日，或 1 到 7；合并的单元格要先取消合并，每行都填）"},
    {"no lesson stands here (allowed: 1 .. %d)", "没有填节次（可写：1 到 %d）"},
    {"no class stands in %zu more rows from here on (allowed: as at the first one above)",
     "从这里起还有 %zu 行没有填班级（改法和上面第一处一样）"},
    {"'%s' says nothing of %s (wanted: a subject on each side of the sign; - = nothing "
     "is taught)",
     "“%s”没有写%s上什么（斜杠两边都要写；没有课写 -）"},
    {"class '%s' has no lesson on %s (wanted: subjects; - in each lesson where nothing "
     "is taught)",
     "班级“%s”%s一节课也没有（应填写科目；确实没有课，可以不管）"},
    {"a lesson in '%s', a %s (wanted: a room where lessons are taught)",
     "在“%s”（%s）上课（应是上课的地方）"},
    {"capacity %u, for class '%s' of at most %u (wanted: what the room may hold)",
     "教室容量 %u，而班级“%s”最多 %u 人（请核对容量）"},
    {"limit %u, but class '%s' has %u enrolled (wanted: the pupils that the policy "
     "allows)",
     "班额 %u，而班级“%s”有 %u 人（请核对班额和人数）"},
    {"no class has a lesson on %s (wanted: columns of that day, and subjects below them)",
     "%s哪个班都没有课（应有这一天的列，下面填科目）"},
    {"class '%s' has the same week as '%s' (wanted: each its own; leave it where that is "
     "meant)",
     "班级“%s”的课表和“%"
     "s”完全一样（各班应有自己的课表，是不是复制后没有改？本来就一样，就不用管）"},
    {"class '%s' has the same week as '%s', and %zu more have one that stands above "
     "(wanted: each its own; leave it where that is meant)",
     "班级“%s”的课表和“%s”完全一样，另有 %zu "
     "个班也和上面的班一样（各班应有自己的课表，是不是复制后没有改？本来就一样，就不用管"
     "）"},
    {"'%s' is class %d by its id and class %d by its name (wanted: the same number)",
     "编号“%s”是 %d 班，名称却是 %d 班（请核对编号和名称）"},
    {"'%s' is the id of row %u (allowed: a name of its own)",
     "名称“%s”是第 %u 行的编号（请写自己的名称）"},
    {"unknown room '%s', and there is no rooms.csv (allowed: id or title of a place in "
     "rooms.csv or campus.yaml)",
     "没有教室“%s”，也没有 rooms.csv 这个文件（教室写在 rooms.csv 或 campus.yaml 里）"},
    {"unknown class '%s', as there are no classes: classes.csv is not there (allowed: a "
     "class of classes.csv or campus.yaml)",
     "没有班级“%s”：一个班也没有，classes.csv 不在（班级写在 classes.csv 或 campus.yaml "
     "里）"},
    {"'%s' is of stage '%s', and taught in by class '%s' and no class of it (wanted: no "
     "stage, or that of the classes)",
     "“%s”的学段是%s，在这里上课的却是班级“%"
     "s”，没有这个学段的班（学段不用写，或写上课的班的学段）"},
    {"lesson %u of bells.%s is taught to nobody all week (wanted: columns of it; or "
     "bells without it)",
     "第 %u 节全周哪个班都没有课，作息 bells.%s "
     "里却有（应补上这几列；没有这一节就从作息里删掉）"},
    {NULL, NULL},
};
