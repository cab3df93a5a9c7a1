/* line.h - one serial line or TCP connection and one exchange on it at a time.
 *
 * libmodbus frames and checks; deadlines, silence and recovery are kept here.  After any
 * failure the line is clean again before the next request leaves.  Thread: the bus.
 */
#ifndef MODBUS_LINE_H
#define MODBUS_LINE_H

#include <modbus.h>

#include "gw/driver.h"

struct line;
struct modbus_bus;

/* What differs between the two transports.
 * prepare   makes the line ready for a request; a failure means the bus is offline
 * recover   after a failed exchange: no byte of it may reach the next one
 * is_quiet  listens for @us: false when something came; NULL where answers carry a number
 */
struct line_kind {
    int (*prepare)(struct line *l, const struct gw_sink *sink, struct gw_error *err);
    void (*recover)(struct line *l);
    bool (*is_quiet)(struct line *l, int64_t us);
};

/* line_query - one request.
 * values       of functions 5, 6 and 16
 * earliest_us  machine time before which it must not leave */
struct line_query {
    uint8_t unit;
    uint8_t function;
    uint16_t address; /* on the wire */
    uint16_t count;
    const uint16_t *values;
    int64_t earliest_us;
};

/* line - answers lie in registers or bits; of the largest size whatever was asked,
 * because libmodbus writes what the answer says (libmodbus #683). */
struct line {
    const struct line_kind *kind;
    modbus_t *ctx;
    const struct modbus_bus *bus;
    char name[160]; /* for messages */
    int64_t timeout_us;
    int64_t silence_us; /* between frames */
    int64_t character_ns;
    int64_t gap_us;
    int64_t earliest_us;
    int64_t answered_us; /* machine time of the last answer */
    int exception;       /* of the last answer, 0 = none */
    uint16_t registers[MODBUS_MAX_READ_REGISTERS];
    uint8_t bits[MODBUS_MAX_READ_BITS];
};

/* line_exchange - sends @q and waits for its answer, at most the timeout (and on a serial
 * line the time the frames take).  REJECTED: line.exception says why.  @sink may be NULL.
 */
enum gw_fault line_exchange(struct line *l, const struct line_query *q,
                            const struct gw_sink *sink, struct gw_error *err);

/* line_wire_us - the time that @q and its answer take on a serial line; 0 on TCP. */
int64_t line_wire_us(const struct line *l, const struct line_query *q);

/* line_close - accepts a half-open line. */
void line_close(struct line *l);

/* line_describe - "unit 3, registers 7..8 (function 3)". */
enum { LINE_QUERY_TEXT_MAX = 80 };
const char *line_describe(const struct line_query *q, char ret[LINE_QUERY_TEXT_MAX]);

/* line_exception_name - "illegal data address" of 2. */
const char *line_exception_name(int exception);

void line_count(const struct gw_sink *sink, enum gw_counter counter);
void line_sleep_until(int64_t machine_us);

/* rtu.c, tcp.c: open @bus's line. */
int rtu_open(void *bus, const struct gw_bus_setup *setup, struct gw_error *err);
int tcp_open(void *bus, const struct gw_bus_setup *setup, struct gw_error *err);

/* The rates and parities of rtu.c as written in YAML, NULL-terminated. */
extern const char *const rtu_bauds[];
extern const char *const rtu_parities[];

/* rtu_load - gw_driver.load of a serial line. */
double rtu_load(const void *bus, const struct gw_device_ref *device);

/* rtu_exchange_raw - for units above 247, which libmodbus 3.1.6 refuses.
 * returns what modbus_read_registers() and its kin return, errno likewise */
int rtu_exchange_raw(struct line *l, const struct line_query *q, int64_t deadline_us);

#endif
