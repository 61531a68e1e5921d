/*
 * suite_radius_attacks.c - RADIUS servers and clients that try to break the
 * server.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/clock.h"
#include "tests/functional/files.h"
#include "tests/functional/procs.h"
#include "tests/functional/radius_world.h"

#include <ctype.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>

const char *const functional_name = "radius_attacks";

#define PROCESS "sureftpd-rad"
#define VIRT	(&radius_users[RADIUS_VIRT])
#define TOKEN	(&radius_users[RADIUS_TOKEN])

/* The time until a login fails, and why. */
static void
check_refused_soon(const char *user, const char *password, const char *reason)
{
	int64_t began = clock_ms();

	check_refused(user, password, reason);
	CHECK_SAYS(clock_ms() - began < 4000, "it took %lld ms",
		(long long)(clock_ms() - began));
}

/* Without a usable secret the process cannot start. */
static void
test_no_process(void)
{
	struct server s;

	radius_prepare();
	pid_t radius = radius_serve(1812, RADIUS_GOOD);
	CHECK(chmod(RADIUS_SECRET_FILE, 0640) == 0);
	if (!SERVER(&s, RADIUS_ON))
		return;
	check_refused_soon("virt", "pw-1", "RADIUS: the process radius *");
	check_refused_soon("virt", "pw-1", "RADIUS: the process radius *");
	CHECK(chmod(RADIUS_SECRET_FILE, 0600) == 0);
	logged_reload(&s);
	CHECK_NUMBER(ftp_try_login("virt", "pw-1"), 230);
	server_stop(&s);
	radius_stop(radius);
}

/* PAP has room for 128 bytes.  A longer password is wrong, which is the fault
 * of the client and not of the server. */
static void
test_long_passwords(void)
{
	static char text[600];
	struct server s;

	radius_prepare();
	memset(text, 'p', 128);
	VIRT->password = text;
	pid_t radius = radius_serve(1812, RADIUS_GOOD);
	if (!SERVER(&s, RADIUS_ON, "limits.ban_after=2"))
		return;
	CHECK_NUMBER(ftp_try_login("virt", text), 230);
	memset(text, 'p', 129);
	check_refused_soon("virt", text, "the password is longer than RADIUS "
		"allows");
	memset(text, 'n', 254);
	text[254] = '\0';
	check_refused_soon(text, "pw-1", "the name is longer than RADIUS "
		"allows");
	struct ftp c;
	CHECK_NUMBER(ftp_connect(&c), 421);
	ftp_close(&c);
	server_stop(&s);
	radius_stop(radius);
}

/* MS-CHAPv2 is computed from characters. */
static void
test_not_utf8(void)
{
	struct server s;

	radius_prepare();
	pid_t radius = radius_serve(1812, RADIUS_GOOD);
	if (!SERVER(&s, RADIUS_ON, "radius.authentication=mschapv2"))
		return;
	check_refused_soon("virt", "caf\xe9", "the password is not UTF-8, or "
		"is too long for MS-CHAPv2");
	CHECK_NUMBER(radius_times(1812, "access"), 0);
	server_stop(&s);
	radius_stop(radius);
}

/* Every line of a reply is printable and begins as it must. */
static void
check_reply_lines(const struct ftp *c, int code)
{
	const char *line = c->text;
	char begin[8];

	while (*line != '\0') {
		size_t len = strcspn(line, "\n");
		bool last = line[len] == '\0';
		snprintf(begin, sizeof(begin), "%d%c", code, last ? ' ' : '-');
		CHECK_SAYS(strncmp(line, begin, 4) == 0, "line \"%.*s\"",
			(int)len, line);
		for (size_t i = 0; i < len; i++)
			CHECK(isprint((unsigned char)line[i]));
		line += len + !last;
	}
}

