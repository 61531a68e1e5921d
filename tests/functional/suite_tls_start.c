/*
 * suite_tls_start.c - TLS modes of listeners, certificates that prevent the
 * start, and wake-ups of the master.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/text.h"
#include "tests/functional/files.h"
#include "tests/functional/ftps.h"
#include "tests/functional/ftps_certs.h"
#include "tests/functional/procs.h"
#include "tests/functional/world.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>

const char *const functional_name = "tls_start";

#define OWN    "/etc/sureftpd/own.pem"
#define BROKEN "-----BEGIN CERTIFICATE-----\nbroken\n"

/* A client for implicit TLS takes the 220 for TLS, and hangs up. */
static void
check_hello_at_once(void)
{
	static const char hello[] = "\x16\x03\x01\x02\x00\x01\x00\x01\xfc";
	struct ftp c;

	CHECK_NUMBER(ftp_connect(&c), 220);
	ftp_send(&c, hello, sizeof(hello) - 1);
	CHECK(ftp_is_closed(&c));
	ftp_close(&c);
	CHECK_LOGGED(0, "*warning*peer=127.0.0.1 greeter: the client began "
		"with TLS, but this listener is not one with tls = implicit");
}

static void
test_listeners(void)
{
	struct server s;
	struct ftps t;
	struct ftp c;

	ftps_init(&t);
	ftps_certs_make(OWN, "first.example");
	server_configure("[tls]\ncertificate = " OWN "\n"
		"[listener]\naddress = 127.0.0.1\n"
		"[listener ftps]\nport = 990\ntls = implicit\n"
		"[listener plain]\naddress = ::1\ntls = off\n");
	if (!SERVER(&s))
		return;
	CHECK(ftps_enter(&t, "anna"));
	CHECK_NUMBER(ftp_put(&t.c, "x", 1, "STOR f"), 226);
	ftp_close(&t.c);
	ftps_init(&t);
	CHECK_NUMBER(ftps_connect_implicit(&t, 990), 220);
	CHECK_TEXT(ftps_server_name(&t), "first.example");
	if (ftps_login(&t, "anna"))
		CHECK_NUMBER(ftp_put(&t.c, "x", 1, "STOR f"), 226);
	ftp_close(&t.c);
	CHECK_NUMBER(ftp_connect_to(&c, "::1", NULL), 220);
	ftp_command(&c, "AUTH TLS");
	CHECK(c.code >= 400);
	CHECK_NUMBER(ftp_login(&c, "anna", "anna-pass"), 230);
	ftp_close(&c);
	check_hello_at_once();
	server_stop(&s);
}

/* Clients that begin with TLS take protected data connections for granted. */
static void
test_implicit_protects_data(void)
{
	struct server s;
	struct ftps t;

	ftps_init(&t);
	if (!FTPS_SERVER(&s, "listener.tls=implicit"))
		return;
	CHECK_NUMBER(ftps_connect_implicit(&t, 21), 220);
	CHECK_NUMBER(ftp_login(&t.c, "anna", "anna-pass"), 230);
	EXPECT(&t.c, 211, "STAT");
	CHECK_HAS(t.c.text, "PROT P");
	CHECK_NUMBER(ftp_put(&t.c, "x", 1, "STOR f"), 226);
	CHECK(t.resumed);
	CHECK(files_same("/home/anna/f", "x", 1));
	/* PROT C is possible. */
	EXPECT(&t.c, 200, "PROT C");
	t.clear_data = true;
	CHECK_NUMBER(ftp_put(&t.c, "y", 1, "STOR f"), 226);
	CHECK(files_same("/home/anna/f", "y", 1));
	ftp_close(&t.c);
	server_stop(&s);
}

