/* modbus.h - the descriptors of modbus-rtu and modbus-tcp. */
#ifndef MODBUS_MODBUS_H
#define MODBUS_MODBUS_H

#include "gw/driver.h"

extern const struct gw_driver modbus_rtu_driver;
extern const struct gw_driver modbus_tcp_driver;

#endif
