#include "uplink/rotation.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/text.h"

enum { REFUSALS_A_SET = 2 };

#define RENEW_US (INT64_C(7) * 86400 * 1000000) /* before its end */
#define SPREAD_US INT64_C(600000000)            /* of those renewals, at most */
#define SPREAD_SHARE 100                        /* and at most of what is left */
#define REFUSED_AGAIN_US \
    (INT64_C(3600) * 1000000) /* a set that the broker did not take */

static void stamp(const char *path, struct rotation_stamp *ret)
{
    struct stat st;
    *ret = (struct rotation_stamp){0};
    if (!path || stat(path, &st) < 0)
        return;
    *ret = (struct rotation_stamp){.device = st.st_dev,
                                   .inode = st.st_ino,
                                   .size = st.st_size,
                                   .changed = st.st_ctim,
                                   .is_there = true};
}

static bool is_same(const struct rotation_stamp *a, const struct rotation_stamp *b)
{
    return a->device == b->device && a->inode == b->inode && a->size == b->size
           && a->changed.tv_sec == b->changed.tv_sec
           && a->changed.tv_nsec == b->changed.tv_nsec && a->is_there == b->is_there;
}

/* look_for_change - takes the stamps of now; true = another one than before. */
static bool look_for_change(struct rotation *r)
{
    bool is_changed = false;
    for (int i = 0; i < CREDENTIALS; i++) {
        struct rotation_stamp now;
        stamp(r->files[i], &now);
        is_changed = is_changed || !is_same(&now, &r->stamps[i]);
        r->stamps[i] = now;
    }
    return is_changed;
}

static void day_of(int64_t time_us, char ret[CLOCK_TEXT_MAX])
{
    clock_format(time_us, 0, ret);
    ret[strcspn(ret, "T")] = '\0';
}

/* The set before stays as long as it is the one that the broker has taken. */
static void put_current(struct rotation *r, struct credentials *new)
{
    if (r->is_taken) {
        (void)credentials_free(r->proven);
        r->proven = r->current;
    } else {
        if (r->used == r->current)
            r->used = NULL;
        (void)credentials_free(r->current);
    }
    r->current = new;
    r->is_taken = false;
    r->renew_us = 0;
    r->refusals = 0;
}

static void tell_taken(struct rotation *r)
{
    char day[CLOCK_TEXT_MAX];
    int64_t end_us = credentials_end_us(r->current, NULL);
    gw_relieve(&r->complaint, r->about, "the county's CA, certificate and key fit again");
    if (end_us == INT64_MAX || !r->proven)
        return;
    day_of(end_us, day);
    gw_log(GW_LOG_NOTICE, r->about,
           "takes the renewed files of the county's CA, certificate and key, until %s",
           day);
}

static void tell_refused(struct rotation *r, enum credential bad, const char *why)
{
    (void)snprintf(r->fault, sizeof(r->fault), "county.%s: %.350s", credential_name(bad),
                   why);
    gw_complain(&r->complaint, r->about, "%s; %s", r->fault,
                r->current ? "the one read before goes on" : "no connection until then");
}

static int judge(struct rotation *r, struct gw_error *err)
{
    struct credentials *new = NULL;
    enum credential bad;
    r->is_judged = true;
    int result = credentials_read(r->files, &new, &bad, err);
    if (result < 0) {
        tell_refused(r, bad, err->text);
        return result;
    }
    r->fault[0] = '\0';
    put_current(r, new);
    tell_taken(r);
    return 0;
}

void rotation_start(struct rotation *r, const struct county_config *config, double chance)
{
    struct gw_error err;
    *r = (struct rotation){
        .about = {"COUNTY", config->broker},
        .files = {config->ca, config->certificate, config->key},
        .chance = chance,
    };
    if (!config->ca)
        return;
    (void)look_for_change(r);
    (void)judge(r, &err);
}

void rotation_end(struct rotation *r)
{
    r->current = credentials_free(r->current);
    r->proven = credentials_free(r->proven);
}

static int64_t shorter(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static void plan_renewal(struct rotation *r, int64_t now_us)
{
    if (!r->is_online || !r->used || r->used == r->current || r->renew_us
        || !clock_school_is_known())
        return;
    int64_t left_us = credentials_end_us(r->used, NULL) - clock_school_us();
    if (left_us > RENEW_US)
        return;
    int64_t spread_us = left_us > 0 ? shorter(SPREAD_US, left_us / SPREAD_SHARE) : 0;
    r->renew_us = now_us + (int64_t)(r->chance * (double)spread_us);
}

bool rotation_is_awake(const struct rotation *r, int64_t now_us)
{
    return r->files[CREDENTIAL_CA] && now_us >= r->look_us;
}

bool rotation_look(struct rotation *r, int64_t now_us)
{
    struct gw_error err;
    bool is_new = false;
    r->look_us = now_us + ROTATION_LOOK_US;
    if (look_for_change(r))
        r->is_judged = false;
    else if (!r->is_judged)
        is_new = judge(r, &err) == 0;
    plan_renewal(r, now_us);
    return is_new;
}

int rotation_pick(struct rotation *r, const struct credentials **ret,
                  struct gw_error *err)
{
    *ret = NULL;
    if (!r->files[CREDENTIAL_CA])
        return 0;
    int result = r->current ? 0 : judge(r, err);
    if (result < 0)
        return result;
    bool is_others_turn = r->refusals / REFUSALS_A_SET % 2 == 1;
    bool may_be_before =
        r->proven && credentials_end_us(r->proven, NULL) > clock_school_us();
    r->used = is_others_turn && may_be_before ? r->proven : r->current;
    *ret = r->used;
    return 0;
}

void rotation_refused(struct rotation *r)
{
    r->refusals++;
}

void rotation_online(struct rotation *r, int64_t now_us)
{
    if (!r->used)
        return;
    r->is_online = true;
    r->renew_us = 0;
    r->refusals = 0;
    if (r->used == r->current) {
        r->is_taken = true;
        r->proven = credentials_free(r->proven);
        return;
    }
    r->renew_us = now_us + REFUSED_AGAIN_US;
    gw_log(
        GW_LOG_WARNING, r->about,
        "the broker does not take the new certificate in '%s', and takes the one before; "
        "the new one is tried again within the hour",
        r->files[CREDENTIAL_CERTIFICATE] ? r->files[CREDENTIAL_CERTIFICATE]
                                         : r->files[CREDENTIAL_CA]);
}

void rotation_offline(struct rotation *r)
{
    r->is_online = false;
    r->renew_us = 0;
}

bool rotation_is_due(const struct rotation *r, int64_t now_us)
{
    return r->is_online && r->renew_us && now_us >= r->renew_us;
}

void rotation_status(const struct rotation *r, struct county_credentials *ret)
{
    enum credential which = CREDENTIAL_CERTIFICATE;
    int64_t end_us = r->current ? credentials_end_us(r->current, &which) : INT64_MAX;
    *ret = (struct county_credentials){.end_us = end_us == INT64_MAX ? 0 : end_us};
    text_copy(ret->file, sizeof(ret->file), end_us == INT64_MAX ? "" : r->files[which]);
    text_copy(ret->fault, sizeof(ret->fault), r->fault);
}
