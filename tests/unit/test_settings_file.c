/*
 * test_settings_file.c - the lines of the settings file: what they mean, and
 * that none is cut, joined or dropped in silence.
 */
#include "common/base.h"
#include "tests/unit/unit.h"
#include "tests/unit/with_settings.h"

#include <fcntl.h>

const char *const unit_name = "settings_file";

static bool
banner_is(const char *text, const char *banner)
{
	struct complaints c;
	struct settings *s = with_text(text, &c);
	bool ok = s != NULL && c.count == 0 &&
	    strcmp(s->server.banner, banner) == 0;

	if (!ok)
		printf("\n  got: %s%s", buffer_text(&c.text),
		    s != NULL ? s->server.banner : "nothing");
	settings_free(s);
	return ok;
}

/* Where inih cannot be told to leave values whole, it must be told instead
 * that it does not. */
static bool
banner_is_or_told(const char *text, const char *banner, const char *told)
{
#ifdef HAVE_INI_MAX_LINE
	(void)told;
	return banner_is(text, banner);
#else
	(void)banner;
	return with_refusal(text, told);
#endif
}

static void
test_plain(void)
{
	CU_ASSERT(banner_is("[server]\nbanner = Hello\n", "Hello"));
	CU_ASSERT(banner_is("[server]\nbanner=Hello", "Hello"));
	CU_ASSERT(banner_is("[ server\t]  \n\tbanner\t=\t Hello \t \n",
	    "Hello"));
	CU_ASSERT(banner_is("[server]\r\nbanner = Hello\r\n", "Hello"));
	CU_ASSERT(banner_is("\xef\xbb\xbf[server]\nbanner = Hello\n",
	    "Hello"));
	CU_ASSERT(banner_is("[server]\nbanner =\n", ""));
	CU_ASSERT(banner_is("", "FTP server ready."));
	CU_ASSERT(banner_is("\n\n\n", "FTP server ready."));
}

static void
test_comments(void)
{
	CU_ASSERT(banner_is("# a\n; b\n  # c\n\t; d\n[server]\n"
	    "#banner = No\nbanner = Yes\n;banner = No\n", "Yes"));
	CU_ASSERT(banner_is("#\n;\n[server]\nbanner = Yes", "Yes"));
}

static void
test_values_are_not_cut(void)
{
	static const char told[] = "F:2: the inih library truncates this line; "
	    "avoid \";\" after a blank\n";

	CU_ASSERT(banner_is_or_told("[server]\nbanner = a ; b # c\n",
	    "a ; b # c", told));
	CU_ASSERT(banner_is_or_told("[server]\nbanner = ;a\n", ";a", told));
	CU_ASSERT(banner_is("[server]\nbanner = a;b\n", "a;b"));
	CU_ASSERT(banner_is("[server]\nbanner = #a\n", "#a"));
	CU_ASSERT(banner_is("[server]\nbanner = a = b: [c]\n", "a = b: [c]"));
	CU_ASSERT(banner_is("[server]\nbanner = \"a\"\n", "\"a\""));
	CU_ASSERT(banner_is("[server]\nbanner = gr\xc3\xbc\xc3\x9f\n",
	    "gr\xc3\xbc\xc3\x9f"));
}

static void
test_continuation(void)
{
	CU_ASSERT(banner_is("[server]\nbanner = one\n  two\n\tthree #\n",
	    "one two three #"));
	CU_ASSERT(banner_is("[server]\nbanner =\n  one\n  two\n", "one two"));
	CU_ASSERT(banner_is("[server]\nbanner = one\n\n  # no\n  two\n",
	    "one two"));
	CU_ASSERT(banner_is("[server]\nbanner = one\n  a = b\n",
	    "one a = b"));
}

static void
test_indented_settings_are_not_swallowed(void)
{
	static const char swallowed[] = "an indented line continues the "
	    "previous value; start settings and headings in the first column\n";
	char want[512];

	snprintf(want, sizeof(want), "F:3: %sF:4: %s", swallowed, swallowed);
	CU_ASSERT(with_refusal("[server]\n  banner = one\n"
	    "  list_times = local\n"
	    "  [log]\n", want));
}

static void
test_long_lines(void)
{
	char text[1200], want[1001];
	static const size_t lengths[] = { 190, 199, 200, 201, 1000 };

	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
		memset(want, 'x', lengths[i]);
		want[lengths[i]] = '\0';
		snprintf(text, sizeof(text), "[server]\nbanner = %s\n", want);
		CU_ASSERT(banner_is_or_told(text, want,
		    "F:2: line too long; continue it on an indented "
		    "line\n"));
	}
}

