/* gpio.h - the descriptor of the gpio driver. */
#ifndef GPIO_GPIO_H
#define GPIO_GPIO_H

#include "gw/driver.h"

extern const struct gw_driver gpio_driver;

#endif
