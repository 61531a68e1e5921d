/*
 * suite_log_identity.c - every log line has the correct session, address and
 * account: with many short sessions at once, and while the recorder is killed
 * or replaced.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/clock.h"
#include "tests/functional/files.h"
#include "tests/functional/procs.h"

#include <signal.h>

const char *const functional_name = "log_identity";

#define VSFTPD	 "/var/log/vsftpd.log"
#define KILLED	 "error recorder was killed by signal 9, restarting it"
#define CLIENTS	 6	/* at a time, */
#define SESSIONS 10	/* one after the other */
#define MOST	 1000	/* sessions of a test */

static const char *const accounts[] = { "anna", "bert" };

/* --- what the log says */

/* A session's identity, as collected from its lines. */
static struct session {
	char peer[64], user[64];
	bool connected, logged_in, uploaded, ended;
} sessions[MOST];

/* The word after `key` on a line, or "". */
static const char *
word_after(const char *line, const char *key, char *word, size_t size)
{
	const char *at = strstr(line, key);

	word[0] = '\0';
	if (at != NULL) {
		at += strlen(key);
		snprintf(word, size, "%.*s", (int)strcspn(at, " \""), at);
	}
	return word;
}

static bool
says(const char *line, const char *part)
{
	return strstr(line, part) != NULL;
}

/* Files are named ACCOUNT-CLIENT-N, and the client has an address of its
 * own. */
static void
check_upload(const char *line, struct session *s)
{
	char path[128], expected[160];

	word_after(line, "upload of \"", path, sizeof(path));
	snprintf(expected, sizeof(expected), "/home/%s/%s-%s-", s->user,
		s->user, s->peer);
	CHECK_SAYS(strncmp(path, expected, strlen(expected)) == 0,
		"not this session's: %s", line);
	s->uploaded = true;
}

/* The same address on all lines of a session, the same account on all after
 * its login, and no line after its end.  With lines lost, the first line that
 * is left names the account. */
static void
check_line(const char *line, bool all)
{
	char number[32], peer[64], user[64];
	size_t n = (size_t)strtoumax(word_after(line, "session=", number,
		sizeof(number)), NULL, 10);

	if (n == 0 || n >= MOST)
		return;
	struct session *s = &sessions[n];
	word_after(line, "peer=", peer, sizeof(peer));
	word_after(line, "user=", user, sizeof(user));
	if (s->peer[0] == '\0')
		snprintf(s->peer, sizeof(s->peer), "%s", peer);
	CHECK_SAYS(strcmp(peer, s->peer) == 0, "another address: %s", line);
	CHECK_SAYS(!all || !s->ended, "after the end: %s", line);
	if (says(line, " login, home directory") ||
		(!all && s->user[0] == '\0'))
		snprintf(s->user, sizeof(s->user), "%s", user);
	if (s->user[0] != '\0' || user[0] != '\0')
		CHECK_SAYS(strcmp(user, s->user) == 0, "another user: %s",
			line);
	s->connected |= says(line, " connected to ");
	s->logged_in |= says(line, " login, home directory");
	s->ended |= says(line, " session ended: ");
	if (says(line, " upload of "))
		check_upload(line, s);
}

static void
check_log(bool all)
{
	char *log = strdup(server_log());
	char *save = NULL;

	memset(sessions, 0, sizeof(sessions));
	for (char *line = strtok_r(log, "\n", &save); line != NULL;
	    line = strtok_r(NULL, "\n", &save))
		check_line(line, all);
	free(log);
}

static unsigned
complete(void)
{
	unsigned n = 0;

	for (size_t i = 0; i < MOST; i++)
		n += sessions[i].connected && sessions[i].logged_in &&
			sessions[i].uploaded && sessions[i].ended;
	return n;
}

/* --- many short sessions */

static void NORETURN
client(int number)
{
	char from[32];
	bool right = true;

	snprintf(from, sizeof(from), "127.0.0.%d", 10 + number);
	for (int i = 0; i < SESSIONS; i++) {
		const char *account = accounts[(number + i) % 2];
		struct ftp c;

		right = right && ftp_enter_to(&c, FTP_HOST, from, account) &&
			ftp_put(&c, "x", 1, "STOR %s-%s-%d", account, from,
				i) == 226 &&
			ftp_command(&c, "QUIT") == 221;
		ftp_close(&c);
	}
	_exit(right ? 0 : 1);
}

static void
nothing(const struct server *s UNUSED)
{
}

/* Run the clients; call `meanwhile` soon, and then every so many milliseconds
 * until they are through. */
static void
run_clients(void (*meanwhile)(const struct server *s), int64_t ms,
	const struct server *s)
{
	pid_t pids[CLIENTS];
	int64_t next = 20;	/* fast machines need no more than 100 ms */

	fflush(stdout);
	for (int i = 0; i < CLIENTS; i++) {
		pids[i] = fork();
		if (pids[i] == 0)
			client(i);
	}
	for (int i = 0; i < CLIENTS; i++) {
		int status = 0;

		while (!server_wait(pids[i], next, &status)) {
			meanwhile(s);
			next = ms;
		}
		CHECK_SAYS(status == 0, "client %d did not get through", i);
	}
}

static const char *const quick[] = { "limits.max_per_ip=100",
	"server.min_spare_workers=8", NULL };

static void
test_load(void)
{
	struct server s;

	if (!server_start(&s, quick))
		return;
	run_clients(nothing, 1000, &s);
	server_stop(&s);
	check_log(true);
	CHECK_NUMBER(complete(), CLIENTS * SESSIONS);
}

