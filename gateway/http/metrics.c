#include "http/metrics.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http/resource.h"
#include "http/server.h"

/* metric - one family.
 * path    from the status's root, dots between keys
 * label   the value at path is an object of numbers (or an array of objects with
 *         "name"): one line each, the key under this label; NULL = a number
 * member  of an array's objects: the number, or an object of numbers labelled "kind" */
struct metric {
    const char *name;
    const char *type;
    const char *path;
    const char *label;
    const char *member;
    const char *help;
};

static const struct metric metrics[] = {
    {"campus_uptime_seconds", "gauge", "uptime_s", NULL, NULL, "since the start"},
    {"campus_readings_total", "counter", "readings", "driver", NULL,
     "readings taken by driver"},
    {"campus_points", "gauge", "points", "kind", NULL, "points in all and by quality"},
    {"campus_alarms", "gauge", "alarms", "kind", NULL,
     "alarms active, unacknowledged, by severity"},
    {"campus_bus_events_total", "counter", "buses", "bus", "counters",
     "what happened on a bus"},
    {"campus_bus_samples_total", "counter", "buses", "bus", "samples",
     "samples taken from a bus"},
    {"campus_bus_overwritten_total", "counter", "buses", "bus", "overwritten",
     "gauges replaced in a full queue"},
    {"campus_store_commits_total", "counter", "store.commits", NULL, NULL, "commits"},
    {"campus_store_rows_total", "counter", "store.rows", NULL, NULL, "rows written"},
    {"campus_store_failures_total", "counter", "store.failures", NULL, NULL,
     "commits that failed and were tried again"},
    {"campus_store_waiting", "gauge", "store.waiting", NULL, NULL,
     "batches sealed and not yet committed"},
    {"campus_store_file_bytes", "gauge", "store.file_bytes", NULL, NULL,
     "size of the database"},
    {"campus_disk_written_bytes_total", "counter", "disk.written_bytes", NULL, NULL,
     "what the gateway had the disk write"},
    {"campus_disk_bytes_per_day", "gauge", "disk.bytes_per_day", NULL, NULL,
     "the same a day, from an hour after the start"},
    {"campus_heap_bytes", "gauge", "memory.heap_bytes", NULL, NULL,
     "allocated and not given back"},
    {"campus_sqlite_bytes", "gauge", "memory.sqlite_bytes", NULL, NULL,
     "the part of it that SQLite has, page caches with it"},
    {"campus_county_connected", "gauge", "county.connected", NULL, NULL,
     "1 while connected"},
    {"campus_county_contested", "gauge", "county.contested", NULL, NULL,
     "1 while somebody else seems to have the client id"},
    {"campus_county_certificate_days", "gauge", "county.credentials.days", NULL, NULL,
     "days until the county's CA or our certificate ends"},
    {"campus_county_messages_total", "counter", "county.messages", NULL, NULL,
     "outbox rows ever made"},
    {"campus_county_acknowledged_total", "counter", "county.outbox_acknowledged", NULL,
     NULL, "outbox rows the county has"},
    {"campus_outbox_waiting", "gauge", "county.outbox.waiting", NULL, NULL,
     "rows that wait for the county"},
    {"campus_outbox_oldest_seconds", "gauge", "county.outbox.oldest_s", NULL, NULL,
     "how long the oldest of them waits"},
    {"campus_outbox_rows", "gauge", "county.outbox.rows", NULL, NULL,
     "rows that are kept, also for a replay"},
    {"campus_outbox_bytes", "gauge", "county.outbox.bytes", NULL, NULL,
     "size of their bodies"},
    {"campus_outbox_cap_rows", "gauge", "county.outbox.cap", NULL, NULL,
     "rows at most; over it the least needed give way"},
    {"campus_outbox_dropped_total", "counter", "county.outbox.dropped", NULL, NULL,
     "rows that gave way"},
    {"campus_outbox_untold", "gauge", "county.outbox.untold", NULL, NULL,
     "rows that gave way and the county was not told"},
    {"campus_county_sent_total", "counter", "county.sent", NULL, NULL, "messages sent"},
    {"campus_county_resent_total", "counter", "county.resent", NULL, NULL,
     "messages sent again"},
    {"campus_county_in_flight", "gauge", "county.in_flight", NULL, NULL,
     "sent and not acknowledged"},
    {"campus_county_left_out_total", "counter", "county.left_out", NULL, NULL,
     "messages that the mapping has not for this platform"},
    {"campus_county_refused_total", "counter", "county.refused", NULL, NULL,
     "messages that the platform never takes"},
    {"campus_local_connected", "gauge", "local.connected", NULL, NULL,
     "1 while the school's broker is connected"},
    {"campus_local_published_total", "counter", "local.published", NULL, NULL,
     "messages to the school's broker"},
};

