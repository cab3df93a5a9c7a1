/* chinese_days.c - what a school's office is told of its calendar, bells and entries. */
#include <stddef.h>

#include "config/chinese.h"

/* In the order of the files that say them, campus/: bells, calendar, seasons, entries. */
const struct sentence chinese_days[] = {
    {"several classes are called '%s', such as '%s' and '%s' (allowed: the id)",
     "不止一个班叫“%s”，如“%s”和“%s”（请写编号）"},
    {"several places are called '%s', such as '%s' and '%s' (allowed: the id)",
     "不止一处叫“%s”，如“%s”和“%s”（请写编号）"},
    {"the first lesson is before first_lesson of the stage, %02d:%02d (wanted: not "
     "earlier)",
     "第一节课早于本学段的 first_lesson（%02d:%02d）（不应更早）"},
    {"the table is too long (allowed: %d rows)", "表太长（最多 %d 行）"},
    {"'%.80s' has a full-width '%s' (allowed: '%c'; and before a weekday a blank behind "
     "it, - 2026-10-10: friday)",
     "“%.80s”里有全角的“%s”（应写“%c”；后面跟星期时还要空一格，如 - 2026-10-10: 周五）"},
    {"'%.80s' has no blank behind the colon (allowed: - 2026-10-10: friday)",
     "“%.80s”的冒号后面没有空格（应写 - 2026-10-10: 周五）"},
    {"'%.10s' does not exist, that month has %d days (allowed: 2026-10-01, or "
     "2026-10-01..2026-10-07)",
     "没有“%.10s”这一天，那个月只有 %d 天（可写：2026-10-01，或一段 "
     "2026-10-01..2026-10-07）"},
    {"'%.80s' is no date (did you mean %04d-%02d-%02d? A month and a day have two "
     "digits)",
     "“%.80s”不是日期（是不是 %04d-%02d-%02d？月和日各写两位，中间用“-”）"},
    {"'%.80s': %.10s is after %.10s (allowed: the earlier day first; is a year wrong?)",
     "“%.80s”：%.10s 比 %.10s 晚（先写早的一天；是不是年份写错了？）"},
    {"'%.80s' is no date (allowed: 2026-10-01, or 2026-10-01..2026-10-07)",
     "“%.80s”不是日期（可写：2026-10-01，或一段 2026-10-01..2026-10-07）"},
    {"'%.80s': %.10s is after %.10s (allowed: the earlier day first, %.10s..%.10s)",
     "“%.80s”：%.10s 比 %.10s 晚（先写早的一天：%.10s..%.10s）"},
    {"'%.80s' has something behind it (allowed: the date alone; only a day of make_up "
     "says a weekday)",
     "“%.80s”后面还写了别的（只写日期；只有 make_up 的日子后面写星期几）"},
    {"'%.80s' is no weekday (allowed: monday .. sunday, or 周一 .. 周日)",
     "“%.80s”不是星期几（可写：周一到周日，或 monday 到 sunday）"},
    {"%04d-%02d-%02d stands also at %s:%d:%d (allowed: a day in one list, once)",
     "%04d-%02d-%02d 这一天在 %s:%d:%d 也写了（一天只能写在一处，只写一次）"},
    {"'%.80s': %.10s is after %.10s (allowed: the earlier day first; is a year wrong, "
     "and %d meant for %d or %d for %d?)",
     "“%.80s”：%.10s 比 %.10s 晚（先写早的一天；是不是年份写错了，%d 写成了 %d，或 %d "
     "写成了 "
     "%d？）"},
    {"lasts %d days, and %04d-%02d-%02d among them stands also at %s:%d:%d (allowed: a "
     "day in one list, once; is the year right?)",
     "一共 %d 天，其中 %04d-%02d-%02d 在 %s:%d:%d "
     "也写了（一天只能写在一处，只写一次；是不是年份写错了？）"},
    {"takes %d days out of a term (wanted: the days off; is the month right?)",
     "占了学期里的 %d 天（只写放假的日子；是不是月份写错了？）"},
    {"%u weeks, and the %zu terms last %d days, each about %d weeks (wanted: those of a "
     "school year, of two terms)",
     "写的是 %u 周，而 %zu 个学期共 %d 天，每个约 %d 周（应写一学年、两个学期的周数）"},
    {"ends before it starts (allowed: end after start; only a last boarding_night ends "
     "on "
     "the next day)",
     "结束不晚于开始（结束要晚于开始；只有最后的 boarding_night 可以到第二天）"},
    {"starts before the phase above ends, at %02d:%02d (allowed: in the order of the "
     "day, "
     "without overlap)",
     "上面一段 %02d:%02d 才结束（按一天的先后写，不能重叠）"},
    {"no list stands here (allowed: a list of dates)", "这里要写一列日期"},
    {"no list stands here (allowed: a list in brackets, [01-01, 10-01])",
     "这里要写一列日期，放在方括号里：[01-01, 10-01]"},
    {"a subject of campus.yaml", "campus.yaml 的 subjects 里的科目"},
    {"%s is outside the terms, and there would be school (wanted: a day of a term)",
     "%s 不在学期内，照这样那天要上学（请核对日期，或补上学期）"},
    {"%s is a %s, which has school anyway (wanted: a Saturday or Sunday with school)",
     "%s 是%s，本来就上学（补课日应是周末；请核对日期）"},
    {"%s is a %s, which has school anyway; as it stands %s's timetable is taught then "
     "(wanted: a Saturday or Sunday with school; leave it where that is meant)",
     "%s 是%s，本来就上学；照这样，那天上%s的课（补课日应是周末，请核对日期；本来就要这样"
     "换课，就不用管）"},
    {"timetable.csv has no lesson on %s (wanted: a weekday that has, or columns of this "
     "one)",
     "timetable.csv 里%s没有课（请写有课的星期，或在课表里补上这几列）"},
    {"%s is a %s, and there would be school (wanted: days with school; a span stops "
     "before the weekend; or the day among make_up, too)",
     "%s 是%s，照这样那天要上学（考试写上学的日子，跨周末的分两段写；补课日考试，make_up "
     "里也要写这一天）"},
    {"is a term of %d days (wanted: its first and last day; is the year right?)",
     "这个学期有 %d 天（应写学期的第一天和最后一天，请核对年份）"},
    {"lasts %d days (wanted: the days alone; is the year right?)",
     "一共 %d 天（只写那几天；是不是年份写错了？）"},
    {"%s is outside the terms, and %s is not (wanted: days of a term; is the year "
     "right?)",
     "%s 不在学期内，%s 才在（是不是年份写错了？）"},
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
    {"是, 否; true, false", "是、否"},
    {"true, false", "是、否"},
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
    {"%04d-%02d-%02d is a day of examinations, its timetable rests (allowed: a day by "
     "the "
     "timetable)",
     "%04d-%02d-%02d 是考试日，课表停用（可写：按课表上课的日子）"},
    {"%04d-%02d-%02d is still to come: nobody knows who is present (allowed: "
     "%04d-%02d-%02d or before)",
     "%04d-%02d-%02d 还没到，不能登记到校人数（可写：%04d-%02d-%02d 或以前）"},
    {"'%.80s' is a date that the spreadsheet made of a class (allowed: id or title of a "
     "class; make the column a text column and write it anew)",
     "“%.80s”被电子表格改成了日期（可写：班级的编号或名称；请把这一列设为“文本”，再重新"
     "填写）"},
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
    {"'%s' is taught in then by class '%s' in lesson %u (wanted: one class in a room at "
     "a "
     "time, unless they are taught together)",
     "“%s”这时已有班级“%s”在上课，第 %u 节（一间教室同时只有一个班；合班上课可以不管）"},
    {"class '%s' has that in lesson %u anyway, nothing changes (wanted: another subject "
     "or place)",
     "班级“%s”第 %u 节本来就是这样，没有改动（请核对日期、节次、科目和教室）"},
    {"lessons %u and %u of class '%s' are the same subject, nothing changes (wanted: two "
     "that differ)",
     "第 %u 节和第 %u 节，班级“%s”上的是同一门课，没有改动（请核对日期和节次）"},
    {"nothing of it is known to be entered (wanted: what is to be taken back, with its "
     "day)",
     "之前没有登记过，没有可撤销的（请核对要撤销的内容和日期）"},
    {"there is no subject '%.80s' (allowed: id or title of a subject, - = nothing is "
     "taught)",
     "没有科目“%.80s”（可写：科目的编号或名称；不上课写 -）"},
    {"there is no place '%.80s' (allowed: id or title of a place)",
     "没有教室“%.80s”（可写：场所的编号或名称）"},
    {"this term is before the one above it (wanted: the earlier one first; is the year "
     "right?)",
     "这个学期比上面一个还早（按先后写；是不是年份写错了？）"},
    {"none of the %zu days and spans of the calendar is in a term, such as %s (wanted: "
     "terms of the same school year; is the year right?)",
     "校历里的 %zu 个日子没有一个在学期内，如 "
     "%s（学期要和它们是同一学年；是不是学期的年份没有改？）"},
    {"lesson %u lasts %d minutes, others %d (wanted: its bells)",
     "第 %u 节课有 %d 分钟，别的课是 %d 分钟（请核对上下课时间）"},
    {"'%.60s' is no time zone that is known here (allowed: a name of /usr/share/zoneinfo "
     "such as Asia/Shanghai, or +08:00)",
     "不认识时区“%.60s”（可写：Asia/Shanghai，或 +08:00）"},
    {"instead of the ordinary ones, by stage; a stage left out keeps those",
     "各学段的作息，代替平时的；没写的学段照平时"},
    {"%u present, and class '%s' has %u enrolled (wanted: a number that is right, here "
     "or "
     "in the class)",
     "到校 %u 人，班级“%s”在籍只有 %u 人（请核对；在籍人数变了就改班级表）"},
    {"no class of the grade of '%s' has '%.80s' in the timetable, others have (wanted: a "
     "subject of the grade)",
     "班级“%s”所在年级的课表里没有“%.80s”，别的年级才有（请核对班级和科目）"},
    {"'%s' stands here, and nothing is taught (wanted: a subject, or no place)",
     "这一节不上课，却写了教室“%s”（应写科目，或不写教室）"},
    {"nothing says what is taken back (allowed: a table with the column 登记)",
     "看不出要撤销什么（撤销要写在有“登记”一列的表格里）"},
    {"a year of four digits, such as 2026-11-23", "年份写四位，如 2026-11-23"},
    {"nothing says what is entered here (allowed: %s)", "没有填登记什么（可写：%s）"},
    {"lessons of '%.80s' have a room in the timetable, such as '%s', and this one none "
     "(wanted: its place; leave it where it is in the class's own room)",
     "课表里“%.80s”的课都写了教室，如“%"
     "s”，而这一节没有写（应写教室；就在本班教室上可以不管）"},
    {"the school is closed from %02d:%02d to %02d:%02d (wanted: a time of the school "
     "day; "
     "two in the afternoon is 14:00)",
     "%02d:%02d 到 %02d:%02d 已经放学（应写上学的时间；下午两点写 14:00）"},
    {"lessons %u and %u of class '%s' were exchanged already and are now as before "
     "(wanted: once; enter it again if they are to be exchanged)",
     "第 %u 节和第 %u "
     "节（班级“%s”）以前已经对调，现在又换回去了（只登记一次；如果要对调，"
     "请再登记一次）"},
    {"%u on leave and %u present of class '%s' (wanted: are the two exchanged?)",
     "请假 %u 人、到校 %u 人，班级“%s”（请核对，是不是写反了？）"},
    {"%u on leave and %u present are not half of class '%s', which has %u (wanted: is a "
     "digit missing?)",
     "请假 %u 人加到校 %u 人，不到班级“%s”在籍 %u "
     "人的一半（请核对，是不是少写了数字？）"},
    {"in %zu of %zu rows most of the class is on leave (wanted: are the headings of "
     "leave "
     "and attendance exchanged?)",
     "%zu 行（共 %zu 行）请假的比到校的多（请核对，“请假”和“到校”的表头是不是写反了？）"},
    {"this row alone is of another day, all others of %04d-%02d-%02d (wanted: is the day "
     "right?)",
     "只有这一行是另一天，别的行都是 %04d-%02d-%02d（请核对日期）"},
    {"'%.80s' has its room in it (allowed: the subject alone, and the room under place)",
     "“%.80s”里带了教室（只写科目，教室写在“教室”一项里）"},
    {"says what row %u says (allowed: each exemption once)",
     "和第 %u 行重复（同一次免户外只写一行）"},
    {"swap-lesson has several of with, subject, undo (allowed: one of them)",
     "登记“调课”的对调节次、科目、撤销只能写一样"},
    {"%s is a public holiday, and there would be school; so on %zu in all (wanted: them "
     "among the holidays)",
     "%s 是法定节假日，照这样那天要上学；这样的一共 %zu 天（应写在 holidays 里）"},
    {"'%.80s' is no day of the year (allowed: such as 10-01)",
     "“%.80s”不是月和日（可写：10-01 这样的日子）"},
    {"lesson %u lasts %d minutes, others %d, and the break behind it is as much off "
     "(wanted: its end; is %02d:%02d meant?)",
     "第 %u 节课有 %d 分钟，别的课是 %d "
     "分钟，后面的课间也差这么多（请核对下课时间，是不是 %02d:%02d？）"},
    {"lesson %u lasts %d minutes, others %d, and the break before it is as much off "
     "(wanted: its start; is %02d:%02d meant?)",
     "第 %u 节课有 %d 分钟，别的课是 %d "
     "分钟，前面的课间也差这么多（请核对上课时间，是不是 %02d:%02d？）"},
    {"nothing stands between %02d:%02d and %02d:%02d, for %d minutes (wanted: what is "
     "then; is a lesson or lunch missing, or a bell wrong?)",
     "%02d:%02d 到 %02d:%02d 之间什么也没写，空了 %d "
     "分钟（是不是少写了一节课、课间或午休，或时间写错了？）"},
    {"no after_school stands here, and service_end_from of the stage is %02d:%02d "
     "(wanted: phase: after_school; or a stage without service_end_from)",
     "这里没有 after_school，而本学段的 service_end_from 是 "
     "%02d:%02d（应写课后服务；没有课后服务就不写 service_end_from）"},
    {"'%s' is the whole year, the ordinary bells never ring (wanted: the first and last "
     "day of the season)",
     "“%s”是全年，平时的作息永远用不上（应写这段日子的第一天和最后一天）"},
    {"beside this recess the school is closed from %02d:%02d to %02d:%02d (wanted: bells "
     "that follow on one another)",
     "课间旁边的 %02d:%02d 到 %02d:%02d "
     "没有写，照这样算放学（请核对起止时间，应前后相接）"},
    {"between lunch and the lesson the school is closed from %02d:%02d to %02d:%02d "
     "(wanted: bells that follow on one another)",
     "午休旁边的 %02d:%02d 到 %02d:%02d "
     "没有写，照这样算放学（请核对午休和上下课时间，应前后相接）"},
    {"lesson %u lasts %d minutes, all others %d (wanted: its bells; is %02d:%02d meant? "
     "Leave it where it is)",
     "第 %u 节课有 %d 分钟，别的课都是 %d 分钟（请核对上下课时间，是不是 "
     "%02d:%02d？本来就这样可以不管）"},
    {"the night ends at %02d:%02d, and the first phase begins at %02d:%02d (wanted: not "
     "after it)",
     "boarding_night 到第二天 %02d:%02d 才结束，而第一段 %02d:%02d "
     "就开始了（不应更晚，请核对结束时间）"},
    {"service_end_from %02d:%02d of the stage is before the last lesson ends, at "
     "%02d:%02d (wanted: when after-school service may end)",
     "service_end_from 是 %02d:%02d，而最后一节课 %02d:%02d "
     "才下课（应写课后服务最早几点结束）"},
    {"the recess before lesson %u lasts %d minutes, others %d (wanted: its bells)",
     "第 %u 节课前的课间有 %d 分钟，别的课间是 %d 分钟（请核对上下课时间）"},
    {"the recess before lesson %u lasts %d minutes, others %d, and the day has no "
     "long_recess (wanted: phase: long_recess there, if it is the long one)",
     "第 %u 节课前的课间有 %d 分钟，别的课间是 %d "
     "分钟，而这一天没有大课间（如果是大课间，应写 phase: long_recess）"},
    {"%s from %02d:%02d to %02d:%02d is between lessons %u and %u (wanted: recess, "
     "long_recess or lunch)",
     "%s（%02d:%02d 到 %02d:%02d）在第 %u 节和第 %u 节课之间（应写课间 recess、大课间 "
     "long_recess 或午休 lunch）"},
    {"lunch from %02d:%02d to %02d:%02d, in the evening (wanted: what is then, such as "
     "evening_study; nothing for a meal)",
     "午休 lunch 写在晚上 %02d:%02d 到 %02d:%02d（应写那时是什么，如晚自习 "
     "evening_study；晚餐不用写）"},
    {"lunch from %02d:%02d to %02d:%02d, and there is one from %02d:%02d to %02d:%02d "
     "(wanted: one a day; recess or long_recess, if it is one)",
     "午休 lunch（%02d:%02d 到 %02d:%02d），而 %02d:%02d 到 %02d:%02d "
     "已有午休（一天只写一个；课间写 recess，大课间写 long_recess）"},
    {"a long_recess of %d minutes, and others are %d (wanted: longer than a recess)",
     "大课间 long_recess 只有 %d 分钟，而别的课间是 %d "
     "分钟（大课间应比课间长，请核对起止时间）"},
    {"a recess of %d minutes, and lessons are %d (wanted: its bells)",
     "这个课间有 %d 分钟，而一节课是 %d 分钟（请核对起止时间）"},
    {"first_lesson %02d:%02d of the stage is after lesson 2, which begins at %02d:%02d "
     "(wanted: when the first lesson may begin)",
     "first_lesson 是 %02d:%02d，而第 2 节课 %02d:%02d "
     "就开始了（应写第一节课最早几点开始）"},
    {"after-school service ends at %02d:%02d, before service_end_from of the stage, "
     "%02d:%02d (wanted: not earlier)",
     "课后服务 %02d:%02d 结束，早于本学段的 service_end_from %02d:%02d（不应更早）"},
    {"after-school service ends at %02d:%02d, after service_end_until of the stage, "
     "%02d:%02d (wanted: not later)",
     "课后服务 %02d:%02d 结束，晚于本学段的 service_end_until %02d:%02d（不应更晚）"},
    {"%s %02d:%02d is before that of %s, %02d:%02d (wanted: not before that of older "
     "pupils)",
     "%s 是 %02d:%02d，比更高的学段 %s 的 %02d:%02d 还早（年级低的不应更早）"},
    {"first_lesson %02d:%02d is after that of %s, %02d:%02d, and lessons begin before it "
     "(wanted: not after them)",
     "first_lesson 是 %02d:%02d，比更低的学段 %s 的 %02d:%02d "
     "还晚，而第一节课更早就开始了（不应比第一节课晚）"},
    {"%s %02d:%02d is after that of %s, %02d:%02d (wanted: not after that of older "
     "pupils)",
     "%s 是 %02d:%02d，比更高的学段 %s 的 %02d:%02d 还晚（年级低的不应更晚）"},
    {"limit %u is above that of %s, %u (wanted: what the policy allows in both; "
     "are they exchanged?)",
     "班额 %u，比更高的学段 %s 的 %u 还大（请核对两个学段的班额，是不是写反了？）"},
    {"limit %u is not half of that of %s, %u (wanted: what the policy allows; is a digit "
     "missing?)",
     "班额 %u，不到更低的学段 %s 的 %u 的一半（请核对班额，是不是少写了一位？）"},
    {"service_end_from %02d:%02d is after service_end_until, %02d:%02d (allowed: at most "
     "as late)",
     "service_end_from %02d:%02d 晚于 service_end_until %02d:%02d（不能更晚）"},
    {"these bells are those of %s (wanted: those of this season; a stage left out keeps "
     "its ordinary ones)",
     "这套作息和 %s "
     "完全一样（应写这个季节的；和平时一样的学段不用写；是不是复制后没有改？）"},
    {"from %02d-%02d over the new year to %02d-%02d (wanted: the first day first; is "
     "%02d-%02d..%02d-%02d meant?)",
     "这一段从 %02d-%02d 跨过新年到 %02d-%02d（先写开始的一天，是不是 "
     "%02d-%02d..%02d-%02d？）"},
    {"no day of the terms is in %02d-%02d..%02d-%02d, its bells never ring (wanted: days "
     "with school; is the month right?)",
     "%02d-%02d 到 %02d-%02d "
     "没有一天在学期内，这套作息用不上（应写上学的日子；是不是月份写错了？）"},
    {"'%s' is the season at %s:%d:%d already (allowed: an id of its own)",
     "“%s”已是 %s:%d:%d 那个季节的编号（每个季节用自己的编号）"},
    {"%s is a %s, and there is no school anyway (wanted: a day that would have school)",
     "%s 是%s，本来就不上学（放假应写本来上学的日子，请核对日期）"},
    {"%s is in the vacation, and there is no school anyway (wanted: a day of a term; is "
     "the month right?)",
     "%s 在假期里，本来就不上学（应写学期里的日子；是不是月份写错了？）"},
    {"is a term of %d days, and a school year has %u weeks (wanted: about half of them; "
     "is the month right?)",
     "这个学期有 %d 天，而一学年是 %u 周（一个学期应约是一半；是不是月份写错了？）"},
    {"enrolled %u, and the classes have %u pupils together (wanted: not fewer; without "
     "it those of the classes count)",
     "enrolled 是 %u，而各班合起来有 %u 人（不应更少；不写就按各班合计）"},
    {"'%.80s' is one word with a '%s' in it (wanted: a plain comma between two words)",
     "“%.80s”里有“%s”，算成了一个词（两个词之间应写半角逗号）"},
    {"kind %s, and it is taught in '%s', a %s (wanted: a subject and a place that fit; "
     "is "
     "the kind of one of them wrong?)",
     "kind 是 %s，却在“%s”（%s）上课（请核对科目的 kind，或这处场所的类型）"},
    {"enrolled %u, and the classes have %u pupils together: two digits are exchanged "
     "(wanted: the right number; without it those of the classes count)",
     "enrolled 是 %u，而各班合起来有 %u "
     "人，有两位数字写反了（请核对；不写就按各班合计）"},
    {"enrolled %u, and the classes have %u pupils together: a digit more (wanted: the "
     "right number; without it those of the classes count; leave it where it is meant)",
     "enrolled 是 %u，而各班合起来有 %u "
     "人，像是多写了一位数字（请核对；不写就按各班合计；本来就这样，就不用管）"},
    {"pressure %.0f hPa, and at altitude %.0f m it is about %.0f (wanted: that of the "
     "station, not of sea level)",
     "pressure 是 %.0f hPa，而海拔 %.0f 米处约是 %.0f（应写本地气压，不是海平面气压）"},
    {"of a school year, by the curriculum: a term that is weeks off the half of them is "
     "told; 0 = nobody says",
     "一学年的周数，按课程方案；一个学期和一半相差几周就提醒；0 = 不核对"},
    {"after-school service ends not before this: 17:30", "课后服务结束不早于：17:30"},
    {"after-school service ends not after this: 18:00", "课后服务结束不晚于：18:00"},
    {NULL, NULL},
};
