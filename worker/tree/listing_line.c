/*
 * listing_line.c - the line of one entry.
 *
 * Runs in: session.
 */
#include "common/base.h"
#include "worker/tree/listing_line.h"

#include "common/digits.h"
#include "common/settings/settings.h"
#include "worker/tree/more_facts.h"
#include "worker/tree/name_rules.h"

#include <dirent.h>
#include <fcntl.h>

void
listing_line_mode(mode_t mode, char *text)
{
	static const struct {
		mode_t type;
		char letter;
	} types[] = {
		{ S_IFREG, '-' }, { S_IFDIR, 'd' }, { S_IFLNK, 'l' },
		{ S_IFCHR, 'c' }, { S_IFBLK, 'b' }, { S_IFIFO, 'p' },
		{ S_IFSOCK, 's' },
	};
	static const struct {
		mode_t special, execute;
		int at;
		char with, without;	/* the execute bit of the same class */
	} specials[] = {
		{ S_ISUID, S_IXUSR, 3, 's', 'S' },
		{ S_ISGID, S_IXGRP, 6, 's', 'S' },
		{ S_ISVTX, S_IXOTH, 9, 't', 'T' },
	};

	text[0] = '?';
	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if ((mode & S_IFMT) == types[i].type)
			text[0] = types[i].letter;
	for (int i = 0; i < 9; i++)
		text[1 + i] = mode & (0400u >> i) ? "rwx"[i % 3] : '-';
	for (size_t i = 0; i < ARRAY_SIZE(specials); i++)
		if (mode & specials[i].special)
			text[specials[i].at] = mode & specials[i].execute ?
				specials[i].with : specials[i].without;
	text[10] = '\0';
}

/* --- names */

#define BYTES(c) (UINT64_MAX / 255 * (c))

/* Is none of these eight bytes a control byte?  A subtraction from each byte
 * sets its top bit by a borrow if the byte is below ' ' or, after XOR with DEL,
 * is 0. */
static bool
are_plain(const char *bytes)
{
	uint64_t x, y;

	memcpy(&x, bytes, sizeof(x));
	y = x ^ BYTES(0x7f);
	return ((((x - BYTES(' ')) & ~x) | ((y - BYTES(1)) & ~y)) &
		BYTES(0x80)) == 0;
}

static bool
is_control(char c)
{
	return (unsigned char)c < ' ' || c == 0x7f;
}

static bool
is_plain(const char *name, size_t len)
{
	for (; len >= 8; name += 8, len -= 8)
		if (!are_plain(name))
			return false;
	for (; len > 0; name++, len--)
		if (is_control(*name))
			return false;
	return true;
}

void
listing_line_add_name(struct buffer *b, const char *name, size_t len)
{
	if (is_plain(name, len)) {
		buffer_add(b, name, len);
		return;
	}
	for (size_t i = 0; i < len; i++)
		buffer_add_char(b, is_control(name[i]) ? '?' : name[i]);
}

static void
add_text(struct buffer *b, const char *text)
{
	listing_line_add_name(b, text, strlen(text));
}

/* Append the entry's name, and note where it is in the line. */
static void
add_entry(struct listing_line *line, struct buffer *b,
	const struct listing_entry *entry)
{
	if (*line->prefix != '\0')
		add_text(b, line->prefix);
	line->name = (struct listing_name){ b->len, entry->len };
	listing_line_add_name(b, entry->name, entry->len);
}

/* The character that -F appends; 0: none. */
static char
mark(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFDIR:
		return '/';
	case S_IFLNK:
		return '@';
	case S_IFIFO:
		return '|';
	case S_IFSOCK:
		return '=';
	case S_IFREG:
		return mode & 0111 ? '*' : 0;
	default:
		return 0;
	}
}

static void
add_mark(const struct listing_line *line, struct buffer *b, mode_t mode)
{
	char c = line->request->classify ? mark(mode) : 0;

	if (c != 0)
		buffer_add_char(b, c);
}

