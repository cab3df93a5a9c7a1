/* bare_ingest PORT DATABASE COUNT - the practical limit: a bare libmosquitto loop that
 * reads a number from each message, stores it in SQLite (WAL, FULL) in batches, and
 * acknowledges after the commit.  No rules, no names, no quality.
 *
 * With COUNT 0 it only makes its persistent session.  With COUNT 1 it prints "first" at
 * its first message (the [start] figure). */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench_mqtt.h"

enum { BATCH = 500 };

struct ingest {
    sqlite3 *db;
    sqlite3_stmt *insert;
    int taken;
    int stored;
    bool is_subscribed;
    int64_t first_us;
};

static void on_message(struct mosquitto *m, void *ctx,
                       const struct mosquitto_message *msg)
{
    (void)m;
    struct ingest *in = ctx;
    if (in->taken == 0)
        in->first_us = bench_now_us();
    if (in->taken == in->stored)
        (void)sqlite3_exec(in->db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    const char *number = msg->payload ? strchr(msg->payload, ':') : NULL;
    (void)sqlite3_bind_int64(in->insert, 1,
                             strtoll(strchr(msg->topic, 'p') + 1, NULL, 10));
    (void)sqlite3_bind_int64(in->insert, 2, bench_now_us());
    (void)sqlite3_bind_double(in->insert, 3, number ? strtod(number + 1, NULL) : 0);
    (void)sqlite3_step(in->insert);
    (void)sqlite3_reset(in->insert);
    in->taken++;
}

static void on_subscribe(struct mosquitto *m, void *ctx, int id, int n,
                         const int *granted)
{
    (void)m;
    (void)id;
    (void)n;
    (void)granted;
    struct ingest *in = ctx;
    in->is_subscribed = true;
}

static void on_connect(struct mosquitto *m, void *ctx, int code)
{
    (void)ctx;
    if (code == 0)
        (void)mosquitto_subscribe(m, NULL, "bench/+/temperature", 1);
}

static void prepare(struct ingest *in, const char *path)
{
    int r = sqlite3_open(path, &in->db);
    if (r == SQLITE_OK)
        r = sqlite3_exec(
            in->db,
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            "CREATE TABLE IF NOT EXISTS log(point INTEGER, time INTEGER, value REAL)",
            NULL, NULL, NULL);
    if (r == SQLITE_OK)
        r = sqlite3_prepare_v2(in->db, "INSERT INTO log VALUES(?1,?2,?3)", -1,
                               &in->insert, NULL);
    if (r != SQLITE_OK) {
        fprintf(stderr, "bench: %s: %s\n", path, sqlite3_errmsg(in->db));
        exit(EXIT_FAILURE);
    }
}

/* Commits what was taken, then lets the acknowledgements out. */
static void commit(struct ingest *in, struct mosquitto *m)
{
    (void)sqlite3_exec(in->db, "COMMIT", NULL, NULL, NULL);
    in->stored = in->taken;
    while (mosquitto_want_write(m))
        if (mosquitto_loop_write(m, 1) != MOSQ_ERR_SUCCESS)
            exit(EXIT_FAILURE);
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: bare_ingest PORT DATABASE COUNT\n");
        return EXIT_FAILURE;
    }
    const int count = (int)strtol(argv[3], NULL, 10);
    struct ingest in = {0};
    prepare(&in, argv[2]);
    struct mosquitto *m =
        bench_connect("bench-bare", (int)strtol(argv[1], NULL, 10), false, true);
    mosquitto_user_data_set(m, &in);
    mosquitto_connect_callback_set(m, on_connect);
    mosquitto_subscribe_callback_set(m, on_subscribe);
    mosquitto_message_callback_set(m, on_message);

    while (!in.is_subscribed || in.stored < count) {
        const int before = in.taken;
        const bool has_open = in.taken > in.stored;
        if (bench_turn(m, has_open ? 0 : 100, !has_open) != MOSQ_ERR_SUCCESS)
            return EXIT_FAILURE;
        if (count == 1 && in.taken > 0) {
            printf("first\n");
            fflush(stdout);
        }
        const bool is_quiet = in.taken == before;
        if (in.taken - in.stored >= BATCH || (in.taken > in.stored && is_quiet))
            commit(&in, m);
    }
    if (count > 1)
        printf("{\"stored\":%d,\"seconds\":%.6f}\n", in.stored,
               (double)(bench_now_us() - in.first_us) / 1e6);
    (void)mosquitto_disconnect(m);
    (void)mosquitto_loop_write(m, 1);
    mosquitto_destroy(m);
    (void)sqlite3_finalize(in.insert);
    (void)sqlite3_close(in.db);
    return EXIT_SUCCESS;
}
