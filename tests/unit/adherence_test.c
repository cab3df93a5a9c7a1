/* The table of verdicts: where the class sat, what the timetable says, what excuses it.
 * 40 are present, the middle of the lesson has 30 minutes: 24 people are the class in its
 * room, 18 minutes are most of it, 8 people are nobody. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "occupancy/adherence.h"

enum { PRESENT = 40, MINUTES = 30 };

static const struct occupancy_options options = {
    .valid = 0.8, .stayed_people = 0.6, .stayed_share = 0.6, .away_people = 0.2};

/* @minutes with @people, then as many with @others as make @good. */
static struct slice room(unsigned minutes, double people, double others, unsigned good)
{
    struct slice s = {0};
    for (unsigned i = 0; i < good; i++)
        slice_add(&s, i < minutes ? people : others);
    return s;
}

static enum verdict judge(enum gw_subject_kind kind, const struct slice *home,
                          const struct slice *guest)
{
    const struct lesson_seen seen = {.kind = kind,
                                     .has_come = true,
                                     .has_guest = true,
                                     .present = PRESENT,
                                     .minutes = MINUTES,
                                     .home = home,
                                     .guest = guest};
    return adherence_judge(&seen, &options);
}

static void pe_in_the_classroom_is_suspect_from_sixty_hundredths_of_it(void **state)
{
    (void)state;
    struct slice most = room(18, 24, 15, MINUTES);
    struct slice less = room(17, 24, 15, MINUTES);
    struct slice fewer = room(30, 23, 0, MINUTES);
    assert_int_equal(judge(GW_SUBJECT_OUTDOOR, &most, NULL), VERDICT_SUSPECT);
    assert_int_equal(judge(GW_SUBJECT_OUTDOOR, &less, NULL), VERDICT_UNDETERMINED);
    assert_int_equal(judge(GW_SUBJECT_OUTDOOR, &fewer, NULL), VERDICT_UNDETERMINED);
}

static void pe_with_an_empty_classroom_was_held(void **state)
{
    (void)state;
    struct slice away = room(18, 8, 40, MINUTES);
    struct slice partly = room(17, 8, 20, MINUTES);
    struct slice some = room(30, 9, 0, MINUTES);
    assert_int_equal(judge(GW_SUBJECT_OUTDOOR, &away, NULL), VERDICT_HELD);
    assert_int_equal(judge(GW_SUBJECT_OUTDOOR, &partly, NULL), VERDICT_UNDETERMINED);
    assert_int_equal(judge(GW_SUBJECT_OUTDOOR, &some, NULL), VERDICT_UNDETERMINED);
}

static void too_few_good_minutes_say_nothing(void **state)
{
    (void)state;
    struct slice enough = room(24, 40, 0, 24);
    struct slice short_of_it = room(23, 40, 0, 23);
    struct slice none = {0};
    assert_int_equal(judge(GW_SUBJECT_OUTDOOR, &enough, NULL), VERDICT_SUSPECT);
    assert_int_equal(judge(GW_SUBJECT_OUTDOOR, &short_of_it, NULL), VERDICT_UNDETERMINED);
    assert_int_equal(judge(GW_SUBJECT_OUTDOOR, &none, NULL), VERDICT_UNDETERMINED);
}

static void rain_and_a_swap_that_was_entered_excuse(void **state)
{
    (void)state;
    struct slice stayed = room(30, 40, 0, MINUTES);
    struct slice away = room(30, 0, 0, MINUTES);
    struct lesson_seen seen = {.kind = GW_SUBJECT_OUTDOOR,
                               .has_come = true,
                               .present = PRESENT,
                               .minutes = MINUTES,
                               .home = &stayed};
    seen.is_exempt = true;
    assert_int_equal(adherence_judge(&seen, &options), VERDICT_UNDETERMINED);
    seen.is_exempt = false;
    seen.is_changed = true;
    assert_int_equal(adherence_judge(&seen, &options), VERDICT_UNDETERMINED);
    seen.home = &away;
    assert_int_equal(adherence_judge(&seen, &options), VERDICT_HELD);
}

