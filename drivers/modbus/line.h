/* line.h - one serial line or TCP connection and one exchange on it at a time.
 *
 * Deadlines, silence and recovery are kept here.  Before a request leaves, no byte of an
 * earlier exchange is left that could pass for its answer.  Thread: the bus.
 */
#ifndef MODBUS_LINE_H
#define MODBUS_LINE_H

#include <modbus.h>

#include "frame.h"
#include "gw/driver.h"

struct line;
struct modbus_bus;

/* What differs between the two transports.
 * prepare   makes the line ready for a request: OFFLINE when there is none, TRANSIENT
 * when others do not stop to talk on it transfer  sends @q, leaves its answer in l->frame
 * settle    draws the conclusion for the line from how an exchange ended
 * is_quiet  listens until @until_us: false when something came; NULL where answers carry
 *           a number */
struct line_kind {
    enum gw_fault (*prepare)(struct line *l, const struct gw_sink *sink,
                             struct gw_error *err);
    enum verdict (*transfer)(struct line *l, const struct frame_query *q,
                             int64_t deadline_us);
    void (*settle)(struct line *l, enum verdict verdict);
    bool (*is_quiet)(struct line *l, int64_t until_us);
};

enum { LINE_BUFFER = 512 };

/* line
 * port        the serial line's settings, restored when it closes; NULL over TCP
 * is_dirty    serial: what was missed may still be on its way
 * error       errno of a LOST
 * sent_us, answered_us   machine times of the last exchange
 * transaction, sent      TCP: number of the last request, and how many the connection saw
 * timeouts    in a row
 * buffer      TCP: what has come and is not yet taken */
struct line {
    const struct line_kind *kind;
    const struct modbus_bus *bus;
    modbus_t *port;
    int fd;
    int lock;       /* rtu: a descriptor that holds the port's lock; -1 = none */
    char name[160]; /* for messages */
    int64_t timeout_us;
    int64_t late_after_us;
    int64_t silence_us; /* between frames */
    int64_t character_ns;
    int64_t gap_us;
    int64_t earliest_us;
    int64_t sent_us;
    int64_t answered_us;
    bool is_dirty;
    int error;
    int exception; /* of the last answer, 0 = none */
    enum verdict verdict;
    uint16_t transaction;
    uint16_t sent;
    unsigned timeouts;
    size_t have;
    uint8_t buffer[LINE_BUFFER];
    uint8_t frame[FRAME_SIZE_MAX + 2];
    uint16_t registers[FRAME_REGISTERS_MAX];
    uint8_t bits[FRAME_BITS_MAX];
};

/* line_exchange - sends @q, not before @earliest_us, and waits for its answer: at most
 * the timeout, on a serial line and the time that the frames take.  Values are in
 * registers or bits then.  REJECTED: exception says why.  @sink may be NULL. */
enum gw_fault line_exchange(struct line *l, const struct frame_query *q,
                            int64_t earliest_us, const struct gw_sink *sink,
                            struct gw_error *err);

/* line_wire_us - the time that @q and its answer take on a serial line; 0 on TCP. */
int64_t line_wire_us(const struct line *l, const struct frame_query *q);

/* line_open - what both transports begin with: the bus's options, nothing else. */
void line_open(struct line *l, const struct line_kind *kind, const struct modbus_bus *b);

/* line_close - accepts a half-open line. */
void line_close(struct line *l);

/* line_describe - "unit 3, registers 7..8 (function 3)". */
enum { LINE_QUERY_TEXT_MAX = 80 };
const char *line_describe(const struct frame_query *q, char ret[LINE_QUERY_TEXT_MAX]);

void line_count(const struct gw_sink *sink, enum gw_counter counter);
void line_sleep_until(int64_t machine_us);

/* line_wait - until a byte is there or @until_us.  returns 1, 0 = silent, -EIO = its end
 */
int line_wait(struct line *l, int64_t until_us);

#endif
