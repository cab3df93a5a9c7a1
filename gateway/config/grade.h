/* grade.h - the school year of a class as people write it.  Thread: any. */
#ifndef CONFIG_GRADE_H
#define CONFIG_GRADE_H

/* grade_read - 三年级, 初二, 高一, 3, "grade 3" at the start of folded @text
 * (text_fold()). returns 1 .. 12 (7 .. 9 are junior, 10 .. 12 senior), 0 = none;
 * @ret_rest: what stands behind it */
int grade_read(const char *folded, const char **ret_rest);

/* grade_stage - "primary", "junior", "senior" of 1 .. 12. */
const char *grade_stage(int grade);

#endif
