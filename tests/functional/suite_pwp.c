/*
 * suite_pwp.c - moving over from the PWP server: its command line (P1), its
 * configuration (P38) and what the import makes of it.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/ctl.h"
#include "tests/functional/files.h"
#include "tests/functional/launch.h"
#include "tests/functional/quotas.h"
#include "tests/functional/radius.h"
#include "tests/functional/world.h"

#include <pwd.h>
#include <sys/stat.h>
#include <sysexits.h>

const char *const functional_name = "pwp";

#define FTPD_CONF "/etc/ftpd.conf"
#define REPORT "/var/log/report"

#define RUN(result, ...)                              \
	ctl_run_program((result), WORLD_SERVER, NULL, \
		(const char *const[]){ __VA_ARGS__, NULL })

/* Import FTPD_CONF as the server's configuration; the exit status. */
static int
import(struct ctl_result *r)
{
	return RUN(r, "--import-pwp", "-O", SERVER_CONFIG, "--force");
}

/* --check accepts what the import wrote, and has no warning about it. */
static void
check_accepted(void)
{
	struct ctl_result r;

	CHECK_NUMBER(RUN(&r, "-C", SERVER_CONFIG, "--check"), 0);
	CHECK_LACKS(r.err, "warning");
}

/* P38: without a name it is /etc/ftpd.conf. */
static void
test_files(void)
{
	struct ctl_result r;
	struct stat st;

	CHECK_NUMBER(RUN(&r, "--import-pwp"), EX_NOINPUT);
	CHECK_HAS(r.err, FTPD_CONF ": No such file or directory");
	CHECK(files_write_text(FTPD_CONF, "radius server: 192.0.2.9\n"
		"radius secret: s3cret\nport: 2121\n"));
	CHECK_NUMBER(RUN(&r, "--import-pwp"), 1);
	CHECK_HAS(r.out, "[radius]\nservers = 192.0.2.9:1645\n"
		"secret = s3cret\n");
	CHECK_HAS(r.err, FTPD_CONF ":3: port=2121\n");
	CHECK_LACKS(r.err, "s3cret");
	/* The file has the secret, and is replaced with --force only. */
	CHECK_NUMBER(import(&r), 1);
	CHECK(stat(SERVER_CONFIG, &st) == 0);
	CHECK_NUMBER(st.st_mode & 07777, 0600);
	CHECK_NUMBER(RUN(&r, "--import-pwp", "-O", SERVER_CONFIG),
		EX_CANTCREAT);
	CHECK_HAS(r.err, "--force replaces it");
	check_accepted();
}

static void
test_reports(void)
{
	struct ctl_result r;

	CHECK(files_write_text(FTPD_CONF, "port: 2121\n"));
	CHECK_NUMBER(RUN(&r, "--import-pwp", "--report=json",
		"--report-file=" REPORT), 1);
	CHECK_TEXT(r.err, "");
	CHECK_FILE(REPORT, "\"option\": \"port\"");
	CHECK_FILE(REPORT, "\"options_read\": 1");
	CHECK_NUMBER(RUN(&r, "--import-pwp", "--report=markdown"), 1);
	CHECK_HAS(r.err, "# Import of a PWP server configuration");
	CHECK_NUMBER(RUN(&r, "--import-pwp", "--report=xml"), EX_USAGE);
	CHECK_NUMBER(RUN(&r, "--import-pwp", "-oport"), EX_USAGE);
	CHECK_NUMBER(RUN(&r, "--import-pwp", "--host=x"), EX_USAGE);
	CHECK_NUMBER(RUN(&r, "--import-pwp", FTPD_CONF, "x"), EX_USAGE);
	CHECK_NUMBER(RUN(&r, "--import-pwp", "-oport=99"), 1);
	CHECK_HAS(r.out, "port = 99\n");
	CHECK_NUMBER(RUN(&r, "--import-pwp", "--help"), 0);
	/* What would have stopped the server. */
	CHECK(files_write_text(FTPD_CONF, "port 2121\n"));
	CHECK_NUMBER(RUN(&r, "--import-pwp"), 2);
	CHECK_HAS(r.err, "PWP server would not have started");
	CHECK_HAS(r.err, FTPD_CONF ":1: syntax error");
}

