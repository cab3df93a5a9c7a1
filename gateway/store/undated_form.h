/* undated_form.h - a reading, summary or fact as text that outlives its boot.
 *
 * JSON, one member by the kind's name: {"reading": {…}}, {"summary": {…}}, {"fact": {…}}.
 * Times are microseconds as they were stamped; a number that is not known is null.
 * Thread: any. */
#ifndef STORE_UNDATED_FORM_H
#define STORE_UNDATED_FORM_H

#include <stddef.h>
#include <stdint.h>

#include "gw/record.h"

/* undated_form_has - records of this kind have such a form. */
bool undated_form_has(enum gw_record_kind kind);

/* undated_form_write - returns its text; NULL without memory, and where a text of it is
 * no UTF-8.  Owner: caller; free() */
char *undated_form_write(const struct gw_record *record);

/* undated_form - a record that was read, and what its pointers name. */
struct undated_form;

/* undated_form_read - every time of it @shift_us later, but a device's own.
 * returns 0, -EINVAL: the text is no such record, or -ENOMEM */
int undated_form_read(const char *text, int64_t shift_us, struct undated_form **ret);
const struct gw_record *undated_form_record(const struct undated_form *form);
struct undated_form *undated_form_free(struct undated_form *form);

#endif
