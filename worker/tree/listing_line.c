/*
 * listing_line.c - the line of one entry.
 *
 * Runs in: session.
 */
#include "common/base.h"
#include "worker/tree/listing_line.h"

#include "worker/tree/ftptime.h"

#include <dirent.h>
#include <fcntl.h>

#define NUMBER_SIZE 16

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

void
listing_line_add_name(struct buffer *b, const char *name)
{
	for (;;) {
		size_t len = strcspn(name, "\r\n");
		buffer_add(b, name, len);
		if (name[len] == '\0')
			return;
		buffer_add_char(b, '?');
		name += len + 1;
	}
}

/* The owner's name, or the number if there is no name or it contains blanks (as
 * in some directory services), which would shift the columns. */
static const char *
owner(const char *name, id_t id, char *number)
{
	if (name != NULL && *name != '\0' && strpbrk(name, " \t\r\n") == NULL)
		return name;
	snprintf(number, NUMBER_SIZE, "%ju", (uintmax_t)id);
	return number;
}

static void
add_target(const struct listing_line *line, struct buffer *b, const char *name)
{
	char target[PATH_MAX];
	ssize_t n = readlinkat(line->dir, name, target, sizeof(target) - 1);

	if (n < 0)
		return;
	target[n] = '\0';
	buffer_add_text(b, " -> ");
	listing_line_add_name(b, target);
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
add_long(const struct listing_line *line, struct buffer *b,
	const struct listing_entry *entry)
{
	const struct names *names = line->request->names;
	char mode[11], user[NUMBER_SIZE], group[NUMBER_SIZE];
	struct stat st;

	if (fstatat(line->dir, entry->name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
		if (errno == ENOENT)
			return false;
		set_unknown(&st, entry->type);
	}
	listing_line_mode(st.st_mode, mode);
	buffer_addf(b, "%s %3ju %-8s %-8s %8jd ", mode,
		(uintmax_t)st.st_nlink,
		owner(names_user(names, st.st_uid), st.st_uid, user),
		owner(names_group(names, st.st_gid), st.st_gid, group),
		(intmax_t)st.st_size);
	ftptime_add_ls(b, st.st_mtime, line->now, line->request->gmt);
	buffer_add_char(b, ' ');
	listing_line_add_name(b, line->prefix);
	listing_line_add_name(b, entry->name);
	if (S_ISLNK(st.st_mode))
		add_target(line, b, entry->name);
	return true;
}

static enum fact_place
place(const char *name)
{
	if (strcmp(name, ".") == 0)
		return FACT_CURRENT;
	return strcmp(name, "..") == 0 ? FACT_PARENT : FACT_ENTRY;
}

static bool
add_facts(const struct listing_line *line, struct buffer *b,
	const struct listing_entry *entry)
{
	const struct listing_request *request = line->request;
	enum fact_place at = place(entry->name);
	struct fact_user user = line->user;
	struct stat st;

	/* A dangling link is itself shown. */
	if (tree_stat_entry(request->tree, line->dir, entry->name, &st) == 0 ||
	    fstatat(line->dir, entry->name, &st, AT_SYMLINK_NOFOLLOW) == 0) {
		if (S_ISDIR(st.st_mode))
			tree_user_inside(request->tree, &user, line->dir,
				entry->name);
		facts_add(b, request->facts, at, &st, &line->dir_stat, &user);
	} else if (errno != ENOENT) {
		facts_add_type(b, request->facts, at, DTTOIF(entry->type));
	} else {
		return false;
	}
	listing_line_add_name(b, entry->name);
	return true;
}

bool
listing_line_add(const struct listing_line *line, struct buffer *b,
	const struct listing_entry *entry)
{
	bool added = true;

	switch (line->request->format) {
	case LISTING_LONG:
		added = add_long(line, b, entry);
		break;
	case LISTING_NAMES:
		listing_line_add_name(b, line->prefix);
		listing_line_add_name(b, entry->name);
		break;
	case LISTING_FACTS:
		added = add_facts(line, b, entry);
		break;
	}
	if (added)
		buffer_add_text(b, "\r\n");
	return added;
}