/* Clients of Net::FTPServer go on working with what it becomes. */
static void
test_served(void)
{
	struct ctl_result r;
	struct server s;
	struct ftp c;

	CHECK(files_write_text(FTPD_CONF, "greeting type: text\n"
		"greeting text: 100% Perl\n"
		"root directory: %m\nhome directory: /\n"
		"welcome type: text\nwelcome text: Hello %U.\n"
		"delete rule: 0\nallow rename to overwrite: 0\n"
		"allow store to overwrite: 0\n"
		"restrict command: \"MKD\" $user eq \"bert\"\n"
		"pam application name: sureftpd\npam authentication: 1\n"
		"enable syslog: 0\nmax login attempts: 2\n"));
	CHECK_NUMBER(import(&r), 1);
	check_accepted();
	if (!SERVER(&s, "auth.failed_login_delay=0", "limits.bans_file="))
		return;
	ftp_init(&c, FTP_HOST, NULL);
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_HAS(c.text, "220 100% Perl");
	EXPECT(&c, 331, "USER anna");
	EXPECT(&c, 230, "PASS anna-pass");
	CHECK_HAS(c.text, "230 Hello anna.");
	EXPECT(&c, 257, "PWD");
	CHECK_HAS(c.text, "\"/\"");
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR a"), 226);
	CHECK_NUMBER(ftp_put(&c, "y", 1, "STOR a"), 550);
	EXPECT(&c, 550, "DELE a");
	EXPECT(&c, 500, "MKD d");
	CHECK(files_same("/home/anna/a", "x", 1));
	ftp_close(&c);
	ftp_init(&c, FTP_HOST, NULL);
	CHECK_NUMBER(ftp_connect(&c), 220);
	EXPECT(&c, 331, "USER anna");
	EXPECT(&c, 530, "PASS wrong");
	EXPECT(&c, 331, "USER anna");
	EXPECT(&c, 530, "PASS wrong");
	EXPECT_REPLY(&c, 421);
	ftp_close(&c);
	server_stop(&s);
}

/* A rule that is code denies until it has been replaced. */
static void
test_rules_deny(void)
{
	struct ctl_result r;
	struct server s;
	struct ftp c;

	CHECK(files_write_text(FTPD_CONF, "pam authentication: 1\n"
		"pam application name: sureftpd\nenable syslog: 0\n"
		"user access control rule: $user ne \"bert\"\n"));
	CHECK_NUMBER(import(&r), 1);
	check_accepted();
	if (!SERVER(&s, "auth.failed_login_delay=0", "limits.bans_file="))
		return;
	ftp_init(&c, FTP_HOST, NULL);
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_NUMBER(ftp_login(&c, "anna", "anna-pass"), 530);
	ftp_close(&c);
	server_stop(&s);
}

#define SPACE	"/srv/web/virt"
#define LEDGER	"/srv/web/virt-pwpquota"

/* The site's RADIUS server, and a user's directory with a file in it. */
static pid_t
make_site(void)
{
	static struct radius_user user;
	char *data = files_pattern(800000);

	user = (struct radius_user){ .name = "virt@pwp", .password = "pw-1" };
	radius_text(&user, 582, 1, SPACE);
	radius_number(&user, 582, 5, 1);	/* of 1,000,000 bytes */
	CHECK(mkdir("/srv/web", 0755) == 0 && mkdir(SPACE, 0755) == 0 &&
		mkdir(SPACE "/public_html", 0755) == 0);
	CHECK(files_write(SPACE "/public_html/old", data, 800000));
	free(data);
	CHECK(chown(SPACE "/public_html", 7001, 7002) == 0);
	files_write_text(RADIUS_LOG, "");
	return radius_start("127.0.0.1", 1645, RADIUS_GOOD, &user, 1, NULL);
}

/* P2 to P6, P8, P15 to P18, P20, P21, P23, P28, P29, P35: accounts of a RADIUS
 * server, with its quota. */
static void
test_radius_site(void)
{
	struct ctl_result r;
	struct server s;
	struct ftp c;

	pid_t radius = make_site();
	CHECK(files_write_text(FTPD_CONF, "radius server: 127.0.0.1\n"
		"radius secret: " RADIUS_SECRET "\n"
		"pwp root subdir: public_html\nhide mount point: 1\n"
		"pwp quota exceeded message: No room\n"
		"default pwp quota: 5\n"
		"default pwp userid: 7001\ndefault pwp groupid: 7002\n"
		"enable syslog: 0\n"));
	CHECK_NUMBER(import(&r), 1);
	CHECK_LACKS(r.err, "Refused");
	check_accepted();
	if (!SERVER(&s, "auth.failed_login_delay=0", "limits.bans_file="))
		return;
	ftp_init(&c, FTP_HOST, NULL);
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_NUMBER(ftp_login(&c, "virt", "pw-1"), 230);
	CHECK_HAS(c.text, "Welcome virt.");
	CHECK_NUMBER(radius_times(1645, " 1=virt@pwp "), 1);
	EXPECT(&c, 257, "PWD");
	CHECK_HAS(c.text, "\"/\"");
	EXPECT(&c, 200, "SITE QUOTA");
	CHECK_HAS(c.text, "200 800000 out of 1000000 bytes of quota used.");
	EXPECT(&c, 200, "TYPE I");
	CHECK_NUMBER(quotas_put(&c, 300000, "STOR big"), 552);
	CHECK_HAS(c.text, "552 Transfer failed: No room.");
	EXPECT(&c, 250, "DELE big");
	CHECK_NUMBER(quotas_put(&c, 100000, "STOR fits"), 226);
	EXPECT(&c, 200, "SITE QUOTA");
	CHECK_HAS(c.text, "200 900000 out of 1000000 bytes of quota used.");
	CHECK(files_exist(SPACE "/public_html/fits"));
	ftp_close(&c);
	radius_stop(radius);
	server_stop(&s);
}

