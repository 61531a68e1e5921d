/*
 * test_recorder.c - the recorder between its service socket and its logs: which
 * senders it trusts, when it exits, and that it drops its privileges.
 */
#include "common/base.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/log/log.h"
#include "common/process/child.h"
#include "common/process/log_source.h"
#include "common/process/role.h"
#include "common/process/role_prepare.h"
#include "common/process/service_socket.h"
#include "daemon/recorder/recorder.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

const char *const unit_name = "recorder";

/* A directory with the logs, what came on standard error, and the sockets. */
struct fixture {
	char directory[64], path[3][80];
	char text[65536];
	struct settings settings;
	int fds[2];
	int stderr_kept, stderr_read;
};

static void
begin(struct fixture *f)
{
	static const char *const names[] = { "protocol", "vsftpd", "xfer" };
	int fds[2];

	memset(f, 0, sizeof(*f));
	snprintf(f->directory, sizeof(f->directory),
		"/tmp/sureftpd-recorder-XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(f->directory));
	for (size_t i = 0; i < 3; i++)
		snprintf(f->path[i], sizeof(f->path[i]), "%s/%s", f->directory,
			names[i]);
	f->settings.server.destination = LOG_TO_STDERR;
	f->settings.server.level = LOG_LEVEL_INFO;
	f->settings.server.protocol = f->path[0];
	f->settings.server.vsftpd_file = f->path[1];
	f->settings.server.xferlog_file = f->path[2];
	CU_ASSERT_EQUAL_FATAL(service_socket_pair(f->fds, 0), 0);

	CU_ASSERT_EQUAL_FATAL(pipe2(fds, O_CLOEXEC), 0);
	f->stderr_read = fds[0];
	CU_ASSERT_EQUAL(io_nonblocking(fds[0], true), 0);
	f->stderr_kept = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
	dup2(fds[1], STDERR_FILENO);
	close(fds[1]);
}

/* Let the recorder write what has been sent, and read standard error. */
static void
record(struct fixture *f)
{
	const struct recorder_start start = {
		.runner = -1, .settings = &f->settings };
	size_t len = 0;
	ssize_t n;

	log_connect(-1);
	io_close(&f->fds[1]);
	struct recorder *r = recorder_open(&start, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(r);
	struct intake *in = intake_new(f->fds[0], -1, geteuid(), 0);
	CU_ASSERT_PTR_NOT_NULL_FATAL(in);
	recorder_loop(r, in);
	intake_free(in);
	recorder_close(r);
	while ((n = read(f->stderr_read, f->text + len,
	    sizeof(f->text) - 1 - len)) > 0)
		len += (size_t)n;
	f->text[len] = '\0';
}

static void
end(struct fixture *f)
{
	dup2(f->stderr_kept, STDERR_FILENO);
	close(f->stderr_kept);
	close(f->stderr_read);
	io_close(&f->fds[0]);
	io_close(&f->fds[1]);
	for (size_t i = 0; i < 3; i++)
		unlink(f->path[i]);
	CU_ASSERT_EQUAL(rmdir(f->directory), 0);
}

/* The file's content, up to the next call. */
static const char *
content(const char *path)
{
	static char data[65536];

	CU_ASSERT_FATAL(io_read_file(path, data, sizeof(data)) >= 0);
	return data;
}

static unsigned
lines(const char *text)
{
	unsigned n = 0;

	for (; *text != '\0'; text++)
		n += *text == '\n';
	return n;
}

/* A child that sends, as this uid; its process number. */
static pid_t
child_sends(struct fixture *f, enum event_type type, uid_t uid)
{
	int status;

	fflush(NULL);
	pid_t pid = fork();
	CU_ASSERT_FATAL(pid >= 0);
	if (pid == 0) {
		struct event e = event_new(type);
		if (uid != geteuid() && setresuid(uid, uid, uid) < 0)
			_exit(1);
		log_connect(f->fds[1]);
		e.user = "anna";
		e.path = "/f";
		e.text = "said";
		e.pid = 1;
		event_send(&e);
		_exit(0);
	}
	CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
	CU_ASSERT_EQUAL(status, 0);
	return pid;
}

static void
test_all_logs(void)
{
	char expected[256];
	struct fixture f;

	begin(&f);
	pid_t pid = child_sends(&f, EVENT_download, geteuid());
	child_sends(&f, EVENT_command, geteuid());
	record(&f);
	snprintf(expected, sizeof(expected), "Z sureftpd[%d] info user=anna "
		"download of \"/f\" complete, 0 bytes in 0.000 s, said\n",
		(int)pid);
	CU_ASSERT_PTR_NOT_NULL(strstr(f.text, expected));
	/* Commands are too much for this level, but have their own log. */
	CU_ASSERT_EQUAL(lines(f.text), 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(content(f.path[0]), "command: said\n"));
	CU_ASSERT_EQUAL(lines(content(f.path[0])), 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(content(f.path[1]), "[anna] OK DOWNLOAD: "
		"Client \"-\", \"/f\", 0.00Kbyte/sec\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(content(f.path[2]),
		" 1 - 0 /f b _ o r anna ftp 0 * c\n"));
	end(&f);
}

static void
test_trust(void)
{
	struct fixture f;

	begin(&f);
	child_sends(&f, EVENT_login_failed, geteuid());
	if (geteuid() == 0) {
		child_sends(&f, EVENT_login_failed, 4242);
		child_sends(&f, EVENT_upload, 4242);
	} else {
		puts("not root: senders of other accounts are not tried");
	}
	record(&f);
	CU_ASSERT_PTR_NOT_NULL(strstr(f.text, "user=anna login failed: said"));
	if (geteuid() == 0) {
		CU_ASSERT_PTR_NOT_NULL(strstr(f.text,
			", uid 4242, sent a malformed event\n"));
		CU_ASSERT_PTR_NULL(strstr(f.text, "upload of"));
		CU_ASSERT_EQUAL(lines(f.text), 3);
		CU_ASSERT_EQUAL(lines(content(f.path[1])), 1);
	}
	end(&f);
}

static void
test_malformed(void)
{
	static const char large[2 * EVENT_PACKED_MAX];
	struct fixture f;

	begin(&f);
	/* Nothing at all is no end of the stream. */
	CU_ASSERT_EQUAL(send(f.fds[1], "", 0, 0), 0);
	CU_ASSERT_EQUAL(send(f.fds[1], "junk", 4, 0), 4);
	CU_ASSERT_EQUAL(send(f.fds[1], large, sizeof(large), 0),
		(ssize_t)sizeof(large));
	CU_ASSERT_EQUAL(service_socket_send(f.fds[1], "x", 1, f.fds[1], 0), 0);
	child_sends(&f, EVENT_delete, geteuid());
	size_t before = scratch_descriptors();
	record(&f);
	CU_ASSERT_EQUAL(scratch_descriptors(), before - 1);
	char *at = strstr(f.text, "sent a malformed event\n");
	for (int i = 0; i < 2; i++) {
		CU_ASSERT_PTR_NOT_NULL_FATAL(at);
		at = strstr(at + 1, "sent a malformed event\n");
	}
	CU_ASSERT_PTR_NOT_NULL(strstr(f.text,
		"sent a malformed attachment\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(f.text, "deleted \"/f\"\n"));
	CU_ASSERT_EQUAL(lines(f.text), 5);
	end(&f);
}

static void
test_claims(void)
{
	char data[EVENT_PACKED_MAX];
	struct event e = event_new(EVENT_message);
	struct fixture f;

	begin(&f);
	e.wall_ns = 1;
	e.lost = 17;
	e.text = "from 1970\n2026";
	size_t len = event_pack(&e, data);
	CU_ASSERT_EQUAL(send(f.fds[1], data, len, 0), (ssize_t)len);
	record(&f);
	CU_ASSERT_PTR_NULL(strstr(f.text, "1970-01-01"));
	CU_ASSERT_PTR_NOT_NULL(strstr(f.text, " lost 17 log events\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(f.text, "from 1970\\x0A2026\n"));
	end(&f);
}

static void
test_bad_path(void)
{
	struct fixture f;
	char path[] = "/nonexistent/sureftpd/log";

	begin(&f);
	f.settings.server.vsftpd_file = path;
	f.settings.server.protocol = NULL;
	child_sends(&f, EVENT_upload, geteuid());
	record(&f);
	CU_ASSERT_PTR_NOT_NULL(strstr(f.text, " error log file /nonexistent/"
		"sureftpd/log: No such file or directory\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(f.text, "upload of"));
	CU_ASSERT_EQUAL(lines(content(f.path[2])), 1);
	end(&f);
}

/* Look at the recorder's process until it has changed its uid. */
static bool
became(pid_t pid, uid_t uid)
{
	int64_t deadline = clock_after(5);
	char path[64];
	struct stat st;

	/* A non-dumpable process's files belong to root: use status. */
	snprintf(path, sizeof(path), "/proc/%d/task/%d/status", (int)pid,
		(int)pid);
	while (!clock_passed(deadline) && stat(path, &st) == 0) {
		char status[8192], expected[64];
		FILE *file = fopen(path, "re");
		size_t n = file == NULL ? 0 :
			fread(status, 1, sizeof(status) - 1, file);
		if (file != NULL)
			fclose(file);
		status[n] = '\0';
		snprintf(expected, sizeof(expected), "Uid:\t%u\t%u\t%u\t%u\n",
			uid, uid, uid, uid);
		if (strstr(status, expected) != NULL &&
		    strstr(status, "NoNewPrivs:\t1\n") != NULL &&
		    strstr(status, "CapEff:\t0000000000000000\n") != NULL)
			return true;
		clock_sleep_until(clock_ms() + 5);	/* nothing tells */
	}
	return false;
}

/* What a session of uid 4242 sends, whose monitor is this process. */
static void
session_sends(struct fixture *f)
{
	struct log_source source;
	int fd, status;

	log_connect(f->fds[1]);
	CU_ASSERT_EQUAL_FATAL(log_source_open(&source, LOG_SOURCE_SESSION,
		&fd), 0);
	source.identity.session = 7;
	CU_ASSERT_EQUAL(address_parse(&source.identity.peer, "192.0.2.7"), 0);
	log_source_attach(&source);
	pid_t pid = fork();
	CU_ASSERT_FATAL(pid >= 0);
	if (pid == 0) {
		struct event e = event_new(EVENT_upload);
		if (setresuid(4242, 4242, 4242) < 0)
			_exit(1);
		log_connect(fd);
		event_send(&e);
		_exit(0);
	}
	close(fd);
	CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
	CU_ASSERT_EQUAL(status, 0);
	log_source_close(&source);
	log_connect(-1);
}

/* The whole process: gives up its rights, ignores signals, writes, ends with
 * its last sender. */
static void
test_process(void)
{
	struct fixture f;
	struct stat st;
	int status;

	begin(&f);
	if (geteuid() != 0) {
		puts("not root: the recorder's process is not tried");
		end(&f);
		return;
	}
	CU_ASSERT_EQUAL(chmod(f.directory, 0755), 0);
	CU_ASSERT_EQUAL_FATAL(role_prepare("nobody", "nobody", "nobody"), 0);
	uid_t uid = role_service_account(ROLE_RECORDER)->uid;
	fflush(NULL);
	pid_t pid = fork();
	CU_ASSERT_FATAL(pid >= 0);
	if (pid == 0) {
		child_begin(&f.fds[0], 1);
		recorder_main(&(struct recorder_start){
			.service = f.fds[0], .runner = -1,
			.settings = &f.settings });
	}
	CU_ASSERT_TRUE(became(pid, uid));
	CU_ASSERT_EQUAL(stat(f.path[1], &st), 0);
	CU_ASSERT_EQUAL(st.st_uid, uid);
	CU_ASSERT_EQUAL(st.st_mode & 0777, 0640);
	kill(pid, SIGTERM);
	kill(pid, SIGINT);
	kill(pid, SIGHUP);
	child_sends(&f, EVENT_login, 0);
	/* It looks at the file again, which is the service account's now. */
	clock_sleep_until(clock_ms() + 1100);
	session_sends(&f);
	close(f.fds[1]);
	f.fds[1] = -1;
	CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
	CU_ASSERT_EQUAL(status, 0);
	CU_ASSERT_EQUAL(lines(content(f.path[1])), 2);
	CU_ASSERT_PTR_NOT_NULL(strstr(content(f.path[1]), "OK LOGIN"));
	CU_ASSERT_PTR_NOT_NULL(strstr(content(f.path[1]),
		"OK UPLOAD: Client \"192.0.2.7\""));
	end(&f);
}

CU_TestInfo unit_tests[] = {
	{ "an event goes to every log that has a line for it", test_all_logs },
	{ "only root is trusted on the service socket", test_trust },
	{ "malformed datagrams, descriptors, empty ones", test_malformed },
	{ "losses are reported, times are checked", test_claims },
	{ "a log file that cannot be opened is skipped", test_bad_path },
	{ "the process gives up its rights and ends with its senders",
		test_process },
	CU_TEST_INFO_NULL,
};