/* Another recorder each time, and not one line is lost. */
static void
test_reload_under_load(void)
{
	struct server s;

	if (!server_start(&s, quick))
		return;
	run_clients(logged_reload, 20, &s);
	server_stop(&s);
	CHECK(logged_times(0, "info configuration reloaded") > 0);
	check_log(false);
	CHECK_NUMBER(complete(), CLIENTS * SESSIONS);
}

static void
kill_recorder(const struct server *s UNUSED)
{
	struct proc p = { 0 };

	if (procs_list(PROCS_RECORDER, &p, 1) > 0)
		kill(p.pid, SIGKILL);
}

/* Events that a killed recorder had read are lost, but none is attributed to
 * another session. */
static void
test_kills_under_load(void)
{
	struct server s;

	if (!server_start(&s, quick))
		return;
	run_clients(kill_recorder, 120, &s);
	server_stop(&s);
	CHECK(logged_times(0, KILLED) > 0);
	check_log(false);
	CHECK_SAYS(complete() > CLIENTS * SESSIONS / 2,
		"only %u sessions are complete", complete());
}

/* --- sessions that stay */

/* A greeter has lines at the level debug alone. */
#define DEBUG "log.level=debug"

static bool
recorder_pid(pid_t *pid)
{
	struct proc p = { 0 };

	if (!CHECK(procs_settle()) ||
	    !CHECK_NUMBER(procs_list(PROCS_RECORDER, &p, 1), 1))
		return false;
	*pid = p.pid;
	return true;
}

static bool
kill_and_wait(void)
{
	pid_t pid;

	return recorder_pid(&pid) && CHECK(kill(pid, SIGKILL) == 0) &&
		CHECK(server_wait(pid, 3000, NULL));
}

/* A session of each kind: before login, after it, under no relay. */
static bool
enter_both(struct ftp *anna, struct ftp *bert, struct ftp *nobody)
{
	return ftp_enter_to(anna, FTP_HOST, "127.0.0.5", "anna") &&
		ftp_enter_to(bert, FTP_HOST, "127.0.0.6", "bert") &&
		CHECK_NUMBER(ftp_connect_to(nobody, FTP_HOST, "127.0.0.7"),
			220);
}

static void
check_sessions_are_known(struct ftp *anna, struct ftp *bert,
	struct ftp *nobody, int round)
{
	size_t mark = logged_mark();

	EXPECT(anna, 257, "MKD a%d", round);
	EXPECT(bert, 257, "MKD b%d", round);
	EXPECT(nobody, 331, "USER round%d", round);
	CHECK_LOGGED(mark, "info session=1 peer=127.0.0.5 user=anna created "
		"directory \"/home/anna/a%d\"", round);
	CHECK_LOGGED(mark, "info session=2 peer=127.0.0.6 user=bert created "
		"directory \"/home/bert/b%d\"", round);
	CHECK_LOGGED(mark, "debug session=3 peer=127.0.0.7 command: USER "
		"round%d", round);
}

static void
test_kills(void)
{
	struct server s;
	struct ftp anna, bert, nobody;

	if (!SERVER(&s, DEBUG) || !enter_both(&anna, &bert, &nobody))
		return;
	for (int round = 0; round < 3; round++) {
		if (kill_and_wait())
			check_sessions_are_known(&anna, &bert, &nobody, round);
	}
	ftp_close(&anna);
	ftp_close(&bert);
	ftp_close(&nobody);
	server_stop(&s);
}

/* The one that a reload has brought is replaced as well, as long as sessions of
 * before that reload need it. */
static void
test_reload(void)
{
	struct server s;
	struct ftp anna, bert, nobody;
	pid_t before, after;

	if (!SERVER(&s, DEBUG) || !enter_both(&anna, &bert, &nobody) ||
	    !recorder_pid(&before))
		return;
	server_configure("[log]\nvsftpd_file = " VSFTPD "\n");
	size_t mark = logged_mark();
	logged_reload(&s);
	CHECK(server_wait(before, 3000, NULL));
	check_sessions_are_known(&anna, &bert, &nobody, 0);
	CHECK(files_wait_for_text(VSFTPD, "\"/home/anna/a0\""));
	/* There is one at a time. */
	if (recorder_pid(&after))
		CHECK(after != before);
	if (kill_and_wait())
		check_sessions_are_known(&anna, &bert, &nobody, 1);
	CHECK(files_wait_for_text(VSFTPD, "\"/home/anna/a1\""));
	CHECK_NUMBER(logged_times(mark, "* recorder did not finish *"), 0);
	ftp_close(&anna);
	ftp_close(&bert);
	ftp_close(&nobody);
	server_stop(&s);
}

/* A recorder that does not exit is killed; lines are delayed, not lost. */
static void
test_stuck_recorder(void)
{
	struct server s;
	struct ftp c;
	pid_t pid;

	if (!SERVER(&s) || !ftp_enter(&c, "anna") || !recorder_pid(&pid))
		return;
	size_t mark = logged_mark();
	CHECK(kill(pid, SIGSTOP) == 0);
	CHECK(kill(s.pid, SIGHUP) == 0);
	EXPECT(&c, 257, "MKD while-stuck");
	CHECK(server_wait(pid, 8000, NULL));
	CHECK_LOGGED(mark, "error recorder did not finish in time: killed");
	CHECK_LOGGED(mark, "info session=1 peer=127.0.0.1 user=anna created "
		"directory \"/home/anna/while-stuck\"");
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "many short sessions at once", test_load },
	{ "many short sessions, with reloads", test_reload_under_load },
	{ "many short sessions, with killed recorders", test_kills_under_load },
	{ "long sessions: killed recorders", test_kills },
	{ "long sessions: a reload, then a kill", test_reload },
	{ "a recorder that does not exit is killed", test_stuck_recorder },
	CU_TEST_INFO_NULL,
};
