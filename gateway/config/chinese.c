#include "config/chinese.h"

#include <stddef.h>
#include <string.h>

/* What the check warns of, and --test-rule says. */
static const struct sentence checks[] = {
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
    {"'%s' is that of bus '%s' at %s:%d:%d, too, and %s throws out the older of two "
     "(allowed: an id for one bus only, or none)",
     "“%1$s”已是总线“%2$s”的（见 %3$s:%4$d:%5$d），而 %6$s "
     "会把先连上的踢掉（一个编号只能给一条总线，也可以不写）"},
    {"max_on ends nothing here: no point of the device is switched (wanted: writable: "
     "true at one, or no max_on)",
     "max_on 在这里没有用：这台设备没有可控的测点（应在某个测点写 writable: true，或不写 "
     "max_on）"},
    {"its port is no serial device (wanted: one such as /dev/ttyUSB0, or of "
     "/dev/serial/by-id)",
     "它的 port 不是串口设备（应写 /dev/ttyUSB0 之类，或 /dev/serial/by-id 里的）"},
    {"'%s' names no point (wanted: a glob over names such as b1-203/co2, as campusctl "
     "points shows them)",
     "“%s”没有对上任何测点（应写测点名的通配，如 b1-203/co2，campusctl points 会列出）"},
    {"is not read (wanted: the name %s)", "不会读这个文件（文件名应是 %s）"},
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
    {"a chip's number is another one with the next kernel (wanted: its label, which "
     "gpiodetect shows in brackets, such as pinctrl-bcm2711)",
     "芯片的编号换了内核会变（应写 gpiodetect 方括号里的标签，如 pinctrl-bcm2711）"},
    {"no GPIO chip of this machine has this label (wanted: one that gpiodetect shows in "
     "brackets)",
     "这台机器上没有这个标签的 GPIO 芯片（应写 gpiodetect 方括号里的标签）"},
    {"its chip has no line of this name (wanted: one that gpioinfo shows)",
     "芯片上没有这个名字的线（应写 gpioinfo 显示的名字）"},
    {"tells its state every %s, and would be missed in between (wanted: a longer "
     "supervision, such as 1min)",
     "每 %s 才报一次状态，中间会被当作断线（supervision 应更长，如 1min）"},
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
    {"there is no folder '%s' (allowed: one that is there before the gateway starts)",
     "没有目录“%s”（网关启动之前就要有）"},
    {"'%s' is a folder (allowed: the path of a socket, such as %s/api.sock)",
     "“%s”是目录（应写套接字的路径，如 %s/api.sock）"},
    {"'%s' is there and is no socket (allowed: a path of its own, where the gateway "
     "makes it)",
     "“%s”已经有了，又不是套接字（应写网关自己的路径，由网关建立）"},
    {"'%s' is listened on already (allowed: each address once)",
     "“%s”写了两次（一个地址只写一次）"},
    {"'%s' is the name of a file that the gateway keeps beside a database (allowed: a "
     "name that does not end in %s)",
     "“%s”是网关在数据库旁边自用的文件名（不要以 %s 结尾）"},
    {"'%s' is kept beside the database of store.path (allowed: a file of its own)",
     "“%s”是 store.path 的数据库旁边自用的文件（应各用各的文件）"},
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
    {"is never judged: 'each' names nothing that this school has (wanted: a kind, tag, "
     "place, class, device or bus that is there, or enabled: false)",
     "从不判断：each "
     "没有对上本校的任何对象（应写学校里有的场所类型、标签、场所、班级、设备或总"
     "线，或写 enabled: false）"},
    {"is never judged: no object has all of its inputs (allowed: feed their points, give "
     "'absent', or enabled: false)",
     "从不判断：没有一个对象的输入是齐的（请接上这些测点，写 absent，或 enabled: "
     "false）"},
    {"never judged, as no object has all of their inputs (allowed: feed their points, "
     "give 'absent', or enabled: false): %s",
     "以下规则从不判断，因为没有一个对象的输入是齐的（请接上这些测点，写 absent，或 "
     "enabled: false）：%s"},
    {"%zu rules of the pack are never judged, as no object has all of their inputs (fine "
     "until there are such devices: nothing is to be done; campusctl rules shows each)",
     "自带的规则里有 %zu "
     "条暂时不判断，因为还没有接相应的传感器和设备（不用管，接上后自动判断；campusctl "
     "rules 可逐条查看）"},
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
    {"raised before:%s", "此前已报：%s"},
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

const struct sentence *const chinese_parts[] = {
    chinese_school,  chinese_days,  chinese_roster,
    chinese_values,  chinese_rules, chinese_plugins,
    chinese_mapping, checks,        NULL};

const char *chinese_format(const char *english)
{
    for (const struct sentence *const *part = chinese_parts; *part; part++)
        for (const struct sentence *s = *part; s->english; s++)
            if (strcmp(s->english, english) == 0)
                return s->chinese;
    return english;
}
