/*
 * suite_radius.c - logins that a RADIUS server decides.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/clock.h"
#include "tests/functional/accounts.h"
#include "tests/functional/files.h"
#include "tests/functional/procs.h"
#include "tests/functional/radius.h"

#include <sys/stat.h>

const char *const functional_name = "radius";

#define SECRET_FILE "/etc/sureftpd/radius.secret"
#define PWP 582

/* `virt` and `anna` on port 1812; the host knows anna only. */
static struct radius_user users[4];

static void
write_secret(const char *text)
{
	files_write_text(SECRET_FILE, text);
	chmod(SECRET_FILE, 0600);
}

static void
prepare(void)
{
	memset(users, 0, sizeof(users));
	users[0] = (struct radius_user){ .name = "virt", .password = "pw-1" };
	radius_text(&users[0], PWP, 1, "/srv/virt");
	radius_text(&users[0], 0, 18, "Welcome\nto you");
	users[1] = (struct radius_user){ .name = "anna", .password = "pw-2" };
	radius_text(&users[1], PWP, 1, "/home/anna");
	users[2] = (struct radius_user){ .name = "bert", .password = "pw-3" };
	users[3] = (struct radius_user){ .name = "token", .password = "pw-4",
		.challenge = "Code, please:", .code = "4711" };
	radius_text(&users[3], PWP, 1, "/srv/virt");
	write_secret(RADIUS_SECRET "\n");
	files_write_text(RADIUS_LOG, "");
	mkdir("/srv", 0755);
	mkdir("/srv/virt", 0755);
	CHECK(chown("/srv/virt", 7001, 7002) == 0);
}

#define START(way) radius_start("127.0.0.1", 1812, (way), users, \
	ARRAY_SIZE(users), NULL)
#define SERVERS "auth.backends=radius", "radius.servers=127.0.0.1"
#define MAPPED "radius.map_uid=7001", "radius.map_gid=7002"

static bool
enter(struct ftp *c, const char *user, const char *password)
{
	CHECK_NUMBER(ftp_connect(c), 220);
	return CHECK_NUMBER(ftp_login(c, user, password), 230);
}

/* P3, P4, P21, P35: the home directory of the answer, and the ids of the
 * settings for an account that the host does not know. */
static void
test_login(void)
{
	struct server s;
	struct proc p;
	struct ftp c;

	prepare();
	pid_t radius = START(RADIUS_GOOD);
	if (!SERVER(&s, SERVERS, MAPPED))
		return;
	if (enter(&c, "virt", "pw-1")) {
		CHECK_TEXT(c.text, "230-Welcome\n230-to you\n"
			"230 Login successful.");
		EXPECT(&c, 257, "PWD");
		CHECK_HAS(c.text, "\"/srv/virt\"");
		CHECK(procs_read(procs_serving(PROCS_SESSION), &p));
		CHECK_NUMBER(p.uid[1], 7001);
		CHECK_NUMBER(p.gid[1], 7002);
		EXPECT(&c, 257, "MKD made");
	}
	ftp_close(&c);
	CHECK_NUMBER(radius_times(1812, "access password=pw-1"), 1);
	CHECK_NUMBER(radius_times(1812, " 1=virt 6=1 61=5 32=sureftpd "
		"4=2130706433 31=127.0.0.1"), 1);
	/* An account of the host has its own ids. */
	if (enter(&c, "anna", "pw-2")) {
		CHECK(procs_read(procs_serving(PROCS_SESSION), &p));
		CHECK_NUMBER(p.uid[1], 1001);
	}
	ftp_close(&c);
	CHECK_NUMBER(ftp_try_login("anna", "anna-pass"), 530);
	check_refused("virt", "wrong", "rejected by the RADIUS server "
		"127.0.0.1");
	check_refused("nobody-knows", "wrong", "rejected by the RADIUS server "
		"127.0.0.1");
	server_stop(&s);
	radius_stop(radius);
}

CU_TestInfo functional_tests[] = {
	{ "P3, P4, P21, P35: home and ids", test_login },
	CU_TEST_INFO_NULL,
};
