#include "alarms/alarm_state.h"

#include <stdio.h>

/* Three letters each, so that the table reads as a table. */
enum {
    NRM = GW_ALARM_NORMAL,
    UNA = GW_ALARM_UNACKNOWLEDGED,
    ACK = GW_ALARM_ACKNOWLEDGED,
    RTN = GW_ALARM_RETURNED,
    LAT = GW_ALARM_LATCHED,
    LAK = GW_ALARM_LATCHED_ACKNOWLEDGED,
    SHV = GW_ALARM_SHELVED,
    SUP = GW_ALARM_SUPPRESSED,
    OUT = GW_ALARM_OUT_OF_SERVICE,
};

/* Leaving a hidden state goes to normal here; alarm.c then looks whether the cause
 * still stands.  The columns are enum alarm_event's. */
static const uint8_t next_state[GW_ALARM_STATES][ALARM_EVENTS] = {
    /*     RAISE CLR  ACKN RESET SHLV UNSH SUPP UNSU OUT  IN */
    [NRM] = {UNA, NRM, NRM, NRM, SHV, NRM, SUP, NRM, OUT, NRM},
    [UNA] = {UNA, RTN, ACK, UNA, SHV, UNA, SUP, UNA, OUT, UNA},
    [ACK] = {ACK, NRM, ACK, ACK, SHV, ACK, SUP, ACK, OUT, ACK},
    [RTN] = {UNA, RTN, NRM, RTN, SHV, RTN, SUP, RTN, OUT, RTN},
    [LAT] = {UNA, LAT, LAK, LAT, SHV, LAT, SUP, LAT, OUT, LAT},
    [LAK] = {UNA, LAK, LAK, NRM, SHV, LAK, SUP, LAK, OUT, LAK},
    [SHV] = {SHV, SHV, SHV, SHV, SHV, NRM, SUP, SHV, OUT, SHV},
    [SUP] = {SUP, SUP, SUP, SUP, SUP, SUP, SUP, NRM, OUT, SUP},
    [OUT] = {OUT, OUT, OUT, OUT, OUT, OUT, OUT, OUT, OUT, NRM},
};

/* What a latching rule's alarm does differently when its cause goes. */
static const uint8_t next_latched[GW_ALARM_STATES] = {
    [NRM] = NRM, [UNA] = LAT, [ACK] = LAK, [RTN] = RTN, [LAT] = LAT,
    [LAK] = LAK, [SHV] = SHV, [SUP] = SUP, [OUT] = OUT,
};

/* Bits of the states in which the event asks for what is there already. */
#define IN_STATE(state) (1u << (state))
#define NOT_IN_STATE(state) (~(1u << (state)))

static const uint32_t is_so_already[ALARM_EVENTS] = {
    [ALARM_ACKNOWLEDGE] = IN_STATE(NRM) | IN_STATE(ACK) | IN_STATE(LAK),
    [ALARM_RESET] = IN_STATE(NRM),
    [ALARM_UNSHELVE] = NOT_IN_STATE(SHV),
    [ALARM_SUPPRESS] = IN_STATE(SUP),
    [ALARM_UNSUPPRESS] = NOT_IN_STATE(SUP),
    [ALARM_OUT] = IN_STATE(OUT),
    [ALARM_IN] = NOT_IN_STATE(OUT),
};

static const char *const causes[ALARM_EVENTS] = {
    [ALARM_RAISE] = "rule",
    [ALARM_CLEAR] = "rule",
    [ALARM_ACKNOWLEDGE] = "acknowledge",
    [ALARM_RESET] = "reset",
    [ALARM_SHELVE] = "shelve",
    [ALARM_UNSHELVE] = "unshelve",
    [ALARM_SUPPRESS] = "suppress",
    [ALARM_UNSUPPRESS] = "unsuppress",
    [ALARM_OUT] = "out-of-service",
    [ALARM_IN] = "in-service",
};

static const char *const phrases[GW_ALARM_STATES] = {
    [NRM] = "normal",
    [UNA] = "active and unacknowledged",
    [ACK] = "active and acknowledged",
    [RTN] = "returned and unacknowledged",
    [LAT] = "latched and unacknowledged",
    [LAK] = "latched and acknowledged",
    [SHV] = "shelved",
    [SUP] = "suppressed",
    [OUT] = "out of service",
};

enum gw_alarm_state alarm_next(enum gw_alarm_state state, enum alarm_event event,
                               bool is_latching)
{
    if (is_latching && event == ALARM_CLEAR)
        return (enum gw_alarm_state)next_latched[state];
    return (enum gw_alarm_state)next_state[state][event];
}

bool alarm_is_so(enum gw_alarm_state state, enum alarm_event event)
{
    return is_so_already[event] & IN_STATE(state);
}

bool alarm_is_hidden(enum gw_alarm_state state)
{
    return state == GW_ALARM_SHELVED || state == GW_ALARM_SUPPRESSED
           || state == GW_ALARM_OUT_OF_SERVICE;
}

const char *alarm_event_cause(enum alarm_event event)
{
    return causes[event];
}

const char *alarm_state_phrase(enum gw_alarm_state state)
{
    return phrases[state];
}

void alarm_allowed(enum gw_alarm_state state, enum gw_severity severity, char *ret,
                   size_t size)
{
    size_t used = 0;
    ret[0] = '\0';
    for (int i = ALARM_ACKNOWLEDGE; i <= ALARM_UNSHELVE && used < size; i++) {
        enum alarm_event event = (enum alarm_event)i;
        bool is_refused = event == ALARM_SHELVE && severity == GW_P1;
        if (is_refused || alarm_next(state, event, false) == state)
            continue;
        int n = snprintf(ret + used, size - used, "%s%s", used > 0 ? ", " : "",
                         causes[event]);
        used += n > 0 ? (size_t)n : 0;
    }
}
