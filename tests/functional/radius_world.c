/*
 * radius_world.c - users of the suites' RADIUS server.
 */
#include "common/base.h"
#include "tests/functional/radius_world.h"

#include "common/clock.h"
#include "tests/functional/files.h"
#include "tests/functional/functional.h"

#include <sys/stat.h>

struct radius_user radius_users[RADIUS_USERS];

void
radius_write_secret(const char *text)
{
	files_write_text(RADIUS_SECRET_FILE, text);
	CHECK(chmod(RADIUS_SECRET_FILE, 0600) == 0);
}

void
radius_prepare(void)
{
	struct radius_user *u = radius_users;

	memset(u, 0, sizeof(radius_users));
	u[RADIUS_VIRT].name = "virt";
	u[RADIUS_VIRT].password = "pw-1";
	radius_text(&u[RADIUS_VIRT], RADIUS_PWP, 1, "/home/virt");
	u[RADIUS_ANNA].name = "anna";
	u[RADIUS_ANNA].password = "pw-2";
	radius_text(&u[RADIUS_ANNA], RADIUS_PWP, 1, "/home/anna");
	u[RADIUS_BERT].name = "bert";
	u[RADIUS_BERT].password = "pw-3";
	u[RADIUS_TOKEN].name = "token";
	u[RADIUS_TOKEN].password = "pw-4";
	u[RADIUS_TOKEN].challenge = "Code, please:";
	u[RADIUS_TOKEN].code = "4711";
	radius_text(&u[RADIUS_TOKEN], RADIUS_PWP, 1, "/home/virt");
	radius_write_secret(RADIUS_SECRET "\n");
	files_write_text(RADIUS_LOG, "");
	mkdir("/home/virt", 0755);
	CHECK(chown("/home/virt", 7001, 7002) == 0);
}

pid_t
radius_serve(uint16_t port, enum radius_way way)
{
	return radius_start("127.0.0.1", port, way, radius_users, RADIUS_USERS,
		NULL);
}

bool
radius_enter(struct ftp *c, const char *user, const char *password)
{
	CHECK_NUMBER(ftp_connect(c), 220);
	return CHECK_NUMBER(ftp_login(c, user, password), 230);
}

void
radius_try_beside(struct ftp *other, const char *servers, const char *reason)
{
	const char *what = reason == NULL ? "succeeds" : reason;
	size_t mark = logged_mark();
	int64_t began = clock_ms();
	struct ftp c;

	CHECK_NUMBER(ftp_connect(&c), 220);
	EXPECT(&c, 331, "USER virt");
	ftp_send_text(&c, "PASS pw-1\r\n");
	for (int i = 0; i < 5; i++) {
		int64_t then = clock_ms();
		EXPECT(other, 200, "NOOP");
		CHECK_SAYS(clock_ms() - then < 500, "%s", what);
	}
	EXPECT_REPLY(&c, reason == NULL ? 230 : 530);
	if (reason != NULL)
		CHECK_LOGGED(mark, "warning session=* peer=127.0.0.1 user=virt "
			"login failed: " RADIUS_NO_ANSWER "(%s: %s)", servers,
			reason);
	CHECK_SAYS(clock_ms() - began < 7000, "%s", what);
	ftp_close(&c);
}
