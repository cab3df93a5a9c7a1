/* module_file.h - from a module's path to bytes that nobody can change any more. */
#ifndef MODULE_FILE_H
#define MODULE_FILE_H

#include "gw/error.h"

/* module_file_open - a sealed copy in memory of @file of @folder, after all checks of
 * module_load().  returns its descriptor, or gw_fail() */
int module_file_open(const char *folder, const char *file, const char *sha256,
                     struct gw_error *err);

#endif