static const json_t *metrics_at(const json_t *node, const char *path)
{
    while (node && *path) {
        size_t length = strcspn(path, ".");
        char key[GW_ID_MAX];
        (void)snprintf(key, sizeof(key), "%.*s", (int)length, path);
        node = json_object_get(node, key);
        path += length + (path[length] == '.');
    }
    return node;
}

static bool metrics_number(const json_t *value, double *ret)
{
    if (json_is_boolean(value))
        *ret = json_is_true(value);
    else if (json_is_number(value))
        *ret = json_number_value(value);
    else
        return false;
    return true;
}

/* metrics_label - name="value", with the three characters that must be escaped. */
static void metrics_label(struct strbuf *out, const char *name, const char *value)
{
    strbuf_format(out, "%s=\"", name);
    for (; *value; value++) {
        if (*value == '"' || *value == '\\')
            strbuf_add(out, "\\");
        strbuf_add_bytes(out, *value == '\n' ? " " : value, 1);
    }
    strbuf_add(out, "\"");
}

/* metrics_family - one line a number in the object @numbers. */
static void metrics_family(struct strbuf *out, const struct metric *m,
                           const json_t *numbers, const char *label, const char *bus)
{
    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach((json_t *)numbers, key, value)
    {
        double number = 0;
        if (!metrics_number(value, &number))
            continue;
        strbuf_format(out, "%s{", m->name);
        if (bus)
            metrics_label(out, m->label, bus);
        strbuf_add(out, bus ? "," : "");
        metrics_label(out, label, key);
        strbuf_format(out, "} %.15g\n", number);
    }
}

static void metrics_rows(struct strbuf *out, const struct metric *m, const json_t *rows)
{
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        const char *name = json_string_value(json_object_get(row, "name"));
        const json_t *value = json_object_get(row, m->member);
        double number = 0;
        if (!name)
            continue;
        if (json_is_object(value)) {
            metrics_family(out, m, value, "kind", name);
        } else if (metrics_number(value, &number)) {
            strbuf_format(out, "%s{", m->name);
            metrics_label(out, m->label, name);
            strbuf_format(out, "} %.15g\n", number);
        }
    }
}

void metrics_write(struct strbuf *out, const json_t *status)
{
    for (size_t i = 0; i < sizeof(metrics) / sizeof(metrics[0]); i++) {
        const struct metric *m = &metrics[i];
        const json_t *value = metrics_at(status, m->path);
        double number = 0;
        if (!value)
            continue;
        strbuf_format(out, "# HELP %s %s\n# TYPE %s %s\n", m->name, m->help, m->name,
                      m->type);
        if (m->member)
            metrics_rows(out, m, value);
        else if (m->label)
            metrics_family(out, m, value, m->label, NULL);
        else if (metrics_number(value, &number))
            strbuf_format(out, "%s %.15g\n", m->name, number);
    }
}

void metrics_answer(struct request *request, struct reply *reply)
{
    struct sources_hold hold;
    sources_use(&request->http->sources, &hold);
    char *text = request->http->ops.status(request->http->ops.ctx);
    sources_done(&request->http->sources, &hold);
    json_t *status = text ? json_loads(text, 0, NULL) : NULL;
    free(text);
    if (!status) {
        reply_problem(reply, 503, NULL, "the gateway cannot tell at the moment");
        return;
    }
    struct strbuf out = {0};
    metrics_write(&out, status);
    json_decref(status);
    size_t size = out.used;
    reply_text(reply, "text/plain; version=0.0.4; charset=utf-8", strbuf_take(&out),
               size);
}
