/*
 * token_shim.c - a PKCS#11 module in front of SoftHSM, for the tests of
 * dasi-token: what a software token never does by itself.
 *
 * TOKEN_SHIM names a file of words, read again at every call that matters:
 *   final low locked   what the token's flags say of the PIN
 *   readonly full      write-protected; no room for one more object
 *   full=N             room for N more objects
 *   nokeys             makes no key pairs
 *   gone               taken out: every slot is empty, every session lost
 *   gone=N             the same after N objects were written
 *   spoil              certificates read back differ
 *   nosign             signatures fail
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <p11-kit/pkcs11.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static CK_FUNCTION_LIST *real, mine;
static int written; /* objects, since the words changed */
static char before[256];

static const char *
words(void)
{
	static char now[256];
	const char *path = getenv("TOKEN_SHIM");
	int fd = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, now, sizeof now - 1);

	if (fd >= 0)
		close(fd);
	now[n > 0 ? n : 0] = '\0';
	if (strcmp(now, before) != 0) {
		memcpy(before, now, sizeof before);
		written = 0;
	}
	return now;
}

static int
says(const char *word)
{
	return strstr(words(), word) != NULL;
}

/* "word", or "word=N" once N objects were written. */
static int
by_now(const char *word)
{
	const char *at = strstr(words(), word);
	size_t n = strlen(word);

	return at != NULL && (at[n] != '=' || written >= atoi(at + n + 1));
}

/* Of the fault suite, when its shim is before the program: a point at which
 * it may die or the token be pulled. */
static void
point(const char *name)
{
	void *symbol = dlsym(RTLD_DEFAULT, "wire_point");
	void (*count)(const char *) = NULL;

	memcpy(&count, &symbol, sizeof count);
	if (count != NULL)
		count(name);
}

static CK_RV
pointed(const char *name, CK_RV rv)
{
	point(name);
	return rv;
}

static CK_RV
get_slots(CK_BBOOL present, CK_SLOT_ID *slots, CK_ULONG *n)
{
	if (!by_now("gone"))
		return real->C_GetSlotList(present, slots, n);
	*n = 0;
	return CKR_OK;
}

static CK_RV
get_token(CK_SLOT_ID slot, CK_TOKEN_INFO *info)
{
	CK_RV rv = by_now("gone") ? CKR_TOKEN_NOT_PRESENT
				  : real->C_GetTokenInfo(slot, info);

	if (rv != CKR_OK)
		return rv;
	info->flags |= says("low") ? CKF_USER_PIN_COUNT_LOW : 0;
	info->flags |= says("final") ? CKF_USER_PIN_FINAL_TRY : 0;
	info->flags |= says("locked") ? CKF_USER_PIN_LOCKED : 0;
	info->flags |= says("readonly") ? CKF_WRITE_PROTECTED : 0;
	if (by_now("full"))
		info->ulFreePrivateMemory = info->ulFreePublicMemory = 0;
	return CKR_OK;
}

static CK_RV
get_mechanism(CK_SLOT_ID slot, CK_MECHANISM_TYPE type, CK_MECHANISM_INFO *info)
{
	if (says("nokeys") && type == CKM_RSA_PKCS_KEY_PAIR_GEN)
		return CKR_MECHANISM_INVALID;
	return real->C_GetMechanismInfo(slot, type, info);
}

static CK_RV
log_in(CK_SESSION_HANDLE s, CK_USER_TYPE user, CK_UTF8CHAR *pin, CK_ULONG n)
{
	if (by_now("gone"))
		return CKR_DEVICE_REMOVED;
	return says("locked") ? CKR_PIN_LOCKED : real->C_Login(s, user, pin, n);
}

static CK_RV
create(
    CK_SESSION_HANDLE s, CK_ATTRIBUTE *with, CK_ULONG n, CK_OBJECT_HANDLE *made)
{
	point("C_CreateObject");
	if (by_now("gone"))
		return CKR_DEVICE_REMOVED;
	if (by_now("full"))
		return CKR_DEVICE_MEMORY;
	written++;
	return pointed("created", real->C_CreateObject(s, with, n, made));
}

static CK_RV
generate(CK_SESSION_HANDLE s, CK_MECHANISM *how, CK_ATTRIBUTE *pub, CK_ULONG n,
    CK_ATTRIBUTE *pri, CK_ULONG m, CK_OBJECT_HANDLE *a, CK_OBJECT_HANDLE *b)
{
	point("C_GenerateKeyPair");
	if (by_now("gone"))
		return CKR_DEVICE_REMOVED;
	if (by_now("full"))
		return CKR_DEVICE_MEMORY;
	return pointed(
	    "generated", real->C_GenerateKeyPair(s, how, pub, n, pri, m, a, b));
}

static CK_RV
destroy(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE object)
{
	point("C_DestroyObject");
	return by_now("gone")
		   ? CKR_DEVICE_REMOVED
		   : pointed("destroyed", real->C_DestroyObject(s, object));
}

static CK_RV
set(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *a, CK_ULONG n)
{
	point("C_SetAttributeValue");
	return by_now("gone")
		   ? CKR_DEVICE_REMOVED
		   : pointed("set", real->C_SetAttributeValue(s, object, a, n));
}

static CK_RV
find(CK_SESSION_HANDLE s, CK_ATTRIBUTE *want, CK_ULONG n)
{
	return by_now("gone") ? CKR_DEVICE_REMOVED
			      : real->C_FindObjectsInit(s, want, n);
}

static CK_RV
sign(CK_SESSION_HANDLE s, CK_BYTE *data, CK_ULONG n, CK_BYTE *out,
    CK_ULONG *out_n)
{
	if (by_now("gone"))
		return CKR_DEVICE_REMOVED;
	return says("nosign") ? CKR_DEVICE_ERROR
			      : real->C_Sign(s, data, n, out, out_n);
}

static CK_RV
read_object(
    CK_SESSION_HANDLE s, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *a, CK_ULONG n)
{
	CK_RV rv = real->C_GetAttributeValue(s, object, a, n);
	CK_ULONG last;

	if (by_now("gone"))
		return CKR_DEVICE_REMOVED;
	if (rv != CKR_OK || !says("spoil") || a->type != CKA_VALUE ||
	    a->pValue == NULL || a->ulValueLen < 300)
		return rv;
	last = a->ulValueLen - 1;
	((CK_BYTE *)a->pValue)[last] ^= 1;
	return rv;
}

CK_RV
C_GetFunctionList(CK_FUNCTION_LIST **list)
{
	CK_C_GetFunctionList get = NULL;
	void *library = dlopen("/usr/lib/softhsm/libsofthsm2.so", RTLD_NOW);
	void *symbol = library == NULL ? NULL
				       : dlsym(library, "C_GetFunctionList");

	memcpy(&get, &symbol, sizeof get);
	if (get == NULL || get(&real) != CKR_OK)
		return CKR_GENERAL_ERROR;
	mine = *real;
	mine.C_GetFunctionList = C_GetFunctionList;
	mine.C_GetSlotList = get_slots;
	mine.C_GetTokenInfo = get_token;
	mine.C_GetMechanismInfo = get_mechanism;
	mine.C_Login = log_in;
	mine.C_CreateObject = create;
	mine.C_GenerateKeyPair = generate;
	mine.C_DestroyObject = destroy;
	mine.C_SetAttributeValue = set;
	mine.C_FindObjectsInit = find;
	mine.C_Sign = sign;
	mine.C_GetAttributeValue = read_object;
	*list = &mine;
	return CKR_OK;
}
