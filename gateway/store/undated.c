#include "store/undated.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/statement.h"
#include "store/undated_form.h"

enum { SLICE = 200 };

enum {
    COUNT,
    NOTHING_TO_LEAVE,
    OPEN_CLOCK,
    ADD_CLOCK,
    NEXT_OPEN,
    DATE_CLOCK,
    BOUND_CLOCK,
    DATE_TRANSITIONS,
    GIVE_UP_TRANSITIONS,
    ADD_ROW,
    DROP_OLDEST,
    NEXT_ROWS,
    FORGET_ROW,
    FORGET_CLOCKS,
};

#define IS_OPEN "zero_us IS NULL AND not_after_us IS NULL"

static const char *const sql[UNDATED_STATEMENTS] = {
    [COUNT] = "SELECT count(*) FROM undated",
    [NOTHING_TO_LEAVE] = "SELECT 1 WHERE EXISTS (SELECT 1 FROM clocks WHERE boot = ?1)"
                         " OR NOT EXISTS (SELECT 1 FROM clocks WHERE " IS_OPEN ")",
    [OPEN_CLOCK] = "SELECT number FROM clocks WHERE boot = ?1 AND " IS_OPEN,
    [ADD_CLOCK] = "INSERT INTO clocks (boot) VALUES (?1)",
    [NEXT_OPEN] = "SELECT number, boot FROM clocks WHERE " IS_OPEN " ORDER BY number"
                  " LIMIT 1",
    [DATE_CLOCK] = "UPDATE clocks SET zero_us = ?2 WHERE number = ?1",
    [BOUND_CLOCK] = "UPDATE clocks SET not_after_us = ?2 WHERE number = ?1",
    [DATE_TRANSITIONS] = "UPDATE transitions SET time_us = mono_us + ?1, time_quality = 1"
                         " WHERE time_quality = 0 AND mono_us BETWEEN 0 AND ?2",
    [GIVE_UP_TRANSITIONS] = "UPDATE transitions SET mono_us = -1 WHERE time_quality = 0",
    [ADD_ROW] = "INSERT INTO undated (clock, ahead_us, record) VALUES (?1, ?2, ?3)",
    [DROP_OLDEST] = "DELETE FROM undated WHERE number ="
                    " (SELECT min(number) FROM undated)",
    [NEXT_ROWS] = "SELECT u.number, u.ahead_us, u.record, c.boot, c.zero_us,"
                  " c.not_after_us FROM undated u JOIN clocks c ON c.number = u.clock"
                  " WHERE NOT (" IS_OPEN ") ORDER BY u.number LIMIT ?1",
    [FORGET_ROW] = "DELETE FROM undated WHERE number = ?1",
    [FORGET_CLOCKS] = "DELETE FROM clocks WHERE NOT (" IS_OPEN ")"
                      " AND number NOT IN (SELECT clock FROM undated)",
};

int undated_open(struct undated *u, sqlite3 *db)
{
    u->db = db;
    u->now.clock = 0;
    u->now.is_due = true; /* a look costs nothing */
    int rc = statements_prepare(db, sql, u->statements, UNDATED_STATEMENTS);
    if (rc != SQLITE_OK)
        return rc;
    rc = statement_row(u->statements[COUNT], "");
    if (rc == SQLITE_ROW)
        u->now.rows = (uint64_t)sqlite3_column_int64(u->statements[COUNT], 0);
    (void)sqlite3_reset(u->statements[COUNT]); /* repeats the code of the step */
    return rc == SQLITE_ROW ? SQLITE_OK : rc;
}

void undated_close(struct undated *u)
{
    statements_finalize(u->statements, UNDATED_STATEMENTS);
}

/* --- what the clock is ------------------------------------------------------ */

