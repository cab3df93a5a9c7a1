/* What opening a database may be refused for, and what each refusal says of the file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/database.h"

enum { WRITE_VERSION_AT = 18 }; /* in the header; 3 and more: for reading only */

static char folder[32];
static char path[64];
static int refusals; /* so many openings for writing are refused, with ENOSPC */

static int refusing_open(const char *name, int flags, int mode)
{
    if ((flags & O_ACCMODE) == O_RDWR && strcmp(name, path) == 0 && refusals > 0) {
        refusals--;
        errno = ENOSPC;
        return -1;
    }
    return open(name, flags, mode);
}

static int make(void **state)
{
    (void)state;
    sqlite3 *db = NULL;
    sqlite3_vfs *vfs = sqlite3_vfs_find("unix");
    refusals = 0;
    if (vfs->xSetSystemCall(vfs, "open", (sqlite3_syscall_ptr)refusing_open) != SQLITE_OK)
        return -1;
    (void)snprintf(folder, sizeof(folder), "/tmp/gw-database-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    (void)snprintf(path, sizeof(path), "%s/campus.db", folder);
    if (database_open(path, &db, NULL) < 0)
        return -1;
    int r = database_execute(db, "CREATE TABLE rooms (id INTEGER PRIMARY KEY)", NULL);
    database_close(db);
    return r;
}

static int clean(void **state)
{
    (void)state;
    const char *const parts[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        char name[80];
        (void)snprintf(name, sizeof(name), "%s%s", path, parts[i]);
        (void)unlink(name);
    }
    return rmdir(folder);
}

/* SQLite opens it for reading then; that is no damage of the file. */
static void a_disk_that_refuses_once_does_not_break_the_file(void **state)
{
    (void)state;
    sqlite3 *db = NULL;
    struct gw_error err = {0};
    refusals = 1;
    assert_int_equal(database_open(path, &db, &err), -EIO);
    assert_non_null(strstr(err.text, "campus.db': cannot be opened for writing"));
    assert_null(db);
    refusals = 1;
    assert_int_equal(database_reopen(path, &db, &err), -EIO);
    assert_null(db);
    assert_int_equal(database_open(path, &db, &err), 0);
    assert_int_equal(database_execute(db, "INSERT INTO rooms VALUES (1)", &err), 0);
    database_close(db);
}

static void a_header_that_forbids_writing_is_broken(void **state)
{
    (void)state;
    sqlite3 *db = NULL;
    struct gw_error err = {0};
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    assert_int_equal(pwrite(fd, "\3", 1, WRITE_VERSION_AT), 1);
    close(fd);
    assert_int_equal(database_open(path, &db, &err), -EUCLEAN);
    assert_non_null(strstr(err.text, "campus.db': broken: its header"));
    assert_null(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_disk_that_refuses_once_does_not_break_the_file,
                                        make, clean),
        cmocka_unit_test_setup_teardown(a_header_that_forbids_writing_is_broken, make,
                                        clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
