/* chinese_mapping.c - what an engineer is told of a mapping to a platform of another
 * kind.
 */
#include "config/chinese.h"

#include <stddef.h>

const struct sentence chinese_mapping[] = {
    {"'%.80s' cannot be read (allowed: the name of a file in mappings.d/ or mappings/, "
     "without .yaml)",
     "读不到“%.80s”（可写：mappings.d/ 或 mappings/ 里文件的名字，不带 .yaml）"},
    {"is for a mapping, and goes unused without county.mapping",
     "只用于映射，没有 county.mapping 时没有用"},
    {"has no answer, so nothing would end a row (allowed: acknowledge: broker, or a "
     "mapping with an answer)",
     "这个映射没有 answer，上报的行永远不会结束（可写：acknowledge: broker，或用带 "
     "answer "
     "的映射）"},
    {"keeps others, which its answers cannot name (allowed: acknowledge: broker, or a "
     "mapping with others: drop)",
     "这个映射写了 others: keep，而平台的应答认不出这些行（可写：acknowledge: "
     "broker，或用 others: drop 的映射）"},
    {"is for the county's own topics, and goes unused with a mapping",
     "只用于县里自己的主题，有映射时没有用"},
    {"carries the county's contract, and a mapping is for a broker (allowed: one of "
     "them)",
     "按约定的格式上报，而映射只用于代理（两样只能写一样）"},
    {"has no alarm: none reaches the county (wanted: kinds.alarm)",
     "里面没有 alarm：报警一条也到不了县里（应写 kinds.alarm）"},
    {"makes rows for which the mapping has no place (wanted: kinds.telemetry in it, or "
     "no "
     "telemetry)",
     "这些逐条读数在映射里没有位置（应在映射里写 kinds.telemetry，或去掉 telemetry）"},
    {"the mapping has no name '%s'", "映射里没有名字“%s”"},
    {"there is no single field '%.80s' (did you mean '%s'?)",
     "没有可取的字段“%.80s”（是不是“%s”？）"},
    {"there is no single field '%.80s' (allowed: %s)",
     "没有可取的字段“%.80s”（可写：%s）"},
    {"there is no single field '%.80s' (allowed: division, school, gateway, title, what "
     "stands under names%s%s)",
     "没有可取的字段“%.80s”（可写：division、school、gateway、title、names "
     "里的名字%s%s）"},
    {"'%.40s' is no form of this field (allowed: %s)",
     "“%.40s”不是这个字段的写法（可写：%s）"},
    {"'%c' has no other one (allowed: {field}, and {{ or }} for a brace)",
     "“%c”没有配对（可写：{字段}；要写括号本身就写 {{ 或 }}）"},
    {"'%.40s…' is no field", "“%.40s…”不是字段"},
    {"more than %d parts in one text", "一处文字里多于 %d 段"},
    {"the bodies of this file are too large", "这个文件里的正文太大"},
    {"no map stands here (allowed: {value: what it becomes, …})",
     "这里不是对照表（可写：{值: 换成什么, …}）"},
    {"no text stands here (allowed: one such as \"{data.severity}\")",
     "这里不是文字（可写：如 \"{data.severity}\"）"},
    {"'%.80s' is never its value (allowed: %s)", "它的值不会是“%.80s”（可写：%s）"},
    {"what $each makes is missing (allowed: $item for a list; $key and $value for "
     "entries "
     "of this mapping)",
     "没有写 $each 要做成什么（做成列表写 $item；做成本层的键值写 $key 和 $value）"},
    {"stands within another one (allowed: one)", "套在另一个 $each 里（只能有一层）"},
    {"this field has no items (allowed: a list, or a mapping whose names are free)",
     "这个字段不能逐项取（可写：列表，或名字不固定的键值表）"},
    {"does not belong here (allowed: $value with $map and $else; $each with $item; "
     "fields, with $each, $key and $value beside them; $needs with any)",
     "不能写在这里（可写：$value 配 $map、$else；$each 配 $item；字段旁边配 "
     "$each、$key、$value；$needs 都可配）"},
    {"some messages lack a field of it, and would have no topic (allowed: fields that "
     "every %s has)",
     "有的消息没有其中的字段，就没有主题了（可写：每条 %s 都有的字段）"},
    {"is no topic (allowed: no + and #, at most %d bytes)",
     "不是主题（不能有 + 和 #，最多 %d 字节）"},
    {"'%.80s' is no filter of topics (allowed: at most %d bytes, + and # as a whole "
     "level)",
     "“%.80s”不是主题过滤器（最多 %d 字节，+ 和 # 要独占一级）"},
    {"takes no {%s}, so no answer could name it (allowed: one that does)",
     "里面没有 {%s}，平台的应答就认不出它（应写上）"},
    {"the county's contract has no kind '%.80s' (allowed: %s)",
     "县级约定里没有“%.80s”这一类（可写：%s）"},
    {"no mapping stands here (allowed: kind: its template)",
     "这里不是键值表（可写：类别: 它的模板）"},
    {"no mapping stands here (allowed: {name: text, …})",
     "这里不是键值表（可写：{名字: 文字, …}）"},
    {"too many templates (allowed: %d)", "模板太多（最多 %d 个）"},
    {"no condition stands here (allowed: {field: value}, {field: [value, …]})",
     "这里不是条件（可写：{字段: 值}、{字段: [值, …]}）"},
    {"%zu values stand here (allowed: 1 to %d)", "这里有 %zu 个值（可写 1 到 %d 个）"},
    {"no single value stands here (allowed: a value, or a list of them)",
     "这里不是单个值（可写：一个值，或值的列表）"},
    {0},
};
