/*
 * The card terminal without sockets, under a clock that the test turns.
 */
#define _XOPEN_SOURCE 700 /* nftw */

#include <criterion/criterion.h>
#include <ftw.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "npki/npki.h"
#include "prog/sandbox/route.h"
#include "prog/sandbox/terminal.h"

enum { DAY_S = 86400, ROOM = 16384 };

static struct sandbox sb;
static int64_t now_s;

static int64_t
wall_ms(void *ctx)
{
	return now_s * 1000;
}

static void
open_again(void)
{
	char why[PEOPLE_MESSAGE];

	sb.clock.wall_ms = wall_ms;
	sb.confirm_wait_s = 900;
	pthread_mutex_init(&sb.lock, NULL);
	str_copy(sb.url, sizeof sb.url, "http://127.0.0.1:9");
	cr_assert_not(
	    err_is(people_load(&sb.people, "assets/sandbox/people.json", why)));
	/* the certificates of all these people are not needed here */
	sb.people.count = 0;
	cr_assert_not(err_is(sandbox_open(&sb)));
	cr_assert_not(err_is(terminal_start(&sb)));
}

static void
setup(void)
{
	now_s = (int64_t)time(NULL);
	cr_assert_not(err_is(npki_init()));
	str_copy(sb.dir, sizeof sb.dir, "/tmp/dasi-unit-terminal-XXXXXX");
	cr_assert(mkdtemp(sb.dir) != NULL);
	open_again();
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	return remove(path);
}

static void
close_it(void)
{
	terminal_stop(&sb);
	sandbox_close(&sb);
}

