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
#include "pam/children.c"

#include "pam/monitor.h"

#include "common/buffer.h"
#include "common/process/empty_root.h"
#include "common/process/role_prepare.h"
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

static bool pam_wants_code;	/* after the password */

static bool
answer_is(const struct pam_conv *conv, const char *question,
	const char *expected)
{
	const struct pam_message ask = { PAM_PROMPT_ECHO_OFF, question };
	const struct pam_message *messages[] = { &ask };
	struct pam_response *answer = NULL;

	if (conv->conv(1, messages, &answer, conv->appdata_ptr) != PAM_SUCCESS)
		return false;
	bool right = strcmp(answer->resp, expected) == 0;
	free(answer->resp);
	free(answer);
	return right;
}

int
pam_authenticate(pam_handle_t *h, int flags UNUSED)
{
	const struct pam_conv *conv = (const struct pam_conv *)h;

	if (!answer_is(conv, "Password: ", "secret"))
		return PAM_AUTH_ERR;
	if (pam_wants_code && !answer_is(conv, "Code: ", "code"))
		return PAM_AUTH_ERR;
	return PAM_SUCCESS;
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
static bool under_tls;
static int entry_error;		/* of the session, on its first try */
static struct settings *settings;
static struct names *names;

/* The test's end of the monitor's channel, and the monitor. */
static struct channel master;
static pid_t monitor;
static int client;		/* the client's end of the connection */

void
played_greeter(const struct greeter_start *start)
{
	static enum phase phase = PHASE_SPARE;
	struct channel c;
	struct message m;

	close(master.fd);
	close(client);
	signal(SIGABRT, SIG_DFL);
	channel_open(&c, start->monitor_fd, PARTY_GREETER, PARTY_MONITOR,
		&phase);
	if (channel_recv(&c, &m) != 1)
		_exit(OUTCOME_STOPPED);
	CHILD_CHECK(m.type == MESSAGE_greet);
	phase = PHASE_LOGIN;
	master.fd = m.fds[0];	/* the client's connection */
	greeter_part(&c);
	_exit(OUTCOME_QUIT);
}

static void stay(struct channel *c UNUSED) { for (;;) pause(); }

/* The session says who it is and what it was given, on its connection. */
static void
introduce(const struct session_start *start, const struct message *m)
{
	BUFFER(text, 200);

	buffer_addf(&text, "%s %s %s %u %.*s", start->identity->user,
		start->identity->key, start->identity->home,
		m->handover.leftover_len, 3, m->handover.leftover);
	(void)!write(start->control_fd, text.data, text.len);
}

void
played_session(const struct session_start *start)
{
	const int keep[] = { start->monitor_fd, start->handover_fd,
		start->control_fd, log_descriptor() };
	struct channel c, greeter;
	struct message m;

	child_begin(keep, ARRAY_SIZE(keep));
	channel_open(&c, start->monitor_fd, PARTY_SESSION, PARTY_MONITOR,
		&channel_any_phase);
	channel_open(&greeter, start->handover_fd, PARTY_SESSION,
		PARTY_GREETER, &channel_any_phase);
	message_zero(&m);
	m.type = entry_error == 0 ? MESSAGE_entered : MESSAGE_entry_failed;
	m.entry_failed.error = entry_error;
	CHILD_CHECK(channel_send(&c, &m) == 0);
	if (channel_recv(&greeter, &m) != 1)
		_exit(OUTCOME_LOST);
	CHILD_CHECK(m.type == MESSAGE_handover);
	introduce(start, &m);
	log_debug("session");
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

	message_zero(&m);
	m.type = MESSAGE_auth;
	(void)!snprintf(m.auth.user, sizeof(m.auth.user), "%s", user);
	(void)!snprintf(m.auth.password, sizeof(m.auth.password), "%s",
		password);
	m.auth.tls = said_tls;
	m.auth.tls.on = under_tls;
	CHILD_CHECK(channel_send(c, &m) == 0);
}

#define GRANTED (-1)

/* GRANTED, with the channel to the session in *session, or enum denial. */
static int
try_login_for(struct channel *c, const char *user, const char *password,
	int *session)
{
	struct message m;

	ask(c, user, password);
	do {
		if (channel_recv(c, &m) != 1)
			_exit(OUTCOME_STOPPED);
	} while (m.type == MESSAGE_end_session);
	*session = m.fds[0];
	if (m.type == (under_tls ? MESSAGE_granted_tls : MESSAGE_granted))
		return GRANTED;
	CHILD_CHECK(m.type == MESSAGE_denied);
	return m.denied.denial;
}

UNUSED static int
try_login(struct channel *c, const char *user, const char *password)
{
	int session;

	return try_login_for(c, user, password, &session);
}

static void
hand_over(int fd)
{
	struct channel session;
	struct message m;

	channel_open(&session, fd, PARTY_GREETER, PARTY_SESSION,
		&channel_any_phase);
	message_zero(&m);
	m.type = MESSAGE_handover;
	m.handover.type = 'I';
	m.handover.prot = 'C';
	m.handover.leftover_len = 4;
	memcpy(m.handover.leftover, "PWD\n", 4);
	CHILD_CHECK(channel_send(&session, &m) == 0);
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
	if (empty_root_fd() < 0)
		CU_ASSERT_EQUAL_FATAL(role_prepare("nobody", "nobody",
			"nobody"), 0);
	(void)!snprintf(delay_text, sizeof(delay_text),
		"auth.failed_login_delay=%s", delay);
	settings = settings_load(NULL, true, assignments, 4, NULL, NULL);
	names = names_load("/etc/passwd", "/etc/group");
	for (int i = 1; i < 4; i++)
		free(assignments[i]);
	CU_ASSERT_FATAL(settings != NULL && names != NULL);
	CU_ASSERT_EQUAL_FATAL(channel_pair(fds), 0);
	channel_open(&master, fds[0], PARTY_MASTER, PARTY_MONITOR,
		&channel_any_phase);
	greeter_part = greeter;
	client = -1;
	monitor = child_fork();
	if (monitor == 0) {
		const struct monitor_start start = { .master_fd = fds[1],
			.settings = settings, .names = names,
			.keeper_service = -1 };
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
	message_zero(&m);
	m.type = MESSAGE_client;
	m.client.session = 7;
	m.client.verdict = (int32_t)verdict;
	CU_ASSERT_EQUAL(address_of_connection(pair[1], &m.client.peer,
		&m.client.local), 0);
	m.fds[0] = pair[1];
	CU_ASSERT_EQUAL(channel_send(&master, &m), 0);
	close(pair[1]);
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
	message_zero(&m);
	m.type = MESSAGE_login_verdict;
	m.login_verdict.granted = granted;
	m.login_verdict.limit = LOGIN_LIMIT_USER;
	CU_ASSERT_EQUAL(channel_send(&master, &m), 0);
}

/* What the master was told of the last failed login. */
static struct guess reported;

/* Not every test has failed logins. */
UNUSED static bool
failure_reported(void)
{
	struct pollfd p = { .fd = master.fd, .events = POLLIN };
	struct message m;

	if (poll(&p, 1, 5000) != 1 || channel_recv(&master, &m) != 1 ||
	    m.type != MESSAGE_login_failed)
		return false;
	reported = m.login_failed.guess;
	return true;
}

static void
say_shutdown(bool now)
{
	struct message m;

	message_zero(&m);
	m.type = MESSAGE_shutdown;
	m.shutdown.now = now;
	CU_ASSERT_EQUAL(channel_send(&master, &m), 0);
}

/* How the monitor ended, within ten seconds. */
static int
ended(void)
{
	int status = 0;

	if (!unit_await_exit(monitor))
		kill(monitor, SIGKILL);
	CU_ASSERT_EQUAL(waitpid(monitor, &status, 0), monitor);
	channel_close(&master);
	io_close(&client);
	settings_free(settings);
	names_free(names);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

#endif
