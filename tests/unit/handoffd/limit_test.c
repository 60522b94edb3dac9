/*
 * limit_test.c - buckets of addresses, and the two spellings of bytes.
 */
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <string.h>

#include "base/text.h"
#include "prog/handoff/limit.h"
#include "prog/handoff/wire.h"

static struct limit limit;

static bool
from(uint32_t address, int64_t now)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(address) };

	return limit_allow(&limit, (struct sockaddr *)&in, now);
}

Test(limit, a_burst_is_allowed_then_three_a_second)
{
	int n = 0;

	memset(&limit, 0, sizeof limit);
	for (int i = 0; i < 100; i++)
		n += from(0x0a000001, 1000);
	cr_expect_eq(n, LIMIT_BURST);
	for (int64_t ms = 1000; ms < 11000; ms += 10)
		n += from(0x0a000001, ms);
	cr_expect_lt(n, LIMIT_BURST + 10 * LIMIT_A_SECOND + 2);
	cr_expect_gt(n, LIMIT_BURST + 10 * LIMIT_A_SECOND - 2);
}

Test(limit, another_address_is_not_held_up)
{
	memset(&limit, 0, sizeof limit);
	for (int i = 0; i < 100; i++)
		(void)from(0x0a000001, 1000);
	cr_expect(from(0x0a000002, 1000));
}

Test(limit, a_thousand_addresses_do_not_lock_out_who_comes_next)
{
	memset(&limit, 0, sizeof limit);
	for (uint32_t i = 0; i < 1000; i++)
		cr_expect(from(0x0a010000 + i, 1000 + i));
	cr_expect(from(0x0a000001, 3000));
}

Test(limit, a_whole_network_of_ipv6_counts_as_one)
{
	struct sockaddr_in6 in = { .sin6_family = AF_INET6 };
	int n = 0;

	memset(&limit, 0, sizeof limit);
	inet_pton(AF_INET6, "2001:db8::1", &in.sin6_addr);
	for (int i = 0; i < 100; i++) {
		in.sin6_addr.s6_addr[15] = (uint8_t)i;
		n += limit_allow(&limit, (struct sockaddr *)&in, 1000);
	}
	cr_expect_eq(n, LIMIT_BURST);
}

Test(wire, bytes_of_every_length_come_back)
{
	uint8_t in[96], out[96];
	char text[160], url[160];

	for (size_t n = 1; n < sizeof in; n++) {
		for (size_t i = 0; i < n; i++)
			in[i] = (uint8_t)(i * 37 + n);
		base64_encode(text, sizeof text, span_make(in, n));
		cr_assert(wire_url64(url, sizeof url, text));
		cr_expect_eq(strpbrk(url, "+/="), NULL);
		cr_assert(wire_bytes(out, n, url), "%zu", n);
		cr_expect_arr_eq(in, out, n);
		cr_expect_not(wire_bytes(out, n + 1, url));
	}
}

Test(wire, other_alphabets_and_lengths_are_refused)
{
	static const char *const rows[] = { "", "AAA", "AAAAA=", "AAA+AAA",
		"AAA/AAA", "AA A", "AAAAAAAAAAAAAAAAAAA" };
	uint8_t out[4];

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		cr_expect_not(
		    wire_bytes(out, sizeof out, rows[i]), "%s", rows[i]);
}

Test(wire, a_file_whose_name_could_be_a_path_or_a_person_is_refused)
{
	static const char *const names[] = { "../x", "a/b", "홍길동.p12", "" };
	json_t *good = json_loads(
	    "{\"key\":\"AA==\",\"expiry\":1,\"files\":[{\"name\":\"a.p12\","
	    "\"profile\":\"strong\",\"data\":\"AA==\"}]}",
	    0, NULL);
	json_t *out = wire_parcel(good);

	cr_assert_not_null(out);
	json_decref(out);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		json_object_set_new(
		    json_array_get(json_object_get(good, "files"), 0), "name",
		    json_string(names[i]));
		cr_expect_null(wire_parcel(good), "%s", names[i]);
	}
	json_decref(good);
}
