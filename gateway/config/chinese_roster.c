/* chinese_roster.c - what an office is told of columns of classes.csv and rooms.csv. */
#include "config/chinese.h"

#include <stddef.h>

const struct sentence chinese_roster[] = {
    {"%zu more cells are like those above: %s", "这样的还有 %zu 处：%s"},
    {"%zu classrooms have no %s, and others have one (wanted: it in every row; of merged "
     "cells only the first keeps its text)",
     "%zu 间教室没有填%s，别的都填了（应每行都填；合并的单元格要先取消合并）"},
    {"%zu classrooms have no capacity, and %zu have one (wanted: how many it may hold; "
     "leave it where that is not known)",
     "%zu 间教室没有填容量，另外 %zu 间都填了（应写核定人数；确实不知道，就不用管）"},
    {"%zu classes have no grade, and others have one (wanted: it in every row; of merged "
     "cells only the first keeps its text)",
     "%zu 个班没有填年级，别的都填了（应每行都填；合并的单元格要先取消合并）"},
    {"what belongs below '%s' stands below '%s', and the other way round (allowed: each "
     "below its heading)",
     "“%s”和“%s”两列写反了（各写在自己的表头下面）"},
    {"class '%s' has %u pupils, and half of the classes have %u or more (wanted: the "
     "number on the roster; leave it where it is so)",
     "班级“%s”只有 %u 人，一半的班有 %u "
     "人以上（是不是少写了一位？确实这么多，就不用管）"},
    {"class '%s' has a limit of %u, and all others of its stage %u (wanted: the same; "
     "leave it where it is so)",
     "班级“%s”的班额是 %u，同学段别的班都是 %u（应一样；确实这样，就不用管）"},
    {"class '%s' has %u adults, and all others %d at most (wanted: those usually in the "
     "room; leave it where it is so)",
     "班级“%s”的教师数是 %u，别的班最多 "
     "%d（应是平时在教室里的人数；确实这样，就不用管）"},
    {"'%s' is of grade %d and '%s' in row %u of grade %d, and by the terms of "
     "campus.yaml "
     "they are the other way round (wanted: each in the other's row)",
     "编号“%1$s”写在 %2$d 年级，“%3$s”（第 %4$u 行）写在 %5$d 年级，按 campus.yaml "
     "的学期正好相反（是不是两行的编号写反了？）"},
    {"'%s' is of grade %d, which by the terms of campus.yaml entered in %d, and '%d%s' "
     "is "
     "another row's (wanted: the right year and number)",
     "编号“%s”：按 campus.yaml 的学期，现在的 %d 年级是 %d "
     "年入学的，而“%d%s”已是另一行的编号（请核对年份和序号）"},
    {"no rule knows the tag '%s' (did you mean '%s'?)",
     "没有规则认识标签“%s”（是不是“%s”？）"},
    {"no rule knows the tag '%s' (wanted: 课后服务, 晚自习, 侧门, or letters and digits "
     "as a rule of the school asks for; no names of people)",
     "没有规则认识标签“%"
     "s”（可写：课后服务、晚自习、侧门，或本校规则用到的字母数字标签；不要写人名）"},
    {"room '%s' of class '%s' has no tag '%s', and those of all %zu others have (wanted: "
     "the tag; leave it where it is meant)",
     "班级“%2$s”的教室“%1$s”没有标签“%3$s”，别的 %4$zu "
     "个班的教室都有（是不是漏写了？本来就这样，就不用管）"},
    {"building '%s' and floor '%s' are the other way round in other rows (wanted: as "
     "there)",
     "楼栋“%s”和楼层“%s”好像写反了（别的行正好相反）"},
    {"room '%s' has the name of building '%s' and stands in '%s' (wanted: the same in "
     "both)",
     "教室“%s”的名称里是“%s”，楼栋却写“%s”（请核对楼栋和名称）"},
    {"room '%s' stands in building '%s', with which the names of %zu others begin "
     "(wanted: the same in both; leave it where it is meant)",
     "教室“%s”在楼栋“%s”，那里另有 %zu "
     "间的名称以楼名开头（请核对楼栋和名称；本来就这样，就不用管）"},
    {"'%s' is a kind of place, and the kind '%s' stands here (wanted: its kind; leave it "
     "where it is meant)",
     "“%s”本身是一种场所，类型却写“%s”（请核对类型；本来就这样，就不用管）"},
    {"building '%s' is '%s' in %zu other rows (wanted: one word for both)",
     "楼栋“%1$s”在另外 %3$zu 行里写的是“%2$s”（请写成一样的）"},
    {"'%s' is room %.*s by its id and room %.*s by its name (wanted: the same number)",
     "编号“%s”是 %.*s 室，名称却是 %.*s 室（请核对编号和名称）"},
    {"room '%s' is on floor %d by its number, and '%s' stands here (wanted: the floor of "
     "the number)",
     "教室“%s”按房号在 %d 层，楼层却写“%s”（请核对房号和楼层）"},
    {"'%s' is a building, and the floors of other rows are such as '%s' (wanted: a "
     "floor)",
     "“%s”是楼栋，别的行的楼层写的是“%s”这样（这里应写楼层）"},
    {"'%s' says no floor, and the floors of other rows are such as '%s' (wanted: a "
     "floor)",
     "楼层“%s”没有写是几层，别的行写的是“%s”这样（应写楼层）"},
    {"'%s' is '%s' as the other ids are written (wanted: letters and digits as there; "
     "leave it where it is meant)",
     "编号“%s”按别的编号的写法应是“%s”（字母 O、l 不是数字 "
     "0、1，大小写也算不同；本来就这样，就不用管）"},
    {"'%s' begins as the ids of building '%s', and stands in '%s', whose others begin "
     "with "
     "'%.*s' (wanted: the same; leave it where it is meant)",
     "编号“%s”和楼栋“%s”的编号一样开头，这一行的楼栋却是“%s”，那里别的编号以“%.*"
     "s”开头（请核对编号和楼栋；本来就这样，就不用管）"},
    {"floor '%s' is '%s' in %zu other rows (wanted: one word for both)",
     "楼层“%1$s”在另外 %3$zu 行里写的是“%2$s”（请写成一样的）"},
    {"place '%s' at %s:%d:%d is called '%s', too (wanted: a name for one only)",
     "场所“%s”（%s:%d:%d）也叫“%s”（一个名称只能用一次）"},
    {"class '%s' at %s:%d:%d is called '%s', too, and not at home here (wanted: a name "
     "for one only)",
     "班级“%s”（%s:%d:%d）也叫“%s”，教室却不是这一间（一个名称只能用一次）"},
    {0},
};
