/* Outputs in a whole pipeline: from the reading that raises an alarm to the command. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "modbus/modbus.h"
#include "pipeline_rig.h"

#define BUSES                                                                  \
    "buses:\n"                                                                 \
    "  - {name: broker, driver: mqtt, broker: \"mqtt://127.0.0.1:1\"}\n"       \
    "  - {name: relays, driver: modbus-rtu, port: /dev/none}\n"                \
    "devices:\n"                                                               \
    "  - {name: panic-gate, bus: broker, topic: p/gate, place: gate-south, "   \
    "supervision: 1d, points: [{metric: panic, path: v}]}\n"                   \
    "  - {name: panic-203, bus: broker, topic: p/203, place: b1-203, "         \
    "supervision: 1d, points: [{metric: panic, path: v}]}\n"                   \
    "  - {name: air-203, bus: broker, topic: a/203, place: b1-203, "           \
    "supervision: 1d, points: [{metric: co2, path: v}]}\n"                     \
    "  - {name: box, bus: relays, place: gate-south, period: 5s, points: "     \
    "[{metric: relay, name: siren, function: 1, address: 0, writable: true}, " \
    "{metric: relay, name: lamp, function: 1, address: 1, writable: true}, "   \
    "{metric: relay, name: contact, function: 2, address: 1}, "                \
    "{metric: temperature, function: 3, address: 1, scale: 0.1, writable: true}]}\n"

#define SIREN                                                                    \
    "outputs:\n"                                                                 \
    "  - {name: sound, points: [gate-south/relay.siren], places: [\"gate-*\"], " \
    "severities: [P1, P2], on_for: 3min}\n"

static const char rules_text[] =
    "recipients: [guard]\n"
    "rules:\n"
    "  - {id: TF-01, title: 报警, each: {devices: panic}, inputs: {pressed: panic}, "
    "when: pressed = 1, latched: true, severity: P1, outputs: [sound, guard]}\n"
    "  - {id: AQ-01, title: 闷, each: {kind: classroom}, inputs: {c: co2}, "
    "when: c > 1500, severity: P3, outputs: [prompt]}\n";

static const struct gw_driver *const drivers[] = {&mqtt_driver, &modbus_rtu_driver, NULL};
static const struct gw_plugin *const plugins[] = {NULL};
static const struct config_modules modules = {drivers, plugins};

static struct rig_folder folder;

static struct rig *load(const char *outputs)
{
    char devices[4096];
    char path[96];
    (void)snprintf(devices, sizeof(devices), "%s%s", BUSES, outputs);
    folder = rig_folder_new(devices);
    (void)snprintf(path, sizeof(path), "%s/rules", folder.path);
    assert_int_equal(mkdir(path, 0700), 0);
    rig_put_file(&folder, "rules/test.yaml", rules_text);
    struct rig *rig = rig_load(folder.path, &modules);
    rig_build(rig);
    return rig;
}

static void unload(struct rig *rig)
{
    char path[96];
    rig_free(rig);
    (void)snprintf(path, sizeof(path), "%s/rules/test.yaml", folder.path);
    assert_int_equal(unlink(path), 0);
    (void)snprintf(path, sizeof(path), "%s/rules", folder.path);
    assert_int_equal(rmdir(path), 0);
    rig_folder_remove(&folder);
}

/* Plays @lines; what the outputs were told, a line each as "08:20:00 siren 1". */
static const char *told(struct rig *rig, const char *lines, char ret[512])
{
    struct gw_error err = {0};
    size_t used = 0;
    if (rig_replay(rig, lines, &err) < 0)
        fail_msg("%s", err.text);
    ret[0] = '\0';
    for (const char *at = strstr(rig->text, "\"output\""); at;
         at = strstr(at + 1, "\"output\"")) {
        char point[32];
        char value;
        assert_int_equal(
            sscanf(strstr(at, "relay."), "relay.%31[a-z]\",\"value\":%c", point, &value),
            2);
        used += (size_t)snprintf(ret + used, 512 - used, "%.8s %s %c\n", at - 16, point,
                                 value);
    }
    return ret;
}

#define AT(clock) "{\"t\":\"2026-11-23T" clock "+08:00\","
#define PRESS(clock, place) AT(clock) "\"point\":\"" place "/panic\",\"v\":\"pressed\"}\n"
#define RELEASE(clock, place) \
    AT(clock) "\"point\":\"" place "/panic\",\"v\":\"normal\"}\n"
#define ACK(clock, alarm) \
    AT(clock) "\"do\":\"acknowledge\",\"alarm\":\"" alarm "\",\"by\":\"guard\"}\n"
#define END(clock) AT(clock) "\"do\":\"end\"}\n"

static void start_ends_what_a_crash_left_on(void **state)
{
    (void)state;
    char text[512];
    struct rig *rig = load(SIREN);
    assert_string_equal(told(rig, END("08:20:00"), text), "08:20:00 siren 0\n");
    unload(rig);
}

