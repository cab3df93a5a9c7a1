#include "line.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

enum { UNIT_MAX = 247, REQUEST_CHARACTERS = 8, ANSWER_CHARACTERS = 5 };

static const int64_t second_us = 1000000;

void line_count(const struct gw_sink *sink, enum gw_counter counter)
{
    if (sink)
        sink->count(sink->ctx, counter, 1);
}

void line_sleep_until(int64_t machine_us)
{
    int64_t left_us = machine_us - gw_machine_us();
    if (left_us <= 0)
        return;
    struct timespec left = {left_us / second_us, left_us % second_us * 1000};
    while (clock_nanosleep(CLOCK_MONOTONIC, 0, &left, &left) == EINTR)
        continue;
}

const char *line_describe(const struct line_query *q, char ret[LINE_QUERY_TEXT_MAX])
{
    static const char *const nouns[] = {
        [1] = "coils", [2] = "inputs",   [3] = "registers",  [4] = "registers",
        [5] = "coil",  [6] = "register", [16] = "registers",
    };
    (void)snprintf(ret, LINE_QUERY_TEXT_MAX, "unit %d, %s %d..%d (function %d)", q->unit,
                   nouns[q->function], q->address, q->address + q->count - 1,
                   q->function);
    return ret;
}

/* Source: Modbus Application Protocol V1.1b3, section 7. */
const char *line_exception_name(int exception)
{
    static const char *const names[] = {
        [1] = "illegal function",
        [2] = "illegal data address",
        [3] = "illegal data value",
        [4] = "device failure",
        [5] = "acknowledged, still working",
        [6] = "device busy",
        [7] = "negative acknowledge",
        [8] = "memory parity error",
        [10] = "gateway path unavailable",
        [11] = "gateway target does not answer",
    };
    size_t count = sizeof(names) / sizeof(names[0]);
    bool is_known = exception > 0 && (size_t)exception < count && names[exception];
    return is_known ? names[exception] : "unknown exception";
}

int64_t line_wire_us(const struct line *l, const struct line_query *q)
{
    int64_t bytes = q->function <= 2 ? (q->count + 7) / 8 : 2 * (int64_t)q->count;
    return (REQUEST_CHARACTERS + ANSWER_CHARACTERS + bytes) * l->character_ns / 1000;
}

static int call_libmodbus(struct line *l, const struct line_query *q)
{
    switch (q->function) {
    case 1:
        return modbus_read_bits(l->ctx, q->address, q->count, l->bits);
    case 2:
        return modbus_read_input_bits(l->ctx, q->address, q->count, l->bits);
    case 3:
        return modbus_read_registers(l->ctx, q->address, q->count, l->registers);
    case 4:
        return modbus_read_input_registers(l->ctx, q->address, q->count, l->registers);
    case 5:
        return modbus_write_bit(l->ctx, q->address, q->values[0] != 0);
    case 6:
        return modbus_write_register(l->ctx, q->address, q->values[0]);
    default:
        return modbus_write_registers(l->ctx, q->address, q->count, q->values);
    }
}

static int transfer(struct line *l, const struct line_query *q, int64_t limit_us)
{
    if (modbus_set_response_timeout(l->ctx, (uint32_t)(limit_us / second_us),
                                    (uint32_t)(limit_us % second_us))
        < 0)
        return -1;
    if (q->unit > UNIT_MAX && l->kind->is_quiet)
        return rtu_exchange_raw(l, q, gw_machine_us() + limit_us);
    if (modbus_set_slave(l->ctx, q->unit) < 0)
        return -1;
    return call_libmodbus(l, q);
}

/* What an errno of libmodbus means here; all that is not listed is the port's end on a
 * serial line, and on TCP the connection's: the next connect tells whether it is more. */
static const struct failure {
    int code;
    enum gw_counter counter;
    const char *text;
} failures[] = {
    {ETIMEDOUT, GW_COUNT_TIMEOUT, "no answer in time"},
    {EMBBADCRC, GW_COUNT_CRC, "checksum wrong"},
    {EMBBADDATA, GW_COUNT_MALFORMED, "answer does not match the request"},
    {EMBBADEXC, GW_COUNT_MALFORMED, "answer is an unknown exception"},
    {EMBUNKEXC, GW_COUNT_MALFORMED, "answer is an unknown exception"},
    {EMBMDATA, GW_COUNT_MALFORMED, "answer is too long"},
    {EMBBADSLAVE, GW_COUNT_MALFORMED, "answer of another unit"},
};

static const struct failure *failure_of(int code)
{
    for (size_t i = 0; i < sizeof(failures) / sizeof(failures[0]); i++)
        if (failures[i].code == code)
            return &failures[i];
    return NULL;
}

/* A gateway that cannot reach its slave (10, 11) or a slave that is busy (5, 6) did not
 * refuse the registers: asking again soon is right. */
static enum gw_fault judge_exception(int exception)
{
    bool is_passing = exception == 5 || exception == 6 || exception >= 10;
    return is_passing ? GW_FAULT_TRANSIENT : GW_FAULT_REJECTED;
}

static enum gw_fault take_failure(struct line *l, const struct line_query *q, int code,
                                  const struct gw_sink *sink, struct gw_error *err)
{
    char text[LINE_QUERY_TEXT_MAX];
    (void)line_describe(q, text);
    if (code >= EMBXILFUN && code <= EMBXGTAR) {
        l->exception = code - MODBUS_ENOBASE;
        line_count(sink, GW_COUNT_EXCEPTION);
        (void)gw_fail(err, -EPROTO, "%s: exception %d (%s)", text, l->exception,
                      line_exception_name(l->exception));
        return judge_exception(l->exception);
    }
    const struct failure *f = failure_of(code);
    if (f) {
        line_count(sink, f->counter);
        (void)gw_fail(err, -code, "%s: %s", text, f->text);
    } else {
        (void)gw_fail(err, -code, "%s: %s: %s", l->name, text, modbus_strerror(code));
    }
    l->kind->recover(l);
    return f || !l->kind->is_quiet ? GW_FAULT_TRANSIENT : GW_FAULT_OFFLINE;
}

enum gw_fault line_exchange(struct line *l, const struct line_query *q,
                            const struct gw_sink *sink, struct gw_error *err)
{
    line_sleep_until(q->earliest_us > l->earliest_us ? q->earliest_us : l->earliest_us);
    if (l->kind->prepare(l, sink, err) < 0)
        return GW_FAULT_OFFLINE;
    line_count(sink, GW_COUNT_REQUESTS);
    l->exception = 0;
    int n = transfer(l, q, l->timeout_us + line_wire_us(l, q));
    int code = errno;
    l->answered_us = gw_machine_us();
    int64_t rest_us = l->gap_us > l->silence_us ? l->gap_us : l->silence_us;
    enum gw_fault fault = GW_FAULT_NONE;
    if (n == q->count)
        line_count(sink, GW_COUNT_MESSAGES);
    else
        fault = take_failure(l, q, n < 0 ? code : EMBBADDATA, sink, err);
    l->earliest_us = gw_machine_us() + rest_us;
    return fault;
}

void line_close(struct line *l)
{
    if (!l->ctx)
        return;
    modbus_close(l->ctx);
    modbus_free(l->ctx);
    l->ctx = NULL;
}
