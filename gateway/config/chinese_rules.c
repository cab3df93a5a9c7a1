/* What is said of rules and outputs. */
#include <stddef.h>

#include "config/chinese.h"

const struct sentence chinese_rules[] = {
    /* conditions */
    {"the condition is too long (allowed: %d words and signs)",
     "条件太长（最多 %d 个词和符号）"},
    {"the condition is too long (allowed: %d letters)", "条件太长（最多 %d 个字符）"},
    {"the condition is empty (allowed: lux < 300 and occ >= 5)",
     "条件是空的（可写：lux < 300 and occ >= 5）"},
    {"what is measured equals a number by luck only (allowed: < <= > >=, between 299.5 "
     "and 300.5, round(x) = 300)",
     "测量值很难正好等于一个数（可写：< <= > >=、between 299.5 and 300.5、round(x) = "
     "300）"},
    {"'%.*s' is not a number (allowed: 300, 0.8, 1.5e3)",
     "“%.*s”不是数（可写：300、0.8、1.5e3）"},
    {"a chain of comparisons compares a truth with a number (allowed: 16 < lux and lux < "
     "30, or parentheses)",
     "连着比较是拿真假和数比（可写：16 < lux and lux < 30，或加括号）"},
    {"'%s' is not allowed: %s", "不能用“%s”：%s"},
    {"a condition compares numbers, not text", "条件里只比较数，不比较文字"},
    {"a condition has no queries inside", "条件里不能有查询"},
    {"every value is a number already", "每个值本来就是数"},
    {"a comparison with NULL is never true (allowed: is null, is not null)",
     "和 NULL 比较永远不成立（可写：is null、is not null）"},
    {"'%s' is not known (did you mean '%s'?)", "没有“%s”（是“%s”吗？）"},
    {"'%s' is not known (allowed: the names of the rule's inputs and parameters, abs min "
     "max round coalesce ifnull)",
     "没有“%s”（可写：这条规则的输入和参数名，abs min max round coalesce ifnull）"},
    {"'%s' is not a function (allowed: abs min max round coalesce ifnull)",
     "“%s”不是函数（可写：abs min max round coalesce ifnull）"},
    {"a name of more than %zu letters", "名称超过 %zu 个字符"},
    {"parentheses are nested too deep (allowed: %d)", "括号套得太深（不超过 %d 层）"},
    {"')' without '('", "有“)”没有“(”"},
    {"'(' without ')'", "有“(”没有“)”"},
    {"min and max of one value are about the rows of a table in SQL (allowed: min(a, b); "
     "windows of inputs: {min: METRIC, over: 10min})",
     "只有一个值的 min、max 在 SQL 里是对整张表的（可写：min(a, b)；输入的时间窗写 {min: "
     "指标, over: 10min}）"},
    {"'%s' is not part of a condition (allowed: %s)", "条件里不能有“%s”（可写：%s）"},
    {"'%s' is full-width (allowed: '%c')", "用了全角“%s”（应写“%c”）"},
    {"'%s' is not part of a condition (allowed: numbers, names, < <= = <> >= > + - * / "
     "%% and or not)",
     "条件里不能有“%s”（可写：数、名称、< <= = <> >= > + - * / %% and or not）"},
    {"case of a value compares for equality in silence (allowed: case when x > 3 then … "
     "end)",
     "case 后面直接写值就是比较相等（可写：case when x > 3 then … end）"},
    {"'--' begins a comment in SQL (allowed: '- -' or parentheses)",
     "“--”在 SQL 里是注释（可写“- -”或加括号）"},
    {"comments are not part of a condition", "条件里不能有注释"},
    {"text in quotes: a condition compares numbers (allowed: the number of a state)",
     "引号里是文字，条件只比较数（可写状态对应的数）"},
    {"text in quotes: a condition compares numbers (allowed: names without quotes)",
     "引号里是文字，条件只比较数（名称不要加引号）"},
    {"text in brackets (allowed: names without brackets)", "名称不要加方括号"},
    {"a stray parameter (allowed: the names of inputs and parameters)",
     "多余的符号（可写：输入和参数的名称）"},
    {"'<<' works on bits (allowed: < <= = <> >= >)",
     "“<<”是位运算（可写：< <= = <> >= >）"},
    {"'>>' works on bits (allowed: < <= = <> >= >)",
     "“>>”是位运算（可写：< <= = <> >= >）"},
    {"%s (at '%.20s')", "%s（在“%.20s”处）"},
    /* parameters and inputs */
    {"%s: '%s' is not a number (did you mean %s: %g?)",
     "%s：“%s”不是数（是 %s: %g 吗？）"},
    {"%s: is not a number (allowed: %s: 300)", "%s 不是数（可写 %s: 300）"},
    {"'%s' is one too many, or a word of SQL (allowed: %d parameters)",
     "“%s”多了一个，或是 SQL 的词（最多 %d 个参数）"},
    {"'%s' is the name of an input already", "“%s”已是一个输入的名称"},
    {"parameter '%s' is never used in when or clear (did you mean '%s'?)",
     "when、clear 里都没有用到参数“%s”（是“%s”吗？）"},
    {"parameter '%s' is never used in when or clear (allowed: a name of '%s')",
     "when、clear 里都没有用到参数“%s”（可写：“%s”里的名称）"},
    {"input '%s' is never used in when or clear", "when、clear 里都没有用到输入“%s”"},
    {"unknown metric '%s' (%s%s%s)", "没有指标“%s”（%s%s%s）"},
    {"lets an alarm end by itself, which is latched by %s (wanted: true, unless the "
     "school knows why)",
     "报警会自己消失，而按 %s 应一直保持到有人处理（应写 true，除非学校清楚为什么）"},
    {"takes the output '%s' from an alarm of P1 (wanted: all of its outputs, unless the "
     "school knows why)",
     "P1 报警少了输出“%s”（应保留原有的全部输出，除非学校清楚为什么）"},
    {"lasts longer than the longest of its phases, %lld min: the rule never fires "
     "(wanted: less)",
     "比它最长的时段（%lld 分钟）还长：这条规则永远不会报（应更短）"},
    {"%g clears what %g raises (wanted: at most %g)",
     "到 %g 就解除，而到 %g 才报（应不高于 %g）"},
    {"%g clears what %g raises (wanted: at least %g)",
     "到 %g 就解除，而低到 %g 就报（应不低于 %g）"},
    {"order: no event is called '%s' (wanted: names of points, or places, that the rule "
     "hears)",
     "order：没有叫“%s”的事件（应写这条规则能收到的测点名或场所）"},
    {"no bells have any of these phases: the rule never watches (wanted: phases of bells "
     "in campus.yaml, or no during)",
     "作息里没有这些时段：这条规则永远不看（应写 campus.yaml 的 bells 里有的时段，或不写 "
     "during）"},
    {"%g makes the comparison with %s never true (wanted: %g or more, what may be read)",
     "%g 和 %s 比永远不成立（应不低于 %g，能读到的最小值）"},
    {"%g makes the comparison with %s never true (wanted: %g or less, what may be read)",
     "%g 和 %s 比永远不成立（应不高于 %g，能读到的最大值）"},
    {"%g makes the comparison with %s always true (wanted: %g or more, what may be read)",
     "%g 和 %s 比总是成立（应不低于 %g，能读到的最小值）"},
    {"%g makes the comparison with %s always true (wanted: %g or less, what may be read)",
     "%g 和 %s 比总是成立（应不高于 %g，能读到的最大值）"},
    {"%s is never above %g and below %g at a time (wanted: numbers with something "
     "between them)",
     "%s 不可能既高于 %g 又低于 %g（请核对这两个数）"},
    {"%s is always above %g or below %g (wanted: numbers with something between them)",
     "%s 总是高于 %g 或低于 %g（请核对这两个数）"},
    {"raises where %s is above %g, and clears where it is above %g (wanted: clear below "
     "what raises)",
     "%s 高于 %g 就报，高于 %g 又解除（解除应写在低的一边）"},
    {"raises where %s is below %g, and clears where it is below %g (wanted: clear above "
     "what raises)",
     "%s 低于 %g 就报，低于 %g 又解除（解除应写在高的一边）"},
    {"%g makes the comparison with %s never true (wanted: within %g .. %g, what may be "
     "read)",
     "%g 和 %s 比永远不成立（应在能读到的 %g 到 %g 之间）"},
    {"%g makes the comparison with %s always true (wanted: within %g .. %g, what may be "
     "read)",
     "%g 和 %s 比总是成立（应在能读到的 %g 到 %g 之间）"},
    {"did you mean '", "是“"},
    {"'?", "”吗？"},
    {"allowed: the names of the metrics", "可写：metrics.yaml 里的指标名"},
    {"unknown attribute '%s' (allowed: capacity, enrolled, limit, staff, nine_year, "
     "built_after_policy, exercise_target)",
     "没有属性“%s”（可写：capacity、enrolled、limit、staff、nine_year、built_after_"
     "policy、"
     "exercise_target）"},
    {"'above' needs share or duration", "above 要和 share 或 duration 一起写"},
    {"'over' is missing (allowed: a duration such as 10min, or phase)",
     "缺少 over（可写：如 10min 的时长，或 phase）"},
    {"one of metric, mean, median, min, max, last, count, delta, changes, share, "
     "duration, attribute or faulty says what the input is",
     "输入是什么没有写（写一个：metric、mean、median、min、max、last、count、delta、"
     "changes、share、duration、attribute、faulty）"},
    {"'over' and 'above' need mean, median, min, max, last, count, delta, changes, share "
     "or duration",
     "over、above 要和 mean、median、min、max、last、count、delta、changes、share 或 "
     "duration 一起写"},
    {"1 to %d inputs as NAME: METRIC or NAME: {…} are needed",
     "要有 1 到 %d 个输入，写成“名称: 指标”或“名称: {…}”"},
    {"not a name for an input (allowed: letters, digits and _, no word of SQL)",
     "不能作输入的名称（可写：字母、数字和 _，不能是 SQL 的词）"},
    /* events that are expected */
    {"stands for inputs, when, clear, for, clear_for, at and days (allowed: one of the "
     "two)",
     "代替 inputs、when、clear、for、clear_for、at 和 days（两样只能写一样）"},
    {"expects nothing (allowed: within, not_before, times or order)",
     "没有写等什么（可写：within、not_before、times 或 order）"},
    {"'not_before' leaves no time before 'within' ends",
     "not_before 之后、within 之前没有时间了"},
    {"'times' counts until 'by', not 'during'", "times 数到 by 为止，不和 during 一起写"},
    {"'%s' is not a time (allowed: 24:00, school_day 18:00, sunday 24:00, 1st 00:00)",
     "“%s”不是时刻（可写：24:00、school_day 18:00、sunday 24:00、1st 00:00）"},
    /* the rule as a whole */
    {"'id' is missing (allowed: an id such as EY-01)",
     "缺少 id（可写：如 EY-01 的编号）"},
    {"too many rules (allowed: %d)", "规则太多（不超过 %d 条）"},
    {"rule '%s' stands in %s:%d already (allowed: once in rules/ and once in rules.d/)",
     "规则“%s”在 %s:%d 已经写过（rules/ 里一次，rules.d/ 里一次）"},
    {"is not a list (allowed: - {id: …} items)", "不是列表（可写：- {id: …}，每条一项）"},
    {"no rule has this id (did you mean '%s'?); a rule of your own needs 'when'",
     "没有这个编号的规则（是“%s”吗？）；自己的规则要写 when"},
    {"says not what the rule is about (allowed: school, gateway, or one of {kind: …}, "
     "{tag: …}, {places: […]}, {devices: METRIC}, {classes: […]}, {buses: […]})",
     "没有写这条规则针对什么（可写：school、gateway，或一样：{kind: …}、{tag: "
     "…}、{places: "
     "[…]}、{devices: 指标}、{classes: […]}、{buses: […]}）"},
    {"unknown or repeated phase '%s' (allowed: %s)",
     "没有时段“%s”或写了两次（可写：%s）"},
    {"'%s' is not a time (allowed: 08:00, school_day 18:30, monday 06:00, 1st 06:00)",
     "“%s”不是时刻（可写：08:00、school_day 18:30、monday 06:00、1st 06:00）"},
    {"a rule that is judged once has no 'for', 'clear_for' or 'during' (allowed: windows "
     "of its inputs)",
     "一天只判断一次的规则没有 for、clear_for、during（可用输入的时间窗）"},
    {"'%s' is not so many days (allowed: 3 of 5, up to %d)",
     "“%s”不是天数（可写：3 of 5，最多 %d 天）"},
    {"needs 'days' (allowed: 3 of 5)", "要和 days 一起写（可写：3 of 5）"},
    {"needs an 'at' of each day (allowed: 18:30)", "要有每天的 at（可写：18:30）"},
    {"a day is over when when was not true in it (allowed: clear_days; clear together "
     "with at)",
     "当天 when 没有成立，这一天就算过了（可写 clear_days；clear 要和 at 一起写）"},
    {"'%s' is missing (allowed: %s; or expect)", "缺少“%s”（可写：%s；或 expect）"},
    /* severities */
    {"unknown or repeated phase '%s' (allowed: phases as in during, arrival, departure)",
     "没有时段“%s”或写了两次（可写：during 里的时段、arrival、departure）"},
    {"a step says when it is taken (allowed: P2: CONDITION, P2: {during: [recess]})",
     "每一级要写什么时候升（可写：P2: 条件，或 P2: {during: [recess]}）"},
    {"'%s' is no step (allowed: default, and more urgent ones)",
     "没有“%s”这一级（可写：default 和更紧急的级别）"},
    {"'default' is missing (allowed: {default: P3, P2: CONDITION})",
     "缺少 default（可写：{default: P3, P2: 条件}）"},
    /* outputs */
    {"unknown %s '%.80s' (allowed: a %s that is configured)",
     "没有%s“%.80s”（可写：已配置的%s）"},
    {"point", "测点"},
    {"severities: '%.80s' is none (allowed: P1, P2, P3, P4)",
     "severities：没有“%.80s”这一级（可写：P1、P2、P3、P4）"},
    {"%s: '%.80s' is so of no place of campus.yaml",
     "%s：“%.80s”没有对上 campus.yaml 里的任何场所"},
    {"one row too many (allowed: %d)", "行数太多（不超过 %d 行）"},
    /* plugins, modules, the county */
    {"unknown plugin '%s' (%s)", "没有插件“%s”（%s）"},
    {"none is built in", "没有内置插件"},
    {"a list of mappings is needed", "这里应是列表，每项是一组“键: 值”"},
    {"there is a driver '%s' already", "已经有驱动“%s”"},
    {"there is a plugin '%s' already", "已经有插件“%s”"},
    {"no list stands here (allowed: a list of {file: …, sha256: …})",
     "这里不是列表（可写：列表，每项是 {file: …, sha256: …}）"},
    {"%zu modules (allowed: at most %d)", "有 %zu 个模块（最多 %d 个）"},
    {"'%s' is no school code (10 digits: type 11 21 31 32 34 36 37 or 51, then 53, then "
     "six)",
     "“%s”不是学校代码（10 位数字：类别 11 21 31 32 34 36 37 或 51，然后 53，再六位）"},
    {"'%s' is not in province %s, as the school's code says (wanted: the division of the "
     "school; are digits exchanged?)",
     "“%s”不在省份 %s，而学校代码是这个省的（请核对区划代码，是不是数字写反了？）"},
    {"'%s' is no division code (six digits)", "“%s”不是行政区划代码（六位数字）"},
    {"is for mqtts, and goes unused with '%s' (allowed: mqtts://, or without '%s')",
     "只用于 mqtts，用“%s”时没有用（应写 mqtts://，或去掉 %s）"},
    {"'%s' is without encryption: whoever is on the way can read and change what leaves, "
     "the password too (wanted: mqtts://)",
     "“%s”没有加密：途中的人能看到、改动送出的内容，连口令也能看到（应写 mqtts://）"},
    {"missing (mqtts needs the county's own CA)", "缺少（mqtts 要有县里的 CA 证书）"},
    {"certificate and key belong together (give both or neither)",
     "certificate 和 key 要么都写，要么都不写"},
    {"missing (password_file needs a user)", "缺少（有 password_file 就要有 user）"},
    {"no base64 (allowed: an Ed25519 public key, 32 bytes as base64)",
     "不是 base64（可写：Ed25519 公钥，32 字节的 base64）"},
    {"%zu bytes (allowed: an Ed25519 public key, 32 bytes as base64)",
     "有 %zu 字节（可写：Ed25519 公钥，32 字节的 base64）"},
    {"no key that can sign (allowed: an Ed25519 public key, 32 bytes as base64)",
     "这个公钥不能用来签名（可写：Ed25519 公钥，32 字节的 base64）"},
    {"'%s' is no name of a key (allowed: letters, digits, . _ -)",
     "“%s”不能作公钥的名字（可用字母、数字、. _ -）"},
    {"the same key as '%s'", "和“%s”是同一个公钥"},
    {"no list of keys (allowed: at most %d of name: key)",
     "这里不是公钥表（可写：最多 %d 个，每个是“名字: 公钥”）"},
    {"the section is missing (see --print-options)", "缺少这一节（见 --print-options）"},
    {"P1 (the most urgent) to P4, INF (a fact and no alarm), or steps: {default: P3, P2: "
     "offline > 4, P1: {during: [recess]}}",
     "P1（最急）到 P4、INF（只记录不报警），或分级：{default: P3, P2: offline > 4, P1: "
     "{during: "
     "[recess]}}"},
    {0},
};
