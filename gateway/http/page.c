/* page.c - the alarm page, embedded at build time. */
#include "http/page.h"

#include <string.h>

#include "http/resource.h"

static const struct {
    const char *ending;
    const char *type;
} types[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".svg", "image/svg+xml"},
};

static const char *page_type(const char *name)
{
    const char *ending = strrchr(name, '.');
    for (size_t i = 0; ending && i < sizeof(types) / sizeof(types[0]); i++)
        if (!strcmp(ending, types[i].ending))
            return types[i].type;
    return "application/octet-stream";
}

static void page_reply(const struct page_file *file, struct reply *reply)
{
    reply_static(reply, page_type(file->name), file->bytes, file->size);
}

void page_answer(struct request *request, struct reply *reply)
{
    (void)request;
    page_reply(&page_files[0], reply);
}

void page_file_answer(struct request *request, struct reply *reply)
{
    for (const struct page_file *file = page_files; file->name; file++) {
        if (strcmp(file->name, request->item) != 0)
            continue;
        page_reply(file, reply);
        return;
    }
    reply_problem(reply, 404, NULL, "there is no '/ui/%s'", request->item);
}
