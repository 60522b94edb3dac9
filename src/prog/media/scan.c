/*
 * media/scan.c - NPKI/<organisation>/USER/<leaf>, two files in each.
 */
#include "prog/media/scan.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/secret.h"
#include "prog/media/dirs.h"
#include "prog/media/write.h"

struct scan {
	bool (*each)(void *ctx, const struct scan_pair *pair);
	void *ctx;
	const char *organisation;
	int left;	 /* pairs that may still be told */
	struct err gone; /* stops everything */
};

/* False when the stick went away; every other oddity is just skipped. */
static bool
go_on(struct scan *s, struct err e)
{
	if (e.code == E_GONE)
		s->gone = e;
	return s->left > 0 && !err_is(s->gone);
}

static bool
scan_leaf(void *ctx, int user, const char *name)
{
	static uint8_t cert[FILE_ROOM], pri[FILE_ROOM];
	struct buf c = buf_make(cert, sizeof cert);
	struct buf p = buf_make(pri, sizeof pri);
	struct scan *s = ctx;
	struct err e;
	int dir;

	if (!name_is_leaf(name))
		return true;
	e = dirs_enter(&dir, user, name, false);
	if (err_is(e))
		return go_on(s, e);
	e = dirs_get(&c, dir, "signCert.der");
	if (!err_is(e))
		e = dirs_get(&p, dir, "signPri.key");
	close(dir);
	if (!err_is(e)) {
		struct scan_pair pair = { s->organisation, name, buf_span(&c),
			buf_span(&p) };
		s->left = s->each(s->ctx, &pair) ? s->left - 1 : 0;
	}
	secret_wipe(pri, sizeof pri);
	return go_on(s, e);
}

static bool
scan_organisation(void *ctx, int npki, const char *name)
{
	struct scan *s = ctx;
	int organisation = -1, user = -1;
	struct err e;

	if (!name_is_organisation(name))
		return true;
	s->organisation = name;
	e = dirs_enter(&organisation, npki, name, false);
	if (!err_is(e))
		e = dirs_enter(&user, organisation, "USER", false);
	if (!err_is(e))
		e = dirs_list(user, WRITE_LIST, scan_leaf, s);
	if (user >= 0)
		close(user);
	if (organisation >= 0)
		close(organisation);
	return go_on(s, e);
}

struct err
scan_pairs(
    int root, bool (*each)(void *ctx, const struct scan_pair *pair), void *ctx)
{
	struct scan s = { each, ctx, "", SCAN_PAIRS, err_none() };
	struct err e;
	int npki;

	e = dirs_enter(&npki, root, "NPKI", false);
	if (e.code == E_NOTFOUND)
		return err_none();
	if (err_is(e))
		return e;
	e = dirs_list(npki, WRITE_LIST, scan_organisation, &s);
	close(npki);
	if (err_is(s.gone))
		return s.gone;
	return e.code == E_LIMIT ? err_none() : e;
}
