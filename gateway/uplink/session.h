/* session.h - connect, subscribe, online, lost: when to do what next.
 *
 * Pure state: time and chance are arguments.  Thread: one owner.
 */
#ifndef UPLINK_SESSION_H
#define UPLINK_SESSION_H

#include <stdbool.h>
#include <stdint.h>

/* WAITING  no connection; the next attempt is due at deadline_us
 * OPENING  connecting or subscribing; given up at deadline_us
 * ONLINE   rows flow */
enum session_state { SESSION_WAITING, SESSION_OPENING, SESSION_ONLINE };

/* session - zero-initialised: waiting, due at once.
 * failures  in a row; a connection that lasts a minute forgets them
 * taken     connections in a row that came up well and were then closed by the broker */
struct session {
    enum session_state state;
    int64_t deadline_us;
    int64_t online_us;
    unsigned failures;
    unsigned taken;
};

#define SESSION_OPEN_US INT64_C(20000000)      /* for TCP, TLS, CONNACK and SUBACK */
#define SESSION_FIRST_WAIT_US INT64_C(1000000) /* doubles with every failure */
#define SESSION_LAST_WAIT_US INT64_C(300000000)
#define SESSION_STABLE_US INT64_C(60000000)
#define SESSION_CONTEST_WAIT_US \
    INT64_C(60000000)                         /* at least, in a contest; twice at most */
#define SESSION_SETTLED_US INT64_C(300000000) /* longer than any wait in a contest */

/* session_is_due - waiting and it is time: open a connection, then session_opening(). */
bool session_is_due(const struct session *s, int64_t now_us);
void session_opening(struct session *s, int64_t now_us);
void session_online(struct session *s, int64_t now_us);

/* session_is_overdue - opening takes too long: session_lost(). */
bool session_is_overdue(const struct session *s, int64_t now_us);

/* session_lost - waits a share of a time that doubles (full jitter): after an outage of
 * the whole county its gateways come back spread over five minutes, 1,500 of them five a
 * second.  In a contest one to two minutes.
 * is_taken  the broker closed it in order
 * chance    0..1
 * returns   the wait */
int64_t session_lost(struct session *s, int64_t now_us, bool is_taken, double chance);

/* session_chance - 0..1, for the above; no state. */
double session_chance(void);

/* session_renew - whatever it was in: another connection is due now, as if it were the
 * first. */
void session_renew(struct session *s, int64_t now_us);

/* session_is_contested - three connections in a row came up well and were then closed by
 * the broker, each within five minutes: most likely somebody else connects with the same
 * client id, of which a broker keeps the newer connection.  MQTT 3.1.1 gives no reason.
 * session_settles - true once, when the last one has stood for five minutes. */
bool session_is_contested(const struct session *s);
bool session_settles(struct session *s, int64_t now_us);

#endif
