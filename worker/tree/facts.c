/*
 * facts.c - the facts of MLST and MLSD.
 *
 * Runs in: session.
 */
#include "common/base.h"
#include "worker/tree/facts.h"

#include "common/digits.h"
#include "common/permissions.h"
#include "common/text.h"

/* The subject of facts. */
struct subject {
	enum fact_place place;
	const struct stat *st;
	const struct stat *dir;
	const struct fact_user *user;
	struct ftptime_day *day;
	const struct timespec *created;
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

/* Facts that differ from entry to entry are formatted for every entry, so they
 * are written without printf(), which is slow. */
#define OWN_SIZE 64

static void
add_own(struct buffer *b, const char *text, char *end)
{
	*end++ = ';';
	buffer_add(b, text, (size_t)(end - text));
}

static void
add_size(struct buffer *b, const struct subject *s)
{
	char text[OWN_SIZE] = "size=";
	off_t size = s->st->st_size;

	if (!S_ISDIR(s->st->st_mode))
		add_own(b, text, digits_put(text + strlen("size="),
			size < 0 ? 0 : (uint64_t)size));
}

static void
add_modify(struct buffer *b, const struct subject *s)
{
	char text[OWN_SIZE] = "modify=";

	add_own(b, text, ftptime_put(text + strlen("modify="),
		s->st->st_mtime, s->day));
}

static void
add_create(struct buffer *b, const struct subject *s)
{
	char text[OWN_SIZE] = "create=";

	if (s->created != NULL)
		add_own(b, text, ftptime_put(text + strlen("create="),
			s->created->tv_sec, s->day));
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

/* Do the mode bits grant all of `want` (4 read, 2 write, 1 search)?  As in the
 * kernel, only the first matching class counts. */
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

/* May the entry be removed from its directory? */
static bool
may_unlink(const struct subject *s)
{
	const struct fact_user *user = s->user;

	if (s->place != FACT_ENTRY || s->dir == NULL || !may(user, s->dir, 3))
		return false;
	return !(s->dir->st_mode & S_ISVTX) || user->uid == 0 ||
	    user->uid == s->st->st_uid || user->uid == s->dir->st_uid;
}

/* The mode bits that the letters of "perm" need; those for a name need more,
 * see may_unlink(). */
static unsigned
bits_for(char fact)
{
	switch (fact) {
	case 'a':		/* append */
	case 'w':		/* store */
		return 2;
	case 'l':		/* list */
	case 'r':		/* retrieve */
		return 4;
	case 'e':		/* enter */
		return 1;
	default:		/* c, m, p: change the contents of a
				 * directory */
		return 3;
	}
}

static bool
may_do(const struct subject *s, char fact)
{
	if ((fact == 'l' || fact == 'r') && s->user->world_readable_only &&
		!(s->st->st_mode & S_IROTH))
		return false;
	return may(s->user, s->st, bits_for(fact));
}

static void
add_perm(struct buffer *b, const struct subject *s)
{
	const struct fact_user *user = s->user;
	bool is_dir = S_ISDIR(s->st->st_mode);
	bool is_file = S_ISREG(s->st->st_mode);
	bool unlinks = may_unlink(s);

	buffer_add_text(b, "perm=");
	for (size_t i = 0; i < PERMISSIONS; i++) {
		const struct permission *row = &permissions_table[i];
		uint32_t bit = UINT32_C(1) << i;
		char fact = 0;

		if (is_dir && (user->inside & bit))
			fact = row->directory;
		else if (is_file && (user->permissions & bit))
			fact = row->file;
		if (fact != 0 && may_do(s, fact))
			buffer_add_char(b, fact);
		if (row->entry != 0 && unlinks && (user->permissions & bit))
			buffer_add_char(b, row->entry);
	}
	buffer_add_char(b, ';');
}

static void
add_unique(struct buffer *b, const struct subject *s)
{
	char text[OWN_SIZE] = "unique=", *at;

	at = digits_put_hex(text + strlen("unique="), s->st->st_dev);
	*at++ = '-';
	add_own(b, text, digits_put_hex(at, s->st->st_ino));
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

/* Does the name contain neither a semicolon nor a blank, which would end the
 * fact or the facts? */
static bool
is_plain(const char *name)
{
	if (strlen(name) > FACTS_NAME_MAX)
		return false;
	for (const char *at = name; *at != '\0'; at++)
		if (*at == ';' || (unsigned char)*at <= ' ')
			return false;
	return *name != '\0';
}

static void
add_name(struct buffer *b, const char *fact, const char *name, id_t id)
{
	if (name != NULL && is_plain(name))
		buffer_addf(b, "%s=%s;", fact, name);
	else
		buffer_addf(b, "%s=%ju;", fact, (uintmax_t)id);
}

static void
add_owner_name(struct buffer *b, const struct subject *s)
{
	const struct names *names = s->user->names;

	add_name(b, "UNIX.ownername", names == NULL ? NULL :
		names_user(names, s->st->st_uid), s->st->st_uid);
}

static void
add_group_name(struct buffer *b, const struct subject *s)
{
	const struct names *names = s->user->names;

	add_name(b, "UNIX.groupname", names == NULL ? NULL :
		names_group(names, s->st->st_gid), s->st->st_gid);
}

static const struct {
	enum fact fact;
	bool shared;	/* depends only on what is_same() compares */
	const char *name;
	void (*add)(struct buffer *b, const struct subject *s);
} facts[] = {
	{ FACT_TYPE, true, "type", add_type },
	{ FACT_SIZE, false, "size", add_size },
	{ FACT_MODIFY, false, "modify", add_modify },
	{ FACT_PERM, true, "perm", add_perm },
	{ FACT_UNIQUE, false, "unique", add_unique },
	{ FACT_UNIX_MODE, true, "UNIX.mode", add_mode },
	{ FACT_UNIX_OWNER, true, "UNIX.owner", add_owner },
	{ FACT_UNIX_GROUP, true, "UNIX.group", add_group },
	{ FACT_UNIX_OWNERNAME, true, "UNIX.ownername", add_owner_name },
	{ FACT_UNIX_GROUPNAME, true, "UNIX.groupname", add_group_name },
	{ FACT_CREATE, false, "create", add_create },
};
_Static_assert(ARRAY_SIZE(facts) <= FACTS_MAX, "FACTS_MAX is too small");

static uint32_t
find(const char *name, size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(facts); i++)
		if (text_same(name, len, facts[i].name, strlen(facts[i].name)))
			return facts[i].fact;
	return 0;
}

/* RFC 3659 7.5: names are tokens. */
static bool
is_name(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] <= ' ' || text[i] > '~' || text[i] == '=')
			return false;
	return len > 0;
}

