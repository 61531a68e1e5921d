/*
 * functional.h - what every functional suite includes.
 *
 * A suite is one file, suite_NAME.c, with its tests in functional_tests[],
 * ended by CU_TEST_INFO_NULL, and its name in functional_name.  functional.c
 * supplies main(), which moves into a private world (world.h) first.  Every
 * test begins in a fresh world and without a server.
 */
#ifndef TESTS_FUNCTIONAL_FUNCTIONAL_H
#define TESTS_FUNCTIONAL_FUNCTIONAL_H

#include "common/base.h"
#include "tests/functional/ftp.h"
#include "tests/functional/logged.h"
#include "tests/functional/server.h"
#include "tests/functional/waiting.h"

#include <CUnit/CUnit.h>

extern const char *const functional_name;
extern CU_TestInfo functional_tests[];

/* Checks that print the actual value; each returns whether it passed. */
#define CHECK(condition) \
	check_at(__FILE__, __LINE__, (condition), "%s", #condition)
#define CHECK_SAYS(condition, ...) \
	check_at(__FILE__, __LINE__, (condition), __VA_ARGS__)
#define CHECK_NUMBER(actual, expected) \
	check_number(__FILE__, __LINE__, #actual, (actual), (expected))
#define CHECK_TEXT(actual, expected) \
	check_text(__FILE__, __LINE__, #actual, (actual), (expected))
#define CHECK_HAS(text, part) \
	check_has(__FILE__, __LINE__, #text, (text), (part), true)
#define CHECK_LACKS(text, part) \
	check_has(__FILE__, __LINE__, #text, (text), (part), false)

/* Send a command and check its reply's code; EXPECT_REPLY only reads. */
#define EXPECT(ftp, expected, ...)                             \
	check_reply(__FILE__, __LINE__, (ftp),                 \
		(ftp_command((ftp), __VA_ARGS__), (expected)))
#define EXPECT_REPLY(ftp, expected) \
	check_reply(__FILE__, __LINE__, (ftp), (ftp_reply(ftp), (expected)))
/* Check the code of the reply that was read last. */
#define EXPECT_WAS(ftp, expected) \
	check_reply(__FILE__, __LINE__, (ftp), (expected))

bool check_at(const char *file, int line, bool held, const char *format, ...)
	PRINTF_LIKE(4, 5);
bool check_number(const char *file, int line, const char *what,
	long long actual, long long expected);
bool check_text(const char *file, int line, const char *what,
	const char *actual, const char *expected);
bool check_has(const char *file, int line, const char *what,
	const char *text, const char *part, bool wanted);
bool check_reply(const char *file, int line, const struct ftp *ftp,
	int expected);

/* A new connection's login gets 530 and no reason, while the log has this
 * one. */
void check_refused(const char *user, const char *password,
	const char *reason);

/* Reasons that PAM gives. */
#define WRONG_PASSWORD "pam_authenticate: Authentication failure"
#define NO_ACCOUNT     WRONG_PASSWORD "; no such account"
#endif
