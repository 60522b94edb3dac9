/*
 * token/module.c - loading, looking, and what return values mean.
 */
#include "prog/token/module.h"

#include <p11-kit/p11-kit.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/utf8.h"

enum {
	SLOTS_MAX = 64,
	ROOM_LEAST = 4096, /* bytes a key pair, two certificates and R take */
	LIST_BITS = 2048
};

/* ---- what a return value means ---- */

static enum err_code
code_of(CK_RV rv)
{
	switch (rv) {
	case CKR_PIN_INCORRECT:
	case CKR_PIN_INVALID:
	case CKR_PIN_LEN_RANGE:
		return E_PASSWORD;
	case CKR_PIN_LOCKED:
	case CKR_PIN_EXPIRED:
	case CKR_USER_PIN_NOT_INITIALIZED:
		return E_REFUSED;
	case CKR_DEVICE_REMOVED:
	case CKR_TOKEN_NOT_PRESENT:
	case CKR_TOKEN_NOT_RECOGNIZED:
	case CKR_SLOT_ID_INVALID:
	case CKR_SESSION_CLOSED:
	case CKR_SESSION_HANDLE_INVALID:
	case CKR_OBJECT_HANDLE_INVALID:
	case CKR_KEY_HANDLE_INVALID:
	case CKR_USER_NOT_LOGGED_IN:
		return E_GONE;
	case CKR_DEVICE_MEMORY:
		return E_FULL;
	case CKR_TOKEN_WRITE_PROTECTED:
	case CKR_SESSION_READ_ONLY:
		return E_READONLY;
	case CKR_MECHANISM_INVALID:
	case CKR_MECHANISM_PARAM_INVALID:
	case CKR_KEY_SIZE_RANGE:
	case CKR_FUNCTION_NOT_SUPPORTED:
	case CKR_ATTRIBUTE_TYPE_INVALID:
	case CKR_ATTRIBUTE_VALUE_INVALID:
	case CKR_ATTRIBUTE_READ_ONLY:
	case CKR_TEMPLATE_INCOMPLETE:
	case CKR_TEMPLATE_INCONSISTENT:
		return E_UNSUPPORTED;
	default:
		return E_SYS;
	}
}

struct err
module_error(CK_RV rv, const char *where)
{
	if (rv == CKR_OK)
		return err_none();
	log_line(LOG_NOTICE, "%s: %s", where, p11_kit_strerror(rv));
	return err_make(code_of(rv), 0, where);
}

const char *
token_word(struct err e)
{
	/* clang-format off */
	static const struct {
		enum err_code	 code;
		const char	*word;
	} words[] = {
		{ E_NOTFOUND,		"token.none" },
		{ E_GONE,		"token.gone" },
		{ E_PASSWORD,		"token.pin" },
		{ E_REFUSED,		"token.locked" },
		{ E_FULL,		"token.full" },
		{ E_READONLY,		"token.readonly" },
		{ E_UNSUPPORTED,	"token.mechanism" },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (words[i].code == e.code)
			return words[i].word;
	}
	return "token.io";
}

/* ---- the module ---- */

struct err
module_open(struct module *m, const char *path)
{
	CK_RV rv;

	memset(m, 0, sizeof *m);
	m->ck = p11_kit_module_load(path, 0);
	if (m->ck == NULL) {
		log_line(LOG_ERROR, "%s: %s", path, p11_kit_message());
		return err_make(E_CONFIG, 0, "token: module");
	}
	rv = p11_kit_module_initialize(m->ck);
	if (rv == CKR_OK)
		return err_none();
	log_line(LOG_ERROR, "%s: %s", path, p11_kit_strerror(rv));
	p11_kit_module_release(m->ck);
	m->ck = NULL;
	return err_make(E_CONFIG, 0, "token: module");
}

void
module_close(struct module *m)
{
	if (m->ck == NULL)
		return;
	(void)p11_kit_module_finalize(m->ck);
	p11_kit_module_release(m->ck);
	m->ck = NULL;
}

static bool
same_token(const CK_TOKEN_INFO *a, const CK_TOKEN_INFO *b)
{
	return memcmp(a->serialNumber, b->serialNumber,
		   sizeof a->serialNumber) == 0 &&
	       memcmp(a->label, b->label, sizeof a->label) == 0 &&
	       memcmp(a->manufacturerID, b->manufacturerID,
		   sizeof a->manufacturerID) == 0;
}

/* What was typed wrongly before counts as long as it stays in its slot. */
static int
wrong_before(const struct module *m, const struct seen *s)
{
	for (size_t i = 0; i < m->count; i++) {
		if (m->seen[i].slot == s->slot &&
		    same_token(&m->seen[i].info, &s->info))
			return m->seen[i].wrong;
	}
	return 0;
}

