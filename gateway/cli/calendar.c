/* calendar.c - a day as the gateway sees it, and entries about one. */
#include "cli/calendar.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/language.h"
#include "cli/client.h"
#include "cli/fields.h"
#include "cli/show.h"
#include "cli/show_field.h"
#include "cli/table.h"

enum { TABLE_MAX = 64 * 1024, TARGET_MAX = 768 };

/* words - the API's names as people say them; English keeps the names. */
static const struct {
    const char *name;
    const char *chinese;
} words[] = {
    {"school", "上学"},
    {"weekend", "周末"},
    {"holiday", "放假"},
    {"make_up", "调休上学"},
    {"exam", "考试"},
    {"closed", "闭校"},
    {"lesson", "上课"},
    {"recess", "课间"},
    {"long_recess", "大课间"},
    {"lunch", "午间"},
    {"after_school", "课后服务"},
    {"evening_study", "晚自习"},
    {"boarding_night", "就寝"},
    {"primary", "小学"},
    {"junior", "初中"},
    {"senior", "高中"},
    {"rain", "下雨"},
    {"pollution", "污染"},
};

static const char *said(const char *name)
{
    for (size_t i = 0; language_is_chinese() && i < sizeof(words) / sizeof(words[0]); i++)
        if (strcmp(words[i].name, name) == 0)
            return words[i].chinese;
    return name;
}

/* either - a word, or a format of the same arguments, in the language of the terminal. */
static const char *either(const char *english, const char *chinese)
    __attribute__((format_arg(1), format_arg(2)));

static const char *either(const char *english, const char *chinese)
{
    return language_is_chinese() ? chinese : english;
}

static void show_phases(const json_t *phases, FILE *out)
{
    size_t i = 0;
    const json_t *row = NULL;
    json_array_foreach(phases, i, row)
    {
        const json_t *lesson = json_object_get(row, "lesson");
        (void)fprintf(out, "  %s-%s  %s", field_text(row, "start"),
                      field_text(row, "end"), said(field_text(row, "phase")));
        if (lesson)
            (void)fprintf(out, " %d", (int)json_integer_value(lesson));
        (void)fputc('\n', out);
    }
}

/* lesson_text - "语文", "音乐@music-room", with a star where the day changed it. */
static void lesson_text(struct table *t, const json_t *lesson)
{
    const char *place = json_string_value(json_object_get(lesson, "place"));
    const json_t *title = json_object_get(lesson, "title");
    (void)table_format(t, "%s%s%s%s", json_is_object(title) ? show_title(title) : "?",
                       place ? "@" : "", place ? place : "",
                       json_is_true(json_object_get(lesson, "changed")) ? " *" : "");
}

static void number_cell(struct table *t, const json_t *row, const char *key)
{
    const json_t *value = json_object_get(row, key);
    if (json_is_number(value))
        (void)table_format(t, "%.0f", json_number_value(value));
    else
        (void)table_cell(t, "-");
}

static void class_rows(struct table *t, const json_t *class)
{
    const json_t *lessons = json_object_get(class, "lessons");
    for (size_t i = 0; i == 0 || i < json_array_size(lessons); i++) {
        const json_t *lesson = json_array_get(lessons, i);
        (void)table_cell(t, i == 0 ? show_title(json_object_get(class, "title")) : "");
        if (i == 0) {
            number_cell(t, class, "leave");
            number_cell(t, class, "entered");
        } else {
            (void)table_cell(t, "");
            (void)table_cell(t, "");
        }
        if (!lesson) {
            (void)table_cell(t, "-");
            (void)table_cell(t, either("no lessons", "没有课"));
            continue;
        }
        (void)table_format(t, "%d %s-%s",
                           (int)json_integer_value(json_object_get(lesson, "lesson")),
                           field_text(lesson, "start"), field_text(lesson, "end"));
        lesson_text(t, lesson);
    }
}

static void show_head(const json_t *day, FILE *out)
{
    static const struct {
        const char *english;
        const char *chinese;
    } weekdays[] = {{"", ""},        {"Mon", "周一"}, {"Tue", "周二"}, {"Wed", "周三"},
                    {"Thu", "周四"}, {"Fri", "周五"}, {"Sat", "周六"}, {"Sun", "周日"}};
    json_int_t weekday = json_integer_value(json_object_get(day, "weekday"));
    const json_t *week = json_object_get(day, "week");
    const char *season = json_string_value(json_object_get(day, "season"));
    size_t at = weekday >= 1 && weekday <= 7 ? (size_t)weekday : 0;
    (void)fprintf(out, "%s %s  %s", field_text(day, "day"),
                  either(weekdays[at].english, weekdays[at].chinese),
                  said(field_text(day, "kind")));
    if (json_is_integer(week))
        (void)fprintf(out, either("  week %d", "  第 %d 周"),
                      (int)json_integer_value(week));
    if (season)
        (void)fprintf(out, "%s%s", either("  season ", "  作息："), season);
    (void)fputc('\n', out);
}

/* show_exemption - "exempt: rain 10:00-12:00", by a rule: "… by OD-01@sports-ground". */
static void show_exemption(const json_t *row, FILE *out)
{
    const char *origin = json_string_value(json_object_get(row, "origin"));
    (void)fprintf(out, "%s%s %s-%s%s%s\n", either("exempt: ", "免户外："),
                  said(field_text(row, "reason")), field_text(row, "from"),
                  field_text(row, "until"), origin ? either(" by ", "，依据 ") : "",
                  origin ? origin : "");
}

