#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>

#include "pipeline_rig.h"

#define SECOND_US INT64_C(1000000)
#define MIN_US (60 * SECOND_US)
/* Monday 2026-11-23, 08:00 in the school. */
#define T0 (INT64_C(1795392000) * SECOND_US)

/* A plugin with a list of notes, an order and a question; wakes itself. */
struct note {
    const char *id;
    int64_t after_us;
};

struct notes {
    struct gw_rows rows;
    struct gw_host *host;
    struct gw_command last;
    unsigned orders;
    int64_t woken_us;
    int64_t stepped_us;
};

static struct notes *notes;

static const struct gw_option note_options[] = {
    {.name = "id",
     .type = GW_OPT_ID,
     .offset = offsetof(struct note, id),
     .required = true},
    {.name = "after",
     .type = GW_OPT_DURATION,
     .offset = offsetof(struct note, after_us),
     .fallback = "30s"},
    {0},
};

static const struct gw_option_list lists[] = {
    {"notes", note_options, sizeof(struct note), offsetof(struct notes, rows), "notes"},
    {0},
};

static const char *const words[] = {"loud", "soft", NULL};

static const struct gw_command_info commands[] = {
    {.name = "note",
     .role = GW_ROLE_LEADER,
     .target = "PLACE",
     .values = words,
     .needs = GW_COMMAND_TARGET | GW_COMMAND_VALUE | GW_COMMAND_COMMENT | GW_COMMAND_END,
     .end_max_us = 30 * MIN_US},
    {.name = "count", .is_question = true},
    {0},
};

static int start(void *self, struct gw_host *host, struct gw_error *err)
{
    (void)err;
    notes = self;
    notes->host = host;
    return 0;
}

static int on_command(void *self, const struct gw_command *command, struct gw_error *err)
{
    struct notes *n = self;
    if (strcmp(command->name, "count") == 0) {
        gw_answer(n->host, n->orders > 0 ? "{\"orders\":1}" : "{\"orders\":0}");
        return 0;
    }
    if (strcmp(command->target, "nowhere") == 0)
        return gw_fail(err, -ENOENT, "there is no place 'nowhere'");
    n->last = *command;
    n->orders++;
    gw_wake(n->host, command->time_us + 45 * SECOND_US);
    gw_mark_test(n->host, command->target, command->value[0] == 'l', command->time_us);
    return 0;
}

static void on_due(void *self, int64_t time_us)
{
    ((struct notes *)self)->woken_us = time_us;
}

static void on_clock_step(void *self, int64_t delta_us, int64_t time_us)
{
    (void)time_us;
    ((struct notes *)self)->stepped_us = delta_us;
}

static const struct gw_plugin plugin = {
    .struct_size = sizeof(struct gw_plugin),
    .name = "notes",
    .summary = "of a test",
    .instance_size = sizeof(struct notes),
    .lists = lists,
    .start = start,
    .commands = commands,
    .on_command = on_command,
    .on_due = on_due,
    .on_clock_step = on_clock_step,
};
static const struct gw_plugin twin = {
    .struct_size = sizeof(struct gw_plugin),
    .name = "twin",
    .summary = "has the same commands",
    .instance_size = sizeof(struct notes),
    .commands = commands,
    .on_command = on_command,
};
static const struct gw_plugin *const plugins[] = {&plugin, NULL};
static const struct gw_plugin *const two_plugins[] = {&plugin, &twin, NULL};
static const struct config_modules modules = {rig_drivers, plugins};
static const struct config_modules two_modules = {rig_drivers, two_plugins};

