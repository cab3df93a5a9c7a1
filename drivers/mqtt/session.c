#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "mqtt_bus.h"

enum {
    READS_A_TURN = 256,     /* messages before commands get their turn */
    TICK_US = 1000000,      /* keep-alive and deadlines */
    HELD_RETRY_US = 50000,  /* should nobody tell us that there is room */
    UNKNOWN_US = 600000000, /* forget an unknown topic after 10 minutes without */
};

/* Connected is not enough in a fight: the other one takes its share of the messages. */
static void report_fight(struct mqtt_bus *bus)
{
    const struct gw_sink *sink = bus->setup->sink;
    char text[300];
    bus->is_fought = mqtt_lives_are_fought(&bus->lives);
    if (!bus->is_fought)
        return;
    (void)snprintf(
        text, sizeof(text),
        "connected, but thrown out again and again; is the client id '%s' used "
        "twice?",
        bus->config.client_id);
    sink->report(sink->ctx, NULL, text);
}

static void on_connected(void *ctx, bool has_session)
{
    struct mqtt_bus *bus = ctx;
    mqtt_delivery_connected(&bus->delivery, has_session);
    bus->connected_us = gw_machine_us();
    bus->message_us = bus->connected_us;
    report_fight(bus);
    if (mqtt_lives_are_suspect(&bus->lives))
        mqtt_witness_call(&bus->witness, mqtt_connection_fd(bus->connection));
    if (has_session && bus->setup->sink->resumed)
        bus->setup->sink->resumed(bus->setup->sink->ctx);
}

static void on_message(void *ctx, const struct mosquitto_message *message, bool is_dup)
{
    mqtt_intake_message(ctx, message, is_dup);
}

static void on_refused(void *ctx, size_t filter)
{
    struct mqtt_bus *bus = ctx;
    struct mqtt_source *source = &bus->sources[bus->filter_devices[filter]];
    const struct gw_sink *sink = bus->setup->sink;
    char text[200];
    source->is_refused = true;
    (void)snprintf(text, sizeof(text),
                   "the broker does not let us subscribe to '%.100s' (its access list)",
                   bus->filters[filter]);
    sink->report(sink->ctx, source->ref, text);
}

static void on_settled(void *ctx, uint64_t ticket)
{
    struct mqtt_bus *bus = ctx;
    mqtt_delivery_sure(&bus->delivery, ticket);
}

int mqtt_session_open(struct mqtt_bus *bus, struct gw_error *err)
{
    const struct mqtt_connection_events events = {bus, on_connected, on_message,
                                                  on_refused, on_settled};
    if (bus->attempts)
        bus->setup->sink->count(bus->setup->sink->ctx, GW_COUNT_RECONNECT, 1);
    bus->config.attempt = bus->attempts++;
    mqtt_window_open(&bus->window, bus->window_size, bus->setup->commit_interval_us,
                     bus->delivery.last);
    bus->connected_us = 0;
    bus->has_overrun = false;
    bus->is_fought = false;
    bus->is_acknowledging = false;
    bus->tick_us = gw_machine_us() + TICK_US;
    int r = mqtt_connection_new(&bus->config, &events, &bus->connection, err);
    if (r < 0)
        mqtt_lives_ended(&bus->lives, LIFE_NEVER_BEGAN, 0);
    return r;
}

/* What was reported ends with the connection; the next one finds out anew. */
static void withdraw_reports(struct mqtt_bus *bus)
{
    const struct gw_sink *sink = bus->setup->sink;
    for (size_t i = 0; bus->sources && i < bus->setup->device_count; i++)
        if (bus->sources[i].is_faulty || bus->sources[i].is_refused)
            sink->report(sink->ctx, bus->sources[i].ref, NULL);
    if (bus->is_silent || bus->is_unknown)
        sink->report(sink->ctx, NULL, NULL);
    bus->is_silent = false;
    bus->is_unknown = false;
}

void mqtt_session_close(struct mqtt_bus *bus)
{
    withdraw_reports(bus);
    /* What is on disk is acknowledged to the last. */
    bool is_settled = !bus->held.is_open
                      && (bus->window.last == bus->window.acknowledged
                          || bus->window.committed >= bus->window.last);
    bus->connection = mqtt_connection_free(bus->connection, is_settled);
    mqtt_witness_dismiss(&bus->witness);
    /* What the core never took must not be taken for a redelivery when it comes again. */
    if (bus->held.is_open && bus->held.needs_delivery && !bus->held.is_repeated)
        mqtt_delivery_untake(&bus->delivery);
    bus->held.is_open = false;
}

