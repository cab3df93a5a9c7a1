/* http_school.h - the rules and metrics of http_probe's made-up school. */
#ifndef HTTP_SCHOOL_H
#define HTTP_SCHOOL_H

#include "alarms/alarm.h"
#include "config/config.h"

static const struct alarm_rule rules[] = {
    {"TF-01",
     {"一键报警", "Panic button pressed"},
     {"立即赶到现场；同时拨打 110，并通知值班领导",
      "Go there at once; call the police (110) and the duty leader"},
     "GB/T 29315-2022; GB 50394-2007 5.2.3",
     GW_P1,
     true,
     ""},
    {"CS-04",
     {"场所超员", "Room over capacity"},
     {"疏散部分人员，保持出口畅通", "Let some people leave, keep the exits free"},
     "GB 50099-2011",
     GW_P2,
     false,
     ""},
    {"TF-04",
     {"校门长时间敞开", "Gate held open"},
     {"关闭校门或安排人员值守", "Close the gate or post a guard"},
     "云南省学校安全条例",
     GW_P3,
     false,
     ""},
    {"EY-01",
     {"课桌面照度不足", "Desk illuminance low"},
     {"开灯或拉开窗帘", "Switch the lights on or open the curtains"},
     "GB 7793-2010; GB/T 36876-2018",
     GW_P4,
     false,
     "lx"},
};

static const struct config_metric lux = {.name = "desk_lux",
                                         .unit = "lx",
                                         .title = {"课桌面照度", "Desk illuminance"},
                                         .kind = METRIC_GAUGE};

static const struct config_metric panic = {.name = "panic",
                                           .unit = "",
                                           .title = {"一键报警", "Panic button"},
                                           .kind = METRIC_STATE};

#endif
