/*
 * link_test.c - the clerk's terminal against a small agent of the test.
 */
#define _GNU_SOURCE
#include <criterion/criterion.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "prog/counter/counter.h"
#include "rpc/rpc.h"

static char dir[64], file[160];
static int listening, agent = -1;
static struct conf conf;
static struct counter c;

static void
begin(void)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(dir, sizeof dir, "%.40s/dasi-counter.XXXXXX",
	    tmp != NULL ? tmp : "/tmp");
	cr_assert_not_null(mkdtemp(dir));
	memset(&conf, 0, sizeof conf);
	snprintf(conf.socket, sizeof conf.socket, "%s/agent.sock", dir);
	cr_assert_not(err_is(rpc_listen(&listening, conf.socket, 0600)));
	memset(&c, 0, sizeof c);
	c.conf = &conf;
	client_init(&c.client);
	counter_init(&c.session, &c.branch, NULL);
	cr_assert_eq(setenv("DASI_EXPORT", dir, 1), 0);
}

static void
end(void)
{
	client_drop(&c.client, 0);
	if (agent >= 0)
		close(agent);
	close(listening);
	unlink(conf.socket);
	if (file[0] != '\0')
		unlink(file);
	rmdir(dir);
}

TestSuite(counter_link, .init = begin, .fini = end);

/* What the terminal asked, taken off the socket. */
static json_t *
asked(const char *method)
{
	json_t *o = NULL;

	cr_assert_not(err_is(rpc_recv(agent, &o, NULL)), "no %s", method);
	cr_assert_str_eq(rpc_str(o, "method"), method);
	return o;
}

static void
say(json_t *o, int fd)
{
	cr_assert_not(err_is(rpc_send(agent, o, fd)));
	json_decref(o);
}

static void
connect_to_agent(void)
{
	counter_keep_link(&c);
	agent = accept4(listening, NULL, NULL, SOCK_CLOEXEC);
	cr_assert_geq(agent, 0);
}

static void
come_in(void)
{
	json_t *hello;

	c.staff = "kim";
	c.session.role = CR_SUPERVISOR;
	connect_to_agent();
	hello = asked("hello");
	cr_expect_str_eq(
	    rpc_str(json_object_get(hello, "params"), "role"), "supervisor");
	cr_expect_str_eq(
	    rpc_str(json_object_get(hello, "params"), "staff"), "kim");
	say(rpc_result(rpc_int(hello, "id", 0),
		json_pack("{s:s,s:b}", "staff", "kim", "practice", 1)),
	    -1);
	json_decref(hello);
	cr_assert_eq(counter_read(&c), CI_ADMITTED);
	cr_assert_str_eq(c.session.staff, "kim");
}

Test(counter_link, comes_in_under_its_role)
{
	come_in();
	cr_expect(c.session.alone, "practice opens the lock");
}

Test(counter_link, refused_is_refused_once)
{
	json_t *hello;

	connect_to_agent();
	hello = asked("hello");
	say(rpc_error(rpc_int(hello, "id", 0), "rpc.role"), -1);
	json_decref(hello);
	cr_expect_eq(counter_read(&c), CI_STAY);
	cr_expect(c.session.refused);
	c.session.now_ms += 60000;
	counter_keep_link(&c);
	cr_expect_eq(c.client.sock, -1, "it knocks again");
}

Test(counter_link, an_agent_that_hangs_up_with_a_word_is_understood)
{
	connect_to_agent();
	/* unread words would make the kernel take the agent's back */
	json_decref(asked("hello"));
	say(rpc_error(0, "rpc.role"), -1);
	close(agent);
	agent = -1;
	(void)counter_read(&c);
	cr_expect(c.session.refused);
	cr_expect_eq(c.client.sock, -1);
}

Test(counter_link, one_list_at_a_time_and_one_more_when_it_changed)
{
	json_t *first, *second, *none = NULL;

	come_in();
	counter_ask(&c, CQ_QUEUE);
	counter_ask(&c, CQ_QUEUE);
	counter_ask(&c, CQ_QUEUE);
	first = asked("queue.list");
	cr_expect(fcntl(agent, F_SETFL, O_NONBLOCK) == 0);
	cr_expect_eq(rpc_recv(agent, &none, NULL).code, E_TIMEOUT);
	say(rpc_result(rpc_int(first, "id", 0), json_object()), -1);
	cr_expect_eq(counter_read(&c), CI_STAY);
	second = asked("queue.list");
	cr_expect_neq(rpc_int(first, "id", 0), rpc_int(second, "id", 0));
	json_decref(first);
	json_decref(second);
}