/* --- LIST */

/* The owner's name, or the number if there is no name or it contains blanks (as
 * in some directory services), which would shift the columns. */
static const char *
owner(const struct listing_line *line, const char *name, id_t id,
	char number[DIGITS_MAX + 1])
{
	if (line->request->owners == LIST_OWNERS_HIDDEN)
		return "ftp";
	if (line->request->owners == LIST_OWNERS_NAMES && name != NULL &&
		*name != '\0' && strlen(name) <= FACTS_NAME_MAX &&
		strchr(name, ' ') == NULL && is_plain(name, strlen(name)))
		return name;
	*digits_put(number, id) = '\0';
	return number;
}

static char *
put_left(char *at, const char *text, size_t width)
{
	size_t len = strlen(text);

	memcpy(at, text, len);
	at += len;
	for (; len < width; len++)
		*at++ = ' ';
	return at;
}

static bool
is_same(const struct listing_columns *c, const struct stat *st)
{
	return c->len > 0 && c->mode == st->st_mode &&
		c->links == st->st_nlink && c->uid == st->st_uid &&
		c->gid == st->st_gid;
}

/* Mode, links, user and group, each followed by a blank. */
static void
set_columns(struct listing_line *line, const struct stat *st)
{
	const struct names *names = line->request->names;
	struct listing_columns *c = &line->columns;
	char number[DIGITS_MAX + 1];
	char *at = c->text;

	c->mode = st->st_mode;
	c->links = st->st_nlink;
	c->uid = st->st_uid;
	c->gid = st->st_gid;
	listing_line_mode(st->st_mode, at);
	at += strlen(at);
	*at++ = ' ';
	at = digits_put_right(at, st->st_nlink, 3);
	*at++ = ' ';
	at = put_left(at, owner(line, names_user(names, st->st_uid),
		st->st_uid, number), 8);
	*at++ = ' ';
	at = put_left(at, owner(line, names_group(names, st->st_gid),
		st->st_gid, number), 8);
	*at++ = ' ';
	c->len = (size_t)(at - c->text);
}

static void
add_target(const struct listing_line *line, struct buffer *b, const char *name)
{
	char target[PATH_MAX] UNINITIALIZED;
	ssize_t n = readlinkat(line->dir, name, target, sizeof(target) - 1);

	if (n < 0)
		return;
	buffer_add_text(b, " -> ");
	listing_line_add_name(b, target, (size_t)n);
}

int
listing_line_stat(const struct listing_line *line, const char *name,
	struct stat *st)
{
	struct stat target UNINITIALIZED;

