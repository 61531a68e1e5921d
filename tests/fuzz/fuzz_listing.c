/*
 * fuzz_listing.c - any name and stat() result: one line in every format of a
 * listing, which contains the same values when it is parsed as by clients.
 *
 * An input is a struct subject, as it lies in memory, and behind it, each ended
 * by a NUL: the path before the name, the name, where a link leads, the owner's
 * name.  The linker leads fstatat() and readlinkat() here (-Wl,--wrap).
 */
#include "common/base.h"

#include "common/text.h"
#include "tests/fuzz/fuzz.h"
#include "worker/tree/listing.h"
#include "worker/tree/listing_line.h"

#include <dirent.h>

#define NAME_LONGEST  255
#define OWNER_LONGEST 32	/* LOGIN_NAME_MAX is more, useradd's less */

static struct subject {
	int64_t size, when, now;
	uint64_t device, inode, links;
	uint32_t mode, uid, gid, dir_mode, dir_uid, facts, permissions;
	uint8_t error;		/* of fstatat(), if its lowest bit is set */
	uint8_t type;		/* DT_, as the directory has it */
	uint8_t with_names, gmt;
} subject;

static char prefix[PATH_MAX], name[NAME_LONGEST + 1], target[PATH_MAX];
static char owner[OWNER_LONGEST + 1];

int __wrap_fstatat(int dir, const char *path, struct stat *st, int flags);
/* With sizes of 64 bits the C library may call it so. */
int __wrap_fstatat64(int dir, const char *path, struct stat *st, int flags)
	__attribute__((alias("__wrap_fstatat")));
ssize_t __wrap_readlinkat(int dir, const char *path, char *to, size_t size);

const char *
fuzz_prepare(void)
{
	return NULL;
}

int
__wrap_fstatat(int dir UNUSED, const char *path UNUSED, struct stat *st,
	int flags UNUSED)
{
	static const int errors[] = { ENOENT, EACCES, EIO, ESTALE };

	if (subject.error & 1) {
		errno = errors[subject.error / 2 % ARRAY_SIZE(errors)];
		return -1;
	}
	*st = (struct stat){
		.st_dev = subject.device,
		.st_ino = subject.inode,
		.st_nlink = subject.links,
		.st_mode = subject.mode,
		.st_uid = subject.uid,
		.st_gid = subject.gid,
		.st_size = subject.size & INT64_MAX,
		.st_mtim = { .tv_sec = subject.when },
	};
	return 0;
}

ssize_t
__wrap_readlinkat(int dir UNUSED, const char *path UNUSED, char *to,
	size_t size)
{
	size_t len = strlen(target);

	if (len > size)
		len = size;
	memcpy(to, target, len);
	return (ssize_t)len;
}

/* --- reading what was written */

static bool
is_gone(void)
{
	return (subject.error & 1) && subject.error / 2 % 4 == 0;
}

/* The text must go on with this; where it does then. */
static const char *
expect(const char *at, const char *text)
{
	size_t len = strlen(text);

	if (strncmp(at, text, len) != 0)
		fuzz_fail("expected \"%s\" at \"%s\"", text, at);
	return at + len;
}

static const char *
expect_number(const char *at, uint64_t number)
{
	char text[32];

	snprintf(text, sizeof(text), "%" PRIu64, number);
	return expect(at, text);
}

static char
shown(char c)
{
	return (unsigned char)c < ' ' || c == 0x7f ? '?' : c;
}

/* Names come as they are, but for control bytes. */
static const char *
expect_name(const char *at, const char *text)
{
	for (; *text != '\0'; text++, at++)
		if (*at != shown(*text))
			fuzz_fail("a name is another: \"%s\"", at);
	return at;
}

static const char *
skip_blanks(const char *at)
{
	at = expect(at, " ");
	return at + strspn(at, " ");
}

/* --- LIST */

static const char *
expect_mode(const char *at, mode_t mode)
{
	static const char types[] = "?pc?d?b?-?l?s???";
	static const char letters[] = "rwxrwxrwx";
	char text[11];

	text[0] = types[(mode & S_IFMT) >> 12];
	for (int i = 0; i < 9; i++)
		text[i + 1] = mode >> (8 - i) & 1 ? letters[i] : '-';
	for (int i = 0; i < 3; i++)
		if (mode >> (11 - i) & 1)
			text[3 * i + 3] = text[3 * i + 3] == 'x' ?
				"sst"[i] : "SST"[i];
	text[10] = '\0';
	return expect(at, text);
}

