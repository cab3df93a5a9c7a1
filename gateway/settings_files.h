/* settings_files.h - what the configuration names on this machine: folders, files, ports.
 * Thread: main. */
#ifndef SETTINGS_FILES_H
#define SETTINGS_FILES_H

#include "settings.h"

/* settings_judge_files - warns of what is not there: the check may run on another
 * machine, and a cable may come later.  A fault where no database can ever be. */
void settings_judge_files(struct settings *s);

#endif
