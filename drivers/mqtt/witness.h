/* witness.h - a second connection to the broker, without a word: when ours is closed, is
 * that one left alone?
 *
 * A broker that ends takes both with it, as the kernel does for one that was killed,
 * however soon another listens in its place; one that threw out a single client leaves
 * this one.  Brokers end a connection that never says who it is after 15 s and more.
 * Thread: the bus's.
 */
#ifndef MQTT_WITNESS_H
#define MQTT_WITNESS_H

#include <stdbool.h>

/* mqtt_witness - a plain value, zeroed: there is none.
 * fd  valid while is_called */
struct mqtt_witness {
    int fd;
    bool is_called;
};

/* mqtt_witness_call - to where the connected socket @beside leads; never blocks.  There
 * is none when it cannot be. */
void mqtt_witness_call(struct mqtt_witness *w, int beside);

/* mqtt_witness_stays - right after @beside was closed: this one is not, for as long as a
 * broker takes to end; blocks for a second at most. */
bool mqtt_witness_stays(const struct mqtt_witness *w);

void mqtt_witness_dismiss(struct mqtt_witness *w);

#endif
