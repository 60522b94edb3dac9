/*
 * Fuzz target: the text of dasi.conf.
 *
 * What is read must be inside the tables' limits; what is refused must be
 * told in one message.
 */
#define _GNU_SOURCE
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"
#include "base/utf8.h"
#include "conf/conf.h"
#include "conf/rules.h"
#include "conf/table.h"
#include "fuzz.h"

static int file;
static char path[64];

/* libconfuse forgets the values of a call that never ends. */
const char *__lsan_default_suppressions(void);

const char *
__lsan_default_suppressions(void)
{
	return "leak:libconfuse";
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	if ((file = memfd_create("dasi.conf", 0)) < 0)
		abort();
	snprintf(path, sizeof path, "/proc/self/fd/%d", file);
	return 0;
}

static void
check_text(const struct conf_setting *s, const char *text)
{
	must(memchr(text, '\0', s->size) != NULL, "a text ends");
	must(utf8_valid(text, strlen(text)), "a text is UTF-8");
	if (s->kind == KIND_TEXT)
		must(*text == '\0' || conf_value_ok(s, text),
		    "a text is one its row takes");
}

/* Every setting of one section against its row. */
static void
check_section(enum conf_section_id id, const void *base)
{
	const struct conf_setting *s = conf_sections[id].settings;

	for (; s->name != NULL; s++) {
		const char *at = (const char *)base + s->at;
		size_t count = 1;

		if (s->kind == KIND_LIST || s->kind == KIND_PATHS) {
			memcpy(&count, (const char *)base + s->count_at,
			    sizeof count);
			must(count <= (size_t)s->max, "a list has its limit");
		}
		if (s->kind == KIND_NUMBER) {
			int v;

			memcpy(&v, at, sizeof v);
			must(
			    v >= s->min && v <= s->max, "a number is in range");
		} else if (s->kind != KIND_BOOL) {
			for (size_t i = 0; i < count; i++)
				check_text(s, at + i * s->size);
		}
		if (s->required)
			must(*at != '\0', "what is required is there");
	}
}

static void
check_read(const struct conf *c)
{
	for (int id = SECTION_TOP; id < SECTION_COUNT; id++)
		if (id != SECTION_ROLE && id != SECTION_ISSUER &&
		    id != SECTION_FEE)
			check_section((enum conf_section_id)id, c);
	must(c->role_count <= CONF_ROLES && c->issuer_count <= CONF_ISSUERS &&
		 c->fee_count <= CONF_FEES && c->holiday_count <= CONF_HOLIDAYS,
	    "sections have their limits");
	for (size_t i = 0; i < c->role_count; i++)
		check_section(SECTION_ROLE, &c->roles[i]);
	for (size_t i = 0; i < c->issuer_count; i++)
		if (c->issuers[i].ours)
			check_section(SECTION_ISSUER, &c->issuers[i]);
	for (size_t i = 0; i < c->fee_count; i++)
		check_section(SECTION_FEE, &c->fees[i]);
	must(conf_our_issuer(c) != NULL, "one issuer is ours");
	must(strcmp(c->opens, c->closes) < 0, "the branch opens, then closes");
	must(c->practice || !c->media_folders, "folders are for practice");
}

static void
check_refused(struct err e, const char *message)
{
	const char *line;

	must(e.code == E_CONFIG || e.code == E_NOTFOUND || e.code == E_NOMEM,
	    "a bad file is told by kind");
	must(memchr(message, '\0', CONF_MESSAGE) != NULL, "a message ends");
	line = strchr(message, ':');
	must(line != NULL && line[1] >= '0' && line[1] <= '9',
	    "a message has file and line");
	must(strstr(message, "; expected ") != NULL ||
		 strlen(message) == CONF_MESSAGE - 1,
	    "a message says what is expected");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct conf c;
	char message[CONF_MESSAGE];
	struct err e;

	if (ftruncate(file, 0) != 0 || lseek(file, 0, SEEK_SET) != 0 ||
	    err_is(file_write_all(file, span_make(data, n))))
		abort();
	memset(&c, 0xa5, sizeof c);
	memset(message, 'x', sizeof message);
	e = conf_load(&c, path, message);
	if (err_is(e)) {
		check_refused(e, message);
		return 0;
	}
	must(message[0] == '\0', "a good file needs no message");
	check_read(&c);
	return 0;
}
