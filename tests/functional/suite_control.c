/*
 * suite_control.c - what sureftpctl shows about the server and its sessions.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/ctl.h"
#include "tests/functional/ftps.h"
#include "tests/functional/ftps_certs.h"
#include "tests/functional/network.h"
#include "tests/functional/procs.h"

#include <sysexits.h>

const char *const functional_name = "control";

static struct ctl_result r;

/* The client's own port, as the server sees it. */
static unsigned
port_of(const struct ftp *c)
{
	struct sockaddr_storage ss = { 0 };
	socklen_t size = sizeof(ss);

	CHECK(getsockname(c->fd, (struct sockaddr *)&ss, &size) == 0);
	return network_port(&ss);
}

/* The table is empty after the only client has disconnected. */
static void
check_nobody(void)
{
	CHECK(procs_wait_for_count(PROCS_SESSION, 0, 2000));
	CHECK(procs_wait_for_count(PROCS_MONITOR, 2, 5000));
	CHECK_NUMBER(CTL(&r, "who"), EX_OK);
	CHECK_TEXT(r.out, "No sessions.\n");
	CHECK_NUMBER(CTL(&r, "who", "--json"), EX_OK);
	CHECK_TEXT(r.out, "");
}

static void
test_clear_session(void)
{
	char wanted[256];
	struct server s;
	struct ftp c;

	if (!SERVER(&s))
		return;
	check_nobody();
	if (!ftp_enter(&c, "anna"))
		return;
	pid_t monitor = procs_serving(PROCS_MONITOR);
	CHECK_NUMBER(CTL(&r, "who", "--wide"), EX_OK);
	CHECK_HAS(ctl_line(r.out, 0), "SESSION  STATE  ACCOUNT  CLIENT");
	snprintf(wanted, sizeof(wanted), "  idle   anna     127.0.0.1:%u  ",
		port_of(&c));
	CHECK_HAS(ctl_line(r.out, 1), wanted);
	snprintf(wanted, sizeof(wanted), "s     none  -       -        %d",
		monitor);
	CHECK_HAS(ctl_line(r.out, 1), wanted);
	CHECK_TEXT(ctl_line(r.out, 2), "");
	CHECK_TEXT(r.err, "");
	CHECK_NUMBER(CTL(&r, "--json", "who"), EX_OK);
	CHECK_NUMBER(ctl_json_lines(r.out), 1);
	CHECK_HAS(r.out, "\"state\":\"session\"");
	CHECK_HAS(r.out, "\"account\":\"anna\","
		"\"account_key\":\"system 1001\",\"tls\":null");
	snprintf(wanted, sizeof(wanted), "\"monitor\":%d,", monitor);
	CHECK_HAS(r.out, wanted);
	EXPECT(&c, 221, "QUIT");
	ftp_close(&c);
	check_nobody();
	server_stop(&s);
}

static void
check_tls(struct ftps *t, bool resumed)
{
	char wanted[512];

	CHECK_NUMBER(CTL(&r, "who", "--json"), EX_OK);
	snprintf(wanted, sizeof(wanted), "\"account_key\":\"system 1001\","
		"\"tls\":{\"version\":\"%s\",\"cipher\":\"%s\",\"resumed\":%s}",
		ftps_version(t), ftps_cipher(t), resumed ? "true" : "false");
	CHECK_HAS(r.out, wanted);
	CHECK_NUMBER(ctl_json_lines(r.out), 1);
	CHECK_NUMBER(CTL(&r, "who", "-w"), EX_OK);
	snprintf(wanted, sizeof(wanted), "  %s  %s  %s  ", ftps_version(t),
		ftps_cipher(t), resumed ? "yes    " : "no     ");
	CHECK_HAS(ctl_line(r.out, 1), wanted);
}

static void
test_tls_sessions(void)
{
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s))
		return;
	for (int version = TLS1_2_VERSION; version <= TLS1_3_VERSION;
	     version++) {
		ftps_init(&t);
		t.version = version;
		if (!ftps_enter(&t, "anna"))
			return;
		check_tls(&t, false);
		ftp_close(&t.c);
		check_nobody();
	}
	server_stop(&s);
}