/* P9, P10, P34: the users' ledgers go on being used, by either server. */
static void
test_ledger(void)
{
	const struct passwd *keeper = getpwnam("_sureftpdquota");
	struct ctl_result r;
	struct server s;
	struct ftp c;

	pid_t radius = make_site();
	CHECK(keeper != NULL && chown("/srv/web", 0, keeper->pw_gid) == 0 &&
		chmod("/srv/web", 0775) == 0);
	/* Not what is there: it is believed, as there. */
	CHECK(files_write_text(LEDGER, "700000\n-100000\n\n+50000\n") &&
		chmod(LEDGER, 0644) == 0);
	CHECK(files_write_text(FTPD_CONF, "radius server: 127.0.0.1\n"
		"radius secret: " RADIUS_SECRET "\nhide mount point: 1\n"
		"pwp quota file: ../$user-pwpquota\nenable syslog: 0\n"
		"default pwp userid: 7001\ndefault pwp groupid: 7002\n"));
	CHECK_NUMBER(import(&r), 1);
	check_accepted();
	if (!SERVER(&s, "auth.failed_login_delay=0", "limits.bans_file="))
		return;
	ftp_init(&c, FTP_HOST, NULL);
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_NUMBER(ftp_login(&c, "virt", "pw-1"), 230);
	EXPECT(&c, 200, "SITE QUOTA");
	CHECK_HAS(c.text, "200 650000 out of 1000000 bytes of quota used.");
	EXPECT(&c, 200, "TYPE I");
	CHECK_NUMBER(quotas_put(&c, 1000, "STOR public_html/fits"), 226);
	EXPECT(&c, 200, "SITE QUOTA");
	CHECK_HAS(c.text, "200 651000 out of 1000000 bytes of quota used.");
	ftp_close(&c);
	/* In the PWP server's format. */
	CHECK_FILE(LEDGER, "650000\n+1000\n");
	radius_stop(radius);
	server_stop(&s);
}

/* P1: [-d] [-v] [-p port] [-s] [-S] [-V] [-C conf_file] [-P pidfile] [-o]. */
static void
test_command_line(void)
{
	const struct launch start = { .options = { "-s", "-d", "-p2121" } };
	struct ctl_result r;
	struct ftp c;

	CHECK_NUMBER(RUN(&r, "-V"), 0);
	CHECK_HAS(r.out, "sureftpd ");
	CHECK_NUMBER(RUN(&r, "-C", "/missing", "-s"), EX_CONFIG);
	CHECK_HAS(r.err, "/missing: No such file or directory");
	CHECK_NUMBER(RUN(&r, "-P", "ftpd.pid"), EX_USAGE);
	CHECK_HAS(r.err, "absolute path");
	CHECK_NUMBER(RUN(&r, "-o", "port=2121"), EX_CONFIG);
	CHECK_HAS(r.err, "expected SECTION.KEY=VALUE");
	CHECK_NUMBER(RUN(&r, "--test"), EX_USAGE);
	int manager = launch_manager();
	pid_t pid = launch(&start);
	CHECK(launch_awaits(manager, "READY=1", NULL));
	ftp_init(&c, FTP_HOST, NULL);
	CHECK_NUMBER(ftp_connect(&c), -1);
	CHECK_FILE(SERVER_ERRORS, "port 2121");
	launch_end(pid);
	close(manager);
}

CU_TestInfo functional_tests[] = {
	{ "P38: files of --import-pwp", test_files },
	{ "reports and faults", test_reports },
	{ "an imported configuration serves", test_served },
	{ "rules that are code deny", test_rules_deny },
	{ "P2 to P35: a site with RADIUS and quotas", test_radius_site },
	{ "P9, P10, P34: ledgers", test_ledger },
	{ "P1: the command line", test_command_line },
	CU_TEST_INFO_NULL,
};
