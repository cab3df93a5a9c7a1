#include <stdbool.h>
#include <string.h>

#include "cli/show.h"
#include "cli/show_field.h"
#include "cli/table.h"
#include "cli/words.h"

/* status_numbers - "name 12, other 3" of an object's whole numbers. */
static void status_numbers(const json_t *numbers, FILE *out)
{
    const char *separator = "";
    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach((json_t *)numbers, key, value)
    {
        if (!json_is_number(value))
            continue;
        (void)fprintf(out, "%s%s %.0f", separator, key, json_number_value(value));
        separator = ", ";
    }
    (void)fprintf(out, "%s\n", *separator ? "" : "none");
}

static void status_gateway(const json_t *status, FILE *out)
{
    char span[FIELD_CLOCK_MAX];
    (void)fprintf(out, "gateway   %s, version %s, up %s\n", field_text(status, "gateway"),
                  field_text(status, "version"),
                  field_span(field_count(status, "uptime_s"), span));
    const char *quality = field_text(status, "time_quality");
    (void)fprintf(out, "time      %s (%s", field_text(status, "school_time"), quality);
    if (!strcmp(quality, "uncertain"))
        (void)fprintf(out, ": the clock may be off by %.1f s",
                      json_number_value(json_object_get(status, "clock_error_s")));
    (void)fputs(")\n", out);
}

static void status_kept(const json_t *days, FILE *out)
{
    static const char *const of[] = {"readings", "minutes", "summaries", "days",
                                     "evidence"};
    if (!days)
        return;
    (void)fputs("          kept for days:", out);
    for (size_t i = 0; i < sizeof(of) / sizeof(of[0]); i++)
        (void)fprintf(out, "%s %s %lld", i ? "," : "", of[i],
                      (long long)field_count(days, of[i]));
    (void)fputc('\n', out);
}

static void status_store(const json_t *store, FILE *out)
{
    if (!store)
        return;
    (void)fprintf(out, "store     %lld commits, %lld rows, %lld failed, %lld waiting, ",
                  (long long)field_count(store, "commits"),
                  (long long)field_count(store, "rows"),
                  (long long)field_count(store, "failures"),
                  (long long)field_count(store, "waiting"));
    (void)fprintf(out, "%.1f MB\n", (double)field_count(store, "file_bytes") / 1e6);
    status_kept(json_object_get(store, "keep_days"), out);
    if (field_count(store, "undated") + field_count(store, "undated_given_way") > 0)
        (void)fprintf(out, "          %lld rows wait for the time, %lld found no room\n",
                      (long long)field_count(store, "undated"),
                      (long long)field_count(store, "undated_given_way"));
    if (json_string_length(json_object_get(store, "fault")) > 0)
        (void)fprintf(out, "          fault: %s\n", field_text(store, "fault"));
}

/* Nothing of a kernel that does not count, and no rate in the first hour. */
static void status_disk(const json_t *disk, FILE *out)
{
    const json_t *written = json_object_get(disk, "written_bytes");
    const json_t *per_day = json_object_get(disk, "bytes_per_day");
    const json_t *years = json_object_get(disk, "card_years");
    if (!json_is_integer(written))
        return;
    (void)fprintf(out, "disk      %.1f MB written since the start",
                  json_number_value(written) / 1e6);
    if (json_is_integer(per_day))
        (void)fprintf(out, ", %.1f MB a day", json_number_value(per_day) / 1e6);
    if (json_is_number(years))
        (void)fprintf(out, ": a new card lasts %.0f years by its data sheet",
                      json_number_value(years));
    (void)fputc('\n', out);
}

/* status_link - a connection's first word. */
static void status_link(const json_t *link, const char *name, FILE *out)
{
    const char *word =
        json_is_true(json_object_get(link, "connected")) ? "connected" : "not connected";
    if (json_is_false(json_object_get(link, "enabled")))
        word = "off";
    (void)fprintf(out, "%-9s %s", name, word);
}

/* When the certificate ends, and what is wrong with the files that lie there now. */
static void status_credentials(const json_t *credentials, FILE *out)
{
    const json_t *days = json_object_get(credentials, "days");
    if (json_is_integer(days) && json_integer_value(days) >= 0)
        (void)fprintf(out, "          days left of the certificate: %lld (%s)\n",
                      (long long)json_integer_value(days),
                      field_text(credentials, "file"));
    else if (json_is_integer(days))
        (void)fprintf(out, "          the certificate has ended (%s)\n",
                      field_text(credentials, "file"));
    if (json_string_length(json_object_get(credentials, "fault")) > 0)
        (void)fprintf(out, "          not taken: %s\n", field_text(credentials, "fault"));
}

