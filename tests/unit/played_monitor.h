/*
 * played_monitor.h - a monitor among others that are all played: the master
 * by the test's own process, greeter and session by what it says, and libpam
 * by a few lines here.  The password is "secret".
 */
#ifndef TESTS_UNIT_PLAYED_MONITOR_H
#define TESTS_UNIT_PLAYED_MONITOR_H

#include "common/base.h"

/* The two doors to the worker's processes lead into this file. */
#define greeter_main played_greeter
#define session_main played_session
#include "pam/partner.c"
#include "pam/session_start.c"

#include "pam/monitor.h"

#include "common/buffer.h"
#include "common/settings/settings_load.h"
#include "tests/unit/child.h"
#include "tests/unit/unit.h"

#include <netinet/in.h>
#include <poll.h>
#include <security/pam_appl.h>

int
pam_start(const char *service UNUSED, const char *user UNUSED,
	const struct pam_conv *conv, pam_handle_t **handle)
{
	struct pam_conv *copy = malloc(sizeof(*copy));

	*copy = *conv;
	*handle = (pam_handle_t *)copy;
	return PAM_SUCCESS;
}

int
pam_end(pam_handle_t *handle, int status UNUSED)
{
	free(handle);
	return PAM_SUCCESS;
}

int
pam_set_item(pam_handle_t *h UNUSED, int type UNUSED, const void *i UNUSED)
{
	return PAM_SUCCESS;
}

int
pam_get_item(const pam_handle_t *h UNUSED, int type UNUSED, const void **item)
{
	*item = "nobody";
	return PAM_SUCCESS;
}

int
pam_authenticate(pam_handle_t *h, int flags UNUSED)
{
	const struct pam_conv *conv = (const struct pam_conv *)h;
	const struct pam_message ask = { PAM_PROMPT_ECHO_OFF, "Password: " };
	const struct pam_message *messages[] = { &ask };
	struct pam_response *answer = NULL;

	if (conv->conv(1, messages, &answer, conv->appdata_ptr) != PAM_SUCCESS)
		return PAM_CONV_ERR;
	bool right = strcmp(answer->resp, "secret") == 0;
	free(answer->resp);
	free(answer);
	return right ? PAM_SUCCESS : PAM_AUTH_ERR;
}

#define FINE(name)                                                 \
	int                                                        \
	name(pam_handle_t *h UNUSED, int flags UNUSED)             \
	{                                                          \
		return PAM_SUCCESS;                                \
	}
FINE(pam_acct_mgmt)
FINE(pam_setcred)
FINE(pam_open_session)
FINE(pam_close_session)

const char *
pam_strerror(pam_handle_t *h UNUSED, int status UNUSED)
{
	return "wrong";
}

/* What greeter and session do; set before the monitor is forked. */
static void (*greeter_part)(struct channel *c);
static bool session_obeys = true;
static enum { NOTHING, CLIENT, STRANGER } session_gives_back;
static struct settings *settings;
static struct names *names;

/* The test's end of the monitor's channel, and the monitor. */
static struct channel master;
static pid_t monitor;
static int client;		/* the client's end of the connection */

void
played_greeter(const struct greeter_start *start)
{
	struct channel c;
	struct message m;

	close(master.fd);
	close(client);
	signal(SIGABRT, SIG_DFL);
	channel_open(&c, start->monitor_fd, PARTY_GREETER, PARTY_MONITOR,
		PHASE_SPARE);
	if (channel_recv(&c, &m) != 1)
		_exit(OUTCOME_STOPPED);
	CHILD_CHECK(m.type == MESSAGE_greet);
	c.phase = PHASE_LOGIN;
	master.fd = m.fds[0];	/* the client's connection */
	greeter_part(&c);
	_exit(OUTCOME_QUIT);
}

/* The session says who it is, on the client's connection. */
static void
introduce(const struct session_start *start)
{
	BUFFER(text, 200);

	buffer_addf(&text, "%s %s %u %.*s", start->identity->user,
		start->identity->home, start->handover->leftover_len, 3,
		start->handover->leftover);
	if (start->kernel_tls)
		buffer_addf(&text, " %s by the kernel, relay %d",
			start->facts->version, start->relay_fd);
	(void)!write(start->stream_fd, text.data, text.len);
}

static void stay(struct channel *c UNUSED) { for (;;) pause(); }

static void
give_back(struct channel *c, int fd)
{
	struct message m;

	message_clear(&m);
	m.type = MESSAGE_give_back;
	m.give_back.greeted = 1;
	m.fds[0] = fd;
	CHILD_CHECK(channel_send(c, &m) == 0);
}

static void connect_pair(int pair[2]);

/* A connection of its own in place of the client's. */
static void
give_stranger(struct channel *c)
{
	int pair[2];

	connect_pair(pair);
	give_back(c, pair[1]);
}

void
played_session(const struct session_start *start)
{
	struct channel c;

	channel_open(&c, start->monitor_fd, PARTY_SESSION, PARTY_MONITOR,
		PHASE_SESSION);
	introduce(start);
	if (session_gives_back == CLIENT)
		give_back(&c, start->stream_fd);
	if (session_gives_back == STRANGER)
		give_stranger(&c);
	if (!session_obeys)
		stay(&c);
	_exit(OUTCOME_IDLE);
}

/* What every greeter says of its connection, and the master shall hear. */
static const struct tls_facts said_tls = {
	.version = "TLSv1.3", .cipher = "A_CIPHER", .resumed = 1,
	.kernel_send = 1,
};

