#include "holder_table.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const int64_t silence_us = HOLDER_SILENCE_MS * INT64_C(1000);

/* So often a line is looked at, or after so long tried again once its chip is gone; each
 * try that fails doubles the pause. */
static const int64_t look_us = 1000000;
static const int64_t pause_max_us = 8000000;

static bool level_of(const struct held_line *h, bool is_on)
{
    return is_on != h->is_active_low;
}

static void keep_fault(struct held_line *h, const struct gw_error *err)
{
    (void)snprintf(h->fault, sizeof(h->fault), "%.*s", HOLDER_TEXT_MAX - 1, err->text);
}

/* Its chip is gone or does not answer: a handle of it is good for nothing any more, even
 * when the chip returns. */
static void lose(struct held_line *h, int code, int64_t now_us)
{
    struct gw_error err = {0};
    (void)gpio_line_failed(h->chip, h->name, code, &err);
    keep_fault(h, &err);
    h->request = gpio_request_close(h->request);
    h->pause_us = look_us;
    h->look_us = now_us + h->pause_us;
    h->has_news = true;
}

/* What it is to be; a line that is lost is so once it is open again. */
static void become(struct held_line *h, bool is_on, enum holder_cause cause)
{
    h->is_on = is_on;
    h->cause = cause;
    h->is_spent = cause == HOLDER_MAX_ON || (h->is_spent && cause != HOLDER_ASKED);
    if (!is_on)
        h->until_us = INT64_MAX;
}

static int drive(struct held_line *h, bool is_on)
{
    return h->request ? gpio_request_set(h->request, level_of(h, is_on)) : 0;
}

/* What nobody is asked about: it holds for a lost line too. */
static void put(struct held_line *h, bool is_on, enum holder_cause cause, int64_t now_us)
{
    int r = drive(h, is_on);
    become(h, is_on, cause);
    if (r < 0)
        lose(h, r, now_us);
}

/* Never lengthens what runs: whoever claims again and again gains nothing by it. */
static void limit_on(struct held_line *h, int64_t now_us)
{
    int64_t end_us = now_us + h->max_on_us;
    if (h->is_on && h->max_on_us > 0 && end_us < h->until_us)
        h->until_us = end_us;
}

static void make_safe(struct held_line *h, int64_t now_us)
{
    put(h, h->is_safe_on, HOLDER_SAFE, now_us);
    h->is_safe = true;
}

/* On is another level from now on: what is held must be said anew.  It stays as it was
 * when the chip refuses. */
static int turn_round(struct held_line *h, const struct holder_message *ask,
                      struct gw_error *err)
{
    struct held_line turned = *h;
    turned.is_active_low = ask->is_active_low;
    int r = drive(&turned, ask->is_safe_on);
    if (r < 0)
        return gw_fail(err, r, "line '%s' of '%s' cannot be turned round: %s", h->name,
                       h->chip, strerror(-r));
    become(&turned, ask->is_safe_on, HOLDER_SAFE);
    *h = turned;
    return 0;
}

static struct held_line *find(struct holder_table *t, const struct holder_message *ask)
{
    for (size_t i = 0; i < t->count; i++)
        if (strcmp(t->lines[i].chip, ask->chip) == 0
            && strcmp(t->lines[i].name, ask->name) == 0)
            return &t->lines[i];
    return NULL;
}

static int open_line(struct held_line *h, struct gw_error *err)
{
    const struct gpio_line line = {
        .name = h->name, .is_output = true, .level = level_of(h, h->is_on)};
    return gpio_request_open(h->chip, "campus-gpio-holder", &line, &h->request, err);
}

/* A new line begins in its safe state. */
static int hold(struct holder_table *t, const struct holder_message *ask, int64_t now_us,
                struct held_line **ret, struct gw_error *err)
{
    if (t->count == TABLE_LINES_MAX)
        return gw_fail(err, -ENOSPC, "%d lines are held already (at most %d)",
                       TABLE_LINES_MAX, TABLE_LINES_MAX);
    struct held_line *h = &t->lines[t->count];
    *h = (struct held_line){
        .is_on = ask->is_safe_on,
        .is_active_low = ask->is_active_low,
        .cause = HOLDER_SAFE,
        .until_us = INT64_MAX,
        .look_us = now_us + look_us,
    };
    memcpy(h->chip, ask->chip, sizeof(h->chip));
    memcpy(h->name, ask->name, sizeof(h->name));
    int r = open_line(h, err);
    if (r < 0)
        return r;
    t->count++;
    *ret = h;
    return 0;
}

