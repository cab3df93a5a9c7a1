/* room_numbers.h - what the numbers of rooms say: 203 is on the second floor.
 * Thread: one while it loads.
 */
#ifndef CONFIG_ROOM_NUMBERS_H
#define CONFIG_ROOM_NUMBERS_H

#include "config/sheet.h"

/* room_is_floor - 二层, 2, 2F, 二楼, 负一层, B1. */
bool room_is_floor(const char *text);

/* room_numbers_row - warns of a room whose number is another one in id and name, or does
 * not fit the floor, where the other rows agree: a school may number its rooms as it
 * likes. */
void room_numbers_row(const struct sheet *s, const struct csv_row *row);

/* room_numbers_words - warns, once, of a floor in another word than most rows have. */
void room_numbers_words(const struct sheet *s);

#endif