static struct rig *rig_with(const char *section, const struct config_modules *with)
{
    static const char devices[] =
        "buses: [{name: b, driver: mqtt, broker: \"mqtt://127.0.0.1\"}]\n"
        "devices: [{name: panic-gate, bus: b, place: gate-south, topic: t, supervision: "
        "1h, points: [{metric: panic}]}]\n";
    char text[600];
    struct rig_folder folder = rig_folder_new(devices);
    char path[160];
    (void)snprintf(path, sizeof(path), "%s/gateway.yaml", folder.path);
    assert_int_equal(unlink(path), 0);
    (void)snprintf(
        text, sizeof(text),
        "gateway: {id: gw-01}\n"
        "school: {code: \"2153012345\", division: \"530502\", title: T, stage: "
        "primary}\nstore: {path: /tmp/x.db}\n%s\n",
        section);
    rig_put_file(&folder, "gateway.yaml", text);
    char rules[160];
    (void)snprintf(rules, sizeof(rules), "%s/rules", folder.path);
    assert_int_equal(mkdir(rules, 0700), 0);
    rig_put_file(
        &folder, "rules/panic.yaml",
        "rules: [{id: TF-01, title: {zh: 报警, en: Panic}, each: {devices: panic}, "
        "inputs: {pressed: panic}, when: pressed, latched: true, severity: P1, "
        "action: {zh: 去, en: go}}]\n");
    struct rig *rig = rig_load(folder.path, with);
    rig_build(rig);
    (void)snprintf(path, sizeof(path), "%s/rules/panic.yaml", folder.path);
    (void)unlink(path);
    (void)rmdir(rules);
    rig_folder_remove(&folder);
    return rig;
}

static struct rig *rig_started(void)
{
    struct rig *rig = rig_with("", &modules);
    if (config_faults_errors(rig->faults) > 0)
        fail_msg("%s", rig_faults(rig));
    clock_set(T0, T0);
    pipeline_start(rig->pipeline, T0);
    return rig;
}

static struct gw_command note(void)
{
    return (struct gw_command){.name = "note",
                               .target = "gate-south",
                               .value = "loud",
                               .comment = "monthly",
                               .actor = "duty",
                               .until_us = T0 + 10 * MIN_US};
}

static void assert_refused(struct rig *rig, const struct gw_command *command, int code,
                           const char *part)
{
    struct gw_error err = {0};
    char *answer = NULL;
    assert_int_equal(pipeline_command(rig->pipeline, command, T0, &answer, &err), code);
    assert_null(answer);
    assert_non_null(strstr(err.text, part));
    assert_int_equal(notes->orders, 0);
}

static void a_list_fills_rows_with_defaults(void **state)
{
    (void)state;
    struct rig *rig =
        rig_with("plugins: {notes: {notes: [{id: a}, {id: b, after: 5s}]}}", &modules);
    assert_int_equal(config_faults_errors(rig->faults), 0);
    const struct note *rows = notes->rows.items;
    assert_int_equal(notes->rows.count, 2);
    assert_string_equal(rows[0].id, "a");
    assert_int_equal(rows[0].after_us, 30 * SECOND_US);
    assert_int_equal(rows[1].after_us, 5 * SECOND_US);
    rig_free(rig);
}

static void a_fault_in_a_list_has_its_place(void **state)
{
    (void)state;
    struct rig *rig = rig_with("plugins: {notes: {notes: [{id: a}, {if: b}]}}", &modules);
    const char *faults = rig_faults(rig);
    if (!strstr(faults, "gateway.yaml:4:37: plugins.notes.notes.if"))
        fail_msg("%s", faults);
    rig_free(rig);
}

static void a_list_that_is_none_is_refused(void **state)
{
    (void)state;
    struct rig *rig = rig_with("plugins: {notes: {notes: {id: a}}}", &modules);
    assert_non_null(strstr(rig_faults(rig), "a list of mappings is needed"));
    rig_free(rig);
}

static void two_plugins_with_one_command_are_refused(void **state)
{
    (void)state;
    struct rig *rig = rig_with("", &two_modules);
    assert_non_null(strstr(rig_faults(rig), "plugin 'twin': the command 'note' is of "
                                            "plugin 'notes' already"));
    rig_free(rig);
}

