/* alarm_kept.h - an alarm as bytes that come back after a restart.  Thread: any. */
#ifndef ALARMS_ALARM_KEPT_H
#define ALARMS_ALARM_KEPT_H

#include "alarms/alarm_list.h"

/* 1 had neither raised_value nor words. */
enum { ALARM_KEPT_VERSION = 2, ALARM_WORDS = 8, ALARM_WORD_MAX = 400 };

/* alarm_kept - what of an alarm outlives the process.  Fixed widths without holes: the
 * bytes are the form.  Behind them stand its words, each ended by NUL; those of a normal
 * alarm are empty. */
struct alarm_kept {
    uint32_t version;
    uint32_t severity;
    uint32_t state;
    uint32_t seq;
    uint32_t raised;
    uint8_t is_active;
    uint8_t is_latching;
    uint8_t is_latched;
    uint8_t is_test;
    uint64_t uid;
    double value;
    int64_t raised_us;
    int64_t changed_us;
    int64_t until_us;
    char rule[GW_ID_MAX];
    char object[GW_ID_MAX];
    char actor[GW_ACTOR_MAX];
    char comment[GW_COMMENT_MAX];
    double raised_value;
};
enum { ALARM_KEPT_MAX = (int)sizeof(struct alarm_kept) + ALARM_WORDS * ALARM_WORD_MAX };

/* alarm_pack - @alarm as bytes.  returns their size */
size_t alarm_pack(const struct alarm *alarm, char ret[ALARM_KEPT_MAX]);

/* alarm_own_words - copies the words of @row into @arena.  returns 0 or -ENOMEM */
int alarm_own_words(struct alarm_row *row, struct arena *arena);

/* alarm_forget_words - leaves it without any. */
void alarm_forget_words(struct alarm_row *row);

/* alarm_unpack - its words point into @bytes.
 * returns 0 or -EINVAL: bytes of an unknown form or another @key. */
int alarm_unpack(const char *key, const void *bytes, size_t size, struct alarm *ret);

#endif
