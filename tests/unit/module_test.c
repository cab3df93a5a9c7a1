#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "module.h"

static int open_nothing(void *bus, const struct gw_bus_setup *setup, struct gw_error *err)
{
    (void)bus, (void)setup, (void)err;
    return 0;
}

static void close_nothing(void *bus)
{
    (void)bus;
}

static enum gw_fault poll_nothing(void *bus, const struct gw_device_ref *device,
                                  const struct gw_sink *sink, struct gw_error *err)
{
    (void)bus, (void)device, (void)sink, (void)err;
    return GW_FAULT_NONE;
}

static double load_all(const void *bus, const struct gw_device_ref *device)
{
    (void)bus, (void)device;
    return 1;
}

static void restored_nothing(void *self)
{
    (void)self;
}

static const struct gw_option number[] = {
    {.name = "limit", .type = GW_OPT_NUMBER, .offset = 8},
    {0},
};

static struct gw_driver driver(void)
{
    return (struct gw_driver){.struct_size = sizeof(struct gw_driver),
                              .name = "own",
                              .summary = "a driver of one's own",
                              .bus_options = number,
                              .bus_size = 16,
                              .open = open_nothing,
                              .close = close_nothing,
                              .poll = poll_nothing,
                              .load = load_all};
}

static struct gw_plugin plugin(void)
{
    return (struct gw_plugin){.struct_size = sizeof(struct gw_plugin),
                              .name = "own",
                              .summary = "a plugin of one's own",
                              .options = number,
                              .instance_size = 16,
                              .restored = restored_nothing};
}

static void release(struct module *m)
{
    for (size_t i = 0; m->drivers[i]; i++)
        free((void *)(uintptr_t)m->drivers[i]);
    for (size_t i = 0; m->plugins[i]; i++)
        free((void *)(uintptr_t)m->plugins[i]);
}

static int adopt(const struct gw_driver *d, const struct gw_plugin *p, struct module *ret,
                 struct gw_error *err)
{
    const struct gw_driver *const drivers[] = {d, NULL};
    const struct gw_plugin *const plugins[] = {p, NULL};
    *ret = (struct module){0};
    return module_adopt(d ? drivers : NULL, p ? plugins : NULL, ret, err);
}

static void assert_refused(const struct gw_driver *d, const struct gw_plugin *p,
                           const char *part)
{
    struct module m;
    struct gw_error err = {0};
    assert_int_equal(adopt(d, p, &m, &err), -ENOEXEC);
    if (!strstr(err.text, part))
        fail_msg("'%s' does not say '%s'", err.text, part);
    release(&m);
}

static void a_module_of_this_version_is_taken_whole(void **state)
{
    (void)state;
    struct gw_driver d = driver();
    struct gw_plugin p = plugin();
    struct module m;
    struct gw_error err = {0};

    assert_int_equal(adopt(&d, &p, &m, &err), 0);

    assert_memory_equal(m.drivers[0], &d, sizeof(d));
    assert_memory_equal(m.plugins[0], &p, sizeof(p));
    assert_null(m.drivers[1]);
    release(&m);
}

static void what_an_older_module_lacks_is_absent(void **state)
{
    (void)state;
    struct gw_driver d = driver(); /* what lies behind its end is not the module's */
    struct gw_plugin p = plugin();
    d.struct_size = offsetof(struct gw_driver, load);
    p.struct_size = offsetof(struct gw_plugin, restored);
    struct module m;
    struct gw_error err = {0};

    assert_int_equal(adopt(&d, &p, &m, &err), 0);

    assert_null(m.drivers[0]->load);
    assert_null(m.plugins[0]->restored);
    assert_ptr_equal(m.drivers[0]->poll, poll_nothing);
    release(&m);
}

static void a_module_of_a_newer_or_unknown_version_is_refused(void **state)
{
    (void)state;
    struct gw_driver d = driver();
    struct gw_plugin p = plugin();
    d.struct_size += 8;
    assert_refused(&d, NULL, "made for a newer gateway");
    d.struct_size = 16;
    assert_refused(&d, NULL, "has 16 bytes (allowed: ");
    p.struct_size += 8;
    assert_refused(NULL, &p, "made for a newer gateway");
    assert_refused(NULL, NULL, "neither gw_drivers_v1 nor gw_plugins_v1");
}

static void a_descriptor_that_would_crash_the_core_is_refused(void **state)
{
    (void)state;
    struct gw_driver d = driver();
    d.poll = NULL;
    assert_refused(&d, NULL, "driver 'own' lacks open, close, or poll");
    d = driver();
    d.bus_size = 15;
    assert_refused(&d, NULL, "an option lies outside its struct");
    d = driver();
    d.name = "two words";
    assert_refused(&d, NULL, "without a name");
    struct gw_plugin p = plugin();
    p.instance_size = 8;
    assert_refused(NULL, &p, "plugin 'own': an option lies outside");
    p = plugin();
    p.name = NULL;
    assert_refused(NULL, &p, "without a name");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_module_of_this_version_is_taken_whole),
        cmocka_unit_test(what_an_older_module_lacks_is_absent),
        cmocka_unit_test(a_module_of_a_newer_or_unknown_version_is_refused),
        cmocka_unit_test(a_descriptor_that_would_crash_the_core_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
