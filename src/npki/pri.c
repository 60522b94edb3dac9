/*
 * npki/pri.c - signPri.key: the envelope.
 */
#include "npki/pri.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include "npki/der.h"
#include "npki/pbe.h"

/* EncryptedPrivateKeyInfo -> content of the AlgorithmIdentifier, data. */
static struct err
envelope(struct span *algorithm, struct span *data, struct span der)
{
	struct span in;
	struct err e;

	if (der.n > NPKI_PRI_MAX)
		return err_make(E_LIMIT, 0, "signPri: size");
	e = der_only(&in, der, DER_SEQUENCE);
	if (!err_is(e))
		e = der_take(algorithm, &in, DER_SEQUENCE);
	if (!err_is(e))
		e = der_only(data, in, DER_OCTET_STRING);
	return e;
}

struct err
npki_pri_algorithm(char out[static PRI_ALGORITHM_TEXT], struct span der)
{
	struct span algorithm, data;
	struct err e = envelope(&algorithm, &data, der);

	out[0] = '\0';
	return err_is(e) ? e : pbe_name(out, algorithm);
}

struct err
npki_pri_read(
    struct npki_key *out, struct span der, struct span password_secret)
{
	uint8_t plain_secret[PRI_PLAIN_MAX + PBE_IV];
	struct buf plain = buf_make(plain_secret, sizeof plain_secret);
	struct span algorithm, data;
	struct npki_key key;
	struct pbe pbe;
	struct err e = envelope(&algorithm, &data, der);

	if (err_is(e))
		return e;
	e = pbe_parse(&pbe, algorithm);
	if (err_is(e))
		return e;
	if (data.n == 0 || data.n % PBE_IV != 0)
		return err_make(E_FORMAT, 0, "signPri: length");
	if (data.n > PRI_PLAIN_MAX)
		return err_make(E_LIMIT, 0, "signPri: length");
	if (password_secret.n > NPKI_PASSWORD_READ)
		return err_make(E_PASSWORD, 0, "signPri: password length");
	e = pbe_crypt(&plain, &pbe, data, password_secret, false);
	if (!err_is(e)) {
		e = npki_pri_plain_decode(&key, buf_span(&plain));
		/* one wrong password in 256 leaves a valid padding */
		if (e.code == E_FORMAT)
			e = err_make(E_PASSWORD, 0, "signPri: plaintext");
	}
	OPENSSL_cleanse(plain_secret, sizeof plain_secret);
	if (!err_is(e)) {
		key.form = pbe.form;
		*out = key;
		OPENSSL_cleanse(&key, sizeof key);
	}
	return e;
}

static struct err
put_envelope(struct buf *out, const struct pbe *pbe, struct span plain_secret,
    struct span password_secret)
{
	uint8_t data[PRI_PLAIN_MAX + PBE_IV];
	struct buf b = buf_make(data, sizeof data);
	size_t from = out->n;
	struct err e = pbe_crypt(&b, pbe, plain_secret, password_secret, true);

	if (err_is(e))
		return e;
	pbe_encode(out, pbe);
	der_put(out, DER_OCTET_STRING, buf_span(&b));
	der_wrap(out, from, DER_SEQUENCE);
	return err_none();
}

struct err
npki_pri_write(struct buf *out, const struct npki_key *key, enum pri_form form,
    struct span password_secret)
{
	uint8_t plain_secret[PRI_PLAIN_MAX], salt[PRI_SALT], iv[PBE_IV];
	struct buf plain = buf_make(plain_secret, sizeof plain_secret);
	const struct buf before = *out;
	struct pbe pbe = { .form = form,
		.salt = { salt, sizeof salt },
		.iterations = PRI_ITER,
		.cipher = EVP_seed_cbc(),
		.prf = EVP_sha1(),
		.iv = { iv, sizeof iv } };
	struct err e;

	if (form != PRI_FORM_SEED_SHA1 && form != PRI_FORM_PBES2)
		return err_make(E_ARG, 0, "signPri: form");
	if (password_secret.n == 0 || password_secret.n > NPKI_PASSWORD_READ)
		return err_make(E_ARG, 0, "signPri: password length");
	if (RAND_bytes(salt, sizeof salt) != 1 ||
	    RAND_bytes(iv, sizeof iv) != 1)
		return err_make(E_CRYPTO, 0, "signPri: random");
	e = npki_pri_plain_encode(&plain, key);
	if (!err_is(e))
		e = put_envelope(out, &pbe, buf_span(&plain), password_secret);
	OPENSSL_cleanse(plain_secret, sizeof plain_secret);
	if (!err_is(e) && out->full)
		e = err_make(E_LIMIT, 0, "signPri: capacity");
	if (err_is(e))
		*out = before;
	return e;
}
