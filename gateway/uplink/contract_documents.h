/* contract_documents.h - the county's schemas and examples, as they stand in county/.
 * Thread: immutable. */
#ifndef UPLINK_CONTRACT_DOCUMENTS_H
#define UPLINK_CONTRACT_DOCUMENTS_H

/* contract_document - name: of the file, without its ending; text: JSON. */
struct contract_document {
    const char *name;
    const char *text;
};

/* contract_schemas - of every kind that a gateway sends; contract_examples - messages of
 * these kinds.  Both end with {0}. */
extern const struct contract_document contract_schemas[];
extern const struct contract_document contract_examples[];

#endif
