/* undated_fuzz.c - the text of a record that waited for its time, from a damaged file.
 *
 * What is taken for one is written again and read again, and is the same.
 */
#include "fuzz.h"
#include "store/undated_form.h"

static void check_again(const struct gw_record *record)
{
    struct undated_form *again = NULL;
    char *text = undated_form_write(record);
    fuzz_claim(text && undated_form_read(text, 0, &again) == 0, "what was read is read");
    char *same = undated_form_write(undated_form_record(again));
    fuzz_claim(same && strcmp(text, same) == 0, "what is read again is the same");
    free(same);
    free(text);
    undated_form_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct undated_form *form = NULL;
    char *text = malloc(size + 1);
    memcpy(text, bytes, size);
    text[size] = '\0';
    if (undated_form_read(text, INT64_C(1795652430000000), &form) == 0)
        check_again(undated_form_record(form));
    undated_form_free(form);
    free(text);
    return 0;
}
