/*
 * suite_tls_load.c - many sessions with many data connections at a time.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/clock.h"
#include "tests/functional/files.h"
#include "tests/functional/ftps.h"
#include "tests/functional/ftps_certs.h"
#include "tests/functional/procs.h"

#include <sys/wait.h>

const char *const functional_name = "tls_load";

#define CLIENTS 16
#define CONNECTIONS 200

/* One client's life; its own file tells that nothing got mixed up. */
static bool
transfers(struct ftps *t, int client)
{
	char data[64];
	size_t got;

	for (int i = 0; i < CONNECTIONS; i += 2) {
		int len = snprintf(data, sizeof(data), "client %d, file %d",
			client, i);
		t->c.mode = (enum ftp_mode)(i / 2 % FTP_MODES);
		if (ftp_put(&t->c, data, (size_t)len, "STOR f%d", client) !=
		    226)
			return false;
		char *copy = ftp_get(&t->c, &got, "RETR f%d", client);
		bool same = copy != NULL && strcmp(copy, data) == 0 &&
			t->c.code == 226 && t->resumed;
		free(copy);
		if (!same)
			return false;
	}
	return true;
}

static void NORETURN
be_client(int client)
{
	struct ftps t;

	ftps_init(&t);
	t.version = client % 2 == 0 ? TLS1_3_VERSION : TLS1_2_VERSION;
	t.reuse = client % 4 < 2 ? FTPS_REUSE_ONCE : FTPS_REUSE_LAST;
	bool good = ftps_enter(&t, client % 3 == 0 ? "bert" : "anna") &&
		transfers(&t, client);
	if (!good)
		fprintf(stderr, "client %d: \"%s\" got %s (%s)\n", client,
			t.c.sent, t.c.text != NULL ? t.c.text : "nothing",
			t.error);
	ftp_command(&t.c, "QUIT");
	ftp_close(&t.c);
	_exit(!good);
}

static void
test_parallel_sessions(void)
{
	pid_t clients[CLIENTS];
	struct server s;

	if (!FTPS_SERVER(&s))
		return;
	int64_t before = clock_ms();
	fflush(stdout);
	for (int i = 0; i < CLIENTS; i++) {
		clients[i] = fork();
		if (clients[i] == 0)
			be_client(i);
	}
	for (int i = 0; i < CLIENTS; i++) {
		int status = -1;
		CHECK_SAYS(clients[i] > 0 &&
				waitpid(clients[i], &status, 0) == clients[i] &&
				WIFEXITED(status) && WEXITSTATUS(status) == 0,
			"client %d failed", i);
	}
	int64_t took = clock_ms() - before;
	printf("%d data connections in %lld ms ", CLIENTS * CONNECTIONS,
		(long long)took);
	CHECK_SAYS(took < 120000, "it took %lld ms", (long long)took);
	/* Everything is let go. */
	CHECK(procs_wait_for_count(PROCS_SESSION, 0, 5000));
	server_stop(&s);
}

/* One after the other, so that a leak in the pool of workers would show. */
static void
test_many_logins(void)
{
	struct server s;

	if (!FTPS_SERVER(&s))
		return;
	for (int i = 0; i < 60; i++) {
		struct ftps t;
		ftps_init(&t);
		t.version = i % 2 == 0 ? TLS1_3_VERSION : TLS1_2_VERSION;
		if (!ftps_enter(&t, "anna") ||
		    !CHECK_NUMBER(ftp_put(&t.c, "x", 1, "STOR f"), 226))
			return;
		/* In every way a session can end. */
		if (i % 3 == 0)
			EXPECT(&t.c, 221, "QUIT");
		if (i % 3 == 1)
			ftp_reset(&t.c);
		else
			ftp_close(&t.c);
	}
	CHECK(procs_wait_for_count(PROCS_SESSION, 0, 5000));
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "16 sessions with 200 data connections each",
		test_parallel_sessions },
	{ "many logins, sessions ended in different ways", test_many_logins },
	CU_TEST_INFO_NULL,
};