void show_calendar(const json_t *day, FILE *out)
{
    static const char *const english[] = {"class",  ">leave",  ">present",
                                          "lesson", "subject", NULL};
    static const char *const chinese[] = {"班级", ">请假", ">到校", "节次", "科目", NULL};
    const char *const *heads = language_is_chinese() ? chinese : english;
    const char *stage = NULL;
    json_t *phases = NULL;
    size_t i = 0;
    const json_t *row = NULL;
    show_head(day, out);
    json_object_foreach(json_object_get(day, "phases"), stage, phases)
    {
        (void)fprintf(out, "%s%s\n", said(stage), either(":", "："));
        show_phases(phases, out);
    }
    json_array_foreach(json_object_get(day, "exemptions"), i, row)
        show_exemption(row, out);
    struct table *t = NULL;
    if (table_new(heads, &t) < 0)
        return;
    json_array_foreach(json_object_get(day, "classes"), i, row) class_rows(t, row);
    table_print(t, out);
    (void)table_free(t);
}

static void show_lines(const json_t *answer, FILE *out)
{
    const json_t *lines = json_object_get(answer, "lines");
    for (size_t i = 0; i < json_array_size(lines); i++)
        (void)fprintf(out, "%s\n", json_string_value(json_array_get(lines, i)));
}

int calendar_run(const struct command *command, const struct arguments *arguments)
{
    struct command plain = *command;
    plain.run = NULL;
    if (!arguments->is_check)
        return command_run(&plain, arguments);
    return command_ask(arguments, &(struct request){.method = "GET",
                                                    .target = "/api/v1/calendar/check",
                                                    .show = show_lines});
}

/* --- enter ------------------------------------------------------------------------ */

/* show_warnings - of what was entered and is hardly meant; a table's lines say so. */
static void show_warnings(const json_t *answer, bool is_table, FILE *out)
{
    const char *word = language_is_chinese() ? "提醒: " : "warning: ";
    size_t i = 0;
    const json_t *line = NULL;
    json_array_foreach(json_object_get(answer, "warnings"), i, line)(void)
        fprintf(out, "%s%s\n", is_table ? "" : word, json_string_value(line));
}

/* show_entered - "leave: entered", of a table "entered 18 rows (36 entries)". */
static void show_entered(const json_t *answer, FILE *out)
{
    const char *entry = json_string_value(json_object_get(answer, "entry"));
    int rows = (int)json_integer_value(json_object_get(answer, "rows"));
    int entries = (int)json_integer_value(json_object_get(answer, "entries"));
    if (entry)
        (void)fprintf(out, language_is_chinese() ? "%s：已登记\n" : "%s: entered\n",
                      entry);
    else if (language_is_chinese())
        (void)fprintf(out, "已登记 %d 行（%d 条）\n", rows, entries);
    else
        (void)fprintf(out, "entered %d row%s (%d entr%s)\n", rows, rows == 1 ? "" : "s",
                      entries, entries == 1 ? "y" : "ies");
    show_warnings(answer, !entry, out);
}

/* read_table - the bytes of @file.  NULL: @err says why.  Owner: caller; free() */
static char *read_table(const char *file, size_t *ret_size, struct gw_error *err)
{
    bool is_chinese = language_is_chinese();
    char *bytes = malloc(TABLE_MAX);
    FILE *in = fopen(file, "re");
    *ret_size = in && bytes ? fread(bytes, 1, TABLE_MAX, in) : 0;
    const char *why = NULL;
    if (!in || ferror(in))
        why = is_chinese && errno == ENOENT ? "没有这个文件" : strerror(errno);
    else if (*ret_size == TABLE_MAX)
        why = is_chinese ? "文件太大（要小于 64 KiB）"
                         : "too large (allowed: less than 64 KiB)";
    else if (*ret_size == 0)
        why = is_chinese ? "文件是空的" : "empty";
    if (in)
        (void)fclose(in);
    if (!why)
        return bytes;
    (void)gw_fail(err, -EINVAL, is_chinese ? "“%s”：%s" : "'%s': %s", file, why);
    free(bytes);
    return NULL;
}

/* table_run - the whole of a file to the day book. */
static int table_run(const struct arguments *arguments)
{
    struct gw_error err = {0};
    char name[TARGET_MAX];
    char target[TARGET_MAX + sizeof("/api/v1/calendar/table?file=")];
    size_t size = 0;
    const char *slash = strrchr(arguments->csv, '/');
    char *table = read_table(arguments->csv, &size, &err);
    if (!table)
        return command_failed(&err);
    if (client_escape(slash ? slash + 1 : arguments->csv, name, sizeof(name)) < 0)
        name[0] = '\0';
    (void)snprintf(target, sizeof(target), "/api/v1/calendar/table?file=%s", name);
    int code = command_ask(arguments, &(struct request){.method = "POST",
                                                        .target = target,
                                                        .csv = table,
                                                        .csv_size = size,
                                                        .show = show_entered});
    free(table);
    return code;
}

int enter_run(const struct command *command, const struct arguments *arguments)
{
    struct gw_error err = {0};
    if (arguments->csv)
        return table_run(arguments);
    json_t *object = json_pack("{s:s}", "do", arguments->operand);
    int r = object ? fields_read(arguments->value, object, &err)
                   : gw_fail(&err, -EINVAL, "'%s' is not in UTF-8", arguments->operand);
    char *body = r == 0 ? json_dumps(object, JSON_COMPACT) : NULL;
    json_decref(object);
    if (!body) {
        (void)fprintf(stderr, "campusctl: %s\n", r < 0 ? err.text : "out of memory");
        return EXIT_USAGE;
    }
    int code = command_ask(arguments, &(struct request){.method = command->method,
                                                        .target = command->target,
                                                        .body = body,
                                                        .show = show_entered});
    free(body);
    return code;
}
