/*
 * suite_rotation.c - logs that are rotated while the server is busy: every
 * event is in exactly one of the files; and a log whose disk is full.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/clock.h"
#include "common/text.h"
#include "tests/functional/ctl.h"
#include "tests/functional/files.h"
#include "tests/functional/world.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

const char *const functional_name = "rotation";

#define LOG	"/var/log/ftp/events.json"
#define CLIENTS 4
#define EVENTS	16000	/* of each client */
#define ROUNDS	8	/* of rotation */
#define BLOCK	200	/* commands that are sent together, */
#define ADM	4	/* a group that may read logs */
#define PAUSE_MS 40	/* and then a pause: it lasts for some rotations */

/* Commands that each leave one event with a name of its own. */
static bool
send_block(struct ftp *c, int client, int from)
{
	static char text[BLOCK * 32];
	struct buffer b;

	buffer_init(&b, text, sizeof(text));
	for (int i = from; i < from + BLOCK; i++)
		buffer_addf(&b, "DELE c%d-%05d-\r\n", client, i);
	return ftp_send(c, b.data, b.len);
}

static void NORETURN
be_client(int client)
{
	struct ftp c;
	bool ok = ftp_enter(&c, "anna");

	for (int i = 0; ok && i < EVENTS; i += BLOCK) {
		ok = send_block(&c, client, i);
		for (int k = 0; ok && k < BLOCK; k++)
			ok = ftp_reply(&c) == 550;
		wait_for_time(PAUSE_MS);
	}
	_exit(ok ? 0 : 1);
}

static void
start_clients(pid_t *pids)
{
	for (int i = 0; i < CLIENTS; i++) {
		pids[i] = fork();
		if (pids[i] == 0)
			be_client(i);
	}
}

static bool
all_done(pid_t *pids)
{
	bool done = true;

	for (int i = 0; i < CLIENTS; i++) {
		int status = 0;

		if (pids[i] == 0)
			continue;
		if (waitpid(pids[i], &status, WNOHANG) == pids[i]) {
			CHECK_NUMBER(status, 0);
			pids[i] = 0;
		} else {
			done = false;
		}
	}
	return done;
}

/* How often each event is in a file. */
static void
count(const char *path, unsigned char (*seen)[EVENTS])
{
	static const char before[] = "\"path\":\"/home/anna/c";
	char *line = NULL;
	size_t size = 0;
	int64_t client, event;
	FILE *f = fopen(path, "re");

	while (f != NULL && getline(&line, &size, f) >= 0) {
		const char *at = strstr(line, before);

		if (at == NULL)
			continue;
		at += strlen(before);
		if (text_number(at, 1, &client) == 0 &&
		    text_number(at + 2, 5, &event) == 0 &&
		    client < CLIENTS && event < EVENTS)
			seen[client][event]++;
	}
	free(line);
	if (f != NULL)
		fclose(f);
}

static void
check_seen(unsigned char (*seen)[EVENTS])
{
	int missing = 0, doubled = 0;

	for (int i = 0; i < CLIENTS; i++)
		for (int k = 0; k < EVENTS; k++) {
			missing += seen[i][k] == 0;
			doubled += seen[i][k] > 1;
		}
	CHECK_NUMBER(missing, 0);
	CHECK_NUMBER(doubled, 0);
}

