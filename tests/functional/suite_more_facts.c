/*
 * suite_more_facts.c - what stat() does not provide: the facts create and type
 * of MLST and MLSD, and what a link leads to, also with LIST -L.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/lists.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

const char *const functional_name = "more_facts";

#define HOME "/home/anna/"

/* The expected "create=...;", or "" if the file system does not record it. */
static const char *
created(const char *path)
{
	static char text[64];
	struct statx x = { 0 };
	struct tm tm;

	text[0] = '\0';
	CHECK(statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, STATX_BTIME, &x) == 0);
	time_t t = x.stx_btime.tv_sec;
	if ((x.stx_mask & STATX_BTIME) && gmtime_r(&t, &tm) != NULL)
		strftime(text, sizeof(text), "create=%Y%m%d%H%M%S;", &tm);
	return text;
}

static void
test_create(void)
{
	struct server s;
	struct ftp c;
	char line[200];
	size_t len;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	files_write_as("anna", HOME "f", "x", 1);
	EXPECT(&c, 213, "MFMT 20010909014640 f");
	EXPECT(&c, 211, "FEAT");
	CHECK_HAS(c.text, ";create;\n");
	EXPECT(&c, 250, "MLST f");
	CHECK_LACKS(c.text, "create=");
	EXPECT(&c, 200, "OPTS MLST create;modify;");
	CHECK_TEXT(c.text, "200 MLST OPTS modify;create;");
	EXPECT(&c, 211, "FEAT");
	CHECK_HAS(c.text, ";create*;\n");
	snprintf(line, sizeof(line), " modify=20010909014640;%s /home/anna/f\n",
		created(HOME "f"));
	EXPECT(&c, 250, "MLST f");
	CHECK_HAS(c.text, line);
	EXPECT(&c, 250, "MLST ~/f");
	CHECK_HAS(c.text, line);
	EXPECT(&c, 200, "OPTS MLST create;");
	snprintf(line, sizeof(line), " %s /home/anna\n", created(HOME));
	EXPECT(&c, 250, "MLST ~");
	CHECK_HAS(c.text, line);
	EXPECT(&c, 200, "OPTS MLST create;modify;");
	snprintf(line, sizeof(line), "modify=20010909014640;%s f\r\n",
		created(HOME "f"));
	char *list = ftp_get(&c, &len, "MLSD");
	CHECK_HAS(list, line);
	free(list);
	ftp_close(&c);
	server_stop(&s);
}

static void
make_links(void)
{
	files_write_as("anna", HOME "f", "x", 1);
	files_mkdir_as("anna", HOME "d", 0755);
	CHECK(symlink("f", HOME "to_f") == 0);
	CHECK(symlink("/home/anna/d", HOME "to_d") == 0);
	CHECK(symlink("nowhere", HOME "to_nothing") == 0);
	CHECK(symlink("a b;c", HOME "odd") == 0);
}

static void
test_targets(void)
{
	struct server s;
	struct ftp c;
	size_t len;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	make_links();
	EXPECT(&c, 200, "OPTS MLST type;");
	char *list = ftp_get(&c, &len, "MLSD");
	CHECK_HAS(list, "type=file; to_f\r\n");
	CHECK_HAS(list, "type=dir; to_d\r\n");
	CHECK_HAS(list, "type=OS.unix=symlink; to_nothing\r\n");
	free(list);
	EXPECT(&c, 250, "MLST to_d");
	CHECK_HAS(c.text, "type=dir; ");
	ftp_close(&c);
	server_stop(&s);
}

/* With restricted names, links are followed one by one. */
static void
test_dangling(void)
{
	static const char *const options[] = {
		"session.permissions=elr", "session.deny_names=secret",
		"session.symlinks=inside",
	};
	struct server s;
	struct ftp c;

	make_links();
	CHECK(symlink("no/where", HOME "to_no_directory") == 0);
	CHECK(symlink("secret", HOME "to_secret") == 0);
	for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
		if (!SERVER(&s, options[i]) || !ftp_enter(&c, "anna"))
			return;
		EXPECT(&c, 250, "MLST to_nothing");
		CHECK_HAS(c.text, "type=OS.unix=symlink;");
		EXPECT(&c, 250, "MLST to_no_directory");
		CHECK_HAS(c.text, "type=OS.unix=symlink;");
		EXPECT(&c, 250, "MLST to_f");
		CHECK_HAS(c.text, "type=file;");
		EXPECT(&c, i == 1 ? 550 : 250, "MLST to_secret");
		EXPECT(&c, 550, "MLST nothing");
		ftp_close(&c);
		server_stop(&s);
	}
}

