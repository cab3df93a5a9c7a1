/* evidence_command.h - `campus-county evidence` and `campus-county verify`. */
#ifndef INGEST_EVIDENCE_COMMAND_H
#define INGEST_EVIDENCE_COMMAND_H

#define EVIDENCE_USAGE                                                               \
    "campus-county evidence --database DATABASE --gateway DIVISION/SCHOOL/GATEWAY\n" \
    "              --month YYYY-MM [--output FILE] [--epoch EPOCH] [--seq SEQ]\n"    \
    "    hands out a gateway's monthly file of evidence; by epoch and seq one of\n"  \
    "    several, after a database was begun anew\n"                                 \
    "campus-county verify --database DATABASE FILE...\n"                             \
    "    checks such files: signature, key, chain, and every digest from the rows\n" \
    "    that are stored; exit 1 when something does not hold\n"

/* evidence_command - argv[0] is "evidence" or "verify".  returns the exit status, -1: the
 * usage is to be shown */
int evidence_command(int argc, char *argv[]);

#endif
