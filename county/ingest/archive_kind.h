/* archive_kind.h - what a database has to do to be an archive; between archive.c and each
 * of them.
 */
#ifndef INGEST_ARCHIVE_KIND_H
#define INGEST_ARCHIVE_KIND_H

#include "ingest/archive.h"

/* archive - the first member of each kind's own. */
struct archive {
    const struct archive_kind *kind;
};

/* archive_kind - each as the archive.h function of its name; open is both. */
struct archive_kind {
    int (*open)(const char *name, bool only_reads, struct archive **ret,
                struct gw_error *err);
    void (*close)(struct archive *a);
    int (*begin)(struct archive *a, const struct archive_batch *batch,
                 struct gw_error *err);
    int (*add)(struct archive *a, const struct archive_message *message, bool *ret_is_new,
               struct gw_error *err);
    int (*reject)(struct archive *a, const struct archive_letter *letter,
                  bool *ret_is_new, struct gw_error *err);
    int (*compare)(struct archive *a, struct archive_repeat *repeats, size_t count,
                   struct gw_error *err);
    int (*presence)(struct archive *a, const struct archive_presence *presence,
                    struct gw_error *err);
    int (*gone)(struct archive *a, const struct archive_key *key,
                const struct range_set *ranges, struct gw_error *err);
    int (*askings)(struct archive *a, const char *gateway, struct asking_list *ret,
                   struct gw_error *err);
    int (*keep_asking)(struct archive *a, const struct asking *asking,
                       struct gw_error *err);
    int (*command)(struct archive *a, uint64_t *ret, struct gw_error *err);
    int (*commit)(struct archive *a, struct gw_error *err);
    void (*rollback)(struct archive *a);
    int (*find)(struct archive *a, const struct archive_key *key,
                struct archive_range *ret, struct gw_error *err);
    int (*gaps)(struct archive *a, archive_gap_each *each, void *ctx,
                struct archive_counts *ret, struct gw_error *err);
    int (*count)(struct archive *a, struct archive_counts *ret, struct gw_error *err);
    int (*stock)(struct archive *a, const struct archive_stock *stock,
                 struct gw_error *err);
    int (*forget)(struct archive *a, const struct archive_key *key,
                  const struct range_set *rows, struct gw_error *err);
    int (*read)(struct archive *a, const struct archive_query *query, archive_each *each,
                void *ctx, struct gw_error *err);
    int (*birth)(struct archive *a, const char *gateway, archive_each *each, void *ctx,
                 struct gw_error *err);
};

extern const struct archive_kind archive_sqlite;
extern const struct archive_kind archive_postgres;

#endif