	if (fstatat(line->dir, name, st, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	if (line->request->targets && S_ISLNK(st->st_mode) &&
	    tree_stat_entry(line->request->tree, line->dir, name, &target) == 0)
		*st = target;
	return 0;
}

/* If stat() fails, ls prints question marks, which clients cannot parse: show
 * the type in the directory, and zeros. */
static void
set_unknown(struct stat *st, unsigned char type)
{
	memset(st, 0, sizeof(*st));
	st->st_mode = type == DT_UNKNOWN ? S_IFREG : DTTOIF(type);
	st->st_nlink = 1;
}

static bool
add_long(struct listing_line *line, struct buffer *b,
	const struct listing_entry *entry)
{
	char text[DIGITS_MAX + FTPTIME_SIZE + 2] UNINITIALIZED;
	struct stat *st = &line->st;
	char *at;
	int error = listing_line_stat(line, entry->name, st);

	if (error == -ENOENT)
		return false;
	if (error < 0)
		set_unknown(st, entry->type);
	if (!is_same(&line->columns, st))
		set_columns(line, st);
	buffer_add(b, line->columns.text, line->columns.len);

	at = digits_put_right(text, st->st_size < 0 ? 0 : (uint64_t)st->st_size,
		8);
	*at++ = ' ';
	at = ftptime_put_ls(at, st->st_mtime, line->now, line->request->gmt,
		&line->day);
	*at++ = ' ';
	buffer_add(b, text, (size_t)(at - text));

	add_entry(line, b, entry);
	if (S_ISLNK(st->st_mode))
		add_target(line, b, entry->name);
	else
		add_mark(line, b, st->st_mode);
	return true;
}

/* --- NLST */

/* A directory entry does not tell whether a file is executable, or what a link
 * leads to, so -F needs a stat(). */
static bool
add_marked(struct listing_line *line, struct buffer *b,
	const struct listing_entry *entry)
{
	struct stat st UNINITIALIZED;
	int error = listing_line_stat(line, entry->name, &st);

	if (error == -ENOENT)
		return false;
	add_entry(line, b, entry);
	add_mark(line, b, error == 0 ? st.st_mode : DTTOIF(entry->type));
	return true;
}

static bool
add_name(struct listing_line *line, struct buffer *b,
	const struct listing_entry *entry)
{
	if (line->request->classify)
		return add_marked(line, b, entry);
	add_entry(line, b, entry);
	return true;
}

/* --- MLSD */

static enum fact_place
place(const char *name)
{
	if (strcmp(name, ".") == 0)
		return FACT_CURRENT;
	return strcmp(name, "..") == 0 ? FACT_PARENT : FACT_ENTRY;
}

/* The permissions for this entry, if they are not the same for all entries. */
static void
adjust_user(const struct listing_line *line, struct fact_user *user,
	const char *name, const struct stat *st)
{
	const struct tree *tree = line->request->tree;

	if (S_ISDIR(st->st_mode))
		tree_user_inside(tree, user, line->dir, name);
	if (line->name_rules && name_rules_check(tree->settings, name) < 0)
		user->permissions = user->inside = 0;
}

static void
add_known_facts(struct listing_line *line, struct buffer *b,
	enum fact_place at, const char *name, const struct stat *st,
	const struct fact_user *user)
{
	struct facts *f = &line->facts;
	char target[PATH_MAX] UNINITIALIZED;
	struct timespec created;

	f->created = NULL;
	if ((f->chosen & FACT_CREATE) &&
		more_facts_created(line->dir, name, st, &created))
		f->created = &created;
	f->link = NULL;
	if (line->request->links && S_ISLNK(st->st_mode) &&
		more_facts_target(line->dir, name, target))
		f->link = target;
	facts_add(f, b, at, st, user);
	f->created = NULL;
	f->link = NULL;
}

static bool
add_facts(struct listing_line *line, struct buffer *b,
	const struct listing_entry *entry)
{
	const struct listing_request *request = line->request;
	enum fact_place at = place(entry->name);
	struct fact_user user = line->user;
	struct stat st UNINITIALIZED;

	/* A dangling link is itself shown. */
	if ((!request->links && tree_stat_entry(request->tree, line->dir,
		entry->name, &st) == 0) || fstatat(line->dir, entry->name, &st,
		AT_SYMLINK_NOFOLLOW) == 0) {
		adjust_user(line, &user, entry->name, &st);
		add_known_facts(line, b, at, entry->name, &st, &user);
	} else if (errno != ENOENT) {
		facts_add_type(b, line->facts.chosen, at,
			DTTOIF(entry->type));
	} else {
		return false;
	}
	line->name = (struct listing_name){ b->len, entry->len };
	listing_line_add_name(b, entry->name, entry->len);
	return true;
}

bool
listing_line_add(struct listing_line *line, struct buffer *b,
	const struct listing_entry *entry)
{
	bool added = true;

	switch (line->request->format) {
	case LISTING_LONG:
		added = add_long(line, b, entry);
		break;
	case LISTING_NAMES:
		added = add_name(line, b, entry);
		break;
	case LISTING_FACTS:
		added = add_facts(line, b, entry);
		break;
	}
	if (added)
		buffer_add(b, "\r\n", 2);
	return added;
}
