/* ingest_bench ADDRESS SCHEMAS EXAMPLE GATEWAYS COUNT [bare] - rows a second into
 * PostgreSQL.
 *
 * COUNT bodies are made from EXAMPLE, in memory, the gateways' in turn.  They go through
 * the receiver's intake (read, judged, stored, answered), or with "bare" their finished
 * rows go as one COPY into a table of the same columns and key.  Prints {"rows": …,
 * "seconds": …}; the time to make bodies and rows is not in it. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "ingest/copy_row.h"
#include "ingest/intake.h"
#include "ingest/message.h"
#include "ingest/postgres.h"

enum { CHUNK = 64 * 1024, TOPIC_MAX = 96 };

static const char epoch[] = "4611686018427387905";

struct body {
    char topic[TOPIC_MAX];
    char *text;
    size_t size;
};

static void give_up(const char *what)
{
    (void)fprintf(stderr, "ingest_bench: %s\n", what);
    exit(1);
}

static void expect(int r, const struct gw_error *err)
{
    if (r < 0)
        give_up(err->text);
}

static struct body make_body(json_t *example, unsigned gateway, unsigned seq)
{
    char name[16], id[64];
    struct body body;
    (void)snprintf(name, sizeof(name), "gw-%05u", gateway);
    (void)snprintf(id, sizeof(id), "%s/%s/%u", name, epoch, seq);
    (void)snprintf(body.topic, sizeof(body.topic),
                   "campus/v1/530502/2153012345/%s/summary", name);
    json_object_set_new(example, "id", json_string(id));
    json_object_set_new(example, "gateway", json_string(name));
    json_object_set_new(example, "epoch", json_string(epoch));
    json_object_set_new(example, "seq", json_integer(seq));
    body.text = json_dumps(example, JSON_COMPACT);
    if (!body.text)
        give_up("out of memory");
    body.size = strlen(body.text);
    return body;
}

static struct body *make_bodies(const char *path, unsigned gateways, unsigned count)
{
    json_error_t fault;
    json_t *example = json_load_file(path, 0, &fault);
    struct body *bodies = calloc(count, sizeof(*bodies));
    if (!example || !bodies)
        give_up(path);
    for (unsigned i = 0; i < count; i++)
        bodies[i] = make_body(example, i % gateways, 1 + i / gateways);
    json_decref(example);
    return bodies;
}

static int no_publish(void *ctx, const char *gateway, const char *body,
                      struct gw_error *err)
{
    (void)ctx, (void)gateway, (void)body, (void)err;
    return 0;
}

/* As subscriber.c goes about it, without a broker. */
static void feed(const char *address, const struct schema_set *schemas,
                 const struct body *bodies, unsigned count)
{
    struct gw_error err;
    struct archive *archive;
    struct intake *intake;
    expect(archive_open(address, &archive, &err), &err);
    if (intake_new(archive, schemas, &intake) < 0)
        give_up("out of memory");
    int64_t began_us = clock_machine_us();
    for (unsigned i = 0; i < count; i++) {
        if (intake_add(intake, bodies[i].topic, bodies[i].text, bodies[i].size) < 0)
            give_up("out of memory");
        if (!intake_is_full(intake) && i + 1 < count)
            continue;
        expect(intake_store(intake, &err), &err);
        expect(intake_answer(intake, no_publish, NULL, &err), &err);
    }
    int64_t took_us = clock_machine_us() - began_us;
    struct archive_counts counts;
    expect(archive_count(archive, &counts, &err), &err);
    if (counts.rows != count || intake_counts(intake).invalid > 0)
        give_up("not every row was stored");
    (void)printf("{\"rows\": %u, \"seconds\": %.6f}\n", count, (double)took_us / 1e6);
    intake_free(intake);
    archive_close(archive);
}

static void add_row(struct strbuf *rows, const struct body *body,
                    const struct schema_set *schemas, int64_t now_us)
{
    struct message m;
    struct gw_error err;
    int64_t time_us = 0;
    expect(message_read(body->topic, body->text, body->size, schemas, &m, &err), &err);
    copy_row(rows, 10);
    copy_text(rows, m.gateway);
    copy_bigint(rows, (int64_t)m.epoch);
    copy_bigint(rows, (int64_t)m.seq);
    copy_month(rows, now_us);
    copy_text(rows, m.topic);
    copy_text(rows, m.type);
    expect(clock_parse(m.time, &time_us), &err);
    copy_time(rows, time_us);
    copy_time(rows, now_us);
    copy_bigint(rows, (int64_t)m.digest);
    copy_jsonb(rows, body->text, body->size);
    message_clear(&m);
}

static void copy(const char *address, const struct schema_set *schemas,
                 const struct body *bodies, unsigned count)
{
    struct gw_error err;
    struct postgres *p;
    struct strbuf rows = {0};
    expect(postgres_open(address, &p, &err), &err);
    expect(postgres_run(p,
                        "CREATE TABLE bare (LIKE messages);"
                        " ALTER TABLE bare ADD PRIMARY KEY (gateway, epoch, seq, month)",
                        &err),
           &err);
    copy_begin(&rows);
    for (unsigned i = 0; i < count; i++)
        add_row(&rows, &bodies[i], schemas, clock_school_us());
    copy_end(&rows);
    if (rows.has_failed)
        give_up("out of memory");
    int64_t began_us = clock_machine_us();
    expect(postgres_copy(p, "COPY bare FROM STDIN (FORMAT binary)", &err), &err);
    for (size_t at = 0; at < rows.used; at += CHUNK) {
        size_t size = rows.used - at < CHUNK ? rows.used - at : CHUNK;
        expect(postgres_copy_put(p, rows.text + at, size, &err), &err);
    }
    expect(postgres_copy_end(p, &err), &err);
    int64_t took_us = clock_machine_us() - began_us;
    expect(postgres_run(p, "DROP TABLE bare", &err), &err);
    (void)printf("{\"rows\": %u, \"seconds\": %.6f}\n", count, (double)took_us / 1e6);
    strbuf_free(&rows);
    postgres_close(p);
}

int main(int argc, char *argv[])
{
    if (argc < 6)
        give_up("ADDRESS SCHEMAS EXAMPLE GATEWAYS COUNT [bare]");
    struct gw_error err;
    struct schema_set *schemas;
    unsigned gateways = (unsigned)strtoul(argv[4], NULL, 10);
    unsigned count = (unsigned)strtoul(argv[5], NULL, 10);
    expect(schema_set_new(argv[2], &schemas, &err), &err);
    struct body *bodies = make_bodies(argv[3], gateways ? gateways : 1, count);
    if (argc > 6)
        copy(argv[1], schemas, bodies, count);
    else
        feed(argv[1], schemas, bodies, count);
    for (unsigned i = 0; i < count; i++)
        free(bodies[i].text);
    free(bodies);
    schema_set_free(schemas);
    return 0;
}
