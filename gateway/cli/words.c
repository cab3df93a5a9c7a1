#include "cli/words.h"

#include <stddef.h>
#include <string.h>

#include "base/language.h"

/* As the page has them (ui/words.js), where it has them. */
static const struct {
    const char *english;
    const char *chinese;
} words[] = {
    /* heads */
    {"ALARM", "报警"},
    {"ANSWERS", "应答"},
    {"BUS", "总线"},
    {"BY", "操作"},
    {"COMMAND", "命令"},
    {"COMMENT", "说明"},
    {"COMPLETE", "完整"},
    {"COUNTERS", "计数"},
    {"DEVICE", "设备"},
    {"DRIVER", "驱动"},
    {"EXCEPTIONS", "异常应答"},
    {"FACT", "事实"},
    {"FAILURES", "失败"},
    {"FAULT", "故障"},
    {"FIGURES", "数值"},
    {"FROM", "起始"},
    {"GARBLED", "乱码"},
    {"GROUP", "组"},
    {"HEALTH", "状况"},
    {"IS", "现为"},
    {"ITEM", "项目"},
    {"JUDGED", "判断次数"},
    {"MEASURED", "实测"},
    {"OBJECT", "对象"},
    {"OBJECTS", "对象数"},
    {"OUTPUT", "输出"},
    {"OVERWRITTEN", "被覆盖"},
    {"PLACE", "场所"},
    {"POINT", "测点"},
    {"POLLS", "轮询"},
    {"QUALITY", "质量"},
    {"RAISED", "触发"},
    {"REVISION", "修订"},
    {"ROLE", "角色"},
    {"RULE", "规则"},
    {"SAMPLES", "采样"},
    {"SEEN", "最近"},
    {"SEV", "级别"},
    {"SILENT", "无应答"},
    {"SINCE", "自"},
    {"STATE", "状态"},
    {"TAKEN", "已执行"},
    {"TARGET", "目标"},
    {"TIME", "时间"},
    {"TITLE", "名称"},
    {"UNIT", "单位"},
    {"VALUE", "数值"},
    {"WANTED", "应为"},
    {"WHAT IT DOES", "作用"},
    {"WHEN", "条件"},
    {"WHERE", "位置"},
    /* heads of what plugins answer, and inside: their keys */
    {"ACTIVE", "触发"},
    {"ARMED", "布防"},
    {"BY HAND", "人工"},
    {"BYPASSED", "旁路"},
    {"ENTRY DELAY", "进入延时"},
    {"EXIT DELAY", "退出延时"},
    {"EXIT LEFT S", "离开剩余秒"},
    {"ID", "编号"},
    {"INTRUSION", "入侵"},
    {"KIND", "种类"},
    {"LAST TESTED", "上次测试"},
    {"LEFT OUT", "不布防"},
    {"MODE", "状态"},
    {"PROVEN", "已验证"},
    {"REASON", "原因"},
    {"UNTIL", "到"},
    {"areas", "防区"},
    {"devices", "设备"},
    {"open", "进行中"},
    {"zones", "探测器"},
    /* states of an alarm */
    {"normal", "正常"},
    {"unacknowledged", "待确认"},
    {"acknowledged", "已确认"},
    {"returned", "已恢复，待确认"},
    {"latched", "已锁定，待确认"},
    {"latched-acknowledged", "已确认，待复位"},
    {"shelved", "已搁置"},
    {"suppressed", "已抑制"},
    {"out-of-service", "停用"},
    /* qualities, and why */
    {"good", "良好"},
    {"uncertain", "存疑"},
    {"bad", "失效"},
    {"unseen", "尚无数据"},
    {"stale", "过时"},
    {"range", "超出范围"},
    {"device", "设备故障"},
    {"offline", "离线"},
    {"rejected", "被设备拒绝"},
    {"retained", "代理保留的旧值"},
    {"calibration", "校准"},
    {"drift", "漂移"},
    {"input", "输入失效"},
    {"frozen", "数值不变"},
    {"at-least", "至少"},
    /* how a bus or device is */
    {"starting", "启动中"},
    {"online", "在线"},
    {"hung", "卡死"},
    {"never", "从未"},
    /* counters of a bus */
    {"messages", "消息"},
    {"malformed", "格式错误"},
    {"unknown", "未知"},
    {"duplicate", "重复"},
    {"timeout", "超时"},
    {"crc", "校验错"},
    {"exception", "异常应答"},
    {"reconnect", "重连"},
    {"oversize", "超长"},
    {"requests", "请求"},
    {"lost", "丢失"},
    /* modes, verdicts, switches */
    {"disarmed", "撤防"},
    {"stay", "留守布防"},
    {"away", "外出布防"},
    {"drill", "演练"},
    {"test", "测试"},
    {"yes", "是"},
    {"no", "否"},
    {"none", "无"},
    {"on", "开"},
    {"off", "关"},
};

const char *words_phrase(const char *english, const char *chinese)
{
    return language_is_chinese() ? chinese : english;
}

const char *words_tell(const char *english)
{
    if (!language_is_chinese())
        return english;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcmp(words[i].english, english) == 0)
            return words[i].chinese;
    return english;
}
