#include "alarms/alarm_kept.h"

#include <errno.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum { FIRST_FORM_SIZE = offsetof(struct alarm_kept, raised_value) };

_Static_assert(FIRST_FORM_SIZE == 24 + 40 + 3 * GW_ID_MAX + GW_COMMENT_MAX
                   && sizeof(struct alarm_kept) == FIRST_FORM_SIZE + sizeof(double),
               "the kept form has no holes");
_Static_assert(GW_ACTOR_MAX == GW_ID_MAX, "as the sum above has it");

#define WORD(field) offsetof(struct alarm_row, field)
static const size_t words[ALARM_WORDS] = {
    WORD(title.zh), WORD(title.en), WORD(action.zh), WORD(action.en),
    WORD(place.zh), WORD(place.en), WORD(basis),     WORD(unit),
};

static const char *word_of(const struct alarm_row *row, size_t index)
{
    const char *word;
    memcpy(&word, (const char *)row + words[index], sizeof(word));
    return word;
}

static void word_put(struct alarm_row *row, size_t index, const char *word)
{
    memcpy((char *)row + words[index], &word, sizeof(word));
}

int alarm_own_words(struct alarm_row *row, struct arena *arena)
{
    for (size_t i = 0; i < ALARM_WORDS; i++) {
        const char *word = word_of(row, i);
        const char *copy = word ? arena_string(arena, word) : NULL;
        if (word && !copy)
            return -ENOMEM;
        word_put(row, i, copy);
    }
    return 0;
}

void alarm_forget_words(struct alarm_row *row)
{
    for (size_t i = 0; i < ALARM_WORDS; i++)
        word_put(row, i, NULL);
}

size_t alarm_pack(const struct alarm *alarm, char ret[ALARM_KEPT_MAX])
{
    const struct alarm_row *row = &alarm->row;
    struct alarm_kept kept = {
        .version = ALARM_KEPT_VERSION,
        .severity = row->severity,
        .state = row->state,
        .seq = row->seq,
        .raised = row->raised,
        .is_active = row->is_active,
        .is_latching = alarm->is_latching,
        .is_latched = alarm->is_latched,
        .is_test = row->is_test,
        .uid = row->uid,
        .value = row->value,
        .raised_us = row->raised_us,
        .changed_us = row->changed_us,
        .until_us = alarm->until_us,
        .raised_value = row->raised_value,
    };
    memcpy(kept.rule, row->rule, sizeof(kept.rule));
    memcpy(kept.object, row->object, sizeof(kept.object));
    memcpy(kept.actor, row->actor, sizeof(kept.actor));
    memcpy(kept.comment, row->comment, sizeof(kept.comment));
    memcpy(ret, &kept, sizeof(kept));
    size_t size = sizeof(kept);
    for (size_t i = 0; i < ALARM_WORDS; i++) {
        const char *word = row->state != GW_ALARM_NORMAL ? word_of(row, i) : NULL;
        text_copy(ret + size, ALARM_WORD_MAX, word ? word : "");
        size += strlen(ret + size) + 1;
    }
    return size;
}

static bool kept_is_sound(const struct alarm_kept *kept)
{
    return kept->severity <= GW_INF && kept->state < GW_ALARM_STATES
           && memchr(kept->rule, 0, GW_ID_MAX) && memchr(kept->object, 0, GW_ID_MAX)
           && memchr(kept->actor, 0, GW_ACTOR_MAX)
           && memchr(kept->comment, 0, GW_COMMENT_MAX);
}

/* The fixed part, in either form. */
static bool read_kept(const void *bytes, size_t size, struct alarm_kept *ret)
{
    uint32_t version;
    if (size < FIRST_FORM_SIZE)
        return false;
    memcpy(&version, bytes, sizeof(version));
    if (version == 1 && size == FIRST_FORM_SIZE) {
        memcpy(ret, bytes, FIRST_FORM_SIZE);
        ret->raised_value = ret->is_active ? ret->value : NAN;
        return kept_is_sound(ret);
    }
    if (version != ALARM_KEPT_VERSION || size <= sizeof(*ret))
        return false;
    memcpy(ret, bytes, sizeof(*ret));
    return kept_is_sound(ret);
}

/* false: they are not as many, or the last one has no end */
static bool read_words(const char *bytes, size_t size, struct alarm_row *row)
{
    size_t at = 0;
    for (size_t i = 0; i < ALARM_WORDS; i++) {
        const char *end = memchr(bytes + at, 0, size - at);
        if (!end)
            return false;
        word_put(row, i, bytes[at] ? bytes + at : NULL);
        at = (size_t)(end - bytes) + 1;
    }
    return at == size;
}

int alarm_unpack(const char *key, const void *bytes, size_t size, struct alarm *ret)
{
    struct alarm_kept kept;
    if (!read_kept(bytes, size, &kept))
        return -EINVAL;

    struct alarm alarm = {
        .row =
            {
                .severity = (enum gw_severity)kept.severity,
                .state = (enum gw_alarm_state)kept.state,
                .is_active = kept.is_active,
                .is_test = kept.is_test,
                .uid = kept.uid,
                .seq = kept.seq,
                .raised = kept.raised,
                .value = kept.value,
                .raised_value = kept.raised_value,
                .raised_us = kept.raised_us,
                .changed_us = kept.changed_us,
            },
        .until_us = kept.until_us,
        .is_latching = kept.is_latching,
        .is_latched = kept.is_latched,
    };
    memcpy(alarm.row.rule, kept.rule, sizeof(kept.rule));
    memcpy(alarm.row.object, kept.object, sizeof(kept.object));
    memcpy(alarm.row.actor, kept.actor, sizeof(kept.actor));
    memcpy(alarm.row.comment, kept.comment, sizeof(kept.comment));
    int n = snprintf(alarm.row.id, sizeof(alarm.row.id), "%s@%s", kept.rule, kept.object);
    if (n < 0 || (size_t)n >= sizeof(alarm.row.id) || strcmp(alarm.row.id, key) != 0)
        return -EINVAL;
    if (size > sizeof(kept)
        && !read_words((const char *)bytes + sizeof(kept), size - sizeof(kept),
                       &alarm.row))
        return -EINVAL;
    *ret = alarm;
    return 0;
}
