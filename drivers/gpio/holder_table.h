/* holder_table.h - the output lines that campus-gpio-holder holds, and what ends a level.
 *
 * A line that was once claimed is held until the program ends, whoever comes and goes.
 * One whose chip goes away is lost: it takes neither claim nor level, is tried again, and
 * is then opened as it is to be by that time: as asked for last, or safe.
 * Time is an argument, machine time in microseconds.  Thread: the program's only one.
 */
#ifndef GPIO_HOLDER_TABLE_H
#define GPIO_HOLDER_TABLE_H

#include "gpio_request.h"
#include "holder_protocol.h"

enum { TABLE_LINES_MAX = 64, TABLE_NOBODY = -1 };

/* held_line - one line.
 * client     whose it is, TABLE_NOBODY: whoever claims it next
 * request    NULL: lost, and fault says why
 * number     its client's name for it
 * is_spent   its longest time was reached, and nobody has asked for off since
 * until_us   on until then, INT64_MAX = without end or off
 * heard_us   the last word of its client
 * look_us    when to see whether its chip is there, or to try again
 * pause_us   lost: between two tries
 * has_news   table_time() is to tell it */
struct held_line {
    char chip[HOLDER_NAME_MAX];
    char name[HOLDER_NAME_MAX];
    struct gpio_request *request;
    int client;
    uint16_t number;
    bool is_on;
    bool is_active_low;
    bool is_safe_on;
    bool is_safe; /* put there by silence: said once */
    bool is_spent;
    enum holder_cause cause;
    int64_t max_on_us;
    int64_t until_us;
    int64_t heard_us;
    int64_t look_us;
    int64_t pause_us;
    bool has_news;
    char fault[HOLDER_TEXT_MAX];
};

struct holder_table {
    struct held_line lines[TABLE_LINES_MAX];
    size_t count;
};

/* table_claim - @ask's line for @client: opened in its safe state, or, when it is held
 * already and nobody's, as it is.  A claim may change safe state and longest time, but
 * lengthens none that runs: a longer one counts from the next time it goes on.
 * returns  0 and *ret, or gw_fail(): another's, no such line, too many, lost, or a chip
 *          that refuses to turn it round; all is as it was then */
int table_claim(struct holder_table *t, int client, const struct holder_message *ask,
                int64_t now_us, struct held_line **ret, struct gw_error *err);

/* table_set - @is_on for line @number of @client.  Its longest time begins when it goes
 * on and is not begun anew by saying it again; once it is over, on is refused until
 * somebody has asked for off: whoever repeats a wish makes no siren sound for ever.
 * returns  0 and *ret, or gw_fail(): -ENOENT, -EPERM, -ENODEV: lost, -errno of the chip:
 *          lost from now on */
int table_set(struct holder_table *t, int client, uint16_t number, bool is_on,
              int64_t now_us, struct held_line **ret, struct gw_error *err);

/* table_heard - @client is alive.  table_leave - it goes in good order: safe states, now.
 * table_lost - its connection ended: its lines stay as they are until silence ends them.
 */
void table_heard(struct holder_table *t, int client, int64_t now_us);
void table_leave(struct holder_table *t, int client, int64_t now_us);
void table_lost(struct holder_table *t, int client);

/* table_time - does what is due at @now_us.
 * returns  a line to be told: switched, since its longest time is over or its client
 *          silent, lost, or held again; NULL = none is left */
struct held_line *table_time(struct holder_table *t, int64_t now_us);

/* table_due - when table_time() has work, INT64_MAX = never. */
int64_t table_due(const struct holder_table *t);

/* table_close - every line to its safe state, then released. */
void table_close(struct holder_table *t);

#endif
