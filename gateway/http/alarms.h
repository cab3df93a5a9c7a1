/* alarms.h - an alarm as the API shows it, for the list and for an action's answer. */
#ifndef HTTP_ALARMS_H
#define HTTP_ALARMS_H

#include <jansson.h>

#include "http/http.h"

json_t *alarm_json(const struct alarm_row *row, int offset_s);

#endif
