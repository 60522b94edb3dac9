/*
 * sandbox/issue.c - minting and recording certificates.
 */
#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "issue.h"
#include "mint.h"
#include "npki/name.h"

enum { DAY_S = 86400 };

/* Invented banks; no real bank has these codes. */
static const struct bank {
	const char *id, *name, *code;
} banks[] = {
	{ "HANBIT", "한빛은행", "098" },
	{ "SAEBYEOK", "새벽은행", "097" },
	{ "MIRINAE", "미리내증권", "096" },
};

const char *
bank_name(const char *bank)
{
	for (size_t i = 0; i < sizeof banks / sizeof *banks; i++)
		if (strcmp(banks[i].id, bank) == 0)
			return banks[i].name;
	return bank;
}

static const char *
bank_code(const char *bank)
{
	for (size_t i = 0; i < sizeof banks / sizeof *banks; i++)
		if (strcmp(banks[i].id, bank) == 0)
			return banks[i].code;
	return "099";
}

int64_t
issue_midnight(const struct sandbox *sb, int days)
{
	struct civil c = civil_from_unix(sandbox_now(sb));

	c.hour = c.minute = c.second = 0;
	return civil_to_unix(&c) + (int64_t)days * DAY_S;
}

/* The unit a product belongs to in yessign's names. */
static const char *
yessign_unit(const char *policy)
{
	if (strcmp(policy, "1.2.410.200005.1.1.1") == 0)
		return "personalB";
	if (strcmp(policy, "1.2.410.200005.1.1.6.8") == 0)
		return "xUse4Esero";
	return "personal4IB";
}

static void
yessign_cn(struct sandbox *sb, char *out, size_t cap, const struct person *p,
    const char *bank)
{
	struct civil c = civil_from_unix(sandbox_now(sb));

	snprintf(out, cap, "%s(%s)0%s041%04d%02d%02d%09zu", p->name,
	    p->name_latin, bank_code(bank), c.year, c.month, c.day,
	    json_object_size(sb->certs.all) + 1);
}

struct err
issue_subject(struct sandbox *sb, X509_NAME **out, const struct person *p,
    int authority, const char *bank, const char *policy)
{
	char cn[NAME_VALUE];
	const struct name_part yessign[] = { { "C", "kr" }, { "O", "yessign" },
		{ "OU", yessign_unit(policy) }, { "OU", bank }, { "CN", cn } };
	const struct name_part kica[] = { { "C", "KR" }, { "O", "KICA" },
		{ "OU", "licensedCA" }, { "OU", "등록기관" }, { "OU", bank },
		{ "OU", "RA센터" }, { "CN", p->name } };

	if (authority == AUTHORITY_KICA)
		return name_build(out, kica, sizeof kica / sizeof *kica);
	yessign_cn(sb, cn, sizeof cn, p, bank);
	return name_build(out, yessign, sizeof yessign / sizeof *yessign);
}

static struct err
holder_of(struct identify_data *out, const struct issue *i)
{
	struct err e = err_none();

	memset(out, 0, sizeof *out);
	if (!str_copy(out->name, sizeof out->name, i->person->name))
		return err_make(E_LIMIT, 0, "issue: name");
	if (i->r_secret == NULL)
		return e;
	e = vid_compute(
	    out->vid, span_str(i->person->number), i->r_secret, i->hash);
	out->has_vid = !err_is(e);
	out->hash = i->hash;
	out->vid_n = vid_size(i->hash);
	return e;
}

struct err
issue_certificate(struct sandbox *sb, const struct issue *i, json_t **rec)
{
	char ocsp[SANDBOX_URL + 32], crl[SANDBOX_URL + 32];
	struct identify_data holder;
	struct mint m = { &sb->ca.ca[i->authority], i->subject, i->key, 0,
		i->not_before, i->not_after, i->policy, &holder, ocsp, crl };
	struct cert_new n = { i->authority, i->person->id, i->bank, i->policy,
		i->refnum, i->application, i->replaces, i->state, i->reason,
		i->by, NULL };
	struct err e = holder_of(&holder, i);

	*rec = NULL;
	snprintf(ocsp, sizeof ocsp, "%s/ocsp", sb->url);
	snprintf(crl, sizeof crl, "%s/%scrl.der", sb->url,
	    i->authority == AUTHORITY_KICA ? "kica-" : "");
	if (!err_is(e))
		e = certs_new_serial(sb, &m.serial);
	if (!err_is(e))
		e = mint_certificate(&n.cert, &m);
	if (!err_is(e))
		e = certs_add(sb, &n, rec);
	X509_free(n.cert);
	secret_wipe(&holder, sizeof holder);
	return e;
}
