/* window.h - when to read on, when to ask for a commit, when to acknowledge.
 *
 * libmosquitto queues a PUBACK with each message that it reads, and all of them
 * leave together: so a moment is needed at which everything that was read is
 * committed.  When enough messages wait, reading stops, a commit is asked for, and
 * once it came everything is written; then reading goes on.  While the disk takes no
 * commit, reading goes on too, up to WINDOW_STUCK: nothing is written meanwhile, so
 * nothing can be lost, and a panic button is heard with a full disk.
 *
 * A plain value without I/O.  Thread: the bus's.
 */
#ifndef MQTT_WINDOW_H
#define MQTT_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

enum {
    WINDOW_UNLIMITED = 1000, /* may wait when the broker sets no limit, or a larger one */
    WINDOW_QUIET_US = 10000, /* nothing came for so long: the broker may be waiting */
    WINDOW_STUCK_US = 500000, /* no commit for so long: alarms do not wait for a disk */
    /* so many may then wait: 80 s of 200 messages/s, hours of a bus of security points;
     * a PUBACK each in libmosquitto, a row or a few in the store: about 4 MB */
    WINDOW_STUCK = 16384,
};

enum mqtt_window_step {
    WINDOW_READ,  /* read on */
    WINDOW_ASK,   /* ask for a commit up to .last, then call again */
    WINDOW_WAIT,  /* read nothing, write nothing */
    WINDOW_WRITE, /* write everything, then mqtt_window_written() */
};

struct mqtt_window {
    uint32_t size;       /* messages that the broker keeps in flight; 0 = any number */
    int64_t interval_us; /* oldest message waits at most so long */
    uint64_t last;       /* ticket read last */
    uint64_t committed;
    uint64_t acknowledged; /* up to here the PUBACKs were written */
    uint64_t asked;        /* commit asked for up to here */
    int64_t oldest_us;     /* machine time at which the oldest waiting one was read */
    int64_t newest_us;
    int64_t stopped_us;  /* machine time since when no commit came */
    uint64_t stopped_at; /* committed then */
    bool is_stopped;     /* waiting for the commit */
    bool is_reading;     /* as mqtt_window_next() said last */
};

/* mqtt_window_open - a new connection: nothing waits, @last is the ticket given last. */
void mqtt_window_open(struct mqtt_window *w, uint32_t size, int64_t interval_us,
                      uint64_t last);

void mqtt_window_taken(struct mqtt_window *w, uint64_t ticket, int64_t now_us);
void mqtt_window_committed(struct mqtt_window *w, uint64_t ticket);
void mqtt_window_written(struct mqtt_window *w);

enum mqtt_window_step mqtt_window_next(struct mqtt_window *w, int64_t now_us);

/* mqtt_window_deadline - machine time at which mqtt_window_next() may say something new.
 */
int64_t mqtt_window_deadline(const struct mqtt_window *w);

#endif