int
facts_parse(const char *text, size_t len, uint32_t *chosen)
{
	const char *end = text + len;

	*chosen = 0;
	while (text < end) {
		const char *stop = memchr(text, ';', (size_t)(end - text));
		if (stop == NULL)
			stop = end;
		if (!is_name(text, (size_t)(stop - text)))
			return -EINVAL;
		*chosen |= find(text, (size_t)(stop - text));
		text = stop + (stop < end);
	}
	return 0;
}

void
facts_add_feat(struct buffer *b, uint32_t offered, uint32_t chosen)
{
	for (size_t i = 0; i < ARRAY_SIZE(facts); i++)
		if (offered & facts[i].fact)
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

static bool
is_same(const struct facts_shared *shared, const struct subject *s)
{
	return shared->known && shared->place == s->place &&
		shared->mode == s->st->st_mode &&
		shared->uid == s->st->st_uid &&
		shared->gid == s->st->st_gid &&
		shared->permissions == s->user->permissions &&
		shared->inside == s->user->inside;
}

static void
share(struct facts *f, const struct subject *s)
{
	struct facts_shared *shared = &f->shared;
	struct buffer b;

	*shared = (struct facts_shared){
		.known = true,
		.place = s->place,
		.mode = s->st->st_mode,
		.uid = s->st->st_uid,
		.gid = s->st->st_gid,
		.permissions = s->user->permissions,
		.inside = s->user->inside,
	};
	buffer_init(&b, shared->text, sizeof(shared->text));
	for (size_t i = 0; i < ARRAY_SIZE(facts); i++) {
		if (facts[i].shared && (f->chosen & facts[i].fact))
			facts[i].add(&b, s);
		shared->ends[i + 1] = b.len;
	}
}

void
facts_add(struct facts *f, struct buffer *b, enum fact_place place,
	const struct stat *st, const struct fact_user *user)
{
	const struct subject subject = { place, st, f->dir, user, &f->day,
		f->created };
	const size_t *ends = f->shared.ends;

	if (!is_same(&f->shared, &subject))
		share(f, &subject);
	for (size_t i = 0; i < ARRAY_SIZE(facts); i++)
		if (f->link != NULL && (f->chosen & facts[i].fact & FACT_TYPE))
			buffer_addf(b, "type=OS.unix=slink:%s;", f->link);
		else if (facts[i].shared)
			buffer_add(b, f->shared.text + ends[i],
				ends[i + 1] - ends[i]);
		else if (f->chosen & facts[i].fact)
			facts[i].add(b, &subject);
	buffer_add_char(b, ' ');
}

void
facts_add_type(struct buffer *b, uint32_t chosen, enum fact_place place,
	mode_t type)
{
	const struct stat st = { .st_mode = type };
	const struct subject subject = { .place = place, .st = &st };

	if ((chosen & FACT_TYPE) && type != 0)
		add_type(b, &subject);
	buffer_add_char(b, ' ');
}
