/*
 * suite_login_time.c - the time of a failed login discloses nothing about the
 * account (rule R17): a statistical test with default settings.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/clock.h"
#include "common/password_hash.h"
#include "tests/functional/files.h"
#include "tests/functional/ftps_certs.h"
#include "tests/functional/ranks.h"
#include "tests/functional/visits.h"

#include <sys/stat.h>

const char *const functional_name = "login_time";

#define SAMPLES 2000	/* of all kinds */
#define RATE	110	/* a second: half a processor is busy with it */
#define SEEN_MS 5	/* the difference that a quiet machine must show */

static struct sample user[SAMPLES], pass[SAMPLES], shifted[SAMPLES];

/* Room for all who are under way at a time (visits.c): on a busy machine they
 * pile up. */
#define MANY "limits.max_unauthenticated=300"

/* An unknown name; an account with a wrong password; a locked account; accounts
 * with the right password that are not allowed to log in. */
static const struct visitor strangers[] = {
	{ "nosuchuser", "wrong", 0 }, { "anna", "wrong", 1 },
	{ "gina", "wrong", 2 }, { "carl", "carl-pass", 3 },
};
#define KINDS ((int)ARRAY_SIZE(strangers))

/* --- the statistical test itself */

static uint32_t seed;	/* the same numbers in every run */

static uint32_t
draw(uint32_t range)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % range;
}

/* Simulated times: a second, the jitter, and sometimes a scheduling delay. */
static double
imagined_time(void)
{
	double late = draw(10) == 0 ? draw(20000) : draw(500);

	return 1000 + draw(101) + late / 1000;
}

static double
chance_of_imagined(double later)
{
	for (size_t i = 0; i < SAMPLES; i++) {
		int kind = (int)i % KINDS;
		pass[i] = (struct sample){ imagined_time(), kind };
		pass[i].value += kind == 1 ? later : 0;
	}
	return ranks_chance(pass, SAMPLES, KINDS, NULL);
}

/* No false alarm in 500 runs, where RANKS_ALARM promises fewer than one in
 * 100,000; and a real difference is nearly always detected, in both
 * directions. */
static void
test_measure(void)
{
	int alarms = 0, seen = 0;

	seed = 1;
	for (int i = 0; i < 500; i++)
		alarms += chance_of_imagined(0) < RANKS_ALARM;
	CHECK_NUMBER(alarms, 0);
	for (int i = 0; i < 100; i++)
		seen += chance_of_imagined(i % 2 == 0 ? SEEN_MS : -SEEN_MS) <
			RANKS_ALARM;
	printf("%d of 100 differences of %d ms seen ", seen, SEEN_MS);
	CHECK_SAYS(seen >= 90, "%d of 100 were seen", seen);
}

/* --- the server */

static void
show(const char *what, struct sample *samples, size_t n, double chance)
{
	printf("\n    %s, ms (1, 5, 50, 95, 99 %%):", what);
	for (int kind = 0; kind < KINDS; kind++)
		printf("\n\t%-10s %7.1f %7.1f %7.1f %7.1f %7.1f",
			strangers[kind].name,
			ranks_quantile(samples, n, kind, 0.01),
			ranks_quantile(samples, n, kind, 0.05),
			ranks_quantile(samples, n, kind, 0.5),
			ranks_quantile(samples, n, kind, 0.95),
			ranks_quantile(samples, n, kind, 0.99));
	printf("\n    chance %.2g ", chance > 1 ? 1 : chance);
}

/* The smallest delay of one account, in ms, that would have been detected. */
static int
least_seen(const struct sample *samples, size_t n)
{
	int ms = 0;
	double chance;

	do {
		ms++;
		memcpy(shifted, samples, n * sizeof(*samples));
		for (size_t i = 0; i < n; i++)
			shifted[i].value += shifted[i].kind == 1 ? ms : 0;
		chance = ranks_chance(shifted, n, KINDS, NULL);
	} while (chance >= RANKS_ALARM && ms < 100);
	return ms;
}

static void
check_alike(const char *what, struct sample *samples, size_t n)
{
	int which = 0;
	double chance = ranks_chance(samples, n, KINDS, &which);

	show(what, samples, n, chance);
	CHECK_SAYS(chance >= RANKS_ALARM, "%s: %s stands out, by chance once "
		"in %.2g runs", what, strangers[which].name, 1 / chance);
}

static void
test_as_shipped(void)
{
	struct server s;

	files_write_text(SERVER_CONFIG, "");
	if (!SERVER(&s, MANY))
		return;
	size_t n = visits_run(strangers, KINDS, SAMPLES, RATE, user, pass);
	if (!CHECK_NUMBER(n, SAMPLES))
		return;
	check_alike("answers to USER", user, n);
	check_alike("answers to PASS", pass, n);
	CHECK_SAYS(pass[0].value >= 999, "one came after %.1f ms",
		pass[0].value);
	/* The times of replies to USER show how busy the machine is. */
	double noise = ranks_quantile(user, n, -1, 0.95);
	int least = least_seen(pass, n);
	printf("a difference of %d ms is seen ", least);
	CHECK_SAYS(least <= SEEN_MS + 3 + 2 * noise, "only a difference of %d "
		"ms would be seen, with noise of %.1f ms", least, noise);
	server_stop(&s);
}

