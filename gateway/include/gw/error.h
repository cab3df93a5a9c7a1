/* error.h - the sentence a person reads, beside the -errno a program reads. */
#ifndef GW_ERROR_H
#define GW_ERROR_H

struct gw_error {
    int code; /* -errno */
    char text[512];
};

/* gw_fail - fills @err (NULL is fine) and gives @code back: return gw_fail(...).
 * The text names the object, what is wrong and what is allowed; no newline. */
int gw_fail(struct gw_error *err, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
