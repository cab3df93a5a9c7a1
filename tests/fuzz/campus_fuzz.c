/* campus_fuzz.c - a school and its tables: what is taken of them has to answer for every
 * day, and a table of entries that is taken twice is as taken once.  The input is a
 * folder's blob (folder.h): campus.yaml, classes.csv, rooms.csv, timetable.csv,
 * entries.csv. */
#include "base/clock.h"
#include "campus/entry_table.h"
#include "folder.h"
#include "settings.h"

enum { DAYS = 16, PHASES_MAX = 128, LESSONS_MAX = 64, OBJECTS_MAX = 8 };

static const int64_t day_us = INT64_C(24) * 3600 * 1000000;
static int64_t first_us;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    fuzz_hush();
    folder_make();
    fuzz_claim(clock_parse("2026-09-19T12:00:00+08:00", &first_us) == 0,
               "a time can be read");
    return 0;
}

/* The phases of a day follow each other without a gap. */
static void claim_phases(const struct gw_campus *campus, const char *object,
                         int64_t time_us)
{
    struct gw_phase phases[PHASES_MAX];
    size_t count = gw_campus_phases(campus, object, time_us, phases, PHASES_MAX);
    size_t seen = count < PHASES_MAX ? count : PHASES_MAX;
    fuzz_claim(count > 0, "a day has phases");
    fuzz_claim(phases[0].start_us <= gw_campus_midnight(campus, time_us),
               "the first phase holds at midnight");
    for (size_t i = 0; i < seen; i++) {
        fuzz_claim(phases[i].start_us < phases[i].end_us, "a phase lasts");
        fuzz_claim(phases[i].kind < GW_PHASES, "a phase has a name");
        fuzz_claim(i == 0 || phases[i].start_us == phases[i - 1].end_us,
                   "a phase begins where the one before ends");
        struct gw_phase then = gw_campus_phase(campus, object, phases[i].start_us);
        fuzz_claim(i == 0 || then.kind == phases[i].kind,
                   "a phase is what its first moment is");
    }
}

/* Lessons stand in their order, each in a place that there is. */
static void claim_lessons(const struct gw_campus *campus, const struct gw_class *class,
                          int64_t time_us)
{
    struct gw_lesson lessons[LESSONS_MAX];
    size_t count = gw_campus_lessons(campus, class->id, time_us, lessons, LESSONS_MAX);
    size_t seen = count < LESSONS_MAX ? count : LESSONS_MAX;
    for (size_t i = 0; i < seen; i++) {
        const struct gw_lesson *lesson = &lessons[i];
        struct gw_lesson then;
        fuzz_claim(lesson->start_us < lesson->end_us, "a lesson lasts");
        fuzz_claim(i == 0 || lesson->start_us >= lessons[i - 1].end_us,
                   "a lesson begins behind the one before");
        fuzz_claim(!lesson->place_id || gw_campus_place(campus, lesson->place_id),
                   "a lesson is in a place that there is");
        fuzz_claim(gw_campus_lesson(campus, class->id, lesson->start_us, &then)
                       && then.number == lesson->number,
                   "a lesson goes on when it has begun");
    }
}

static void claim_days(const struct gw_campus *campus)
{
    size_t count = 0;
    const struct gw_class *classes = gw_campus_classes(campus, &count);
    for (int day = 0; day < DAYS; day++) {
        int64_t time_us = first_us + day * day_us;
        fuzz_claim(gw_campus_day(campus, time_us) <= GW_DAY_EXAM, "a day has a kind");
        claim_phases(campus, NULL, time_us);
        for (size_t i = 0; i < count && i < OBJECTS_MAX; i++) {
            claim_phases(campus, classes[i].id, time_us);
            claim_lessons(campus, &classes[i], time_us);
        }
    }
}

/* enter - returns whether all was taken, and then the days that changed. */
static bool enter(const struct gw_campus *campus, const struct campus_entry_list *list,
                  int64_t **ret_days, size_t *ret_count)
{
    struct gw_error err = {0};
    char *answer = NULL;
    int r = campus_enter_list(campus, list, first_us, ret_days, ret_count, &answer, &err);
    fuzz_claim(r == 0 || err.text[0] != '\0', "a refusal says why");
    free(answer);
    return r == 0;
}

/* What is taken is taken again without a change; what is refused changes nothing. */
static void claim_entries(const struct gw_campus *campus,
                          const struct campus_entry_list *list)
{
    struct day_book *book = campus_book(campus);
    int64_t *days = NULL;
    int64_t *again = NULL;
    size_t count = 0;
    size_t count_again = 0;
    int64_t ignored = 0;
    if (!enter(campus, list, &days, &count)) {
        fuzz_claim(!day_book_oldest(book, &ignored), "a refused table leaves no trace");
        return;
    }
    char **texts = calloc(count + 1, sizeof(*texts));
    int r = 0;
    for (size_t i = 0; texts && i < count; i++)
        texts[i] = day_book_text(book, days[i], &r);
    fuzz_claim(enter(campus, list, &again, &count_again),
               "what was taken is taken again");
    for (size_t i = 0; texts && i < count; i++) {
        char *text = day_book_text(book, days[i], &r);
        fuzz_claim((!text && !texts[i]) || (text && texts[i] && !strcmp(text, texts[i])),
                   "twice is as once");
        free(text);
        free(texts[i]);
    }
    free(texts);
    free(days);
    free(again);
}

/* claim_table - of entries.csv, where there is one. */
static void claim_table(const struct settings *settings)
{
    struct config_source src = {.arena = settings->config->arena,
                                .faults = settings->faults};
    struct entry_table table = {0};
    static char bytes[1 << 16];
    FILE *in = fopen(folder_of("entries.csv"), "re");
    if (!in)
        return;
    size_t size = fread(bytes, 1, sizeof(bytes), in);
    fuzz_claim(fclose(in) == 0, "a file can be read");
    const struct csv *csv = csv_parse(&src, "entries.csv", bytes, size);
    if (csv && entry_table_read(&src, csv, &table) == 0 && table.list->count > 0)
        claim_entries(settings->campus, table.list);
    free(table.list);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct settings settings;
    struct gw_error err = {0};
    folder_fill((const char *)bytes, size);
    if (settings_load(folder_path, &settings, &err) == 0) {
        if (config_faults_errors(settings.faults) == 0) {
            claim_table(&settings);
            claim_days(settings.campus);
        }
    } else {
        fuzz_claim(err.text[0] != '\0', "a refusal says why");
    }
    settings_free(&settings);
    return 0;
}
