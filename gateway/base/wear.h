/* wear.h - what this process has the disk write: what an SD card's life goes by.
 *
 * The kernel counts pages as they become dirty on a real disk, so databases and their
 * logs with them, and not what a file system adds of its own.  Thread: any.
 */
#ifndef BASE_WEAR_H
#define BASE_WEAR_H

#include <stdint.h>

/* wear_bytes - written since this process began; -1 where the kernel does not count.
 * Source: Linux, Documentation/filesystems/proc.rst, /proc/PID/io */
int64_t wear_bytes(void);

/* wear_of - the line "write_bytes: N" of @text, which is such a file's; -1 without it. */
int64_t wear_of(const char *text);

/* wear_per_day - @bytes within @span_us as bytes a day; -1 below an hour, which a start
 * and its checkpoint would tell more of than a school's day. */
int64_t wear_per_day(int64_t bytes, int64_t span_us);

/* wear_years - how long a new card of @endurance_tb terabytes written lasts at @per_day
 * bytes; NAN when one of the two is not known. */
double wear_years(double endurance_tb, int64_t per_day);

#endif
