/* holder_fuzz.c - packets to campus-gpio-holder, one after the other: read, and done.
 *
 * Two clients take turns; a machine without GPIO chips refuses every claim, so that the
 * table is asked for lines that it does not hold.
 */
#include "fuzz.h"
#include "gpio/holder_table.h"

static void apply(struct holder_table *table, int client, const struct holder_message *m,
                  int64_t now_us)
{
    struct held_line *line = NULL;
    struct gw_error err = {0};
    int r = 0;
    switch (m->kind) {
    case HOLDER_CLAIM:
        r = table_claim(table, client, m, now_us, &line, &err);
        break;
    case HOLDER_SET:
        r = table_set(table, client, m->line, m->is_on, now_us, &line, &err);
        break;
    case HOLDER_LEAVE:
        table_leave(table, client, now_us);
        break;
    default:
        table_heard(table, client, now_us);
    }
    fuzz_claim(r < 0 || !line || line->client == client, "a line is its client's");
    fuzz_claim(r == 0 || err.text[0] != '\0', "a refusal says why");
    fuzz_claim(table->count <= TABLE_LINES_MAX, "the table is bounded");
}

static void take(struct holder_table *table, int client, const uint8_t *packet,
                 size_t size, int64_t now_us)
{
    struct holder_message m;
    uint8_t again[HOLDER_BYTES];
    if (holder_message_read(packet, size, &m) < 0)
        return;
    holder_message_write(&m, again);
    fuzz_claim(memcmp(again, packet, HOLDER_BYTES) == 0,
               "what is read is all that was said");
    apply(table, client, &m, now_us);
    while (table_time(table, now_us))
        ;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    fuzz_hush();
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct holder_table table;
    table = (struct holder_table){0};
    int64_t now_us = 1;
    for (size_t at = 0; at < size; at += HOLDER_BYTES, now_us += INT64_C(700000)) {
        size_t left = size - at < HOLDER_BYTES ? size - at : HOLDER_BYTES;
        char *packet = fuzz_copy(bytes + at, left);
        take(&table, (int)(at / HOLDER_BYTES % 2), (const uint8_t *)packet, left, now_us);
        free(packet);
    }
    table_lost(&table, 0);
    table_close(&table);
    return 0;
}
