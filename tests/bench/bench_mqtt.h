/* bench_mqtt.h - the little that the MQTT benchmarks share. */
#ifndef BENCH_MQTT_H
#define BENCH_MQTT_H

#include <mosquitto.h>
#include <stdbool.h>
#include <stdint.h>

int64_t bench_now_us(void);

/* bench_connect - TCP_NODELAY, loopback; ends the program with a message on failure. */
struct mosquitto *bench_connect(const char *id, int port, bool is_clean,
                                bool is_threaded);

/* bench_turn - polls the socket at most @wait_ms, reads, and writes when @may_write.
 * returns the library's code */
int bench_turn(struct mosquitto *m, int wait_ms, bool may_write);

#endif
