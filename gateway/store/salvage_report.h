/* salvage_report.h - what was taken over of a broken database, and what is known to be
 * lost.  Thread: any.
 */
#ifndef STORE_SALVAGE_REPORT_H
#define STORE_SALVAGE_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SALVAGE_GAPS_MAX = 3 };

/* salvage_gap - numbers of messages for the county that nobody can read any more. */
struct salvage_gap {
    uint64_t epoch;
    uint64_t from;
    uint64_t to;
};

/* salvage_report - lost is what numbers tell that follow each other; what stood behind
 * the highest of them, readings and kept states have none.
 * gaps           the first of all gap_count
 * damaged_pages  of the trees, as far as there was time to count them
 * unread_pages   of all, at their end, for which there was no time
 * is_whole       the log too was read to its end
 * is_emptied     the file was empty or gone: what it held beside the rows is lost */
struct salvage_report {
    uint64_t rows; /* of everything but the log */
    uint64_t readings;
    uint64_t lost_transitions;
    uint64_t lost_evidence; /* summaries and facts */
    uint64_t lost_names;    /* of points and buses */
    uint64_t lost_messages; /* for the county: made, not acknowledged */
    uint64_t gap_count;
    struct salvage_gap gaps[SALVAGE_GAPS_MAX];
    uint32_t damaged_pages;
    uint32_t unread_pages;
    bool is_whole;
    bool is_emptied;
};

/* salvage_report_tell - for people: what was kept, and what was lost at least. */
void salvage_report_tell(const struct salvage_report *report, char *ret, size_t size);

#endif