static void
teardown(void)
{
	close_it();
	nftw(sb.dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	npki_free();
}

TestSuite(terminal, .init = setup, .fini = teardown, .timeout = 120);

static void
tell(const char *path, const char *text)
{
	struct request r = { "POST", path, "application/json", span_str(text) };
	struct reply reply;

	route(&sb, &r, &reply);
	cr_assert_eq(reply.status, 200, "%s", text);
	reply_free(&reply);
}

static void
ask(struct reply *reply, const char *category, const char *id, const char *body)
{
	static char text[4096];
	struct request r = { "POST", "/nexo", "application/json", { 0 } };

	snprintf(text, sizeof text,
	    "{\"SaleToPOIRequest\":{\"MessageHeader\":{\"ProtocolVersion\":"
	    "\"3.0\",\"MessageClass\":\"Service\",\"MessageCategory\":\"%s\","
	    "\"MessageType\":\"Request\",\"ServiceID\":\"%s\",\"SaleID\":"
	    "\"" TERMINAL_SALE_ID "\",\"POIID\":\"" TERMINAL_POI_ID
	    "\"},\"%sRequest\":%s}}",
	    category, id, category, body);
	r.body = span_str(text);
	route(&sb, &r, reply);
}

/* All of an answer as text. */
static const char *
said(const char *category, const char *id, const char *body)
{
	static char text[ROOM];
	struct reply reply;
	size_t n = 0;
	ssize_t got;

	ask(&reply, category, id, body);
	if (reply.more == NULL && reply.body != NULL)
		memcpy(text, reply.body, n = reply.n);
	while (reply.more != NULL &&
	       (got = reply.more(reply.more_ctx, text + n, ROOM - 1 - n)) > 0)
		n += (size_t)got;
	text[n] = '\0';
	reply_free(&reply);
	return text;
}

static const char sale[] =
    "{\"SaleData\":{\"SaleTransactionID\":{\"TransactionID\":\"R1\","
    "\"TimeStamp\":\"x\"}},\"PaymentTransaction\":{\"AmountsReq\":{"
    "\"Currency\":\"KRW\",\"RequestedAmount\":1100}}}";

static const char about[] =
    "{\"MessageReference\":{\"MessageCategory\":\"Payment\",\"ServiceID\":"
    "\"1\",\"SaleID\":\"" TERMINAL_SALE_ID "\",\"POIID\":\"x\"}}";

static void
quick(void)
{
	tell("/control/cardholder", "{\"card_ms\":0,\"host_ms\":0}");
}

Test(terminal, a_session_ends_with_its_day)
{
	quick();
	cr_expect(strstr(said("Login", "0", "{}"), "Success"));
	cr_expect(strstr(said("Payment", "1", sale), "AuthorizedAmount"));
	now_s += DAY_S;
	cr_expect(strstr(said("Payment", "2", sale), "LoggedOut"));
	cr_expect(strstr(said("Login", "0", "{}"), "Success"));
	cr_expect(strstr(said("Payment", "2", sale), "AuthorizedAmount"));
}

static bool
on_disk(const char *word)
{
	char path[SANDBOX_PATH + 64], text[4096];
	size_t n;
	FILE *f;

	snprintf(path, sizeof path, "%s/payments/" TERMINAL_SALE_ID "_1.json",
	    sb.dir);
	if ((f = fopen(path, "r")) == NULL)
		return false;
	n = fread(text, 1, sizeof text - 1, f);
	text[n] = '\0';
	fclose(f);
	return strstr(text, word) != NULL;
}

Test(terminal, a_payment_is_on_disk_before_anything_is_shown_or_answered)
{
	struct reply reply;
	char text[ROOM];
	ssize_t n;
	bool answered = false;

	tell("/control/cardholder", "{\"card_ms\":-1,\"host_ms\":0}");
	(void)said("Login", "0", "{}");
	ask(&reply, "Payment", "1", sale);
	cr_expect(on_disk("\"card\""));
	tell("/control/cardholder", "{\"act\":\"insert\"}");
	while ((n = reply.more(reply.more_ctx, text, sizeof text - 1)) > 0) {
		text[n] = '\0';
		if (strstr(text, "SaleToPOIResponse")) {
			cr_expect(on_disk("\"Success\""));
			answered = true;
		}
	}
	cr_expect(answered);
	cr_expect_eq(n, REPLY_END);
	reply_free(&reply);
}

Test(terminal, a_payment_goes_on_when_nobody_listens_any_more)
{
	struct reply reply;

	tell("/control/cardholder", "{\"card_ms\":5,\"host_ms\":5}");
	(void)said("Login", "0", "{}");
	ask(&reply, "Payment", "1", sale);
	reply_free(&reply); /* the connection broke */
	while (strstr(said("TransactionStatus", "2", about), "InProgress"))
		(void)poll(NULL, 0, 1);
	cr_expect(strstr(said("TransactionStatus", "3", about),
	    "\"AuthorizedAmount\":1100"));
}

Test(terminal, what_was_under_way_without_power_is_aborted_and_stays_so)
{
	struct reply reply;

	tell("/control/cardholder", "{\"card_ms\":-1}");
	(void)said("Login", "0", "{}");
	ask(&reply, "Payment", "1", sale);
	close_it();
	reply_free(&reply);
	open_again();
	(void)said("Login", "0", "{}");
	cr_expect(strstr(said("TransactionStatus", "2", about), "\"Aborted\""));
	quick();
	cr_expect(strstr(said("Payment", "1", sale), "NotAllowed"));
	cr_expect(strstr(said("Payment", "3", sale), "AuthorizedAmount"));
}

Test(terminal, an_end_of_the_sandbox_frees_whoever_waits_for_an_answer)
{
	struct reply reply;
	char text[ROOM];

	tell("/control/cardholder", "{\"card_ms\":-1}");
	(void)said("Login", "0", "{}");
	ask(&reply, "Payment", "1", sale);
	cr_expect(reply.more(reply.more_ctx, text, sizeof text) > 0);
	terminal_stop(&sb);
	cr_expect_eq(reply.more(reply.more_ctx, text, sizeof text), REPLY_CUT);
	reply_free(&reply);
}