static void what_does_not_fit_its_row_never_reaches_the_plugin(void **state)
{
    (void)state;
    struct rig *rig = rig_started();
    struct gw_command c = note();
    c.name[0] = 'v';
    assert_refused(rig, &c, -ENOENT, "there is no command 'vote'");
    c = note();
    c.target[0] = '\0';
    assert_refused(rig, &c, -EINVAL, "what it is done to is missing (PLACE)");
    c = note();
    (void)snprintf(c.value, sizeof(c.value), "shrill");
    assert_refused(rig, &c, -EINVAL, "'shrill' is no word of it (allowed: loud, soft)");
    c = note();
    c.comment[0] = '\0';
    assert_refused(rig, &c, -EINVAL, "a reason is missing");
    c = note();
    c.actor[0] = '\0';
    assert_refused(rig, &c, -EINVAL, "who does it is missing");
    c = note();
    c.until_us = GW_TIME_NONE;
    assert_refused(rig, &c, -EINVAL, "until when is missing (at most 30 min)");
    c = note();
    c.until_us = T0 + 30 * MIN_US + 1;
    assert_refused(rig, &c, -EINVAL, "at most 30 min from now");
    c = note();
    c.until_us = T0;
    assert_refused(rig, &c, -EINVAL, "its end lies in the future");
    rig_free(rig);
}

static void an_order_reaches_the_plugin_and_a_question_is_answered(void **state)
{
    (void)state;
    struct rig *rig = rig_started();
    struct gw_command c = note();
    struct gw_error err = {0};
    char *answer = NULL;
    c.until_us = T0 + 30 * MIN_US;
    assert_int_equal(pipeline_command(rig->pipeline, &c, T0, &answer, &err), 0);
    assert_null(answer);
    assert_string_equal(notes->last.comment, "monthly");
    assert_int_equal(notes->last.time_us, T0);
    c = (struct gw_command){.name = "count", .until_us = GW_TIME_NONE};
    assert_int_equal(pipeline_command(rig->pipeline, &c, T0, &answer, &err), 0);
    assert_string_equal(answer, "{\"orders\":1}");
    free(answer);
    rig_free(rig);
}

static void a_plugin_is_woken_at_its_time_and_once(void **state)
{
    (void)state;
    struct rig *rig = rig_started();
    struct gw_command c = note();
    assert_int_equal(pipeline_command(rig->pipeline, &c, T0, NULL, NULL), 0);
    pipeline_advance(rig->pipeline, T0 + 44 * SECOND_US);
    assert_int_equal(notes->woken_us, 0);
    pipeline_advance(rig->pipeline, T0 + 5 * MIN_US);
    assert_int_equal(notes->woken_us, T0 + 45 * SECOND_US);
    notes->woken_us = 0;
    pipeline_advance(rig->pipeline, T0 + 10 * MIN_US);
    assert_int_equal(notes->woken_us, 0);
    rig_free(rig);
}

static void a_clock_step_moves_the_waking(void **state)
{
    (void)state;
    struct rig *rig = rig_started();
    struct gw_command c = note();
    assert_int_equal(pipeline_command(rig->pipeline, &c, T0, NULL, NULL), 0);
    pipeline_clock_set(rig->pipeline, 60 * MIN_US, T0 + 60 * MIN_US);
    assert_int_equal(notes->stepped_us, 60 * MIN_US);
    pipeline_advance(rig->pipeline, T0 + 60 * MIN_US + 44 * SECOND_US);
    assert_int_equal(notes->woken_us, 0);
    pipeline_advance(rig->pipeline, T0 + 60 * MIN_US + 45 * SECOND_US);
    assert_int_equal(notes->woken_us, T0 + 60 * MIN_US + 45 * SECOND_US);
    rig_free(rig);
}

#define AT(minute) "{\"t\":\"2026-11-23T08:" minute "+08:00\","
#define NOTE(word)                                                \
    "\"do\":\"note\",\"target\":\"panic-gate\",\"value\":\"" word \
    "\",\"comment\":\"c\",\"by\":\"li\",\"until\":\"2026-11-23T08:20:00+08:00\"}\n"
