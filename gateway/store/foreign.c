#include "store/foreign.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/database.h"
#include "store/reserve.h"

enum {
    PATH_BYTES = 4096,
    MAGIC_BYTES = 16,
    MAGIC_LEAST = 8,
    SECTOR_BYTES = 512,
    URI_BYTES = 3 * PATH_BYTES,
};

static const char magic[MAGIC_BYTES] = "SQLite format 3";

/* 0 too where the file is not there, is none, or is shorter.  *ret_is_whole: it is as
 * long as sectors are, which one file of 512 is that is no database. */
static size_t read_head(const char *path, char ret[MAGIC_BYTES], bool *ret_is_whole)
{
    struct stat st;
    if (stat(path, &st) < 0 || !S_ISREG(st.st_mode))
        return 0;
    *ret_is_whole = st.st_size % SECTOR_BYTES == 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, ret, MAGIC_BYTES);
    if (fd >= 0)
        close(fd);
    return n > 0 ? (size_t)n : 0;
}

/* A damaged head still has most of it, or zeros where the disk lost its sector. */
static bool may_be_database(const char *head, size_t size)
{
    size_t same = 0;
    size_t zeros = 0;
    for (size_t i = 0; i < size; i++) {
        same += head[i] == magic[i];
        zeros += head[i] == 0;
    }
    return same >= MAGIC_LEAST || zeros >= MAGIC_LEAST;
}

bool foreign_has_log(const char *path)
{
    char log[PATH_BYTES];
    return snprintf(log, sizeof(log), "%s-wal", path) < (int)sizeof(log)
           && access(log, F_OK) == 0;
}

/* "file:…?immutable=1": no lock, no log, no shared memory.  '?', '#' and '%' would end or
 * change the path. */
static bool name_uri(const char *path, char ret[URI_BYTES])
{
    size_t used = (size_t)snprintf(ret, URI_BYTES, "file:");
    for (const char *c = path; *c; c++) {
        bool is_plain = *c != '?' && *c != '#' && *c != '%';
        int n = snprintf(ret + used, URI_BYTES - used, is_plain ? "%c" : "%%%02X",
                         (unsigned char)*c);
        used += (size_t)n;
        if (used >= URI_BYTES)
            return false;
    }
    return snprintf(ret + used, URI_BYTES - used, "?immutable=1")
           < (int)(URI_BYTES - used);
}

int foreign_open(const char *path, sqlite3 **ret)
{
    char uri[URI_BYTES];
    return name_uri(path, uri)
               ? sqlite3_open_v2(uri, ret, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL)
               : SQLITE_CANTOPEN;
}

/* Half of ours is enough: a flipped bit may have renamed one.  The log is not read: one
 * that was never checkpointed has no table yet, and nothing says that it is not ours. */
static bool has_others_tables(const char *path)
{
    static const char count_sql[] =
        "SELECT count(*) > 0 AND sum(name IN ('points', 'buses', 'epochs', 'progress',"
        " 'readings', 'transitions', 'summaries', 'states', 'deliveries', 'outbox')) < 5"
        " FROM sqlite_schema WHERE type = 'table'";
    sqlite3 *db = NULL;
    int64_t is_other = 0;
    int rc = foreign_open(path, &db);
    if (rc == SQLITE_OK)
        rc = database_number(db, count_sql, &is_other, NULL);
    database_close(db);
    return rc == SQLITE_OK && is_other;
}

enum foreign foreign_look(const char *path)
{
    char head[MAGIC_BYTES];
    bool is_whole = false;
    size_t size = read_head(path, head, &is_whole);
    if (size == 0)
        return FOREIGN_OURS;
    if (size == MAGIC_BYTES && memcmp(head, magic, MAGIC_BYTES) == 0)
        return has_others_tables(path) ? FOREIGN_DATABASE : FOREIGN_OURS;
    bool may_be_ours = is_whole || may_be_database(head, size) || reserve_is_known(path)
                       || foreign_has_log(path);
    return may_be_ours ? FOREIGN_OURS : FOREIGN_FILE;
}
