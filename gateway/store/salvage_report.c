#include "store/salvage_report.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

/* sentence - text that grows to the end of its room. */
struct sentence {
    char *text;
    size_t size;
    size_t used;
};

__attribute__((format(printf, 2, 3))) static void say(struct sentence *s,
                                                      const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(s->text + s->used, s->size - s->used, format, args);
    va_end(args);
    if (n > 0)
        s->used = s->used + (size_t)n < s->size ? s->used + (size_t)n : s->size - 1;
}

static void say_lost(struct sentence *s, uint64_t count, const char *what, bool *is_first)
{
    if (count == 0)
        return;
    say(s, "%s%" PRIu64 " %s", *is_first ? "; lost at least " : ", ", count, what);
    *is_first = false;
}

/* " (epoch 71: 5-9, 12-12 and 3 more gaps)" */
static void say_gaps(struct sentence *s, const struct salvage_report *report)
{
    uint64_t told =
        report->gap_count < SALVAGE_GAPS_MAX ? report->gap_count : SALVAGE_GAPS_MAX;
    uint64_t epoch = 0; /* none has this number */
    for (uint64_t i = 0; i < told; i++) {
        const struct salvage_gap *gap = &report->gaps[i];
        say(s, i == 0 ? " (" : ", ");
        if (gap->epoch != epoch)
            say(s, "epoch %" PRIu64 ": ", gap->epoch);
        say(s, "%" PRIu64 "-%" PRIu64, gap->from, gap->to);
        epoch = gap->epoch;
    }
    if (report->gap_count > told)
        say(s, " and %" PRIu64 " more gaps", report->gap_count - told);
    if (told > 0)
        say(s, ")");
}

void salvage_report_tell(const struct salvage_report *report, char *ret, size_t size)
{
    struct sentence s = {.text = ret, .size = size};
    bool is_first = true;
    say(&s, "a new one begins with %" PRIu64 " rows and %" PRIu64 " readings of it%s",
        report->rows, report->readings, report->is_whole ? "" : " (the newest)");
    say_lost(&s, report->lost_transitions, "steps of alarms", &is_first);
    say_lost(&s, report->lost_evidence, "summaries and facts", &is_first);
    say_lost(&s, report->lost_names, "names of points", &is_first);
    say_lost(&s, report->lost_messages, "messages for the county", &is_first);
    say_gaps(&s, report);
    if (report->damaged_pages > 0)
        say(&s,
            "; %" PRIu32 " damaged pages: how many readings and kept states is unknown",
            report->damaged_pages);
    if (report->unread_pages > 0)
        say(&s, "; no time for its last %" PRIu32 " pages", report->unread_pages);
    if (report->is_emptied)
        say(&s, "; its file was empty or gone, and all else that it held is lost");
    else if (report->rows == 0 && report->readings == 0)
        say(&s, "; nothing of it could be read, and all that it held is lost");
    else if (is_first && report->damaged_pages == 0 && report->unread_pages == 0)
        say(&s, "; no row is known to be lost");
}
