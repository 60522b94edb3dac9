/*
 * agent/device.c - reading or making the device key.
 */
#include "prog/agent/device.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/secret.h"

static struct err
make_key(uint8_t key_secret[static SEAL_KEY], const struct conf *conf)
{
	char path[CONF_PATH + 16];
	struct stat st;
	struct err e;

	snprintf(path, sizeof path, "%s/dasi.db", conf->state);
	if (stat(path, &st) == 0) {
		log_line(LOG_ERROR,
		    "%s is missing but %s exists: restore the "
		    "key, or no open case can be read",
		    conf->device_key, path);
		return err_make(E_CONFIG, 0, "device: key lost");
	}
	e = seal_key_new(key_secret);
	if (!err_is(e))
		e = file_write(
		    conf->device_key, span_make(key_secret, SEAL_KEY), 0600);
	if (!err_is(e))
		log_line(LOG_NOTICE, "device key made: %s", conf->device_key);
	else
		log_line(LOG_ERROR,
		    "%s cannot be made: its folder must be there and "
		    "writable, or put 32 random bytes there (mode 0600)",
		    conf->device_key);
	return e;
}

struct err
device_key_load(uint8_t key_secret[static SEAL_KEY], const struct conf *conf)
{
	struct buf b = buf_make(key_secret, SEAL_KEY);
	struct stat st;
	struct err e = file_read(&b, conf->device_key);

	if (e.code == E_NOTFOUND)
		e = make_key(key_secret, conf);
	else if (!err_is(e) &&
		 (b.n != SEAL_KEY || stat(conf->device_key, &st) != 0 ||
		     !S_ISREG(st.st_mode) || st.st_uid != geteuid() ||
		     (st.st_mode & 077) != 0)) {
		log_line(LOG_ERROR,
		    "%s must be 32 bytes, owned by the agent's "
		    "user, mode 0600",
		    conf->device_key);
		e = err_make(E_CONFIG, 0, "device: key file");
	}
	if (err_is(e))
		secret_wipe(key_secret, SEAL_KEY);
	return e;
}
