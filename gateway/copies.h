/* copies.h - --backup and --restore: the database, while no gateway runs on it.
 *
 * In a process of its own that campusctl starts; the lock of the database says whether a
 * gateway runs.  Thread: main. */
#ifndef COPIES_H
#define COPIES_H

#include <stdbool.h>
#include <stdio.h>

#include "gw/error.h"

/* copies_backup - what --backup does: the database of @folder's configuration into @file
 * ("" = by the time, in the folder of backups); said on @out, as JSON for programs.
 * returns 0 or gw_fail() */
int copies_backup(const char *folder, const char *file, bool is_json, FILE *out,
                  struct gw_error *err);

/* copies_restore - what --restore does: @file becomes the database, which is kept.
 * @is_forced: also when it is another gateway's. */
int copies_restore(const char *folder, const char *file, bool is_forced, FILE *out,
                   struct gw_error *err);

#endif
