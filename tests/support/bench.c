/*
 * bench.c - spawning the process under test and playing the agent.
 */
#define _GNU_SOURCE
#include "bench.h"

#include <assert.h>
#include <fcntl.h>
#include <openssl/pem.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "npki/npki.h"
#include "peer/cmp.h"
#include "rpc/rpc.h"

enum { PATIENCE_MS = 60000 };

static void
start_process(struct bench *b)
{
	int pair[2];

	assert(
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == 0);
	b->sock = pair[0];
	b->transfers = b->issued = b->proofs = 0;
	b->pid = fork();
	assert(b->pid >= 0);
	if (b->pid == 0) {
		close(pair[0]);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		bench_become(pair[1]);
	}
	close(pair[1]);
}

void
bench_open(struct bench *b)
{
	memset(b, 0, sizeof *b);
	fake_ca_open(&b->ca);
	start_process(b);
}

static int
end_process(struct bench *b)
{
	int status = 0;

	if (b->sock >= 0)
		close(b->sock);
	b->sock = -1;
	waitpid(b->pid, &status, 0);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
				   : WEXITSTATUS(status);
}

int
bench_restart(struct bench *b)
{
	int status = end_process(b);

	start_process(b);
	return status;
}

int
bench_close(struct bench *b)
{
	int status = end_process(b);

	json_decref(b->ir_params);
	json_decref(b->issued_params);
	fake_ca_close(&b->ca);
	return status;
}

int
bench_pipe(const char *text, size_t n)
{
	int fd[2];

	assert(pipe2(fd, O_CLOEXEC) == 0);
	assert(write(fd[1], text, n) == (ssize_t)n);
	close(fd[1]);
	return fd[0];
}

void
bench_send(struct bench *b, int id, const char *method, json_t *params, int fd)
{
	json_t *frame = rpc_request(id, method, params);
	struct err e = rpc_send(b->sock, frame, fd);

	assert(!err_is(e));
	json_decref(frame);
	if (fd >= 0)
		close(fd);
}

static void
answer(struct bench *b, json_int_t id, json_t *result)
{
	json_t *frame = rpc_result(id, result);
	struct err e = rpc_send(b->sock, frame, -1);

	assert(!err_is(e));
	json_decref(frame);
}

static void
refuse(struct bench *b, json_int_t id, const char *code)
{
	json_t *frame = rpc_error(id, code);
	struct err e = rpc_send(b->sock, frame, -1);

	assert(!err_is(e));
	json_decref(frame);
}

static bool
has_evid(struct span der)
{
	struct span value;

	return !err_is(cmp_general_info(
	    &value, der, npki_oid_der(NPKI_OID_ENCRYPTED_VID)));
}

static void
on_transfer(struct bench *b, json_int_t id, json_t *params)
{
	uint8_t in[32768], out[32768];
	struct buf request = buf_make(in, sizeof in);
	struct buf reply = buf_make(out, sizeof out);
	struct err e = rpc_get_bytes(&request, params, "der");
	int number = ++b->transfers;

	assert(!err_is(e));
	(void)str_copy(
	    b->last_kind, sizeof b->last_kind, rpc_str(params, "kind"));
	if (strcmp(b->last_kind, "ir") == 0) {
		b->evid_in_ir = has_evid(buf_span(&request));
		json_decref(b->ir_params);
		b->ir_params = json_deep_copy(params);
		if (b->at_ir != NULL)
			b->at_ir(b);
	} else if (strcmp(b->last_kind, "certConf") == 0) {
		b->evid_in_conf = has_evid(buf_span(&request));
		if (b->at_confirm != NULL)
			b->at_confirm(b);
	}
	if (!fake_ca_answer(&b->ca, &reply, buf_span(&request))) {
		refuse(b, id, "peer.ca_http");
		return;
	}
	if (number == 1 && b->replay) {
		reply.n = 0;
		buf_add(&reply, b->ip, b->ip_n);
	} else if (number == 1) {
		memcpy(b->ip, out, reply.n);
		b->ip_n = reply.n;
	}
	if (number == b->lose_answer_of) {
		refuse(b, id, "peer.ca_down");
		return;
	}
	if (number == b->spoil_answer_of)
		out[reply.n - 1] ^= 1;
	if (number == b->garbage_for) {
		reply.n = 0;
		buf_add_str(&reply, "<html>busy</html>");
	}
	answer(b, id, json_pack("{s:o}", "der", rpc_bytes(buf_span(&reply))));
}

/* ---- the delivery: what the agent does between ip and certConf ---- */

/* The files for a phone, one of them spoilt on the way when asked for. */
static json_t *
phone_params(struct bench *b, const json_t *issued)
{
	json_t *list = json_deep_copy(json_object_get(issued, "phone"));
	json_t *last = json_array_get(list, json_array_size(list) - 1);
	char *data = strdup(rpc_str(last, "data"));

	if (b->spoil_stick)
		data[2000] = data[2000] == 'A' ? 'B' : 'A';
	json_object_set_new(last, "data", json_string(data));
	free(data);
	return json_pack("{s:o}", "phone", list);
}