/* PAM takes longer for an existing account than for an unknown name. */
static void
make_anna_slow(const char *seconds)
{
	files_writef("/etc/slow", "#!/bin/sh\nsleep %s\n", seconds);
	CHECK(chmod("/etc/slow", 0755) == 0);
	files_write_text("/etc/pam.d/slow",
		"auth [success=1 default=ignore] "
		"pam_succeed_if.so quiet user != anna\n"
		"auth optional pam_exec.so quiet /etc/slow\n"
		"@include common-auth\n"
		"@include common-account\n"
		"@include common-session-noninteractive\n");
}

#define SLOW "auth.pam_service=slow"

/* Without the delay a difference of 5 ms in PAM is detected, so the delay is
 * needed.  A busy machine needs more samples for it than a quiet one. */
static void
test_without_delay(void)
{
	const size_t each = 80;
	double chance = 1;
	struct server s;
	size_t n = 0;

	make_anna_slow("0.005");
	if (!SERVER(&s, MANY, SLOW))
		return;
	while (chance >= RANKS_ALARM && n + each <= SAMPLES) {
		if (!CHECK_NUMBER(visits_run(strangers, 2, each, 50, user + n,
			    pass + n), each))
			return;
		n += each;
		chance = ranks_chance(pass, n, 2, NULL);
	}
	CHECK_SAYS(chance < RANKS_ALARM, "%.2g, %zu samples", chance, n);
	server_stop(&s);
}

/* With it, not even 200. */
static void
test_slow_pam(void)
{
	struct server s;

	make_anna_slow("0.2");
	if (!SERVER(&s, MANY, SLOW, "auth.failed_login_delay=1"))
		return;
	size_t n = visits_run(strangers, 2, 80, 50, user, pass);
	double chance = ranks_chance(pass, n, 2, NULL);
	CHECK_SAYS(n == 80 && chance >= RANKS_ALARM, "%.2g, %zu samples",
		chance, n);
	server_stop(&s);
}

/* Where the settings make USER look the account up. */
static void
test_user_with_groups(void)
{
	static const struct visitor names[] = {
		{ "nosuchuser", "wrong", 0 }, { "iris", "wrong", 1 },
	};
	struct server s;

	server_configure("[group \"team\"]\nrequire_tls = both\n");
	if (!FTPS_SERVER(&s, MANY))
		return;
	size_t n = visits_run(names, 2, 200, 100, user, pass);
	double chance = ranks_chance(user, n, 2, NULL);
	CHECK_SAYS(n == 200 && chance >= RANKS_ALARM, "%.2g, %zu samples",
		chance, n);
	CHECK(n > 0 && user[0].value >= 49);
	server_stop(&s);
}

/* A name in the accounts file, whose hash takes much longer than PAM here; an
 * account of the host; and an unknown name: USER, which looks them up, and
 * PASS.  On a busy machine such a hash can take longer than a second, and the
 * answer then comes a step later. */
static void
test_accounts_file(void)
{
	static const struct visitor names[] = {
		{ "nosuchuser", "wrong", 0 }, { "anna", "wrong", 1 },
		{ "carla", "wrong", 2 },
	};
	const size_t wanted = 240;
	char hash[PASSWORD_HASH_SIZE];
	struct server s;

	CHECK_NUMBER(password_hash_new("right", hash), 0);
	files_writef("/etc/sureftpd/accounts", "[carla]\naccount = bert\n"
		"password_hash = %s\n", hash);
	chmod("/etc/sureftpd/accounts", 0600);
	if (!SERVER(&s, MANY, "auth.backends=pam file",
		"auth.failed_login_delay=3"))
		return;
	size_t n = visits_run(names, 3, wanted, 25, user, pass);
	double by_user = ranks_chance(user, n, 3, NULL);
	double by_pass = ranks_chance(pass, n, 3, NULL);
	CHECK_SAYS(n == wanted && by_user >= RANKS_ALARM &&
		by_pass >= RANKS_ALARM, "USER %.2g, PASS %.2g, %zu samples",
		by_user, by_pass, n);
	printf("USER %.2g, PASS %.2g ", by_user > 1 ? 1 : by_user,
		by_pass > 1 ? 1 : by_pass);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "the statistical test detects differences, and only those",
		test_measure },
	{ "with defaults, all accounts are answered alike", test_as_shipped },
	{ "without failed_login_delay 5 ms are detected", test_without_delay },
	{ "with failed_login_delay 200 ms are not detected", test_slow_pam },
	{ "whether USER found an account is not detected",
		test_user_with_groups },
	{ "whether a name is in the accounts file is not detected",
		test_accounts_file },
	CU_TEST_INFO_NULL,
};
