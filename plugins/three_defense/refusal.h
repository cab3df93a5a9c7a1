/* refusal.h - what an option names and is not there is told where it stands, with what
 * was meant.  Thread: the pipeline's. */
#ifndef REFUSAL_H
#define REFUSAL_H

#include "defense.h"

/* names_sort - in order, each once.  returns how many are left */
size_t names_sort(const char **names, size_t count);

/* place_check - false: @place, one of an option, is none and was refused. */
bool place_check(const struct defense *d, const char *place);

#endif