/* The pair as it was read back, a character of the ciphertext spoilt. */
static json_t *
stick_params(struct bench *b, const json_t *issued)
{
	char *pri = strdup(rpc_str(b->ir_params, "sign_pri"));
	json_t *p;

	if (b->spoil_stick)
		pri[1000] = pri[1000] == 'A' ? 'B' : 'A';
	p = json_pack("{s:O,s:s}", "sign_cert",
	    json_object_get(issued, "certificate"), "sign_pri", pri);
	free(pri);
	return p;
}

static json_t *
proof_params(struct bench *b, const json_t *issued)
{
	if (b->token)
		return json_object();
	return b->phone ? phone_params(b, issued) : stick_params(b, issued);
}

static void
on_issued(struct bench *b, json_int_t id, json_t *params)
{
	json_t *a;

	b->issued++;
	json_decref(b->issued_params);
	b->issued_params = json_deep_copy(params);
	if (b->refuse_issued) {
		refuse(b, id, "agent.disk_full");
		return;
	}
	answer(b, id, NULL);
	if (b->at_issued != NULL)
		b->at_issued(b);
	if (b->undecided)
		return;
	if (b->no_proof) {
		bench_send(b, 900, "issue.confirm",
		    json_pack("{s:b}", "accept", 1), -1);
		a = bench_wait(b, 900);
		(void)str_copy(
		    b->early_error, sizeof b->early_error, outcome(a));
		json_decref(a);
	}
	if (!b->reject) {
		bench_send(b, 901, "issue.prove", proof_params(b, params), -1);
		a = bench_wait(b, 901);
		b->proofs++;
		(void)str_copy(
		    b->proof_error, sizeof b->proof_error, outcome(a));
		json_decref(a);
	}
	bench_send(b, 902, "issue.confirm",
	    json_pack("{s:b}", "accept",
		!b->reject && !b->spoil_stick && !b->give_up),
	    -1);
}

static void
serve(struct bench *b, json_t *frame)
{
	const char *method = rpc_str(frame, "method");
	json_int_t id = rpc_int(frame, "id", -1);
	json_t *params = json_object_get(frame, "params");

	if (strcmp(method, "cmp.transfer") == 0)
		on_transfer(b, id, params);
	else if (strcmp(method, "issue.issued") == 0)
		on_issued(b, id, params);
}

json_t *
bench_wait(struct bench *b, int id)
{
	for (;;) {
		struct pollfd p = { .fd = b->sock, .events = POLLIN };
		json_t *frame = NULL;

		if (poll(&p, 1, PATIENCE_MS) <= 0 ||
		    err_is(rpc_recv(b->sock, &frame, NULL)))
			return NULL;
		if (json_object_get(frame, "method") == NULL &&
		    rpc_int(frame, "id", -1) == id)
			return frame;
		serve(b, frame);
		json_decref(frame);
	}
}

static json_t *
cert_json(X509 *cert)
{
	unsigned char *der = NULL;
	int n = i2d_X509(cert, &der);
	json_t *v = rpc_bytes(span_make(der, (size_t)n));

	OPENSSL_free(der);
	return v;
}

json_t *
bench_issuer(struct bench *b)
{
	json_t *chain = json_array();

	if (b->ca.middle != NULL && !b->no_chain)
		json_array_append_new(chain, cert_json(b->ca.middle));
	return json_pack("{s:o,s:o,s:o,s:b,s:b}", "ca", cert_json(b->ca.cert),
	    "root", cert_json(b->ca.root), "chain", chain, "encrypted_vid",
	    !b->no_evid, "any_profile", (int)b->any_profile);
}

json_t *
bench_issue_params(struct bench *b)
{
	const uint8_t *der;
	size_t n;

	X509_NAME_get0_der(b->ca.subject, &der, &n);
	return json_pack(
	    "{s:s,s:s,s:s,s:{s:o,s:I,s:s,s:s},s:o,s:b,s:b,s:i,s:n}", "refnum",
	    FAKE_REF, "authcode", FAKE_AUTH, "number", FAKE_NUMBER, "expect",
	    "subject_der", rpc_bytes(span_make(der, n)), "not_after",
	    (json_int_t)b->ca.not_after, "policy", FAKE_POLICY, "old_serial",
	    "4711", "issuer", bench_issuer(b), "p12", (int)b->p12, "phone",
	    (int)b->phone, "timeout_s", 60, "resume");
}

json_t *
bench_issue(struct bench *b)
{
	json_t *a;

	bench_send(b, 1, "issue.prepare", json_pack("{s:i}", "bits", 2048), -1);
	a = bench_wait(b, 1);
	assert(a != NULL && json_object_get(a, "result") != NULL);
	json_decref(a);
	bench_send(b, 2, "issue.start", bench_issue_params(b),
	    bench_pipe(GOOD_PASSWORD, strlen(GOOD_PASSWORD)));
	return bench_wait(b, 2);
}

const char *
outcome(const json_t *a)
{
	const json_t *error = json_object_get(a, "error");
	const json_t *result = json_object_get(a, "result");

	if (a == NULL)
		return "gone";
	if (error != NULL)
		return rpc_str(error, "code");
	return json_object_get(result, "status") != NULL
		   ? rpc_str(result, "status")
		   : "ok";
}
