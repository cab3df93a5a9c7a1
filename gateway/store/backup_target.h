/* backup_target.h - where a copy of the database may be put.  Thread: any. */
#ifndef STORE_BACKUP_TARGET_H
#define STORE_BACKUP_TARGET_H

#include "gw/error.h"
#include "store/backup.h"

/* backup_target - @file, or one named by the time in the folder "backups" beside
 * @database, which is made, when it is "".
 * returns 0; -EINVAL: no absolute path, or a name that is the gateway's own; -EEXIST; or
 *         -errno */
int backup_target(const char *database, const char *file, char ret[BACKUP_PATH_MAX],
                  struct gw_error *err);

/* backup_target_taken - gw_fail() for a file that is there. */
int backup_target_taken(const char *file, struct gw_error *err);

#endif
