/* trials.c - drills and tests: their window, what is marked, what was proven. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "defense.h"

enum { TRIALS_MAX = 16, KEPT_VERSION = 1 };

/* trial - a window that was announced; kept as these bytes.
 * target      a device, a place or "school" */
struct trial {
    char target[GW_ID_MAX];
    char by[GW_ACTOR_MAX];
    int64_t from_us;
    int64_t until_us;
    uint32_t is_drill;
    uint32_t proven; /* devices that alarmed in it */
};

/* proof - a device of security, and when an alarm of it last came through in a test.
 * known_us    first seen: never tested counts from then */
struct proof {
    const char *device;
    const char *place;
    int64_t known_us;
    int64_t tested_us;
    bool is_panic;
    bool stands; /* its real panic is not over */
    struct derived days;
    struct derived panic_near; /* of a gear cabinet */
    bool is_cabinet;
};

struct kept_proof {
    uint32_t version;
    uint32_t stands;
    int64_t known_us;
    int64_t tested_us;
};

struct kept_trials {
    uint32_t version;
    uint32_t count;
    struct trial trials[TRIALS_MAX];
};

struct trials {
    struct trial open[TRIALS_MAX];
    size_t open_count;
    size_t proof_count;
    struct proof proofs[];
};

static struct proof *proof_of(const struct defense *d, const char *device)
{
    for (size_t i = 0; i < d->trials->proof_count; i++)
        if (strcmp(d->trials->proofs[i].device, device) == 0)
            return &d->trials->proofs[i];
    return NULL;
}

static bool is_metric(const struct signal *s, const char *metric)
{
    return strcmp(s->info.metric, metric) == 0;
}

static int start(struct defense *d, struct gw_error *err)
{
    struct trials *t = calloc(1, sizeof(*t) + d->signal_count * sizeof(t->proofs[0]));
    d->trials = t;
    if (!t)
        return gw_fail(err, -ENOMEM, "out of memory");
    for (size_t i = 0; i < d->signal_count; i++) {
        const struct signal *s = &d->signals[i];
        if (!s->is_security || !s->info.device)
            continue;
        struct proof *p = proof_of(d, s->info.device);
        if (!p) {
            p = &t->proofs[t->proof_count++];
            *p = (struct proof){.device = s->info.device,
                                .place = s->info.object,
                                .known_us = GW_TIME_NONE,
                                .tested_us = GW_TIME_NONE};
        }
        p->is_panic |= is_metric(s, "panic") || is_metric(s, "duress");
        p->is_cabinet |= is_metric(s, "cabinet");
    }
    int r = 0;
    for (size_t i = 0; r == 0 && i < t->proof_count; i++) {
        if (t->proofs[i].is_panic)
            r = derive(d, t->proofs[i].device, "test_days", &t->proofs[i].days, err);
        if (r == 0 && t->proofs[i].is_cabinet)
            r = derive(d, t->proofs[i].device, "panic_near", &t->proofs[i].panic_near,
                       err);
    }
    return r;
}

static void stop(struct defense *d)
{
    free(d->trials);
    d->trials = NULL;
}

/* --- kept ------------------------------------------------------------------------- */

static void save_trials(struct defense *d)
{
    struct kept_trials kept = {.version = KEPT_VERSION,
                               .count = (uint32_t)d->trials->open_count};
    memcpy(kept.trials, d->trials->open, sizeof(kept.trials));
    state_save(d, "trial", "open", &kept, sizeof(kept));
}

static void save_proof(struct defense *d, const struct proof *p)
{
    const struct kept_proof kept = {.version = KEPT_VERSION,
                                    .stands = p->stands,
                                    .known_us = p->known_us,
                                    .tested_us = p->tested_us};
    state_save(d, "proof", p->device, &kept, sizeof(kept));
}

static bool covers(const struct trial *t, const struct proof *p)
{
    return strcmp(t->target, "school") == 0 || strcmp(t->target, p->device) == 0
           || strcmp(t->target, p->place) == 0;
}

static bool is_marked(const struct defense *d, const struct proof *p)
{
    for (size_t i = 0; i < d->trials->open_count; i++)
        if (covers(&d->trials->open[i], p))
            return true;
    return false;
}