/* A number, or 0 when there is no row. */
static int find(sqlite3_stmt *st, const char *boot, int64_t *ret)
{
    int rc = statement_row(st, "t", boot);
    *ret = rc == SQLITE_ROW ? sqlite3_column_int64(st, 0) : 0;
    (void)sqlite3_reset(st); /* repeats the code of the step */
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* Machine time of another boot says nothing any more. */
static int leave_boots(struct undated *u, const char *boot)
{
    int64_t is_settled = 0;
    int rc = find(u->statements[NOTHING_TO_LEAVE], boot, &is_settled);
    if (rc != SQLITE_OK || is_settled)
        return rc;
    return statement_run(u->statements[GIVE_UP_TRANSITIONS], "");
}

static int find_clock(struct undated *u)
{
    const char *boot = u->now.told.boot;
    int rc = find(u->statements[OPEN_CLOCK], boot, &u->now.clock);
    if (rc != SQLITE_OK || u->now.clock)
        return rc;
    rc = statement_run(u->statements[ADD_CLOCK], "t", boot);
    u->now.clock = sqlite3_last_insert_rowid(u->db);
    return rc;
}

/* Of this boot it is known when everything happened; of one that ended before, that it
 * was before this one began. */
static int answer(struct undated *u, const struct gw_clock *clock, int64_t number,
                  const char *boot, undated_write *write, void *ctx)
{
    struct gw_record told = {
        .kind = GW_RECORD_TIME_CORRECTION,
        .correction = {boot, clock->machine_us, GW_TIME_NONE, clock->ahead_us}};
    bool is_own = strcmp(boot, clock->boot) == 0;
    if (is_own)
        told.correction.zero_us = clock->ahead_us;
    int rc = statement_run(u->statements[is_own ? DATE_CLOCK : BOUND_CLOCK], "ii", number,
                           clock->ahead_us);
    if (rc == SQLITE_OK && is_own)
        rc = statement_run(u->statements[DATE_TRANSITIONS], "ii", clock->ahead_us,
                           clock->machine_us);
    return rc == SQLITE_OK ? write(ctx, &told) : rc;
}

static int begin_known(struct undated *u, const struct gw_clock *clock,
                       undated_write *write, void *ctx)
{
    sqlite3_stmt *st = u->statements[NEXT_OPEN];
    char boot[GW_BOOT_MAX];
    int rc = SQLITE_OK;
    u->now.clock = 0;
    while (rc == SQLITE_OK) {
        rc = statement_row(st, "");
        int64_t number = rc == SQLITE_ROW ? sqlite3_column_int64(st, 0) : 0;
        (void)snprintf(boot, sizeof(boot), "%s",
                       rc == SQLITE_ROW ? statement_text(st, 1) : "");
        (void)sqlite3_reset(st); /* repeats the code of the step */
        if (rc != SQLITE_ROW)
            return rc == SQLITE_DONE ? SQLITE_OK : rc;
        u->now.is_due = true;
        rc = answer(u, clock, number, boot, write, ctx);
    }
    return rc;
}

int undated_clock(struct undated *u, const struct gw_clock *clock, undated_write *write,
                  void *ctx)
{
    u->now.told = *clock;
    int rc = leave_boots(u, clock->boot);
    if (rc != SQLITE_OK)
        return rc;
    return clock->is_known ? begin_known(u, clock, write, ctx) : find_clock(u);
}

/* --- what waits -------------------------------------------------------------- */

bool undated_waits(const struct undated *u, const struct gw_record *record)
{
    const struct gw_clock *told = &u->now.told;
    if (!told->boot[0] || told->is_known || !undated_form_has(record->kind))
        return false;
    return record->kind != GW_RECORD_READING || (record->flags & GW_RECORD_TELEMETRY);
}

static int make_room(struct undated *u)
{
    int rc = SQLITE_OK;
    for (; u->now.rows >= UNDATED_MAX && rc == SQLITE_OK; u->now.rows--) {
        rc = statement_run(u->statements[DROP_OLDEST], "");
        u->now.given_way++;
    }
    return rc;
}

int undated_hold(struct undated *u, const struct gw_record *record)
{
    char *text = undated_form_write(record);
    int rc = text ? make_room(u) : SQLITE_MISMATCH; /* no disk would take it */
    if (rc == SQLITE_OK && !u->now.clock)
        rc = find_clock(u);
    if (rc == SQLITE_OK)
        rc = statement_run(u->statements[ADD_ROW], "iit", u->now.clock,
                           u->now.told.ahead_us, text);
    if (rc == SQLITE_OK)
        u->now.rows++;
    free(text);
    return rc;
}

/* --- what has got its time ---------------------------------------------------- */

/* One row, as @st has it.  A text that is no record any more is of a damaged file. */
static int write_row(sqlite3_stmt *st, undated_write *write, void *ctx)
{
    struct undated_form *form = NULL;
    bool is_dated = sqlite3_column_type(st, 4) != SQLITE_NULL;
    const struct gw_unknown_time unknown = {
        .boot = statement_text(st, 3),
        .ahead_us = sqlite3_column_int64(st, 1),
        .not_after_us = sqlite3_column_int64(st, 5),
    };
    int64_t shift_us = is_dated ? sqlite3_column_int64(st, 4) - unknown.ahead_us : 0;
    int r = undated_form_read(statement_text(st, 2), shift_us, &form);
    if (r < 0)
        return r == -ENOMEM ? SQLITE_NOMEM : SQLITE_OK;
    struct gw_record record = *undated_form_record(form);
    record.flags &= (uint32_t)GW_RECORD_TELEMETRY;
    record.unknown = is_dated ? NULL : &unknown;
    int rc = write(ctx, &record);
    undated_form_free(form);
    return rc;
}

int undated_slice(struct undated *u, undated_write *write, void *ctx)
{
    int64_t numbers[SLICE];
    int count = 0;
    if (!u->now.is_due)
        return SQLITE_OK;
    sqlite3_stmt *st = u->statements[NEXT_ROWS];
    int rc = statement_row(st, "i", (int64_t)SLICE);
    while (rc == SQLITE_ROW) {
        numbers[count++] = sqlite3_column_int64(st, 0);
        rc = write_row(st, write, ctx);
        if (rc == SQLITE_OK)
            rc = sqlite3_step(st);
    }
    (void)sqlite3_reset(st); /* repeats the code of the step */
    rc = rc == SQLITE_DONE ? SQLITE_OK : rc;
    for (int i = 0; i < count && rc == SQLITE_OK; i++)
        rc = statement_run(u->statements[FORGET_ROW], "i", numbers[i]);
    if (rc == SQLITE_OK && count < SLICE) {
        rc = statement_run(u->statements[FORGET_CLOCKS], "");
        u->now.is_due = false;
    }
    if (rc == SQLITE_OK)
        u->now.rows -= (uint64_t)count;
    return rc;
}
