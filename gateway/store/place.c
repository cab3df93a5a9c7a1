#include "store/place.h"

#include <sys/stat.h>
#include <unistd.h>

#include "store/database.h"

/* Source: SQLite's file format, section 4.1: a header of 24 bytes before each page. */
static const off_t frame_bytes = 24 + DATABASE_PAGE_BYTES;

static const char *log_name(sqlite3 *db)
{
    return sqlite3_filename_wal(sqlite3_db_filename(db, "main"));
}

/* What is gone already is no file that anything can be. */
void place_note(struct place *p, sqlite3 *db)
{
    struct stat st = {0};
    struct stat file = {0};
    (void)stat(log_name(db), &st);
    (void)stat(sqlite3_db_filename(db, "main"), &file);
    *p = (struct place){.device = st.st_dev, .log = st.st_ino, .size = file.st_size};
}

static bool stat_log(const struct place *p, sqlite3 *db, struct stat *ret)
{
    return stat(log_name(db), ret) == 0 && ret->st_ino == p->log
           && ret->st_dev == p->device;
}

bool place_has_log(const struct place *p, sqlite3 *db)
{
    struct stat st;
    return stat_log(p, db, &st);
}

bool place_is_cut(struct place *p, sqlite3 *db, int frames)
{
    struct stat st;
    if (stat(sqlite3_db_filename(db, "main"), &st) == 0) {
        if (st.st_size < p->size)
            return true;
        p->size = st.st_size;
    }
    return frames > 0 && stat_log(p, db, &st) && st.st_size < frames * frame_bytes;
}

void place_free_log(sqlite3 *db)
{
    (void)unlink(log_name(db)); /* what stays is noted as it is */
}
