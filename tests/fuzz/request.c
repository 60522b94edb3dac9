/*
 * Fuzz target: a request of any role at any standing.
 *
 * The first two bytes are role, standing and descriptor; the rest is JSON.
 */
#include <string.h>

#include "fuzz.h"
#include "rpc/roles.h"
#include "rpc/rpc.h"

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

static bool
has_type(const json_t *v, char type)
{
	return (type == 's' && json_is_string(v)) ||
	       (type == 'i' && json_is_integer(v)) ||
	       (type == 'b' && json_is_boolean(v)) ||
	       (type == 'o' && json_is_object(v)) ||
	       (type == 'a' && json_is_array(v));
}

/* The rule's members, read a second way. */
static void
check_params(const char *spec, const json_t *params)
{
	char name[64], type[4];
	int used;

	for (; sscanf(spec, " %63[^: ]:%3[a-z?]%n", name, type, &used) == 2;
	     spec += used) {
		const json_t *v = json_object_get(params, name);
		bool absent = v == NULL || json_is_null(v);

		must(has_type(v, type[0]) || (absent && type[1] == '?'),
		    "an admitted request has what its rule asks for");
	}
	must(*spec == '\0', "the rule is understood");
}

static void
check_admitted(enum rpc_method m, const json_t *request, enum rpc_role role,
    enum rpc_standing standing, bool has_fd)
{
	const struct rpc_rule *rule = rpc_rule(m);

	must(strcmp(rpc_str(request, "method"), rule->name) == 0,
	    "the method is the one named");
	must(json_is_integer(json_object_get(request, "id")),
	    "a request has a number");
	must((rule->roles >> role & 1) != 0, "the role may");
	must(standing >= rule->needs, "the connection has got that far");
	must(!has_fd || rule->fd != RPC_FD_NO, "no descriptor unasked");
	must(has_fd || rule->fd != RPC_FD_MUST, "no descriptor missing");
	check_params(rule->params, json_object_get(request, "params"));
}

static void
check_refused(struct err e, enum rpc_method m)
{
	must(e.code == E_FORMAT || e.code == E_NOTFOUND || e.code == E_ROLE ||
		 e.code == E_STATE || e.code == E_ARG,
	    "a refusal is one of five");
	must(
	    (e.code == E_FORMAT || e.code == E_NOTFOUND) == (m == METHOD_COUNT),
	    "the method is known from the role on");
	must(strncmp(rpc_refusal(e), "rpc.", 4) == 0, "and has a word");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct choices in = { data, n };
	enum rpc_role role = (enum rpc_role)(choose(&in) % ROLE_COUNT);
	uint8_t how = choose(&in);
	enum rpc_standing standing = (enum rpc_standing)(
	    (how >> 1) % STANDING_COUNT);
	bool has_fd = how & 1;
	enum rpc_method m = METHOD_HELLO, again;
	json_t *request = json_loadb(
	    (const char *)in.p, in.n, JSON_REJECT_DUPLICATES, NULL);
	struct err e;

	if (request == NULL)
		return 0;
	e = rpc_admit(&m, request, role, standing, has_fd);
	if (err_is(e)) {
		check_refused(e, m);
	} else {
		check_admitted(m, request, role, standing, has_fd);
		must(!err_is(rpc_admit(&again, request, role,
			 (enum rpc_standing)(STANDING_COUNT - 1), has_fd)),
		    "going further never takes a right away");
	}
	json_decref(request);
	return 0;
}
