#include "config/chinese.h"

#include <stddef.h>
#include <string.h>

/* In the order of the files that say them: faults, sheet, roster, rooms, classes, csv,
 * objects, campus/, trial_print. */
const struct sentence chinese_sentences[] = {
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
    {"'%s' is not a whole number (allowed: %u .. %u, the number alone)",
     "“%s”不是整数（可写：%u 到 %u，只写数字，不带单位）"},
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
    {"several classes are called '%s', such as '%s' and '%s' (allowed: the id)",
     "不止一个班叫“%s”，如“%s”和“%s”（请写编号）"},
    {"several places are called '%s', such as '%s' and '%s' (allowed: the id)",
     "不止一处叫“%s”，如“%s”和“%s”（请写编号）"},
    {"'%s' stands also in row %u (allowed: an id once)",
     "编号“%s”和第 %u 行重复（一个编号只能用一次）"},
    {"no name stands here (allowed: what people call it)", "没有填名称"},
    {"'%s' is a date that the spreadsheet made of something else (allowed: a name; make "
     "the "
     "column a text column and write it anew)",
     "“%s”被电子表格改成了日期（请把这一列设为“文本”，再重新填写名称）"},
    {"'%s' stands also in row %u (allowed: a name for one only)",
     "名称“%s”和第 %u 行重复（一个名称只能用一次）"},
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
    {"the table is too long (allowed: %d rows)", "表太长（最多 %d 行）"},
    {"cannot be read as %s (allowed: UTF-8, UTF-16 or GB18030)",
     "不能按 %s 编码读取（可用：UTF-8、UTF-16、GB18030；请另存为 CSV）"},
    {"'%s' is reserved (allowed: any other name)", "编号“%s”是保留的，请换一个"},
    {"'%s' is taken by the %s at %s:%d:%d (allowed: one name once among places, classes, "
     "buses and devices)",
     "编号“%s”已经被 %s 用了，见 %s:%d:%d（场所、班级、总线、设备的编号不能重复）"},
    {"'%s' is no lesson of a weekday (allowed: 周一1 or Mon 1; or two rows, the weekdays "
     "and below them 1 .. %d)",
     "表头“%s”看不出是星期几第几节（可写：周一1；或写两行，上面星期，下面节次 1 到 %d）"},
    {"class '%s' has a row above (allowed: one a class)",
     "班级“%s”在上面已经有一行（一个班只能有一行）"},
    {"'%s' stands under no lesson (allowed: below a heading)",
     "“%s”上面没有星期和节次（是不是格子里多了逗号？）"},
    {"the heading names no lesson (allowed: 班级, 周一1, 周一2, …; or 班级, 星期, 节次, "
     "科目)",
     "表头里没有节次（可写：班级,周一1,周一2,…；或 班级,星期,节次,科目）"},
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
    {"unknown class '%s' (allowed: id of a class, or a title of one only)",
     "没有班级“%s”（可写：班级的编号，或不重复的班级名称）"},
    {"unknown subject '%s' (did you mean '%s'?)", "没有科目“%s”（是不是“%s”？）"},
    {"unknown subject '%s' (allowed: %s; no names of teachers; - = nothing is taught)",
     "没有科目“%s”（可写：%s；不要写教师姓名；没有课写 -）"},
    {"unknown place '%s' (did you mean '%s'?)", "没有场所“%s”（是不是“%s”？）"},
    {"unknown place '%s' (allowed: id of a place, or a title of one only)",
     "没有场所“%s”（可写：场所的编号，或不重复的名称）"},
    {"class '%s' has this lesson also at %s:%d:%d (allowed: a lesson once)",
     "班级“%s”的这一节在 %s:%d:%d 已经写过"},
    {"says odd and even weeks, and so does another column (allowed: one)",
     "格子里写了单双周，“单双周”一列又写了一次（只写一处）"},
    {"odd and even weeks are not known (allowed: where campus.yaml has calendar.terms)",
     "分不出单双周（请先在 campus.yaml 的 calendar.terms 里写学期起止）"},
    {"%s is outside the terms, and there would be school (wanted: a day of a term)",
     "%s 不在学期内，照这样那天要上学（请核对日期，或补上学期）"},
    {"%s is a %s, which has school anyway (wanted: a Saturday or Sunday with school)",
     "%s 是%s，本来就上学（补课日应是周末；请核对日期）"},
    {"timetable.csv has no lesson on %s (wanted: a weekday that has, or columns of this "
     "one)",
     "timetable.csv 里%s没有课（请写有课的星期，或在课表里补上这几列）"},
    {"%s is a %s, and there would be school (wanted: days with school; a span stops "
     "before the weekend)",
     "%s 是%s，照这样那天要上学（考试写上学的日子，跨周末的分两段写）"},
    {"lasts %d days (wanted: the days off; is the year right?)",
     "一共 %d 天（只写放假的日子；是不是年份写错了？）"},
    {"%s is outside the terms, and %s is not (wanted: days of a term; is the year "
     "right?)",
     "%s 不在学期内，%s 才在（是不是年份写错了？）"},
    {"lesson %u of class '%s' has no bell in season '%s' (allowed: 1 .. %u; or as many "
     "lessons in bells.%s of each season)",
     "作息里没有第 %1$u 节：班级“%2$s”在 %3$s 这段日子一天最多 %4$u 节（bells.%5$s；"
     "各套作息的节数要够课表用）"},
    {"lesson %u of class '%s' has no bell (allowed: 1 .. %u, the lessons of bells.%s)",
     "作息里没有第 %u 节：班级“%s”一天最多 %u 节（bells.%s）"},
    {"class '%s' has nothing in lesson %u on %s%s before this one (wanted: a subject; - "
     "= "
     "nothing is taught)",
     "班级“%s”第 %u 节（%s%s）空着，后面却有课（应写科目；没有课写 -）"},
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
    {"a tab stands here (allowed: spaces; the editor can replace every tab by them)",
     "这里是 Tab（请改用空格；编辑器能把所有 Tab 换成空格）"},
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
     "编号“%s”里的字母是 %s，这一行的学段是 %s（P 小学 primary，J 初中 junior，S 高中 "
     "senior）"},
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
    {"is entered in row %u already (allowed: each class and day, or lesson, once)",
     "和第 %u 行重复（同一天同一个班、同一节课只能写一行）"},
    {"no day stands here (allowed: a day such as 2026-11-23)",
     "没有填日期（可写：2026-11-23 这样的日期）"},
    {"no class stands here (allowed: id or title of a class)",
     "没有填班级（可写：班级的编号或名称）"},
    {"no column says what is entered (allowed: 登记; or 请假, 到校)",
     "看不出登记什么（要有“登记”一列，或“请假”“到校”两列）"},
    {"'%s' is not known (allowed: %s)", "“%s”不认识（可写：%s）"},
    {"请假, 到校, 调课, 免户外; leave, attendance, swap-lesson, exempt",
     "请假、到校、调课、免户外"},
    {"leave, attendance, swap-lesson, exempt",
     "leave 请假，attendance 到校，swap-lesson 调课，exempt 免户外"},
    {"下雨, 污染; rain, pollution", "下雨、污染"},
    {"rain, pollution", "rain 下雨，pollution 污染"},
    {"是; true", "是"},
    {"true or false", "true 或 false"},
    {"an id or a title", "编号或名称"},
    {"a day such as 2026-11-23", "2026-11-23 这样的日期"},
    {"a time such as 08:20", "08:20 这样的时间"},
    {"%s: '%.80s' is no day, %d-%02d has %d days (allowed: a day such as 2026-11-23)",
     "%s“%.80s”不存在，%d 年 %d 月只有 %d 天（可写：2026-11-23 这样的日期）"},
    {"%s: '%.80s' is no day, there is no month %d (allowed: a day such as 2026-11-23)",
     "%s“%.80s”不存在，没有 %d 月（可写：2026-11-23 这样的日期）"},
    {"%s: '%.80s' (allowed: %s)", "%s“%.80s”不对（可写：%s）"},
    {"%s (allowed: %s)", "%s不对（可写：%s）"},
    {"%s: '%.80s' (allowed: a whole number %d .. %d)",
     "%s“%.80s”不对（可写：%d 到 %d 的整数）"},
    {"'%.80s' does not belong to %s", "“%.80s”和“%s”无关（请留空）"},
    {"%s needs %s", "登记“%s”要填“%s”"},
    {"%s is missing (allowed: a whole number %d .. %d, or undo)",
     "没有填%s（可写：%d 到 %d 的整数；或写撤销）"},
    {"%s has both count and undo (allowed: one of them)",
     "登记“%s”又填人数又写撤销（只写一样）"},
    {"swap-lesson (allowed: one of with, subject, undo)",
     "登记“调课”要写对调节次、科目、撤销中的一样"},
    {"with_day (allowed: beside with)", "对调日期要和对调节次一起写"},
    {"place (allowed: beside subject)", "教室要和科目一起写"},
    {"until %02d:%02d (allowed: after from, %02d:%02d)",
     "结束 %02d:%02d 不晚于开始（可写：%02d:%02d 以后）"},
    {"the day book is full (allowed: %d notes)", "登记簿满了（最多 %d 条）"},
    {"day %04d-%02d-%02d is too far away (allowed: %d days back, %d ahead)",
     "%04d-%02d-%02d 太远了（可写：%d 天以前到 %d 天以后）"},
    {"%04d-%02d-%02d is no school day (allowed: a day with bells)",
     "%04d-%02d-%02d 不上学（可写：有作息的日子）"},
    {"%04d-%02d-%02d is no school day, it is outside the terms (allowed: a day with "
     "bells)",
     "%04d-%02d-%02d 不在学期内（可写：学期里上学的日子，学期见 campus.yaml 的 "
     "calendar.terms）"},
    {"%04d-%02d-%02d is no school day but a holiday (allowed: a day with bells)",
     "%04d-%02d-%02d 是假日（可写：上学的日子）"},
    {"%04d-%02d-%02d is no school day but a weekend (allowed: a day with bells)",
     "%04d-%02d-%02d 是周末（可写：上学的日子；补课日见 campus.yaml 的 "
     "calendar.make_up）"},
    {"there is no class '%.80s' (allowed: id or title of a class)",
     "没有班级“%.80s”（可写：班级的编号或名称）"},
    {"class '%s' has %u enrolled (allowed: 0 .. %u)",
     "班级“%s”在籍 %u 人（可写：0 到 %u）"},
    {"leave %u and present %u are more than class '%s' has enrolled, %u (allowed: "
     "together 0 .. %u)",
     "请假 %u 人加到校 %u 人，超过班级“%s”在籍的 %u 人（合起来可写：0 到 %u）"},
    {"there is no lesson %u (allowed: 1 .. %u)", "没有第 %u 节（可写：1 到 %u）"},
    {"nobody knows what class '%s' is taught then (allowed: a subject; a swap needs a "
     "timetable)",
     "班级“%s”这一节没有课表，不能对调（可写：科目）"},
    {"lesson %u would be exchanged with itself (allowed: another lesson, or with_day)",
     "第 %u 节不能和自己对调（可写：另一节，或填对调日期）"},
    {"class '%s' is taught nothing in lesson %u and nothing in what it is exchanged with "
     "(allowed: lessons of which one is taught)",
     "班级“%s”第 %u 节没有课，和它对调的那节也没有课（请核对日期和节次）"},
    {"there is no subject '%.80s' (allowed: id or title of a subject, - = nothing is "
     "taught)",
     "没有科目“%.80s”（可写：科目的编号或名称；不上课写 -）"},
    {"there is no place '%.80s' (allowed: id or title of a place)",
     "没有教室“%.80s”（可写：场所的编号或名称）"},
    /* what the check warns of */
    {"'%s' is that of '%s', which has the same template and bus: both will say the same "
     "(wanted: another %s)",
     "“%s”和“%s”的一样，而模板、总线也相同：两台会说同样的话（应另写一个 %s）"},
    {"'%s' is that of '%s' at %s:%d:%d (allowed: one device each, which reads it or "
     "switches it)",
     "“%s”已经是“%s”的（见 %s:%d:%d）：一处只能给一台设备，或读或控"},
    {"counts pulses, and '%s' is no counter (allowed: a metric of kind counter, such as "
     "energy; or no pulses)",
     "写了 pulses（数脉冲），而“%s”不是计数类（可写：kind 为 counter 的测点类，如 "
     "energy；或不写 pulses）"},
    {"units 248 to 255 are reserved on a serial line (wanted: 1..247)",
     "串行总线上 unit 248 到 255 是保留的（应写 1 到 247）"},
    {"'scale: 0' makes every reading the same (allowed: any other number, 1 unless said)",
     "“scale: 0”会让所有读数都一样（可写：0 以外的数，不写就是 1）"},
    {"a topic with + or # takes every sender that fits it, and their readings mix in one "
     "place (wanted: the topic of one sender, {node} or {place} in it)",
     "主题里有 + 或 #：凡是符合的都收，几台的读数会混在一个场所里（应写一台的主题，或用 "
     "{node}、{place}）"},
    {"%s; leave it where it is meant", "%s；确实如此就不用改"},
    {"'%s' is that of '%s' on bus '%s', which hears the same broker: each message counts "
     "twice (wanted: one of them)",
     "“%s”和“%s”的一样，它在总线“%s”上，而两条总线连的是同一个代理：每条消息会算两次"
     "（应只留一处）"},
    {"is the same unit on its bus as '%s' at %s:%d:%d, but has template '%s' instead of "
     "'%s' (wanted: a unit of its own, unless one device is both)",
     "和 %2$s:%3$d:%4$d 的“%1$s”在同一条总线上用同一个 unit，模板却是“%5$s”而不是"
     "“%6$s”（应各用各的 unit，除非本来就是同一台设备）"},
    {"'%s' is that of bus '%s' at %s:%d:%d, too: a serial server that takes one client "
     "leaves one of them without (better: one bus with the devices of both)",
     "“%s”已是总线“%s”的（见 "
     "%s:%d:%"
     "d）：只接受一个连接的串口服务器会让其中一条断线（最好把两边的设备写在一条总线上"
     "）"},
    {"security point '%s' without supervision: its silence is never noticed (wanted: "
     "supervision: …)",
     "安防测点“%s”没有写监督时间：它断线没人会知道（应写 supervision: …）"},
    {"everybody may write to this file (wanted: chmod o-w)",
     "任何人都能改这个文件（应执行 chmod o-w）"},
    {"is not read (wanted: a name that ends in .yaml)",
     "不会读这个文件（文件名应以 .yaml 结尾）"},
    {"'%.80s' is no whole path: it counts from the folder that the gateway starts in, / "
     "as a service (wanted: a path that begins with /)",
     "“%.80s”不是完整路径：它从网关启动时所在的目录算起，作为服务时是 "
     "/（应写以 / 开头的路径）"},
    {"each pulse counts as 1 %s of '%s' (wanted: scale, such as 0.001 where the meter "
     "gives 1000 pulses for it); leave it where it is meant",
     "每个脉冲都算 1 %s（%s）（应写 scale，表上是 1000 个脉冲就写 "
     "0.001）；确实如此就不用改"},
    {"the address looks like the 40001 of a maker's table, which is register 0 (wanted: "
     "the offset: 0 for 40001, or 1 with base: 1)",
     "地址像是说明书里从 40001 数起的编号，40001 就是 0 号寄存器（应写偏移：40001 写 0，"
     "或 base: 1 时写 1）"},
    {"the address looks like the 30001 of a maker's table, which is register 0 (wanted: "
     "the offset: 0 for 30001, or 1 with base: 1)",
     "地址像是说明书里从 30001 数起的编号，30001 就是 0 号寄存器（应写偏移：30001 写 0，"
     "或 base: 1 时写 1）"},
    {"a number is mostly no line's name, and another one with the next kernel (wanted: "
     "the name that gpioinfo shows, such as GPIO22)",
     "编号一般不是线名，换了内核还会变（应写 gpioinfo 显示的名字，如 GPIO22）"},
    {"a topic with / before it is another one than without (wanted: as the device sends "
     "it, mostly without)",
     "主题前面多一个 / 就是另一个主题（应与设备发的一致，一般没有）"},
    {"a topic with a space in it is another one than without (wanted: as the device "
     "sends it, mostly without)",
     "主题里多一个空格就是另一个主题（应与设备发的一致，一般没有）"},
    {"'%s' is that of %s, too (allowed: a file of its own)",
     "“%s”也是 %s 的（应各用各的文件）"},
    {"'%s' is the port of the broker that %s names (allowed: another one, such as "
     "127.0.0.1:8080)",
     "“%s”是 %s 所写消息代理的端口（应写别的端口，如 127.0.0.1:8080）"},
    {"'%s' has no line with '%s' (allowed: a file in PEM form)",
     "“%s”里没有“%s”一行（应是 PEM 格式的文件）"},
    {"'%s' may be read by others, and is not used then (allowed: mode 0600)",
     "“%s”别人也能读，网关因此不会用它（应执行 chmod 0600）"},
    {"'%s' is outside %s, below which alone the service may write (wanted: below it, or "
     "ReadWritePaths for its folder as in the manual)",
     "“%s”不在 %s 之下，服务只能写那里（应写在其下，或按手册给它的目录写 "
     "ReadWritePaths）"},
    {"'%s' is another program's database (allowed: a file of its own, which the gateway "
     "makes)",
     "“%s”是别的程序的数据库（应写网关自己的文件，由网关建立）"},
    {"'%s' is no database (allowed: a file of its own, which the gateway makes)",
     "“%s”不是数据库（应写网关自己的文件，由网关建立）"},
    {"'%s' is a folder (allowed: the path of a file, such as %s/campus.db)",
     "“%s”是目录（应写文件的路径，如 %s/campus.db）"},
    {"'%s' is not there on this machine (wanted: there before the gateway starts)",
     "这台机器上没有“%s”（应在网关启动之前就有）"},
    {"there is no folder '%s' (wanted: one that is there before the gateway starts)",
     "没有目录“%s”（应在网关启动之前就有）"},
    {"kind '%s' is that of no place (did you mean '%s'?)",
     "没有一个场所的类别是“%s”（是不是“%s”？）"},
    {"kind '%s' is not one that the rules know (did you mean '%s'?)",
     "规则不认识类别“%s”（是不是“%s”？）"},
    {"names the output '%s', which is mapped nowhere (wanted: a row of 'outputs:' in "
     "devices.d, or the word among a rule file's 'recipients:')",
     "写了输出“%s”，却没有接到任何设备（应在 devices.d 的 outputs: 里写一行；是人的，"
     "写进规则文件的 recipients:）"},
    {"does not come on for %s (P1) at '%s', and nothing else does (wanted: a row for "
     "this "
     "place, or one without places)",
     "%s（P1）在“%s”报警时不会接通，也没有别的输出会响（应为这个场所写一行，或写一行不带 "
     "places 的）"},
    {"on_for is %s, and '%s' goes off by itself after %s, its max_on (wanted: on_for no "
     "longer than that)",
     "on_for 写的是 %s，而“%s”自己到 %s（max_on）就断开（on_for 不应超过它）"},
    {"no rule names this output: it never comes on (did you mean '%s'?)",
     "没有规则用到这个输出，它永远不会接通（是不是“%s”？）"},
    {"no rule names this output: it never comes on",
     "没有规则用到这个输出，它永远不会接通"},
    {"lowers an alarm from P1 to %s, which has its rank by %s (wanted: P1, unless the "
     "school knows why)",
     "把 P1 级报警降到了 %s，它的级别依据是 %s（应保留 P1，除非学校确有理由）"},
    {"switches off an alarm of P1, which is asked for by %s (wanted: on, unless the "
     "school "
     "knows why)",
     "关掉了 P1 级报警，它的依据是 %s（应保留，除非学校确有理由）"},
    {"is never judged: no object has all of its inputs (allowed: feed their points, give "
     "'absent', or enabled: false)",
     "从不判断：没有一个对象的输入是齐的（请接上这些测点，写 absent，或 enabled: "
     "false）"},
    {"never judged, as no object has all of their inputs (allowed: feed their points, "
     "give 'absent', or enabled: false): %s",
     "以下规则从不判断，因为没有一个对象的输入是齐的（请接上这些测点，写 absent，或 "
     "enabled: false）：%s"},
    {"never judged, as no object has all of their inputs (fine without such devices): %s",
     "以下规则从不判断，因为没有一个对象的输入是齐的（没有这类设备就不用管）：%s"},
    /* --test-rule */
    {"%s ... %s, %zu readings, %s s", "%s … %s，%zu 条读数，用时 %s 秒"},
    {"the log begins at %s: what began earlier, and alarms that stood then, are not "
     "known to the trial",
     "记录从 %s 开始：在那之前已经开始的情况和未消的报警，试验无从知道"},
    {"%zu of the operators' actions found nothing to act on",
     "有 %zu 次人员操作在试验中没有对应的报警"},
    {"  is never judged: no object has all of its inputs (allowed: feed their points, or "
     "give 'absent')",
     "  从不判断：没有一个对象的输入是齐的（请接上这些测点，或写 absent）"},
    {"  %zu alarms on trial", "  试验中报警 %zu 次"},
    {"  %zu alarm on trial", "  试验中报警 %zu 次"},
    {"  %zu facts on trial", "  试验中记录 %zu 次"},
    {"  %zu fact on trial", "  试验中记录 %zu 次"},
    {"; no rule of this id was in force", "；当时没有这个编号的规则"},
    {", %zu as it was in force; %zu the same", "，当时的规则 %zu 次，其中 %zu 次相同"},
    {"only on trial:%s", "只在试验中：%s"},
    {"only then:%s", "只在当时：%s"},
    {"  %s: could not be judged %s of the time", "  %s：%s 的时间无法判断"},
    {"  %s: could not be judged %zu of %zu times",
     "  %1$s：%3$zu 次里有 %2$zu 次无法判断"},
    {": ", "："},
    {"; ", "；"},
    {"%s not given (%s)", "%s 没有填写（%s）"},
    {"%s not heard (%s)", "%s 没有读数（%s）"},
    {"%s bad or too old (%s)", "%s 无效或过期（%s）"},
    {"%s with too little of its window (%s)", "%s 的时间窗里有效读数不够（%s）"},
    {"  and %zu more that could not always be judged", "  另有 %zu 个对象有时无法判断"},
    {"  %zu of %zu objects were never to be judged: none of the rule's phases or moments "
     "is in the span",
     "  有 %zu 个对象（共 "
     "%zu 个）从未轮到判断：这段时间里没有规则规定的时段或时刻"},
    {"  input %s = %s: %zu point%s, %zu reading%s",
     "  输入 %1$s = %2$s：%3$zu 个测点%4$.0s，%5$zu 条读数%6$.0s"},
    {", %s of the time bad", "，%s 的时间无效"},
    {", %s of the time uncertain", "，%s 的时间存疑"},
    {", %s of the time not heard yet", "，%s 的时间还没有读数"},
    {"; stored in steps of %s%s%s, unless a window of a rule in force reads it",
     "；按步长 %s%s%s 存储，生效规则的时间窗要读它时除外"},
    {"\n    only summaries are left of %s", "\n    只剩汇总：%s"},
    {"\n    no reading of %s", "\n    没有读数：%s"},
    {" and %zu more", "，另有 %zu 个"},
    {NULL, NULL},
};

const char *chinese_format(const char *english)
{
    for (const struct sentence *s = chinese_sentences; s->english; s++)
        if (strcmp(s->english, english) == 0)
            return s->chinese;
    return english;
}
