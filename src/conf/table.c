/*
 * conf/table.c - the settings.
 */
#include "conf/table.h"

#include <string.h>

#include "base/span.h"
#include "conf/check.h"

#define ROOM(s, m) offsetof(struct s, m), sizeof(((struct s *)0)->m)
#define TEXT(s, name, m, required, ok, expected)                               \
	{                                                                      \
		name, KIND_TEXT, ROOM(s, m), 0, 0, 0, required, ok, expected   \
	}
#define PATH(s, name, m, required)                                             \
	{                                                                      \
		name, KIND_PATH, ROOM(s, m), 0, 0, 0, required, NULL,          \
		    "the path of a file or folder (경로)"                    \
	}
#define FLAG(s, name, m)                                                       \
	{                                                                      \
		name, KIND_BOOL, ROOM(s, m), 0, 0, 0, false, NULL,             \
		    "true or false"                                            \
	}
#define NUMBER(s, name, m, min, max, expected)                                 \
	{                                                                      \
		name, KIND_NUMBER, ROOM(s, m), 0, min, max, false, NULL,       \
		    expected                                                   \
	}
#define LIST(s, name, kind, m, count, max, ok, expected)                       \
	{                                                                      \
		name, kind, offsetof(struct s, m),                             \
		    sizeof(((struct s *)0)->m[0]), offsetof(struct s, count),  \
		    0, max, false, ok, expected                                \
	}
#define END                                                                    \
	{                                                                      \
		NULL, KIND_COUNT, 0, 0, 0, 0, 0, false, NULL, NULL             \
	}

#define A_NAME "a name of 1 to 127 bytes without control characters (이름)"
#define A_CODE "1 to 32 letters, digits or hyphens (코드)"
#define A_TIME "a time such as \"09:00\" (시:분)"
#define A_URL  "an address such as \"http://ca.example:829/cmp\" (주소)"

/* clang-format off */
static const struct conf_setting top[] = {
	FLAG(conf, "practice", practice),
	LIST(conf, "holidays", KIND_LIST, holidays, holiday_count,
	    CONF_HOLIDAYS, check_date,
	    "at most 64 days such as \"2026-12-25\" (공휴일)"),
	END
};

static const struct conf_setting branch[] = {
	TEXT(conf, "bank", bank, true, NULL, A_NAME),
	TEXT(conf, "bank_code", bank_code, true, check_code, A_CODE),
	TEXT(conf, "name", branch, true, NULL, A_NAME),
	TEXT(conf, "code", branch_code, true, check_code, A_CODE),
	TEXT(conf, "opens", opens, true, check_time, A_TIME),
	TEXT(conf, "closes", closes, true, check_time, A_TIME),
	TEXT(conf, "phone", phone, false, NULL, "a telephone number (전화)"),
	TEXT(conf, "address", address, false, NULL, "an address (주소)"),
	TEXT(conf, "business_no", business_no, false, NULL,
	    "a business number (사업자등록번호)"),
	TEXT(conf, "representative", representative, false, NULL,
	    "a name (대표자)"),
	END
};

static const struct conf_setting agent[] = {
	PATH(conf, "state", state, true),
	PATH(conf, "socket", socket, true),
	PATH(conf, "device_key", device_key, true),
	PATH(conf, "key_worker", key_worker, true),
	END
};

static const struct conf_setting role[] = {
	LIST(conf_role, "users", KIND_LIST, users, user_count, CONF_MEMBERS,
	    check_member, "at most 8 Unix users, or \"@self\" (사용자)"),
	LIST(conf_role, "groups", KIND_LIST, groups, group_count, CONF_MEMBERS,
	    check_member, "at most 8 Unix groups (그룹)"),
	END
};

static const struct conf_setting peers[] = {
	TEXT(conf, "cmp_url", cmp_url, true, check_url, A_URL),
	TEXT(conf, "ocsp_url", ocsp_url, true, check_url, A_URL),
	TEXT(conf, "crl_url", crl_url, false, check_url, A_URL),
	TEXT(conf, "registry_url", registry_url, true, check_private_url,
	    "https://..., or http:// on this machine only (개인정보 구간)"),
	PATH(conf, "peer_ca", peer_ca, false),
	NUMBER(conf, "timeout_ms", peer_timeout_ms, 100, 120000,
	    "100 to 120000 milliseconds (밀리초)"),
	NUMBER(conf, "issue_timeout_s", issue_timeout_s, 10, 3600,
	    "10 to 3600 seconds (초)"),
	END
};

