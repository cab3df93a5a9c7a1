#include "uplink/evidence_data.h"

#include <inttypes.h>
#include <string.h>

/* The file before this one; null when there was none. */
static json_t *previous_json(const struct evidence_file *previous)
{
    char month[EVIDENCE_DAY_MAX];
    char digest[CANONICAL_HEX_MAX];
    if (!previous)
        return json_null();
    evidence_month_text(previous->month, month);
    canonical_hex(previous->digest, digest);
    return json_pack("{s:s, s:s}", "month", month, "digest", digest);
}

static bool has_key_changed(const struct evidence_about *about,
                            const struct evidence_file *previous)
{
    return previous
           && memcmp(previous->public_key, about->key->public_key, EVIDENCE_PUBLIC) != 0;
}

json_t *evidence_data(const struct evidence_about *about,
                      const struct evidence_month *month)
{
    char name[EVIDENCE_DAY_MAX];
    const struct county_config *c = about->config;
    evidence_month_text(month->month, name);
    json_t *data =
        json_pack("{s:o, s:s, s:o, s:s, s:s, s:o, s:o, s:o, s:b}", "key",
                  json_sprintf("evidence/school/%s", name), "month", name, "source",
                  json_sprintf("campus/%s/%s/%s", c->division, c->school, c->gateway),
                  "start", about->start, "end", about->end, "config",
                  json_sprintf("%016" PRIx64, about->config_hash), "late",
                  evidence_late(month->late, month->late_count), "previous",
                  previous_json(month->previous), "key_changed",
                  (int)has_key_changed(about, month->previous));
    if (!data || evidence_fold(month->facts, month->count, data) < 0
        || evidence_sign(data, about->key->secret) < 0) {
        json_decref(data);
        return NULL;
    }
    return data;
}
