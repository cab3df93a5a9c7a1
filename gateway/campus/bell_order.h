/* bell_order.h - phases that are of another time of the day.  Thread: main. */
#ifndef CAMPUS_BELL_ORDER_H
#define CAMPUS_BELL_ORDER_H

#include "campus/bell_day.h"

/* bell_order_doubt - warns of what no school has between two lessons, and of a lunch that
 * is not at midday.  What was told of a row is not told again. */
void bell_order_doubt(const struct bell_day *d);

#endif
