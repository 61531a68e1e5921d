/*
 * test_settings_messages.c - files whose text is sent to clients: which are
 * read, and which are a mistake.
 */
#include "common/base.h"
#include "common/settings/settings_messages.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"
#include "tests/unit/with_settings.h"

const char *const unit_name = "settings_messages";

static struct scratch scratch;

/* The absolute path of a file in the scratch directory; valid until the
 * second call after it. */
static const char *
path_of(const char *name)
{
	static char paths[2][128];
	static int turn;

	turn = !turn;
	snprintf(paths[turn], sizeof(paths[turn]), "%s/%s", scratch.top, name);
	return paths[turn];
}

static void
write_file(const char *name, const char *data, size_t len, mode_t mode)
{
	FILE *f = fopen(name, "we");

	CU_ASSERT_EQUAL(fwrite(data, 1, len, f), len);
	fclose(f);
	CU_ASSERT_EQUAL(chmod(name, mode), 0);
}

static struct settings *
load(struct complaints *c, const char *text)
{
	return with_text(text, c);
}

static void
test_read(void)
{
	BUFFER(text, 2000);
	struct complaints c;
	struct settings *s;

	scratch_open(&scratch);
	write_file("all", "for all\n", 8, 0644);
	write_file("one", "for one", 7, 0604);
	buffer_addf(&text, "[server]\nbanner_file = %s\n[session]\n"
		"msg_login_file = %s\n", path_of("all"), path_of("all"));
	buffer_addf(&text, "[user anna]\nmsg_login_file = %s\n"
		"[group staff]\nmsg_quit_file = %s\nmsg_login_file =\n",
		path_of("one"), path_of("all"));
	s = load(&c, buffer_text(&text));
	CU_ASSERT_EQUAL(c.count, 0);
	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	/* Each once, however often it is named. */
	CU_ASSERT_EQUAL(s->message_count, 2);
	CU_ASSERT_STRING_EQUAL(settings_messages_text(s, path_of("all")),
		"for all\n");
	CU_ASSERT_STRING_EQUAL(settings_messages_text(s, path_of("one")),
		"for one");
	CU_ASSERT_PTR_NULL(settings_messages_text(s, ""));
	CU_ASSERT_PTR_NULL(settings_messages_text(s, path_of("no")));
	settings_free(s);
	scratch_close(&scratch);
}

static void
check_section(const char *section, const char *name, const char *why)
{
	BUFFER(text, 1000);
	BUFFER(expected, 1000);
	struct complaints c;

	buffer_addf(&text, "[session]\numask = 022\n[%s]\n"
		"msg_quit_file = %s\n", section, path_of(name));
	buffer_addf(&expected, "F:4: msg_quit_file: %s: %s\n", path_of(name),
		why);
	CU_ASSERT_PTR_NULL(load(&c, buffer_text(&text)));
	CU_ASSERT_EQUAL(c.count, 1);
	CU_ASSERT_STRING_EQUAL(buffer_text(&c.text), buffer_text(&expected));
}

static void
check_mistake(const char *name, const char *why)
{
	check_section("user anna", name, why);
	check_section("anonymous", name, why);
}

static void
test_mistakes(void)
{
	static char large[SETTINGS_MESSAGE_SIZE + 1];
	struct complaints c;
	BUFFER(text, 300);

	memset(large, 'x', sizeof(large));
	scratch_open(&scratch);
	write_file("secret", "x", 1, 0640);
	write_file("nul", "a\0b", 3, 0644);
	write_file("large", large, sizeof(large), 0644);
	write_file("most", large, sizeof(large) - 1, 0644);
	scratch_directory("d");
	CU_ASSERT_EQUAL(mkfifo("pipe", 0644), 0);
	check_mistake("none", "No such file or directory");
	check_mistake("secret", "the file must be readable by all users "
		"(chmod a+r): its text is sent to clients");
	check_mistake("nul", "the file contains a NUL");
	check_mistake("large", "the file is larger than 8k");
	check_mistake("d", "Is a directory");
	check_mistake("pipe", "not a regular file");
	buffer_addf(&text, "[session]\nmsg_login_file = %s\n",
		path_of("most"));
	struct settings *s = load(&c, buffer_text(&text));
	CU_ASSERT_PTR_NOT_NULL(s);
	settings_free(s);
	scratch_close(&scratch);
}

static void
test_directory_message(void)
{
	struct complaints c;

	CU_ASSERT_PTR_NULL(load(&c, "[session]\numask = 022\n"
		"directory_message = a/b\n"));
	CU_ASSERT_STRING_EQUAL(buffer_text(&c.text), "F:3: directory_message "
		"must be the name of a file, without \"/\"\n");
	CU_ASSERT_PTR_NULL(load(&c, "[group x]\ndirectory_message = /b\n"));
	CU_ASSERT_STRING_EQUAL(buffer_text(&c.text), "F:2: directory_message "
		"must be the name of a file, without \"/\"\n");
}

CU_TestInfo unit_tests[] = {
	{ "files are read once", test_read },
	{ "files that are a mistake", test_mistakes },
	{ "directory_message is a name", test_directory_message },
	CU_TEST_INFO_NULL,
};