static void alarm_switches_on_before_its_own_record(void **state)
{
    (void)state;
    char text[512];
    struct rig *rig = load(SIREN);
    (void)told(rig, RELEASE("08:20:00", "gate-south") PRESS("08:21:00", "gate-south"),
               text);
    assert_string_equal(text, "08:20:00 siren 0\n08:21:00 siren 1\n");
    assert_true(strstr(rig->text, "\"value\":1}")
                < strstr(rig->text, "\"unacknowledged\""));
    unload(rig);
}

static void acknowledging_silences_and_ends_no_alarm(void **state)
{
    (void)state;
    char text[512];
    struct rig *rig = load(SIREN);
    (void)told(rig,
               PRESS("08:21:00", "gate-south") ACK("08:21:30", "TF-01@panic-gate")
                   END("08:30:00"),
               text);
    assert_string_equal(text, "08:21:00 siren 0\n08:21:00 siren 1\n08:21:30 siren 0\n");
    assert_null(strstr(rig->text, "\"to\":\"normal\""));
    unload(rig);
}

static void on_for_ends_it_though_nobody_came(void **state)
{
    (void)state;
    char text[512];
    struct rig *rig = load(SIREN);
    (void)told(rig, PRESS("08:21:00", "gate-south") END("08:30:00"), text);
    assert_string_equal(text, "08:21:00 siren 0\n08:21:00 siren 1\n08:24:00 siren 0\n");
    unload(rig);
}

static void alarm_that_comes_anew_sounds_again(void **state)
{
    (void)state;
    char text[512];
    struct rig *rig = load(SIREN);
    (void)told(rig,
               PRESS("08:21:00", "gate-south") RELEASE("08:22:00", "gate-south")
                   PRESS("08:23:00", "gate-south") END("08:40:00"),
               text);
    assert_string_equal(text, "08:21:00 siren 0\n08:21:00 siren 1\n08:26:00 siren 0\n");
    unload(rig);
}

static void alarms_share_an_output(void **state)
{
    (void)state;
    char text[512];
    struct rig *rig =
        load("outputs: [{name: sound, points: [gate-south/relay.siren]}]\n");
    (void)told(rig,
               PRESS("08:21:00", "gate-south") PRESS("08:21:10", "b1-203")
                   ACK("08:21:20", "TF-01@panic-gate") ACK("08:22:30", "TF-01@panic-203"),
               text);
    assert_string_equal(text, "08:21:00 siren 0\n08:21:00 siren 1\n08:22:30 siren 0\n");
    unload(rig);
}

static void alarm_of_another_place_or_severity_is_not_its_business(void **state)
{
    (void)state;
    char text[512];
    struct rig *rig = load(
        SIREN "  - {name: prompt, points: [gate-south/relay.lamp], kinds: [classroom], "
              "severities: [P1]}\n");
    (void)told(rig,
               PRESS("08:21:00", "b1-203")
                   AT("08:22:00") "\"point\":\"b1-203/co2\",\"v\":1800}\n",
               text);
    assert_non_null(strstr(rig->text, "AQ-01"));
    assert_string_equal(text, "08:21:00 siren 0\n08:21:00 lamp 0\n");
    unload(rig);
}

static void lamp_goes_out_with_the_cause_where_it_is_said(void **state)
{
    (void)state;
    char text[512];
    struct rig *rig = load(
        "outputs: [{name: prompt, points: [gate-south/relay.lamp], kinds: [classroom], "
        "until: returned, on_for: 0s}]\n");
    (void)told(rig,
               AT("08:22:00") "\"point\":\"b1-203/co2\",\"v\":1800}\n" AT(
                   "11:22:00") "\"point\":\"b1-203/co2\",\"v\":800}\n",
               text);
    assert_string_equal(text, "08:22:00 lamp 0\n08:22:00 lamp 1\n11:22:00 lamp 0\n");
    unload(rig);
}

static void restart_goes_on_for_the_time_that_is_left(void **state)
{
    (void)state;
    char text[512];
    struct rig *rig = load(SIREN);
    (void)told(rig,
               PRESS("08:21:00", "gate-south") AT("08:22:00") "\"do\":\"restart\"}\n" AT(
                   "08:30:00") "\"do\":\"restart\"}\n",
               text);
    assert_string_equal(text, "08:21:00 siren 0\n08:21:00 siren 1\n08:22:00 siren 1\n"
                              "08:24:00 siren 0\n08:30:00 siren 0\n");
    unload(rig);
}

