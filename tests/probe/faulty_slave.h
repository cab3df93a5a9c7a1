/* faulty_slave.h - Modbus slaves that misbehave by a written mix of faults, on a
 * pseudo-terminal or a TCP port.  Thread: one of their own; counts may be read from any.
 */
#ifndef TESTS_FAULTY_SLAVE_H
#define TESTS_FAULTY_SLAVE_H

#include "fault_mix.h"

struct faulty_slave;

/* slave_setup - of a hundred requests @faulty are answered wrongly, and with @lies one in
 * a thousand is lied to. */
struct slave_setup {
    bool is_tcp;
    bool lies;
    unsigned faulty;
    int64_t timeout_us;
    int64_t late_after_us;
    uint64_t seed;
};

/* slave_start - returns 0 or -1 with errno.  Owner: caller; slave_stop() */
int slave_start(const struct slave_setup *setup, struct faulty_slave **ret);
struct faulty_slave *slave_stop(struct faulty_slave *s);

/* slave_port - what a client opens: a terminal's path or a port number. */
const char *slave_port(const struct faulty_slave *s);

uint64_t slave_requests(struct faulty_slave *s);
uint64_t slave_faults(struct faulty_slave *s, enum fault_kind kind);

#endif
