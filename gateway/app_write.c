/* app_write.c - values on their way to outputs: an engineer's, and the rules'. */
#include <errno.h>
#include <stdlib.h>

#include "app.h"
#include "base/clock.h"

/* Longer than the 5 s between two tries of a device that does not answer. */
static const int64_t patience_us = INT64_C(10) * 1000000;

static int hand_on(struct app *app, const struct field_command *command,
                   struct gw_error *err)
{
    int r = -ESHUTDOWN;
    (void)pthread_mutex_lock(&app->links);
    if (app->field)
        r = field_write(app->field, command, err);
    else
        (void)gw_fail(err, r, "the gateway is stopping");
    (void)pthread_mutex_unlock(&app->links);
    return r;
}

int app_send_output(void *ctx, const struct output_send *send, struct gw_error *err)
{
    const struct field_command command = {
        .point = send->point,
        .value = send->is_on,
        .deadline_us = clock_machine_us() + patience_us,
        .ctx = send->ctx,
        .done = send->done,
    };
    return hand_on(ctx, &command, err);
}

/* From the sample that raised an alarm to here nothing has touched disk or network. */
void app_output(void *ctx, const struct output_command *command)
{
    struct app *app = ctx;
    if (command->is_last) {
        output_states_leave(app->outputs, command->point->id, clock_machine_us());
        return;
    }
    output_states_want(app->outputs, command->point->id, command->point->name,
                       command->is_on, clock_machine_us());
    if (command->is_on && app->sample_us > 0)
        latency_add(&app->given, clock_machine_us() - app->sample_us);
}

/* by_hand - an engineer's value on its way. */
struct by_hand {
    struct app *app;
    struct http_write write;
};

/* Only what the device took is its state by that person's will. */
static void by_hand_done(void *ctx, int result, const char *text)
{
    struct by_hand *hand = ctx;
    if (result == 0)
        output_states_overrule(hand->app->outputs, hand->write.point);
    hand->write.done(hand->write.ctx, result, text);
    free(hand);
}

int app_write(void *ctx, const struct http_write *write, struct gw_error *err)
{
    struct by_hand *hand = malloc(sizeof(*hand));
    if (!hand)
        return gw_fail(err, -ENOMEM, "out of memory");
    *hand = (struct by_hand){.app = ctx, .write = *write};
    const struct field_command command = {
        .point = write->point,
        .value = write->value,
        .deadline_us = clock_machine_us() + patience_us,
        .ctx = hand,
        .done = by_hand_done,
    };
    int r = hand_on(ctx, &command, err);
    if (r < 0)
        free(hand);
    return r;
}
