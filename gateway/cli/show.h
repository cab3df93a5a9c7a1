/* show.h - the API's answers as text for people, one function a resource. */
#ifndef CLI_SHOW_H
#define CLI_SHOW_H

#include <jansson.h>
#include <stdio.h>

/* Each prints @answer (an object as docs/en/api.md describes it) to @out. */
void show_status(const json_t *answer, FILE *out);
void show_points(const json_t *answer, FILE *out);
void show_alarms(const json_t *answer, FILE *out);
void show_alarm(const json_t *answer, FILE *out); /* after an action */
void show_write(const json_t *answer, FILE *out); /* likewise */
void show_devices(const json_t *answer, FILE *out);
void show_buses(const json_t *answer, FILE *out);
void show_rules(const json_t *answer, FILE *out);
void show_facts(const json_t *answer, FILE *out);
void show_outbox(const json_t *answer, FILE *out);

/* show_event - one line for an event of type "alarm"; others are left out. */
void show_event(const char *type, const char *data, FILE *out);

/* show_title - {"zh":…,"en":…} in the language of the terminal (base/language.h). */
const char *show_title(const json_t *title);

/* show_order - what a plugin answered; show_commands - what plugins can be told. */
void show_order(const json_t *answer, FILE *out);
void show_commands(const json_t *answer, FILE *out);

#endif