static const char *
expect_owner(const char *at, uint32_t id)
{
	bool named = subject.with_names && owner[0] != '\0';

	for (const char *c = owner; *c != '\0'; c++)
		named = named && shown(*c) == *c && *c != ' ';
	return skip_blanks(named ? expect(at, owner) : expect_number(at, id));
}

static time_t
four_digits_of_year(time_t t)
{
	if (t < INT64_C(-62167219200))
		return INT64_C(-62167219200);
	return t > INT64_C(253402300799) ? INT64_C(253402300799) : t;
}

static const char *
expect_date(const char *at, time_t when)
{
	time_t now = four_digits_of_year(subject.now);
	char text[32];
	struct tm tm;

	when = four_digits_of_year(when);
	bool recent = when > now - 180 * 86400 && when <= now + 86400;
	if (subject.gmt)
		gmtime_r(&when, &tm);
	else
		localtime_r(&when, &tm);
	strftime(text, sizeof(text), recent ? "%b %e %H:%M" : "%b %e ", &tm);
	at = expect(at, text);
	if (recent)
		return at;
	snprintf(text, sizeof(text), "%5d", tm.tm_year + 1900);
	return expect(at, text);
}

static const char *
check_long(const char *at)
{
	bool known = !(subject.error & 1);
	mode_t type = subject.type == DT_UNKNOWN ? S_IFREG :
		DTTOIF(subject.type);
	mode_t mode = known ? subject.mode : type;

	at = skip_blanks(expect_mode(at, mode));
	at = skip_blanks(expect_number(at, known ? subject.links : 1));
	at = expect_owner(at, known ? subject.uid : 0);
	at = expect_owner(at, known ? subject.gid : 0);
	at = skip_blanks(expect_number(at, known ?
		(uint64_t)(subject.size & INT64_MAX) : 0));
	at = expect(expect_date(at, known ? subject.when : 0), " ");
	at = expect_name(expect_name(at, prefix), name);
	if (!S_ISLNK(mode))
		return at;
	return expect_name(expect(at, " -> "), target);
}

/* --- MLSD */

static const char *
expect_type(const char *at, mode_t mode)
{
	static const char *const types[16] = { [S_IFREG >> 12] = "file;",
		[S_IFDIR >> 12] = "dir;", [S_IFLNK >> 12] = "OS.unix=symlink;",
		[S_IFCHR >> 12] = "OS.unix=chr;",
		[S_IFBLK >> 12] = "OS.unix=blk;",
		[S_IFIFO >> 12] = "OS.unix=fifo;" };
	const char *type = types[(mode & S_IFMT) >> 12];

	at = expect(at, "type=");
	if (S_ISDIR(mode) && strcmp(name, ".") == 0)
		type = "cdir;";
	else if (S_ISDIR(mode) && strcmp(name, "..") == 0)
		type = "pdir;";
	return expect(at, type != NULL ? type : "OS.unix=socket;");
}

static const char *
expect_modify(const char *at)
{
	struct timespec t;

	at = expect(at, "modify=");
	if (ftptime_parse(at, 14, &t) < 0 ||
		t.tv_sec != four_digits_of_year(subject.when))
		fuzz_fail("another time: %s", at);
	return expect(at + 14, ";");
}

static const char *
expect_perm(const char *at)
{
	at = expect(at, "perm=");
	return expect(at + strspn(at, "acdeflmprw"), ";");
}

static const char *
expect_mode_and_owner(const char *at)
{
	char text[32];

	if (subject.facts & FACT_UNIX_MODE) {
		snprintf(text, sizeof(text), "UNIX.mode=%04o;",
			subject.mode & 07777);
		at = expect(at, text);
	}
	if (subject.facts & FACT_UNIX_OWNER)
		at = expect(expect_number(expect(at, "UNIX.owner="),
			subject.uid), ";");
	if (subject.facts & FACT_UNIX_GROUP)
		at = expect(expect_number(expect(at, "UNIX.group="),
			subject.gid), ";");
	if (subject.facts & FACT_UNIX_OWNERNAME)
		at = expect(expect_number(expect(at, "UNIX.ownername="),
			subject.uid), ";");
	if (subject.facts & FACT_UNIX_GROUPNAME)
		at = expect(expect_number(expect(at, "UNIX.groupname="),
			subject.gid), ";");
	return at;
}

