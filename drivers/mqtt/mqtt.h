/* mqtt.h - the driver "mqtt": readings from the school's broker. */
#ifndef MQTT_MQTT_H
#define MQTT_MQTT_H

#include "gw/driver.h"

extern const struct gw_driver mqtt_driver;

#endif