static void shelving_silences(void **state)
{
    (void)state;
    char text[512];
    struct rig *rig =
        load("outputs: [{name: prompt, points: [gate-south/relay.lamp]}]\n");
    (void)told(
        rig,
        AT("08:22:00") "\"point\":\"b1-203/co2\",\"v\":1800}\n" AT(
            "08:22:30") "\"do\":\"shelve\",\"alarm\":\"AQ-01@b1-203\",\"by\":\"g\","
                        "\"comment\":\"works\",\"until\":\"2026-11-23T09:00:00+08:00\"}"
                        "\n" END("09:01:00"),
        text);
    assert_string_equal(text, "08:22:00 lamp 0\n08:22:00 lamp 1\n08:22:30 lamp 0\n"
                              "09:00:00 lamp 1\n");
    unload(rig);
}

/* --- what is said at check --------------------------------------------------------- */

static void check_says(const char *outputs, const char *words)
{
    struct rig *rig = load(outputs);
    if (!strstr(rig_faults(rig), words))
        fail_msg("'%s' is not in:\n%s", words, rig_text(rig));
    unload(rig);
}

static void what_cannot_be_switched_is_a_fault(void **state)
{
    (void)state;
    check_says("outputs: [{name: sound, points: [gate-south/relay.contact]}]\n",
               "outputs.sound: point 'gate-south/relay.contact' is read only (allowed: "
               "points with writable: true)");
    check_says("outputs: [{name: sound, points: [gate-south/relay.sirens]}]\n",
               "unknown point 'gate-south/relay.sirens' (did you mean "
               "'gate-south/relay.siren'?)");
    check_says(
        "outputs: [{name: sound, points: [gate-south/relay.siren], severities: [P5]}]\n",
        "severities: 'P5' is none (allowed: P1, P2, P3, P4)");
    check_says(
        "outputs: [{name: sound, points: [gate-south/relay.siren], places: [\"g1*\"]}]\n",
        "places: 'g1*' is so of no place of campus.yaml");
}

static void word_that_only_one_side_knows_is_a_warning(void **state)
{
    (void)state;
    check_says(SIREN,
               "warning: AQ-01: names the output 'prompt', which is mapped nowhere");
    check_says(
        "outputs: [{name: sounds, points: [gate-south/relay.siren]}]\n",
        "warning: sounds: no rule names this output: it never comes on (did you mean "
        "'sound'?)");
}

static void button_that_no_siren_answers_is_a_warning(void **state)
{
    (void)state;
    check_says(SIREN, "warning: sound: does not come on for TF-01 (P1) at 'b1-203', and "
                      "nothing else does");
    check_says("outputs: [{name: sound, points: [gate-south/relay.siren], severities: "
               "[P2]}]\n",
               "does not come on for TF-01 (P1) at 'gate-south'");
}

static void what_a_faulty_row_is_named_for_is_not_judged(void **state)
{
    (void)state;
    struct rig *rig = load("outputs: [{name: sound, points: [gate-south/relay.siren], "
                           "severities: [P5]}]\n");
    assert_non_null(strstr(rig_faults(rig), "'P5' is none"));
    assert_null(strstr(rig_faults(rig), "mapped nowhere"));
    unload(rig);
}

static void who_is_told_may_have_a_lamp_of_his_own(void **state)
{
    (void)state;
    char text[512];
    struct rig *rig = load(SIREN "  - {name: guard, points: [gate-south/relay.lamp]}\n");
    assert_null(strstr(rig_faults(rig), "no rule names this output"));
    told(rig, PRESS("08:21:00", "b1-203") END("08:21:01"), text);
    assert_non_null(strstr(text, "08:21:00 lamp 1\n"));
    unload(rig);
}

static void people_need_no_wire(void **state)
{
    (void)state;
    struct rig *rig = load(SIREN "  - {name: prompt, points: [gate-south/relay.lamp]}\n"
                                 "  - {name: sound, points: [gate-south/relay.lamp], "
                                 "kinds: [classroom], severities: [P1]}\n");
    assert_string_equal(rig_faults(rig), "");
    unload(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(start_ends_what_a_crash_left_on),
        cmocka_unit_test(alarm_switches_on_before_its_own_record),
        cmocka_unit_test(acknowledging_silences_and_ends_no_alarm),
        cmocka_unit_test(on_for_ends_it_though_nobody_came),
        cmocka_unit_test(alarm_that_comes_anew_sounds_again),
        cmocka_unit_test(alarms_share_an_output),
        cmocka_unit_test(alarm_of_another_place_or_severity_is_not_its_business),
        cmocka_unit_test(lamp_goes_out_with_the_cause_where_it_is_said),
        cmocka_unit_test(restart_goes_on_for_the_time_that_is_left),
        cmocka_unit_test(shelving_silences),
        cmocka_unit_test(what_cannot_be_switched_is_a_fault),
        cmocka_unit_test(word_that_only_one_side_knows_is_a_warning),
        cmocka_unit_test(button_that_no_siren_answers_is_a_warning),
        cmocka_unit_test(what_a_faulty_row_is_named_for_is_not_judged),
        cmocka_unit_test(who_is_told_may_have_a_lamp_of_his_own),
        cmocka_unit_test(people_need_no_wire),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
