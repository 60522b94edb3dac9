/*
 * Forms, themes, texts and QR modules.
 */
#define _GNU_SOURCE
#include <criterion/criterion.h>
#include <qrencode.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ui/form.h"
#include "ui/qr.h"
#include "ui/text.h"
#include "ui/theme.h"

/* ---- forms ------------------------------------------------------------------
 */

static struct form form;
static struct field name, number;
static int chosen;
static bool ticks[2];

static enum form_result
press(enum key key)
{
	struct event ev = event_key(key, 0);

	return form_feed(&form, NULL, &ev);
}

static enum form_result
digit(char c)
{
	struct event ev = event_char((uint32_t)c, 0);

	return form_feed(&form, NULL, &ev);
}

static void
make_form(void)
{
	form_init(&form);
	field_init(&name, (struct field_spec){ .kind = FIELD_TEXT });
	field_init(&number, (struct field_spec){ .kind = FIELD_DIGITS });
	chosen = -1;
	ticks[0] = ticks[1] = false;
	form_add_choice(&form, &chosen, 4);
	form_add_field(&form, &name);
	form_add_check(&form, &ticks[0]);
	form_add_check(&form, &ticks[1]);
	form_add_field(&form, &number);
}

TestSuite(form, .init = make_form);

Test(form, enter_goes_on_and_submits_at_the_last_item)
{
	for (int i = 0; i < 4; i++) {
		cr_expect_eq(form.at, i);
		cr_expect(press(K_ENTER) == FORM_USED);
	}
	cr_expect(press(K_ENTER) == FORM_SUBMIT);
	cr_expect_eq(form.at, 4);
}

Test(form, tab_goes_round_and_arrows_stop)
{
	cr_expect(press(K_UP) == FORM_USED);
	cr_expect_eq(form.at, 0);
	press(K_BACKTAB);
	cr_expect_eq(form.at, 4);
	press(K_DOWN);
	cr_expect_eq(form.at, 4);
	press(K_TAB);
	cr_expect_eq(form.at, 0);
}

Test(form, numbers_choose_and_sides_change)
{
	cr_expect(digit('3') == FORM_USED);
	cr_expect_eq(chosen, 2);
	press(K_RIGHT);
	cr_expect_eq(chosen, 3);
	press(K_RIGHT);
	cr_expect_eq(chosen, 3);
	press(K_LEFT);
	cr_expect_eq(chosen, 2);
	cr_expect(digit('5') == FORM_PASSED);
	cr_expect_eq(chosen, 2);
}

Test(form, numbers_tick_checks_unless_a_field_has_the_focus)
{
	press(K_TAB);
	digit('2');
	cr_expect_str_eq(field_text(&name), "2");
	cr_expect(!ticks[1]);
	press(K_TAB);
	digit('2');
	cr_expect(ticks[1] && !ticks[0]);
	cr_expect_eq(form.at, 3);
	digit('1');
	cr_expect(ticks[0]);
	digit(' ');
	cr_expect(!ticks[0]);
}

Test(form, a_paste_chooses_and_ticks_nothing)
{
	struct event ev = event_char('1', 0);

	ev.pasted = true;
	form_feed(&form, NULL, &ev);
	cr_expect_eq(chosen, -1);
}

Test(form, picks_answer_to_number_enter_and_tap)
{
	struct event tap = { .kind = EV_MOUSE, .item = 1 };

	form_init(&form);
	form_add_picks(&form, 3);
	cr_expect(digit('3') == FORM_PICKED);
	cr_expect_eq(form.at, 2);
	cr_expect(digit('4') == FORM_PASSED);
	press(K_UP);
	cr_expect(press(K_ENTER) == FORM_PICKED);
	cr_expect_eq(form.at, 1);
	cr_expect(form_feed(&form, NULL, &tap) == FORM_PICKED);
	tap.item = 9;
	cr_expect(form_feed(&form, NULL, &tap) == FORM_PASSED);
}

Test(form, what_is_not_its_own_is_passed_on)
{
	struct event tick = { .kind = EV_TICK };

	cr_expect(press(K_ESC) == FORM_PASSED);
	cr_expect(press(K_F2) == FORM_PASSED);
	cr_expect(form_feed(&form, NULL, &tick) == FORM_PASSED);
	form_init(&form);
	cr_expect(press(K_ENTER) == FORM_SUBMIT);
	cr_expect(press(K_DOWN) == FORM_PASSED);
}

