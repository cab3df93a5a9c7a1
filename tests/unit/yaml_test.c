#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "config/file.h"
#include "config/yaml.h"

struct document {
    struct config_source src;
    const struct config_node *root;
};

static void document_open(struct document *d)
{
    *d = (struct document){0};
    assert_int_equal(arena_new(&d->src.arena), 0);
    assert_int_equal(config_faults_new(&d->src.faults), 0);
}

static void document_parse(struct document *d, const char *text)
{
    document_open(d);
    d->root = yaml_parse(&d->src, "x.yaml", text, strlen(text));
}

static void document_close(struct document *d)
{
    config_faults_free(d->src.faults);
    arena_free(d->src.arena);
}

static void assert_refused(const char *text, const char *fault)
{
    struct document d;
    char *found = NULL;
    size_t size = 0;
    document_parse(&d, text);
    FILE *out = open_memstream(&found, &size);
    assert_non_null(out);
    config_faults_print(d.src.faults, out);
    assert_int_equal(fclose(out), 0);
    assert_null(d.root);
    assert_string_equal(found, fault);
    free(found);
    document_close(&d);
}

static void a_tree_is_walked_by_key_and_index(void **state)
{
    struct document d;
    (void)state;
    document_parse(&d, "a: {b: [1, two]}\nc: 3\n");

    const struct config_node *list = config_child(config_child(d.root, "a"), "b");
    assert_int_equal(config_count(d.root), 2);
    assert_string_equal(config_key(d.root, 1), "c");
    assert_string_equal(config_scalar(config_value(d.root, 1)), "3");
    assert_true(config_is_list(list) && !config_is_map(list));
    assert_string_equal(config_scalar(config_item(list, 1)), "two");
    assert_null(config_item(list, 2));
    assert_null(config_child(d.root, "x"));
    assert_null(config_scalar(list));
    document_close(&d);
}

static void marks_count_letters_not_bytes(void **state)
{
    struct document d;
    (void)state;
    document_parse(&d, "# 课桌\na: {题: 值, b: x}\n");

    const struct config_node *b = config_child(config_child(d.root, "a"), "b");
    assert_int_equal(config_where(b).line, 2);
    assert_int_equal(config_where(b).column, 14);
    assert_int_equal(config_where_key(b).column, 11);
    assert_string_equal(config_where(b).file, "x.yaml");
    document_close(&d);
}

static void nothing_written_is_an_empty_list_and_mapping(void **state)
{
    struct document d;
    (void)state;
    document_parse(&d, "a:\nb: ~\nc: ''\n");

    assert_true(config_is_list(config_child(d.root, "a")));
    assert_true(config_is_map(config_child(d.root, "b")));
    assert_int_equal(config_count(config_child(d.root, "a")), 0);
    assert_null(config_scalar(config_child(d.root, "b")));
    assert_string_equal(config_scalar(config_child(d.root, "c")), "");
    document_close(&d);
}

static void a_file_of_comments_is_empty(void **state)
{
    struct document d;
    (void)state;
    document_parse(&d, "# nothing\n");

    assert_non_null(d.root);
    assert_int_equal(config_count(d.root), 0);
    assert_int_equal(config_faults_errors(d.src.faults), 0);
    document_close(&d);
}

static void plain_words_of_yaml_stay_text(void **state)
{
    static const char *const words[] = {"yes", "no", "on", "010", "1:20", "true"};
    struct document d;
    (void)state;
    document_parse(&d, "[yes, no, on, 010, 1:20, true]\n");

    for (size_t i = 0; i < 6; i++)
        assert_string_equal(config_scalar(config_item(d.root, i)), words[i]);
    document_close(&d);
}

static void an_alias_to_itself_ends_the_file(void **state)
{
    (void)state;
    assert_refused("&y [*y]\n",
                   "x.yaml:1:1: anchors (&name) are not taken (allowed: write the value "
                   "out)\n");
    assert_refused("a: *y\n", "x.yaml:1:4: aliases (*name) are not taken (allowed: write "
                              "the value out)\n");
}

static void thirty_two_levels_are_taken_and_one_more_is_not(void **state)
{
    char text[2 * 33 + 1] = "";
    struct document d;
    (void)state;
    memset(text, '[', 32);
    memset(text + 32, ']', 32);
    document_parse(&d, text);
    assert_non_null(d.root);
    document_close(&d);

    memset(text, '[', 33);
    memset(text + 33, ']', 33);
    assert_refused(text, "x.yaml:1:33: nested too deep (allowed: 32 levels)\n");
}

