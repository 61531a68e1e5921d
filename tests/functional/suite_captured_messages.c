/*
 * suite_captured_messages.c - every kind of compromised process: the test makes
 * it send every message, valid or not, on every socket that it has.  Its own
 * session may end; nothing else may change.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/ftps.h"
#include "tests/functional/ftps_certs.h"
#include "tests/functional/procs.h"
#include "tests/functional/quotas.h"
#include "tests/functional/radius_world.h"
#include "tests/functional/spray.h"
#include "tests/functional/waiting.h"

#include <dirent.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

const char *const functional_name = "captured_messages";

#define CHECKER "/etc/sureftpd/checker"
#define BUSY	"session.upload_check=" CHECKER, "quota.quota_bytes=1M", \
	"events.run_as=session", "events.on_mkdir=" CHECKER, \
	"listener.active_source_port=20", \
	"limits.ban_exempt=127.0.0.0/8"

static bool
is_gone(void *pid)
{
	int status;

	(void)waitpid(*(const pid_t *)pid, &status, __WALL | WNOHANG);
	return kill(*(const pid_t *)pid, 0) < 0;
}

static size_t
descriptors_of(pid_t pid)
{
	char path[64];
	size_t count = 0;

	snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
	DIR *d = opendir(path);
	while (d != NULL && readdir(d) != NULL)
		count++;
	if (d != NULL)
		closedir(d);
	return count;
}

/* --- what must go on */

struct watched {
	struct server *server;
	struct ftp other;		/* a session of bert's */
	size_t descriptors, sent;
};

static bool
begin(struct watched *w, struct server *s)
{
	w->server = s;
	if (!ftp_enter(&w->other, "bert") || !CHECK(procs_settle()))
		return false;
	w->descriptors = descriptors_of(s->pid);
	w->sent = spray_sent();
	return true;
}

static struct watched *settling;

static bool
has_settled(UNUSED void *context)
{
	return descriptors_of(settling->server->pid) <= settling->descriptors;
}

static void
end(struct watched *w)
{
	EXPECT(&w->other, 200, "NOOP");
	CHECK_NUMBER(ftp_try_login("anna", "anna-pass"), 230);
	CHECK(procs_settle());
	settling = w;
	CHECK_SAYS(wait_until(has_settled, NULL, 10000), "the master had %zu "
		"descriptors, and has %zu", w->descriptors,
		descriptors_of(w->server->pid));
	ftp_close(&w->other);
	CHECK_LACKS(server_log(), "AddressSanitizer");
	CHECK_LACKS(server_log(), "runtime error");
	for (int signal = 1; signal < 32; signal++) {
		if (signal == SIGKILL)
			continue;
		char text[32];
		snprintf(text, sizeof(text), "killed by signal %d", signal);
		CHECK_LACKS(server_log(), text);
	}
}

/* --- processes of one session */

typedef bool connect_function(struct ftps *t);

static bool
connect_clear(struct ftps *t)
{
	return CHECK_NUMBER(ftp_connect(&t->c), 220);
}

static bool
enter_clear(struct ftps *t)
{
	return ftp_enter(&t->c, "anna");
}

static bool
connect_tls(struct ftps *t)
{
	ftps_init(t);
	return CHECK(ftps_connect(t));
}

static bool
enter_tls(struct ftps *t)
{
	return connect_tls(t) && ftps_login(t, "anna");
}

/* The only process of this name that is not bert's, and not idle. */
static pid_t
process_of(const char *name, const struct proc *before, size_t count)
{
	static struct proc list[PROCS_MAX];
	size_t n = procs_list(name, list, PROCS_MAX);

	for (size_t i = 0; i < n && i < PROCS_MAX; i++) {
		bool old = false;
		for (size_t k = 0; k < count; k++)
			old = old || before[k].pid == list[i].pid;
		if (!old && (strcmp(name, PROCS_SESSION) == 0 ||
		    procs_connected(list[i].pid) > 0))
			return list[i].pid;
	}
	return -1;
}

static void
try_session(struct watched *w, const char *name, connect_function *connect,
	uint32_t type, size_t pattern)
{
	static struct proc before[PROCS_MAX];
	static struct ftps t;
	struct captive c;
	size_t n = procs_list(PROCS_SESSION, before, PROCS_MAX);

	if (!connect(&t))
		return;
	pid_t pid = process_of(name, before, n);
	if (!CHECK(pid > 0) || !CHECK(inject_capture(&c, pid)))
		return;
	spray_message(&c, type, pattern);
	spray_let_go(&c);
	ftp_close(&t.c);
	CHECK_SAYS(wait_until(is_gone, &pid, 10000), "%s is left after %s",
		name, spray_name(type));
	EXPECT(&w->other, 200, "NOOP");
}

/* Without its sockets it cannot live on. */
static void
check_closed(const char *name, connect_function *connect)
{
	static struct proc before[PROCS_MAX];
	static struct ftps t;
	struct captive c;
	struct watched w;
	struct server s;

	if (!FTPS_SERVER(&s, BUSY) || !begin(&w, &s))
		return;
	for (uint64_t first = 0; first < 12; first++) {
		size_t n = procs_list(PROCS_SESSION, before, PROCS_MAX);

		if (!connect(&t))
			return;
		pid_t pid = process_of(name, before, n);
		if (!CHECK(pid > 0) || !CHECK(inject_capture(&c, pid)))
			return;
		for (uint64_t fd = first; fd < 64; fd++) {
			const uint64_t args[6] = { fd };
			if (inject_syscall(&c, SYS_close, args) == -ENOSYS)
				break;
		}
		spray_let_go(&c);
		ftp_close(&t.c);
		CHECK_SAYS(wait_until(is_gone, &pid, 10000), "%s is left "
			"without its descriptors from %d on", name, (int)first);
		EXPECT(&w.other, 200, "NOOP");
	}
	end(&w);
	server_stop(&s);
}

