/*
 * suite_letters.c - each permission alone allows its own operations and no
 * others, also as enforced by Landlock.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/world.h"

#include <sys/stat.h>

const char *const functional_name = "letters";

static void
make_tree(void)
{
	world_fresh();
	files_mkdir_as("anna", "/home/anna/d", 0755);
	files_mkdir_as("anna", "/home/anna/d/e", 0755);
	files_mkdir_as("anna", "/home/anna/gone", 0755);
	files_write_as("anna", "/home/anna/f", "old", 3);
	files_write_as("anna", "/home/anna/g", "old", 3);
}

static const struct {
	char letter;
	int code;
	const char *command;
} tries[] = {
	{ 'e', 250, "CWD d" },
	{ 'e', 250, "CWD /home/anna" },
	{ 'l', 213, "SIZE f" },
	{ 'l', 213, "MDTM f" },
	{ 'l', 213, "STAT d" },
	{ 'l', 250, "MLST f" },
	{ 'r', 226, "RETR g" },
	{ 'a', 226, "APPE f" },
	{ 'a', 226, "APPE new" },
	{ 'w', 226, "STOR f" },
	{ 'w', 226, "STOR new2" },
	{ 'w', 226, "STOR d/e/new" },
	{ 'w', 226, "STOU x" },
	{ 'm', 257, "MKD made" },
	{ 'm', 257, "MKD d/made" },
	{ 'm', 200, "SITE MKDIR d/two/three" },
	{ 'f', 350, "RNFR g" },
	{ 'f', 250, "RNTO d/e/g" },
	{ 'f', 350, "RNFR d/e" },
	{ 'f', 250, "RNTO moved" },
	{ 'M', 200, "SITE CHMOD 640 f" },
	{ 'M', 200, "SITE CHMOD 2750 d" },
	{ 'M', 213, "MFF UNIX.mode=0600; f" },
	{ 'M', 200, "SITE CHGRP team f" },
	{ 'T', 213, "MFF modify=20200101000000; f" },
	{ 'T', 213, "MFMT 20200101000000 f" },
	{ 'T', 213, "MFMT 20200101000000 d" },
	{ 'T', 200, "SITE UTIME 202001010000 f" },
	{ 'd', 250, "DELE f" },
	{ 'd', 250, "RMD gone" },
};

static void
try(struct ftp *c, const char *letters, size_t i)
{
	const char *command = tries[i].command;
	bool permitted = strchr(letters, tries[i].letter) != NULL;
	size_t len;

	if (strncmp(command, "RETR", 4) == 0)
		free(ftp_get(c, &len, "%s", command));
	else if (tries[i].letter == 'a' || tries[i].letter == 'w')
		ftp_put(c, "new", 3, "%s", command);
	else
		ftp_command(c, "%s", command);
	if (c->code == 550)
		CHECK_SAYS(strstr(c->text, "No permission to ") != NULL,
			"%s got %s", command, c->text);
	CHECK_SAYS(permitted ? c->code == tries[i].code :
		c->code == 550 || strncmp(command, "RNTO", 4) == 0,
		"permissions %s: %s got %s", letters, command, c->text);
}

static void
check(const char *letters, const char *way)
{
	char permissions[64];
	struct server s;
	struct ftp c;

	make_tree();
	snprintf(permissions, sizeof(permissions), "session.permissions=%s",
		letters);
	if (!SERVER(&s, permissions, way, "session.fsync_uploads=yes") ||
	    !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "TYPE I");
	for (size_t i = 0; i < ARRAY_SIZE(tries); i++)
		try(&c, letters, i);
	ftp_close(&c);
	server_stop(&s);
}

static void
check_all(const char *way)
{
	static const char *const letters[] = { "e", "l", "r", "a", "d", "f",
		"m", "w", "M", "T", "elradfmwMT" };

	for (size_t i = 0; i < ARRAY_SIZE(letters); i++)
		check(letters[i], way);
}

static void
test_plain(void)
{
	check_all("log.level=info");
}

static void
test_atomic(void)
{
	check_all("session.atomic_uploads=yes");
}

static void
test_numbered(void)
{
	check_all("session.overwrite=rename");
}

/* S12: an upload is resumed with the permission to store; to append is for
 * APPE. */
static void
test_resumed(void)
{
	static const char *const options[] = { "session.permissions=ela",
		"session.permissions=elw" };
	struct server s;
	struct ftp c;

	for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
		make_tree();
		if (!SERVER(&s, options[i]) || !ftp_enter(&c, "anna"))
			return;
		EXPECT(&c, 200, "TYPE I");
		EXPECT(&c, 350, "REST 3");
		CHECK_NUMBER(ftp_put(&c, "er", 2, "STOR f"),
			i == 0 ? 550 : 226);
		CHECK_NUMBER(ftp_put(&c, "st", 2, "APPE f"),
			i == 0 ? 226 : 550);
		CHECK(files_same("/home/anna/f", i == 0 ? "oldst" : "older",
			5));
		ftp_close(&c);
		server_stop(&s);
	}
}

/* Many programs begin the names of files with a time. */
static void
test_name_like_a_time(void)
{
	static const char *const writes[] = { "no", "yes" };
	struct server s;
	struct ftp c;

	for (size_t i = 0; i < ARRAY_SIZE(writes); i++) {
		char option[64];

		snprintf(option, sizeof(option),
			"session.allow_mdtm_write=%s", writes[i]);
		if (!SERVER(&s, option, "session.permissions=elr") ||
			!ftp_enter(&c, "anna"))
			return;
		files_write_as("anna", "/home/anna/20200101000000 f", "x", 1);
		EXPECT(&c, 213, "MDTM 20200101000000 f");
		EXPECT(&c, 550, "MDTM 20200101000000 missing");
		files_write_as("anna", "/home/anna/f", "x", 1);
		EXPECT(&c, 550, "MDTM 20200102000000 f");
		EXPECT(&c, 213, "MDTM f");
		CHECK_LACKS(c.text, "20200102000000");
		ftp_close(&c);
		server_stop(&s);
		world_fresh();
	}
}

CU_TestInfo functional_tests[] = {
	{ "each permission alone", test_plain },
	{ "with atomic_uploads", test_atomic },
	{ "with overwrite = rename", test_numbered },
	{ "resuming and appending", test_resumed },
	{ "MDTM of a name that begins with a time", test_name_like_a_time },
	CU_TEST_INFO_NULL,
};