/* All tokens that are ready, in `now`. */
static struct err
look(const struct module *m, struct seen now[static TOKENS_MAX], size_t *count)
{
	CK_SLOT_ID slots[SLOTS_MAX];
	CK_ULONG n = 0;
	CK_RV rv;

	*count = 0;
	/* without room first: some modules only then look for new readers */
	rv = m->ck->C_GetSlotList(CK_TRUE, NULL, &n);
	n = SLOTS_MAX;
	if (rv == CKR_OK)
		rv = m->ck->C_GetSlotList(CK_TRUE, slots, &n);
	if (rv != CKR_OK)
		return module_error(rv, "token: slots");
	for (CK_ULONG i = 0; i < n && *count < TOKENS_MAX; i++) {
		struct seen *s = &now[*count];
		*s = (struct seen){ .slot = slots[i] };
		if (m->ck->C_GetTokenInfo(slots[i], &s->info) != CKR_OK ||
		    (s->info.flags & CKF_TOKEN_INITIALIZED) == 0)
			continue;
		s->wrong = wrong_before(m, s);
		(*count)++;
	}
	return err_none();
}

struct err
module_look(struct module *m)
{
	struct seen now[TOKENS_MAX];
	size_t count;
	struct err e = look(m, now, &count);

	if (err_is(e))
		return e;
	memcpy(m->seen, now, count * sizeof *now);
	m->count = count;
	return err_none();
}

bool
module_makes_keys(struct module *m, CK_SLOT_ID slot, CK_ULONG bits)
{
	CK_MECHANISM_INFO makes, signs;

	return m->ck->C_GetMechanismInfo(
		   slot, CKM_RSA_PKCS_KEY_PAIR_GEN, &makes) == CKR_OK &&
	       (makes.flags & CKF_GENERATE_KEY_PAIR) != 0 &&
	       makes.ulMaxKeySize >= bits &&
	       m->ck->C_GetMechanismInfo(slot, CKM_RSA_PKCS, &signs) ==
		   CKR_OK &&
	       (signs.flags & CKF_SIGN) != 0;
}

/* ---- what there is ---- */

const char *
seen_pin(const struct seen *s)
{
	CK_FLAGS f = s->info.flags;

	if ((f & CKF_USER_PIN_LOCKED) != 0 || s->wrong >= TOKEN_WRONG_MAX)
		return "locked";
	if ((f & CKF_USER_PIN_FINAL_TRY) != 0 ||
	    s->wrong == TOKEN_WRONG_MAX - 1)
		return "last";
	if ((f & CKF_USER_PIN_COUNT_LOW) != 0 || s->wrong > 0)
		return "few";
	return "ok";
}

static bool
too_small(CK_ULONG left)
{
	return left != CK_UNAVAILABLE_INFORMATION && left < ROOM_LEAST;
}

/* Fixed width, padded with blanks; a token may hold any bytes. */
static json_t *
text_of(const unsigned char *s, size_t n)
{
	const char *p = (const char *)s;
	json_t *v;

	while (n > 0 && (p[n - 1] == ' ' || p[n - 1] == '\0'))
		n--;
	v = utf8_valid(p, n) ? json_stringn(p, n) : NULL;
	return v != NULL ? v : json_string("?");
}

json_t *
module_view(struct module *m)
{
	json_t *list = json_array();

	for (size_t i = 0; i < m->count; i++) {
		const struct seen *s = &m->seen[i];
		bool full = too_small(s->info.ulFreePrivateMemory) ||
			    too_small(s->info.ulFreePublicMemory);
		bool keys = module_makes_keys(m, s->slot, LIST_BITS);
		json_array_append_new(list,
		    json_pack("{s:I,s:o,s:o,s:b,s:s,s:b,s:b}", "index",
			(json_int_t)i, "label",
			text_of(s->info.label, sizeof s->info.label), "model",
			text_of(s->info.model, sizeof s->info.model), "keys",
			keys, "pin", seen_pin(s), "writable",
			(s->info.flags & CKF_WRITE_PROTECTED) == 0, "full",
			full));
	}
	return json_pack("{s:o}", "tokens", list);
}

struct err
module_find(struct module *m, json_int_t index, struct seen **out)
{
	struct seen now[TOKENS_MAX], *wanted;
	size_t count;
	struct err e;

	*out = NULL;
	if (index < 0 || (size_t)index >= m->count)
		return err_make(E_NOTFOUND, 0, "token: index");
	wanted = &m->seen[index];
	e = look(m, now, &count);
	if (err_is(e))
		return e;
	/* indices stay as they were listed: only this one is looked up */
	for (size_t i = 0; i < count; i++) {
		if (!same_token(&now[i].info, &wanted->info))
			continue;
		now[i].wrong = wanted->wrong;
		*wanted = now[i];
		*out = wanted;
		return err_none();
	}
	return err_make(E_GONE, 0, "token: taken out");
}