static void
test_closed(void)
{
	check_closed(PROCS_GREETER, connect_clear);
	check_closed(PROCS_GREETER, connect_tls);
	check_closed(PROCS_GREETER, enter_tls);
	check_closed(PROCS_SESSION, enter_clear);
	check_closed(PROCS_SESSION, enter_tls);
}

static void
check_sessions(const char *name, connect_function *connect, bool tls)
{
	struct watched w;
	struct server s;

	CHECK(files_writef(CHECKER, "#!/bin/sh\nexit 0\n"));
	CHECK(chmod(CHECKER, 0755) == 0);
	if (!(tls ? FTPS_SERVER(&s, BUSY) : SERVER(&s, BUSY)) ||
	    !begin(&w, &s))
		return;
	/* The content matters only if the message is accepted. */
	for (uint32_t type = 0; type < SPRAY_TYPES; type++)
		for (size_t i = 0; i < SPRAY_PATTERNS && (i == 0 ||
		    spray_may_be_from_worker(type)); i++)
			try_session(&w, name, connect, type, i);
	CHECK(spray_sent() > w.sent);
	end(&w);
	server_stop(&s);
}

static void
test_greeter(void)
{
	check_sessions(PROCS_GREETER, connect_clear, false);
}

static void
test_greeter_tls(void)
{
	check_sessions(PROCS_GREETER, connect_tls, true);
}

static void
test_session(void)
{
	check_sessions(PROCS_SESSION, enter_clear, false);
}

static void
test_session_tls(void)
{
	check_sessions(PROCS_SESSION, enter_tls, true);
}

static void
test_relay(void)
{
	check_sessions(PROCS_GREETER, enter_tls, true);
}

/* --- processes of the server's */

static void
check_service(const char *name)
{
	struct watched w;
	struct server s;
	struct ftp c;

	CHECK(files_writef(CHECKER, "#!/bin/sh\nexit 0\n"));
	CHECK(chmod(CHECKER, 0755) == 0);
	if (!FTPS_SERVER(&s, BUSY) || !begin(&w, &s) ||
	    !ftp_enter(&c, "anna"))
		return;
	spray_process(name);
	CHECK(spray_sent() > w.sent);
	EXPECT(&w.other, 200, "NOOP");
	ftp_close(&c);
	end(&w);
	server_stop(&s);
}

static void
test_keeper(void)
{
	check_service(PROCS_KEEPER);
}

static void
test_recorder(void)
{
	check_service(PROCS_RECORDER);
}

static void
test_bookkeeper(void)
{
	check_service(QUOTAS_BOOKKEEPER);
}

/* The master does not talk to it any more: the next one can count. */
static void
test_next_bookkeeper(void)
{
	struct server s;
	struct ftp c;

	files_mkdir_as("finn", "/home/finn", 0755);
	if (!SERVER(&s, QUOTAS_BYTES, "quota.quota_bytes=1M") ||
	    !ftp_enter(&c, "anna"))
		return;
	spray_process(QUOTAS_BOOKKEEPER);
	CHECK_LOGGED(0, "error protocol violation reported by the master: "
		"message * from the bookkeeper: *");
	ftp_close(&c);
	if (!ftp_enter(&c, "finn"))
		return;
	CHECK(quotas_become(&c, 0));
	EXPECT(&c, 200, "TYPE I");
	CHECK_NUMBER(quotas_put(&c, 10, "STOR f"), 226);
	CHECK_NUMBER(quotas_used(&c), 10);
	ftp_close(&c);
	server_stop(&s);
}

static void
test_radius(void)
{
	struct watched w;
	struct server s;

	radius_prepare();
	pid_t radius = radius_serve(1812, RADIUS_GOOD);
	if (!SERVER(&s, "auth.backends=pam radius", "radius.servers=127.0.0.1",
	    "radius.map_uid=7001", "radius.map_gid=7002", BUSY) ||
	    !begin(&w, &s))
		return;
	CHECK_NUMBER(ftp_try_login("virt", "pw-1"), 230);
	spray_process("sureftpd-rad");
	CHECK(spray_sent() > w.sent);
	end(&w);
	CHECK_NUMBER(ftp_try_login("virt", "pw-1"), 230);
	server_stop(&s);
	radius_stop(radius);
}

static void
test_runner(void)
{
	check_service("sureftpd-run");
}

CU_TestInfo functional_tests[] = {
	{ "a greeter's messages", test_greeter },
	{ "a greeter's messages under TLS", test_greeter_tls },
	{ "a session's messages", test_session },
	{ "a session's messages under TLS", test_session_tls },
	{ "a relay's messages", test_relay },
	{ "workers that close their sockets", test_closed },
	{ "the keeper's messages", test_keeper },
	{ "the recorder's messages", test_recorder },
	{ "the bookkeeper's messages", test_bookkeeper },
	{ "a bookkeeper that violated the protocol is replaced",
		test_next_bookkeeper },
	{ "the radius process's messages", test_radius },
	{ "the runner's messages", test_runner },
	CU_TEST_INFO_NULL,
};
