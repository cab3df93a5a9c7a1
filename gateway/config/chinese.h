/* chinese.h - what people of a school are told, in Chinese.  Thread: any. */
#ifndef CONFIG_CHINESE_H
#define CONFIG_CHINESE_H

/* sentence - a format and its translation, which takes the same arguments, perhaps in
 * another order ("%2$s"). */
struct sentence {
    const char *english;
    const char *chinese;
};

/* chinese_parts - all sentences, part by part; a part ends with {0}, the parts with NULL.
 */
extern const struct sentence *const chinese_parts[];
extern const struct sentence chinese_school[];
extern const struct sentence chinese_days[];
extern const struct sentence chinese_roster[];
extern const struct sentence chinese_values[];
extern const struct sentence chinese_rules[];
extern const struct sentence chinese_plugins[];
extern const struct sentence chinese_mapping[];

/* chinese_format - the translation of @english; itself where there is none. */
const char *chinese_format(const char *english) __attribute__((format_arg(1)));

#endif
