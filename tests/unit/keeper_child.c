/*
 * keeper_child.c - fork a keeper, and ask it.
 */
#include "common/base.h"
#include "tests/unit/keeper_child.h"

#include "common/io.h"
#include "common/log/event.h"
#include "common/tls/tls_signer.h"
#include "daemon/keeper/keeper.h"
#include "tests/unit/child.h"
#include "tests/unit/tls_pki.h"
#include "tests/unit/unit.h"

#include <fcntl.h>

#define ECDSA_SHA256 0x0403

struct keeper_child keeper_child = { .service = { -1, -1 } };

static int
open_key(const char *name)
{
	return open(tls_pki_path(name), O_RDONLY | O_CLOEXEC);
}

/* What the test expects it to complain about is not to be seen. */
static void
drop_event(void *context UNUSED, struct event *e UNUSED)
{
}

NORETURN static void
be_keeper(void)
{
	/* Nothing of the workers', whose ends would never come. */
	io_close_all_except(&keeper_child.service[0], 1);
	const int fds[] = { open_key("rsa.key"), open_key("ec.key") };
	char wrong[MESSAGE_TEXT_SIZE];
	int file;
	struct tls_keys *keys = tls_keys_read(fds, 2, &file, wrong,
		sizeof(wrong));

	event_divert(drop_event, NULL);
	CHILD_CHECK(keys != NULL);
	keeper_serve(keeper_child.service[0], keys);
	_exit(0);
}

void
keeper_child_fork(void)
{
	keeper_child.pid = fork();
	if (keeper_child.pid == 0)
		be_keeper();
}

void
keeper_child_start(void)
{
	CU_ASSERT_EQUAL_FATAL(keeper_pair(keeper_child.service), 0);
	keeper_child_fork();
}

int
keeper_child_ended(void)
{
	int status = -1;

	CU_ASSERT_EQUAL(waitpid(keeper_child.pid, &status, 0),
		keeper_child.pid);
	return status;
}

void
keeper_child_stop(void)
{
	io_close(&keeper_child.service[0]);
	io_close(&keeper_child.service[1]);
	CU_ASSERT_EQUAL(keeper_child_ended(), 0);
}

void
keeper_child_connect(struct tls_keeper *worker, int *end)
{
	int fds[2];

	CU_ASSERT_EQUAL_FATAL(channel_pair(fds), 0);
	CU_ASSERT_EQUAL(tls_keeper_attach(keeper_child.service[1], fds[0]), 0);
	if (end != NULL)
		*end = fds[0];
	else
		close(fds[0]);
	tls_keeper_open(worker, fds[1]);
}

struct sign_request
keeper_child_request(void)
{
	static const char label[] = "TLS 1.3, server CertificateVerify";
	struct sign_request r = { .scheme = ECDSA_SHA256 };
	EVP_PKEY *key = tls_pki_key("ec.key");

	CU_ASSERT_TRUE(tls_signer_name(key, r.key));
	EVP_PKEY_free(key);
	memset(r.data, ' ', 64);
	memcpy(r.data + 64, label, sizeof(label));
	memset(r.data + 64 + sizeof(label), 0x5a, 32);
	r.len = 64 + sizeof(label) + 32;
	return r;
}

int
keeper_child_try(struct tls_keeper *worker,
	const struct sign_request *request)
{
	uint8_t signature[MESSAGE_SIGNATURE_SIZE];
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	EVP_PKEY *key = tls_pki_key("ec.key");

	int n = tls_keeper_sign(worker, request, signature,
		sizeof(signature));
	if (n > 0) {
		CU_ASSERT_EQUAL(EVP_DigestVerifyInit(context, NULL,
			EVP_sha256(), NULL, key), 1);
		CU_ASSERT_EQUAL(EVP_DigestVerify(context, signature,
			(size_t)n, request->data, request->len), 1);
	}
	EVP_PKEY_free(key);
	EVP_MD_CTX_free(context);
	return n;
}

bool
keeper_child_signs(struct tls_keeper *worker)
{
	const struct sign_request request = keeper_child_request();

	return keeper_child_try(worker, &request) > 0;
}
