#include "store/statement.h"

#include <stdarg.h>
#include <stdint.h>

int statements_prepare(sqlite3 *db, const char *const *sql, sqlite3_stmt **ret,
                       size_t count)
{
    int rc = SQLITE_OK;
    for (size_t i = 0; i < count && rc == SQLITE_OK; i++)
        rc = sqlite3_prepare_v3(db, sql[i], -1, SQLITE_PREPARE_PERSISTENT, &ret[i], NULL);
    return rc;
}

void statements_finalize(sqlite3_stmt **statements, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        (void)sqlite3_finalize(statements[i]); /* repeats the error of the last step */
        statements[i] = NULL;
    }
}

static int bind_one(sqlite3_stmt *st, int index, char type, va_list *args)
{
    const void *bytes = NULL;
    switch (type) {
    case 'i':
        return sqlite3_bind_int64(st, index, va_arg(*args, int64_t));
    case 'd':
        return sqlite3_bind_double(st, index, va_arg(*args, double));
    case 't':
        return sqlite3_bind_text(st, index, va_arg(*args, const char *), -1,
                                 SQLITE_STATIC);
    case 'b':
        bytes = va_arg(*args, const void *);
        return sqlite3_bind_blob64(st, index, bytes, va_arg(*args, size_t),
                                   SQLITE_STATIC);
    default:
        return SQLITE_MISUSE;
    }
}

static int bind_all(sqlite3_stmt *st, const char *types, va_list *args)
{
    int rc = SQLITE_OK;
    for (int i = 0; types[i] && rc == SQLITE_OK; i++)
        rc = bind_one(st, i + 1, types[i], args);
    return rc;
}

int statement_run(sqlite3_stmt *statement, const char *types, ...)
{
    va_list args;
    va_start(args, types);
    int rc = bind_all(statement, types, &args);
    va_end(args);
    if (rc == SQLITE_OK) {
        do
            rc = sqlite3_step(statement);
        while (rc == SQLITE_ROW);
    }
    (void)sqlite3_reset(statement); /* repeats the code of the step */
    return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

int statement_row(sqlite3_stmt *statement, const char *types, ...)
{
    va_list args;
    va_start(args, types);
    int rc = bind_all(statement, types, &args);
    va_end(args);
    return rc == SQLITE_OK ? sqlite3_step(statement) : rc;
}

const char *statement_text(sqlite3_stmt *statement, int column)
{
    const unsigned char *text = sqlite3_column_text(statement, column);
    return text ? (const char *)text : "";
}
