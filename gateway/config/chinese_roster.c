/* chinese_roster.c - what an office is told of columns of classes.csv. */
#include "config/chinese.h"

#include <stddef.h>

const struct sentence chinese_roster[] = {
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
    {0},
};
