/* page.h - the files of ui/ as ui/embed.cmake writes them into the binary. */
#ifndef HTTP_PAGE_H
#define HTTP_PAGE_H

#include <stddef.h>

struct page_file {
    const char *name; /* "page.js" */
    const char *bytes;
    size_t size;
};

/* page_files - the first is the page itself; ends with {0}. */
extern const struct page_file page_files[];

#endif
