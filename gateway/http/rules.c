/* rules.c - the rules as they are judged. */
#include <stdlib.h>

#include "http/resource.h"
#include "http/server.h"

enum { RULES_MAX = 1024 };

static json_t *rule_json(const struct rule_row *row)
{
    return json_pack(
        "{s:s, s:o, s:s, s:o, s:o, s:o, s:I, s:I}", "id", row->id, "title",
        resource_title(&row->title), "severity", gw_severity_name(row->severity), "basis",
        resource_string(row->basis), "basis_edition", resource_string(row->basis_edition),
        "when", resource_string(row->when), "instances", (json_int_t)row->instances,
        "evaluations", (json_int_t)row->evaluations);
}

void rules_answer(struct request *request, struct reply *reply)
{
    struct rule_row *rows = calloc(RULES_MAX, sizeof(*rows));
    if (!rows) {
        reply_problem(reply, 500, NULL, "out of memory");
        return;
    }
    struct sources_hold hold;
    json_t *list = json_array();
    sources_use(&request->http->sources, &hold);
    size_t count = 0;
    if (hold.sources.rules)
        count = rules_rows(hold.sources.rules, rows, RULES_MAX);
    for (size_t i = 0; i < count && i < RULES_MAX; i++)
        (void)json_array_append_new(list, rule_json(&rows[i]));
    sources_done(&request->http->sources, &hold);
    free(rows);
    reply_json(reply, json_pack("{s:o}", "rules", list));
}