#define PANIC(word) "\"point\":\"gate-south/panic\",\"v\":\"" word "\"}\n"

static void replay(struct rig *rig, const char *lines)
{
    struct gw_error err = {0};
    if (rig_replay(rig, lines, &err) < 0)
        fail_msg("%s", err.text);
}

static void alarms_of_a_test_say_so_and_real_ones_do_not(void **state)
{
    (void)state;
    struct rig *rig = rig_with("", &modules);
    replay(rig, AT("00:00") PANIC("normal") AT("01:00") NOTE("loud") AT("02:00") PANIC(
                    "pressed") AT("03:00") PANIC("normal") AT("04:00") NOTE("soft"));
    assert_non_null(strstr(rig_text(rig),
                           "T08:02:00+08:00\",\"rule\":\"TF-01\",\"object\":"
                           "\"panic-gate\",\"from\":\"normal\",\"to\":"
                           "\"unacknowledged\",\"value\":1,\"cause\":"
                           "\"rule\",\"test\":true"));
    assert_null(strstr(rig_text(rig), "test-end"));
    rig_free(rig);
}

static void a_cause_that_outlives_its_test_is_real(void **state)
{
    (void)state;
    struct rig *rig = rig_with("", &modules);
    replay(rig,
           AT("00:00") PANIC("normal") AT("01:00") NOTE("loud") AT("02:00")
               PANIC("pressed")
                   AT("03:00") "\"do\":\"acknowledge\",\"alarm\":\"TF-01@panic-gate\","
                               "\"by\":\"li\"}\n" AT("04:00") NOTE("soft"));
    const char *end = strstr(rig_text(rig), "test-end");
    assert_non_null(end);
    assert_null(strstr(end, "\"test\":true"));
    assert_non_null(strstr(rig_text(rig),
                           "T08:04:00+08:00\",\"rule\":\"TF-01\",\"object\":"
                           "\"panic-gate\",\"from\":\"acknowledged\",\"to\":"
                           "\"unacknowledged\""));
    rig_free(rig);
}

static void a_real_alarm_is_not_made_a_test(void **state)
{
    (void)state;
    struct rig *rig = rig_with("", &modules);
    replay(rig,
           AT("00:00") PANIC("normal") AT("01:00") PANIC("pressed") AT("02:00")
               PANIC("normal") AT("03:00") NOTE("loud") AT("04:00") PANIC("pressed"));
    assert_null(strstr(rig_text(rig), "\"test\""));
    rig_free(rig);
}

static void a_role_that_may_not_is_refused(void **state)
{
    (void)state;
    struct rig *rig = rig_with("", &modules);
    struct gw_error err = {0};
    assert_int_equal(
        rig_replay(rig,
                   AT("00:00") "\"role\":\"guard\",\"do\":\"note\",\"target\":"
                               "\"x\",\"value\":\"loud\"}\n",
                   &err),
        -EINVAL);
    assert_non_null(strstr(err.text, "not allowed to a 'guard' (leader)"));
    rig_free(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_fills_rows_with_defaults),
        cmocka_unit_test(a_fault_in_a_list_has_its_place),
        cmocka_unit_test(a_list_that_is_none_is_refused),
        cmocka_unit_test(two_plugins_with_one_command_are_refused),
        cmocka_unit_test(what_does_not_fit_its_row_never_reaches_the_plugin),
        cmocka_unit_test(an_order_reaches_the_plugin_and_a_question_is_answered),
        cmocka_unit_test(a_plugin_is_woken_at_its_time_and_once),
        cmocka_unit_test(a_clock_step_moves_the_waking),
        cmocka_unit_test(alarms_of_a_test_say_so_and_real_ones_do_not),
        cmocka_unit_test(a_cause_that_outlives_its_test_is_real),
        cmocka_unit_test(a_real_alarm_is_not_made_a_test),
        cmocka_unit_test(a_role_that_may_not_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