static bool is_reading(const struct mqtt_bus *bus)
{
    enum mqtt_connection_phase phase = mqtt_connection_phase(bus->connection);
    if (phase == CONNECTION_READY)
        return !bus->held.is_open && bus->window.is_reading;
    return phase == CONNECTION_CONNECTING;
}

/* Until the subscription is out nothing was read, so nothing can be acknowledged too
 * early; later only mqtt_window_next() says when to write. */
static bool is_writing(const struct mqtt_bus *bus)
{
    if (!mqtt_connection_has_output(bus->connection))
        return false;
    return mqtt_connection_phase(bus->connection) != CONNECTION_READY
           || bus->window.last == bus->window.acknowledged
           || bus->window.committed >= bus->window.last;
}

static int64_t earliest(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

void mqtt_session_wait(void *ctx, struct gw_wait *wait)
{
    struct mqtt_bus *bus = ctx;
    wait->count = 0;
    wait->deadline_us = bus->tick_us;
    wait->is_connecting = !bus->connected_us;
    if (!bus->connection)
        return;
    int events = (is_reading(bus) ? POLLIN : 0) | (is_writing(bus) ? POLLOUT : 0);
    wait->fds[wait->count++] = (struct pollfd){.fd = mqtt_connection_fd(bus->connection),
                                               .events = (short)events};
    if (bus->held.is_open)
        wait->deadline_us = earliest(wait->deadline_us, gw_machine_us() + HELD_RETRY_US);
    else
        wait->deadline_us =
            earliest(wait->deadline_us, mqtt_window_deadline(&bus->window));
}

/* Everything that was read is committed: its PUBACKs leave, with a question behind them
 * whose answer tells that the broker has them. */
static int acknowledge(struct mqtt_bus *bus, struct gw_error *err)
{
    if (!bus->is_acknowledging)
        mqtt_connection_barrier(bus->connection, bus->window.last);
    int r = mqtt_connection_write(bus->connection, err);
    if (r > 0)
        mqtt_window_written(&bus->window);
    bus->is_acknowledging = r == 0;
    return r < 0 ? r : 0;
}

/* Does what the window says until it says to read on or to wait. */
static int follow_window(struct mqtt_bus *bus, struct gw_error *err)
{
    const struct gw_sink *sink = bus->setup->sink;
    if (mqtt_connection_phase(bus->connection) != CONNECTION_READY || bus->held.is_open)
        return 0;
    enum mqtt_window_step step = mqtt_window_next(&bus->window, gw_machine_us());
    if (step == WINDOW_ASK) {
        sink->commit(sink->ctx, bus->window.last);
        step = mqtt_window_next(&bus->window, gw_machine_us());
    }
    return step == WINDOW_WRITE ? acknowledge(bus, err) : 0;
}

static int read_on(struct mqtt_bus *bus, struct gw_error *err)
{
    for (int i = 0; i < READS_A_TURN && is_reading(bus); i++) {
        int r = mqtt_connection_read(bus->connection, err);
        if (r <= 0)
            return r;
        if (bus->has_overrun)
            return gw_fail(err, -EOVERFLOW, "broker sent more than it was asked for");
        r = follow_window(bus, err);
        if (r < 0)
            return r;
    }
    return 0;
}

/* A bus tells one fault at a time. */
static void look_for_end_of_fight(struct mqtt_bus *bus, int64_t now_us)
{
    const struct gw_sink *sink = bus->setup->sink;
    if (bus->connected_us)
        mqtt_lives_lasts(&bus->lives, now_us - bus->connected_us);
    if (!mqtt_lives_are_suspect(&bus->lives))
        mqtt_witness_dismiss(&bus->witness);
    if (!bus->is_fought || mqtt_lives_are_fought(&bus->lives))
        return;
    bus->is_fought = false;
    sink->report(sink->ctx, NULL, NULL);
}

static void look_for_silence(struct mqtt_bus *bus, int64_t now_us)
{
    const struct gw_sink *sink = bus->setup->sink;
    bool is_silent = bus->connected_us && bus->silence_us
                     && now_us - bus->message_us > bus->silence_us;
    bool is_unknown = bus->is_unknown && now_us - bus->unknown_us < UNKNOWN_US;
    char text[120];
    if (is_silent && !bus->is_silent) {
        (void)snprintf(text, sizeof(text), "connected, but no message for %lld min",
                       (long long)(bus->silence_us / 60000000));
        sink->report(sink->ctx, NULL, text);
    } else if ((bus->is_silent && !is_silent) || (bus->is_unknown && !is_unknown)) {
        sink->report(sink->ctx, NULL, NULL);
    }
    bus->is_silent = is_silent;
    bus->is_unknown = is_unknown;
}

static int tick(struct mqtt_bus *bus, struct gw_error *err)
{
    int64_t now_us = gw_machine_us();
    if (now_us < bus->tick_us)
        return 0;
    bus->tick_us = now_us + TICK_US;
    look_for_end_of_fight(bus, now_us);
    if (!bus->is_fought)
        look_for_silence(bus, now_us);
    return mqtt_connection_tick(bus->connection, now_us, !is_reading(bus), err);
}

/* CONNECT, SUBSCRIBE and pings: what may leave because no message waits. */
static int write_idle(struct mqtt_bus *bus, struct gw_error *err)
{
    enum mqtt_connection_phase phase = mqtt_connection_phase(bus->connection);
    bool is_idle =
        phase != CONNECTION_READY || bus->window.last == bus->window.acknowledged;
    if (!is_idle || !mqtt_connection_has_output(bus->connection))
        return 0;
    int r = mqtt_connection_write(bus->connection, err);
    if (r > 0 && phase == CONNECTION_CONNECTING)
        mqtt_delivery_asked(&bus->delivery);
    return r < 0 ? r : 0;
}

static enum mqtt_life_end how_it_ended(const struct mqtt_bus *bus, int fault)
{
    if (!bus->connected_us)
        return LIFE_NEVER_BEGAN;
    if (fault != -ECONNRESET)
        return LIFE_FAILED;
    if (!bus->witness.is_called)
        return LIFE_CLOSED;
    return mqtt_witness_stays(&bus->witness) ? LIFE_THROWN_OUT : LIFE_FAILED;
}

static enum gw_fault offline(struct mqtt_bus *bus, int fault, struct gw_error *err)
{
    int64_t life_us = gw_machine_us() - bus->connected_us;
    mqtt_lives_ended(&bus->lives, how_it_ended(bus, fault), life_us);
    if (mqtt_lives_are_fought(&bus->lives) && err) {
        char cause[256];
        (void)snprintf(cause, sizeof(cause), "%.255s", err->text);
        (void)gw_fail(err, err->code, "%s; is the client id '%s' used twice?", cause,
                      bus->config.client_id);
    }
    return GW_FAULT_OFFLINE;
}

static int turn(struct mqtt_bus *bus, const struct gw_wait *wait, struct gw_error *err)
{
    int r = mqtt_intake_retry(bus) ? follow_window(bus, err) : 0;
    if (r == 0)
        r = read_on(bus, err);
    if (r == 0)
        r = follow_window(bus, err);
    if (r == 0)
        r = tick(bus, err);
    if (r == 0)
        r = write_idle(bus, err);
    bool is_hung_up = wait->count && wait->fds[0].revents & (POLLERR | POLLHUP);
    if (r == 0 && is_hung_up && !is_reading(bus))
        r = gw_fail(err, -ECONNRESET, "broker %s:%u: connection lost",
                    bus->config.broker.host, bus->config.broker.port);
    return r;
}

enum gw_fault mqtt_session_ready(void *ctx, const struct gw_wait *wait,
                                 const struct gw_sink *sink, struct gw_error *err)
{
    (void)sink; /* the setup's is the same */
    struct mqtt_bus *bus = ctx;
    if (!bus->connection)
        return GW_FAULT_OFFLINE;
    int r = turn(bus, wait, err);
    return r < 0 ? offline(bus, r, err) : GW_FAULT_NONE;
}

void mqtt_session_committed(void *ctx, uint64_t ticket)
{
    struct mqtt_bus *bus = ctx;
    mqtt_window_committed(&bus->window, ticket);
}
