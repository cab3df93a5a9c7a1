/* config_fuzz.c - a whole configuration folder as the daemon's --check loads it: YAML,
 * option tables, templates, the school, every driver's own check, rules, plugins. */
#include "folder.h"
#include "settings.h"

static FILE *nowhere;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    fuzz_hush();
    folder_make();
    nowhere = fopen("/dev/null", "we");
    fuzz_claim(nowhere, "/dev/null is there");
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct settings settings;
    struct gw_error err = {0};
    folder_fill((const char *)bytes, size);
    if (settings_load(folder_path, &settings, &err) == 0) {
        bool is_fit = settings_check(&settings, nowhere);
        fuzz_claim(!is_fit || config_faults_errors(settings.faults) == 0,
                   "what starts has no errors");
    } else {
        fuzz_claim(err.text[0] != '\0', "a refusal says why");
    }
    settings_free(&settings);
    return 0;
}
