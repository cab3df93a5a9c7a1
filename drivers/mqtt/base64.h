/* base64.h - RFC 4648, section 4: how network servers carry a LoRaWAN frame. */
#ifndef MQTT_BASE64_H
#define MQTT_BASE64_H

#include <stddef.h>
#include <stdint.h>

/* base64_decode - returns the number of bytes, or -EINVAL for anything that is not
 * base64 or does not fit @room.  Thread: any. */
int base64_decode(const char *text, uint8_t *ret, size_t room);

#endif
