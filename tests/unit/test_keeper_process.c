/*
 * test_keeper_process.c - the keeper as a process: its identity, its errors
 * about files, and TLS without a key in any other process.
 */
#include "common/base.h"
#include "daemon/keeper/keeper.h"

#include "common/io.h"
#include "common/log/log.h"
#include "common/process/channel.h"
#include "common/process/child.h"
#include "common/process/empty_root.h"
#include "common/process/role_prepare.h"
#include "common/tls/tls_keeper.h"
#include "common/tls/tls_library.h"
#include "tests/unit/child.h"
#include "tests/unit/tls_pair.h"
#include "tests/unit/tls_pki.h"
#include "tests/unit/tls_secrets.h"
#include "tests/unit/unit.h"
#include "tests/unit/with_settings.h"

#include <fcntl.h>
#include <openssl/pem.h>
#include <signal.h>
#include <sys/resource.h>

const char *const unit_name = "keeper_process";

#define SETTINGS "[tls]\ncertificate = %1$s/rsa.pem %1$s/ec.pem\n"         \
	"private_key = %1$s/rsa.key %1$s/ec.key\n"                           \
	"[tls \"other.example.org\"]\ncertificate = %1$s/other.pem\n"

static struct memory_pieces *pieces;
static struct tls_server *server;
static struct complaints complaints;
static int service[2], saved_stderr = -1;
static struct channel report;
static pid_t keeper;

static bool
possible(const char *what)
{
	if (child_skip_without_root(what))
		return false;
	if (empty_root_fd() < 0)
		CU_ASSERT_EQUAL_FATAL(role_prepare("nobody", "nobody",
			"nobody"), 0);
	return true;
}

/* As the master does it: certificates here, keys only as open files. */
static void
load(void)
{
	BUFFER(text, 1024);

	buffer_addf(&text, SETTINGS, tls_pki_path("."));
	struct settings *s = with_text(buffer_text(&text), &complaints);
	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	server = tls_server_load(s, with_complaint, &complaints);
	settings_free(s);
	CU_ASSERT_PTR_NOT_NULL_FATAL(server);
}

static void
fork_keeper(const int *fds, size_t count)
{
	int pair[2];
	int keep[MESSAGE_KEYS + 3];

	CU_ASSERT_EQUAL_FATAL(channel_pair(pair), 0);
	CU_ASSERT_EQUAL_FATAL(keeper_pair(service), 0);
	keeper = fork();
	if (keeper == 0) {
		const struct keeper_start start = {
			.master_fd = pair[1], .service_fd = service[0],
			.key_fds = fds, .key_count = count,
		};

		memcpy(keep, fds, count * sizeof(*fds));
		keep[count] = pair[1];
		keep[count + 1] = service[0];
		keep[count + 2] = empty_root_fd();
		child_begin(keep, count + 3);
		keeper_main(&start);
	}
	close(pair[1]);
	channel_open(&report, pair[0], PARTY_MASTER, PARTY_KEEPER,
		&channel_any_phase);
	CU_ASSERT_EQUAL(io_nonblocking(pair[0], false), 0);
}

/* The keeper's only message; the master's end of a channel does not wait. */
static bool
hear(struct message *m)
{
	return unit_await(report.fd, POLLIN) && channel_recv(&report, m) == 1;
}

static int
ended(void)
{
	int status = -1;

	channel_close(&report);
	io_close(&service[0]);
	io_close(&service[1]);
	CU_ASSERT_EQUAL(waitpid(keeper, &status, 0), keeper);
	return status;
}

static void
learn(void)
{
	CHILD_CHECK(tls_pki_make() == 0);
	tls_secrets_learn(pieces);
	/* For this process, which must not read it beside its key. */
	X509 *other = tls_pki_certificate("other.pem");
	FILE *file = fopen(tls_pki_path("public.pem"), "we");
	CHILD_CHECK(PEM_write_X509(file, other) == 1);
	fclose(file);
}

static void
begin(void)
{
	CU_ASSERT_EQUAL_FATAL(tls_pki_directory(), 0);
	pieces = memory_pieces_new();
	CU_ASSERT_EQUAL_FATAL(child_run(learn), 0);
	CU_ASSERT_TRUE(pieces->count > 100);
}

