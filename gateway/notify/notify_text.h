/* notify_text.h - the JSON of local topics, both ways.  Thread: any. */
#ifndef NOTIFY_NOTIFY_TEXT_H
#define NOTIFY_NOTIFY_TEXT_H

#include "gw/error.h"
#include "alarms/alarm.h"
#include "notify/notify_queue.h"

/* notify_text_value - {"v":21.5,"q":"good","t":"…"}; a bad value is null with its reason.
 */
void notify_text_value(const struct gw_reading *reading, char ret[NOTIFY_PAYLOAD_MAX]);

/* notify_text_alarm - {"state":"unacknowledged","severity":"P1","title":{…},…}.
 * returns 0, -ENOMEM, or -ENOSPC: does not fit */
int notify_text_alarm(const struct gw_transition *t, const struct gw_text *title,
                      char ret[NOTIFY_PAYLOAD_MAX]);

/* notify_text_status - {"gateway":"gw-01","state":"online"}. */
void notify_text_status(const char *gateway, bool is_online,
                        char ret[NOTIFY_PAYLOAD_MAX]);

/* notify_text_command - a message on "<prefix>/cmd/alarm/<rule>/<object>":
 * {"do":"acknowledge|reset|shelve|unshelve","by":…,"comment":…,"minutes":…}.
 * @now_us school time.  returns 0 or gw_fail() */
int notify_text_command(const char *topic, const char *prefix, const void *bytes,
                        size_t size, int64_t now_us, struct alarm_command *ret,
                        struct gw_error *err);

#endif
