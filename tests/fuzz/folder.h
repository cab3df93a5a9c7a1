/* folder.h - a configuration folder of one blob, on a file system in memory.
 *
 *     #@ metrics.yaml
 *     …
 *     #@ devices.d/a.yaml
 *     …
 */
#ifndef FOLDER_H
#define FOLDER_H

#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"

static const char *const folder_files[] = {
    "metrics.yaml",     "campus.yaml",      "timetable.csv", "classes.csv",
    "rooms.csv",        "entries.csv",      "gateway.yaml",  "templates/a.yaml",
    "templates/b.yaml", "devices.d/a.yaml", "rules/a.yaml",  "rules.d/a.yaml",
    "facts.yaml",
};
static const char *const folder_folders[] = {"templates", "devices.d", "rules",
                                             "rules.d"};

enum {
    FOLDER_FILES = sizeof(folder_files) / sizeof(folder_files[0]),
    FOLDER_FOLDERS = sizeof(folder_folders) / sizeof(folder_folders[0]),
    FOLDER_PATH_MAX = 256,
};

static char folder_path[FOLDER_PATH_MAX];

static inline const char *folder_of(const char *name)
{
    static char path[2 * FOLDER_PATH_MAX];
    (void)snprintf(path, sizeof(path), "%s/%s", folder_path, name);
    return path;
}

static inline void folder_remove(void)
{
    for (size_t i = 0; i < FOLDER_FILES; i++)
        (void)unlink(folder_of(folder_files[i]));
    for (size_t i = 0; i < FOLDER_FOLDERS; i++)
        (void)rmdir(folder_of(folder_folders[i]));
    (void)rmdir(folder_path);
}

static inline void folder_make(void)
{
    const char *base = getenv("TMPDIR");
    (void)snprintf(folder_path, sizeof(folder_path), "%s/campus-fuzz-XXXXXX",
                   base ? base : "/tmp");
    fuzz_claim(mkdtemp(folder_path), "a folder can be made");
    for (size_t i = 0; i < FOLDER_FOLDERS; i++)
        fuzz_claim(mkdir(folder_of(folder_folders[i]), 0755) == 0,
                   "a folder can be made");
    (void)atexit(folder_remove);
}

static inline void folder_put(const char *name, const char *bytes, size_t size)
{
    FILE *out = fopen(folder_of(name), "we");
    fuzz_claim(out && fwrite(bytes, 1, size, out) == size && fclose(out) == 0,
               "a file can be written");
}

/* folder_next - the start of the next "#@ " line of @text, or its end. */
static inline const char *folder_next(const char *text, const char *end)
{
    for (const char *at = text; at < end; at++) {
        at = memchr(at, '#', (size_t)(end - at));
        if (!at)
            return end;
        if (end - at > 2 && at[1] == '@' && at[2] == ' ')
            return at;
    }
    return end;
}

/* folder_fill - only the files that @blob has. */
static inline void folder_fill(const char *blob, size_t size)
{
    const char *end = blob + size;
    for (size_t i = 0; i < FOLDER_FILES; i++)
        (void)unlink(folder_of(folder_files[i]));
    for (const char *at = folder_next(blob, end); at < end;) {
        const char *name = at + 3;
        const char *next = folder_next(name, end);
        const char *line = memchr(name, '\n', (size_t)(next - name));
        for (size_t i = 0; line && i < FOLDER_FILES; i++)
            if (strlen(folder_files[i]) == (size_t)(line - name)
                && memcmp(folder_files[i], name, (size_t)(line - name)) == 0)
                folder_put(folder_files[i], line + 1, (size_t)(next - line - 1));
        at = next;
    }
}

#endif