/* /proc/PID/status of the keeper. */
static void
check_status(void)
{
	static const char *const lines[] = { "Name:\tsureftpd-key\n",
		"NoNewPrivs:\t1\n", "CapPrm:\t0000000000000000\n",
#ifndef SANDBOX_SANITIZED
		"Seccomp:\t2\n",
#endif
	};
	char path[64], text[8192];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)keeper);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		if (strstr(text, lines[i]) == NULL) {
			printf("no %s", lines[i]);
			CU_FAIL("the keeper's status");
		}
	CU_ASSERT_PTR_NULL(strstr(text, "Uid:\t0"));
	/* Who may not be dumped belongs to root in /proc. */
	snprintf(path, sizeof(path), "/proc/%d/maps", (int)keeper);
	CU_ASSERT_EQUAL(stat(path, &st), 0);
#ifndef SANDBOX_SANITIZED
	CU_ASSERT_EQUAL(st.st_uid, 0);
#endif
	struct rlimit none = { RLIM_INFINITY, RLIM_INFINITY };
	if (setrlimit(RLIMIT_MEMLOCK, &none) < 0)
		printf("SKIP (limits cannot be raised here): locked memory ");
	else
		CU_ASSERT_PTR_NULL(strstr(text, "VmLck:\t       0 kB"));
}

static bool
shakes_hands(int version, const char *ciphers, const char *host,
	const char *certificate)
{
	SSL_CTX *client = tls_pair_client(version);
	X509 *should = tls_pki_certificate(certificate), *is = NULL;
	struct tls_pair p;

	if (ciphers != NULL)
		SSL_CTX_set_cipher_list(client, ciphers);
	CU_ASSERT_TRUE(tls_pair_new(&p, server, TLS_CONTROL, &tls_pair_binding,
		client, false));
	if (host != NULL)
		tls_pair_ask_for(&p, host);
	bool ok = tls_pair_handshake(&p) && tls_pair_talks(&p);
	if (ok)
		is = SSL_get1_peer_certificate(p.client);
	ok = ok && X509_cmp(is, should) == 0;
	X509_free(is);
	X509_free(should);
	tls_pair_free(&p);
	SSL_CTX_free(client);
	return ok;
}

static void
no_key_here(const char *when)
{
	size_t found = memory_count(pieces);

	if (found > 0)
		printf("%zu pieces of keys %s ", found, when);
	CU_ASSERT_EQUAL(found, 0);
}

/* This process plays master, greeter and session at once. */
static void
serves_without_a_key(void)
{
	int fds[MESSAGE_KEYS], channel[2];
	struct tls_keeper worker;
	struct message m;

	if (!possible("the keeper"))
		return;
	load();
	int count = tls_server_open_keys(server, fds);
	CU_ASSERT_EQUAL_FATAL(count, 3);
	fork_keeper(fds, 3);
	for (int i = 0; i < count; i++)
		io_close(&fds[i]);
	CU_ASSERT_TRUE_FATAL(hear(&m));
	CU_ASSERT_EQUAL(m.type, MESSAGE_keeper_ready);
	CU_ASSERT_TRUE(tls_server_check_keys(server,
		(const uint8_t (*)[MESSAGE_KEY_NAME_SIZE])m.keeper_ready.keys,
		m.keeper_ready.count));
	check_status();

	CU_ASSERT_EQUAL_FATAL(channel_pair(channel), 0);
	CU_ASSERT_EQUAL(tls_keeper_attach(service[1], channel[0]), 0);
	close(channel[0]);
	tls_keeper_open(&worker, channel[1]);
	tls_server_sign_by(server, tls_keeper_sign, &worker);
	CU_ASSERT_TRUE(shakes_hands(TLS1_3_VERSION, NULL, NULL, "ec.pem"));
	CU_ASSERT_TRUE(shakes_hands(TLS1_2_VERSION,
		"ECDHE-RSA-AES128-GCM-SHA256", NULL, "rsa.pem"));
	CU_ASSERT_TRUE(shakes_hands(TLS1_2_VERSION,
		"ECDHE-ECDSA-AES128-GCM-SHA256", NULL, "ec.pem"));
	CU_ASSERT_TRUE(shakes_hands(TLS1_3_VERSION, NULL, "other.example.org",
		"public.pem"));
	no_key_here("after handshakes");
	tls_keeper_close(&worker);
	CU_ASSERT_FALSE(shakes_hands(TLS1_3_VERSION, NULL, NULL, "ec.pem"));
	tls_server_free(server);
	CU_ASSERT_EQUAL(ended(), 0);
	CU_ASSERT_EQUAL(complaints.count, 0);
}

