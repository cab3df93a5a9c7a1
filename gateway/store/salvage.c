#include "store/salvage.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "store/cells.h"
#include "store/database.h"
#include "store/fold.h"
#include "store/history.h"
#include "store/pack.h"
#include "store/statement.h"

enum { PAGES_A_COMMIT = 1000 };
static const int64_t day_us = INT64_C(86400) * 1000000;

/* form - how a row of one table looks in its file, and where it goes.
 * columns  a letter each: n the row id's place, i integer, t text, b blob, ? a real
 *          number, which may stand as an integer, or text, or NULL
 * sql      takes the columns in this order, the row id in its place */
struct form {
    const char *columns;
    bool in_index;
    const char *sql;
};

enum form_id {
    FORM_NAME,
    FORM_NAME_INDEX,
    FORM_RANGE,
    FORM_EPOCH,
    FORM_PROGRESS,
    FORM_PROGRESS_BEFORE_CAP, /* before readings: a row 1 of whole numbers looks so */
    FORM_READING,
    FORM_SUMMARY,
    FORM_ITEM,
    FORM_OUTBOX,
    FORM_DELIVERY,
    FORM_FACT,
    FORM_FACT_VALUE,
    FORM_TRANSITION,
    FORM_STATE,
    FORM_EVIDENCE_FACT,
    FORM_EVIDENCE_FILE,
    FORM_CLOCK,
    FORM_UNDATED,
    FORM_HOUR,
    FORM_MINUTES,
    FORM_QUARTERS,
    FORM_DAYS,
    FORM_UNFOLDED,
    FORMS
};

#define PROGRESS                                          \
    "UPDATE progress SET commits = max(commits, ?2),"     \
    " alarm_uid = max(alarm_uid, ?3), seq = max(seq, ?4)" \
    " WHERE ?1 = 1 AND ?3 < 1 << 50 AND ?4 < 1 << 48"

/* Names stand in their table and in its index: what both say counts twice.  A body that
 * is no JSON would be refused for ever. */
