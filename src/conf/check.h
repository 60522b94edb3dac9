/*
 * conf/check.h - is one value of dasi.conf acceptable?  Pure, no state.
 */
#ifndef CONF_CHECK_H
#define CONF_CHECK_H

#include <stdbool.h>

/* Each answers for one value, never NULL. */
bool check_text(const char *s);	  /* not empty, valid UTF-8, no control */
bool check_code(const char *s);	  /* [A-Za-z0-9-]+, up to 32 */
bool check_folder(const char *s); /* [A-Za-z0-9]+: an NPKI folder name */
bool check_time(const char *s);	  /* "09:00" */
bool check_date(const char *s);	  /* "2026-12-25", a day that exists */
bool check_url(const char *s);	  /* http:// or https:// with a host */
/* As check_url, but http only to this machine: personal data travels there. */
bool check_private_url(const char *s);
bool check_member(const char *s);  /* a Unix user or group, or "@self" */
bool check_role(const char *s);	   /* a role of the agent's table */
bool check_issuer(const char *s);  /* "*" or a folder name */
bool check_product(const char *s); /* "*" or a dotted policy OID */
bool check_channel(const char *s); /* "*" "kiosk" "counter" "home_visit" */
bool check_reason(const char *s); /* "*" or a kind of loss report, new, renew */
bool check_note_key(const char *s); /* name+8 hex digits+base64 of 33 bytes */
bool check_key(const char *s);	    /* a text key: [a-z0-9_.]+ */

/* "none" "nexo" "van" */
bool check_driver(const char *s);
/* "" or "file:/...", "device:/dev/usb/lp0", "tcp:host:9100" */
bool check_printer(const char *s);
/* "none" "local" "relay" */
bool check_placement(const char *s);
/* "cp949" "raster" */
bool check_profile(const char *s);

#endif
