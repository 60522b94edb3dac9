/*
 * flow/counter_request.h - a clerk's wishes as messages (rpc/README.md).
 */
#ifndef FLOW_COUNTER_REQUEST_H
#define FLOW_COUNTER_REQUEST_H

#include <jansson.h>

#include "flow/counter_session.h"

/* The params of `ask`, the caller's. */
json_t *counter_params(const struct counter_session *s, enum counter_ask ask);

/*
 * What was typed to search by: a receipt number without its dashes is spelled
 * as it should be, other text goes as it is.
 */
void counter_find_text(char out[static FIELD_CAP], const char *typed);

/* Words of the protocol; "" outside. */
const char *word_filter(int filter);
const char *word_sort(int sort);
const char *word_applicant(int kind);
const char *word_unmask(int field);
const char *word_reprint(int kind);
const char *word_waiver(int waiver); /* a text key */
const char *word_channel(int channel);
/* Index of an applicant's word, -1. */
int applicant_named(const char *word);

#endif
