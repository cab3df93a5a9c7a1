/* scrub.h - the pages of the file one after the other, slice by slice and round and
 * round, so that damage is found which nobody meets.
 *
 * The file alone, without its log, whatever memory holds of it; form and not content:
 * the format has no checksums.  As long as not all of the log is in the file, how pages
 * stand to each other may look wrong.  Thread: the one that writes the file.
 */
#ifndef STORE_SCRUB_H
#define STORE_SCRUB_H

#include <stdbool.h>
#include <stdint.h>

#include "store/cells.h"

/* Zero-initialise. */
struct scrub {
    struct pages *pages;
    struct cells *cells;
    uint32_t done; /* of this round */
};

/* scrub_slice - some pages more of @path, none that begins after machine time
 * @until_us.  A slice each 10 s is a round a day, also of a file of some GB.
 * returns 0, 1: *ret_page does not look sound, or -errno */
int scrub_slice(struct scrub *s, const char *path, int64_t until_us, uint32_t *ret_page);

/* scrub_is_broken - @page of the last slice, read again from the disk.
 * scrub_return - the next slice begins with it. */
bool scrub_is_broken(struct scrub *s, uint32_t page);
void scrub_return(struct scrub *s, uint32_t page);

/* scrub_done - no connection of this process has the file open any more, or it has been
 * moved aside (pages.h). */
void scrub_done(struct scrub *s);

#endif
