#include "store/place.h"

#include <sys/stat.h>
#include <unistd.h>

static const char *log_name(sqlite3 *db)
{
    return sqlite3_filename_wal(sqlite3_db_filename(db, "main"));
}

/* What is gone already is no file that anything can be. */
void place_note(struct place *p, sqlite3 *db)
{
    struct stat st = {0};
    (void)stat(log_name(db), &st);
    *p = (struct place){.device = st.st_dev, .log = st.st_ino};
}

bool place_has_log(const struct place *p, sqlite3 *db)
{
    struct stat st;
    return stat(log_name(db), &st) == 0 && st.st_ino == p->log && st.st_dev == p->device;
}

void place_free_log(sqlite3 *db)
{
    (void)unlink(log_name(db)); /* what stays is noted as it is */
}
