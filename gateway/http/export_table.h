/* export_table.h - how what is stored looks as a table.  Thread: any. */
#ifndef HTTP_EXPORT_TABLE_H
#define HTTP_EXPORT_TABLE_H

#include "base/strbuf.h"
#include "http/route.h"
#include "http/sources.h"
#include "store/query.h"

/* export_table - one kind.
 * name  in the path */
struct export_table {
    const char *name;
    enum query_kind kind;
    enum role role;
    const char *heading_en;
    const char *heading_zh;
    void (*row)(struct strbuf *out, const struct query_row *row,
                const struct http_sources *sources);
};

/* export_table_find - NULL: there is none.  export_table_names - NULL-terminated. */
const struct export_table *export_table_find(const char *name);
extern const char *const export_table_names[];

#endif