/* Reply-Message with every byte, as many as a packet holds. */
static void
test_messages(void)
{
	static char all[253];
	struct server s;
	struct ftp c;

	radius_prepare();
	for (size_t i = 0; i < sizeof(all); i++)
		all[i] = (char)(i % 8 == 0 ? "\r\n\0\t"[i / 8 % 4] : (int)i);
	for (int i = 0; i < 7; i++)
		radius_add(VIRT, 0, 18, all, sizeof(all));
	memset(all, '\n', sizeof(all));
	memcpy(all + 200, "226 done\r\n230 in\r\n", 18);
	all[252] = '\0';
	TOKEN->challenge = all;
	pid_t radius = radius_start("127.0.0.1", 1812, RADIUS_GOOD,
		radius_users, RADIUS_USERS, all);
	if (!SERVER(&s, RADIUS_ON))
		return;
	if (radius_enter(&c, "virt", "pw-1"))
		check_reply_lines(&c, 230);
	EXPECT(&c, 257, "PWD");
	ftp_close(&c);
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_NUMBER(ftp_login(&c, "token", "pw-4"), 332);
	check_reply_lines(&c, 332);
	EXPECT(&c, 530, "ACCT x");
	check_reply_lines(&c, 530);
	CHECK_NUMBER(ftp_login(&c, "token", "pw-4"), 332);
	EXPECT(&c, 331, "USER virt");
	ftp_close(&c);
	CHECK_LOGGED(0, "warning session=2 peer=127.0.0.1 user=token login "
		"failed: RADIUS: challenge not answered: *226 done*230 in*");
	server_stop(&s);
	radius_stop(radius);
}

/* State comes back as it came: the longest, with every byte, or none. */
static void
test_states(void)
{
	struct server s;
	struct ftp c;

	radius_prepare();
	for (size_t i = 0; i < sizeof(TOKEN->state); i++)
		TOKEN->state[i] = (uint8_t)(255 - i);
	TOKEN->state_len = sizeof(TOKEN->state);
	pid_t radius = radius_serve(1812, RADIUS_GOOD);
	if (!SERVER(&s, RADIUS_ON))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_NUMBER(ftp_login(&c, "token", "pw-4"), 332);
	EXPECT(&c, 230, "ACCT 4711");
	ftp_close(&c);
	CHECK_NUMBER(radius_times(1812, " 24=fffefdfcfb"), 1);
	CHECK_NUMBER(radius_times(1812, "0706050403 "), 1);
	radius_stop(radius);
	TOKEN->stateless = true;
	radius = radius_serve(1812, RADIUS_GOOD);
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_NUMBER(ftp_login(&c, "token", "pw-4"), 332);
	EXPECT(&c, 230, "ACCT 4711");
	ftp_close(&c);
	CHECK_NUMBER(radius_times(1812, " 24="), 1);
	radius_stop(radius);
	/* Challenges without end. */
	radius = radius_serve(1812, RADIUS_ASKS);
	CHECK_NUMBER(ftp_connect(&c), 220);
	int code = ftp_login(&c, "token", "pw-4"), times = 0;
	for (; code == 332 && times < 20; times++)
		code = ftp_command(&c, "ACCT %d", times);
	CHECK_NUMBER(code, 530);
	CHECK(times > 1 && times < 20);
	ftp_close(&c);
	server_stop(&s);
	radius_stop(radius);
}

/* Names that something on the way might take for something else. */
static void
test_names(void)
{
	static const char *const names[] = { "a%s%n%u", "..", ".", "a@b@c",
		"a/b", "../virt", "-x", "a b", "\xff\xfe", "a\\b", "#", "a\tb",
		"=", "\"" };
	struct server s;
	struct ftp c;

	radius_prepare();
	mkdir("/home/virt/part", 0755);
	pid_t radius = radius_serve(1812, RADIUS_GOOD);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		radius_stop(radius);
		VIRT->name = names[i];
		radius = radius_serve(1812, RADIUS_GOOD);
		if (!SERVER(&s, RADIUS_ON, "radius.root_subdir=part/%u"))
			return;
		CHECK_NUMBER(ftp_connect(&c), 220);
		int code = ftp_login(&c, names[i], "pw-1");
		CHECK_SAYS(code == 530 || code == 501, "%s: %s", names[i],
			c.text);
		EXPECT(&c, 200, "NOOP");
		ftp_close(&c);
		server_stop(&s);
	}
	radius_stop(radius);
}