static const char *
expect_facts(const char *at)
{
	char text[64];

	if (subject.facts & FACT_TYPE)
		at = expect_type(at, subject.mode);
	if ((subject.facts & FACT_SIZE) && !S_ISDIR(subject.mode))
		at = expect(expect_number(expect(at, "size="),
			(uint64_t)(subject.size & INT64_MAX)), ";");
	if (subject.facts & FACT_MODIFY)
		at = expect_modify(at);
	if (subject.facts & FACT_PERM)
		at = expect_perm(at);
	if (subject.facts & FACT_UNIQUE) {
		snprintf(text, sizeof(text), "unique=%" PRIx64 "-%" PRIx64 ";",
			subject.device, subject.inode);
		at = expect(at, text);
	}
	return expect_mode_and_owner(at);
}

static const char *
check_facts(const char *at)
{
	mode_t type = DTTOIF(subject.type);

	if (!(subject.error & 1))
		at = expect_facts(at);
	else if ((subject.facts & FACT_TYPE) && type != 0)
		at = expect_type(at, type);
	return expect_name(expect(at, " "), name);
}

/* --- one line */

static void
check_line(const struct buffer *line, enum listing_format format)
{
	const char *at = buffer_text(line);

	if (line->overflow)
		fuzz_fail("a line is longer than LISTING_LINE_MAX");
	if (strlen(at) != line->len)
		fuzz_fail("a NUL in a line");
	if (strcspn(at, "\r\n") + 2 != line->len)
		fuzz_fail("one entry, two lines: %s", at);
	if (format == LISTING_LONG)
		at = check_long(at);
	else
		at = format == LISTING_FACTS ? check_facts(at) :
			expect_name(expect_name(at, prefix), name);
	if (strcmp(at, "\r\n") != 0)
		fuzz_fail("a line goes on: %s", at);
}

static void
check(struct names *names, enum listing_format format)
{
	const gid_t groups[] = { 7, 8 };
	struct tree tree = { .user = { .uid = 1000, .gid = 1000,
		.groups = groups, .ngroups = ARRAY_SIZE(groups),
		.permissions = subject.permissions } };
	const struct listing_request request = { .format = format,
		.gmt = subject.gmt != 0, .facts = subject.facts & FACTS_ALL,
		.names = names, .tree = &tree };
	struct listing_line line = { .request = &request, .dir = -1,
		.prefix = prefix, .now = subject.now,
		.facts = { request.facts, &line.dir_stat, .day = { .to = 0 } },
		.dir_stat = { .st_mode = subject.dir_mode,
			.st_uid = subject.dir_uid } };
	const struct listing_entry entry = { .name = name,
		.len = strlen(name), .type = subject.type };
	BUFFER(text, LISTING_LINE_MAX + 1);

	bool added = listing_line_add(&line, &text, &entry);
	if (added == (is_gone() && format != LISTING_NAMES))
		fuzz_fail("a vanished entry is shown, or another is not");
	if (added)
		check_line(&text, format);
	else if (text.len > 0)
		fuzz_fail("part of a line");
}

/* The text up to the next NUL, as much of it as fits. */
static void
take_text(char *to, size_t size, const uint8_t **at, const uint8_t *end)
{
	size_t len = strnlen((const char *)*at, (size_t)(end - *at));
	size_t fits = len < size ? len : size - 1;

	memcpy(to, *at, fits);
	to[fits] = '\0';
	*at += len + (*at + len < end);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *at = data + sizeof(subject), *end = data + size;
	struct names *names;

	if (size < sizeof(subject))
		return 0;
	memcpy(&subject, data, sizeof(subject));
	subject.type &= 15;
	take_text(prefix, sizeof(prefix), &at, end);
	take_text(name, sizeof(name), &at, end);
	take_text(target, sizeof(target), &at, end);
	take_text(owner, sizeof(owner), &at, end);
	names = names_load("/nonexistent", "/nonexistent");
	fuzz_must(names != NULL && (!subject.with_names ||
		(names_add_user(names, subject.uid, owner) == 0 &&
		names_add_group(names, subject.gid, owner) == 0 &&
		names_add_user(names, 0, owner) == 0 &&
		names_add_group(names, 0, owner) == 0)), "names");
	check(names, LISTING_LONG);
	check(names, LISTING_NAMES);
	check(names, LISTING_FACTS);
	names_free(names);
	return 0;
}