static const struct form forms[FORMS] = {
    [FORM_NAME] = {"nt", false,
                   "INSERT INTO temp.found VALUES (?1, ?2, 1) ON CONFLICT"
                   " DO UPDATE SET times = times + 1"},
    [FORM_NAME_INDEX] = {"ti", true,
                         "INSERT INTO temp.found VALUES (?2, ?1, 1) ON CONFLICT"
                         " DO UPDATE SET times = times + 1"},
    [FORM_RANGE] = {"ni", false,
                    "INSERT OR IGNORE INTO temp.ranges SELECT ?1, ?2 WHERE ?1 <= ?2"},
    [FORM_EPOCH] = {"nii", false,
                    "INSERT OR IGNORE INTO epochs SELECT ?1, ?2, max(0, ?3)"
                    " WHERE ?1 BETWEEN 1 AND 32767 AND ?2 > 0 AND ?3 < 1 << 48"},
    [FORM_PROGRESS] = {"niiiiii", false, PROGRESS " AND ?7 >= 0"}, /* ?5.. are counted */
    [FORM_PROGRESS_BEFORE_CAP] = {"niii", false, PROGRESS},
    [FORM_READING] = {"ni?i", false,
                      "INSERT OR IGNORE INTO readings SELECT ?1, ?2, ?3, ?4"
                      " WHERE ?1 < ?5 AND EXISTS (SELECT 1 FROM points WHERE id = ?2)"},
    [FORM_SUMMARY] = {"ntii", false,
                      "INSERT OR IGNORE INTO summaries VALUES (?1, ?2, ?3, ?4)"},
    [FORM_ITEM] = {"it?????i", true,
                   "INSERT OR IGNORE INTO summary_items"
                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"},
    [FORM_OUTBOX] = {"niiit", false,
                     "INSERT OR IGNORE INTO outbox SELECT ?1, ?2, ?3, ?4, ?5"
                     " WHERE ?1 >> 48 BETWEEN 1 AND 32767 AND json_valid(?5)"},
    [FORM_DELIVERY] =
        {"niib", false,
         "INSERT OR IGNORE INTO deliveries SELECT ?1, ?2, ?3, ?4"
         " WHERE ?1 >> 48 BETWEEN 1 AND 65535 AND ?2 >= 0 AND length(?4) % 10 = 0"},
    [FORM_FACT] = {"nt?tiii?", false,
                   "INSERT OR IGNORE INTO facts VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"},
    [FORM_FACT_VALUE] = {"it??", true,
                         "INSERT OR IGNORE INTO fact_values VALUES (?1, ?2, ?3, ?4)"},
    [FORM_TRANSITION] = {"niittiiittt?iiii", false,
                         "INSERT OR IGNORE INTO transitions VALUES (?1, ?2, ?3, ?4, ?5,"
                         " ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)"},
    [FORM_STATE] = {"ttb", true, "INSERT OR IGNORE INTO states VALUES (?1, ?2, ?3)"},
    [FORM_EVIDENCE_FACT] = {"niiti?b", false,
                            "INSERT OR IGNORE INTO evidence_facts"
                            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"},
    [FORM_EVIDENCE_FILE] = {"nibb", false,
                            "INSERT OR IGNORE INTO evidence_files"
                            " VALUES (?1, ?2, ?3, ?4)"},
    [FORM_CLOCK] = {"nt??", false,
                    "INSERT OR IGNORE INTO clocks VALUES (?1, ?2, ?3, ?4)"},
    [FORM_UNDATED] = {"niit", false,
                      "INSERT OR IGNORE INTO undated SELECT ?1, ?2, ?3, ?4"
                      " WHERE json_valid(?4)"},
    [FORM_HOUR] = {"nb", false, "INSERT OR IGNORE INTO hours VALUES (?1, ?2)"},
    [FORM_MINUTES] = {"nb", false, "INSERT OR IGNORE INTO minutes VALUES (?1, ?2)"},
    [FORM_QUARTERS] = {"nb", false, "INSERT OR IGNORE INTO quarters VALUES (?1, ?2)"},
    [FORM_DAYS] = {"nb", false, "INSERT OR IGNORE INTO days VALUES (?1, ?2)"},
    [FORM_UNFOLDED] = {"iii", true,
                       "INSERT OR IGNORE INTO unfolded SELECT ?1, ?2, 0"
                       " WHERE ?1 BETWEEN 0 AND 2 AND ?2 BETWEEN 0 AND 1 << 24"
                       " AND ?3 >= 0"},
};

/* The first byte of a blob tells tables of one form apart; 0 = any. */
static const uint8_t first_bytes[FORMS] = {[FORM_HOUR] = BLOCK_MINUTES,
                                           [FORM_MINUTES] = PACK_VERSION,
                                           [FORM_QUARTERS] = BLOCK_QUARTERS,
                                           [FORM_DAYS] = BLOCK_DAYS};

static const char begin_sql[] =
    "PRAGMA foreign_keys = OFF;"
    "BEGIN IMMEDIATE;"
    "CREATE TEMP TABLE found (id INTEGER, name TEXT, times INTEGER,"
    " PRIMARY KEY (id, name)) WITHOUT ROWID;"
    "CREATE TEMP TABLE ranges (first INTEGER PRIMARY KEY, last INTEGER);"
    "CREATE TEMP TABLE gaps (first INTEGER PRIMARY KEY, last INTEGER);";

/* A point's name has a slash (place/metric), a bus's has none. */
static const char names_sql[] =
    "INSERT OR IGNORE INTO points SELECT id, name FROM temp.found"
    " WHERE instr(name, '/') AND id BETWEEN 1 AND 4294967294 ORDER BY times DESC, id;"
    "INSERT OR IGNORE INTO buses SELECT id, name FROM temp.found"
    " WHERE NOT instr(name, '/') AND id BETWEEN 1 AND 65535 ORDER BY times DESC, id;";

/* Every epoch that was is closed behind its last row.  What the county does not have of
 * it and nobody can read any more is settled: it would be waited for without end. */
static const char settle_sql[] =
    "INSERT OR IGNORE INTO epochs (number, epoch)"
    " SELECT number, epoch FROM (SELECT key >> 48 AS number,"
    " CAST(json_extract(body, '$.epoch') AS INTEGER) AS epoch FROM outbox"
    " GROUP BY key >> 48) WHERE epoch > 0;"
    "DELETE FROM outbox WHERE key >> 48 NOT IN (SELECT number FROM epochs);"
    "UPDATE epochs SET last_seq = max(last_seq, (SELECT seq FROM progress))"
    " WHERE number = (SELECT max(number) FROM epochs);"
    "UPDATE epochs SET last_seq = max(last_seq, coalesce((SELECT max(key) & ((1 << 48) -"
    " 1) FROM outbox WHERE key BETWEEN number << 48 AND (number + 1 << 48) - 1), 0));"
    "DELETE FROM epochs WHERE last_seq = 0;" /* never used: a new one is made */
    "INSERT INTO temp.gaps SELECT before + 1, first - 1 FROM ("
    " SELECT first, max(last) OVER (PARTITION BY number ORDER BY first, last ROWS"
    "  BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before FROM ("
    "  SELECT key >> 48 AS number, key AS first, key AS last FROM outbox"
    "  UNION ALL SELECT number, first, last FROM temp.ranges JOIN epochs"
    "   ON first BETWEEN number << 48 AND (number << 48) + last_seq"
    "  UNION ALL SELECT number, number << 48, number << 48 FROM epochs"
    "  UNION ALL SELECT number, (number << 48) + last_seq + 1, number + 1 << 48"
    "   FROM epochs)) WHERE before + 1 < first;"
    "INSERT INTO acknowledged SELECT before + 1, key - 1 FROM ("
    " SELECT key, lag(key) OVER (PARTITION BY number ORDER BY key) AS before FROM ("
    "  SELECT key >> 48 AS number, key FROM outbox WHERE NOT EXISTS"
    "  (SELECT 1 FROM temp.ranges WHERE key BETWEEN first AND last)"
    "  UNION ALL SELECT number, number << 48 FROM epochs"
    "  UNION ALL SELECT number, (number << 48) + last_seq + 1 FROM epochs))"
    " WHERE before + 1 < key;"
    "UPDATE progress SET seq = 0, outbox_rows = (SELECT count(*) FROM outbox),"
    " outbox_bytes = (SELECT coalesce(sum(length(CAST(body AS BLOB))), 0) FROM outbox),"
    " alarm_uid = max(alarm_uid,"
    " coalesce((SELECT max(uid) FROM transitions WHERE uid < 1 << 50), 0));"
    "DELETE FROM summary_items WHERE summary NOT IN (SELECT number FROM summaries);"
    "DELETE FROM fact_values WHERE fact NOT IN (SELECT number FROM facts);"
    "DELETE FROM undated WHERE clock NOT IN (SELECT number FROM clocks);";

/* Rows of these tables are never deleted: a number that is missing was one.  None of
 * ours is as high as the limit. */
static const struct {
    size_t at; /* in the report */
    const char *sql;
} losses[] = {
#define LOST(table, id)                                                    \
    "(SELECT coalesce(max(" id "), 0) - count(*) FROM " table " WHERE " id \
    " BETWEEN 1 AND 1 << 40)"
    {offsetof(struct salvage_report, lost_transitions),
     "SELECT " LOST("transitions", "number")},
    {offsetof(struct salvage_report, lost_evidence),
     "SELECT " LOST("summaries", "number") " + " LOST("facts", "number")},
    {offsetof(struct salvage_report, lost_names),
     "SELECT " LOST("points", "id") " + " LOST("buses", "id")},
    {offsetof(struct salvage_report, lost_messages),
     "SELECT coalesce(sum(last - first + 1), 0) FROM temp.gaps"},
    {offsetof(struct salvage_report, gap_count), "SELECT count(*) FROM temp.gaps"},
#undef LOST
};

static const char gaps_sql[] =
    "SELECT epoch, first & (1 << 48) - 1, last & (1 << 48) - 1 FROM temp.gaps"
    " JOIN epochs ON number = first >> 48 ORDER BY first";

static const char end_sql[] = "DROP TABLE temp.found;"
                              "DROP TABLE temp.ranges;"
                              "DROP TABLE temp.gaps;"
                              "COMMIT;"
                              "PRAGMA foreign_keys = ON;";

/* log_page - a page of readings and the newest of them. */
struct log_page {
    int64_t newest;
    uint32_t number;
};

struct salvaging {
    sqlite3 *db;
    sqlite3_stmt *statements[FORMS];
    struct pages *pages;
    struct cells *cells;
    struct log_page *log;
    size_t log_count;
    size_t log_room;
    int64_t too_new; /* no reading of ours has such a key */
    struct salvage_report report;
};

/* Text as SQLite and the county want it: UTF-8 (RFC 3629), no NUL. */
static bool is_text(const unsigned char *text, size_t size)
{
    for (size_t i = 0; i < size;) {
        unsigned char first = text[i++];
        size_t more = first < 0x80 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
        if (first == 0 || (first >= 0x80 && first < 0xC2) || first > 0xF4
            || more > size - i)
            return false;
        for (; more > 0; more--)
            if ((text[i++] & 0xC0) != 0x80)
                return false;
    }
    return true;
}

static bool fits(char letter, const struct cell_value *value)
{
    switch (letter) {
    case 'n':
        return value->type == CELL_NULL;
    case 'i':
        return value->type == CELL_INTEGER;
    case 'b':
        return value->type == CELL_BLOB;
    case 't':
        return value->type == CELL_TEXT && is_text(value->bytes, value->size);
    default:
        return value->type != CELL_BLOB
               && (value->type != CELL_TEXT || is_text(value->bytes, value->size));
    }
}

static bool has_form(const struct cell *cell, enum form_id id)
{
    const struct form *form = &forms[id];
    if (cell->in_index != form->in_index || cell->count != strlen(form->columns))
        return false;
    for (unsigned i = 0; i < cell->count; i++)
        if (!fits(form->columns[i], &cell->values[i]))
            return false;
    const struct cell_value *last = &cell->values[cell->count - 1];
    return !first_bytes[id]
           || (last->size > 0 && *(const uint8_t *)last->bytes == first_bytes[id]);
}

static int bind(sqlite3_stmt *st, int index, const struct cell_value *value)
{
    switch (value->type) {
    case CELL_INTEGER:
        return sqlite3_bind_int64(st, index, value->integer);
    case CELL_REAL:
        return sqlite3_bind_double(st, index, value->real);
    case CELL_TEXT:
        return sqlite3_bind_text(st, index, value->bytes, (int)value->size,
                                 SQLITE_STATIC);
    case CELL_BLOB:
        return sqlite3_bind_blob(st, index, value->bytes, (int)value->size,
                                 SQLITE_STATIC);
    case CELL_NULL:
    default:
        return sqlite3_bind_null(st, index);
    }
}

/* A row that the new table refuses is not worth the others. */
static int insert(struct salvaging *s, enum form_id form, const struct cell *cell,
                  uint64_t *rows)
{
    sqlite3_stmt *st = s->statements[form];
    int rc = SQLITE_OK;
    for (unsigned i = 0; i < cell->count && rc == SQLITE_OK; i++)
        rc = forms[form].columns[i] == 'n'
                 ? sqlite3_bind_int64(st, (int)i + 1, cell->rowid)
                 : bind(st, (int)i + 1, &cell->values[i]);
    if (rc == SQLITE_OK && form == FORM_READING)
        rc = sqlite3_bind_int64(st, (int)cell->count + 1, s->too_new);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(st);
    (void)sqlite3_reset(st); /* repeats the code of the step */
    if (rc == SQLITE_DONE)
        *rows += (uint64_t)sqlite3_changes(s->db);
    return rc == SQLITE_DONE || (rc & 0xFF) == SQLITE_CONSTRAINT ? SQLITE_OK : rc;
}

/* The first that fits: the one row of progress looks like a reading. */
static enum form_id find_form(const struct cell *cell)
{
    enum form_id form = 0;
    while (form < FORMS
           && (!has_form(cell, form)
               || (form == FORM_PROGRESS_BEFORE_CAP && cell->rowid != 1)))
        form++;
    return form;
}

/* Everything but the log; its pages are noted. */
static int take_row(void *ctx, const struct cell *cell)
{
    struct salvaging *s = ctx;
    enum form_id form = find_form(cell);
    if (form == FORMS || form == FORM_READING)
        return SQLITE_OK;
    return insert(s, form, cell, &s->report.rows);
}

static int take_reading(void *ctx, const struct cell *cell)
{
    struct salvaging *s = ctx;
    return find_form(cell) == FORM_READING
               ? insert(s, FORM_READING, cell, &s->report.readings)
               : SQLITE_OK;
}

static int note_log_page(struct salvaging *s, uint32_t number)
{
    int64_t newest = 0;
    if (!cells_newest(s->cells, number, (unsigned)strlen(forms[FORM_READING].columns),
                      &newest))
        return SQLITE_OK;
    if (s->log_count == s->log_room) {
        size_t room = s->log_room ? 2 * s->log_room : 1024;
        struct log_page *log = realloc(s->log, room * sizeof(*log));
        if (!log)
            return SQLITE_NOMEM;
        s->log = log;
        s->log_room = room;
    }
    s->log[s->log_count++] = (struct log_page){.newest = newest, .number = number};
    return SQLITE_OK;
}

static int take_pages(struct salvaging *s, int64_t until_us)
{
    uint32_t count = pages_count(s->pages);
    uint32_t done = 0;
    int rc = SQLITE_OK;
    while (done < count && rc == SQLITE_OK && clock_machine_us() < until_us) {
        rc = cells_each(s->cells, ++done, take_row, s);
        if (rc == SQLITE_OK)
            rc = note_log_page(s, done);
    }
    s->report.unread_pages = count - done;
    return rc;
}

static int newest_first(const void *a, const void *b)
{
    const struct log_page *x = a;
    const struct log_page *y = b;
    return (x->newest < y->newest) - (x->newest > y->newest);
}

/* In slices, so that a cut keeps what was done and the log of the new file stays small.
 */
static int take_log(struct salvaging *s, int64_t until_us)
{
    if (s->log_count > 0)
        qsort(s->log, s->log_count, sizeof(*s->log), newest_first);
    size_t done = 0;
    int rc = SQLITE_OK;
    while (done < s->log_count && rc == SQLITE_OK && clock_machine_us() < until_us) {
        size_t end =
            done + PAGES_A_COMMIT < s->log_count ? done + PAGES_A_COMMIT : s->log_count;
        rc = sqlite3_exec(s->db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
        for (; done < end && rc == SQLITE_OK && clock_machine_us() < until_us; done++)
            rc = cells_each(s->cells, s->log[done].number, take_reading, s);
        if (rc == SQLITE_OK)
            rc = sqlite3_exec(s->db, "COMMIT", NULL, NULL, NULL);
        if (rc == SQLITE_OK)
            rc = sqlite3_wal_checkpoint_v2(s->db, "main", SQLITE_CHECKPOINT_TRUNCATE,
                                           NULL, NULL);
    }
    s->report.is_whole = done == s->log_count && s->report.unread_pages == 0;
    return rc;
}

static int prepare(struct salvaging *s)
{
    int rc = SQLITE_OK;
    for (int i = 0; i < FORMS && rc == SQLITE_OK; i++)
        rc = sqlite3_prepare_v2(s->db, forms[i].sql, -1, &s->statements[i], NULL);
    return rc;
}

static int take_gaps(struct salvaging *s)
{
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v2(s->db, gaps_sql, -1, &st, NULL);
    for (int i = 0; i < SALVAGE_GAPS_MAX && rc == SQLITE_OK; i++) {
        if (sqlite3_step(st) != SQLITE_ROW)
            break; /* a failure comes again from the reset */
        s->report.gaps[i] = (struct salvage_gap){
            .epoch = (uint64_t)sqlite3_column_int64(st, 0),
            .from = (uint64_t)sqlite3_column_int64(st, 1),
            .to = (uint64_t)sqlite3_column_int64(st, 2),
        };
    }
    int end = sqlite3_finalize(st);
    return rc == SQLITE_OK ? end : rc;
}

static int count_lost(struct salvaging *s)
{
    for (size_t i = 0; i < sizeof(losses) / sizeof(losses[0]); i++) {
        int64_t lost = 0;
        if (database_number(s->db, losses[i].sql, &lost, NULL) < 0)
            return SQLITE_ERROR;
        *(uint64_t *)((char *)&s->report + losses[i].at) = (uint64_t)lost;
    }
    return take_gaps(s);
}

/* Last of all: what is kept comes before what is counted. */
static void count_damage(struct salvaging *s, int64_t until_us)
{
    uint32_t count = pages_count(s->pages);
    for (uint32_t i = 1; i <= count && clock_machine_us() < until_us; i++)
        s->report.damaged_pages += cells_damage(s->cells, i);
}

static int run(struct salvaging *s, const struct salvage_limits *limits)
{
    int rc = sqlite3_exec(s->db, begin_sql, NULL, NULL, NULL);
    if (rc == SQLITE_OK)
        rc = prepare(s);
    if (rc == SQLITE_OK)
        rc = take_pages(s, limits->pages_us);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(s->db, names_sql, NULL, NULL, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(s->db, settle_sql, NULL, NULL, NULL);
    if (rc == SQLITE_OK)
        rc = count_lost(s);
    statements_finalize(s->statements, FORM_READING);
    statements_finalize(s->statements + FORM_READING + 1, FORMS - FORM_READING - 1);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(s->db, end_sql, NULL, NULL, NULL);
    if (rc == SQLITE_OK)
        rc = take_log(s, limits->log_us);
    if (rc == SQLITE_OK)
        rc = fold_salvaged(s->db);
    if (rc == SQLITE_OK)
        count_damage(s, limits->pages_us);
    return rc;
}

int salvage(const char *broken, sqlite3 *db, const struct salvage_limits *limits,
            struct salvage_report *ret, struct gw_error *err)
{
    struct salvaging s = {.db = db, .too_new = INT64_MAX};
    if (clock_school_is_known())
        s.too_new = history_key(clock_school_us() + day_us);
    int r = pages_open(broken, &s.pages);
    if (r == 0)
        r = cells_new(s.pages, &s.cells);
    if (r < 0)
        (void)gw_fail(err, r, "database '%s': cannot be salvaged: %s", broken,
                      strerror(-r));
    int rc = r == 0 ? run(&s, limits) : SQLITE_OK;
    if (rc != SQLITE_OK) {
        r = database_fail(db, rc, "cannot take over what was salvaged", err);
        database_rollback(db);
    }
    statements_finalize(s.statements, FORMS);
    cells_free(s.cells);
    pages_close(s.pages);
    free(s.log);
    if (r == 0)
        *ret = s.report;
    return r;
}
