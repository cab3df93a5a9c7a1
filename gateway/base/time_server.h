/* time_server.h - whether the kernel's clock follows a time server, and how far it may be
 * off.  Thread: any.
 *
 * The kernel keeps count of it.  A service that is closed in may not ask: adjtimex(2) can
 * set the clock as well, and systemd's filter refuses it with EPERM.  Then the file tells
 * that systemd-timesyncd touches each time it has set the clock. */
#ifndef BASE_TIME_SERVER_H
#define BASE_TIME_SERVER_H

#include <stdbool.h>
#include <stdint.h>

/* The kernel's own: 500 us more each second, and at 16 s no time server is followed.
 * Source: Linux, kernel/time/ntp.c, MAXFREQ and NTP_PHASE_LIMIT */
enum { TIME_SERVER_US_A_SECOND = 500, TIME_SERVER_LOST_US = 16000000 };

/* time_server_error_us - so far the clock is off at most; TIME_SERVER_LOST_US without a
 * server; -1 when nobody tells: another time service than systemd-timesyncd, and a
 * process that may not ask the kernel.  A clock that is driven (base/clock.h) is right.
 */
int64_t time_server_error_us(void);

/* time_server_mark_us - the same by a file that is touched when the clock is set; -1
 * without it. */
int64_t time_server_mark_us(const char *path);

/* time_server_is_followed - one is.  time_server_is_awaited - systemd-timesyncd runs and
 * has not heard of one since the machine started. */
bool time_server_is_followed(void);
bool time_server_is_awaited(void);

#endif
