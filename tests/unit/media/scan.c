/*
 * Reading a stranger's stick: bounded, and no link is followed.
 */
#define _GNU_SOURCE
#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "help.h"
#include "prog/media/scan.h"

static const char *stick;
static int told;
static char last[NAME_ROOM];

static void
setup(void)
{
	stick = help_folder();
	told = 0;
}

static void
teardown(void)
{
	help_remove(stick);
}

static bool
count(void *ctx, const struct scan_pair *p)
{
	told++;
	snprintf(last, sizeof last, "%s", p->leaf);
	cr_expect_gt(p->cert.n, 0);
	cr_expect_leq(p->pri.n, FILE_ROOM);
	return true;
}

static struct err
scan(void)
{
	int root = open(stick, O_RDONLY | O_DIRECTORY);
	struct err e = scan_pairs(root, count, NULL);

	close(root);
	return e;
}

static void
plant(const char *user, const char *leaf)
{
	char dir[1024];

	snprintf(dir, sizeof dir, "%s/%s", user, leaf);
	help_dirs(stick, dir);
	help_put(help_path(stick, dir), "signCert.der", "cert");
	help_put(help_path(stick, dir), "signPri.key", "key");
}

TestSuite(scan, .init = setup, .fini = teardown);

Test(scan, finds_what_was_written)
{
	cr_expect_eq(scan().code, E_NONE);
	cr_expect_eq(told, 0);
	cr_assert_eq(help_write(stick, help_job(1, true)).code, E_NONE);
	cr_expect_eq(scan().code, E_NONE);
	cr_expect_eq(told, 1);
	cr_expect_str_eq(last, LEAF);
}

Test(scan, tells_at_most_sixteen_pairs)
{
	char leaf[32];

	for (int i = 0; i < 30; i++) {
		snprintf(leaf, sizeof leaf, "cn=%d", i);
		plant(i % 2 ? "NPKI/yessign/USER" : "NPKI/KICA/USER", leaf);
	}
	cr_expect_eq(scan().code, E_NONE);
	cr_expect_eq(told, SCAN_PAIRS);
}

Test(scan, survives_a_crowded_folder)
{
	char name[32];

	help_dirs(stick, "NPKI/yessign/USER");
	for (int i = 0; i < 2000; i++) {
		snprintf(name, sizeof name, USER "f%d", i);
		help_put(stick, name, "");
	}
	cr_expect_eq(scan().code, E_NONE);
	cr_expect_eq(told, 0);
}

Test(scan, skips_links_fifos_and_giants)
{
	static char big[FILE_ROOM + 2];

	memset(big, 'x', FILE_ROOM + 1);
	plant("outside", "real");
	plant("NPKI/yessign/USER", "cn=good");
	plant("NPKI/yessign/USER", "cn=fifo");
	unlink(help_path(stick, USER "cn=fifo/signPri.key"));
	cr_assert_eq(
	    mkfifo(help_path(stick, USER "cn=fifo/signPri.key"), 0600), 0);
	plant("NPKI/yessign/USER", "cn=giant");
	help_put(stick, USER "cn=giant/signPri.key", big);
	plant("NPKI/yessign/USER", "cn=filelink");
	unlink(help_path(stick, USER "cn=filelink/signPri.key"));
	cr_assert_eq(symlink("../cn=good/signPri.key",
			 help_path(stick, USER "cn=filelink/signPri.key")),
	    0);
	cr_assert_eq(symlink(help_path(stick, "outside/real"),
			 help_path(stick, USER "cn=folderlink")),
	    0);
	cr_assert_eq(
	    symlink(help_path(stick, "outside"), help_path(stick, "NPKI/KICA")),
	    0);
	plant("NPKI/yessign/USER", "bad\xff"
				   "name");
	plant("NPKI/yessign/USER", ".dasi-01234567");
	help_dirs(stick, USER "cn=loop");
	cr_assert_eq(symlink(".", help_path(stick, USER "cn=loop/loop")), 0);
	cr_expect_eq(scan().code, E_NONE);
	cr_expect_eq(told, 1);
	cr_expect_str_eq(last, "cn=good");
}

Test(scan, the_folder_names_are_exact)
{
	plant("NPKI/yessign/user", "cn=a");
	plant("npki/yessign/USER", "cn=b");
	cr_expect_eq(scan().code, E_NONE);
	cr_expect_eq(told, 0);
}