static void more_than_200000_values_are_refused(void **state)
{
    struct document d;
    size_t size = 2 * (YAML_NODES_MAX + 1) + 2;
    char *text = malloc(size);
    (void)state;
    assert_non_null(text);
    text[0] = '[';
    for (size_t i = 1; i + 1 < size; i += 2) {
        text[i] = '1';
        text[i + 1] = ',';
    }
    text[size - 1] = ']';
    document_open(&d);

    assert_null(yaml_parse(&d.src, "x.yaml", text, size));

    assert_int_equal(config_faults_errors(d.src.faults), 1);
    document_close(&d);
    free(text);
}

static void each_duplicate_key_is_named(void **state)
{
    struct document d;
    (void)state;
    document_parse(&d, "a: {k: 1, k: 2, k: 3}\nb: 1\na: 2\n");

    assert_non_null(d.root);
    assert_int_equal(config_faults_errors(d.src.faults), 3);
    assert_string_equal(config_scalar(config_child(config_child(d.root, "a"), "k")), "1");
    document_close(&d);
}

static void a_file_over_one_mebibyte_is_refused(void **state)
{
    char path[] = "/tmp/gw-yaml-XXXXXX";
    struct document d;
    uint64_t hash = 0;
    (void)state;
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(ftruncate(fd, CONFIG_FILE_MAX + 1), 0);
    document_open(&d);

    assert_null(yaml_read(&d.src, path, &hash));

    assert_int_equal(config_faults_errors(d.src.faults), 1);
    assert_int_equal(hash, 0);
    document_close(&d);
    close(fd);
    unlink(path);
}

static void a_file_that_everybody_may_write_is_warned_of(void **state)
{
    char path[] = "/tmp/gw-yaml-XXXXXX";
    struct document d;
    uint64_t hash = 0;
    (void)state;
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "a: 1\n", 5), 5);
    assert_int_equal(fchmod(fd, 0666), 0);
    document_open(&d);

    assert_non_null(yaml_read(&d.src, path, &hash));

    assert_int_equal(config_faults_errors(d.src.faults), 0);
    assert_int_equal(config_faults_warnings(d.src.faults), 1);
    assert_int_not_equal(hash, 0);
    document_close(&d);
    close(fd);
    unlink(path);
}

static void folders_and_missing_files_are_faults(void **state)
{
    struct document d;
    (void)state;
    uint64_t hash = 0;
    document_open(&d);

    assert_null(yaml_read(&d.src, "/tmp", &hash));
    assert_null(yaml_read(&d.src, "/nowhere/x.yaml", &hash));

    assert_int_equal(config_faults_errors(d.src.faults), 2);
    document_close(&d);
}

static void the_mark_that_notepad_puts_first_is_passed_over(void **state)
{
    struct document d;
    (void)state;
    document_parse(&d, "\xEF\xBB\xBF"
                       "timezone: Asia/Shanghai\r\nstages: {}\r\n");
    assert_non_null(d.root);
    assert_string_equal(config_scalar(config_child(d.root, "timezone")), "Asia/Shanghai");
    document_close(&d);
}

static void full_width_marks_are_named(void **state)
{
    (void)state;
    assert_refused("timezone：Asia/Shanghai\nstages: {}\n",
                   "x.yaml:2:7: mapping values are not allowed in this context "
                   "(line 1 has a full-width '：', YAML wants ': ')\n");
    assert_refused("a: {b: 1，c: 2}\n",
                   "x.yaml:1:11: did not find expected ',' or '}' while parsing a flow "
                   "mapping (line 1 has a full-width '，', YAML wants ', ')\n");
    assert_refused("a: {b: 1 # ，\n c: 2}\n",
                   "x.yaml:2:2: did not find expected ',' or '}' while parsing a flow "
                   "mapping\n");
}

static void blanks_of_another_kind_are_named(void **state)
{
    (void)state;
    assert_refused("a:\n  - {b: 1}\n\u3000 - {c: 1, d: 2}\n",
                   "x.yaml:3:13: mapping values are not allowed in this context (line 3 "
                   "has a full-width blank, YAML wants a plain one)\n");
    assert_refused("a: {b: 1}\u00a0\nc: 1\n",
                   "x.yaml:1:10: did not find expected key while parsing a block mapping "
                   "(line 1 has a no-break space, YAML wants a plain one)\n");
    assert_refused("a: [三年级\u3000一班\nb: 1\n",
                   "x.yaml:2:2: did not find expected ',' or ']' while parsing a flow "
                   "sequence\n");
}