int table_claim(struct holder_table *t, int client, const struct holder_message *ask,
                int64_t now_us, struct held_line **ret, struct gw_error *err)
{
    if (ask->is_safe_on && ask->max_on_ms > 0)
        return gw_fail(err, -EINVAL,
                       "line '%s' of '%s': on is its safe state and cannot have an end",
                       ask->name, ask->chip);
    struct held_line *h = find(t, ask);
    if (h && h->client != TABLE_NOBODY && h->client != client)
        return gw_fail(err, -EBUSY, "line '%s' of '%s' belongs to another client",
                       h->name, h->chip);
    if (h && !h->request)
        return gw_fail(err, -ENODEV, "%s", h->fault);
    int r = h ? 0 : hold(t, ask, now_us, &h, err);
    if (!h)
        return r;
    if (h->is_active_low != ask->is_active_low)
        r = turn_round(h, ask, err);
    if (r < 0)
        return r;
    h->client = client;
    h->number = ask->line;
    h->is_safe_on = ask->is_safe_on;
    h->max_on_us = ask->max_on_ms * INT64_C(1000);
    h->heard_us = now_us;
    limit_on(h, now_us);
    h->is_safe = false;
    *ret = h;
    return 0;
}

static struct held_line *own(struct holder_table *t, int client, uint16_t number)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->lines[i].client == client && t->lines[i].number == number)
            return &t->lines[i];
    return NULL;
}

int table_set(struct holder_table *t, int client, uint16_t number, bool is_on,
              int64_t now_us, struct held_line **ret, struct gw_error *err)
{
    struct held_line *h = own(t, client, number);
    if (!h)
        return gw_fail(err, -ENOENT, "line %u is not claimed", number);
    if (!h->request)
        return gw_fail(err, -ENODEV, "%s", h->fault);
    if (is_on && h->is_spent)
        return gw_fail(err, -EPERM,
                       "line '%s' of '%s' was on for its longest time: on again only "
                       "after off",
                       h->name, h->chip);
    int r = drive(h, is_on);
    if (r < 0) {
        lose(h, r, now_us);
        return gw_fail(err, r, "%s", h->fault);
    }
    become(h, is_on, HOLDER_ASKED);
    limit_on(h, now_us);
    *ret = h;
    return 0;
}

void table_heard(struct holder_table *t, int client, int64_t now_us)
{
    for (size_t i = 0; i < t->count; i++) {
        struct held_line *h = &t->lines[i];
        if (h->client != client)
            continue;
        h->heard_us = now_us;
        h->is_safe = false;
    }
}

void table_leave(struct holder_table *t, int client, int64_t now_us)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->lines[i].client == client)
            make_safe(&t->lines[i], now_us);
}

void table_lost(struct holder_table *t, int client)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->lines[i].client == client)
            t->lines[i].client = TABLE_NOBODY;
}

static void open_again(struct held_line *h, int64_t now_us)
{
    struct gw_error err = {0};
    if (open_line(h, &err) == 0) {
        h->look_us = now_us + look_us;
        h->has_news = true;
        return;
    }
    keep_fault(h, &err);
    h->pause_us = h->pause_us * 2 < pause_max_us ? h->pause_us * 2 : pause_max_us;
    h->look_us = now_us + h->pause_us;
}

/* The kernel tells nobody that an output's chip is gone: only who asks learns it. */
static void look_at(struct held_line *h, int64_t now_us)
{
    int level = gpio_request_level(h->request);
    h->look_us = now_us + look_us;
    if (level < 0)
        lose(h, level, now_us);
}

static void do_what_is_due(struct held_line *h, int64_t now_us)
{
    bool is_over = h->until_us <= now_us;
    bool is_silent = !h->is_safe && h->heard_us + silence_us <= now_us;
    if (is_over)
        put(h, false, HOLDER_MAX_ON, now_us);
    if (is_silent)
        make_safe(h, now_us);
    if ((is_over || is_silent) && h->request)
        h->has_news = true;
    if (h->look_us > now_us)
        return;
    if (h->request)
        look_at(h, now_us);
    else
        open_again(h, now_us);
}

struct held_line *table_time(struct holder_table *t, int64_t now_us)
{
    for (size_t i = 0; i < t->count; i++) {
        struct held_line *h = &t->lines[i];
        do_what_is_due(h, now_us);
        if (!h->has_news)
            continue;
        h->has_news = false;
        return h;
    }
    return NULL;
}

int64_t table_due(const struct holder_table *t)
{
    int64_t due_us = INT64_MAX;
    for (size_t i = 0; i < t->count; i++) {
        const struct held_line *h = &t->lines[i];
        int64_t own_us = h->is_safe ? INT64_MAX : h->heard_us + silence_us;
        own_us = h->until_us < own_us ? h->until_us : own_us;
        own_us = h->look_us < own_us ? h->look_us : own_us;
        due_us = own_us < due_us ? own_us : due_us;
    }
    return due_us;
}

void table_close(struct holder_table *t)
{
    for (size_t i = 0; i < t->count; i++) {
        struct held_line *h = &t->lines[i];
        (void)drive(h, h->is_safe_on); /* it ends: nobody is left to try again */
        h->request = gpio_request_close(h->request);
    }
    t->count = 0;
}
