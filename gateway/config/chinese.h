/* chinese.h - what people of a school are told, in Chinese.  Thread: any. */
#ifndef CONFIG_CHINESE_H
#define CONFIG_CHINESE_H

/* sentence - a format and its translation, which takes the same arguments, perhaps in
 * another order ("%2$s"). */
struct sentence {
    const char *english;
    const char *chinese;
};

extern const struct sentence chinese_sentences[]; /* ends with {0} */

/* chinese_format - the translation of @english; itself where there is none. */
const char *chinese_format(const char *english);

#endif
