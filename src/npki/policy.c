/*
 * npki/policy.c - the table of certificate policies.
 */
#include "npki/policy.h"

#include <string.h>

/* arcs: 200004 KISA (5.1 SignKorea, 5.2 KICA, 5.4 CrossCert), 200005 KFTC,
 * 200012 KTNET */
#define KISA  "1.2.410.200004."
#define KFTC  "1.2.410.200005."
#define KTNET "1.2.410.200012."

/* clang-format off */
#define UNIVERSAL_P  "product.universal_personal",  "범용 (개인)"
#define UNIVERSAL_B  "product.universal_business",  "범용 (기업)"
#define BANK_P       "product.bank_personal",       "은행/보험용 (개인)"
#define BANK_B       "product.bank_business",       "은행/보험용 (기업)"
#define BANKING_B    "product.banking_business",    "기업뱅킹용"
#define SECURITIES_P "product.securities_personal", "증권/보험용 (개인)"
#define CARD_P       "product.card_personal",       "신용카드용"
#define TAX          "product.tax",                 "전자세금용"

static const struct npki_policy table[] = {
	{ KFTC  "1.1.1",         "yessign",   UNIVERSAL_P },
	{ KFTC  "1.1.5",         "yessign",   UNIVERSAL_B },
	{ KFTC  "1.1.4",         "yessign",   BANK_P },
	{ KFTC  "1.1.2",         "yessign",   BANK_B },
	{ KFTC  "1.1.6.1",       "yessign",   BANKING_B },
	{ KFTC  "1.1.6.2",       "yessign",   CARD_P },
	{ KFTC  "1.1.6.8",       "yessign",   TAX },
	{ KISA  "5.2.1.2",       "KICA",      UNIVERSAL_P },
	{ KISA  "5.2.1.1",       "KICA",      UNIVERSAL_B },
	{ KISA  "5.2.1.7.1",     "KICA",      BANK_P },
	{ KISA  "5.2.1.7.2",     "KICA",      SECURITIES_P },
	{ KISA  "5.2.1.7.3",     "KICA",      CARD_P },
	{ KISA  "5.2.1.6.257",   "KICA",      TAX },
	{ KISA  "5.1.1.5",       "SignKorea", UNIVERSAL_P },
	{ KISA  "5.1.1.7",       "SignKorea", UNIVERSAL_B },
	{ KISA  "5.1.1.9.1",     "SignKorea", BANK_P },
	{ KISA  "5.1.1.9",       "SignKorea", SECURITIES_P },
	{ KISA  "5.1.1.9.2",     "SignKorea", CARD_P },
	{ KISA  "5.1.1.12.902",  "SignKorea", TAX },
	{ KISA  "5.4.1.1",       "CrossCert", UNIVERSAL_P },
	{ KISA  "5.4.1.2",       "CrossCert", UNIVERSAL_B },
	{ KISA  "5.4.1.101",     "CrossCert", BANK_P },
	{ KISA  "5.4.1.102",     "CrossCert", SECURITIES_P },
	{ KISA  "5.4.1.103",     "CrossCert", CARD_P },
	{ KISA  "5.4.2.80",      "CrossCert", TAX },
	{ KTNET "1.1.1",         "TradeSign", UNIVERSAL_P },
	{ KTNET "1.1.3",         "TradeSign", UNIVERSAL_B },
	{ KTNET "1.1.101",       "TradeSign", BANK_P },
	{ KTNET "1.1.103",       "TradeSign", SECURITIES_P },
	{ KTNET "1.1.105",       "TradeSign", CARD_P },
	{ KTNET "5.19.1.1",      "TradeSign", TAX },
};

static const struct {
	const char *org, *name_ko;
} issuers[] = {
	{ "yessign",   "금융결제원" },
	{ "KICA",      "한국정보인증" },
	{ "SignKorea", "코스콤" },
	{ "CrossCert", "한국전자인증" },
	{ "TradeSign", "한국무역정보통신" },
};
/* clang-format on */

const struct npki_policy *
npki_policy_find(const char *oid)
{
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (strcmp(table[i].oid, oid) == 0)
			return &table[i];
	return NULL;
}

const struct npki_policy *
npki_policy_of(const char *org, const char *product)
{
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (strcmp(table[i].org, org) == 0 &&
		    strcmp(table[i].product, product) == 0)
			return &table[i];
	return NULL;
}

const struct npki_policy *
npki_policy_table(size_t *n)
{
	*n = sizeof table / sizeof *table;
	return table;
}

const char *
npki_issuer_name_ko(const char *org)
{
	for (size_t i = 0; i < sizeof issuers / sizeof *issuers; i++)
		if (strcmp(issuers[i].org, org) == 0)
			return issuers[i].name_ko;
	return NULL;
}
