/* fact_figure.h - the rows of a period folded into one number.  Thread: any. */
#ifndef FACTS_FACT_FIGURE_H
#define FACTS_FACT_FIGURE_H

#include "facts/fact_book.h"

/* fact_figure_of - of @rows, in any order; what is unknown in a row is left out.
 * returns the number to four places, of FACT_WORD the word's index; NAN: no row knows */
double fact_figure_of(const struct fact_figure *figure,
                      const struct fact_row *const *rows, size_t count);

#endif
