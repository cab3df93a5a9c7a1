/* fake_line.h - a serial line or connection without a kernel beneath the Modbus drivers.
 *
 * Linked with --wrap of the calls that the drivers make, see CMakeLists.txt; for any
 * other descriptor these go to the kernel.  Nobody waits: time is that of clock_set() and
 * moves to what is waited for.  Thread: the target's.
 */
#ifndef FAKE_LINE_H
#define FAKE_LINE_H

#include <stddef.h>
#include <stdint.h>

/* fake_line_start - a new line at time 0; @hear gets each request, and may answer it. */
void fake_line_start(void (*hear)(const uint8_t *request, size_t size));

/* fake_line_say - @size bytes that arrive @after_us from now, behind all that was said
 * before; more than the line's buffer holds is lost. */
void fake_line_say(const uint8_t *bytes, size_t size, int64_t after_us);

/* fake_line_hang_up - the other side ends, once what it said has arrived. */
void fake_line_hang_up(void);

#endif