static void
test_links(void)
{
	struct server s;
	struct ftp c;
	size_t len;

	if (!SERVER(&s, "session.list_links=link") || !ftp_enter(&c, "anna"))
		return;
	make_links();
	EXPECT(&c, 200, "OPTS MLST type;size;");
	char *list = ftp_get(&c, &len, "MLSD");
	CHECK_HAS(list, "type=OS.unix=slink:f;size=1; to_f\r\n");
	CHECK_HAS(list, "type=OS.unix=slink:/home/anna/d;size=12; to_d\r\n");
	CHECK_HAS(list, "type=OS.unix=slink:nowhere;size=7; to_nothing\r\n");
	/* Not as a fact, which would end at the ";". */
	CHECK_HAS(list, "type=OS.unix=symlink;size=5; odd\r\n");
	CHECK_HAS(list, "type=file;size=1; f\r\n");
	CHECK_HAS(list, "type=dir; d\r\n");
	free(list);
	EXPECT(&c, 250, "MLST to_d");
	CHECK_HAS(c.text, "type=OS.unix=slink:/home/anna/d;size=12; ");
	EXPECT(&c, 250, "MLST f");
	CHECK_HAS(c.text, "type=file;size=1; ");
	EXPECT(&c, 250, "CWD to_d");
	ftp_close(&c);
	server_stop(&s);
}

/* LIST -L, as clients send it that take every link for a file. */
static void
test_option(void)
{
	static const char *const options[] = {
		"session.symlinks=follow", "session.permissions=elr",
		"session.symlinks=inside",
	};
	struct server s;
	struct ftp c;

	make_links();
	CHECK(truncate(HOME "f", 5000) == 0);
	CHECK(chmod(HOME "f", 0755) == 0);
	for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
		if (!SERVER(&s, options[i]) || !ftp_enter(&c, "anna"))
			return;
		char *list = lists_get(&c, "LIST -L to_f");
		CHECK_LACKS(list, "->");
		CHECK_HAS(list, "-rwxr-xr-x   1 anna     anna         5000 ");
		free(list);
		list = lists_get(&c, "LIST -dL to_d");
		CHECK_NUMBER(list[0], 'd');
		CHECK_HAS(list, " to_d\r\n");
		free(list);
		/* A link to nothing is itself shown. */
		list = lists_get(&c, "LIST -laL");
		CHECK_LACKS(list, "to_f ->");
		CHECK_HAS(list, " to_nothing -> nowhere\r\n");
		free(list);
		CHECK_LISTING(&c, "NLST -FL to_*",
			"to_d/\r\nto_f*\r\nto_nothing@\r\n");
		/* By the sizes of the targets; no link is entered. */
		CHECK_LISTING(&c, "NLST -LS to_[fn]*",
			"to_f\r\nto_nothing\r\n");
		CHECK_LISTING(&c, "NLST -RL to_[df]", "to_d\r\nto_f\r\n");
		ftp_close(&c);
		server_stop(&s);
	}
}

/* A link that may not be followed stays one. */
static void
test_option_denied(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "session.symlinks=deny") || !ftp_enter(&c, "anna"))
		return;
	make_links();
	char *list = lists_get(&c, "LIST -L");
	CHECK_HAS(list, " to_f -> f\r\n");
	CHECK_HAS(list, " to_d -> /home/anna/d\r\n");
	free(list);
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "create", test_create },
	{ "links as their targets", test_targets },
	{ "links to nothing", test_dangling },
	{ "links as links, with list_links = link", test_links },
	{ "links as their targets in LIST -L", test_option },
	{ "links that may not be followed in LIST -L", test_option_denied },
	CU_TEST_INFO_NULL,
};