static void
test_login_under_way(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	EXPECT(&c, 331, "USER anna");
	CHECK_NUMBER(CTL(&r, "who"), EX_OK);
	CHECK_HAS(ctl_line(r.out, 1), "  login  -        127.0.0.1:");
	CHECK_LACKS(r.out, "anna");
	CHECK_NUMBER(CTL(&r, "who", "-j"), EX_OK);
	CHECK_NUMBER(ctl_json_lines(r.out), 1);
	CHECK_HAS(r.out, "\"state\":\"login\"");
	CHECK_LACKS(r.out, "account");
	CHECK_LACKS(r.out, "tls");
	EXPECT(&c, 230, "PASS anna-pass");
	CHECK_NUMBER(CTL(&r, "who"), EX_OK);
	CHECK_HAS(ctl_line(r.out, 1), "  idle   anna  ");
	CHECK_TEXT(ctl_line(r.out, 2), "");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_many(void)
{
	static struct ftp clients[30];
	struct server s;

	if (!SERVER(&s))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(clients); i++)
		CHECK(ftp_enter(&clients[i], i % 2 == 0 ? "anna" : "bert"));
	CHECK_NUMBER(CTL(&r, "who", "--json"), EX_OK);
	CHECK_NUMBER(ctl_json_lines(r.out), ARRAY_SIZE(clients));
	for (size_t i = 0; i < ARRAY_SIZE(clients); i++) {
		char wanted[64];
		snprintf(wanted, sizeof(wanted), "\"port\":%u,",
			port_of(&clients[i]));
		CHECK_HAS(ctl_line(r.out, i), wanted);
		CHECK_HAS(ctl_line(r.out, i), i % 2 == 0 ? "\"anna\"" :
			"\"bert\"");
		ftp_close(&clients[i]);
	}
	server_stop(&s);
}

static void
test_status(void)
{
	char wanted[128];
	struct server s;
	struct ftp waiting, c;

	if (!SERVER(&s, "limits.max_clients=7", "server.max_workers=9"))
		return;
	ftp_enter(&c, "anna");
	CHECK_NUMBER(ftp_connect(&waiting), 220);
	CHECK(procs_wait_for_count(PROCS_MONITOR, 4, 5000));
	CHECK_NUMBER(CTL(&r, "status"), EX_OK);
	snprintf(wanted, sizeof(wanted), "sureftpd " PACKAGE_VERSION
		", pid %d", s.pid);
	CHECK_HAS(ctl_line_with(r.out, "server"), wanted);
	CHECK_HAS(ctl_line_with(r.out, "up since"), "s)");
	CHECK_TEXT(ctl_line_with(r.out, "listening"),
		"listening     port 21, TLS off");
	CHECK_TEXT(ctl_line_with(r.out, "workers"), "workers       2 idle, "
		"1 logging in, 1 in session, 0 refusing (max 9)");
	CHECK_TEXT(ctl_line_with(r.out, "clients"), "clients       2 (max 7)");
	CHECK_HAS(ctl_line_with(r.out, "TLS  "),
		"off (no certificate); sessions: 1 cleartext");
	CHECK_TEXT(r.err, "");
	CHECK_NUMBER(CTL(&r, "status", "--json"), EX_OK);
	CHECK_NUMBER(ctl_json_lines(r.out), 1);
	snprintf(wanted, sizeof(wanted), "\"pid\":%d,", s.pid);
	CHECK_HAS(r.out, wanted);
	CHECK_HAS(r.out, "\"idle\":2,\"logging_in\":1,\"sessions\":1,"
		"\"refusing\":0,\"max_workers\":9,\"max_clients\":7,"
		"\"tls\":false,\"cleartext_sessions\":1,\"tls_sessions\":{},");
	ftp_close(&c);
	ftp_close(&waiting);
	server_stop(&s);
}

