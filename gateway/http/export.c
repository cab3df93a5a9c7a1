/* export.c - any span of what is stored as a table, page by page.
 *
 * A page is made on the slow lane while the connection sleeps, and read out by it: no
 * more than one page is in memory, and whoever reads slowly or goes away holds up nobody.
 */
#include <errno.h>
#include <fnmatch.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "http/export_table.h"
#include "http/resource.h"
#include "http/server.h"

enum { PAGE_ROWS = 1000, BLOCK = 16 * 1024, GLOBS_MAX = 8 };
static const char byte_order_mark[] = "\xef\xbb\xbf"; /* else Excel takes it for GBK */

/* export - lives as long as its response, which the request outlives while it sends.
 * sent  bytes of the page that are out */
struct export
{
    struct request *request;
    const struct export_table *table;
    struct query_cursor cursor;
    char globs[REQUEST_VALUE_MAX];
    const char *glob[GLOBS_MAX];
    size_t glob_count;
    struct strbuf page;
    size_t sent;
    bool has_failed;
};

/* --- what is asked for ------------------------------------------------------------- */

static bool read_globs(struct request *request, struct export *e, struct reply *reply)
{
    if (!request_value(request, "point", e->globs))
        return true;
    for (char *rest = e->globs, *glob; (glob = strsep(&rest, ",")) != NULL;) {
        if (e->glob_count == GLOBS_MAX) {
            reply_problem(reply, 422, NULL, "point: at most %d of them", GLOBS_MAX);
            return false;
        }
        e->glob[e->glob_count++] = glob;
    }
    if (e->table->kind == QUERY_READINGS)
        return true;
    reply_problem(reply, 422, NULL, "point: is of readings alone");
    return false;
}

static bool read_excel(struct request *request, bool *ret, struct reply *reply)
{
    static const char *const words[] = {"true", "false", NULL};
    char text[REQUEST_VALUE_MAX] = "false";
    (void)request_value(request, "excel", text);
    *ret = strcmp(text, "true") == 0;
    if (*ret || strcmp(text, "false") == 0)
        return true;
    reply_problem(reply, 422, words, "excel: '%s'", text);
    return false;
}

static bool read_request(struct request *request, struct export *e, struct reply *reply)
{
    bool is_excel = false;
    e->table = export_table_find(request->item);
    if (!e->table) {
        reply_problem(reply, 404, export_table_names, "export/%s: nothing is called so",
                      request->item);
        return false;
    }
    if (request->peer.role < e->table->role) {
        reply_problem(reply, 403, NULL, "'%s' takes the role %s or more, yours is %s",
                      e->table->name, role_name(e->table->role),
                      role_name(request->peer.role));
        return false;
    }
    e->cursor.until_us = clock_school_us();
    if (!request_time(request, "from", &e->cursor.from_us, reply)
        || !request_time(request, "to", &e->cursor.until_us, reply)
        || !read_globs(request, e, reply) || !read_excel(request, &is_excel, reply))
        return false;
    if (e->cursor.from_us >= e->cursor.until_us) {
        reply_problem(reply, 422, NULL, "from: not before to");
        return false;
    }
    strbuf_add(&e->page, is_excel ? byte_order_mark : "");
    strbuf_add(&e->page,
               request_is_chinese(request) ? e->table->heading_zh : e->table->heading_en);
    return true;
}

/* --- pages ---------------------------------------------------------------------------
 */

static bool is_wanted(const struct export *e, const struct query_row *row)
{
    bool is_wanted = e->glob_count == 0;
    for (size_t i = 0; i < e->glob_count && !is_wanted; i++)
        is_wanted = fnmatch(e->glob[i], row->name, 0) == 0;
    return is_wanted;
}

static void add_row(void *ctx, const struct query_row *row)
{
    struct export *e = ctx;
    struct sources_hold hold;
    if (!is_wanted(e, row))
        return;
    sources_use(&e->request->http->sources, &hold);
    e->table->row(&e->page, row, &hold.sources);
    sources_done(&e->request->http->sources, &hold);
}

/* Asked once more after a broken page, it begins where it was. */
struct page {
    struct export *export;
    struct query_cursor cursor;
    size_t used;
};

static int ask_page(void *ctx, struct query *query, struct gw_error *err)
{
    struct page *p = ctx;
    struct export *e = p->export;
    e->cursor = p->cursor;
    e->page.used = p->used;
    return query_page(query, e->table->kind, &e->cursor, PAGE_ROWS, add_row, e, err);
}

/* May be empty: of points that nobody asks for. */
static int make_page(struct request *request, struct export *e, struct gw_error *err)
{
    struct page p = {.export = e, .cursor = e->cursor, .used = e->page.used};
    int r = request_ask(request, ask_page, &p, err);
    if (r == 0 && e->page.has_failed)
        r = gw_fail(err, -ENOMEM, "out of memory");
    return r;
}

/* On the slow lane.  What is sent already cannot be taken back: the answer breaks off. */
static void export_again(struct request *request)
{
    struct export *e = request->kept;
    struct gw_error err = {0};
    e->has_failed = make_page(request, e, &err) < 0;
}

static ssize_t export_read(void *ctx, uint64_t position, char *ret, size_t max)
{
    struct export *e = ctx;
    (void)position;
    if (e->has_failed)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    size_t left = e->page.used - e->sent;
    size_t n = left < max ? left : max;
    if (n > 0) {
        memcpy(ret, e->page.text + e->sent, n);
        e->sent += n;
        return (ssize_t)n;
    }
    if (e->cursor.is_done)
        return MHD_CONTENT_READER_END_OF_STREAM;
    strbuf_clear(&e->page);
    e->sent = 0;
    if (!lane_again(e->request->http->lane, e->request))
        e->has_failed = true; /* said when we are called again, at once */
    return 0;
}

static void export_free(void *ctx)
{
    struct export *e = ctx;
    strbuf_free(&e->page);
    free(e);
}

static void begin(struct request *request, struct export *e, struct reply *reply)
{
    struct gw_error err = {0};
    e->request = request;
    if (!read_request(request, e, reply)) {
        export_free(e);
        return;
    }
    if (make_page(request, e, &err) < 0) {
        reply_problem(reply, 503, NULL, "%s", err.text);
        export_free(e);
        return;
    }
    request->kept = e; /* freed with the response */
    request->again = export_again;
    reply->status = 200;
    reply->type = "text/csv; charset=utf-8; header=present";
    reply->stream = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK,
                                                      export_read, e, export_free);
    if (reply->stream)
        return;
    export_free(e);
    reply_problem(reply, 500, NULL, "out of memory");
}

void export_answer(struct request *request, struct reply *reply)
{
    struct export *e = calloc(1, sizeof(*e));
    if (e)
        begin(request, e, reply);
    else
        reply_problem(reply, 500, NULL, "out of memory");
}
