/*
 * An e-mail's bytes.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "peer/mail.h"

static char room[MAIL_MAX + 1];

static const struct mail plain = { .from = "noreply@hanbit.example",
	.to = "hong@example.com",
	.subject = "인가코드 안내",
	.text = "홍길동 고객님,\n인가코드는 가나다입니다.\n",
	.key = "guide-1",
	.at = 1795323909 /* 2026-11-22 14:05:09 in Korea */ };

static const char *
built(const struct mail *m)
{
	struct buf b = buf_make(room, sizeof room - 1);
	struct err e = mail_build(&b, m);

	if (err_is(e))
		return err_name(e.code);
	room[b.n] = '\0';
	return room;
}

/* The body behind the headers, decoded. */
static void
body_of(char *out, size_t cap, const char *message)
{
	static char joined[MAIL_MAX];
	const char *p = strstr(message, "\r\n\r\n") + 4;
	struct buf b = buf_make(out, cap - 1);
	size_t n = 0;
	struct err e;

	for (; *p != '\0'; p++)
		if (*p != '\r' && *p != '\n')
			joined[n++] = *p;
	e = base64_decode(&b, joined, n);
	cr_assert(!err_is(e));
	out[b.n] = '\0';
}

Test(mail, a_korean_message_is_ascii_lines_of_at_most_76_characters)
{
	char text[1024];
	const char *m = built(&plain), *line = m;

	cr_expect(strstr(m, "From: noreply@hanbit.example\r\n"
			    "To: hong@example.com\r\n") == m);
	/* 인가코드 안내, as published tools encode it */
	cr_expect(strstr(
	    m, "\r\nSubject: =?UTF-8?B?7J246rCA7L2U65OcIOyViOuCtA==?=\r\n"));
	cr_expect(strstr(m, "\r\nDate: Sun, 22 Nov 2026 14:05:09 +0900\r\n"));
	cr_expect(strstr(m, "\r\nContent-Transfer-Encoding: base64\r\n"));
	for (; *line != '\0'; line = strstr(line, "\r\n") + 2) {
		size_t n = strcspn(line, "\r");

		cr_expect(n <= 76, "%.*s", (int)n, line);
		cr_expect(line[n + 1] == '\n');
		for (size_t i = 0; i < n; i++)
			cr_expect(line[i] >= ' ' && line[i] <= '~');
	}
	body_of(text, sizeof text, m);
	cr_expect_str_eq(
	    text, "홍길동 고객님,\r\n인가코드는 가나다입니다.\r\n");
}

Test(mail, a_long_subject_is_words_that_each_stand_alone)
{
	struct mail m = plain;
	char all[512] = "", one[128];
	const char *p;

	m.subject = "공동인증서를 다시 받으시는 데 필요한 인가코드를 보내 "
		    "드립니다 그리고 조금 더";
	p = strstr(built(&m), "Subject:");
	cr_expect(strcspn(p, "\r") <= 76);
	while ((p = strstr(p, "=?UTF-8?B?")) != NULL) {
		struct buf b = buf_make(one, sizeof one - 1);
		struct err e;
		const char *end = strstr(p += 10, "?=");

		cr_assert(end != NULL);
		cr_expect(end - p + 12 <= 75); /* RFC 2047 2 */
		e = base64_decode(&b, p, (size_t)(end - p));
		cr_assert(!err_is(e));
		one[b.n] = '\0';
		cr_expect((one[0] & 0xc0) != 0x80, "split inside a character");
		strcat(all, one);
	}
	cr_expect_str_eq(all, m.subject);
}

Test(mail, the_key_is_the_message_id)
{
	char first[128], second[128];
	struct mail m = plain;

	sscanf(strstr(built(&m), "Message-ID: "), "Message-ID: %127s", first);
	m.text = "다른 글";
	m.at++;
	sscanf(strstr(built(&m), "Message-ID: "), "Message-ID: %127s", second);
	cr_expect_str_eq(first, second);
	cr_expect(strstr(first, "@hanbit.example>"));
	m.key = "guide-2";
	sscanf(strstr(built(&m), "Message-ID: "), "Message-ID: %127s", second);
	cr_expect_str_neq(first, second);
}

Test(mail, nothing_can_be_smuggled_into_a_header_or_the_dialogue)
{
	/* clang-format off */
	static const struct { const char *to, *subject, *text; } rows[] = {
		{ "a@b\r\nBcc: c@d", "s", "t" },
		{ "a@b> SIZE=1", "s", "t" },
		{ "a b@c", "s", "t" },
		{ "a@b@c", "s", "t" },
		{ "@b", "s", "t" },
		{ "a@", "s", "t" },
		{ "", "s", "t" },
		{ "가@b.kr", "s", "t" },
		{ "-oX@b", "s", "t" },
		{ "a@b", "s\r\nBcc: c@d", "t" },
		{ "a@b", "s\tx", "t" },
		{ "a@b", "", "t" },
		{ "a@b", "\xff", "t" },
		{ "a@b", "s", "" },
		{ "a@b", "s", "\x1b[2J" },
		{ "a@b", "s", "a\rb" },
		{ "a@b", "s", "\xe2\x80\xae" },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct mail m = plain;

		m.to = rows[i].to;
		m.subject = rows[i].subject;
		m.text = rows[i].text;
		cr_expect_str_eq(built(&m), err_name(E_ARG), "row %zu", i);
	}
}

Test(mail, the_largest_text_fits_and_a_larger_one_is_refused)
{
	static char large[MAIL_TEXT_MAX + 2];
	struct mail m = plain;

	memset(large, '\n', MAIL_TEXT_MAX);
	m.text = large;
	cr_expect(strstr(built(&m), "From: ") == room || room[0] == 'F');
	large[MAIL_TEXT_MAX] = 'a';
	cr_expect_str_eq(built(&m), err_name(E_ARG));
}
