/* app_flow.c - what flows on and back between two parts that do not know each other. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "base/clock.h"
#include "base/text.h"
#include "gw/log.h"

/* --- back from the store --------------------------------------------------------- */

void app_committed(void *ctx, uint16_t bus, uint64_t ticket)
{
    struct app *app = ctx;
    (void)pthread_mutex_lock(&app->links);
    if (app->field)
        field_committed(app->field, bus, ticket);
    (void)pthread_mutex_unlock(&app->links);
}

void app_appended(void *ctx)
{
    struct app *app = ctx;
    (void)pthread_mutex_lock(&app->links);
    if (app->county)
        county_appended(app->county);
    (void)pthread_mutex_unlock(&app->links);
}

/* A reload may put another encoder in its place meanwhile; live_free() waits for this. */
static struct county_encoder *hold_encoder(struct app *app)
{
    (void)pthread_mutex_lock(&app->links);
    struct county_encoder *encoder = app->live.encoder;
    app->is_encoding = true;
    (void)pthread_mutex_unlock(&app->links);
    return encoder;
}

static void let_encoder_go(struct app *app)
{
    (void)pthread_mutex_lock(&app->links);
    app->is_encoding = false;
    (void)pthread_cond_broadcast(&app->encoded);
    (void)pthread_mutex_unlock(&app->links);
}

char *app_encode(void *ctx, const struct gw_record *record, uint64_t epoch, uint64_t seq,
                 int *ret_priority)
{
    struct app *app = ctx;
    struct county_encoder *encoder = hold_encoder(app);
    char *text =
        encoder ? county_encode(encoder, record, epoch, seq, ret_priority) : NULL;
    let_encoder_go(app);
    return text;
}

char *app_encode_dropped(void *ctx, const struct store_dropped *dropped, uint64_t epoch,
                         uint64_t seq)
{
    struct app *app = ctx;
    struct county_encoder *encoder = hold_encoder(app);
    char *text = encoder ? county_encode_dropped(encoder, dropped, epoch, seq) : NULL;
    let_encoder_go(app);
    return text;
}

static void tell_sealed(const struct evidence_month *month,
                        const struct evidence_file *file)
{
    const struct evidence_file *before = month->previous;
    char name[EVIDENCE_DAY_MAX];
    evidence_month_text(month->month, name);
    gw_log(GW_LOG_NOTICE, (struct gw_subject){"EVIDENCE", name},
           "signed: %zu facts of the month, %zu late ones", month->count,
           month->late_count);
    if (before
        && memcmp(before->public_key, file->public_key, sizeof(file->public_key)) != 0)
        gw_log(GW_LOG_WARNING, (struct gw_subject){"EVIDENCE", name},
               "signed by another key than the file before; it says so");
}

char *app_seal(void *ctx, const struct evidence_month *month, uint64_t epoch,
               uint64_t seq, struct evidence_file *ret)
{
    struct app *app = ctx;
    struct county_encoder *encoder = hold_encoder(app);
    char *text = encoder ? county_seal(encoder, month, epoch, seq, ret) : NULL;
    let_encoder_go(app);
    if (text)
        tell_sealed(month, ret);
    return text;
}

void app_settled(void *ctx, uint64_t kept, const char *fault)
{
    const struct app *app = ctx;
    operations_settle(app->operations, kept, fault);
}

/* --- on from the buses -------------------------------------------------------------- */

static bool push(void *ctx, const struct gw_sample *samples, size_t n,
                 const struct gw_delivery *delivery, bool has_more,
                 size_t *ret_overwritten)
{
    const struct app *app = ctx;
    return sample_queue_push_over(app->queue, samples, n, delivery, has_more,
                                  ret_overwritten);
}

static void call(void *ctx)
{
    const struct app *app = ctx;
    sample_queue_call(app->queue);
}

static void push_commit(void *ctx, uint16_t bus, uint64_t ticket)
{
    const struct app *app = ctx;
    sample_queue_push_commit(app->queue, bus, ticket);
}

static bool delivered(void *ctx, uint16_t bus, struct gw_delivered *ret,
                      struct gw_own_ids *ret_ids)
{
    const struct app *app = ctx;
    return store_delivered(app->store, bus, ret, ret_ids);
}

static void came_back(void *ctx, uint32_t point)
{
    const struct app *app = ctx;
    output_states_again(app->outputs, point);
}

const struct field_ops app_field_ops = {.push = push,
                                        .call = call,
                                        .commit = push_commit,
                                        .delivered = delivered,
                                        .came_back = came_back};

/* --- from people ----------------------------------------------------------------------
 */

int app_operate(void *ctx, const struct alarm_command *command,
                const struct outcome_to *to, struct gw_error *err)
{
    const struct app *app = ctx;
    const struct operation operation = {
        .kind = OPERATION_ALARM, .to = *to, .alarm = *command};
    return operations_give(app->operations, &operation, err);
}

/* Refusals are told on main. */
static void complain_of_refusal(void *ctx, struct outcome *outcome)
{
    struct app *app = ctx;
    if (outcome->result < 0)
        gw_complain(&app->refusals, (struct gw_subject){"LOCAL", "topics"},
                    "command refused: %s", outcome->err.text);
    free(outcome->answer);
}

int app_operate_by_topic(void *ctx, const struct alarm_command *command,
                         struct gw_error *err)
{
    const struct outcome_to to = {ctx, complain_of_refusal};
    return app_operate(ctx, command, &to, err);
}

int app_command(void *ctx, const struct gw_command *command, const struct outcome_to *to,
                struct gw_error *err)
{
    const struct app *app = ctx;
    const struct operation operation = {
        .kind = OPERATION_COMMAND, .to = *to, .command = *command};
    return operations_give(app->operations, &operation, err);
}

int app_enter(void *ctx, const struct campus_entry *entry, const char *actor,
              const struct outcome_to *to, struct gw_error *err)
{
    const struct app *app = ctx;
    struct operation operation = {
        .kind = OPERATION_ENTRY, .to = *to, .entry = {.entry = *entry}};
    text_copy(operation.entry.actor, sizeof(operation.entry.actor), actor);
    return operations_give(app->operations, &operation, err);
}

int app_enter_list(void *ctx, struct campus_entry_list *list, const char *actor,
                   const struct outcome_to *to, struct gw_error *err)
{
    const struct app *app = ctx;
    struct operation operation = {
        .kind = OPERATION_LIST, .to = *to, .list = {.list = list}};
    text_copy(operation.list.actor, sizeof(operation.list.actor), actor);
    return operations_give(app->operations, &operation, err);
}

void app_look(void *ctx)
{
    const struct app *app = ctx;
    store_look(app->store);
}

bool app_peek(void *ctx, uint32_t point, int64_t now_us, int64_t *ret_hour_us,
              struct block *ret)
{
    const struct app *app = ctx;
    return store_peek(app->store, point, now_us, ret_hour_us, ret);
}

struct http_sources app_sources(const struct live *live)
{
    const struct settings *s = live->settings;
    return (struct http_sources){
        .points = pipeline_points(live->pipeline),
        .alarms = pipeline_alarms(live->pipeline),
        .rules = pipeline_rules(live->pipeline),
        .commands = pipeline_commands(live->pipeline),
        .campus = s->campus,
        .config = s->config,
        .faults = s->faults,
        .store_path = s->store.path,
        .offset_s = campus_offset_s(s->campus, clock_school_us()),
    };
}