static void
test_status_of_tls(void)
{
	struct ftps t[3];
	struct server s;
	struct ftp c;

	if (!FTPS_SERVER(&s, "limits.max_clients=0", "listener.tls=explicit"))
		return;
	ftp_enter(&c, "bert");
	for (size_t i = 0; i < ARRAY_SIZE(t); i++) {
		ftps_init(&t[i]);
		t[i].version = i == 0 ? TLS1_2_VERSION : TLS1_3_VERSION;
		CHECK(ftps_enter(&t[i], "anna"));
	}
	CHECK_NUMBER(CTL(&r, "status"), EX_OK);
	CHECK_TEXT(ctl_line_with(r.out, "listening"),
		"listening     port 21, TLS explicit");
	CHECK_TEXT(ctl_line_with(r.out, "TLS  "), "TLS           on; "
		"sessions: 1 cleartext, 1 TLSv1.2, 2 TLSv1.3");
	CHECK_HAS(ctl_line_with(r.out, "clients"), "(limited by max_workers)");
	CHECK_NUMBER(CTL(&r, "status", "--json"), EX_OK);
	CHECK_HAS(r.out, "\"tls\":true,\"cleartext_sessions\":1,"
		"\"tls_sessions\":{\"TLSv1.2\":1,\"TLSv1.3\":2}");
	for (size_t i = 0; i < ARRAY_SIZE(t); i++)
		ftp_close(&t[i].c);
	ftp_close(&c);
	server_stop(&s);
}

/* The same as in the log at the start, and as in /proc. */
static void
test_status_of_rights(void)
{
	struct server s;
	struct proc greeter;

	if (!SERVER(&s))
		return;
	CHECK(procs_wait_for_count(PROCS_GREETER, 2, 5000));
	CHECK(procs_settle());
	CHECK_NUMBER(procs_list(PROCS_GREETER, &greeter, 1), 2);
	CHECK_NUMBER(CTL(&r, "status"), EX_OK);
	CHECK_HAS(ctl_line_with(r.out, "sandbox"), greeter.seccomp == 2 ?
		"seccomp" : "none");
	const char *said = strstr(server_log(), "missing capabilities ");
	const char *line = ctl_line_with(r.out, "capabilities");
	if (said == NULL) {
		CHECK_HAS(line, "all available");
	} else {
		char caps[600];
		said += strlen("missing capabilities ");
		snprintf(caps, sizeof(caps), "missing %.*s",
			(int)strcspn(said, "("), said);
		CHECK_HAS(line, caps);
	}
	CHECK_NUMBER(CTL(&r, "status", "--json"), EX_OK);
	CHECK_HAS(r.out, said == NULL ? "\"missing_capabilities\":[]" :
		"\"missing_capabilities\":[\"cap_");
	server_stop(&s);
}

static void
test_command_line(void)
{
	struct server s;

	CHECK_NUMBER(CTL(&r, "who"), EX_UNAVAILABLE);
	CHECK_HAS(r.err, "cannot connect to " CTL_SOCKET);
	CHECK_TEXT(r.out, "");
	CHECK_NUMBER(CTL(&r, "--version"), EX_OK);
	CHECK_TEXT(r.out, "sureftpctl " PACKAGE_VERSION "\n");
	CHECK_NUMBER(CTL(&r, "--help"), EX_OK);
	CHECK_HAS(r.out, "who  ");
	CHECK_HAS(r.out, CTL_SOCKET);
	CHECK_NUMBER(CTL(&r, "whom\033[2J"), EX_USAGE);
	CHECK_HAS(r.err, "unknown command: whom\\x1B[2J");
	CHECK_NUMBER(CTL(&r, "who", "me"), EX_USAGE);
	CHECK_NUMBER(CTL(&r, "--no-such"), EX_USAGE);
	CHECK_NUMBER(CTL(&r, "--json"), EX_USAGE);
	CHECK_NUMBER(CTL(&r, "--socket", "/run/nothing", "who"),
		EX_UNAVAILABLE);
	if (!SERVER(&s, "server.control_socket=/run/elsewhere"))
		return;
	CHECK_NUMBER(CTL(&r, "who", "--socket=/run/elsewhere"), EX_OK);
	CHECK_TEXT(r.out, "No sessions.\n");
	CHECK_NUMBER(CTL(&r, "who"), EX_UNAVAILABLE);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "who: a session without TLS, then none", test_clear_session },
	{ "who: TLS 1.2 and 1.3", test_tls_sessions },
	{ "who: a login in progress", test_login_under_way },
	{ "who: thirty sessions, sorted", test_many },
	{ "status: server, workers, clients", test_status },
	{ "status: TLS", test_status_of_tls },
	{ "status: sandbox and capabilities", test_status_of_rights },
	{ "the command line, and no server", test_command_line },
	CU_TEST_INFO_NULL,
};
