#include "uplink/command_desk.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/text.h"
#include "gw/log.h"

#define QUIET_US INT64_C(60000000)
#define ASK_AGAIN_US INT64_C(3600000000)
enum { CUTS_MAX = 3 };

/* refusal - of one reason.
 * until_us  no further line before
 * held      how many had none
 * text      the last of them */
struct refusal {
    int64_t until_us;
    uint64_t held;
    char text[200];
};

struct command_desk {
    const struct county_setup *setup;
    struct refusal refusals[ORDER_REFUSALS];
    struct gw_complaint right;
    unsigned cuts; /* in a row */
    int64_t ask_us;
    pthread_mutex_t lock; /* of first and last: a leaf */
    struct county_given *first;
    struct county_given *last;
};

static struct gw_subject about(const struct command_desk *d)
{
    return (struct gw_subject){"COUNTY", d->setup->config->broker};
}

int command_desk_new(const struct county_setup *setup, struct command_desk **ret)
{
    struct command_desk *d = calloc(1, sizeof(*d));
    if (!d)
        return -ENOMEM;
    d->setup = setup;
    (void)pthread_mutex_init(&d->lock, NULL);
    *ret = d;
    return 0;
}

struct command_desk *command_desk_free(struct command_desk *d)
{
    if (!d)
        return NULL;
    while (d->first) {
        struct county_given *next = d->first->next;
        free(d->first);
        d->first = next;
    }
    (void)pthread_mutex_destroy(&d->lock);
    free(d);
    return NULL;
}

/* --- the journal ----------------------------------------------------------------------
 */

static void refuse(struct command_desk *d, enum order_refusal why, const char *text)
{
    struct refusal *r = &d->refusals[why];
    int64_t now_us = clock_machine_us();
    if (now_us < r->until_us) {
        r->held++;
        text_copy(r->text, sizeof(r->text), text);
        return;
    }
    r->until_us = now_us + QUIET_US;
    gw_log(GW_LOG_WARNING, about(d), "an order is refused: %s", text);
}

void command_desk_tell(struct command_desk *d)
{
    int64_t now_us = clock_machine_us();
    for (size_t i = 0; i < ORDER_REFUSALS; i++) {
        struct refusal *r = &d->refusals[i];
        if (r->held == 0 || now_us < r->until_us)
            continue;
        gw_log(GW_LOG_WARNING, about(d),
               "%" PRIu64 " more orders were refused, the last of them: %s", r->held,
               r->text);
        r->held = 0;
        r->until_us = now_us + QUIET_US;
    }
}

/* "drill school (key county-1, seq 42, by county; fire drill)" */
static void describe(const struct county_order *o, char *ret, size_t size)
{
    const char *object = o->what == COUNTY_ACKNOWLEDGE ? o->alarm : o->target;
    (void)snprintf(ret, size, "%s%s%s (key %s, seq %" PRIu64 "%s%s%s%s)",
                   county_do_name(o->what), object[0] ? " " : "", object, o->key_name,
                   o->seq, o->by[0] ? ", by " : "", o->by, o->comment[0] ? "; " : "",
                   o->comment);
}

static void journal(struct command_desk *d, const struct county_given *given)
{
    char what[800];
    struct gw_error said;
    describe(&given->order, what, sizeof(what));
    (void)gw_fail(&said, 0, "%s: %s", what, given->err.text);
    if (given->why != ORDER_OBEYED)
        refuse(d, given->why, said.text);
    else if (given->err.text[0])
        gw_log(GW_LOG_WARNING, about(d),
               "ordered %s and done, but not on the disk yet: %s", what, given->err.text);
    else
        gw_log(GW_LOG_NOTICE, about(d), "ordered %s: done", what);
}

/* --- the right to read orders ---------------------------------------------------------
 */

bool command_desk_may_ask(const struct command_desk *d)
{
    return d->setup->config->command_keys.count > 0 && clock_machine_us() >= d->ask_us;
}

void command_desk_heard(struct command_desk *d, bool is_granted)
{
    d->cuts = 0;
    if (is_granted)
        gw_relieve(&d->right, about(d), "orders can be read");
    else
        gw_complain(&d->right, about(d),
                    "this gateway may not read its topic 'cmd': no order arrives");
}

/* Acknowledgements are worth more than orders. */
void command_desk_cut(struct command_desk *d)
{
    if (++d->cuts < CUTS_MAX)
        return;
    d->cuts = 0;
    d->ask_us = clock_machine_us() + ASK_AGAIN_US;
    gw_complain(&d->right, about(d),
                "it ends the connection when the topic 'cmd' is asked for: for an hour "
                "no order arrives");
}

/* --- on and back ----------------------------------------------------------------------
 */

static int hand_on(struct command_desk *d, const struct county_order *order,
                   struct gw_error *err)
{
    struct county_given *given = calloc(1, sizeof(*given));
    if (!given)
        return gw_fail(err, -ENOMEM, "out of memory");
    given->order = *order;
    int r = d->setup->order(d->setup->ctx, given, err);
    if (r < 0)
        free(given);
    return r;
}

void command_desk_message(struct command_desk *d, const void *message, size_t size)
{
    const struct county_config *config = d->setup->config;
    const int64_t now_us = clock_school_is_known() ? clock_school_us() : GW_TIME_NONE;
    struct county_order order;
    struct gw_error err = {0};
    enum order_refusal why = county_order_read(message, size, &config->command_keys,
                                               config->gateway, now_us, &order, &err);
    if (why == ORDER_OBEYED && hand_on(d, &order, &err) < 0)
        why = ORDER_NOT_NOW;
    if (why != ORDER_OBEYED)
        refuse(d, why, err.text);
}

void command_desk_put(struct command_desk *d, struct county_given *given)
{
    given->next = NULL;
    (void)pthread_mutex_lock(&d->lock);
    if (d->last)
        d->last->next = given;
    else
        d->first = given;
    d->last = given;
    (void)pthread_mutex_unlock(&d->lock);
}

struct county_given *command_desk_take(struct command_desk *d)
{
    (void)pthread_mutex_lock(&d->lock);
    struct county_given *given = d->first;
    if (given)
        d->first = given->next;
    if (!d->first)
        d->last = NULL;
    (void)pthread_mutex_unlock(&d->lock);
    if (given)
        journal(d, given);
    return given;
}
