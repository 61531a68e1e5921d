/*
 * suite_bans.c - addresses and networks that are banned, by the server after
 * failures and by an administrator.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/ctl.h"
#include "tests/functional/procs.h"
#include "tests/functional/waiting.h"

#include <signal.h>
#include <sysexits.h>

const char *const functional_name = "bans";

#define OFFICE "127.0.0.9"

static struct ctl_result r;

/* Fail to log in, in a connection of its own. */
static void
fail(const char *from, const char *user, const char *password)
{
	struct ftp c;

	if (ftp_connect_to(&c, FTP_HOST, from) == 220)
		CHECK_NUMBER(ftp_login(&c, user, password), 530);
	ftp_close(&c);
}

/* The n-th password that nobody has. */
static const char *
password(int n)
{
	static char text[32];

	snprintf(text, sizeof(text), "guess %d", n);
	return text;
}

/* What is shipped stops guessing: the limits are the default ones. */
static void
test_guessing(void)
{
	struct server s;
	int guesses = 0;

	if (!SERVER(&s, "limits.ban_after=10"))
		return;
	for (; guesses < 30 && ftp_is_greeted(OFFICE); guesses++)
		fail(OFFICE, guesses % 2 == 0 ? "anna" : "nobody-here",
			password(guesses));
	/* The last one may be counted after the next connection. */
	CHECK_SAYS(guesses == 10 || guesses == 11, "%d guesses", guesses);
	CHECK_LOGGED(0, "warning session=* peer=" OFFICE " banned " OFFICE
		" for 10m: too many failures");
	CHECK_LOGGED(0, "warning session=* peer=" OFFICE " connection "
		"refused: address banned");
	CHECK(ftp_is_greeted("127.0.0.10"));
	CHECK_NUMBER(CTL(&r, "bans"), EX_OK);
	CHECK_HAS(r.out, "NETWORK");
	CHECK_HAS(ctl_line_with(r.out, OFFICE), "server");
	CHECK_HAS(ctl_line_with(r.out, OFFICE), "too many failures");
	/* Lifted, it has all its attempts again. */
	CHECK_NUMBER(CTL(&r, "unban", OFFICE), EX_OK);
	CHECK_LOGGED(0, "info ban of " OFFICE " lifted: sureftpctl unban");
	fail(OFFICE, "anna", "one more");
	CHECK(ftp_is_greeted(OFFICE));
	server_stop(&s);
}

/* One user's program tries an old password all day, others mistype theirs now
 * and then, and log in. */
static void
test_office(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "limits.ban_after=5"))
		return;
	for (int i = 0; i < 15; i++) {
		fail(OFFICE, "bert", "the old one");
		CHECK_NUMBER(ftp_connect_to(&c, FTP_HOST, OFFICE), 220);
		CHECK_NUMBER(ftp_login(&c, "anna", password(i)), 530);
		CHECK_NUMBER(ftp_login(&c, "anna", "anna-pass"), 230);
		ftp_close(&c);
	}
	CHECK_NUMBER(logged_times(0, "*banned*"), 0);
	server_stop(&s);
}

/* A login of one user does not pay for guesses at another's password. */
static void
test_own_account(void)
{
	struct server s;
	struct ftp c;
	int guesses = 0;

	if (!SERVER(&s, "limits.ban_after=5"))
		return;
	while (guesses < 20 && ftp_is_greeted(OFFICE)) {
		fail(OFFICE, "bert", password(guesses++));
		if (ftp_connect_to(&c, FTP_HOST, OFFICE) == 220)
			ftp_login(&c, "anna", "anna-pass");
		ftp_close(&c);
	}
	CHECK_SAYS(guesses <= 6, "%d guesses", guesses);
	server_stop(&s);
}

static void
test_decay(void)
{
	struct server s;

	if (!SERVER(&s, "limits.ban_after=3", "limits.ban_window=3"))
		return;
	/* One a second is forgotten as fast. */
	for (int i = 0; i < 6; i++) {
		fail(OFFICE, "anna", password(i));
		wait_for_time(1000);	/* the decay */
	}
	CHECK(ftp_is_greeted(OFFICE));
	server_stop(&s);
}

/* It ends by itself, and the next one takes twice as long. */
static void
test_end(void)
{
	struct server s;

	if (!SERVER(&s, "limits.ban_after=2", "limits.ban_time=1"))
		return;
	fail(OFFICE, "anna", password(1));
	fail(OFFICE, "anna", password(2));
	CHECK_LOGGED(0, "* banned " OFFICE " for 1s: too many failures");
	CHECK(!ftp_is_greeted(OFFICE));
	CHECK_LOGGED(0, "info ban of " OFFICE " lifted: expired");
	CHECK(ftp_is_greeted(OFFICE));
	fail(OFFICE, "anna", password(3));
	fail(OFFICE, "anna", password(4));
	CHECK_LOGGED(0, "* banned " OFFICE " for 2s: too many failures");
	server_stop(&s);
}

static void
test_network(void)
{
	struct server s;

	if (!SERVER(&s, "limits.ban_network_after=4"))
		return;
	for (int i = 1; i <= 4; i++) {
		char from[32];
		snprintf(from, sizeof(from), "127.0.5.%d", i);
		fail(from, "anna", password(i));
	}
	CHECK_LOGGED(0, "* banned 127.0.5.0/24 for 10m: too many failures in "
		"the network");
	CHECK(!ftp_is_greeted("127.0.5.99"));
	CHECK(ftp_is_greeted("127.0.6.1"));
	server_stop(&s);
}