static bool is_open(const struct defense *d, const char *target)
{
    for (size_t i = 0; i < d->trials->open_count; i++)
        if (strcmp(d->trials->open[i].target, target) == 0)
            return true;
    return false;
}

/* Devices in the trial, and its place or school itself; at its end those that no other
 * trial covers. */
static void mark(struct defense *d, const struct trial *t, bool is_on, int64_t time_us)
{
    for (size_t i = 0; i < d->trials->proof_count; i++) {
        const struct proof *p = &d->trials->proofs[i];
        if (covers(t, p) && is_marked(d, p) == is_on)
            gw_mark_test(d->host, p->device, is_on, time_us);
    }
    if (is_open(d, t->target) == is_on)
        gw_mark_test(d->host, t->target, is_on, time_us);
}

/* Windows that ended while the gateway was off are forgotten by run(). */
static void restored(struct defense *d)
{
    struct kept_trials kept;
    if (state_load(d, "trial", "open", &kept, sizeof(kept))
        && kept.version == KEPT_VERSION && kept.count <= TRIALS_MAX) {
        memcpy(d->trials->open, kept.trials, sizeof(kept.trials));
        d->trials->open_count = kept.count;
    }
    for (size_t i = 0; i < d->trials->open_count; i++)
        mark(d, &d->trials->open[i], true, d->trials->open[i].from_us);
    for (size_t i = 0; i < d->trials->proof_count; i++) {
        struct proof *p = &d->trials->proofs[i];
        struct kept_proof proof;
        if (!state_load(d, "proof", p->device, &proof, sizeof(proof))
            || proof.version != KEPT_VERSION)
            continue;
        p->stands = proof.stands != 0;
        p->known_us = proof.known_us;
        p->tested_us = proof.tested_us;
    }
}

/* So that a button's days since its test stay what they were. */
static void clock_step(struct defense *d, int64_t delta_us, int64_t time_us)
{
    for (size_t i = 0; i < d->trials->proof_count; i++) {
        struct proof *p = &d->trials->proofs[i];
        bool is_moved = past_step(&p->known_us, delta_us, time_us);
        if (past_step(&p->tested_us, delta_us, time_us) || is_moved)
            save_proof(d, p);
    }
    for (size_t i = 0; i < d->trials->open_count; i++) {
        d->trials->open[i].from_us += delta_us;
        d->trials->open[i].until_us += delta_us;
    }
    if (d->trials->open_count > 0)
        save_trials(d);
}

/* --- time ----------------------------------------------------------------------------
 */

/* Whole days of the calendar: tested on the 1st, 31 on the 1st of the next month. */
static int days_since(const struct defense *d, const struct proof *p, int64_t time_us)
{
    const struct gw_campus *campus = gw_host_campus(d->host);
    int64_t since_us = p->tested_us != GW_TIME_NONE ? p->tested_us : p->known_us;
    int64_t span_us =
        gw_campus_midnight(campus, time_us) - gw_campus_midnight(campus, since_us);
    return (int)((span_us + DAY_US / 2) / DAY_US);
}

static bool panic_stands(const struct defense *d)
{
    for (size_t i = 0; i < d->trials->proof_count; i++)
        if (d->trials->proofs[i].stands)
            return true;
    return false;
}

static void tell(struct defense *d, int64_t time_us)
{
    for (size_t i = 0; i < d->trials->proof_count; i++) {
        struct proof *p = &d->trials->proofs[i];
        if (p->known_us == GW_TIME_NONE) {
            p->known_us = time_us;
            save_proof(d, p);
        }
        if (p->is_panic)
            derived_tell(d, &p->days, days_since(d, p, time_us), time_us);
        if (p->is_cabinet)
            derived_tell(d, &p->panic_near, panic_stands(d), time_us);
    }
}

static void tell_fact(struct defense *d, const struct trial *t, int64_t time_us)
{
    const struct gw_fact_value values[] = {
        {.name = "kind", .value = (double)NAN, .text = t->is_drill ? "drill" : "test"},
        {.name = "proven", .value = t->proven},
    };
    gw_fact(d->host, &(struct gw_fact){.kind = "security-test",
                                       .object = t->target,
                                       .start_us = t->from_us,
                                       .end_us = time_us,
                                       .time_us = time_us,
                                       .values = values,
                                       .count = 2,
                                       .completeness = 1});
}

