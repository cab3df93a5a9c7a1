/* transport.h - the serial line and the TCP connection, as the two drivers use them.
 *
 * Thread: the bus, where nothing else is said.
 */
#ifndef MODBUS_TRANSPORT_H
#define MODBUS_TRANSPORT_H

#include "gw/driver.h"

struct modbus_bus;

/* gw_driver.open */
int rtu_open(void *bus, const struct gw_bus_setup *setup, struct gw_error *err);
int tcp_open(void *bus, const struct gw_bus_setup *setup, struct gw_error *err);

/* gw_driver.server.  Thread: any */
void tcp_server(const void *bus, char ret[GW_NAME_MAX]);

/* The rates and parities of rtu.c as written in YAML, NULL-terminated. */
extern const char *const rtu_bauds[];
extern const char *const rtu_parities[];

/* gw_driver.port.  Thread: any */
const char *rtu_port(const void *bus);

/* gw_driver.load of a serial line.  Thread: any */
double rtu_load(const void *bus, const struct gw_device_ref *device);

/* rtu_spare_characters - what a request of its own costs on @bus's line, in characters.
 */
unsigned rtu_spare_characters(const struct modbus_bus *bus);

#endif