static void
send_login(struct ftp *c)
{
	CHECK_NUMBER(ftp_connect(c), 220);
	EXPECT(c, 331, "USER virt");
	ftp_send_text(c, "PASS pw-1\r\n");
	CHECK(!ftp_replies_within(c, 300));
}

/* The process dies, or is replaced, while logins wait for it. */
static void
test_waiting_logins(void)
{
	struct server s;
	struct proc p;
	struct ftp c, asked;

	radius_prepare();
	pid_t radius = radius_serve(1812, RADIUS_LATE);
	if (!SERVER(&s, RADIUS_ON, "radius.timeout=10"))
		return;
	send_login(&c);
	CHECK_NUMBER(procs_list(PROCESS, &p, 1), 1);
	CHECK(kill(p.pid, SIGKILL) == 0);
	EXPECT_REPLY(&c, 530);
	CHECK_LOGGED(0, "warning session=1 peer=127.0.0.1 user=virt login "
		"failed: RADIUS: the process radius has ended, see its log "
		"lines");
	CHECK_NUMBER(ftp_login(&c, "virt", "pw-1"), 230);
	ftp_close(&c);
	CHECK_NUMBER(ftp_connect(&asked), 220);
	CHECK_NUMBER(ftp_login(&asked, "token", "pw-4"), 332);
	send_login(&c);
	size_t mark = logged_mark();
	logged_reload(&s);
	EXPECT_REPLY(&c, 230);
	ftp_close(&c);
	EXPECT(&asked, 230, "ACCT 4711");
	ftp_close(&asked);
	CHECK_NUMBER(ftp_connect(&asked), 220);
	CHECK_NUMBER(ftp_login(&asked, "token", "pw-4"), 332);
	send_login(&c);
	CHECK(kill(s.pid, SIGUSR2) == 0);
	CHECK_LOGGED(mark, "info restarted in place, *");
	EXPECT_REPLY(&c, 230);
	ftp_close(&c);
	EXPECT(&asked, 230, "ACCT 4711");
	ftp_close(&asked);
	server_stop(&s);
	radius_stop(radius);
}

/* The ends of the ranges. */
static void
test_numbers(void)
{
	static const uint8_t most[8] = { 255, 255, 255, 255, 255, 255, 255,
		255 };
	struct server s;
	struct ftp c;

	radius_prepare();
	radius_number(VIRT, RADIUS_PWP, 5, UINT32_MAX);
	radius_number(VIRT, 0, 27, UINT32_MAX);
	radius_number(VIRT, 0, 28, UINT32_MAX);
	radius_number(VIRT, 0, 85, UINT32_MAX);
	radius_number(VIRT, 14122, 8, UINT32_MAX);
	radius_add(&radius_users[RADIUS_ANNA], RADIUS_PWP, 5, most, 8);
	radius_number(&radius_users[RADIUS_ANNA], 0, 27, 0);
	radius_number(&radius_users[RADIUS_ANNA], 0, 28, 0);
	/* Less than a byte a second is not "no limit". */
	radius_number(&radius_users[RADIUS_ANNA], 14122, 8, 7);
	pid_t radius = radius_serve(1812, RADIUS_GOOD);
	if (!SERVER(&s, RADIUS_ON, "radius.download_rate_attribute=14122:8"))
		return;
	files_write_text("/home/anna/f", "0123456789");
	if (radius_enter(&c, "virt", "pw-1"))
		CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR a"), 226);
	ftp_close(&c);
	if (radius_enter(&c, "anna", "pw-2")) {
		CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR a"), 226);
		EXPECT(&c, 200, "TYPE I");
		EXPECT(&c, 213, "SIZE f");
	}
	ftp_close(&c);
	server_stop(&s);
	radius_stop(radius);
}

CU_TestInfo functional_tests[] = {
	{ "the process cannot start", test_no_process },
	{ "long passwords", test_long_passwords },
	{ "passwords that MS-CHAPv2 cannot have", test_not_utf8 },
	{ "Reply-Message with every byte", test_messages },
	{ "State: longest, none; challenges without end", test_states },
	{ "strange names", test_names },
	{ "the process ends while logins wait", test_waiting_logins },
	{ "the ends of the ranges of numbers", test_numbers },
	CU_TEST_INFO_NULL,
};
