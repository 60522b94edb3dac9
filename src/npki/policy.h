/*
 * npki/policy.h - certificate policy OIDs and the products they stand for.
 *
 * Source: facts/npki.md section 3, published OID lists.
 */
#ifndef NPKI_POLICY_H
#define NPKI_POLICY_H

#include <stddef.h>

enum { POLICY_OID = 64 }; /* room for a dotted policy OID with its NUL */

struct npki_policy {
	const char *oid;     /* dotted */
	const char *org;     /* the issuer's O, "yessign" */
	const char *product; /* text key, "product.bank_personal" */
	const char *name_ko; /* "은행/보험용 (개인)" */
};

/* NULL when the OID is not in the table. */
const struct npki_policy *npki_policy_find(const char *oid);
/* The policy of this product at this issuer, or NULL. */
const struct npki_policy *npki_policy_of(const char *org, const char *product);
/* The whole table, for listings. */
const struct npki_policy *npki_policy_table(size_t *n);
/* Korean name of an issuer by its O ("금융결제원"); NULL when unknown. */
const char *npki_issuer_name_ko(const char *org);

#endif