static void a_counter_that_nobody_passed_accuses_nobody(void **state)
{
    (void)state;
    struct slice stayed = room(30, 40, 0, MINUTES);
    struct slice nobody = room(30, 0, 0, MINUTES);
    struct lesson_seen seen = {.kind = GW_SUBJECT_OUTDOOR,
                               .present = PRESENT,
                               .minutes = MINUTES,
                               .home = &stayed,
                               .guest = &nobody};
    assert_int_equal(adherence_judge(&seen, &options), VERDICT_UNDETERMINED);
    seen.kind = GW_SUBJECT_SPECIAL;
    assert_int_equal(adherence_judge(&seen, &options), VERDICT_UNDETERMINED);
    seen.has_come = true;
    assert_int_equal(adherence_judge(&seen, &options), VERDICT_SUSPECT);
}

static void a_special_room_that_nobody_entered_proves_nothing(void **state)
{
    (void)state;
    struct slice stayed = room(30, 40, 0, MINUTES);
    struct slice full = room(30, 40, 0, MINUTES);
    struct lesson_seen seen = {.kind = GW_SUBJECT_SPECIAL,
                               .has_come = true,
                               .present = PRESENT,
                               .minutes = MINUTES,
                               .home = &stayed,
                               .guest = &full};
    assert_int_equal(adherence_judge(&seen, &options), VERDICT_UNDETERMINED);
    seen.has_guest = true;
    assert_int_equal(adherence_judge(&seen, &options), VERDICT_HELD);
}

static void art_is_suspect_only_when_its_room_was_empty_too(void **state)
{
    (void)state;
    struct slice stayed = room(30, 40, 0, MINUTES);
    struct slice nobody = room(30, 7, 0, MINUTES);
    struct slice some = room(30, 8, 0, MINUTES);
    struct slice broken = {0};
    assert_int_equal(judge(GW_SUBJECT_SPECIAL, &stayed, &nobody), VERDICT_SUSPECT);
    assert_int_equal(judge(GW_SUBJECT_SPECIAL, &stayed, &some), VERDICT_UNDETERMINED);
    assert_int_equal(judge(GW_SUBJECT_SPECIAL, &stayed, &broken), VERDICT_UNDETERMINED);
    assert_int_equal(judge(GW_SUBJECT_SPECIAL, &stayed, NULL), VERDICT_UNDETERMINED);
}

static void art_was_held_where_its_room_is_full_or_the_classroom_empty(void **state)
{
    (void)state;
    struct slice full = room(30, 24, 0, MINUTES);
    struct slice nearly = room(30, 23, 0, MINUTES);
    struct slice away = room(30, 8, 0, MINUTES);
    struct slice broken = {0};
    assert_int_equal(judge(GW_SUBJECT_SPECIAL, &broken, &full), VERDICT_HELD);
    assert_int_equal(judge(GW_SUBJECT_SPECIAL, &broken, &nearly), VERDICT_UNDETERMINED);
    assert_int_equal(judge(GW_SUBJECT_SPECIAL, &away, NULL), VERDICT_HELD);
}

static void a_lesson_in_the_classroom_looks_like_any_other(void **state)
{
    (void)state;
    struct slice stayed = room(30, 40, 0, MINUTES);
    struct slice away = room(30, 0, 0, MINUTES);
    assert_int_equal(judge(GW_SUBJECT_ROOM, &stayed, NULL), VERDICT_UNDETERMINED);
    assert_int_equal(judge(GW_SUBJECT_ROOM, &away, NULL), VERDICT_UNDETERMINED);
}

static void without_anybody_present_there_is_no_share(void **state)
{
    (void)state;
    struct slice empty = room(30, 0, 0, MINUTES);
    struct lesson_seen seen = {
        .kind = GW_SUBJECT_OUTDOOR, .present = 0, .minutes = MINUTES, .home = &empty};
    assert_int_equal(adherence_judge(&seen, &options), VERDICT_UNDETERMINED);
    seen.present = NAN;
    assert_int_equal(adherence_judge(&seen, &options), VERDICT_UNDETERMINED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pe_in_the_classroom_is_suspect_from_sixty_hundredths_of_it),
        cmocka_unit_test(pe_with_an_empty_classroom_was_held),
        cmocka_unit_test(too_few_good_minutes_say_nothing),
        cmocka_unit_test(a_counter_that_nobody_passed_accuses_nobody),
        cmocka_unit_test(rain_and_a_swap_that_was_entered_excuse),
        cmocka_unit_test(a_special_room_that_nobody_entered_proves_nothing),
        cmocka_unit_test(art_is_suspect_only_when_its_room_was_empty_too),
        cmocka_unit_test(art_was_held_where_its_room_is_full_or_the_classroom_empty),
        cmocka_unit_test(a_lesson_in_the_classroom_looks_like_any_other),
        cmocka_unit_test(without_anybody_present_there_is_no_share),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