/* ---- themes
 * ------------------------------------------------------------------- */

/* x^2.4 = x^2 * y, y^5 = x^2, without the mathematics library. */
static double
linear(double v)
{
	double x, y = 1;

	if (v <= 0.04045)
		return v / 12.92;
	x = (v + 0.055) / 1.055;
	for (int i = 0; i < 60; i++)
		y = (4 * y + x * x / (y * y * y * y)) / 5;
	return x * x * y;
}

static double
luminance(uint32_t c)
{
	return 0.05 + 0.2126 * linear((c >> 16 & 255) / 255.0) +
	       0.7152 * linear((c >> 8 & 255) / 255.0) +
	       0.0722 * linear((c & 255) / 255.0);
}

Test(theme, the_formula_knows_its_reference_values)
{
	cr_expect(luminance(0xffffff) / luminance(0) > 20.9);
	cr_expect(luminance(0xffffff) / luminance(0) < 21.1);
	/* #767676 on white is the well-known 4.54:1 */
	cr_expect(luminance(0xffffff) / luminance(0x767676) > 4.5);
	cr_expect(luminance(0xffffff) / luminance(0x777777) < 4.5);
}

Test(theme, every_role_has_contrast_of_at_least_4_5)
{
	for (int id = 0; id < THEME_COUNT; id++) {
		const struct theme *t = theme_get((enum theme_id)id);

		for (int role = 0; role < ROLE_COUNT; role++) {
			double fg = luminance(theme_rgb(t->styles[role].fg));
			double bg = luminance(theme_rgb(t->styles[role].bg));
			double ratio = fg > bg ? fg / bg : bg / fg;

			cr_expect(ratio >= 4.5, "%s %s %.2f", t->name,
			    role_name((enum role)role), ratio);
		}
		cr_expect(theme_find(t->name) == (enum theme_id)id);
	}
	cr_expect(theme_find("no such") == THEME_NORMAL);
}

Test(theme, mono_tells_focus_and_step_apart_by_attributes)
{
	const struct theme *t = theme_get(THEME_MONO);

	cr_expect(t->styles[ROLE_FOCUS].attrs & ATTR_REVERSE);
	cr_expect(t->styles[ROLE_STEP_NOW].attrs & ATTR_REVERSE);
	cr_expect(t->styles[ROLE_PREEDIT].attrs & ATTR_UNDERLINE);
	cr_expect(!(t->styles[ROLE_TEXT].attrs & ATTR_REVERSE));
	cr_expect(t->styles[ROLE_FIELD].attrs != t->styles[ROLE_FOCUS].attrs);
	cr_expect(
	    t->styles[ROLE_QR_LIGHT].attrs != t->styles[ROLE_QR_DARK].attrs);
}

Test(theme, preedit_is_underlined_everywhere)
{
	for (int id = 0; id < THEME_COUNT; id++)
		cr_expect(
		    theme_get((enum theme_id)id)->styles[ROLE_PREEDIT].attrs &
		    ATTR_UNDERLINE);
}

/* ---- texts
 * --------------------------------------------------------------------- */

static char dir[] = "/tmp/dasi-text-XXXXXX";

static void
put32(FILE *f, uint32_t v)
{
	fwrite(&v, sizeof v, 1, f);
}

/* The smallest catalogue: the header, and one sentence (GNU .mo format). */
static void
write_catalogue(const char *lang, const char *sentence)
{
	static const char head[] = "Content-Type: text/plain; charset=UTF-8\n";
	static const char key[] = "welcome.title";
	uint32_t ids = 28 + 32, strs = ids + 1 + sizeof key;
	char path[128];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", dir, lang);
	mkdir(path, 0700);
	strcat(path, "/LC_MESSAGES");
	mkdir(path, 0700);
	strcat(path, "/dasi.mo");
	f = fopen(path, "w");
	cr_assert(f != NULL);
	put32(f, 0x950412de);
	put32(f, 0);
	put32(f, 2);
	put32(f, 28);
	put32(f, 28 + 16);
	put32(f, 0);
	put32(f, 0);
	put32(f, 0);
	put32(f, ids);
	put32(f, sizeof key - 1);
	put32(f, ids + 1);
	put32(f, sizeof head - 1);
	put32(f, strs);
	put32(f, (uint32_t)strlen(sentence));
	put32(f, strs + sizeof head);
	fwrite("", 1, 1, f);
	fwrite(key, 1, sizeof key, f);
	fwrite(head, 1, sizeof head, f);
	fwrite(sentence, 1, strlen(sentence) + 1, f);
	fclose(f);
}

