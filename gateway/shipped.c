/* shipped.c - one line a driver, one line a plugin. */
#include "shipped.h"

#include "eye_health/eye_health.h"
#include "gpio/gpio.h"
#include "modbus/modbus.h"
#include "mqtt/mqtt.h"
#include "occupancy/occupancy.h"
#include "three_defense/three_defense.h"

static const struct gw_driver *const drivers[] = {
    &mqtt_driver, &modbus_rtu_driver, &modbus_tcp_driver, &gpio_driver, NULL,
};

static const struct gw_plugin *const plugins[] = {
    &occupancy_plugin,
    &three_defense_plugin,
    &eye_health_plugin,
    NULL,
};

const struct config_modules shipped_modules = {.drivers = drivers, .plugins = plugins};
