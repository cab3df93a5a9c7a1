#include <string.h>

#include "config/value.h"

/* option_print - "# what it is (whole, 1..247; required)", then "#unit: 1". */
static void option_print(FILE *out, const struct gw_option *option, int indent)
{
    char allowed[400];
    const char *fallback = option->fallback ? option->fallback : "";

    value_allowed_brief(option, allowed, sizeof(allowed));
    fprintf(out, "%*s# %s%s(%s%s)\n", indent, "", option->help ? option->help : "",
            option->help ? " " : "", allowed, option->required ? "; required" : "");
    fprintf(out, "%*s#%s:%s%s\n", indent, "", option->name, *fallback ? " " : "",
            fallback);
}

void config_print_options(FILE *out, const char *section, const struct gw_option *options,
                          int indent)
{
    if (section) {
        fprintf(out, "%*s%s:\n", indent, "", section);
        indent += 2;
    }
    for (size_t i = 0; options && options[i].name; i++)
        option_print(out, &options[i], indent);
}
