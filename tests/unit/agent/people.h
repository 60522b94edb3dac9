/*
 * A CA of the tests' own and one invented person's certificate.
 */
#ifndef TESTS_AGENT_PEOPLE_H
#define TESTS_AGENT_PEOPLE_H

#include "conf/conf.h"
#include "rpc/rpc.h"

#define PERSON_NAME   "홍길동"
#define PERSON_NUMBER "9001011970015"
enum { OLD_SERIAL = 0x0a1b2c, NEW_SERIAL = 0x0d4e5f };

/* Makes the CA, its files in `folder`, and the configuration about it. */
void people_issuer(const char *folder, struct conf_issuer *i);
/* Base64 DER of a certificate of the person. */
json_t *people_cert(long serial, int64_t not_after);
void people_free(void);

#endif