static void
test_lists_fill_the_longest_line(void)
{
	static char text[70000];
	struct complaints c;
	size_t at = (size_t)snprintf(text, sizeof(text),
	    "[auth]\nallowed_users =");

	/* all in one line, or in lines that any inih takes */
	while (at < 59000)
		at += (size_t)snprintf(text + at, sizeof(text) - at,
#ifdef HAVE_INI_MAX_LINE
		    " user%06zu", at);
#else
		    "\n\tuser%06zu", at);
#endif
	struct settings *s = with_text(text, &c);
	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	CU_ASSERT(strlen(s->server.allowed_users) > 50000);
	CU_ASSERT_EQUAL(strspn(s->server.allowed_users,
	    "user0123456789 "), strlen(s->server.allowed_users));
	settings_free(s);
}

static void
test_too_long(void)
{
	static char text[140000];
	size_t at = (size_t)snprintf(text, sizeof(text), "[server]\nbanner = ");

	memset(text + at, 'x', 66000);
	memcpy(text + at + 66000, "\nlist_times = maybe\n", 20);
	CU_ASSERT(with_refusal(text,
	    "F:2: line too long; continue it on an indented line\n"
	    "F:3: list_times must be gmt or local, not \"maybe\"\n"));

	/* lines that fit, a value that does not */
	for (int i = 0; i < 700; i++) {
		memset(text + at, 'x', 100);
		memcpy(text + at + 100, "\n ", 3);
		at += 102;
	}
	CU_ASSERT(with_refusal(text,
	    "F:2: value longer than 65535 bytes\n"));
}

static void
test_bad_bytes(void)
{
	struct complaints c;
	static const char nul[] = "[server]\nbanner = a\0b\n";

	CU_ASSERT_PTR_NULL(with_bytes(nul, sizeof(nul) - 1, &c));
	CU_ASSERT_STRING_EQUAL(buffer_text(&c.text),
	    "F:2: the line contains a NUL byte\n");
	CU_ASSERT(with_refusal("[server]\nbanner = a\x1b[31m\n",
	    "F:2: the line contains a control character\n"));
	CU_ASSERT(with_refusal("[server]\nbanner = a\rb\n",
	    "F:2: the line contains a control character\n"));
	CU_ASSERT(with_refusal("[server]\n\fbanner = a\n",
	    "F:2: the line contains a control character\n"));
}

static void
test_bad_lines_are_all_told(void)
{
	CU_ASSERT(with_refusal(
	    "lost = 1\n[server\nbanner = unseen\n[server] # no\n"
	    "[server]\nwhat\n= x\nbanner: x\nwhat\n",
	    "F:1: setting before the first [section]\n"
	    "F:2: missing \"]\" at the end of the heading\n"
	    "F:4: unexpected text after \"]\"\n"
	    "F:6: expected [section] or NAME = VALUE\n"
	    "F:7: missing name before \"=\"\n"
	    "F:8: use NAME = VALUE; \":\" is not a separator here\n"
	    "F:9: expected [section] or NAME = VALUE\n"));
}

/* What an indented line continues may be wrong: one complaint is enough. */
static void
test_continuing_a_mistake(void)
{
	CU_ASSERT(with_refusal("[server]\nbanner: x\n  y\n  z\n= x\n",
	    "F:2: use NAME = VALUE; \":\" is not a separator here\n"
	    "F:5: missing name before \"=\"\n"));
	CU_ASSERT(with_refusal("[server]\nlist_times = maybe\nwhat\n  y\n",
	    "F:2: list_times must be gmt or local, not \"maybe\"\n"
	    "F:3: expected [section] or NAME = VALUE\n"));
	CU_ASSERT(with_refusal("[server]\n= x\n  what\n",
	    "F:2: missing name before \"=\"\n"
	    "F:3: expected [section] or NAME = VALUE\n"));
}

static void
test_long_names(void)
{
	char text[1024], want[1024];
	char name[121];

	memset(name, 'n', 120);
	name[120] = '\0';
	snprintf(text, sizeof(text),
	    "[user \"%s\"]\npermissions = el\n  T\n", name);
	snprintf(want, sizeof(want),
	    "F:2: permissions must be letters of elradfmwMT, not \"el T\"\n");
	CU_ASSERT(with_refusal(text, want));
	snprintf(text, sizeof(text), "[server]\n%s = x\n  y\n", name);
	snprintf(want, sizeof(want), "F:2: unknown setting \"%s\" in "
	    "[server]\n", name);
	CU_ASSERT(with_refusal(text, want));
}

