/*
 * facts.c - the facts of MLST and MLSD.
 *
 * Runs in: session.
 */
#include "common/base.h"
#include "worker/tree/facts.h"

#include "common/settings/settings.h"
#include "common/text.h"
#include "worker/tree/ftptime.h"

/* What facts are told about. */
struct subject {
	enum fact_place place;
	const struct stat *st;
	const struct stat *dir;
	const struct fact_user *user;
};

static const char *
type_name(const struct subject *s)
{
	if (S_ISDIR(s->st->st_mode)) {
		static const char *const names[] = {
			[FACT_ENTRY] = "dir",
			[FACT_CURRENT] = "cdir",
			[FACT_PARENT] = "pdir",
		};
		return names[s->place];
	}
	switch (s->st->st_mode & S_IFMT) {
	case S_IFREG:
		return "file";
	case S_IFLNK:
		return "OS.unix=symlink";
	case S_IFCHR:
		return "OS.unix=chr";
	case S_IFBLK:
		return "OS.unix=blk";
	case S_IFIFO:
		return "OS.unix=fifo";
	default:
		return "OS.unix=socket";
	}
}

static void
add_type(struct buffer *b, const struct subject *s)
{
	buffer_addf(b, "type=%s;", type_name(s));
}

static void
add_size(struct buffer *b, const struct subject *s)
{
	if (!S_ISDIR(s->st->st_mode))
		buffer_addf(b, "size=%jd;", (intmax_t)s->st->st_size);
}

static void
add_modify(struct buffer *b, const struct subject *s)
{
	buffer_add_text(b, "modify=");
	ftptime_add(b, s->st->st_mtime);
	buffer_add_char(b, ';');
}

static bool
in_group(const struct fact_user *user, gid_t gid)
{
	if (user->gid == gid)
		return true;
	for (size_t i = 0; i < user->ngroups; i++)
		if (user->groups[i] == gid)
			return true;
	return false;
}

/* Do the mode bits grant all of `want` (4 read, 2 write, 1 search)?  As the
 * kernel has it, the first class that fits decides alone. */
static bool
may(const struct fact_user *user, const struct stat *st, unsigned want)
{
	unsigned mode = st->st_mode;

	if (user->uid == 0)
		return true;
	if (user->uid == st->st_uid)
		mode >>= 6;
	else if (in_group(user, st->st_gid))
		mode >>= 3;
	return (mode & want) == want;
}

/* May the entry's name be taken out of its directory? */
static bool
may_unlink(const struct subject *s)
{
	const struct fact_user *user = s->user;

	if (s->place != FACT_ENTRY || s->dir == NULL || !may(user, s->dir, 3))
		return false;
	return !(s->dir->st_mode & S_ISVTX) || user->uid == 0 ||
	    user->uid == s->st->st_uid || user->uid == s->dir->st_uid;
}

static void
add_perm(struct buffer *b, const struct subject *s)
{
	/* The fact's letter, the account's that it needs, and the bits. */
	static const struct {
		char fact, letter;
		bool of_dir, of_file;
		unsigned bits;
	} rows[] = {
		{ 'a', 'a', false, true, 2 },	/* append */
		{ 'c', 'w', true, false, 3 },	/* create files in it */
		{ 'e', 'e', true, false, 1 },	/* enter */
		{ 'l', 'l', true, false, 4 },	/* list */
		{ 'm', 'm', true, false, 3 },	/* make directories in it */
		{ 'p', 'd', true, false, 3 },	/* delete what is in it */
		{ 'r', 'r', false, true, 4 },	/* retrieve */
		{ 'w', 'w', false, true, 2 },	/* store */
	};
	const struct fact_user *user = s->user;
	bool is_dir = S_ISDIR(s->st->st_mode);
	bool is_file = S_ISREG(s->st->st_mode);

	buffer_add_text(b, "perm=");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (((is_dir && rows[i].of_dir) ||
		    (is_file && rows[i].of_file)) &&
		    (user->letters & settings_letter(rows[i].letter)) &&
		    may(user, s->st, rows[i].bits))
			buffer_add_char(b, rows[i].fact);
	}
	if (may_unlink(s)) {
		if (user->letters & settings_letter('d'))
			buffer_add_char(b, 'd');
		if (user->letters & settings_letter('f'))
			buffer_add_char(b, 'f');
	}
	buffer_add_char(b, ';');
}

static void
add_unique(struct buffer *b, const struct subject *s)
{
	buffer_addf(b, "unique=%jx-%jx;", (uintmax_t)s->st->st_dev,
		(uintmax_t)s->st->st_ino);
}

static void
add_mode(struct buffer *b, const struct subject *s)
{
	buffer_addf(b, "UNIX.mode=%04o;", s->st->st_mode & 07777);
}

static void
add_owner(struct buffer *b, const struct subject *s)
{
	buffer_addf(b, "UNIX.owner=%ju;", (uintmax_t)s->st->st_uid);
}

static void
add_group(struct buffer *b, const struct subject *s)
{
	buffer_addf(b, "UNIX.group=%ju;", (uintmax_t)s->st->st_gid);
}

static const struct {
	enum fact fact;
	const char *name;
	void (*add)(struct buffer *b, const struct subject *s);
} facts[] = {
	{ FACT_TYPE, "type", add_type },
	{ FACT_SIZE, "size", add_size },
	{ FACT_MODIFY, "modify", add_modify },
	{ FACT_PERM, "perm", add_perm },
	{ FACT_UNIQUE, "unique", add_unique },
	{ FACT_UNIX_MODE, "UNIX.mode", add_mode },
	{ FACT_UNIX_OWNER, "UNIX.owner", add_owner },
	{ FACT_UNIX_GROUP, "UNIX.group", add_group },
};

static uint32_t
find(const char *name, size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(facts); i++)
		if (text_same(name, len, facts[i].name, strlen(facts[i].name)))
			return facts[i].fact;
	return 0;
}

uint32_t
facts_parse(const char *text, size_t len)
{
	const char *end = text + len;
	uint32_t chosen = 0;

	while (text < end) {
		const char *stop = memchr(text, ';', (size_t)(end - text));
		if (stop == NULL)
			stop = end;
		chosen |= find(text, (size_t)(stop - text));
		text = stop + (stop < end);
	}
	return chosen;
}

void
facts_add_feat(struct buffer *b, uint32_t chosen)
{
	for (size_t i = 0; i < ARRAY_SIZE(facts); i++)
		buffer_addf(b, "%s%s;", facts[i].name,
			chosen & facts[i].fact ? "*" : "");
}

void
facts_add_chosen(struct buffer *b, uint32_t chosen)
{
	for (size_t i = 0; i < ARRAY_SIZE(facts); i++)
		if (chosen & facts[i].fact)
			buffer_addf(b, "%s;", facts[i].name);
}

void
facts_add(struct buffer *b, uint32_t chosen, enum fact_place place,
	const struct stat *st, const struct stat *dir,
	const struct fact_user *user)
{
	const struct subject subject = { place, st, dir, user };

	for (size_t i = 0; i < ARRAY_SIZE(facts); i++)
		if (chosen & facts[i].fact)
			facts[i].add(b, &subject);
	buffer_add_char(b, ' ');
}