static const struct conf_setting pay[] = {
	TEXT(conf, "driver", pay_driver, false, check_driver,
	    "none, nexo or van (단말)"),
	TEXT(conf, "url", pay_url, false, check_private_url,
	    "https://..., or http:// on this machine only (단말 주소)"),
	PATH(conf, "ca", pay_ca, false),
	TEXT(conf, "sale_id", pay_sale_id, false, check_code, A_CODE),
	TEXT(conf, "poi_id", pay_poi_id, false, check_code, A_CODE),
	NUMBER(conf, "timeout_s", pay_timeout_s, 5, 180,
	    "5 to 180 seconds (초)"),
	END
};

static const struct conf_setting print[] = {
	TEXT(conf, "to", print_to, false, check_printer,
	    "\"\", file:PATH, device:PATH or tcp:HOST:PORT (프린터)"),
	TEXT(conf, "profile", print_profile, false, check_profile,
	    "cp949 or raster (글자 방식)"),
	NUMBER(conf, "columns", print_columns, 32, 48, "32 to 48 (칸)"),
	TEXT(conf, "queue", print_queue, false, check_code, A_CODE),
	END
};

static const struct conf_setting message[] = {
	TEXT(conf, "sms_url", sms_url, false, check_private_url,
	    "https://..., or http:// on this machine only (문자)"),
	TEXT(conf, "smtp_url", smtp_url, false, NULL,
	    "smtp://HOST:PORT or smtps://HOST:PORT (메일)"),
	TEXT(conf, "from", mail_from, false, NULL, "an e-mail address (메일)"),
	NUMBER(conf, "guide_days", guide_days, 1, 14, "1 to 14 days (일)"),
	END
};

static const struct conf_setting handoff[] = {
	TEXT(conf, "placement", handoff, false, check_placement,
	    "none, local or relay (휴대폰 전달)"),
	TEXT(conf, "base", handoff_base, false, check_private_url,
	    "https://..., at most 21 characters (휴대폰이 여는 주소)"),
	TEXT(conf, "listen", handoff_listen, false, NULL,
	    "an address and port such as \"0.0.0.0:8443\" (주소)"),
	TEXT(conf, "relay", handoff_relay, false, NULL,
	    "host and port such as \"relay.bank.example:9443\" (중계)"),
	PATH(conf, "cert", handoff_cert, false),
	PATH(conf, "key", handoff_key, false),
	PATH(conf, "ca", handoff_ca, false),
	TEXT(conf, "wifi", handoff_wifi, false, NULL,
	    "a Wi-Fi's name (와이파이)"),
	TEXT(conf, "wifi_key", handoff_wifi_key, false, NULL,
	    "the Wi-Fi's password (와이파이 암호)"),
	END
};

static const struct conf_setting relay[] = {
	TEXT(conf, "base", relay_base, true, check_private_url,
	    "https://..., at most 21 characters (휴대폰이 여는 주소)"),
	TEXT(conf, "listen", relay_listen, true, NULL,
	    "an address and port such as \"0.0.0.0:443\" (주소)"),
	PATH(conf, "cert", relay_cert, true),
	PATH(conf, "key", relay_key, true),
	TEXT(conf, "branches", relay_branches, true, NULL,
	    "an address and port such as \"10.0.0.1:9443\" (영업점 쪽)"),
	PATH(conf, "branch_cert", relay_branch_cert, true),
	PATH(conf, "branch_key", relay_branch_key, true),
	PATH(conf, "ca", relay_ca, true),
	PATH(conf, "crl", relay_crl, false),
	END
};

static const struct conf_setting token[] = {
	PATH(conf, "module", token_module, false),
	END
};

static const struct conf_setting counter[] = {
	NUMBER(conf, "lock_s", lock_s, 30, 3600, "30 to 3600 seconds (초)"),
	END
};