/* `reload`: with a signal after each rename. */
static void
rotate(bool reload)
{
	static unsigned char seen[CLIENTS][EVENTS];
	pid_t pids[CLIENTS];
	char old[64];
	struct server s;
	int round = 0;

	memset(seen, 0, sizeof(seen));
	CHECK(files_mkdir_as("_sureftpdlog", "/var/log/ftp", 0755));
	if (!SERVER(&s, "log.json_file=" LOG, "log.max_rate=0",
		"log.level=warning"))
		return;
	int64_t start = clock_ms();
	start_clients(pids);
	while (!all_done(pids) && clock_ms() - start < 60000) {
		wait_for_time(50);
		if (round == ROUNDS || files_size(LOG) < 20000)
			continue;
		snprintf(old, sizeof(old), LOG ".%d", ++round);
		CHECK(rename(LOG, old) == 0);
		if (reload)
			kill(s.pid, SIGHUP);
	}
	int64_t took = clock_ms() - start;
	CHECK(round > 1);
	server_stop(&s);
	count(LOG, seen);
	for (int i = 1; i <= round; i++) {
		snprintf(old, sizeof(old), LOG ".%d", i);
		count(old, seen);
	}
	check_seen(seen);
	printf("%d events in %" PRId64 " ms, %d rotations\n",
		CLIENTS * EVENTS, took, round);
}

static void
test_rename_and_signal(void)
{
	rotate(true);
}

static void
test_rename(void)
{
	rotate(false);
}

/* A rotation as logrotate does it for the logs of other servers: the new file
 * belongs to root (`create`), or the server has to make it, in a directory that
 * is root's. */
static void
rotate_for_root(const char *log, const char *old, bool create)
{
	struct stat st;
	struct ftp c;

	/* The recorder may still be about to open it. */
	for (int i = 0; i < 250 && !files_exist(log); i++)
		wait_for_time(20);
	CHECK(rename(log, old) == 0);
	if (create)
		CHECK(files_write_text(log, "") && chmod(log, 0640) == 0 &&
			chown(log, 0, ADM) == 0);
	wait_for_time(1100);
	/* The login is in the old file, ... */
	if (!ftp_enter(&c, "anna"))
		return;
	wait_for_time(100);
	/* ... and what follows is in the new one. */
	EXPECT(&c, 257, "MKD %s", create ? "one" : "two");
	CHECK_FILE(log, create ? "anna/one" : "anna/two");
	CHECK_HAS(files_text(old), "CONNECT: Client");
	CHECK(stat(log, &st) == 0 && st.st_uid != 0);
	CHECK_NUMBER(st.st_mode & 0777, 0640);
	if (create)
		CHECK_NUMBER(st.st_gid, ADM);
	ftp_close(&c);
}

static void
test_for_root(void)
{
	struct server s;

	if (!SERVER(&s, "log.vsftpd_file=/var/log/vsftpd.log"))
		return;
	rotate_for_root("/var/log/vsftpd.log", "/var/log/vsftpd.log.1", true);
	rotate_for_root("/var/log/vsftpd.log", "/var/log/vsftpd.log.2", false);
	CHECK_LACKS(server_log(), " error ");
	server_stop(&s);
}

/* Sessions are not affected if a log cannot be written, and the line that had
 * no room is not there in part. */
static void
test_full(void)
{
	static char text[8192];
	struct server s;
	struct ftp c;

	CHECK(mkdir("/var/log/small", 0755) == 0);
	CHECK(world_mount("/var/log/small", "size=4k,mode=755"));
	if (!SERVER(&s, "log.json_file=/var/log/small/j") ||
	    !ftp_enter(&c, "anna"))
		return;
	for (int i = 0; i < 200; i++) {
		EXPECT(&c, 257, "MKD directory-with-a-name-%d", i);
		EXPECT(&c, 250, "RMD directory-with-a-name-%d", i);
	}
	CHECK_LOGGED(0, "error log file /var/log/small/j: No space left on "
		"device; losing lines");
	ftp_close(&c);
	server_stop(&s);
	CHECK(files_read("/var/log/small/j", text, sizeof(text)) > 0);
	CHECK_SAYS(ctl_json_lines(text) > 0, "no JSON: %s", text);
}

CU_TestInfo functional_tests[] = {
	{ "the new file is root's", test_for_root },
	{ "files are renamed, and the server is reloaded",
		test_rename_and_signal },
	{ "files are only renamed", test_rename },
	{ "a full disk", test_full },
	CU_TEST_INFO_NULL,
};
