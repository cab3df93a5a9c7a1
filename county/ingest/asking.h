/* asking.h - what of one stream is missing, and when its gateway is asked for it.
 *
 * A hole is first noticed, asked for once it is old enough (alarms overtake, and rows of
 * a backlog follow by themselves), and asked for again after a wait that doubles. Thread:
 * one owner.
 */
#ifndef INGEST_ASKING_H
#define INGEST_ASKING_H

#include "ingest/message.h"
#include "ingest/range_set.h"

/* Ranges of one command. */
enum { ASKING_RANGES_MAX = 100 };

/* asking - one epoch of one gateway.  Times are of the receivers' clocks, 0 = never.
 * holes       what is missing and not gone
 * noticed     holes that were seen at noticed_us and not asked for yet
 * asked       holes that were asked for, all of them at asked_us or after it
 * wait_us     from asked_us until they are asked for again; 0 = none is asked for
 * heard_us    the gateway's last message
 * is_away     its state says that it is offline */
struct asking {
    char gateway[MESSAGE_GATEWAY_MAX];
    uint64_t epoch;
    struct range_set holes;
    struct range_set noticed;
    struct range_set asked;
    int64_t noticed_us;
    int64_t asked_us;
    int64_t wait_us;
    int64_t heard_us;
    bool is_away;
};

/* asking_pace - @first_us: a hole's age before it is asked for, and the first wait;
 * @last_us: the longest wait. */
struct asking_pace {
    int64_t first_us;
    int64_t last_us;
};

/* asking_judge - brings @a up to @now_us.
 * *ret_is_changed  noticed, asked or a time is another one now: keep it
 * ret              empty; what to ask for now, at most ASKING_RANGES_MAX ranges
 * returns          0 or -ENOMEM; @ret is to be cleared */
int asking_judge(struct asking *a, const struct asking_pace *pace, int64_t now_us,
                 bool *ret_is_changed, struct range_set *ret);

/* asking_is_over - nothing is noticed or asked for: there is nothing to keep. */
bool asking_is_over(const struct asking *a);

/* asking_list - zero-initialise; asking_list_add() returns a zero one, NULL = out of
 * memory.  Life: until the next one is added */
struct asking_list {
    struct asking *items;
    size_t count;
    size_t room;
};

struct asking *asking_list_add(struct asking_list *list);
void asking_list_clear(struct asking_list *list);

#endif