static void close_trial(struct defense *d, size_t index, int64_t time_us)
{
    struct trial ended = d->trials->open[index];
    d->trials->open[index] = d->trials->open[--d->trials->open_count];
    save_trials(d);
    mark(d, &ended, false, time_us);
    tell_fact(d, &ended, time_us);
}

static void run(struct defense *d, int64_t time_us)
{
    for (size_t i = d->trials->open_count; i-- > 0;)
        if (time_us >= d->trials->open[i].until_us)
            close_trial(d, i, time_us);
    tell(d, time_us);
}

static int64_t due(const struct defense *d)
{
    int64_t at = INT64_MAX;
    for (size_t i = 0; i < d->trials->open_count; i++)
        if (d->trials->open[i].until_us < at)
            at = d->trials->open[i].until_us;
    return at;
}

static void day(struct defense *d, int64_t midnight_us)
{
    tell(d, midnight_us);
}

/* --- what came through ---------------------------------------------------------------
 */

/* A device proves itself by an alarm about it while its contact says so: not by silence.
 */
static bool is_acting(const struct defense *d, const char *device)
{
    for (size_t i = 0; i < d->signal_count; i++) {
        const struct signal *s = &d->signals[i];
        if (s->is_security && s->info.device && strcmp(s->info.device, device) == 0
            && signal_is_on(s))
            return true;
    }
    return false;
}

static void prove(struct defense *d, struct proof *p, int64_t time_us)
{
    p->tested_us = time_us;
    save_proof(d, p);
    for (size_t i = 0; i < d->trials->open_count; i++)
        if (covers(&d->trials->open[i], p))
            d->trials->open[i].proven++;
    save_trials(d);
    tell(d, time_us);
}

static void alarm(struct defense *d, const struct gw_transition *t)
{
    struct proof *p = proof_of(d, t->object);
    if (!p || t->time_us == GW_TIME_NONE)
        return;
    if (t->is_test && t->to == GW_ALARM_UNACKNOWLEDGED && is_acting(d, t->object))
        prove(d, p, t->time_us);
    if (!p->is_panic || t->severity != GW_P1)
        return;
    bool stands = !t->is_test && t->to != GW_ALARM_NORMAL;
    if (stands == p->stands)
        return;
    p->stands = stands;
    save_proof(d, p);
    tell(d, t->time_us);
}

/* --- orders ----------------------------------------------------------------------------
 */

static bool is_target(const struct defense *d, const char *target, bool is_drill)
{
    if (!is_drill)
        return proof_of(d, target) != NULL;
    return strcmp(target, "school") == 0
           || gw_campus_place(gw_host_campus(d->host), target) != NULL;
}

static int check(const struct defense *d, const struct gw_command *c, bool is_drill,
                 struct gw_error *err)
{
    if (strlen(c->target) >= GW_ID_MAX || !is_target(d, c->target, is_drill))
        return gw_fail(err, -ENOENT,
                       is_drill ? "there is no place '%s' (allowed: a place, "
                                  "or school)"
                                : "'%s' is no device of security",
                       c->target);
    if (strcmp(c->value, "off") == 0)
        return 0;
    if (c->until_us == GW_TIME_NONE)
        return gw_fail(err, -EINVAL, "until when is missing (at most 30 min)");
    if (is_drill && !c->comment[0])
        return gw_fail(err, -EINVAL, "a drill needs its reason");
    if (d->trials->open_count == TRIALS_MAX && !is_open(d, c->target))
        return gw_fail(err, -EPERM, "%d tests and drills run already", TRIALS_MAX);
    return 0;
}

static void open_trial(struct defense *d, const struct gw_command *c, bool is_drill)
{
    struct trial *t = &d->trials->open[d->trials->open_count++];
    *t = (struct trial){
        .from_us = c->time_us, .until_us = c->until_us, .is_drill = is_drill};
    (void)snprintf(t->target, sizeof(t->target), "%.*s", GW_ID_MAX - 1, c->target);
    memcpy(t->by, c->actor, sizeof(t->by));
    save_trials(d);
    mark(d, t, true, c->time_us);
}

static struct trial *trial_of(const struct defense *d, const char *target)
{
    for (size_t i = 0; i < d->trials->open_count; i++)
        if (strcmp(d->trials->open[i].target, target) == 0)
            return &d->trials->open[i];
    return NULL;
}

