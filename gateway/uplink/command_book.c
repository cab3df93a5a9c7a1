#include "uplink/command_book.h"

#include <sodium.h>
#include <stddef.h>
#include <string.h>

enum { WINDOW = 64 };

_Static_assert(sizeof(struct command_page) == 56, "the kept form has no holes");

static const char owner[] = "county-command";
static const int variant = sodium_base64_VARIANT_ORIGINAL;

static struct command_page *find(const struct command_book *book,
                                 const unsigned char key[COUNTY_KEY_BYTES])
{
    for (size_t i = 0; i < book->count; i++)
        if (memcmp(book->pages[i].key, key, COUNTY_KEY_BYTES) == 0)
            return (struct command_page *)&book->pages[i];
    return NULL;
}

/* A new one, or that of the key whose orders ended first. */
static struct command_page *new_page(struct command_book *book)
{
    if (book->count < COMMAND_BOOK_PAGES)
        return &book->pages[book->count++];
    struct command_page *first = &book->pages[0];
    for (size_t i = 1; i < book->count; i++)
        if (book->pages[i].expires_us < first->expires_us)
            first = &book->pages[i];
    return first;
}

enum order_refusal command_book_look(const struct command_book *book,
                                     const struct county_order *order,
                                     struct gw_error *err)
{
    const struct command_page *page = find(book, order->key);
    if (!page || order->seq > page->highest)
        return ORDER_OBEYED;
    uint64_t behind = page->highest - order->seq;
    if (behind > WINDOW)
        return (enum order_refusal)gw_fail(
            err, ORDER_TOO_OLD, "its seq is more than 64 behind the newest of its key");
    bool has_come = behind == 0 || page->seen >> (behind - 1) & 1;
    return has_come ? (enum order_refusal)gw_fail(err, ORDER_SEEN_BEFORE,
                                                  "its seq came before")
                    : ORDER_OBEYED;
}

const struct command_page *command_book_note(struct command_book *book,
                                             const struct county_order *order)
{
    struct command_page *page = find(book, order->key);
    if (!page) {
        page = new_page(book);
        *page = (struct command_page){.highest = order->seq};
        memcpy(page->key, order->key, COUNTY_KEY_BYTES);
    } else if (order->seq > page->highest) {
        uint64_t ahead = order->seq - page->highest;
        page->seen = ahead < WINDOW ? page->seen << ahead : 0;
        if (ahead <= WINDOW)
            page->seen |= UINT64_C(1) << (ahead - 1); /* the highest until now */
        page->highest = order->seq;
    } else if (order->seq < page->highest && page->highest - order->seq <= WINDOW) {
        page->seen |= UINT64_C(1) << (page->highest - order->seq - 1);
    }
    if (order->expires_us > page->expires_us)
        page->expires_us = order->expires_us;
    return page;
}

struct gw_state command_page_state(const struct command_page *page,
                                   char key[COMMAND_BOOK_KEY_MAX])
{
    (void)sodium_bin2base64(key, COMMAND_BOOK_KEY_MAX, page->key, COUNTY_KEY_BYTES,
                            variant);
    return (struct gw_state){
        .owner = owner, .key = key, .bytes = page, .size = sizeof(*page)};
}

bool command_book_restore(struct command_book *book, const struct gw_state *state)
{
    struct command_page kept;
    if (strcmp(state->owner, owner) != 0 || state->size != sizeof(kept))
        return false;
    memcpy(&kept, state->bytes, sizeof(kept));
    struct command_page *page = find(book, kept.key);
    if (!page)
        page = new_page(book);
    if (page->expires_us <= kept.expires_us)
        *page = kept;
    return true;
}
