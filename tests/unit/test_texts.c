/*
 * test_texts.c - configured messages: tokens, lines, files, and invalid
 * bytes.
 */
#include "common/base.h"

#include "common/settings/settings_messages.h"
#include "common/text.h"
#include "tests/unit/scratch.h"
#include "tests/unit/talk.h"
#include "tests/unit/unit.h"

#include <sys/stat.h>

const char *const unit_name = "texts";

static const char *
quit_with(struct talk *t, char *text)
{
	t->limits.msg_quit = text;
	return talk_say(t, "QUIT");
}

#define CHECK_QUIT(wanted, ...)                                     \
	do {                                                        \
		char text_[] = __VA_ARGS__;                         \
		struct talk t_;                                     \
		talk_open(&t_, true);                               \
		(void)!text_copy(t_.identity.user,                  \
			sizeof(t_.identity.user), "a\\n%a");        \
		CU_ASSERT_STRING_EQUAL(quit_with(&t_, text_),       \
			wanted);                                    \
		talk_close(&t_);                                    \
	} while (0)

static void
test_tokens(void)
{
	/* A name's own signs mean nothing. */
	CHECK_QUIT("221 Bye a\\n%a.\r\n", "Bye %u.");
	CHECK_QUIT("221 a\\n%a\r\n", "%u");
	CHECK_QUIT("221 100% of 5%x %\r\n", "100%% of 5%x %");
	CHECK_QUIT("221 sureftpd " PACKAGE_VERSION "\r\n", "sureftpd %v");
	CHECK_QUIT("221 %n\r\n", "%n");
	CHECK_QUIT("221-\r\n221 x\r\n", "\\nx");
	CHECK_QUIT("221 OK.\r\n", "");
}

static void
test_addresses_and_place(void)
{
	char text[] = "%a %s %w", time_text[] = "%t", expected[200];
	struct talk t;

	talk_open(&t, true);
	CU_ASSERT_EQUAL(address_parse(&t.session.client.peer, "192.0.2.7"), 0);
	CU_ASSERT_EQUAL(address_parse(&t.session.client.local, "2001:db8::1"),
		0);
	snprintf(expected, sizeof(expected),
		"221 192.0.2.7 2001:db8::1 %s\r\n", t.home);
	CU_ASSERT_STRING_EQUAL(quit_with(&t, text), expected);
	talk_close(&t);
	talk_open(&t, true);
	const char *said = quit_with(&t, time_text);
	CU_ASSERT_EQUAL(strlen(said),
		strlen("221 2026-11-29 20:15:00 UTC\r\n"));
	CU_ASSERT_EQUAL(strncmp(said, "221 20", 6), 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(said, " UTC\r\n"));
	talk_close(&t);
	/* Nobody is anybody before login. */
	char before[] = "(%u%w)";
	talk_open(&t, false);
	t.settings->user.msg_quit[0] = '\0';
	CU_ASSERT_EQUAL(talk_code(&t, "USER anna"), 331);
	free(t.settings->user.msg_quit);
	t.settings->user.msg_quit = strdup(before);
	CU_ASSERT_STRING_EQUAL(talk_say(&t, "QUIT"), "221 ()\r\n");
	talk_close(&t);
}

static void
test_lines_and_bytes(void)
{
	struct settings_message message = { .path = NULL };
	char path[] = "/somewhere", text[] = "220 one\r\n\ttwo\x1b[2J\x7f\n"
		"\xc3\xa4 \xff %u\\n\n\n";
	struct talk t;

	message.path = path;
	message.text = text;
	talk_open(&t, true);
	(void)!text_copy(t.identity.user, sizeof(t.identity.user), "anna");
	t.settings->messages = &message;
	t.settings->message_count = 1;
	t.limits.msg_quit_file = path;
	/* Telnet doubles the byte 255. */
	CU_ASSERT_STRING_EQUAL(talk_say(&t, "QUIT"),
		"221-220 one\r\n221-\ttwo?[2J?\r\n"
		"221 \xc3\xa4 \xff\xff anna\\n\r\n");
	t.settings->messages = NULL;
	t.settings->message_count = 0;
	talk_close(&t);
}

/* --- message files of directories */

static void
write_file(const char *path, const char *data, size_t len)
{
	FILE *f = fopen(path, "we");

	CU_ASSERT_EQUAL(fwrite(data, 1, len, f), len);
	fclose(f);
}

#define CHANGED "250 Directory changed.\r\n"

static void
test_directories(void)
{
	static char large[9000];
	char name[] = ".message";
	struct talk t;

	memset(large, 'x', sizeof(large));
	talk_open(&t, true);
	scratch_directory("a");
	scratch_directory("b");
	scratch_directory("b/c");
	write_file("a/.message", "In a:\n250 done\n", 15);
	write_file("b/.message", "n\0l\r\n", 5);
	write_file("b/c/.message", large, sizeof(large));
	/* Off, unless the setting is. */
	CU_ASSERT_STRING_EQUAL(talk_say(&t, "CWD a"), CHANGED);
	t.limits.directory_message = name;
	CU_ASSERT_STRING_EQUAL(talk_say(&t, "CDUP"), CHANGED);
	CU_ASSERT_STRING_EQUAL(talk_say(&t, "CWD a"),
		"250-In a:\r\n250-250 done\r\n" CHANGED);
	CU_ASSERT_STRING_EQUAL(talk_say(&t, "CWD ../b"),
		"250-n?l\r\n" CHANGED);
	/* Once a session, by whatever path. */
	CU_ASSERT_STRING_EQUAL(talk_say(&t, "CWD ../a"), CHANGED);
	CU_ASSERT_STRING_EQUAL(talk_say(&t, "CWD ../a/."), CHANGED);
	CU_ASSERT_STRING_EQUAL(talk_say(&t, "CWD ../b"), CHANGED);
	/* Not without end. */
	CU_ASSERT_EQUAL(strlen(talk_say(&t, "CWD c")),
		4 + DIRECTORY_MESSAGE_SIZE + 2 + strlen(CHANGED));
	CU_ASSERT_STRING_EQUAL(talk_say(&t, "CWD .."), CHANGED);
	talk_close(&t);
}

/* What is no plain file of the directory is not shown, and holds nobody up. */
static void
test_no_plain_file(void)
{
	char name[] = ".message", above[] = "../a/.message";
	struct talk t;

	talk_open(&t, true);
	t.limits.directory_message = name;
	scratch_directory("a");
	scratch_directory("b");
	scratch_directory("c");
	scratch_directory("d");
	write_file("a/.message", "secret", 6);
	scratch_link("../a/.message", "b/.message");
	CU_ASSERT_EQUAL(mkfifo("c/.message", 0600), 0);
	scratch_directory("d/.message");
	CU_ASSERT_STRING_EQUAL(talk_say(&t, "CWD b"), CHANGED);
	CU_ASSERT_STRING_EQUAL(talk_say(&t, "CWD ../c"), CHANGED);
	CU_ASSERT_STRING_EQUAL(talk_say(&t, "CWD ../d"), CHANGED);
	t.limits.directory_message = above;
	CU_ASSERT_STRING_EQUAL(talk_say(&t, "CWD ../c"), CHANGED);
	talk_close(&t);
}

CU_TestInfo unit_tests[] = {
	{ "tokens", test_tokens },
	{ "addresses, time and directory", test_addresses_and_place },
	{ "lines and bytes of a file", test_lines_and_bytes },
	{ "directory messages are shown once", test_directories },
	{ "directory messages must be regular files", test_no_plain_file },
	CU_TEST_INFO_NULL,
};
