/* store_probe - opens a database as the daemon does at its start, says what it found, and
 * closes it again: for tests/system/test_power_cut.py.
 *
 * One path a line on standard input, one line of JSON a path on standard output:
 *   {"delivered": [3, 4], "fault": "", "error": "", "opened": true}
 * delivered  message ids of bus "school-broker" that would be recognised when they come
 * fault      what it had to give up, or that another took its place; error: why it did
 *            not open
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gw/log.h"
#include "store/store.h"

static void print_text(const char *name, const char *text)
{
    printf("\"%s\": \"", name);
    for (; *text; text++)
        putchar(*text == '"' || *text == '\\' || *text == '\n' ? '\'' : *text);
    printf("\", ");
}

static int print_delivered(struct store *s, struct gw_error *err)
{
    uint16_t bus = 0;
    int r = store_bus_id(s, "school-broker", &bus, err);
    if (r < 0)
        return r;
    struct gw_delivered kept = {0};
    struct gw_own_ids own_ids = {0};
    store_delivered(s, bus, &kept, &own_ids);
    printf("\"delivered\": [");
    for (size_t i = 0; i < kept.count; i++)
        printf("%s%u", i ? ", " : "", kept.items[i].message_id);
    printf("], ");
    return 0;
}

static void look(const char *path)
{
    static const struct store_ops nobody = {0};
    struct store_config config = {
        .path = path, .commit_interval_us = 1000000, .commit_rows = 500};
    struct store *s = NULL;
    struct store_status status = {0};
    struct gw_error err = {0};
    putchar('{');
    int r = store_open(&config, &s, &err);
    if (r == 0)
        r = print_delivered(s, &err);
    if (r == 0)
        r = store_run(s, &nobody, &err);
    if (r == 0) {
        store_flush(s);
        store_status(s, &status);
    }
    store_close(s);
    print_text("fault", status.notice[0] ? status.notice : status.fault);
    print_text("error", r < 0 ? err.text : "");
    printf("\"opened\": %s}\n", r < 0 ? "false" : "true");
    fflush(stdout);
}

int main(void)
{
    char line[4096];
    while (fgets(line, sizeof(line), stdin)) {
        line[strcspn(line, "\n")] = '\0';
        look(line);
    }
    return EXIT_SUCCESS;
}
