#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "ingest/archive_kind.h"
#include "ingest/postgres.h"

/* A slip in an address must not become a file of that name. */
static const struct archive_kind *kind_of(const char *name)
{
    size_t before = strcspn(name, "=/");
    if (strncmp(name, "postgresql://", 13) == 0 || strncmp(name, "postgres://", 11) == 0
        || postgres_is_address(name))
        return &archive_postgres;
    return name[before] == '=' || strstr(name, "://") ? NULL : &archive_sqlite;
}

static int open_as(const char *name, bool only_reads, struct archive **ret,
                   struct gw_error *err)
{
    const struct archive_kind *kind = kind_of(name);
    if (only_reads && kind == &archive_sqlite && access(name, F_OK) < 0)
        return gw_fail(err, -ENOENT, "database '%s': there is no such file", name);
    if (kind)
        return kind->open(name, only_reads, ret, err);
    return gw_fail(err, -EINVAL,
                   "database: must be postgresql://[USER@]HOST[:PORT]/NAME,"
                   " 'host=HOST dbname=NAME …' as libpq reads it, or a file"
                   " (./NAME when there is a '=' in its name)");
}

int archive_open(const char *name, struct archive **ret, struct gw_error *err)
{
    return open_as(name, false, ret, err);
}

int archive_open_to_read(const char *name, struct archive **ret, struct gw_error *err)
{
    return open_as(name, true, ret, err);
}

struct archive *archive_close(struct archive *a)
{
    if (a)
        a->kind->close(a);
    return NULL;
}

int archive_begin(struct archive *a, const struct archive_batch *batch,
                  struct gw_error *err)
{
    return a->kind->begin(a, batch, err);
}

int archive_add(struct archive *a, const struct archive_message *message,
                bool *ret_is_new, struct gw_error *err)
{
    return a->kind->add(a, message, ret_is_new, err);
}

int archive_reject(struct archive *a, const struct archive_letter *letter,
                   bool *ret_is_new, struct gw_error *err)
{
    return a->kind->reject(a, letter, ret_is_new, err);
}

int archive_compare(struct archive *a, struct archive_repeat *repeats, size_t count,
                    struct gw_error *err)
{
    return a->kind->compare(a, repeats, count, err);
}

int archive_presence(struct archive *a, const struct archive_presence *presence,
                     struct gw_error *err)
{
    return a->kind->presence(a, presence, err);
}

int archive_gone(struct archive *a, const struct archive_key *key,
                 const struct range_set *ranges, struct gw_error *err)
{
    return a->kind->gone(a, key, ranges, err);
}

int archive_askings(struct archive *a, const char *gateway, struct asking_list *ret,
                    struct gw_error *err)
{
    return a->kind->askings(a, gateway, ret, err);
}

int archive_keep_asking(struct archive *a, const struct asking *asking,
                        struct gw_error *err)
{
    return a->kind->keep_asking(a, asking, err);
}

int archive_command(struct archive *a, uint64_t *ret, struct gw_error *err)
{
    return a->kind->command(a, ret, err);
}

int archive_commit(struct archive *a, struct gw_error *err)
{
    return a->kind->commit(a, err);
}

void archive_rollback(struct archive *a)
{
    a->kind->rollback(a);
}

int archive_find(struct archive *a, const struct archive_key *key,
                 struct archive_range *ret, struct gw_error *err)
{
    return a->kind->find(a, key, ret, err);
}

int archive_gaps(struct archive *a, archive_gap_each *each, void *ctx,
                 struct archive_counts *ret, struct gw_error *err)
{
    return a->kind->gaps(a, each, ctx, ret, err);
}

int archive_count(struct archive *a, struct archive_counts *ret, struct gw_error *err)
{
    return a->kind->count(a, ret, err);
}

int archive_stock(struct archive *a, const struct archive_stock *stock,
                  struct gw_error *err)
{
    return a->kind->stock(a, stock, err);
}

int archive_forget(struct archive *a, const struct archive_key *key,
                   const struct range_set *rows, struct gw_error *err)
{
    return a->kind->forget(a, key, rows, err);
}

int archive_read(struct archive *a, const struct archive_query *query, archive_each *each,
                 void *ctx, struct gw_error *err)
{
    return a->kind->read(a, query, each, ctx, err);
}

int archive_birth(struct archive *a, const char *gateway, archive_each *each, void *ctx,
                  struct gw_error *err)
{
    return a->kind->birth(a, gateway, each, ctx, err);
}
