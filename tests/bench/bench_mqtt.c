#include "bench_mqtt.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int64_t bench_now_us(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

struct mosquitto *bench_connect(const char *id, int port, bool is_clean, bool is_threaded)
{
    (void)mosquitto_lib_init();
    struct mosquitto *m = mosquitto_new(id, is_clean, NULL);
    if (!m) {
        fprintf(stderr, "bench: out of memory\n");
        exit(EXIT_FAILURE);
    }
    if (is_threaded)
        (void)mosquitto_threaded_set(m, true);
    (void)mosquitto_int_option(m, MOSQ_OPT_TCP_NODELAY, 1);
    (void)mosquitto_max_inflight_messages_set(m, 0);
    int r = mosquitto_connect(m, "127.0.0.1", port, 60);
    if (r != MOSQ_ERR_SUCCESS) {
        fprintf(stderr, "bench: no broker on port %d: %s\n", port, mosquitto_strerror(r));
        exit(EXIT_FAILURE);
    }
    return m;
}

int bench_turn(struct mosquitto *m, int wait_ms, bool may_write)
{
    const bool wants_write = may_write && mosquitto_want_write(m);
    struct pollfd fd = {.fd = mosquitto_socket(m),
                        .events = (short)(POLLIN | (wants_write ? POLLOUT : 0))};
    (void)poll(&fd, 1, wait_ms);
    int r = MOSQ_ERR_SUCCESS;
    if (fd.revents & POLLIN)
        r = mosquitto_loop_read(m, 1);
    if (r == MOSQ_ERR_SUCCESS && wants_write)
        r = mosquitto_loop_write(m, 1);
    if (r == MOSQ_ERR_SUCCESS)
        r = mosquitto_loop_misc(m);
    return r;
}
