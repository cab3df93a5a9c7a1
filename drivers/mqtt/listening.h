/* listening.h - is there a broker that takes connections?
 *
 * One that ends stops to listen before it lets its clients go, as the kernel does for one
 * that was killed; one that threw out a single client listens on.  Thread: the bus's.
 */
#ifndef MQTT_LISTENING_H
#define MQTT_LISTENING_H

#include <stdbool.h>

#include "gw/broker.h"

/* mqtt_is_listening - a connection is made and closed at once, without a word; blocks for
 * a second at most, and for the resolver's time.
 * attempt  of gw_broker_resolve() */
bool mqtt_is_listening(const struct gw_broker *broker, unsigned attempt);

#endif
