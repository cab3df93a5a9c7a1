/* backup_job.h - copies of the database, one at a time, in a thread of their own. */
#ifndef BACKUP_JOB_H
#define BACKUP_JOB_H

#include "base/outcome.h"
#include "gw/error.h"
#include "store/store.h"

struct backup_job;

/* backup_job_new - returns NULL: out of memory.  Owner: caller; backup_job_free(), which
 * takes NULL, after backup_job_end(). */
struct backup_job *backup_job_new(void);
struct backup_job *backup_job_free(struct backup_job *job);

/* backup_job_begin - backups are taken, of @store.
 * backup_job_end - one under way is stopped and told so; none is taken any more.
 * Thread: main. */
void backup_job_begin(struct backup_job *job, struct store *store);
void backup_job_end(struct backup_job *job);

/* backup_job_start - @to is told when it is done, with what became of it as JSON.
 * file   as in backup.h
 * actor  who wants it, for the log
 * returns 0, -EBUSY: one is under way, -EAGAIN: the store is away, -ESHUTDOWN, or -errno:
 *         @to is not told.  Thread: any. */
int backup_job_start(struct backup_job *job, const char *file, const char *actor,
                     const struct outcome_to *to, struct gw_error *err);

/* backup_json - of what was made; NULL: out of memory.  Owner: caller; free() */
struct backup_report;
char *backup_json(const struct backup_report *report);

#endif