static const struct conf_setting media[] = {
	PATH(conf, "directory", media, true),
	FLAG(conf, "folders", media_folders),
	END
};

static const struct conf_setting kiosk[] = {
	TEXT(conf, "terminal", terminal, true, check_code, A_CODE),
	PATH(conf, "locale", locale, true),
	NUMBER(conf, "idle_s", idle_s, 5, 3600, "5 to 3600 seconds (초)"),
	NUMBER(conf, "idle_warn_s", idle_warn_s, 5, 300,
	    "5 to 300 seconds (초)"),
	FLAG(conf, "scanner", scanner),
	END
};

static const struct conf_setting ship[] = {
	TEXT(conf, "conninfo", ship_conninfo, false, NULL,
	    "where head office's PostgreSQL is, without a password (접속)"),
	TEXT(conf, "cosign_key", ship_cosign_key, false, check_note_key,
	    "a key such as \"headoffice.dasi+8e3d1f0a+AbCd...\" (공개키)"),
	END
};

static const struct conf_setting head_office[] = {
	PATH(conf, "certificate", head_office, false),
	END
};

/* The least that the law asks for, and ten years; facts/domain.md 2.6, 4. */
static const struct conf_setting retention[] = {
	NUMBER(conf, "case_days", case_days, 365, 3653,
	    "365 to 3653 days (일, 전자금융감독규정 제13조)"),
	NUMBER(conf, "audit_days", audit_days, 730, 3653,
	    "730 to 3653 days (일, 개인정보 안전성 확보조치 기준 제8조)"),
	NUMBER(conf, "sealed_days", sealed_days, 365, 3653,
	    "365 to 3653 days (일, 전자금융거래법 시행령 제12조)"),
	END
};

static const struct conf_setting issuer[] = {
	TEXT(conf_issuer, "name", name, true, NULL, A_NAME),
	TEXT(conf_issuer, "phone", phone, false, NULL, "a telephone number (전화)"),
	TEXT(conf_issuer, "site", site, false, NULL, "a web address (누리집)"),
	FLAG(conf_issuer, "ours", ours),
	PATH(conf_issuer, "root", root, false),
	PATH(conf_issuer, "ca", ca, false),
	LIST(conf_issuer, "chain", KIND_PATHS, chain, chain_count, CONF_CHAIN,
	    NULL, "at most 4 paths (경로)"),
	PATH(conf_issuer, "ra_cert", ra_cert, false),
	PATH(conf_issuer, "ra_key", ra_key, false),
	TEXT(conf_issuer, "recipient", recipient, false, NULL,
	    "a distinguished name such as \"/C=kr/O=yessign/CN=...\""),
	FLAG(conf_issuer, "encrypted_vid", encrypted_vid),
	FLAG(conf_issuer, "any_profile", any_profile),
	NUMBER(conf_issuer, "key_bits", key_bits, 2048, 3072, "2048 or 3072"),
	END
};

static const struct conf_setting fee[] = {
	TEXT(conf_fee, "issuer", issuer, true, check_issuer,
	    "\"*\" or an issuer's folder name such as yessign"),
	TEXT(conf_fee, "product", product, true, check_product,
	    "\"*\" or a policy OID such as \"1.2.410.200005.1.1.4\""),
	TEXT(conf_fee, "channel", channel, true, check_channel,
	    "\"*\", kiosk, counter or home_visit"),
	TEXT(conf_fee, "reason", reason, true, check_reason,
	    "\"*\", lost, stolen, leaked, broken, forgotten, new or renew"),
	NUMBER(conf_fee, "won", won, 0, 1000000, "0 to 1000000 won (원)"),
	TEXT(conf_fee, "waiver", waiver, false, check_key,
	    "a text key such as fee.reason.reissue"),
	END
};
/* clang-format on */

static void *
whole(struct conf *c, const char *title, const char **why)
{
	return c;
}

static void *
role_entry(struct conf *c, const char *title, const char **why)
{
	for (size_t i = 0; i < c->role_count; i++)
		if (strcmp(c->roles[i].name, title) == 0)
			return &c->roles[i];
	*why = "kiosk, counter, net, media, tool, handoff, token, ship, print, "
	       "supervisor or auditor";
	if (!check_role(title))
		return NULL;
	*why = "at most 16 roles";
	if (c->role_count == CONF_ROLES)
		return NULL;
	str_copy(c->roles[c->role_count].name, CONF_TEXT, title);
	return &c->roles[c->role_count++];
}