static int order(struct defense *d, const struct gw_command *c, struct gw_error *err)
{
    bool is_drill = strcmp(c->name, "drill") == 0;
    bool is_off = strcmp(c->value, "off") == 0;
    int r = check(d, c, is_drill, err);
    if (r < 0)
        return r;
    struct trial *t = trial_of(d, c->target);
    if (is_off && !t)
        return gw_fail(err, -ENOENT, "no test and no drill of '%s' runs", c->target);
    if (is_off)
        close_trial(d, (size_t)(t - d->trials->open), c->time_us);
    else if (t)
        t->until_us = c->until_us;
    else
        open_trial(d, c, is_drill);
    save_trials(d);
    return 0;
}

static json_t *moment(const struct defense *d, int64_t time_us)
{
    if (time_us == GW_TIME_NONE)
        return json_null();
    struct gw_local at = gw_campus_local(gw_host_campus(d->host), time_us);
    return json_sprintf("%04d-%02d-%02dT%02d:%02d:%02d", at.year, at.month, at.day,
                        at.hour, at.minute, at.second);
}

/* What an order did; NULL for a question. */
static json_t *sentence(const struct defense *d, const struct gw_command *c)
{
    const struct trial *t = trial_of(d, c->target);
    bool is_drill = strcmp(c->name, "drill") == 0;
    if (strcmp(c->name, "tests") == 0)
        return NULL;
    if (!t)
        return json_pack(
            "{s:o, s:o}", "zh",
            json_sprintf("%s：%s已结束", c->target, is_drill ? "演练" : "测试"), "en",
            json_sprintf("%s: the %s is over", c->target, is_drill ? "drill" : "test"));
    struct gw_local at = gw_campus_local(gw_host_campus(d->host), t->until_us);
    return json_pack(
        "{s:o, s:o}", "zh",
        json_sprintf("%s：到 %02d:%02d:%02d 为止的报警都标为%s，照常送出", c->target,
                     at.hour, at.minute, at.second, t->is_drill ? "演练" : "测试"),
        "en",
        json_sprintf("%s: until %02d:%02d:%02d its alarms are marked as of a %s, and go "
                     "out as ever",
                     c->target, at.hour, at.minute, at.second,
                     t->is_drill ? "drill" : "test"));
}

static void answer(struct defense *d, const struct gw_command *c)
{
    json_t *open = json_array();
    json_t *devices = json_array();
    for (size_t i = 0; i < d->trials->open_count; i++) {
        const struct trial *t = &d->trials->open[i];
        (void)json_array_append_new(
            open, json_pack("{s:s, s:s, s:o, s:s, s:i}", "target", t->target, "kind",
                            t->is_drill ? "drill" : "test", "until",
                            moment(d, t->until_us), "by", t->by, "proven", t->proven));
    }
    for (size_t i = 0; i < d->trials->proof_count; i++) {
        const struct proof *p = &d->trials->proofs[i];
        (void)json_array_append_new(devices,
                                    json_pack("{s:s, s:o}", "device", p->device,
                                              "last_tested", moment(d, p->tested_us)));
    }
    json_t *all = json_pack("{s:o, s:o, s:o*}", "open", open, "devices", devices, "text",
                            sentence(d, c));
    char *text = all ? json_dumps(all, JSON_COMPACT) : NULL;
    if (text)
        gw_answer(d->host, text);
    free(text);
    json_decref(all);
}

int trials_command(struct defense *d, const struct gw_command *c, struct gw_error *err)
{
    int r = strcmp(c->name, "tests") == 0 ? 0 : order(d, c, err);
    if (r == 0)
        answer(d, c);
    return r;
}

struct tally trials_tested(const struct defense *d, int64_t time_us, int days)
{
    struct tally tally = {0};
    for (size_t i = 0; i < d->trials->proof_count; i++) {
        const struct proof *p = &d->trials->proofs[i];
        tally.total += p->is_panic;
        tally.good += p->is_panic && p->tested_us != GW_TIME_NONE
                      && days_since(d, p, time_us) <= days;
    }
    return tally;
}

const struct part trials_part = {
    .start = start,
    .stop = stop,
    .restored = restored,
    .tell = run,
    .alarm = alarm,
    .day = day,
    .due = due,
    .run = run,
    .clock_step = clock_step,
};
