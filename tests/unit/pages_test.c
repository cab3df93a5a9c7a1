/* The pages of a file and its log, when the log says what cannot be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/database.h"
#include "store/pages.h"

enum { SIZE = DATABASE_PAGE_BYTES, WAL_HEADER = 32, FRAME_HEADER = 24, FILE_PAGES = 3 };

struct files {
    char folder[32];
    char path[64];
    char wal[72];
};

static int setup(void **state)
{
    struct files *f = calloc(1, sizeof(*f));
    (void)snprintf(f->folder, sizeof(f->folder), "/tmp/gw-pages-XXXXXX");
    if (!mkdtemp(f->folder))
        return -1;
    (void)snprintf(f->path, sizeof(f->path), "%s/campus.db", f->folder);
    (void)snprintf(f->wal, sizeof(f->wal), "%s-wal", f->path);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct files *f = *state;
    (void)unlink(f->path);
    (void)unlink(f->wal);
    (void)rmdir(f->folder);
    free(f);
    return 0;
}

static void write_file(const char *path, const void *bytes, size_t size)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_int_equal(write(fd, bytes, size), (ssize_t)size);
    close(fd);
}

static void put_32(unsigned char *at, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        at[i] = (unsigned char)(value >> (24 - 8 * i));
}

/* The log's running checksum, of big-endian words. */
static void add_to_sum(uint32_t sum[2], const unsigned char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i += 4) {
        uint32_t word = (uint32_t)bytes[i] << 24 | (uint32_t)bytes[i + 1] << 16
                        | (uint32_t)bytes[i + 2] << 8 | bytes[i + 3];
        sum[i / 4 % 2] += word + sum[1 - i / 4 % 2];
    }
}

static void put_sum(unsigned char *at, const uint32_t sum[2])
{
    put_32(at, sum[0]);
    put_32(at + 4, sum[1]);
}

/* A file of FILE_PAGES pages, and a log whose one frame is sound, commits page @number
 * and says that there are @pages_after now. */
static void write_both(const struct files *f, uint32_t number, uint32_t pages_after)
{
    static unsigned char file[FILE_PAGES * SIZE];
    static unsigned char log[WAL_HEADER + FRAME_HEADER + SIZE];
    unsigned char *frame = log + WAL_HEADER;
    uint32_t sum[2] = {0};
    memset(file, 'f', sizeof(file));
    memset(log, 0, sizeof(log));
    file[16] = SIZE >> 8;
    file[17] = 0;
    write_file(f->path, file, sizeof(file));
    put_32(log, 0x377f0683);
    put_32(log + 4, 3007000);
    put_32(log + 8, SIZE);
    add_to_sum(sum, log, 24);
    put_sum(log + 24, sum);
    put_32(frame, number);
    put_32(frame + 4, pages_after);
    memset(frame + FRAME_HEADER, 'w', SIZE);
    add_to_sum(sum, frame, 8);
    add_to_sum(sum, frame + FRAME_HEADER, SIZE);
    put_sum(frame + 16, sum);
    write_file(f->wal, log, sizeof(log));
}

static void a_committed_frame_lies_over_its_page(void **state)
{
    const struct files *f = *state;
    struct pages *pages = NULL;
    unsigned char page[PAGE_BYTES_MAX];
    write_both(f, 4, 4);
    assert_int_equal(pages_open(f->path, &pages), 0);
    assert_int_equal(pages_count(pages), 4);
    assert_true(pages_read(pages, 3, page));
    assert_int_equal(page[0], 'f');
    assert_true(pages_read(pages, 4, page));
    assert_int_equal(page[0], 'w');
    assert_false(pages_read(pages, 5, page));
    pages_close(pages);
}

/* Each would be a block of memory and a turn of every loop over the pages. */
static void a_forged_count_adds_no_pages(void **state)
{
    const struct files *f = *state;
    static const uint32_t forged[] = {UINT32_MAX, UINT32_MAX - 1, 1u << 31, 1000};
    for (size_t i = 0; i < sizeof(forged) / sizeof(forged[0]); i++) {
        struct pages *pages = NULL;
        write_both(f, 2, forged[i]);
        assert_int_equal(pages_open(f->path, &pages), 0);
        assert_int_equal(pages_count(pages), FILE_PAGES + 1);
        pages_close(pages);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_committed_frame_lies_over_its_page, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_forged_count_adds_no_pages, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