static bool
refused_file(const char *sentence, bool may_be_missing)
{
	struct complaints c;
	struct settings *s;

	with_no_complaints(&c);
	s = settings_load(with_path, may_be_missing, NULL, 0, with_complaint,
	    &c);
	bool ok = s == NULL && strstr(buffer_text(&c.text), sentence) != NULL;
	settings_free(s);
	return ok;
}

static void
test_files_that_are_not_trusted(void)
{
	CU_ASSERT_FATAL(with_file("", 0));
	chmod(with_path, 0602);
	CU_ASSERT(refused_file("F: the file must not be writable", true));
	chmod(with_path, 0620);
	CU_ASSERT(refused_file("F: the file must not be writable", true));
	chmod(with_path, 0600);
	if (chown(with_path, 12345, (gid_t)-1) == 0) {
		/* whoever may give files away also reads this one */
		CU_ASSERT(refused_file("F: the file must be owned by root",
		    true));
	} else {
		printf("\n  not root: foreign owner not tried ");
	}
	unlink(with_path);
	CU_ASSERT(mkfifo(with_path, 0600) == 0);
	CU_ASSERT(refused_file("F: not a regular file", true));
	unlink(with_path);
	CU_ASSERT(mkdir(with_path, 0700) == 0);
	CU_ASSERT(refused_file("F: not a regular file", true));
	rmdir(with_path);
	CU_ASSERT(refused_file("F: No such file or directory", false));

	struct complaints c;
	with_no_complaints(&c);
	struct settings *s = settings_load(with_path, true, NULL, 0,
	    with_complaint, &c);
	CU_ASSERT(s != NULL && c.count == 0);
	settings_free(s);
	with_path[0] = '\0';
}

/* Whatever the bytes: no crash, no leak, and complaints when refused. */
static void
test_random_bytes(void)
{
	static const char *const parts[] = {
		"[", "]", "server", "listener", " ", "\t", "\n", "\n", "\r",
		"=", ":", ";", "#", "\"", "user \"a\"", "banner", "port",
		"permissions", "el", "21", "x", "\\", "\xff", "\n[server]\n",
	};
	uint32_t seed = 1;
	char text[512];

	for (int round = 0; round < 3000; round++) {
		size_t len = 0;
		while (len < 400) {
			seed = seed * 1664525 + 1013904223;
			const char *p = parts[(seed >> 16) % ARRAY_SIZE(parts)];
			memcpy(text + len, p, strlen(p));
			len += strlen(p);
		}
		struct complaints c;
		struct settings *s = with_bytes(text, len, &c);
		CU_ASSERT((s == NULL) == (c.count > 0));
		settings_free(s);
	}
}

#define TEN     "0123456789"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN

/* The address of a socket holds 107 bytes, a path many more. */
static void
test_control_socket(void)
{
	struct complaints c;
	struct settings *s = with_text("[server]\ncontrol_socket = /" HUNDRED
	    "123456\n", &c);

	CU_ASSERT_PTR_NOT_NULL(s);
	settings_free(s);
	CU_ASSERT(with_refusal("[server]\ncontrol_socket = /" HUNDRED
	    "1234567\n", "F:2: control_socket must not be longer than 107 "
	    "bytes\n"));
	CU_ASSERT(with_refusal("[server]\ncontrol_socket = /run/x/\n",
	    "F:2: control_socket must be a file name, not a "
	    "directory\n"));
}

CU_TestInfo unit_tests[] = {
	{ "assignments, blanks, line ends", test_plain },
	{ "comments are whole lines", test_comments },
	{ "; # = : [ stay in values", test_values_are_not_cut },
	{ "indented lines continue a value", test_continuation },
	{ "indented settings are not swallowed",
	    test_indented_settings_are_not_swallowed },
	{ "long lines stay whole", test_long_lines },
	{ "a list may fill 59 000 bytes", test_lists_fill_the_longest_line },
	{ "lines and values that are too long are reported", test_too_long },
	{ "NUL and control characters are reported", test_bad_bytes },
	{ "every invalid line is reported with its number",
		test_bad_lines_are_all_told },
	{ "a repeated error is reported once", test_continuing_a_mistake },
	{ "long names are not cut", test_long_names },
	{ "a file that others could write is refused",
	    test_files_that_are_not_trusted },
	{ "random bytes are handled", test_random_bytes },
	{ "the control socket's path fits a socket", test_control_socket },
	CU_TEST_INFO_NULL,
};
