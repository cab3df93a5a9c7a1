/* command_fuzz.c - an operator's command from a local topic, and its effect.
 *
 *     topic \n payload
 */
#include "base/clock.h"
#include "fuzz.h"
#include "notify/notify_text.h"

#define NOW_US INT64_C(1795393200000000) /* 2026-11-23T08:20:00+08:00 */

static const struct alarm_rule rule = {.id = "TF-01",
                                       .title = {"一键报警", "Panic"},
                                       .severity = GW_P1,
                                       .is_latching = true};

static void check_transition(void *ctx, const struct gw_record *record)
{
    (void)ctx;
    if (record->kind != GW_RECORD_TRANSITION)
        return;
    char payload[NOTIFY_PAYLOAD_MAX];
    const struct gw_transition *t = &record->transition;
    fuzz_claim(t->to < GW_ALARM_STATES, "an alarm has a state");
    fuzz_claim(notify_text_alarm(t, &rule.title, payload) == 0, "an alarm can be told");
}

static void operate(const struct alarm_command *command)
{
    struct alarms *alarms = NULL;
    struct gw_error err = {0};
    fuzz_claim(alarms_new(&(struct alarms_ops){.emit = check_transition}, &alarms) == 0,
               "there is memory");
    alarms_condition(alarms, &rule, "panic-gate", true, 1, "rule", NOW_US);
    if (alarms_operate(alarms, command, NOW_US, &err) < 0)
        fuzz_claim(err.text[0] != '\0', "a refusal says why");
    alarms_condition(alarms, &rule, "panic-gate", false, 0, "rule", NOW_US + 1);
    alarms = alarms_free(alarms);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    fuzz_hush();
    clock_set(NOW_US, NOW_US);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct fuzz_input in = {(const char *)bytes, size};
    char *topic = fuzz_line(&in);
    char *payload = fuzz_copy(in.at, in.left);
    struct alarm_command command;
    memset(&command, 'x', sizeof(command));
    struct gw_error err = {0};
    if (notify_text_command(topic, "school", payload, in.left, NOW_US, &command, &err)
        == 0) {
        fuzz_claim(memchr(command.id, 0, sizeof(command.id)), "an id ends");
        fuzz_claim(memchr(command.actor, 0, sizeof(command.actor)), "an actor ends");
        fuzz_claim(memchr(command.comment, 0, sizeof(command.comment)), "a comment ends");
        fuzz_claim(command.event != ALARM_SHELVE || command.until_us > NOW_US,
                   "an alarm is shelved into the future");
        operate(&command);
    } else {
        fuzz_claim(err.text[0] != '\0', "a refusal says why");
    }
    free(topic);
    free(payload);
    return 0;
}
