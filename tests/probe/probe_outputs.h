/* probe_outputs.h - the outputs of the made-up school. */
#ifndef PROBE_OUTPUTS_H
#define PROBE_OUTPUTS_H

static const char probe_outputs[] =
    "["
    "{\"point\":\"gate-south/relay.siren\",\"device\":\"relays-gate\","
    "\"place_title\":{\"zh\":\"南门\",\"en\":\"South gate\"},\"on\":true,"
    "\"taken\":true,\"value\":1.0,"
    "\"since\":\"2026-11-23T10:20:01.000+08:00\",\"fault\":\"\"},"
    "{\"point\":\"duty-room/circuit\",\"device\":\"siren-duty\","
    "\"place_title\":{\"zh\":\"值班室\",\"en\":\"Duty room\"},\"on\":true,"
    "\"taken\":false,\"value\":null,"
    "\"since\":\"2026-11-23T10:20:11.000+08:00\","
    "\"fault\":\"line 'GPIO24' of GPIO chip 'pinctrl-x' is not held\"},"
    "{\"point\":\"b1-203/relay\",\"device\":\"lamp-203\","
    "\"place_title\":null,\"on\":false,\"taken\":true,\"value\":1.0,"
    "\"since\":null,\"fault\":\"\"},"
    "{\"point\":\"gate-south/circuit\",\"device\":\"strobe\","
    "\"place_title\":null,\"on\":true,\"taken\":true,\"value\":null,"
    "\"since\":\"2026-11-22T23:50:00.000+08:00\","
    "\"fault\":\"its device is silent or failed (bad: offline)\"}"
    "]";

#endif
