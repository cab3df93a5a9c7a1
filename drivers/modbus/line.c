#include "line.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "exception.h"
#include "options.h"

enum { REQUEST_CHARACTERS = 8, CHECKSUM = 2 };

static const int64_t second_us = 1000000;

/* The core asks a silent device again half a second after its timeout at the soonest: by
 * then, and without the bus having to wait, a late answer is gone. */
static const int64_t default_lateness_us = 400000;

void line_count(const struct gw_sink *sink, enum gw_counter counter)
{
    if (sink)
        sink->count(sink->ctx, counter, 1);
}

static struct timespec span_of(int64_t us)
{
    return (struct timespec){us / second_us, us % second_us * 1000};
}

void line_sleep_until(int64_t machine_us)
{
    int64_t left_us = machine_us - gw_machine_us();
    if (left_us <= 0)
        return;
    struct timespec left = span_of(left_us);
    while (clock_nanosleep(CLOCK_MONOTONIC, 0, &left, &left) == EINTR)
        continue;
}

int line_wait(struct line *l, int64_t until_us)
{
    int64_t left_us = until_us - gw_machine_us();
    struct pollfd fd = {.fd = l->fd, .events = POLLIN};
    struct timespec limit = span_of(left_us > 0 ? left_us : 0);
    int r = ppoll(&fd, 1, &limit, NULL);
    if (r > 0 && !(fd.revents & POLLIN))
        return -EIO;
    return r > 0;
}

const char *line_describe(const struct frame_query *q, char ret[LINE_QUERY_TEXT_MAX])
{
    static const char *const nouns[] = {
        [1] = "coils", [2] = "inputs",   [3] = "registers", [4] = "registers",
        [5] = "coil",  [6] = "register", [15] = "coils",    [16] = "registers",
    };
    (void)snprintf(ret, LINE_QUERY_TEXT_MAX, "unit %d, %s %d..%d (function %d)", q->unit,
                   nouns[q->function], q->address, q->address + q->count - 1,
                   q->function);
    return ret;
}

int64_t line_wire_us(const struct line *l, const struct frame_query *q)
{
    uint8_t request[FRAME_SIZE_MAX];
    size_t characters = frame_is_read(q->function) ? REQUEST_CHARACTERS
                                                   : frame_build(q, request) + CHECKSUM;
    characters += frame_answer_size(q) + CHECKSUM;
    return (int64_t)characters * l->character_ns / 1000;
}

/* What a miss is called, and counted as. */
static const struct miss {
    enum gw_counter counter;
    const char *text;
} misses[VERDICTS] = {
    [ANSWER_TIMEOUT] = {GW_COUNT_TIMEOUT, "no answer in time"},
    [ANSWER_CHECKSUM] = {GW_COUNT_CRC, "checksum wrong"},
    [ANSWER_UNIT] = {GW_COUNT_MALFORMED, "answer of another unit"},
    [ANSWER_FUNCTION] = {GW_COUNT_MALFORMED, "answer to another function"},
    [ANSWER_LENGTH] = {GW_COUNT_MALFORMED, "answer is not of the length asked for"},
    [ANSWER_ECHO] = {GW_COUNT_MALFORMED, "answer confirms another write"},
    [ANSWER_CODE] = {GW_COUNT_MALFORMED, "answer is an unknown exception"},
    [ANSWER_HEADER] = {GW_COUNT_MALFORMED, "answer has a wrong number or header"},
};

static enum gw_fault take_exception(struct line *l, const struct frame_query *q,
                                    const struct gw_sink *sink, struct gw_error *err)
{
    char text[LINE_QUERY_TEXT_MAX];
    l->exception = frame_exception(l->frame);
    line_count(sink, GW_COUNT_EXCEPTION);
    (void)gw_fail(err, -EPROTO, "%s: exception %d (%s)", line_describe(q, text),
                  l->exception, exception_name(l->exception));
    return exception_kind(l->exception) == EXCEPTION_PASSING ? GW_FAULT_TRANSIENT
                                                             : GW_FAULT_REJECTED;
}

/* A connection that ended is no fault of the bus: the next connect tells. */
static enum gw_fault take_miss(struct line *l, const struct frame_query *q,
                               const struct gw_sink *sink, struct gw_error *err)
{
    char text[LINE_QUERY_TEXT_MAX];
    (void)line_describe(q, text);
    if (l->verdict == ANSWER_LOST) {
        (void)gw_fail(err, -l->error, "%s: %s: %s", l->name, text, strerror(l->error));
        return l->port ? GW_FAULT_OFFLINE : GW_FAULT_TRANSIENT;
    }
    const struct miss *m = &misses[l->verdict];
    line_count(sink, m->counter);
    (void)gw_fail(err, -EPROTO, "%s: %s", text, m->text);
    return GW_FAULT_TRANSIENT;
}

static void take_values(struct line *l, const struct frame_query *q)
{
    if (frame_is_of_bits(q->function))
        frame_bits(q, l->frame, l->bits);
    else if (frame_is_read(q->function))
        frame_registers(q, l->frame, l->registers);
}

static void tell_time(const struct line *l, const struct gw_sink *sink)
{
    if (sink && sink->answered)
        sink->answered(sink->ctx, l->answered_us - l->sent_us);
}

static enum gw_fault take(struct line *l, const struct frame_query *q,
                          const struct gw_sink *sink, struct gw_error *err)
{
    if (l->verdict != ANSWER_TAKEN && l->verdict != ANSWER_EXCEPTION)
        return take_miss(l, q, sink, err);
    tell_time(l, sink);
    if (l->verdict == ANSWER_EXCEPTION)
        return take_exception(l, q, sink, err);
    take_values(l, q);
    line_count(sink, GW_COUNT_MESSAGES);
    return GW_FAULT_NONE;
}

enum gw_fault line_exchange(struct line *l, const struct frame_query *q,
                            int64_t earliest_us, const struct gw_sink *sink,
                            struct gw_error *err)
{
    l->exception = 0;
    line_sleep_until(earliest_us > l->earliest_us ? earliest_us : l->earliest_us);
    enum gw_fault fault = l->kind->prepare(l, sink, err);
    l->sent_us = gw_machine_us();
    l->answered_us = l->sent_us;
    l->verdict = ANSWER_LOST;
    if (fault != GW_FAULT_NONE)
        return fault;
    line_count(sink, GW_COUNT_REQUESTS);
    l->verdict = l->kind->transfer(l, q, l->sent_us + l->timeout_us + line_wire_us(l, q));
    l->answered_us = gw_machine_us();
    fault = take(l, q, sink, err);
    l->kind->settle(l, l->verdict);
    int64_t rest_us = l->gap_us > l->silence_us ? l->gap_us : l->silence_us;
    l->earliest_us = l->answered_us + rest_us;
    return fault;
}

void line_open(struct line *l, const struct line_kind *kind, const struct modbus_bus *b)
{
    *l = (struct line){
        .kind = kind,
        .bus = b,
        .fd = -1,
        .lock = -1,
        .timeout_us = b->timeout_us,
        .late_after_us =
            b->late_after_us ? b->late_after_us : b->timeout_us + default_lateness_us,
        .gap_us = b->gap_us,
    };
}

void line_close(struct line *l)
{
    if (l->port) {
        modbus_close(l->port);
        modbus_free(l->port);
        l->port = NULL;
    } else if (l->kind && l->fd >= 0) {
        (void)close(l->fd);
    }
    if (l->kind && l->lock >= 0)
        (void)close(l->lock);
    l->fd = -1;
    l->lock = -1;
    l->have = 0;
}
