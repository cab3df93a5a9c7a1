/* command_book.h - which orders of the county came: each is obeyed once, for ever.
 *
 * Of each key the highest number and which of the 64 below it came, so that two receivers
 * with one key may overtake each other.  A key is known by its bytes: its name may
 * change. Whoever obeys an order notes it and keeps the state in the commit of what the
 * order did. Pure state.  Thread: one owner. Source: RFC 4303, 3.4.3 (the window against
 * replays)
 */
#ifndef UPLINK_COMMAND_BOOK_H
#define UPLINK_COMMAND_BOOK_H

#include <stdbool.h>

#include "uplink/county_order.h"

enum { COMMAND_BOOK_PAGES = 64, COMMAND_BOOK_KEY_MAX = 48 };

/* command_page - one key's; seen: bit i = the order highest - 1 - i came.
 * expires_us  the latest end of its orders */
struct command_page {
    unsigned char key[COUNTY_KEY_BYTES];
    uint64_t highest;
    uint64_t seen;
    int64_t expires_us;
};

/* Zero-initialise. */
struct command_book {
    struct command_page pages[COMMAND_BOOK_PAGES];
    size_t count;
};

/* command_book_look - ORDER_OBEYED: it did not come yet; ORDER_SEEN_BEFORE, or
 * ORDER_TOO_OLD: nobody knows any more; @err says it. */
enum order_refusal command_book_look(const struct command_book *book,
                                     const struct county_order *order,
                                     struct gw_error *err);

/* command_book_note - it came.  Of more than COMMAND_BOOK_PAGES keys the one whose orders
 * ended first is forgotten.  returns its page */
const struct command_page *command_book_note(struct command_book *book,
                                             const struct county_order *order);

/* command_page_state - to be kept; @key: its room.  command_book_restore - false: it is
 * none of these. */
struct gw_state command_page_state(const struct command_page *page,
                                   char key[COMMAND_BOOK_KEY_MAX]);
bool command_book_restore(struct command_book *book, const struct gw_state *state);

#endif
