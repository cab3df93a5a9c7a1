/* check_command.h - `campus-county check`: are the rows there that count as received? */
#ifndef INGEST_CHECK_COMMAND_H
#define INGEST_CHECK_COMMAND_H

#define CHECK_USAGE                                                                 \
    "campus-county check --database DATABASE [--ask-again]\n"                       \
    "    compares what counts as received with the rows that are there, one JSON\n" \
    "    line for each difference; exit 1 when there is one.  --ask-again makes\n"  \
    "    gaps of what is lost, which a receiver with a command key then asks for\n"

/* check_command - argv[0] is "check".  returns the exit status, -1: the usage is to be
 * shown */
int check_command(int argc, char *argv[]);

#endif
