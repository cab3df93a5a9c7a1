#include "ingest/repeat_store.h"

#include <errno.h>
#include <stdlib.h>

#include "ingest/array_text.h"

enum { LISTS = 5 };

/* The places of the conflicts, from 1.  A look into the newest month first, and no
 * further than where the row is. */
static const char find_conflicts[] =
    "SELECT u.place FROM unnest($1::text[], $2::int8[], $3::int8[], $4::int8[],"
    " $5::int8[]) WITH ORDINALITY AS u (gateway, epoch, seq, digest, letter, place)"
    " WHERE (SELECT m.digest FROM messages m WHERE m.gateway = u.gateway"
    " AND m.epoch = u.epoch AND m.seq = u.seq ORDER BY m.month DESC LIMIT 1)"
    " IS DISTINCT FROM u.digest"
    " AND NOT EXISTS (SELECT 1 FROM dead_letters l WHERE l.digest = u.letter)";

static void add_repeat(const struct archive_repeat *repeat, struct strbuf lists[LISTS])
{
    array_text_add(&lists[0], repeat->key.gateway);
    array_text_add_number(&lists[1], (int64_t)repeat->key.epoch);
    array_text_add_number(&lists[2], (int64_t)repeat->key.seq);
    array_text_add_number(&lists[3], (int64_t)repeat->digest);
    array_text_add_number(&lists[4], (int64_t)repeat->letter);
}

static int mark(const PGresult *places, struct archive_repeat *repeats, size_t count,
                struct gw_error *err)
{
    for (int i = 0; i < PQntuples(places); i++) {
        uint64_t place = strtoull(PQgetvalue(places, i, 0), NULL, 10);
        if (place < 1 || place > count)
            return gw_fail(err, -EIO, "postgresql: no such place among the copies");
        repeats[place - 1].is_conflict = true;
    }
    return 0;
}

int repeat_store_compare(struct postgres *p, struct archive_repeat *repeats, size_t count,
                         struct gw_error *err)
{
    struct strbuf lists[LISTS] = {{0}};
    const char *values[LISTS];
    bool has_failed = false;
    for (size_t i = 0; i < count; i++) {
        repeats[i].is_conflict = false;
        add_repeat(&repeats[i], lists);
    }
    for (size_t i = 0; i < LISTS; i++) {
        array_text_end(&lists[i]);
        values[i] = lists[i].text;
        has_failed = has_failed || lists[i].has_failed;
    }
    PGresult *places = NULL;
    int r = has_failed ? gw_fail(err, -ENOMEM, "archive: out of memory")
                       : postgres_ask(p, find_conflicts, values, LISTS, &places, err);
    if (r == 0)
        r = mark(places, repeats, count, err);
    PQclear(places);
    for (size_t i = 0; i < LISTS; i++)
        strbuf_free(&lists[i]);
    return r;
}