Test(counter_link, keys_wait_for_an_action_and_not_for_a_list)
{
	come_in();
	counter_ask(&c, CQ_QUEUE);
	cr_expect_eq(c.session.pending, CQ_NONE);
	counter_ask(&c, CQ_AUDIT);
	cr_expect_eq(c.session.pending, CQ_AUDIT);
	close(agent);
	agent = -1;
	while (c.client.sock >= 0)
		(void)counter_read(&c);
	cr_expect_eq(c.session.pending, CQ_NONE, "nobody answers any more");
}

Test(counter_link, an_answer_nobody_waits_for_changes_nothing)
{
	come_in();
	say(rpc_result(99, json_pack("{s:i}", "total", 7)), -1);
	cr_expect_eq(counter_read(&c), CI_STAY);
	cr_expect_eq(c.session.queue.total, 0);
}

static int
memory(const char *text)
{
	int fd = memfd_create("day", MFD_CLOEXEC);

	cr_assert_geq(fd, 0);
	cr_assert_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	return fd;
}

static void
day_file(const char *name, const char *text)
{
	json_t *o;
	int fd = memory(text);

	counter_ask(&c, CQ_CSV);
	o = asked("day.file");
	say(rpc_result(rpc_int(o, "id", 0), json_pack("{s:s}", "name", name)),
	    fd);
	json_decref(o);
	close(fd);
	(void)counter_read(&c);
}

Test(counter_link, the_days_file_is_saved_for_nobody_else_to_read)
{
	char text[64] = "";
	struct stat st;
	FILE *f;

	come_in();
	day_file("day-0417.csv", "kind,count\n");
	snprintf(file, sizeof file, "%s/day-0417.csv", dir);
	cr_assert_eq(stat(file, &st), 0);
	cr_expect_eq(st.st_mode & 0777, 0600);
	f = fopen(file, "r");
	cr_assert_not_null(f);
	cr_expect_not_null(fgets(text, sizeof text, f));
	fclose(f);
	cr_expect_str_eq(text, "kind,count\n");
	cr_expect_str_eq(c.session.told, "desk.told.saved");
	cr_expect_str_eq(c.session.told_detail, file);
}

static int
files_here(void)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	int n = 0;

	cr_assert_not_null(d);
	while ((e = readdir(d)) != NULL)
		n += e->d_name[0] != '.' &&
		     strcmp(e->d_name, "agent.sock") != 0;
	closedir(d);
	return n;
}

Test(counter_link, a_name_that_leads_elsewhere_is_refused)
{
	static const char *const names[] = { "../x.csv", "/tmp/x.csv",
		".profile", "", "a b", "x\n" };

	come_in();
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		c.session.told = NULL;
		day_file(names[i], "x");
		cr_expect_null(c.session.told, "%s", names[i]);
		cr_expect_str_eq(c.session.error, "unsaved", "%s", names[i]);
	}
	cr_expect_eq(files_here(), 0);
}

Test(counter_link, without_a_home_nothing_is_saved)
{
	char path[SAVED_PATH];

	unsetenv("DASI_EXPORT");
	unsetenv("HOME");
	cr_expect_eq(save_text(path, "x.txt", "x").code, E_STATE);
	cr_assert_eq(setenv("HOME", dir, 1), 0);
	cr_expect_eq(save_text(path, "x.txt", "x").code, E_NONE);
	cr_expect_str_eq(path, "~/x.txt");
	snprintf(file, sizeof file, "%s/x.txt", dir);
}

/* ---- the role -------------------------------------------------------------
 */

static void
give(const char *role, const char *user)
{
	struct conf_role *r = &conf.roles[conf.role_count++];

	snprintf(r->name, sizeof r->name, "%s", role);
	r->user_count = 1;
	snprintf(r->users[0], sizeof r->users[0], "%s", user);
}

Test(counter_link, the_role_is_the_highest_the_user_has)
{
	cr_expect_eq(role_of_user(&conf), CR_TELLER, "so that it is refused");
	give("auditor", "@self");
	cr_expect_eq(role_of_user(&conf), CR_AUDITOR);
	give("counter", "@self");
	cr_expect_eq(role_of_user(&conf), CR_TELLER);
	give("supervisor", "nobody-of-that-name");
	cr_expect_eq(role_of_user(&conf), CR_TELLER);
	give("supervisor", "@self");
	cr_expect_eq(role_of_user(&conf), CR_SUPERVISOR);
}