static void
test_exempt(void)
{
	struct server s;

	if (!SERVER(&s, "limits.ban_after=2", "limits.ban_network_after=2",
	    "limits.ban_exempt=192.0.2.0/24 127.0.0.8/29"))
		return;
	for (int i = 0; i < 6; i++)
		fail(OFFICE, "anna", password(i));
	CHECK(ftp_is_greeted(OFFICE));
	/* But an administrator may. */
	CHECK_NUMBER(CTL(&r, "ban", OFFICE), EX_OK);
	CHECK(!ftp_is_greeted(OFFICE));
	server_stop(&s);
}

static void
test_by_administrator(void)
{
	struct server s;
	struct ftp c, other;

	if (!SERVER(&s) || !ftp_enter_to(&c, FTP_HOST, "127.0.7.1", "anna") ||
	    !ftp_enter(&other, "bert"))
		return;
	CHECK_NUMBER(CTL(&r, "bans"), EX_OK);
	CHECK_TEXT(r.out, "No bans.\n");
	CHECK_NUMBER(CTL(&r, "ban", "127.0.7.0/24", "2h", "scans", "us"),
		EX_OK);
	CHECK_TEXT(r.out, "127.0.7.0/24 is banned for 2h; sessions ended: "
		"1.\n");
	CHECK_LOGGED(0, "warning banned 127.0.7.0/24 for 2h: scans us");
	EXPECT_REPLY(&c, 421);
	ftp_close(&c);
	EXPECT(&other, 200, "NOOP");
	CHECK_NUMBER(ftp_connect_to(&c, FTP_HOST, "127.0.7.200"), 421);
	CHECK_TEXT(c.text, "421 Your address is banned, try again later.");
	ftp_close(&c);
	CHECK_NUMBER(CTL(&r, "ban", "2001:db8::/32", "no time"), EX_OK);
	CHECK_NUMBER(CTL(&r, "bans"), EX_OK);
	CHECK_HAS(ctl_line_with(r.out, "127.0.7.0/24"), "administrator");
	const char *line = ctl_line_with(r.out, "127.0.7.0/24");
	CHECK(strstr(line, "2h00m") != NULL || strstr(line, "1h59m") != NULL);
	CHECK_HAS(ctl_line_with(r.out, "2001:db8::/32"), "no end");
	CHECK_HAS(ctl_line_with(r.out, "2001:db8::/32"), "no time");
	CHECK_NUMBER(CTL(&r, "bans", "--json"), EX_OK);
	CHECK_NUMBER(ctl_json_lines(r.out), 2);
	CHECK_HAS(r.out, "{\"network\":\"2001:db8::/32\",\"seconds\":null,"
		"\"manual\":true,\"reason\":\"no time\"}\n");
	/* They survive a reload. */
	CHECK_NUMBER(CTL(&r, "reload"), EX_OK);
	CHECK(!ftp_is_greeted("127.0.7.200"));
	CHECK_NUMBER(CTL(&r, "unban", "127.0.7.0/24"), EX_OK);
	CHECK_TEXT(r.out, "127.0.7.0/24 is no longer banned.\n");
	CHECK(ftp_is_greeted("127.0.7.200"));
	ftp_close(&other);
	server_stop(&s);
}

static void
test_mistakes(void)
{
	struct server s;

	if (!SERVER(&s))
		return;
	CHECK_NUMBER(CTL(&r, "ban"), EX_USAGE);
	CHECK_NUMBER(CTL(&r, "ban", "localhost"), EX_DATAERR);
	CHECK_HAS(r.err, "localhost is not an address or a network");
	CHECK_NUMBER(CTL(&r, "ban", "192.0.2.1/24"), EX_DATAERR);
	CHECK_HAS(r.err, "the bits after the prefix must be 0");
	CHECK_NUMBER(CTL(&r, "ban", "192.0.2.1", "0"), EX_DATAERR);
	CHECK_HAS(r.err, "0 is not a time");
	CHECK_NUMBER(CTL(&r, "ban", "192.0.2.1", "99999d"), EX_DATAERR);
	CHECK_HAS(r.err, "99999d is not a time from 1s to 36600d");
	CHECK_NUMBER(CTL(&r, "ban", "192.0.2.1", "5x"), EX_DATAERR);
	CHECK_NUMBER(CTL(&r, "unban", "192.0.2.1"), 1);
	CHECK_HAS(r.err, "192.0.2.1 is not banned");
	CHECK_NUMBER(CTL(&r, "unban"), EX_USAGE);
	CHECK_NUMBER(CTL(&r, "bans", "all"), EX_USAGE);
	/* A reason is one line, whatever it holds. */
	CHECK_NUMBER(CTL(&r, "ban", "192.0.2.1", "10m", "a\nb\x1b[2J"),
		EX_OK);
	CHECK_NUMBER(CTL(&r, "bans", "-j"), EX_OK);
	CHECK_NUMBER(ctl_json_lines(r.out), 1);
	CHECK_NUMBER(CTL_AS(1000, &r, "ban", "192.0.2.2"), EX_NOPERM);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "ten guesses are too many", test_guessing },
	{ "an old password bans no office", test_office },
	{ "a login pays for no guesses at others", test_own_account },
	{ "failures are forgotten", test_decay },
	{ "a ban ends, the next one is longer", test_end },
	{ "a network is banned", test_network },
	{ "ban_exempt", test_exempt },
	{ "an administrator bans", test_by_administrator },
	{ "mistakes of an administrator", test_mistakes },
	CU_TEST_INFO_NULL,
};
