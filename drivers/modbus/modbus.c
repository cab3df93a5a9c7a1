#include "modbus.h"

#include "options.h"

#define BUS(member) offsetof(struct modbus_bus, member)
#define DEVICE(member) offsetof(struct modbus_device, member)
#define POINT(member) offsetof(struct modbus_point, member)

static const struct gw_option rtu_options[] = {
    {"port", GW_OPT_FILE, BUS(device), true, 0, 0, NULL, NULL,
     "serial device; /dev/serial/by-id/… keeps its name"},
    {"baud", GW_OPT_ENUM, BUS(baud), false, 0, 0, rtu_bauds, "9600", "bit/s"},
    {"parity", GW_OPT_ENUM, BUS(parity), false, 0, 0, rtu_parities, "none",
     "none, even or odd"},
    {"data_bits", GW_OPT_UINT, BUS(data_bits), false, 7, 8, NULL, "8",
     "bits of a character"},
    {"stop_bits", GW_OPT_UINT, BUS(stop_bits), false, 1, 2, NULL, "1", "stop bits"},
    {"timeout", GW_OPT_DURATION, BUS(timeout_us), false, 10e3, 10e6, NULL, "300ms",
     "a slave's time to answer, beyond the frames' time on the wire"},
    {"gap", GW_OPT_DURATION, BUS(gap_us), false, 0, 10e6, NULL, "0ms",
     "shortest rest before a request; 3.5 characters are always kept"},
    {"late_after", GW_OPT_DURATION, BUS(late_after_us), false, 0, 10e6, NULL, "0ms",
     "how long after its request a late answer is waited out; 0: timeout + 400ms"},
    {0},
};

static const struct gw_option tcp_options[] = {
    {"host", GW_OPT_STRING, BUS(host), true, 0, 0, NULL, NULL, "name or address"},
    {"port", GW_OPT_UINT, BUS(port), false, 1, 65535, NULL, "502", "TCP port"},
    {"timeout", GW_OPT_DURATION, BUS(timeout_us), false, 10e3, 10e6, NULL, "1s",
     "time to connect and to answer"},
    {"gap", GW_OPT_DURATION, BUS(gap_us), false, 0, 10e6, NULL, "0ms",
     "shortest rest before a request"},
    {0},
};

static const char *const write_functions[] = {"single", "multiple", NULL};

static const struct gw_option device_options[] = {
    {"unit", GW_OPT_UINT, DEVICE(unit), false, 1, 255, NULL, "1",
     "slave address; above 247 only where the maker says so"},
    {"base", GW_OPT_UINT, DEVICE(base), false, 0, 1, NULL, "0",
     "number of the first register in the points' addresses"},
    {"max_registers", GW_OPT_UINT, DEVICE(max_registers), false, 1, 125, NULL, "125",
     "registers in one request"},
    {"max_hole", GW_OPT_INT, DEVICE(max_hole), false, -1, 124, NULL, "-1",
     "unwanted registers or bits read over to save a request; -1: while that is cheaper"},
    {"min_gap", GW_OPT_DURATION, DEVICE(min_gap_us), false, 0, 10e6, NULL, "0ms",
     "rest this device needs between two requests"},
    {"write", GW_OPT_ENUM, DEVICE(write), false, 0, 0, write_functions, "single",
     "function for one register or coil: single (6, 5) or multiple (16, 15)"},
    {"max_on", GW_OPT_DURATION, DEVICE(max_on_us), false, 0, 24 * 3600e6, NULL, NULL,
     "a pulse relay: its outputs go off by themselves after so long, and are let be "
     "then"},
    {0},
};

static const struct gw_option point_options[] = {
    {"function", GW_OPT_UINT, POINT(function), false, 1, 4, NULL, "3",
     "1 coils, 2 inputs, 3 holding registers, 4 input registers"},
    {"address", GW_OPT_UINT, POINT(address), true, 0, 65536, NULL, NULL,
     "of the first register or bit, counted from base"},
    {"type", GW_OPT_ENUM, POINT(type), false, 0, 0, modbus_type_names, "auto",
     "auto: bool for bits, else u16; s16o: offset 10000 when negative; s16m: sign bit"},
    {"order", GW_OPT_ENUM, POINT(order), false, 0, 0, modbus_order_names, "abcd",
     "bytes on the wire, a the highest; cdab: low word first"},
    {"bit", GW_OPT_INT, POINT(bit), false, -1, 15, NULL, "-1",
     "of the register, 0 the lowest; -1: the whole"},
    {0},
};

/* What the two have in common: all but the port and what it costs. */
#define MODBUS_DRIVER                                                                    \
    .struct_size = sizeof(struct gw_driver), .device_options = device_options,           \
    .point_options = point_options, .bus_size = sizeof(struct modbus_bus),               \
    .device_size = sizeof(struct modbus_device),                                         \
    .point_size = sizeof(struct modbus_point), .check = modbus_check,                    \
    .close = modbus_shut, .plan = modbus_plan_device, .poll = modbus_poll,               \
    .write = modbus_write, .direction = modbus_direction, .same_unit = modbus_same_unit, \
    .check_bus = modbus_check_bus, .traits = modbus_traits, .doubt = modbus_doubt

const struct gw_driver modbus_rtu_driver = {
    MODBUS_DRIVER,
    .name = "modbus-rtu",
    .summary = "Modbus RTU on a serial line",
    .bus_options = rtu_options,
    .open = rtu_open,
    .port = rtu_port,
    .look = modbus_look,
    .load = rtu_load,
};

const struct gw_driver modbus_tcp_driver = {
    MODBUS_DRIVER,
    .name = "modbus-tcp",
    .summary = "Modbus TCP, also to a serial gateway",
    .bus_options = tcp_options,
    .open = tcp_open,
    .server = tcp_server,
    .load = tcp_load,
};