Test(text, the_language_changes_at_run_time)
{
	char rm[64];

	cr_assert(mkdtemp(dir) != NULL);
	write_catalogue("ko", "어서 오십시오");
	write_catalogue("en", "Welcome");
	cr_expect(text_open(dir, "fr").code == E_NOTFOUND);
	cr_assert(!err_is(text_open(dir, "ko")));
	for (int i = 0; i < 3; i++) {
		cr_expect_str_eq(T("welcome.title"), "어서 오십시오");
		cr_assert(!err_is(text_set_language("en")));
		cr_expect_str_eq(T("welcome.title"), "Welcome");
		cr_assert(!err_is(text_set_language("ko")));
	}
	cr_expect_str_eq(T("no.such"), "no.such");
	cr_expect_str_eq(T(""), "");
	cr_expect(text_has("welcome.title") && !text_has("no.such"));
	cr_expect(text_set_language("../../etc").code == E_NOTFOUND);
	cr_expect(text_set_language("fr").code == E_NOTFOUND);
	cr_expect_str_eq(text_language(), "ko");
	snprintf(rm, sizeof rm, "rm -r %s", dir);
	cr_expect_eq(system(rm), 0);
}

Test(text, fills_numbers_in_braces_and_nothing_else)
{
	static const struct {
		const char *tmpl, *out;
	} rows[] = {
		{ "{1}일 남음", "3일 남음" },
		{ "{2} {1} {2}", "원 3 원" },
		{ "{3} {x} {} {", "{3} {x} {} {" },
		{ "%s %n 100%", "%s %n 100%" },
	};
	char out[64], small[8];

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		cr_expect(text_fill(out, sizeof out, rows[i].tmpl,
		    (const char *const[]){ "3", "원", NULL }));
		cr_expect_str_eq(out, rows[i].out);
	}
	cr_expect(!text_fill(small, sizeof small, "{1}",
	    (const char *const[]){ "가나다라", NULL }));
	cr_expect_str_eq(small, "가나");
}

/* ---- QR
 * ------------------------------------------------------------------------ */

Test(qr, has_the_modules_of_the_library)
{
	static const char url[] = "HTTPS://KIOSK.EXAMPLE/H/0123456789ABCDEF";
	static const struct {
		enum qr_level ours;
		QRecLevel theirs;
	} levels[] = { { QR_LOW, QR_ECLEVEL_L }, { QR_MEDIUM, QR_ECLEVEL_M },
		{ QR_QUARTILE, QR_ECLEVEL_Q }, { QR_HIGH, QR_ECLEVEL_H } };
	static struct qr qr;

	for (size_t i = 0; i < 4; i++) {
		QRcode *want = QRcode_encodeString(
		    url, 0, levels[i].theirs, QR_MODE_8, 1);

		cr_assert(!err_is(qr_make(&qr, url, levels[i].ours)));
		cr_assert_eq(qr.size, want->width);
		for (int y = 0; y < qr.size; y++) {
			for (int x = 0; x < qr.size; x++)
				cr_assert(
				    qr_dark(&qr, y, x) ==
				    (want->data[y * want->width + x] & 1));
		}
		QRcode_free(want);
	}
	cr_expect(!qr_dark(&qr, -1, 0) && !qr_dark(&qr, 0, qr.size));
}

Test(qr, says_when_the_text_is_too_long_or_empty)
{
	static struct qr qr;
	static char text[4000];

	memset(text, 'x', sizeof text - 1);
	cr_expect(qr_make(&qr, text, QR_LOW).code == E_LIMIT);
	text[2000] = '\0';
	cr_expect(qr_make(&qr, text, QR_LOW).code == E_LIMIT);
	cr_expect(qr_make(&qr, "", QR_LOW).code == E_ARG);
	text[84] = '\0';
	cr_assert(!err_is(qr_make(&qr, text, QR_MEDIUM)));
	cr_expect_eq(qr.size, 37);
}
