/* chinese_plugins.c - what occupancy, eye_health and three_defense refuse or warn of. */
#include "config/chinese.h"

#include <stddef.h>

const struct sentence chinese_plugins[] = {
    {"did you mean '%s'?", "是“%s”吗？"},
    {"allowed: %s", "可写：%s"},
    {"allowed: none yet, there is no such one%s", "现在还没有可写的%s"},
    {"tag '%s' says nothing (did you mean '%s'?)", "标签“%s”没有用处（是“%s”吗？）"},
    /* occupancy */
    {"%02d:%02d is after service_until, %02d:%02d (allowed: at most as late)",
     "%02d:%02d 晚于 service_until 的 %02d:%02d（可写：不晚于它）"},
    {"'%s' is service_tag, too: no room would have a service (allowed: another tag)",
     "“%s”也是 service_tag，那样就没有教室算课后服务（可写：另一个标签）"},
    {"no place has the tag '%s': every counted classroom has the service (wanted: a tag "
     "of "
     "a place)",
     "没有场所有标签“%s”：那样每间有计数的教室都算课后服务（应写某个场所有的标签）"},
    {"%g%% is not below stayed_people, %g%% (allowed: less, or a class would be in a "
     "room "
     "and not in it)",
     "%g%% 不低于 stayed_people 的 %g%%（可写：更小的，不然一个班会既在又不在）"},
    {"'%s' has no other direction ('%s/%s%s' is needed)",
     "“%s”缺另一个方向（还要有“%s/%s%s”）"},
    {"'%s' is no line of a room (allowed: the name of a point people_in, such as "
     "b1-203/people_in)",
     "“%s”不是教室的计数线（可写：people_in 测点的名字，如 b1-203/people_in）"},
    {"'%s' is no place of kind %s (allowed: the id of one)",
     "“%s”不是 %s 类的场所（可写：这类场所的编号）"},
    {"'%s: %g' is no width (allowed: metres above 0)",
     "“%s: %g”不是宽度（可写：大于 0 的米数）"},
    /* eye_health */
    {"'%s' is yet to come: the record counts from then on",
     "“%s”还没到：记录从那天起才算数"},
    {"'%s' is more than %u months ago: the record counts no more (wanted: to measure "
     "anew, or another calibration_months)",
     "“%s”已过 %u 个月：记录不再算数（应重新测量，或改 calibration_months）"},
    {"'%s' is not a date (allowed: 2026-09-01)", "“%s”不是日期（可写：2026-09-01）"},
    {"'%s' is no point of desk_lux or board_lux of a place (%s)",
     "“%s”不是场所的 desk_lux 或 board_lux 测点（%s）"},
    {"'%s' stands there twice (one record a sensor, the newest)",
     "“%s”写了两次（一个传感器一条，留最新的）"},
    {"'%s' is no device of a place that measures co2 (%s)",
     "“%s”不是测二氧化碳的设备（%s）"},
    {"'%s' has no panel_power (%s)", "“%s”没有 panel_power 测点（%s）"},
    {"standby %g W is above on %g W (allowed: at most as much)",
     "standby %g W 高于 on %g W（可写：不高于它）"},
    {"%g W is above screen_on, %g W (allowed: at most as much)",
     "%g W 高于 screen_on 的 %g W（可写：不高于它）"},
    {"%g °C is above temperature_most, %g °C (allowed: at most as much)",
     "%g °C 高于 temperature_most 的 %g °C（可写：不高于它）"},
    {"%g lx is not below lit, %g lx (allowed: less, or no lamp is ever seen to come on)",
     "%g lx 不低于 lit 的 %g lx（可写：更小的，不然永远看不出灯开了）"},
    {"%02d:%02d is when the night begins and ends (allowed: two times; a night goes over "
     "midnight)",
     "%02d:%02d 既是夜晚的开始又是结束（可写：两个时刻；夜晚可以跨过零点）"},
    {"unknown phase '%s' (allowed: lesson, recess, long_recess, lunch, after_school, "
     "evening_study)",
     "没有“%s”这个时段（可写：lesson, recess, long_recess, lunch, after_school, "
     "evening_study）"},
    {"to compensate '%s' the air pressure must be known (allowed: a point of pressure; "
     "school: {altitude: 1650} in campus.yaml)",
     "要修正“%s”，得知道气压（可写：一个 pressure 测点；或在 campus.yaml 写 school: "
     "{altitude: 1650}）"},
    /* three_defense */
    {"there is no place '%s' (%s)", "没有场所“%s”（%s）"},
    {"nothing at '%s' tells of a guard (wanted: a point guard_present, presence or "
     "button "
     "there)",
     "“%s”没有能说明保安在岗的测点（应有 guard_present、presence 或 button）"},
    {"needs_key, and no button is at '%s' (wanted: a point button there)",
     "写了 needs_key，而“%s”没有按键（应有 button 测点）"},
    {"there is no phase '%s' (%s)", "没有“%s”这个时段（%s）"},
    {"phase '%s' stands under away, too (allowed: under one of them)",
     "“%s”也写在 away 里（两边只能写一处）"},
    {"'%s' is never disarmed and no zone of an area (panic, fire, gas, tamper and mains "
     "are watched at all times: GB 50394 5.2.3)",
     "“%s”从不撤防，不能作为防区（紧急报警、火警、燃气、防拆、市电一直有效：GB 50394 "
     "5.2.3）"},
    {"no device '%s' tells of a door, window, movement or perimeter (%s)",
     "没有设备“%s”报门、窗、移动或周界（%s）"},
    {"area '%s' has no zone '%s' (%s)", "区域“%s”里没有防区“%s”（%s）"},
    {"'%s' is a zone of area '%s', too (allowed: of one)",
     "“%s”已是区域“%s”的防区（一个防区只能属于一个区域）"},
    {"'%s' is a perimeter, which has no delay", "“%s”是周界，周界没有延时"},
    {"'%s/checkpoint' is fed by no device (%s)", "没有设备给“%s/checkpoint”（%s）"},
    {0},
};
