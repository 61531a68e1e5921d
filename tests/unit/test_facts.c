/*
 * test_facts.c - MLST facts, in particular "perm".
 */
#include "common/base.h"

#include "common/permissions.h"
#include "tests/unit/unit.h"
#include "worker/tree/facts.h"

#include <sys/sysmacros.h>

const char *const unit_name = "facts";

static const gid_t groups[] = { 300, 400 };

static struct fact_user
anna(const char *letters)
{
	struct fact_user user = {
		.uid = 1000,
		.gid = 100,
		.groups = groups,
		.ngroups = ARRAY_SIZE(groups),
	};

	for (; *letters != '\0'; letters++)
		user.permissions |= UINT32_C(1) <<
			(strchr(permissions_letters, *letters) -
			permissions_letters);
	user.inside = user.permissions;
	return user;
}

static struct stat
object(mode_t mode, uid_t uid, gid_t gid)
{
	return (struct stat){
		.st_mode = mode,
		.st_uid = uid,
		.st_gid = gid,
		.st_size = 1234,
		.st_mtime = 1795314545,
		.st_dev = 0xfd01,
		.st_ino = 0x1a2b3c,
	};
}

/* The order of perm's letters means nothing (RFC 3659 7.5.5). */
static void
sort_perm(char *text)
{
	char *at = strstr(text, "perm=");

	if (at == NULL)
		return;
	at += strlen("perm=");
	for (size_t i = 0, n = strcspn(at, ";"); i < n; i++) {
		for (size_t k = i + 1; k < n; k++) {
			char c = at[i];
			if (at[k] >= c)
				continue;
			at[i] = at[k];
			at[k] = c;
		}
	}
}

static void
check(uint32_t chosen, enum fact_place place, const struct stat *st,
	const struct stat *dir, const char *letters, const char *expected)
{
	struct fact_user user = anna(letters);
	BUFFER(b, 256);
	BUFFER(wanted, 256);

	struct facts f = { .chosen = chosen, .dir = dir };

	facts_add(&f, &b, place, st, &user);
	buffer_add_text(&wanted, expected);
	sort_perm(b.data);
	sort_perm(wanted.data);
	CU_ASSERT_STRING_EQUAL(buffer_text(&b), buffer_text(&wanted));
}

#define ALL_LETTERS "elradfmwMT"

/* The perm fact of an entry in a directory that anna owns. */
static void
check_perm(mode_t mode, uid_t uid, gid_t gid, const char *expected)
{
	struct stat st = object(mode, uid, gid);
	struct stat dir = object(S_IFDIR | 0755, 1000, 100);
	BUFFER(text, 32);

	buffer_addf(&text, "perm=%s; ", expected);
	check(FACT_PERM, FACT_ENTRY, &st, &dir, ALL_LETTERS,
		buffer_text(&text));
}

static void
test_all_facts(void)
{
	struct stat st = object(S_IFREG | 04640, 1000, 100);
	struct stat dir = object(S_IFDIR | 0755, 1000, 100);

	check(FACTS_ALL, FACT_ENTRY, &st, &dir, ALL_LETTERS,
		"type=file;size=1234;modify=20261122022905;perm=arwdf;"
		"unique=fd01-1a2b3c;UNIX.mode=4640;UNIX.owner=1000;"
		"UNIX.group=100;UNIX.ownername=1000;UNIX.groupname=100; ");
	st.st_mode = S_IFREG | 04;
	st.st_size = INT64_MAX;
	check(FACT_SIZE | FACT_UNIX_MODE, FACT_ENTRY, &st, &dir, "",
		"size=9223372036854775807;UNIX.mode=0004; ");
	check(0, FACT_ENTRY, &st, &dir, "", " ");
}

/* Names that cannot stand in a fact are numbers. */
static void
test_names_of_owners(void)
{
	struct names *names = names_load("/nonexistent", "/nonexistent");
	struct stat st = object(S_IFREG | 0640, 1000, 100);
	struct fact_user user = anna("");
	struct facts f = { .chosen = FACT_UNIX_OWNERNAME |
		FACT_UNIX_GROUPNAME };
	BUFFER(b, 128);

	CU_ASSERT_PTR_NOT_NULL_FATAL(names);
	user.names = names;
	CU_ASSERT_EQUAL(names_add_user(names, 1000, "anna"), 0);
	CU_ASSERT_EQUAL(names_add_group(names, 100, "domain users"), 0);
	CU_ASSERT_EQUAL(names_add_group(names, 300, "a;size=1"), 0);
	facts_add(&f, &b, FACT_ENTRY, &st, &user);
	CU_ASSERT_STRING_EQUAL(buffer_text(&b),
		"UNIX.ownername=anna;UNIX.groupname=100; ");
	buffer_clear(&b);
	st.st_gid = 300;
	facts_add(&f, &b, FACT_ENTRY, &st, &user);
	CU_ASSERT_STRING_EQUAL(buffer_text(&b),
		"UNIX.ownername=anna;UNIX.groupname=300; ");
	names_free(names);
}