static void
ask(struct channel *c, const char *user, const char *password)
{
	struct message m;

	message_clear(&m);
	m.type = MESSAGE_auth;
	(void)!snprintf(m.auth.user, sizeof(m.auth.user), "%s", user);
	(void)!snprintf(m.auth.password, sizeof(m.auth.password), "%s",
		password);
	m.auth.tls = said_tls;
	CHILD_CHECK(channel_send(c, &m) == 0);
}

static int
try_login(struct channel *c, const char *user, const char *password)
{
	struct message m;

	ask(c, user, password);
	if (channel_recv(c, &m) != 1 || m.type != MESSAGE_auth_result)
		_exit(OUTCOME_STOPPED);
	return m.auth_result.result;
}

static void
hand_over(struct channel *c, char type)
{
	struct message m;

	message_clear(&m);
	m.type = MESSAGE_handover;
	m.fds[0] = master.fd;
	m.handover.type = type;
	m.handover.prot = 'C';
	m.handover.leftover_len = 4;
	memcpy(m.handover.leftover, "PWD\n", 4);
	CHILD_CHECK(channel_send(c, &m) == 0);
}

/* --- the master's part: this process */
static bool
begin(void (*greeter)(struct channel *), const char *delay)
{
	char delay_text[64];
	char *assignments[] = { delay_text, strdup("auth.rejected_users=root"),
		strdup("auth.require_valid_shell=no"),
		strdup("auth.allow_missing_home=yes") };
	int fds[2];

	if (child_skip_without_root("the monitor"))
		return false;
	if (role_empty_root() < 0)
		CU_ASSERT_EQUAL_FATAL(role_prepare("nobody", "nobody"), 0);
	(void)!snprintf(delay_text, sizeof(delay_text),
		"auth.failed_login_delay=%s", delay);
	settings = settings_load(NULL, true, assignments, 4, NULL, NULL);
	names = names_load("/etc/passwd", "/etc/group");
	for (int i = 1; i < 4; i++)
		free(assignments[i]);
	CU_ASSERT_FATAL(settings != NULL && names != NULL);
	CU_ASSERT_EQUAL_FATAL(channel_pair(fds), 0);
	channel_open(&master, fds[0], PARTY_MASTER, PARTY_MONITOR,
		PHASE_SPARE);
	greeter_part = greeter;
	client = -1;
	monitor = fork();
	if (monitor == 0) {
		const struct monitor_start start = { .master_fd = fds[1],
			.settings = settings, .names = names };
		close(fds[0]);
		master.fd = -1;
		monitor_main(&start);
	}
	close(fds[1]);
	return true;
}

/* A connection over loopback: the client's end, the server's end. */
static void
connect_pair(int pair[2])
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(a);
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	pair[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(listener, (struct sockaddr *)&a, size) < 0 ||
	    listen(listener, 1) < 0 ||
	    getsockname(listener, (struct sockaddr *)&a, &size) < 0 ||
	    connect(pair[0], (struct sockaddr *)&a, size) < 0)
		abort();
	pair[1] = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	close(listener);
}

static void
send_client(enum verdict verdict)
{
	struct message m;
	int pair[2];

	connect_pair(pair);
	client = pair[0];
	message_clear(&m);
	m.type = MESSAGE_client;
	m.client.session = 7;
	m.client.verdict = (int32_t)verdict;
	CU_ASSERT_EQUAL(address_of_connection(pair[1], &m.client.peer,
		&m.client.local), 0);
	m.fds[0] = pair[1];
	CU_ASSERT_EQUAL(channel_send(&master, &m), 0);
	close(pair[1]);
	master.phase = PHASE_LOGIN;
}

static void
answer_login(bool granted)
{
	struct pollfd p = { .fd = master.fd, .events = POLLIN };
	struct message m;

	CU_ASSERT_EQUAL_FATAL(poll(&p, 1, 5000), 1);
	CU_ASSERT_EQUAL_FATAL(channel_recv(&master, &m), 1);
	CU_ASSERT_EQUAL(m.type, MESSAGE_login);
	CU_ASSERT_STRING_EQUAL(m.login.user, "nobody");
	CU_ASSERT_STRING_EQUAL(m.login.tls.version, said_tls.version);
	CU_ASSERT_STRING_EQUAL(m.login.tls.cipher, said_tls.cipher);
	CU_ASSERT_EQUAL(m.login.tls.resumed, said_tls.resumed);
	CU_ASSERT_EQUAL(m.login.tls.kernel_send, said_tls.kernel_send);
	CU_ASSERT_EQUAL(m.login.tls.kernel_receive, said_tls.kernel_receive);
	message_clear(&m);
	m.type = MESSAGE_login_verdict;
	m.login_verdict.granted = granted;
	CU_ASSERT_EQUAL(channel_send(&master, &m), 0);
}

static void
say_stop(bool now)
{
	struct message m;

	message_clear(&m);
	m.type = MESSAGE_stop;
	m.stop.now = now;
	CU_ASSERT_EQUAL(channel_send(&master, &m), 0);
}

/* How the monitor ended, within ten seconds. */
static int
ended(void)
{
	int64_t deadline = clock_after(10);
	int status = 0;
	pid_t r;

	while ((r = waitpid(monitor, &status, WNOHANG)) == 0 &&
	    !clock_passed(deadline))
		clock_sleep_until(clock_ms() + 5);
	if (r == 0) {
		kill(monitor, SIGKILL);
		waitpid(monitor, &status, 0);
	}
	channel_close(&master);
	io_close(&client);
	settings_free(settings);
	names_free(names);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

#endif
