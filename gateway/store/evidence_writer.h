/* evidence_writer.h - which told facts stand in no monthly file of evidence yet, and the
 * chain of the files.
 *
 * A fact is noted in the commit of its outbox row, a file is made in one commit with its
 * own.  So each fact is in one file, and each month has one.  Thread: the writer's.
 */
#ifndef STORE_EVIDENCE_WRITER_H
#define STORE_EVIDENCE_WRITER_H

#include <sqlite3.h>

#include <stdint.h>

#include "gw/record.h"

enum { EVIDENCE_STATEMENTS = 8 };

struct outbox_writer;
struct store_ops;

/* Zero-initialise. */
struct evidence_writer {
    sqlite3_stmt *statements[EVIDENCE_STATEMENTS];
};

/* All of them return SQLITE_OK or SQLite's code. */
int evidence_writer_open(struct evidence_writer *e, sqlite3 *db);
void evidence_writer_close(struct evidence_writer *e);

/* evidence_note - @body is a told fact's, @key its outbox row's. */
int evidence_note(struct evidence_writer *e, int64_t key, const char *body);

/* evidence_make - an outbox row for each month before @end's of which something was told
 * and that has no file yet; with the first of them goes what came late of others. */
int evidence_make(struct outbox_writer *o, const struct gw_month_end *end,
                  const struct store_ops *ops);

#endif