static void an_item_without_its_dash_is_told_at_its_line(void **state)
{
    static const char fault[] =
        "x.yaml:3:1: this line has no '- ' at its beginning, and the lines beside it "
        "have one (allowed: '- ' before every item of a list)\n";
    (void)state;
    assert_refused("a:\n  - {b: 1}\n  {b: 2}\n  - {b: 3}\n", fault);
    assert_refused("a:\n  - {b: 1}\n    {b: 2}\n  - {b: 3}\n", fault);
    assert_refused("a:\n  - 2026-10-01\n  2026-10-02\n  - 2026-10-03\n", fault);
    assert_refused("x: 1\na:\n  {b: 2}\n  - {b: 3}\n", fault);
    assert_refused("a:\n  - b: 1\n  c: 2\n",
                   "x.yaml:3:3: did not find expected '-' indicator while parsing a "
                   "block collection\n");
}

static void whatever_bytes_come_give_a_tree_or_a_fault(void **state)
{
    static const char good[] =
        "a: {b: [1, \"two\", &x 'y'], ? c : *x}\n- |\n 题 %!\n...\n";
    uint32_t random = 1;
    (void)state;

    for (int round = 0; round < 3000; round++) {
        char text[sizeof(good)];
        struct document d;
        memcpy(text, good, sizeof(good));
        for (int i = 0; i < 4; i++) {
            random = random * 1664525 + 1013904223;
            text[random >> 16 & 31] = (char)(random >> 8);
        }
        document_open(&d);
        d.root = yaml_parse(&d.src, "x.yaml", text, sizeof(text) - 1);
        assert_true(d.root || config_faults_errors(d.src.faults) > 0);
        document_close(&d);
    }
}

static void a_tab_is_told_as_one_wherever_yaml_stumbles_over_it(void **state)
{
    static const struct {
        const char *text;
        int line;
        int column;
    } cases[] = {
        {"a:\n\tb: 1\n", 2, 1},         {"\ta: 1\n", 1, 1},
        {"a:\n  b: 1\n\tc: 2\n", 3, 1}, {"课:\n  b: 课\n  \tc: 2\n", 3, 3},
        {"a: x\r\n\tc: d\r\n", 2, 1},   {"-\ta: 1\n  b: 2\n", 1, 2},
        {"a: |\n\ttext\n", 2, 1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char said[160];
        (void)snprintf(said, sizeof(said),
                       "x.yaml:%d:%d: a tab stands here (allowed: spaces; the editor can "
                       "replace every tab by them)\n",
                       cases[i].line, cases[i].column);
        assert_refused(cases[i].text, said);
    }
}

static void a_tab_that_yaml_takes_is_no_fault(void **state)
{
    struct document d;
    (void)state;
    document_parse(&d, "a:\tb\nc: {d: 1,\n\te: 2}\nf: 'x\ty'\n");
    assert_non_null(d.root);
    assert_int_equal(config_count(d.root), 3);
    document_close(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tree_is_walked_by_key_and_index),
        cmocka_unit_test(marks_count_letters_not_bytes),
        cmocka_unit_test(nothing_written_is_an_empty_list_and_mapping),
        cmocka_unit_test(a_file_of_comments_is_empty),
        cmocka_unit_test(plain_words_of_yaml_stay_text),
        cmocka_unit_test(an_alias_to_itself_ends_the_file),
        cmocka_unit_test(thirty_two_levels_are_taken_and_one_more_is_not),
        cmocka_unit_test(more_than_200000_values_are_refused),
        cmocka_unit_test(each_duplicate_key_is_named),
        cmocka_unit_test(a_file_over_one_mebibyte_is_refused),
        cmocka_unit_test(a_file_that_everybody_may_write_is_warned_of),
        cmocka_unit_test(the_mark_that_notepad_puts_first_is_passed_over),
        cmocka_unit_test(full_width_marks_are_named),
        cmocka_unit_test(blanks_of_another_kind_are_named),
        cmocka_unit_test(an_item_without_its_dash_is_told_at_its_line),
        cmocka_unit_test(whatever_bytes_come_give_a_tree_or_a_fault),
        cmocka_unit_test(folders_and_missing_files_are_faults),
        cmocka_unit_test(a_tab_is_told_as_one_wherever_yaml_stumbles_over_it),
        cmocka_unit_test(a_tab_that_yaml_takes_is_no_fault),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