static void
test_types(void)
{
	static const struct {
		mode_t type;
		const char *text;
	} types[] = {
		{ S_IFREG, "type=file; " },
		{ S_IFDIR, "type=dir; " },
		{ S_IFLNK, "type=OS.unix=symlink; " },
		{ S_IFCHR, "type=OS.unix=chr; " },
		{ S_IFBLK, "type=OS.unix=blk; " },
		{ S_IFIFO, "type=OS.unix=fifo; " },
		{ S_IFSOCK, "type=OS.unix=socket; " },
	};

	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		struct stat st = object(types[i].type | 0644, 0, 0);
		check(FACT_TYPE, FACT_ENTRY, &st, NULL, "", types[i].text);
	}
	struct stat dir = object(S_IFDIR | 0755, 0, 0);
	check(FACT_TYPE, FACT_CURRENT, &dir, NULL, "", "type=cdir; ");
	check(FACT_TYPE, FACT_PARENT, &dir, NULL, "", "type=pdir; ");
	check(FACT_TYPE | FACT_SIZE, FACT_ENTRY, &dir, NULL, "", "type=dir; ");
}

static void
test_perm_of_files(void)
{
	check_perm(S_IFREG | 0644, 1000, 100, "arwdf");
	check_perm(S_IFREG | 0444, 1000, 100, "rdf");
	check_perm(S_IFREG | 0200, 1000, 100, "awdf");
	check_perm(S_IFREG | 0777, 1000, 100, "arwdf");
	check_perm(S_IFREG | 0644, 5, 5, "rdf");
	check_perm(S_IFREG | 0640, 5, 5, "df");
	check_perm(S_IFIFO | 0666, 1000, 100, "df");
	check_perm(S_IFLNK | 0777, 1000, 100, "df");
}

static void
test_first_class_decides(void)
{
	check_perm(S_IFREG | 0066, 1000, 100, "df");
	check_perm(S_IFREG | 0406, 5, 100, "df");
	check_perm(S_IFREG | 0406, 5, 400, "df");
	check_perm(S_IFREG | 0460, 5, 300, "arwdf");
	check_perm(S_IFREG | 0406, 5, 500, "arwdf");
}

static void
test_perm_of_directories(void)
{
	check_perm(S_IFDIR | 0755, 1000, 100, "celmpdf");
	check_perm(S_IFDIR | 0555, 1000, 100, "eldf");
	check_perm(S_IFDIR | 0711, 5, 5, "edf");
	check_perm(S_IFDIR | 0744, 5, 5, "ldf");
	check_perm(S_IFDIR | 0622, 1000, 100, "ldf");
	check_perm(S_IFDIR | 0000, 1000, 100, "df");
}

static void
test_directory_decides_about_names(void)
{
	struct stat st = object(S_IFREG | 0644, 1000, 100);
	struct stat dir = object(S_IFDIR | 0755, 0, 0);

	check(FACT_PERM, FACT_ENTRY, &st, &dir, ALL_LETTERS, "perm=arw; ");
	dir.st_mode = S_IFDIR | 0772;
	check(FACT_PERM, FACT_ENTRY, &st, &dir, ALL_LETTERS, "perm=arw; ");
	dir.st_mode = S_IFDIR | 0773;
	check(FACT_PERM, FACT_ENTRY, &st, &dir, ALL_LETTERS, "perm=arwdf; ");
	check(FACT_PERM, FACT_ENTRY, &st, NULL, ALL_LETTERS, "perm=arw; ");
	st.st_mode = S_IFDIR | 0755;
	check(FACT_PERM, FACT_CURRENT, &st, &dir, ALL_LETTERS, "perm=celmp; ");
	check(FACT_PERM, FACT_PARENT, &st, &dir, ALL_LETTERS, "perm=celmp; ");
}

static void
test_sticky_directory(void)
{
	struct stat mine = object(S_IFREG | 0644, 1000, 100);
	struct stat other = object(S_IFREG | 0644, 5, 5);
	struct stat dir = object(S_IFDIR | S_ISVTX | 0777, 0, 0);

	check(FACT_PERM, FACT_ENTRY, &mine, &dir, "df", "perm=df; ");
	check(FACT_PERM, FACT_ENTRY, &other, &dir, "df", "perm=; ");
	dir.st_uid = 1000;
	check(FACT_PERM, FACT_ENTRY, &other, &dir, "df", "perm=df; ");
}

