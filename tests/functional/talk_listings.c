/*
 * talk_listings.c - NLST LIST MLSD and STAT with a path in random
 * conversations.
 *
 * Runs in: the suite's process.
 */
#include "common/base.h"
#include "tests/functional/talk.h"

#include "common/text.h"

/* The lines that a listing should have, or has, growing. */
struct lines {
	char *text;
	size_t len, size;
};

static void PRINTF_LIKE(2, 3)
add(struct lines *l, const char *format, ...)
{
	va_list ap;

	if (l->size - l->len < 4 * TALK_PATH) {
		l->size += 16 * TALK_PATH;
		l->text = realloc(l->text, l->size);
		if (l->text == NULL)
			abort();
	}
	va_start(ap, format);
	l->len += (size_t)vsnprintf(l->text + l->len, l->size - l->len, format,
		ap);
	va_end(ap);
}

/* The name as listings show it. */
static const char *
shown(const char *name, char text[TALK_PATH + MODEL_NAME_MAX + 2])
{
	size_t i = 0;

	for (; name[i] != '\0'; i++)
		text[i] = (unsigned char)name[i] < ' ' || name[i] == 0x7f ?
			'?' : name[i];
	text[i] = '\0';
	return text;
}

static int
by_name(const void *a, const void *b)
{
	const struct node *const *one = a, *const *other = b;
	char text[TALK_PATH + MODEL_NAME_MAX + 2], other_text[sizeof(text)];

	return strcmp(shown((*one)->name, text),
		shown((*other)->name, other_text));
}

/* What is in a directory, sorted as it is shown; malloc'd. */
static const struct node **
sorted(const struct node *dir, size_t *count)
{
	const struct node **all;
	size_t n = 0;

	for (const struct node *e = dir->first; e != NULL; e = e->next)
		n++;
	all = calloc(n + 1, sizeof(struct node *));
	if (all == NULL)
		abort();
	*count = 0;
	for (const struct node *e = dir->first; e != NULL; e = e->next)
		all[(*count)++] = e;
	qsort(all, n, sizeof(struct node *), by_name);
	return all;
}

/* Before the name in LIST, counted from 0. */
#define LONG_COLUMNS 8
#define SIZE_COLUMN  4

enum form { NLST, LIST, MLSD, STAT };

/* The part of a line that is compared. */
static void
add_entry(struct lines *l, enum form form, const char *prefix,
	const struct node *n)
{
	char text[TALK_PATH + MODEL_NAME_MAX + 2], name[sizeof(text)];

	snprintf(text, sizeof(text), "%s%s", form == NLST ? prefix : "",
		n->name);
	shown(text, name);
	if (form == NLST)
		add(l, "%s\r\n", name);
	else if (form == MLSD && n->is_dir)
		add(l, "dir %s\r\n", name);
	else if (form == MLSD)
		add(l, "file %zu %s\r\n", n->len, name);
	else if (n->is_dir)
		add(l, "d %s\r\n", name);
	else
		add(l, "- %zu %s\r\n", n->len, name);
}

static struct lines
expected(enum form form, const struct node *dir, const char *path)
{
	size_t count, len = strlen(path);
	const struct node **all = sorted(dir, &count);
	struct lines l = { .text = NULL };
	char prefix[TALK_PATH + 2];

	snprintf(prefix, sizeof(prefix), "%s%s", path,
		len > 0 && path[len - 1] != '/' ? "/" : "");
	if (strcmp(prefix, "./") == 0)
		prefix[0] = '\0';
	add(&l, "%s", "");
	for (size_t i = 0; i < count; i++)
		if (form == MLSD || all[i]->name[0] != '.')
			add_entry(&l, form, prefix, all[i]);
	free(all);
	return l;
}

/* --- what was sent, as the lines above */

static void
read_facts(struct lines *l, const char *line, int len)
{
	const char *name = memchr(line, ' ', (size_t)len), *at = line;

	if (strncmp(line, "type=dir;", 9) == 0 && name != NULL)
		add(l, "dir %.*s\r\n", (int)(line + len - name - 1), name + 1);
	else if (strncmp(line, "type=file;size=", 15) == 0 && name != NULL)
		add(l, "file %" PRId64 " %.*s\r\n", talk_number(&at),
			(int)(line + len - name - 1), name + 1);
	else if (strncmp(line, "type=cdir;", 10) != 0 &&
		strncmp(line, "type=pdir;", 10) != 0)
		add(l, "? %.*s\r\n", len, line);
}

