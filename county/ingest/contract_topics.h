/* contract_topics.h - what the receiver reads: the last level of each topic. */
#ifndef INGEST_CONTRACT_TOPICS_H
#define INGEST_CONTRACT_TOPICS_H

static const char *const contract_topics[] = {
    "alarm", "summary", "telemetry", "evidence", "birth", "state",
};

enum { CONTRACT_TOPICS = sizeof(contract_topics) / sizeof(contract_topics[0]) };

#endif
