#include "http/export_table.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "http/csv_line.h"

static void add_time(struct csv_line *row, int64_t time_us,
                     const struct http_sources *sources)
{
    char text[CLOCK_TEXT_MAX];
    clock_format(time_us, sources->offset_s, text);
    csv_line_text(row, time_us == GW_TIME_NONE ? NULL : text);
}

static void reading_row(struct strbuf *out, const struct query_row *from,
                        const struct http_sources *sources)
{
    struct csv_line row = {.out = out};
    const struct gw_reading *reading = from->reading;
    const struct point_entry *entry = point_table_find(sources->points, reading->point);
    add_time(&row, reading->time_us, sources);
    csv_line_text(&row, from->name);
    csv_line_number(&row, reading->quality == GW_BAD ? (double)NAN : reading->value);
    csv_line_text(&row, entry ? entry->metric->unit : NULL);
    csv_line_text(&row, gw_quality_name(reading->quality));
    csv_line_end(&row);
}

static void transition_row(struct strbuf *out, const struct query_row *from,
                           const struct http_sources *sources)
{
    struct csv_line row = {.out = out};
    const struct gw_transition *t = from->transition;
    add_time(&row, t->time_us, sources);
    csv_line_text(&row, t->rule);
    csv_line_text(&row, t->object);
    csv_line_text(&row, gw_severity_name(t->severity));
    csv_line_text(&row, gw_alarm_state_name(t->from));
    csv_line_text(&row, gw_alarm_state_name(t->to));
    csv_line_text(&row, t->cause);
    csv_line_text(&row, t->actor);
    csv_line_text(&row, t->comment);
    csv_line_number(&row, t->value);
    csv_line_text(&row, t->is_test ? "test" : NULL);
    csv_line_end(&row);
}

/* A row each value: facts of different kinds have different ones. */
static void fact_rows(struct strbuf *out, const struct query_row *from,
                      const struct http_sources *sources)
{
    const struct gw_fact *fact = from->fact;
    for (size_t i = 0; i < fact->count; i++) {
        struct csv_line row = {.out = out};
        add_time(&row, fact->time_us, sources);
        csv_line_text(&row, fact->kind);
        csv_line_text(&row, fact->rule);
        csv_line_text(&row, fact->object);
        add_time(&row, fact->start_us, sources);
        add_time(&row, fact->end_us, sources);
        csv_line_text(&row, fact->values[i].name);
        if (fact->values[i].text)
            csv_line_text(&row, fact->values[i].text);
        else
            csv_line_number(&row, fact->values[i].value);
        csv_line_number(&row, fact->completeness);
        csv_line_end(&row);
    }
}

static const struct export_table tables[] = {
    {"readings", QUERY_READINGS, ROLE_VIEWER, "time,point,value,unit,quality\r\n",
     "时间,测点,数值,单位,质量\r\n", reading_row},
    {"alarms", QUERY_TRANSITIONS, ROLE_VIEWER,
     "time,rule,object,severity,from,to,cause,by,comment,value,test\r\n",
     "时间,规则,对象,级别,原状态,新状态,原因,操作人,备注,数值,测试\r\n", transition_row},
    {"facts", QUERY_FACTS, ROLE_LEADER,
     "time,kind,rule,object,start,end,name,value,completeness\r\n",
     "时间,种类,规则,对象,开始,结束,名称,数值,完整度\r\n", fact_rows},
};

const char *const export_table_names[] = {"readings", "alarms", "facts", NULL};

const struct export_table *export_table_find(const char *name)
{
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
        if (strcmp(tables[i].name, name) == 0)
            return &tables[i];
    return NULL;
}
