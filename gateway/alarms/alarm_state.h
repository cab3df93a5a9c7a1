/* alarm_state.h - what the ISA-18.2 table says beyond alarm_next().  Thread: any. */
#ifndef ALARMS_ALARM_STATE_H
#define ALARMS_ALARM_STATE_H

#include "alarms/alarm.h"

/* alarm_is_so - @event asks for what @state is already: no transition, no error. */
bool alarm_is_so(enum gw_alarm_state state, enum alarm_event event);

/* alarm_is_hidden - people were told not to be told: shelved, suppressed, out of
 * service. */
bool alarm_is_hidden(enum gw_alarm_state state);

/* alarm_event_cause - the word in a transition: "acknowledge", "shelve", … */
const char *alarm_event_cause(enum alarm_event event);

/* alarm_allowed - the sentence's tail: what a person may do in @state, as a list of
 * words into @ret. */
void alarm_allowed(enum gw_alarm_state state, enum gw_severity severity, char *ret,
                   size_t size);

/* alarm_state_phrase - @state in a sentence: "active and unacknowledged". */
const char *alarm_state_phrase(enum gw_alarm_state state);

#endif