static void
read_long(struct lines *l, const char *line, int len)
{
	const char *at = line, *size = NULL;
	size_t word;

	for (int i = 0; i < LONG_COLUMNS; i++) {
		if (i == SIZE_COLUMN)
			size = at;
		if (text_word(&at, &word) == NULL)
			break;
	}
	at++;
	int left = len - (int)(at - line);
	if (size == NULL || left < 0)
		add(l, "? %.*s\r\n", len, line);
	else if (line[0] == 'd')
		add(l, "d %.*s\r\n", left, at);
	else
		add(l, "%c %" PRId64 " %.*s\r\n", line[0],
			talk_number(&size), left, at);
}

static struct lines
received(enum form form, const char *text)
{
	struct lines l = { .text = NULL };

	add(&l, "%s", "");
	while (*text != '\0') {
		const char *end = strstr(text, "\r\n");
		int len = (int)(end != NULL ? (size_t)(end - text) :
			strlen(text));
		if (form == NLST || end == NULL)
			add(&l, "%.*s%s", len, text, end != NULL ? "\r\n" : "");
		else if (form == MLSD)
			read_facts(&l, text, len);
		else
			read_long(&l, text, len);
		text += (size_t)len + (end != NULL ? 2 : 0);
	}
	return l;
}

static bool
same_lines(struct talk *k, enum form form, const struct node *dir,
	const char *path, const char *text)
{
	struct lines wanted = expected(form, dir, path);
	struct lines got = received(form, text);
	bool same = strcmp(wanted.text, got.text) == 0;

	free(wanted.text);
	wanted.text = NULL;
	if (!same) {
		wanted = expected(form, dir, path);
		talk_fails(k, "the listing should be\n%.900s\nand is\n%.900s",
			wanted.text, got.text);
	}
	free(wanted.text);
	free(got.text);
	return same;
}

/* --- the commands */

/* How they are shown is not modelled. */
static bool
has_links(const struct node *dir)
{
	for (const struct node *n = dir->first; n != NULL; n = n->next)
		if (n->link != NULL)
			return true;
	return false;
}

/* Arguments that are options or patterns have rules of their own. */
static bool
is_special(const char *path)
{
	return path[0] == '-' || path[0] == ' ' || strpbrk(path, "*?[") != NULL;
}

static int
list_error(const struct place *at, enum form form, int error)
{
	if (error == ENOTDIR && form == MLSD)
		return 501;
	/* A file is listed, too. */
	if (error == ENOTDIR && at->error == 0)
		return 0;
	return error == ENAMETOOLONG ? 553 : 550;
}

static bool
list(struct talk *k, enum form form, const char *path)
{
	static const char *const verbs[] = { "NLST", "LIST", "MLSD" };
	char line[TALK_PATH + 20];
	int error;
	size_t len = 0;
	const struct node *dir = model_find_directory(&k->model, k->w->cwd,
		path, &error);
	struct place at = model_follow(&k->model, k->w->cwd, path);
	int refused = dir != NULL ? 0 : list_error(&at, form, error);

	snprintf(line, sizeof(line), *path == '\0' ? "%s" : "%s %s",
		verbs[form], path);
	char *text = talk_get(k, line, &len);
	talk_forget(k);
	bool good = true;
	/* A link to nothing is itself listed. */
	if (at.broken || (form != MLSD && is_special(path)))
		good = k->w->t.c.code == 226 || k->w->t.c.code == 550 ||
			k->w->t.c.code == 553 || (form == MLSD &&
			k->w->t.c.code == 501) || talk_expect(k, 226);
	else if (dir != NULL && dir->removed)
		good = k->w->t.c.code / 100 != 0;
	else
		good = talk_expect(k, refused != 0 ? refused : 226) &&
			(dir == NULL || dir->foreign ||
			(form != NLST && has_links(dir)) ||
			(text != NULL &&
			same_lines(k, form, dir, path, text)));
	free(text);
	return good;
}

static bool
stat_path(struct talk *k, const char *path)
{
	int error;
	const struct node *dir = model_find_directory(&k->model, k->w->cwd,
		path, &error);
	struct place at = model_follow(&k->model, k->w->cwd, path);

	if (is_special(path) || *path == '\0' || at.broken ||
	    (dir != NULL && (dir->removed || dir->foreign)))
		return true;
	talk_say(k, "STAT %s", path);
	talk_forget(k);
	return talk_expect(k, dir == NULL && list_error(&at, STAT, error) != 0
		? list_error(&at, STAT, error) : 213);
}

bool
talk_listing(struct talk *k)
{
	char path[TALK_PATH] = "";
	unsigned which = dice_throw(&k->dice, 8);

	if (dice_throw(&k->dice, 3) != 0)
		talk_choose_path(k, path);
	return which == 7 ? stat_path(k, path) :
		list(k, (enum form)(which % 3), path);
}
