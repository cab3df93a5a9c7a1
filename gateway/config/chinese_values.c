/* What is said of files, keys and values before anybody knows what they mean. */
#include <stddef.h>

#include "config/chinese.h"

const struct sentence chinese_values[] = {
    /* files */
    {"cannot be opened: %s", "打不开：%s"},
    {"No such file or directory", "没有这个文件或目录"},
    {"Permission denied", "没有权限"},
    {"cannot be read: %s", "读不了：%s"},
    {"cannot be listed: %s", "列不出目录：%s"},
    {"is not an ordinary file", "不是普通文件"},
    {"is too large (allowed: 1 MiB)", "太大（不超过 1 MiB）"},
    {"%d files are too many (allowed: %d)", "%d 个文件太多（不超过 %d 个）"},
    {"out of memory", "内存不足"},
    /* YAML */
    {"what stands here is not UTF-8 (allowed: a file saved as UTF-8; editors offer it as "
     "the encoding, under Save as)",
     "这里不是 UTF-8 编码（文件应存为 UTF-8：在编辑器的“另存为”里选编码）"},
    {"a tab stands here (allowed: spaces; the editor can replace every tab by them)",
     "这里是制表符（应用空格；编辑器可以把制表符全部换成空格）"},
    {"duplicate key (it stands first at line %d)", "这个键写了两次（前一次在第 %d 行）"},
    {"%s%s%s (line %d has %s)", "%s%s%s（第 %d 行有%s）"},
    {"a full-width '：', YAML wants ': '", "全角的“：”，应写半角冒号再空一格“: ”"},
    {"a full-width '，', YAML wants ', '", "全角的“，”，应写半角逗号再空一格“, ”"},
    {"a full-width '；', YAML wants ','", "全角的“；”，应写半角逗号“,”"},
    {"a full-width blank, YAML wants a plain one", "全角空格，应写半角空格"},
    {"nothing stands here (allowed: stages, places, subjects, bells and calendar of the "
     "school, which the tables beside it need)",
     "这里什么也没写（应写 stages、places、subjects、bells、calendar，旁边的表格要用）"},
    {"a no-break space, YAML wants a plain one", "不间断空格，应写普通的半角空格"},
    {"this line has no '- ' at its beginning, and the lines beside it have one (allowed: "
     "'- ' before every item of a list)",
     "这一行开头少了“- ”，上下的行都有（列表的每一项前面都要写“- ”）"},
    {"a full-width '｛', YAML wants '{'", "全角的“｛”，应写“{”"},
    {"a full-width '｝', YAML wants '}'", "全角的“｝”，应写“}”"},
    {"a full-width '［', YAML wants '['", "全角的“［”，应写“[”"},
    {"a full-width '］', YAML wants ']'", "全角的“］”，应写“]”"},
    {"a '【', YAML wants '['", "“【”，应写“[”"},
    {"a '】', YAML wants ']'", "“】”，应写“]”"},
    {"a full-width '“', YAML wants '\"'", "中文引号“，应写英文引号 \""},
    {"a full-width '”', YAML wants '\"'", "中文引号”，应写英文引号 \""},
    {"mapping values are not allowed in this context", "这里不能有冒号"},
    {"did not find expected <document start>",
     "上面没有读成“键: 值”（冒号要半角，后面空一格）"},
    {"did not find expected key", "这里应是一个键"},
    {"could not find expected ':'", "键的后面缺冒号"},
    {"did not find expected '-' indicator", "这里应是列表的一项，以 - 开头"},
    {"did not find expected ',' or '}'", "缺逗号或“}”"},
    {"did not find expected ',' or ']'", "缺逗号或“]”"},
    {"did not find expected node content", "这里应有一个值"},
    {"found character that cannot start any token", "这个字符不能开头"},
    {"found unexpected end of stream", "文件在这里断了"},
    {"found unexpected ':'", "多了冒号"},
    {"block sequence entries are not allowed in this context",
     "这里不能有列表的一项（-）"},
    {"while parsing a block mapping", "（看看上面几行的缩进）"},
    {"while parsing a block collection", "（看看上面几行的缩进）"},
    {"while parsing a flow mapping", "（在一对 {} 里）"},
    {"while parsing a flow sequence", "（在一对 [] 里）"},
    {"while parsing a flow node", "（在一对括号里）"},
    {"while scanning a simple key", "（看看上一行）"},
    {"while scanning for the next token", ""},
    {"while scanning a quoted scalar", "（引号没有配对）"},
    {"while scanning a plain scalar", ""},
    {"aliases (*name) are not taken (allowed: write the value out)",
     "不支持别名（*名字）（应把值写出来）"},
    {"anchors (&name) are not taken (allowed: write the value out)",
     "不支持锚点（&名字）（应把值写出来）"},
    {"tags (!name) are not taken (allowed: the plain value)",
     "不支持标签（!名字）（应只写值）"},
    {"a NUL byte is not allowed in a text", "文字里不能有空字节"},
    {"a key must be a plain text", "键应是普通文字"},
    {"nested too deep (allowed: 32 levels)", "层次太深（不超过 32 层）"},
    {"too much (allowed: 200000 values)", "太多（不超过 200000 个值）"},
    {"a second document (allowed: one a file)", "这里开始了第二份（一个文件只写一份）"},
    /* keys */
    {"unknown key (it has %s)", "没有这个键（里面有%s）"},
    {"unknown key (is it behind a decimal comma? a number has a point: 0.1)",
     "没有这个键（是小数用了逗号吗？小数用点：0.1）"},
    {"unknown key (did you mean '%s'?)", "没有这个键（是“%s”吗？）"},
    {"unknown key (allowed: %s)", "没有这个键（可写：%s）"},
    {"'%s' is missing (allowed: %s)", "缺少“%s”（可写：%s）"},
    {"'%s' is missing (allowed: a duration such as 5s)",
     "缺少“%s”（可写：如 5s 的时长）"},
    {"%s stands here (allowed: a mapping)", "这里是%s（可写：一组“键: 值”）"},
    {"nothing", "空的"},
    {"a single value", "一个值"},
    {"a list", "列表"},
    {"a mapping", "一组“键: 值”"},
    {"no list stands here (allowed: a list of mappings)",
     "这里不是列表（可写：列表，每项是一组“键: 值”）"},
    {"no list stands here (allowed: a list of phases)",
     "这里不是列表（可写：时段的列表）"},
    {"no list stands here (allowed: a list of classes)",
     "这里不是列表（可写：班级的列表）"},
    {"no list stands here (allowed: a list of places)",
     "这里不是列表（可写：场所的列表）"},
    {"no list stands here (allowed: a list of seasons)",
     "这里不是列表（可写：季节的列表）"},
    {"no list stands here (allowed: a list of subjects)",
     "这里不是列表（可写：科目的列表）"},
    {"no mapping stands here (allowed: a mapping of names to kinds of places)",
     "这里应是一组“名称: 场所类型”"},
    {"no mapping stands here (allowed: a mapping of a device's keys)",
     "这里应是一台设备的一组“键: 值”"},
    {"a list stands here (allowed: a mapping of names to metrics)",
     "这里是列表（可写：一组“名称: 指标”）"},
    {"a mapping stands here (allowed: a list)", "这里是一组“键: 值”（可写：列表）"},
    /* values */
    {"'%.80s' %s (allowed: %s)", "“%.80s”%s（可写：%s）"},
    {"'%.80s' %s: it has a full-width '%s', '%c' is meant (allowed: %s)",
     "“%.80s”%s：里面有全角的“%s”，应是“%c”（可写：%s）"},
    {"%s stands here (allowed: %s)", "这里是%s（可写：%s）"},
    {"%zu stand here (allowed: %s)", "这里有 %zu 个（可写：%s）"},
    {"is out of range", "超出范围"},
    {"is neither true nor false", "既不是 true 也不是 false"},
    {"is not a whole number", "不是整数"},
    {"is not a number", "不是数"},
    {"is not a share: the % is needed", "不是百分比（缺 %）"},
    {"is empty", "是空的"},
    {"is too long", "太长"},
    {"is not an id", "不能作编号"},
    {"is not known", "没有这个词"},
    {"is not known, did you mean '%s'?", "没有这个词，是“%s”吗？"},
    {"has no unit", "没有单位"},
    {"is not a duration", "不是时长"},
    {"is not a time of day", "不是时刻"},
    {"is not a mapping", "不是一组“键: 值”"},
    {"true or false", "true 或 false"},
    {"a whole number", "整数"},
    {"a whole number from 0", "0 以上的整数"},
    {"a number", "数"},
    {"a share such as 80%", "百分比，如 80%"},
    {"a text", "文字"},
    {"an id of letters, digits, '.', '_' and '-', at most 63",
     "字母、数字、. _ - 组成的编号，最多 63 个"},
    {"a text, or {zh: …, en: …}", "文字，或 {zh: …, en: …}"},
    {"a duration such as 300ms, 5s, 10min, 2h, 3d", "时长，如 300ms、5s、10min、2h、3d"},
    {"a time of day such as \"08:20\"", "时刻，如 \"08:20\"，两位小时、两位分钟"},
    {"a list of texts", "文字的列表"},
    {"a list of numbers", "数的列表"},
    {"a mapping of names to numbers", "一组“名称: 数”"},
    {"a mapping or a list", "一组“键: 值”或列表"},
    {"a path", "路径"},
    {"the path of a file", "文件的路径"},
    {" of them", " 个"},
    {" of ", "，"},
    {" bytes", " 字节"},
    /* the sum at the end */
    {"%s: no errors, %zu warning%s\n", "%s：没有错误，%zu 条提醒%.0s\n"},
    {"%s: %zu error%s, %zu warning%s", "%s：%zu 处错误%.0s，%zu 条提醒%.0s"},
    {"%s: %zu device%s, a round %.3g s, %.0f %% of its time; with a device that does not "
     "answer at most %.3g s and %.0f %%\n",
     "%s：%zu 台设备%.0s，轮询一遍 %.3g 秒，占总线时间 %.0f %%；有一台不应答时最多 %.3g "
     "秒、%.0f %%\n"},
    {"school: %zu classes", "学校：%zu 个班"},
    {" (", "（"},
    {", ", "、"},
    {")", "）"},
    {"primary", "小学"},
    {"junior", "初中"},
    {"senior", "高中"},
    {", %zu with a room, %u pupils; %zu places\n",
     "，%zu 个有教室，学生 %u 人；场所 %zu 处\n"},
    {"timetable: %zu classes, %zu lessons a week\n", "课表：%zu 个班，每周 %zu 节\n"},
    {"note: no sensor in the room of ", "说明：这些班的教室没有传感器："},
    {" (what is counted or measured there is not judged)\n",
     "（那里的人数和环境不作判断）\n"},
    {"note: places without a class follow the bells of %s (school.stage of gateway.yaml; "
     "stage at a place, 学段 in rooms.csv)\n",
     "说明：没有班级的场所按%s的作息（gateway.yaml 的 school.stage；场所可写 "
     "stage，rooms.csv "
     "可加“学段”一列）\n"},
    {"%s:%d:%d: note: calendar.terms: the last term %s on %04d-%02d-%02d and nothing is "
     "planned after it (wanted: the next one)\n",
     "%1$s:%2$d:%3$d: 说明: calendar.terms: "
     "最后一个学期%4$s（%5$04d-%6$02d-%7$02d），之后"
     "没有安排（应写下一学期）\n"},
    {"ended", "已经结束"},
    {"ends", "将要结束"},
    /* what nobody defined */
    {"unknown %s '%.80s' (did you mean '%s'?)", "没有%s“%.80s”（是“%s”吗？）"},
    {"unknown %s '%.80s' (allowed: a %s that is defined)",
     "没有%s“%.80s”（可写：已定义的%s）"},
    {"bus", "总线"},
    {"class", "班级"},
    {"device", "设备"},
    {"template", "模板"},
    {"place", "场所"},
    {"driver", "驱动"},
    {"metric", "指标"},
    {"unknown place '%.80s' (did you mean '%s'?)", "没有场所“%.80s”（是“%s”吗？）"},
    {"unknown place '%.80s' (allowed: a place that is defined)",
     "没有场所“%.80s”（可写：已定义的场所）"},
    {"unknown class '%.80s' (did you mean '%s'?)", "没有班级“%.80s”（是“%s”吗？）"},
    {"unknown class '%.80s' (allowed: an id of classes)",
     "没有班级“%.80s”（可写：班级的编号）"},
    /* the school in campus.yaml */
    {"'%s' has no bells (allowed: a stage with bells in campus.yaml)",
     "“%s”没有作息表（可写：campus.yaml 里有作息表的学段）"},
    {"'%.80s' are no dates (allowed: 05-01..09-30)",
     "“%.80s”不是一段日期（可写：05-01..09-30）"},
    {"days of season '%s' are in it too (allowed: a day in one season)",
     "和季节“%s”有重叠的日子（一天只能属于一个季节）"},
    {"this term begins %d days after the one before it ends (wanted: terms that follow "
     "one another; is the year right?)",
     "这个学期在上一个学期结束 %d 天后才开始（应写前后相连的学期；是不是年份写错了？）"},
    {"%zu of the %zu days of make_up and exams are in no term, such as %s at %s:%d:%d "
     "(wanted: terms that have them; is one missing, or the first or last day of one "
     "wrong?)",
     "补课日、考试共有 %2$zu 处，其中 %1$zu 处不在学期内，如 %4$s:%5$d:%6$d 的 "
     "%3$s（是不是少写了一个学期，或学期的起止写错了？）"},
    {"limit %u, and all %zu classes have more enrolled (wanted: pupils that a class may "
     "have)",
     "班额 %u，而 %zu 个班都超过它（请核对这个学段的班额）"},
    {"limit %u, but %zu of %zu classes have more than twice as many enrolled, such as "
     "'%s' with %u (wanted: pupils that a class may have)",
     "班额 %1$u，而 %3$zu 个班里有 %2$zu 个班超过它的两倍，如“%4$s”有 %5$u "
     "人（请核对班额）"},
    {"ends at %02d:%02d, and the phase below begins at %02d:%02d (allowed: in the order "
     "of "
     "the day, without overlap)",
     "这一段 %02d:%02d 才结束，而下面一段 %02d:%02d "
     "就开始了（请核对这一段；按一天的先后写，不能重叠）"},
    {"a break of %d minutes, as long as a lesson, from %02d:%02d (wanted: phase: lesson, "
     "if "
     "it is one)",
     "休息 %d 分钟，和一节课一样长，从 %02d:%02d 起（如果是上课，应写 phase: lesson）"},
    {"lesson %u begins when the one before it ends (wanted: a recess between them; leave "
     "it "
     "where they are taught as one)",
     "第 %u 节课紧接着上一节，中间没有课间（应留出课间；本来就连着上，就不用管）"},
    {"a phase ends at %02d:%02d, after lights_out of the stage, %02d:%02d (wanted: "
     "before "
     "the lights go out)",
     "有一段 %02d:%02d 才结束，晚于这个学段的熄灯时间 lights_out %02d:%02d（请核对）"},
    {"'%.80s' is one day (wanted: the first and last day of the season)",
     "“%.80s”只有一天（应写这段日子的第一天和最后一天）"},
    {"the stage has no bells for the rest of the year (allowed: also bells.%s)",
     "这个学段在一年的其余日子没有作息表（可再写 bells.%s）"},
    {"'%s' names also the subject '%s' (allowed: a word for one only)",
     "“%s”也是科目“%s”的名称（一个词只能给一个科目）"},
    {"%zu subjects are too many (allowed: %d)", "%zu 个科目太多（不超过 %d 个）"},
    /* devices and points */
    {"one bus too many (allowed: %d)", "总线太多（不超过 %d 条）"},
    {"%zu devices with %zu points are too many (allowed: %d and %d)",
     "%zu 台设备、%zu 个测点太多（不超过 %d 台、%d 个）"},
    {"template '%s' is for %s, but bus '%s' is %s (allowed: a template of the bus's "
     "driver)",
     "模板“%s”是 %s 的，总线“%s”却是 %s（应用这条总线驱动的模板）"},
    {"'%.80s' names no place (allowed: globs over campus.yaml's places, such as 'b1-*')",
     "“%.80s”没有对上任何场所（可写：campus.yaml 里场所的通配，如 'b1-*'）"},
    {"'place' is missing (allowed: place, or places with globs)",
     "缺少 place（可写：place，或带通配的 places）"},
    {"both 'place' and 'places' stand here (allowed: one of them)",
     "place 和 places 都写了（只能写一个）"},
    {"'period' is missing: %s asks its devices (allowed: a duration such as 5s)",
     "缺少 period：%s 要轮询设备（可写：时长，如 5s）"},
    {"'period' has no meaning: %s waits for what its devices tell (allowed: supervision)",
     "period 没有意义：%s 等设备自己上报（可写：supervision）"},
    {"'priority' has no meaning: %s waits for what its devices tell (allowed: a bus of "
     "its own)",
     "priority 没有意义：%s 等设备自己上报（可单独给它一条总线）"},
    {"needs a 'name': '%s' at %s:%d:%d is of the same metric in the same place (allowed: "
     "one without a name, or all with one: 'point_name' at the device, 'name' at a "
     "point)",
     "要有 name：“%s”（见 "
     "%s:%d:%d）在同一场所、是同一指标（只能有一个不写名；或者都写：设备"
     "上写 point_name，测点上写 name）"},
    {"stands twice in this list, first at line %d (allowed: once; two of a metric need a "
     "'name')",
     "在这个列表里写了两次，前一次在第 %d 行（只写一次；同一指标有两个时要写 name）"},
    {"'points' is no list (allowed: a list of mappings)",
     "points 不是列表（可写：列表，每项是一组“键: 值”）"},
    {"has no points (allowed: a template with points, or points: […])",
     "没有测点（应用有测点的模板，或写 points: […]）"},
    {"'writable: true' stands at a point that %s only reads (allowed: at an output)",
     "writable: true 写在 %s 只能读的测点上（只能写在输出上）"},
    {"'%s' is too long (allowed: %d letters)", "“%s”太长（不超过 %d 个字符）"},
    {"point '%s' is fed by '%s' already, at %s:%d:%d (allowed: one source a point; "
     "'point_name: …' at a device tells its points from those of another)",
     "测点“%s”已由“%s”提供（见 %s:%d:%d）（一个测点只能有一个来源；在设备上写 "
     "point_name 可以把两台的测点分开）"},
    {"port '%s' is that of bus '%s' at %s:%d:%d, '%s' (allowed: one bus a port, with all "
     "devices of its line)",
     "串口“%s”已是总线“%s”的（见 "
     "%s:%d:%d，“%s”）（一个串口一条总线，线上的设备都写在它下面）"},
    {"'%s' is already the name of another template (allowed: one name once)",
     "“%s”已是另一个模板的名称（一个名称只用一次）"},
    {"its devices' periods ask for %.0f %% of its time: a round takes %.3g s, most of it "
     "'%s' with %.0f %% (wanted: periods %.2f times as long, for '%s' %.3g s; a higher "
     "rate or a second line)",
     "设备的轮询周期合起来要占这条总线 %.0f %% 的时间：一轮要 %.3g 秒，其中“%s”占 %.0f "
     "%%（周期应放长到 %.2f 倍，“%s”为 %.3g 秒；或提高波特率、再加一条线）"},
    {"its devices' periods ask for %.0f %% of its time and hold only while every device "
     "answers: one that does not takes up to %.0f %% (wanted: periods %.2f times as "
     "long, for '%s' %.3g s)",
     "设备的轮询周期合起来要占这条总线 %.0f %% "
     "的时间，只有每台都应答才来得及：一台不应答最多再占 %.0f %%（周期应放长到 %.2f "
     "倍，“%s”为 %.3g 秒）"},
    /* metrics */
    {"'%.80s' is not a metric's name (allowed: a-z, 0-9 and '_', a letter first, at most "
     "63)",
     "“%.80s”不能作指标名（可写：a-z、0-9 和 _，字母开头，最多 63 个）"},
    {"min %g is above max %g (allowed: min <= max)",
     "min %g 大于 max %g（min 应不大于 max）"},
    {"'states' is missing (allowed: a mapping of names to numbers)",
     "缺少 states（可写：一组“名称: 数”）"},
    {"a %s has no 'states' (allowed: for state and event)",
     "%s 没有 states（只有 state 和 event 才写）"},
    {0},
};
