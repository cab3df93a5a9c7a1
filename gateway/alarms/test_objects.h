/* test_objects.h - the objects whose alarms are of a test now.  Thread: the pipeline's.
 */
#ifndef ALARMS_TEST_OBJECTS_H
#define ALARMS_TEST_OBJECTS_H

#include <stdbool.h>
#include <stddef.h>

struct test_objects {
    char **names;
    size_t count;
};

/* test_objects_add - also twice.  returns 0 or -ENOMEM */
int test_objects_add(struct test_objects *t, const char *name);
void test_objects_remove(struct test_objects *t, const char *name);
bool test_objects_has(const struct test_objects *t, const char *name);
void test_objects_done(struct test_objects *t);

#endif
