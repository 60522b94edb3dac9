/*
 * Text messages and e-mail from dasi-net to the sandbox's outbox.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "practice.h"
#include "rpc/rpc.h"

static struct practice p;

static void
open_all(void)
{
	practice_open(&p, NULL);
}

static void
close_all(void)
{
	practice_close(&p);
}

TestSuite(message, .init = open_all, .fini = close_all, .timeout = 120);

static const char *
send_it(const char *method, const char *to, const char *text, const char *key)
{
	static char code[64];
	json_t *a = branch_ask(&p.b, method,
	    json_pack("{s:s,s:s,s:s,s:s}", "to", to, "subject", "인가코드 안내",
		"text", text, "key", key));

	snprintf(code, sizeof code, "%s", code_of(a));
	json_decref(a);
	return code;
}

/* A file of the sandbox's folder; NULL when there is none. */
static const char *
file_text(const char *name)
{
	static char text[8192], path[160];
	FILE *f;
	size_t n;

	snprintf(path, sizeof path, "%s/%s", p.dir, name);
	if ((f = fopen(path, "r")) == NULL)
		return NULL;
	n = fread(text, 1, sizeof text - 1, f);
	fclose(f);
	text[n] = '\0';
	return text;
}

Test(message, a_text_message_arrives_once_for_each_key)
{
	static const char text[] = "[한빛은행] 인증서가 발급되었습니다.";

	cr_expect_str_eq(
	    send_it("sms.send", "010-0001-0001", text, "k1"), "ok");
	cr_expect_str_eq(
	    send_it("sms.send", "010-0001-0001", text, "k1"), "ok");
	cr_expect_str_eq(file_text("sms/01000010001/1.txt"), text);
	cr_expect_null(file_text("sms/01000010001/2.txt"));
	practice_fault(&p, "sms", "drop_after");
	cr_expect_str_eq(send_it("sms.send", "01000010001", text, "k2"),
	    "peer.message_down");
	cr_expect_str_eq(send_it("sms.send", "01000010001", text, "k2"), "ok");
	cr_expect(file_text("sms/01000010001/2.txt"));
	cr_expect_null(file_text("sms/01000010001/3.txt"));
}

Test(message, a_text_message_that_cannot_be_is_refused_for_good)
{
	cr_expect_str_eq(
	    send_it("sms.send", "없는 번호", "글", "k"), "message.refused");
	cr_expect_str_eq(
	    send_it("sms.send", "../../etc", "글", "k"), "message.refused");
	cr_expect_str_eq(
	    send_it("sms.send", "01000010001", "", "k"), "rpc.params");
	cr_expect_str_eq(
	    send_it("sms.send", "01000010001", "글", ""), "rpc.params");
	practice_fault(&p, "sms", "http500");
	cr_expect_str_eq(
	    send_it("sms.send", "01000010001", "글", "k"), "peer.message_down");
}

Test(message, an_e_mail_arrives_whole_and_is_known_by_its_id)
{
	const char *m;

	/* lines of dots in base64 there are none; the server is tried below */
	cr_expect_str_eq(send_it("mail.send", "hong@example.com",
			     "홍길동 고객님,\n.\n인가코드입니다.\n", "m1"),
	    "ok");
	cr_assert((m = file_text("mail/1.eml")) != NULL);
	cr_expect(strstr(m, "To: hong@example.com\r\n"));
	cr_expect(strstr(m, "From: noreply@hanbit.example\r\n"));
	cr_expect(
	    strstr(m, "Subject: =?UTF-8?B?7J246rCA7L2U65OcIOyViOuCtA==?=\r\n"));
	cr_expect(strcmp(m + strlen(m) - 2, "\r\n") == 0);
	/* an answer that was lost: sent again, kept once */
	practice_fault(&p, "mail", "drop_after");
	cr_expect_str_eq(send_it("mail.send", "kim@example.com", "글", "m2"),
	    "peer.message_down");
	cr_expect_str_eq(
	    send_it("mail.send", "kim@example.com", "글", "m2"), "ok");
	cr_expect(file_text("mail/2.eml"));
	cr_expect_null(file_text("mail/3.eml"));
}

Test(message, a_mail_server_that_refuses_or_is_away_is_told_apart)
{
	practice_fault(&p, "mail", "refuse");
	cr_expect_str_eq(send_it("mail.send", "kim@example.com", "글", "m3"),
	    "message.refused");
	practice_fault(&p, "mail", "http500");
	cr_expect_str_eq(send_it("mail.send", "kim@example.com", "글", "m3"),
	    "peer.message_down");
	cr_expect_str_eq(
	    send_it("mail.send", "kim@example.com\r\nRCPT TO:<x@y>", "글", "m"),
	    "rpc.params");
	cr_expect_str_eq(send_it("mail.send", "kim@example.com", "글\x1b", "m"),
	    "rpc.params");
	cr_expect_null(file_text("mail/1.eml"));
	practice_sandbox_stop(&p);
	cr_expect_str_eq(send_it("mail.send", "kim@example.com", "글", "m3"),
	    "peer.message_down");
	practice_sandbox_start(&p, NULL);
	cr_expect_str_eq(
	    send_it("mail.send", "kim@example.com", "글", "m3"), "ok");
}