/* Signals that end a whole control group are not for the keeper. */
static void
signals_do_not_end_it(void)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGHUP, SIGQUIT };
	int fds[MESSAGE_KEYS];
	struct message m;

	if (!possible("the keeper's signals"))
		return;
	load();
	fork_keeper(fds, (size_t)tls_server_open_keys(server, fds));
	CU_ASSERT_TRUE_FATAL(hear(&m));
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		CU_ASSERT_EQUAL(kill(keeper, signals[i]), 0);
	CU_ASSERT_EQUAL(ended(), 0);
	tls_server_free(server);
}

/* With this in the place of ec.key. */
static void
check_failure(const char *words)
{
	const int fds[] = {
		open(tls_pki_path("rsa.key"), O_RDONLY | O_CLOEXEC),
		open(tls_pki_path("bad.key"), O_RDONLY | O_CLOEXEC),
	};
	struct message m;

	fork_keeper(fds, 2);
	CU_ASSERT_TRUE_FATAL(hear(&m));
	CU_ASSERT_EQUAL(m.type, MESSAGE_keeper_failed);
	CU_ASSERT_EQUAL(m.keeper_failed.file, 1);
	if (strstr(m.keeper_failed.text, words) == NULL) {
		printf("expected \"%s\": %s ", words, m.keeper_failed.text);
		CU_FAIL("another sentence");
	}
	int status = ended();
	CU_ASSERT_TRUE(WIFEXITED(status));
	CU_ASSERT_EQUAL(WEXITSTATUS(status), OUTCOME_ERROR);
	close(fds[0]);
	close(fds[1]);
	unlink(tls_pki_path("bad.key"));
}

static void
write_locked(void)
{
	EVP_PKEY *key = tls_library_p256_key();
	FILE *file = fopen(tls_pki_path("bad.key"), "we");

	CHILD_CHECK(PEM_write_PrivateKey(file, key, EVP_aes_128_cbc(),
		(const unsigned char *)"secret", 6, NULL, NULL) == 1);
	fclose(file);
}

static void
write_x25519(void)
{
	EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "X25519");
	FILE *file = fopen(tls_pki_path("bad.key"), "we");

	CHILD_CHECK(PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL,
		NULL) == 1);
	fclose(file);
}

static void
bad_keys_are_named(void)
{
	if (!possible("bad keys"))
		return;
	CU_ASSERT_EQUAL(tls_pki_write("bad.key", "no PEM\n", 0600), 0);
	check_failure("has no private key in PEM");
	CU_ASSERT_EQUAL(child_run(write_locked), 0);
	check_failure("the private key has a passphrase");
	CU_ASSERT_EQUAL(child_run(write_x25519), 0);
	check_failure("private keys of this kind are not supported");
	CU_ASSERT_EQUAL(mkdir(tls_pki_path("bad.key"), 0700), 0);
	check_failure("cannot be read: Is a directory");
	CU_ASSERT_EQUAL(rmdir(tls_pki_path("bad.key")), 0);
}

/* The warning about memory is not what is tested here. */
static void
silence(void)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	saved_stderr = dup(STDERR_FILENO);
	dup2(null, STDERR_FILENO);
	close(null);
}

static void
end(void)
{
	dup2(saved_stderr, STDERR_FILENO);
	unlink(tls_pki_path("public.pem"));
	tls_pki_end();
}

CU_TestInfo unit_tests[] = {
	{ "keys are made in another process", begin },
	{ "nothing on standard error", silence },
	{ "TLS is served, and only the keeper has a key",
		serves_without_a_key },
	{ "signals do not end the keeper", signals_do_not_end_it },
	{ "a key that cannot be used is named", bad_keys_are_named },
	{ "the files are removed", end },
	CU_TEST_INFO_NULL,
};
