/* quantity.h - numbers with their units, read without regard to any locale.
 * Thread: any.  All return 0, -EINVAL (not of this form) or -ERANGE. */
#ifndef CONFIG_QUANTITY_H
#define CONFIG_QUANTITY_H

#include <stdint.h>

/* "12", "-3", "0x1F"; a leading zero is refused, it means two things to two readers. */
int quantity_whole(const char *text, int64_t *ret);

/* "1", "-0.5", "2.5e3"; no "inf", no "nan". */
int quantity_number(const char *text, double *ret);

/* "80%" = 0.8 */
int quantity_share(const char *text, double *ret);

/* "300ms", "1.5s", "10min", "2h", "3d" in microseconds; the unit is needed. */
int quantity_duration(const char *text, int64_t *ret_us);

/* "08:20", "08:20:30", up to "24:00", in seconds since midnight. */
int quantity_clock(const char *text, int32_t *ret_s);

/* quantity_duration_text - the shortest such text of @us, into @ret of @size. */
void quantity_duration_text(int64_t us, char *ret, unsigned size);

#endif
