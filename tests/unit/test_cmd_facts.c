/*
 * test_cmd_facts.c - MFF and SITE CHGRP.
 */
#include "common/base.h"

#include "tests/unit/unit.h"

#include "tests/unit/talk.h"

#include <fcntl.h>
#include <sys/stat.h>

const char *const unit_name = "cmd_facts";

static void
make_file(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

	CU_ASSERT_FATAL(fd >= 0);
	close(fd);
}

static struct stat
look(const char *path)
{
	struct stat st = { 0 };

	CU_ASSERT_EQUAL(stat(path, &st), 0);
	return st;
}

static void
test_mff(void)
{
	struct talk t;

	talk_open(&t, true);
	make_file("a file");
	CU_ASSERT_STRING_EQUAL(talk_say(&t,
		"MFF modify=20200229123456;UNIX.mode=0600; a file"),
		"213 modify=20200229123456;UNIX.mode=0600; a file\r\n");
	CU_ASSERT_EQUAL(look("a file").st_mtime, 1582979696);
	CU_ASSERT_EQUAL(look("a file").st_mode & 07777, 0600);
	CU_ASSERT_EQUAL(talk_code(&t, "mff unix.MODE=640 a file"), 213);
	CU_ASSERT_EQUAL(look("a file").st_mode & 07777, 0640);
	CU_ASSERT_EQUAL(talk_code(&t, "MFF UNIX.mode=4755; a file"), 501);
	CU_ASSERT_EQUAL(look("a file").st_mode & 07777, 0640);
	talk_close(&t);
}

/* Nothing is changed by a line that asks for something impossible. */
static void
test_mff_refused(void)
{
	static const struct {
		int code;
		const char *line;
	} rows[] = {
		{ 501, "MFF" }, { 501, "MFF f" }, { 501, "MFF UNIX.mode=600;" },
		{ 501, "MFF UNIX.mode=600; " }, { 501, "MFF UNIX.mode f" },
		{ 501, "MFF UNIX.mode=600;; f" }, { 501, "MFF ; f" },
		{ 501, "MFF UNIX.mode=999; f" }, { 501, "MFF UNIX.mode=; f" },
		{ 501, "MFF UNIX.mode=600;modify=2020; f" },
		{ 501, "MFF UNIX.mode=600;UNIX.group=nobodys; f" },
		{ 501, "MFF UNIX.mode=600;UNIX.group=4294967295; f" },
		{ 504, "MFF UNIX.mode=600;UNIX.owner=0; f" },
		{ 504, "MFF UNIX.mode=600;size=0; f" },
		{ 504, "MFF UNIX.mode=600;create=20200101000000; f" },
		{ 550, "MFF UNIX.mode=600; missing" },
	};
	struct talk t;

	talk_open(&t, true);
	make_file("f");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		CU_ASSERT_EQUAL(talk_code(&t, rows[i].line), rows[i].code);
	CU_ASSERT_EQUAL(look("f").st_mode & 07777, 0644);
	talk_close(&t);
}

/* Also where the kernel would let root do more. */
static void
test_groups(void)
{
	gid_t groups[] = { 300, 400 };
	struct talk t;

	talk_open(&t, true);
	CU_ASSERT_EQUAL(names_add_group(t.names, 400, "staff"), 0);
	t.session.tree.user.groups = groups;
	t.session.tree.user.ngroups = ARRAY_SIZE(groups);
	make_file("f");
	gid_t own = look("f").st_gid;
	bool root = geteuid() == 0;
	CU_ASSERT_EQUAL(talk_code(&t, "SITE CHGRP 500 f"), 550);
	CU_ASSERT_EQUAL(talk_code(&t, "SITE CHGRP wheels f"), 550);
	CU_ASSERT_EQUAL(talk_code(&t, "SITE CHGRP staff"), 501);
	CU_ASSERT_EQUAL(look("f").st_gid, own);
	CU_ASSERT_EQUAL(talk_code(&t, "SITE CHGRP staff f"), root ? 200 : 550);
	CU_ASSERT_EQUAL(look("f").st_gid, root ? 400 : own);
	CU_ASSERT_EQUAL(talk_code(&t, "MFF UNIX.group=300; f"),
		root ? 213 : 550);
	CU_ASSERT_EQUAL(look("f").st_gid, root ? 300 : own);
	talk_close(&t);
}

CU_TestInfo unit_tests[] = {
	{ "MFF changes time and mode", test_mff },
	{ "MFF refuses what it cannot change", test_mff_refused },
	{ "a group is one that the account is in", test_groups },
	CU_TEST_INFO_NULL,
};
