/*
 * session_test.c - after a visit nothing of it is left.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "flow/session.h"

static struct session s, empty;
static struct branch branch;

static bool
holds(const char *what)
{
	size_t n = strlen(what);
	const char *p = (const char *)&s;

	for (size_t i = 0; i + n <= sizeof s; i++)
		if (memcmp(p + i, what, n) == 0)
			return true;
	return false;
}

static void
visit(void)
{
	session_init(&s, &branch, NULL);
	s.now_ms = 5000;
	field_set(&s.name, "Planted Person");
	field_set(&s.number, "9001011970015");
	field_set(&s.password, "Planted#Secret1");
	field_set(&s.email, "planted@example.com");
	strcpy(s.kase.case_no, "R-20261122-0031");
	strcpy(s.certs[3].holder, "Planted");
	s.consent[0] = s.p12 = true;
	s.purpose = PURPOSE_REISSUE;
}

Test(session, a_planted_copy_is_found_before_the_wipe)
{
	visit();
	cr_expect(holds("Planted Person"));
	cr_expect(holds("9001011970015"));
	cr_expect(holds("Planted#Secret1"));
}

Test(session, nothing_personal_is_left_after_the_wipe)
{
	visit();
	session_wipe(&s);
	cr_expect_not(holds("Planted"));
	cr_expect_not(holds("9001011970015"));
	cr_expect_not(holds("planted@"));
	cr_expect_not(holds("R-20261122"));
	cr_expect_not(s.consent[0] || s.p12);
	cr_expect_eq(s.purpose, PURPOSE_NONE);
}

Test(session, a_wiped_session_is_like_a_new_one)
{
	visit();
	session_wipe(&s);
	session_init(&empty, &branch, NULL);
	empty.now_ms = empty.entered_ms = empty.touched_ms = 5000;
	/* fields point into their own session: compare what they hold */
	cr_expect_eq(s.screen, empty.screen);
	cr_expect_eq(s.misuse, -1);
	cr_expect_eq(s.loss, -1);
	cr_expect_eq(s.medium, -1);
	cr_expect_eq(s.error_left, -1);
	cr_expect(field_is_empty(&s.password));
	cr_expect_eq(s.password.text_secret, s.password_secret);
	cr_expect_eq(s.touched_ms, 5000);
}

Test(session, keeps_what_belongs_to_the_machine)
{
	visit();
	s.media = MEDIA_READY;
	s.media_free_kb = 77;
	session_wipe(&s);
	cr_expect_eq(s.branch, &branch);
	cr_expect_eq(s.media, MEDIA_READY);
	cr_expect_eq(s.media_free_kb, 77);
}