static void status_county(const json_t *county, FILE *out)
{
    if (!county)
        return;
    status_link(county, "county", out);
    if (json_is_true(json_object_get(county, "connected")))
        (void)fprintf(out, " by %s", field_text(county, "way"));
    (void)fprintf(out,
                  ", %lld of %lld messages acknowledged, %lld in flight, %lld sent, "
                  "%lld sent again\n",
                  (long long)field_count(county, "outbox_acknowledged"),
                  (long long)field_count(county, "messages"),
                  (long long)field_count(county, "in_flight"),
                  (long long)field_count(county, "sent"),
                  (long long)field_count(county, "resent"));
    if (field_count(county, "left_out") + field_count(county, "refused") > 0)
        (void)fprintf(out,
                      "          mapping: %lld messages without a place at the platform, "
                      "%lld that the platform refuses\n",
                      (long long)field_count(county, "left_out"),
                      (long long)field_count(county, "refused"));
    if (json_string_length(json_object_get(county, "fault")) > 0)
        (void)fprintf(out, "          fault: %s\n", field_text(county, "fault"));
    status_credentials(json_object_get(county, "credentials"), out);
    if (json_string_length(json_object_get(county, "fingerprint")) > 0)
        (void)fprintf(out, "          evidence is signed by %s\n",
                      field_text(county, "fingerprint"));
}

/* status_outbox - what waits and for how long, what there is, and what gave way. */
static void status_outbox(const json_t *outbox, FILE *out)
{
    char span[FIELD_CLOCK_MAX];
    if (!outbox || field_count(outbox, "rows") + field_count(outbox, "dropped") == 0)
        return;
    (void)fprintf(out, "outbox    %lld waiting",
                  (long long)field_count(outbox, "waiting"));
    if (field_count(outbox, "waiting") > 0)
        (void)fprintf(out, ", the oldest for %s",
                      field_span(field_count(outbox, "oldest_s"), span));
    (void)fprintf(out, "; %lld rows of at most %lld kept, %.1f MB; %lld dropped",
                  (long long)field_count(outbox, "rows"),
                  (long long)field_count(outbox, "cap"),
                  (double)field_count(outbox, "bytes") / 1e6,
                  (long long)field_count(outbox, "dropped"));
    if (field_count(outbox, "untold") > 0)
        (void)fprintf(out, " (%lld the county was not told of)",
                      (long long)field_count(outbox, "untold"));
    (void)fputc('\n', out);
}

static void status_local(const json_t *local, FILE *out)
{
    if (!local)
        return;
    status_link(local, "local", out);
    (void)fprintf(out, ", %lld published, %lld waiting\n",
                  (long long)field_count(local, "published"),
                  (long long)field_count(local, "waiting"));
    if (json_string_length(json_object_get(local, "fault")) > 0)
        (void)fprintf(out, "          fault: %s\n", field_text(local, "fault"));
}

static const char *switch_word(const json_t *value)
{
    bool is_on = json_is_true(value) || json_number_value(value) != 0;
    return !value || json_is_null(value) ? "-" : words_tell(is_on ? "on" : "off");
}

static void output_row(struct table *t, const json_t *row, const char *now)
{
    char clock[FIELD_CLOCK_MAX];
    bool is_taken = json_is_true(json_object_get(row, "taken"));
    (void)table_cell(t, field_text(row, "point"));
    (void)table_cell(t, show_title(json_object_get(row, "place_title")));
    (void)table_cell(t, field_text(row, "device"));
    (void)table_cell(t, switch_word(json_object_get(row, "on")));
    (void)table_cell(t, words_tell(is_taken ? "yes" : "no"));
    (void)table_cell(t, switch_word(json_object_get(row, "value")));
    (void)table_cell(t, field_clock(row, "since", now, clock));
    (void)table_cell(t, field_text(row, "fault"));
}

static void status_outputs(const json_t *status, FILE *out)
{
    static const char *const heads[] = {"OUTPUT", "PLACE", "DEVICE", "WANTED", "TAKEN",
                                        "IS",     "SINCE", "FAULT",  NULL};
    const json_t *outputs = json_object_get(status, "outputs");
    struct table *t = NULL;
    if (json_array_size(outputs) == 0 || table_new(heads, &t) < 0)
        return;
    for (size_t i = 0; i < json_array_size(outputs); i++)
        output_row(t, json_array_get(outputs, i), field_text(status, "school_time"));
    (void)fputc('\n', out);
    table_print(t, out);
    (void)table_free(t);
}

static void status_config(const json_t *config, FILE *out)
{
    const char *standing = field_text(config, "standing");
    if (!config)
        return;
    (void)fprintf(out, "config    %s", standing);
    if (json_object_get(config, "left_s"))
        (void)fprintf(out, ", returns in %lld s",
                      (long long)field_count(config, "left_s"));
    if (!strcmp(standing, "returned"))
        (void)fprintf(out, ": %s runs", field_text(config, "folder"));
    (void)fputc('\n', out);
}

void show_status(const json_t *answer, FILE *out)
{
    status_gateway(answer, out);
    status_config(json_object_get(answer, "config"), out);
    (void)fputs("readings  ", out);
    status_numbers(json_object_get(answer, "readings"), out);
    (void)fputs("points    ", out);
    status_numbers(json_object_get(answer, "points"), out);
    (void)fputs("alarms    ", out);
    status_numbers(json_object_get(answer, "alarms"), out);
    status_store(json_object_get(answer, "store"), out);
    status_disk(json_object_get(answer, "disk"), out);
    status_county(json_object_get(answer, "county"), out);
    status_outbox(json_object_get(json_object_get(answer, "county"), "outbox"), out);
    status_local(json_object_get(answer, "local"), out);
    status_outputs(answer, out);
    (void)fputc('\n', out);
    show_buses(answer, out);
}