static void
test_letters_of_the_account(void)
{
	struct stat file = object(S_IFREG | 0644, 1000, 100);
	struct stat sub = object(S_IFDIR | 0755, 1000, 100);
	static const char *const expected[][3] = {
		{ "", "perm=; ", "perm=; " },
		{ "elr", "perm=r; ", "perm=el; " },
		{ "a", "perm=a; ", "perm=; " },
		{ "d", "perm=d; ", "perm=pd; " },
		{ "f", "perm=f; ", "perm=f; " },
		{ "m", "perm=; ", "perm=m; " },
		{ "w", "perm=w; ", "perm=c; " },
		{ "MT", "perm=; ", "perm=; " },
	};

	for (size_t i = 0; i < ARRAY_SIZE(expected); i++) {
		check(FACT_PERM, FACT_ENTRY, &file, &sub, expected[i][0],
			expected[i][1]);
		check(FACT_PERM, FACT_ENTRY, &sub, &sub, expected[i][0],
			expected[i][2]);
	}
}

/* What entries share is written again when one differs, in whatever. */
static void
test_shared(void)
{
	struct stat dir = object(S_IFDIR | 0755, 1000, 100);
	struct stat st = object(S_IFREG | 0644, 1000, 100);
	struct fact_user user = anna(ALL_LETTERS);
	struct facts f = { .chosen = FACTS_DEFAULT, .dir = &dir };

	for (int i = 0; i < 400; i++) {
		struct facts fresh = { .chosen = FACTS_DEFAULT, .dir = &dir };
		BUFFER(a, 256);
		BUFFER(b, 256);

		switch (i % 7) {
		case 0: st.st_mode ^= 020; break;
		case 1: st.st_uid ^= 1; break;
		case 2: st.st_gid ^= 1; break;
		case 3: user.permissions ^= 4; break;
		case 4: st.st_mode ^= S_IFREG ^ S_IFDIR; break;
		case 5: user.inside ^= 4; break;
		}
		st.st_size++;
		st.st_mtime += 40007;
		facts_add(&f, &a, i % 3, &st, &user);
		facts_add(&fresh, &b, i % 3, &st, &user);
		CU_ASSERT_STRING_EQUAL(buffer_text(&a), buffer_text(&b));
	}
}

static void
test_root(void)
{
	struct fact_user root = anna(ALL_LETTERS);
	struct stat st = object(S_IFREG, 5, 5);
	struct stat dir = object(S_IFDIR | S_ISVTX, 5, 5);
	struct facts f = { .chosen = FACT_PERM, .dir = &dir };
	BUFFER(b, 64);

	root.uid = 0;
	facts_add(&f, &b, FACT_ENTRY, &st, &root);
	sort_perm(b.data);
	CU_ASSERT_STRING_EQUAL(buffer_text(&b), "perm=adfrw; ");
}

static void
test_unique_tells_devices_apart(void)
{
	struct stat st = object(S_IFREG, 0, 0);

	st.st_dev = makedev(8, 1);
	st.st_ino = UINT64_MAX;
	check(FACT_UNIQUE, FACT_ENTRY, &st, NULL, "",
		"unique=801-ffffffffffffffff; ");
}

static void
check_type(uint32_t chosen, enum fact_place place, mode_t type,
	const char *expected)
{
	BUFFER(b, 64);

	facts_add_type(&b, chosen, place, type);
	CU_ASSERT_STRING_EQUAL(buffer_text(&b), expected);
}

static void
test_type_alone(void)
{
	check_type(FACTS_ALL, FACT_ENTRY, S_IFREG, "type=file; ");
	check_type(FACTS_ALL, FACT_ENTRY, S_IFDIR, "type=dir; ");
	check_type(FACTS_ALL, FACT_PARENT, S_IFDIR, "type=pdir; ");
	check_type(FACTS_ALL, FACT_ENTRY, 0, " ");
	check_type(FACT_SIZE, FACT_ENTRY, S_IFREG, " ");
}

CU_TestInfo unit_tests[] = {
	{ "all facts of a file", test_all_facts },
	{ "names of owner and group", test_names_of_owners },
	{ "cached facts are not used for other entries", test_shared },
	{ "every type has its name", test_types },
	{ "perm of files", test_perm_of_files },
	{ "the first class that fits decides", test_first_class_decides },
	{ "perm of directories", test_perm_of_directories },
	{ "the directory decides who deletes and renames",
		test_directory_decides_about_names },
	{ "in a sticky directory only owners do", test_sticky_directory },
	{ "perm respects the account's permissions",
		test_letters_of_the_account },
	{ "perm of root", test_root },
	{ "unique holds device and inode", test_unique_tells_devices_apart },
	{ "without stat() only the type is shown, if known", test_type_alone },
	CU_TEST_INFO_NULL,
};
