/* rotation.h - the credentials of the moment: which set a connection takes, and when
 * their files are others.
 *
 * Who renews a certificate copies one file after the other.  Until what lies there is
 * still for two seconds and fits together, the set before goes on; and until the broker
 * has taken the new one, both are tried.  Thread: one owner, the uplink's.
 */
#ifndef UPLINK_ROTATION_H
#define UPLINK_ROTATION_H

#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

#include "gw/log.h"
#include "uplink/county.h"
#include "uplink/credentials.h"

enum { ROTATION_FAULT_MAX = 400 };

/* rotation_stamp - another one, and the file is another. */
struct rotation_stamp {
    dev_t device;
    ino_t inode;
    off_t size;
    struct timespec changed;
    bool is_there;
};

/* rotation - of a broker without TLS it has no files, and nothing happens.
 * proven    the broker has taken it, and current not yet; NULL = there is no such
 * used      the one of the last connection */
struct rotation {
    struct gw_subject about;
    const char *files[CREDENTIALS];
    struct rotation_stamp stamps[CREDENTIALS];
    struct credentials *current;
    struct credentials *proven;
    const struct credentials *used;
    bool is_judged; /* what the stamps stand for */
    bool is_taken;  /* current, by the broker */
    bool is_online;
    unsigned refusals; /* of the broker in a row, since the last good connection */
    double chance;     /* this gateway's share of a spread, 0..1 */
    int64_t look_us;
    int64_t renew_us; /* when the connection that stands gives way; 0 = it need not */
    struct gw_complaint complaint;
    char fault[ROTATION_FAULT_MAX]; /* of the files; "" = they fit */
};

/* rotation_start - reads the files; what is wrong with them is logged, and they are read
 * again when they change, or a connection wants them.  @config, @chance borrowed. */
void rotation_start(struct rotation *r, const struct county_config *config,
                    double chance);
void rotation_end(struct rotation *r);

/* rotation_is_awake - it is time for rotation_look(): every two seconds.
 * returns of the look  true: a new set is there, so that a connection may well succeed */
#define ROTATION_LOOK_US INT64_C(2000000)
bool rotation_is_awake(const struct rotation *r, int64_t now_us);
bool rotation_look(struct rotation *r, int64_t now_us);

/* rotation_pick - the set for a connection: the newest; while the broker has not taken it
 * yet, in turn with the one before, after two refusals each.
 * ret      NULL = none is needed.  Valid until the next rotation_look()
 * returns  0, or -errno as credentials_read() */
int rotation_pick(struct rotation *r, const struct credentials **ret,
                  struct gw_error *err);

/* rotation_refused, rotation_online, rotation_offline - of the connection with what was
 * picked last: the broker answered and let it not in, or did; it is gone. */
void rotation_refused(struct rotation *r);
void rotation_online(struct rotation *r, int64_t now_us);
void rotation_offline(struct rotation *r);

/* rotation_is_due - the connection stands with a certificate that ends within seven days,
 * there is a newer one, and it is this gateway's turn: of a county's gateways, whose
 * certificates were made on one day, not all come at once. */
bool rotation_is_due(const struct rotation *r, int64_t now_us);

/* rotation_status - of the set that a connection takes: when it ends, and by which file;
 * 0 = nothing ends. */
void rotation_status(const struct rotation *r, struct county_credentials *ret);

#endif
