#include "ingest/check_command.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>

#include "ingest/message.h"
#include "ingest/stream_table.h"

enum { REFUSED = -1, SOUND = 0, DIFFERS = 1, FAILED = 2 };

static const struct option long_options[] = {
    {"database", required_argument, NULL, 'd'},
    {"ask-again", no_argument, NULL, 'a'},
    {0},
};

/* checking - letters: the numbers of the dead letters, which have no row; lost: what is
 * to be asked for. */
struct checking {
    struct stream_table letters;
    struct stream_table lost;
    bool differs;
};

static int complain(const struct gw_error *err)
{
    (void)fprintf(stderr, "campus-county: %s\n", err->text);
    return FAILED;
}

static int add_letter(void *ctx, const char *topic, const void *payload, size_t size)
{
    struct checking *c = ctx;
    char gateway[MESSAGE_GATEWAY_MAX];
    struct archive_key key = {.gateway = gateway};
    bool is_new = false;
    if (!message_key(topic, payload, size, gateway, &key.epoch, &key.seq))
        return 0;
    struct stream *stream = stream_table_make(&c->letters, &key);
    return stream ? range_set_add(&stream->ranges, key.seq, &is_new) : -ENOMEM;
}

static void print(const struct archive_key *key, const struct range_set *rows,
                  const char *what)
{
    for (size_t i = 0; i < rows->count; i++)
        (void)printf("{\"gateway\":\"%s\",\"epoch\":\"%" PRIu64 "\",\"from\":%" PRIu64
                     ",\"to\":%" PRIu64 ",\"rows\":\"%s\"}\n",
                     key->gateway, key->epoch, rows->items[i].from, rows->items[i].to,
                     what);
}

static int keep_lost(struct checking *c, const struct archive_key *key,
                     const struct range_set *rows)
{
    struct stream *stream = rows->count ? stream_table_make(&c->lost, key) : NULL;
    int r = rows->count && !stream ? -ENOMEM : 0;
    for (size_t i = 0; r == 0 && i < rows->count; i++)
        r = range_set_join(&stream->ranges, rows->items[i]);
    return r;
}

static int compare(void *ctx, const struct archive_key *key,
                   const struct range_set *counted, const struct range_set *there)
{
    struct checking *c = ctx;
    const struct stream *letters = stream_table_find(&c->letters, key);
    static const struct range_set none = {0};
    struct range_set absent = {0};
    struct range_set lost = {0};
    struct range_set uncounted = {0};
    int r = range_set_subtract(counted, there, &absent);
    if (r == 0)
        r = range_set_subtract(&absent, letters ? &letters->ranges : &none, &lost);
    if (r == 0)
        r = range_set_subtract(there, counted, &uncounted);
    if (r == 0)
        r = keep_lost(c, key, &lost);
    if (r == 0) {
        print(key, &lost, "lost");
        print(key, &uncounted, "never received");
        c->differs = c->differs || lost.count + uncounted.count > 0;
    }
    range_set_clear(&absent);
    range_set_clear(&lost);
    range_set_clear(&uncounted);
    return r;
}

static int look(const char *database, struct checking *c, struct gw_error *err)
{
    struct archive *archive;
    int r = archive_open_to_read(database, &archive, err);
    if (r < 0)
        return r;
    const struct archive_stock stock = {
        .letter = add_letter, .stream = compare, .ctx = c};
    r = archive_stock(archive, &stock, err);
    archive_close(archive);
    return r;
}

static int forget(struct archive *archive, const struct stream *stream,
                  struct gw_error *err)
{
    const char *const gateway = stream->gateway;
    const struct archive_batch batch = {.gateways = &gateway, .count = 1};
    const struct archive_key key = {.gateway = gateway, .epoch = stream->epoch};
    int r = archive_begin(archive, &batch, err);
    if (r == 0)
        r = archive_forget(archive, &key, &stream->ranges, err);
    if (r == 0)
        r = archive_commit(archive, err);
    if (r < 0)
        archive_rollback(archive);
    return r;
}

static int ask_again(const char *database, const struct stream_table *lost,
                     struct gw_error *err)
{
    struct archive *archive;
    int r = archive_open(database, &archive, err);
    if (r < 0)
        return r;
    for (size_t i = 0; r == 0 && i < lost->count; i++)
        r = forget(archive, &lost->items[i], err);
    archive_close(archive);
    return r;
}

static int check(const char *database, bool asks_again)
{
    struct checking c = {0};
    struct gw_error err;
    int r = look(database, &c, &err);
    if (r == 0 && asks_again && c.lost.count > 0)
        r = ask_again(database, &c.lost, &err);
    stream_table_clear(&c.letters);
    stream_table_clear(&c.lost);
    if (r < 0)
        return complain(&err);
    return c.differs ? DIFFERS : SOUND;
}

int check_command(int argc, char *argv[])
{
    const char *database = NULL;
    bool asks_again = false;
    optind = 1;
    for (int option; (option = getopt_long(argc, argv, "", long_options, NULL)) != -1;) {
        if (option == 'd')
            database = optarg;
        else if (option == 'a')
            asks_again = true;
        else
            return REFUSED;
    }
    return database && optind == argc ? check(database, asks_again) : REFUSED;
}