/* The program with one option more; its status, what it wrote in the log. */
static int
run(const char *option, const char *value, const char *mode)
{
	int status = -1;

	unlink(SERVER_ERRORS);
	fflush(stdout);
	pid_t pid = fork();
	if (pid == 0) {
		int fd = open(SERVER_ERRORS, O_WRONLY | O_CREAT, 0600);
		dup2(fd, 1);
		dup2(fd, 2);
		execl(WORLD_SERVER, WORLD_SERVER, option, value, mode, NULL);
		_exit(127);
	}
	CHECK(server_wait(pid, 10000, &status));
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
test_wrong_at_start(void)
{
	ftps_certs_make(OWN, "first.example");
	CHECK_NUMBER(run("-o", "tls.certificate=" OWN, "--check"), EX_OK);
	files_write_text(OWN, BROKEN);
	CHECK_NUMBER(run("-o", "tls.certificate=" OWN, "--check"), EX_CONFIG);
	CHECK_LOGGED(0, OWN ": the certificate cannot be read: bad end line");
	CHECK_NUMBER(run("-o", "tls.certificate=" OWN, NULL), EX_CONFIG);
	CHECK_LOGGED(0, "sureftpd: error: " OWN ": the certificate cannot be "
		"read: bad end line");
	unlink(OWN);
	CHECK_NUMBER(run("-o", "tls.certificate=" OWN, NULL), EX_CONFIG);
	CHECK_LOGGED(0, "sureftpd: error: " OWN ": cannot be read: No such "
		"file or directory");
	CHECK_NUMBER(run("-o", "listener.tls=implicit", NULL), EX_CONFIG);
	CHECK_LOGGED(0, "sureftpd: error: -o: tls = implicit requires a "
		"certificate in [tls]");
}

static void
test_made_certificate(void)
{
	struct server s;
	struct stat st;
	struct ftps t;

	CHECK_NUMBER(run("--make-certificate", OWN, "--host=made.example"),
		EX_OK);
	CHECK(stat(OWN, &st) == 0 && (st.st_mode & 07777) == 0600);
	CHECK_NUMBER(run("--make-certificate", OWN, NULL), EX_CANTCREAT);
	if (!SERVER(&s, "tls.certificate=" OWN))
		return;
	ftps_init(&t);
	CHECK(ftps_enter(&t, "anna"));
	CHECK_TEXT(ftps_server_name(&t), "made.example");
	ftp_close(&t.c);
	server_stop(&s);
}

/* How often it wakes up in more than one interval of the watch.  That nothing
 * happens is told by time alone. */
static int64_t
awakenings(pid_t pid)
{
	int64_t before = procs_sleeps(pid);

	CHECK(before >= 0);
	wait_for_time(1200);
	return procs_sleeps(pid) - before;
}

static void
test_master_sleeps(void)
{
	struct server s;
	int64_t n = 1;

	if (!SERVER(&s, "tls.certificate_check_interval=1"))
		return;
	CHECK(procs_settle());
	/* What the start left to be done may disturb the first look. */
	for (int i = 0; i < 3 && n > 0; i++)
		n = awakenings(s.pid);
	CHECK_NUMBER(n, 0);
	server_stop(&s);
	/* Control: with a certificate it checks the files, which is
	 * detected. */
	if (!FTPS_SERVER(&s, "tls.certificate_check_interval=1"))
		return;
	CHECK(awakenings(s.pid) > 0);
	server_stop(&s);
}

/* RFC 2228: TLS has no exchange of security data, and protects no command by
 * itself. */
static void
test_single_commands(void)
{
	static const char *const lines[] = { "MIC x", "CONF x", "ENC x" };
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s))
		return;
	ftps_init(&t);
	CHECK_NUMBER(ftp_connect(&t.c), 220);
	EXPECT(&t.c, 503, "ADAT eA==");
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		EXPECT(&t.c, 503, "%s", lines[i]);
	EXPECT(&t.c, 234, "AUTH TLS");
	CHECK_SAYS(ftps_handshake(&t), "%s", t.error);
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		EXPECT(&t.c, 537, "%s", lines[i]);
	CHECK(ftps_login(&t, "anna"));
	EXPECT(&t.c, 503, "ADAT eA==");
	EXPECT(&t.c, 537, "MIC x");
	EXPECT(&t.c, 214, "HELP");
	CHECK_LACKS(t.c.text, "CONF");
	ftp_close(&t.c);
	server_stop(&s);
}

static void
check_feat(struct ftp *c, bool auth, bool protection)
{
	EXPECT(c, 211, "FEAT");
	CHECK((strstr(c->text, "\n AUTH TLS\n") != NULL) == auth);
	CHECK((strstr(c->text, "\n PBSZ\n") != NULL) == protection);
	CHECK((strstr(c->text, "\n PROT\n") != NULL) == protection);
}

/* FEAT has AUTH only where TLS can begin, PBSZ and PROT only where it may. */
static void
test_feat(void)
{
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s))
		return;
	ftps_init(&t);
	CHECK_NUMBER(ftp_connect(&t.c), 220);
	check_feat(&t.c, true, true);
	EXPECT(&t.c, 234, "AUTH TLS");
	CHECK_SAYS(ftps_handshake(&t), "%s", t.error);
	check_feat(&t.c, false, true);
	CHECK(ftps_login(&t, "anna"));
	check_feat(&t.c, false, true);
	ftp_close(&t.c);

	CHECK(ftp_enter(&t.c, "anna"));
	check_feat(&t.c, false, false);
	ftp_close(&t.c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "FEAT depends on TLS and on the login", test_feat },
	{ "ADAT, MIC, CONF and ENC are refused",
		test_single_commands },
	{ "listeners with explicit, implicit and no TLS in one server",
		test_listeners },
	{ "implicit TLS begins with PROT P", test_implicit_protects_data },
	{ "invalid certificates: no start, reported by --check",
		test_wrong_at_start },
	{ "--make-certificate makes a usable certificate",
		test_made_certificate },
	{ "without a certificate the master sleeps", test_master_sleeps },
	CU_TEST_INFO_NULL,
};