static void *
issuer_entry(struct conf *c, const char *title, const char **why)
{
	struct conf_issuer *i;

	for (size_t k = 0; k < c->issuer_count; k++)
		if (strcmp(c->issuers[k].o, title) == 0)
			return &c->issuers[k];
	*why = "an NPKI folder name of letters and digits such as yessign";
	if (!check_folder(title))
		return NULL;
	*why = "at most 16 issuers";
	if (c->issuer_count == CONF_ISSUERS)
		return NULL;
	i = &c->issuers[c->issuer_count++];
	str_copy(i->o, sizeof i->o, title);
	i->key_bits = 2048;
	i->encrypted_vid = true;
	return i;
}

static void *
fee_entry(struct conf *c, const char *title, const char **why)
{
	struct conf_fee *f;

	*why = "at most 64 fees";
	if (c->fee_count == CONF_FEES)
		return NULL;
	f = &c->fees[c->fee_count++];
	str_copy(f->issuer, sizeof f->issuer, "*");
	str_copy(f->product, sizeof f->product, "*");
	str_copy(f->channel, sizeof f->channel, "*");
	str_copy(f->reason, sizeof f->reason, "*");
	f->won = -1; /* must be said: no fee is free by omission */
	return f;
}

/* clang-format off */
const struct conf_section conf_sections[SECTION_COUNT] = {
	[SECTION_TOP]    = { "the file", false, top,    whole },
	[SECTION_BRANCH] = { "branch",   false, branch, whole },
	[SECTION_AGENT]  = { "agent",    false, agent,  whole },
	[SECTION_ROLE]   = { "role",     true,  role,   role_entry },
	[SECTION_PEERS]  = { "peers",    false, peers,  whole },
	[SECTION_PAY]    = { "pay",      false, pay,    whole },
	[SECTION_PRINT]  = { "print",    false, print,  whole },
	[SECTION_MESSAGE] = { "message", false, message, whole },
	[SECTION_HANDOFF] = { "handoff", false, handoff, whole },
	[SECTION_RELAY]  = { "relay",    false, relay,  whole },
	[SECTION_TOKEN]  = { "token",    false, token,  whole },
	[SECTION_COUNTER] = { "counter", false, counter, whole },
	[SECTION_MEDIA]  = { "media",    false, media,  whole },
	[SECTION_KIOSK]  = { "kiosk",    false, kiosk,  whole },
	[SECTION_SHIP]   = { "ship",     false, ship,   whole },
	[SECTION_HEAD_OFFICE] = { "head_office", false, head_office, whole },
	[SECTION_RETENTION] = { "retention", false, retention, whole },
	[SECTION_ISSUER] = { "issuer",   true,  issuer, issuer_entry },
	[SECTION_FEE]    = { "fee",      false, fee,    fee_entry },
};
/* clang-format on */

void
conf_defaults(struct conf *c)
{
	memset(c, 0, sizeof *c);
	str_copy(c->opens, sizeof c->opens, "09:00");
	str_copy(c->closes, sizeof c->closes, "16:00");
	str_copy(c->terminal, sizeof c->terminal, "K-01");
	str_copy(c->locale, sizeof c->locale, "/usr/share/locale");
	str_copy(c->key_worker, sizeof c->key_worker, "/usr/libexec/dasi-key");
	c->peer_timeout_ms = 10000;
	c->issue_timeout_s = 300;
	str_copy(c->pay_driver, sizeof c->pay_driver, "none");
	str_copy(c->handoff, sizeof c->handoff, "none");
	str_copy(c->print_profile, sizeof c->print_profile, "raster");
	c->pay_timeout_s = 60;
	c->print_columns = 42;
	c->guide_days = 14;
	c->lock_s = 300;
	c->idle_s = 60;
	c->idle_warn_s = 20;
	c->case_days = 1826;
	c->audit_days = c->sealed_days = 2192;
}
