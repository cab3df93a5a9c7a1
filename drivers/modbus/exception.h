/* exception.h - what a device means by an exception.
 *
 * Source: Modbus Application Protocol V1.1b3, section 7; 7 is from older manuals.
 */
#ifndef MODBUS_EXCEPTION_H
#define MODBUS_EXCEPTION_H

#include "gw/driver.h"

/* REFUSED   asked again after a rest that grows: lesson.h
 * RANGE     the same, but a smaller request may do
 * FAILING   the device itself is broken there: bad values, asked again each time
 * PASSING   busy, or a gateway that does not reach its slave: no answer of the device */
enum exception_kind {
    EXCEPTION_REFUSED,
    EXCEPTION_RANGE,
    EXCEPTION_FAILING,
    EXCEPTION_PASSING,
};

/* exception_kind - of @code 1..11. */
enum exception_kind exception_kind(int code);

/* exception_name - "illegal data address" of 2. */
const char *exception_name(int code);

#endif
