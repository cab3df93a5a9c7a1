#include "http/reply.h"

#include <microhttpd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DETAIL_MAX = 640 };

static const char last_resort[] =
    "{\"type\":\"about:blank\",\"title\":\"Internal Server Error\",\"status\":500,"
    "\"detail\":\"out of memory\"}";

static void reply_out_of_memory(struct reply *reply)
{
    reply_static(reply, "application/problem+json", last_resort, sizeof(last_resort) - 1);
    reply->status = 500;
}

void reply_static(struct reply *reply, const char *type, const char *text, size_t size)
{
    reply_done(reply);
    reply->status = 200;
    reply->type = type;
    /* the flag keeps reply_done() from freeing it */
    reply->text = (char *)text;
    reply->size = size;
    reply->is_borrowed = true;
}

void reply_text(struct reply *reply, const char *type, char *text, size_t size)
{
    if (!text) {
        reply_out_of_memory(reply);
        return;
    }
    reply_done(reply);
    reply->status = 200;
    reply->type = type;
    reply->text = text;
    reply->size = size;
}

void reply_json(struct reply *reply, json_t *value)
{
    char *text = value ? json_dumps(value, JSON_COMPACT | JSON_REAL_PRECISION(12)) : NULL;
    json_decref(value);
    reply_text(reply, "application/json", text, text ? strlen(text) : 0);
}

static json_t *reply_words(const char *const *words)
{
    json_t *list = json_array();
    for (size_t i = 0; words[i]; i++)
        (void)json_array_append_new(list, json_string(words[i]));
    return list;
}

/* problem_reply - takes @problem as the body. */
static void problem_reply(struct reply *reply, unsigned status, json_t *problem)
{
    reply_json(reply, problem);
    if (reply->status != 200)
        return;
    reply->status = status;
    reply->type = "application/problem+json";
}

static json_t *problem_new(unsigned status, const char *detail)
{
    json_t *problem = json_pack("{s:s, s:s, s:i}", "type", "about:blank", "title",
                                MHD_get_reason_phrase_for(status), "status", (int)status);
    /* a detail that quotes broken UTF-8, or that was cut inside a character, is none */
    json_t *text = json_string(detail);
    if (text)
        (void)json_object_set_new(problem, "detail", text);
    return problem;
}

void reply_problem(struct reply *reply, unsigned status, const char *const *allowed,
                   const char *format, ...)
{
    char detail[DETAIL_MAX];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(detail, sizeof(detail), format, arguments);
    va_end(arguments);

    json_t *problem = problem_new(status, detail);
    if (allowed)
        (void)json_object_set_new(problem, "allowed", reply_words(allowed));
    problem_reply(reply, status, problem);
}

json_t *reply_lines(const char *text)
{
    json_t *lines = json_array();
    for (const char *line = text; *line;) {
        size_t size = strcspn(line, "\n");
        (void)json_array_append_new(lines, json_stringn(line, size));
        line += size + (line[size] == '\n');
    }
    return lines;
}

void reply_faults(struct reply *reply, const char *detail, const char *text)
{
    json_t *problem = problem_new(422, detail);
    (void)json_object_set_new(problem, "faults", reply_lines(text));
    problem_reply(reply, 422, problem);
}

void reply_done(struct reply *reply)
{
    if (!reply->is_borrowed)
        free(reply->text);
    if (reply->stream)
        MHD_destroy_response(reply->stream);
    *reply = (struct reply){0};
}
