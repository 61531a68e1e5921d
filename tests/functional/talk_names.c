/*
 * talk_names.c - chooses names, paths, contents and times.
 *
 * Runs in: the suite's process.
 */
#include "common/base.h"
#include "tests/functional/talk.h"

#include <time.h>

/* The first few are the most frequent, so that commands meet. */
#define FEW 5
#define LONG_NAME 200	/* bytes; the longest is MODEL_NAME_MAX */

static const char *const names[] = {
	"a", "b", "c", "d", "f.txt",
	"with blank", " before", "after ", "two  blanks", "-dash", "-la", "--",
	".hidden", "...", "..a", "a.", "\xc3\xbc", "\xe6\x97\xa5\xe6\x9c\xac",
	"\xff", "x\xff\xff" "y", "\xff\xfe", "\xc3\x28", "quo\"te", "\"q\"",
	"~", "~a", "A", "\ttab", "\x01" "ctl", "del\x7f", "a*", "[b", "q?",
	"n 12", "n 3 5", "upload", "%s%n", "a;b=c", "back\\slash", "a'b",
	"\xf1 telnet", "NUL", "213 x", "c:d", "$(x)", "#a#",
};

unsigned
dice_throw(struct dice *d, unsigned sides)
{
	d->state = d->state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(d->state >> 33) % sides;
}

static void
append(char path[TALK_PATH], const char *text)
{
	size_t len = strlen(path);

	snprintf(path + len, TALK_PATH - len, "%s", text);
}

static void
append_long(struct dice *d, char path[TALK_PATH])
{
	static const size_t sizes[] = { LONG_NAME, MODEL_NAME_MAX - 1,
		MODEL_NAME_MAX, MODEL_NAME_MAX + 1, MODEL_NAME_MAX + 40 };
	char name[2 * MODEL_NAME_MAX] = "";
	size_t len = sizes[dice_throw(d, ARRAY_SIZE(sizes))];

	memset(name, dice_throw(d, 2) == 0 ? 'L' : '\xff', len);
	append(path, name);
}

static void
append_name(struct dice *d, char path[TALK_PATH])
{
	unsigned which = dice_throw(d, 40);

	if (which == 0)
		append_long(d, path);
	else
		append(path, which < 26 ? names[dice_throw(d, FEW)] :
			names[dice_throw(d, ARRAY_SIZE(names))]);
}

static const char *
beginning(struct talk *k)
{
	static const char *const texts[] = { "/", "./", "../", "//", "/./",
		"/../", "~/", ".//", "../../" };
	unsigned which = dice_throw(&k->dice, 30);

	if (which < ARRAY_SIZE(texts))
		return texts[which];
	if (which < 14)
		return k->kind->jailed ? "/" : "/home/anna/";
	return "";
}

static const char *
between(struct talk *k)
{
	static const char *const texts[] = { "//", "/./", "/../", "/.//" };
	unsigned which = dice_throw(&k->dice, 20);

	return which < ARRAY_SIZE(texts) ? texts[which] : "/";
}

static bool
choose_special(struct talk *k, char path[TALK_PATH])
{
	static const char *const texts[] = { ".", "..", "/", "//", "~", "./",
		"../", "/.", "/..", "~/", "../..", "..." };
	unsigned which = dice_throw(&k->dice, 200);

	if (which >= ARRAY_SIZE(texts))
		return false;
	append(path, texts[which]);
	return true;
}

/* The one of this number, counted down, below a directory; NULL: none. */
static const struct node *
nth(const struct node *dir, unsigned *number)
{
	for (const struct node *n = dir->first; n != NULL; n = n->next) {
		if ((*number)-- == 0)
			return n;
		const struct node *inside = nth(n, number);
		if (inside != NULL)
			return inside;
	}
	return NULL;
}

/* Something that is there. */
static bool
choose_existing(struct talk *k, char path[TALK_PATH])
{
	int64_t bytes = 0, files = 0;

	model_count(k->model.home, &bytes, &files);
	unsigned number = dice_throw(&k->dice, (unsigned)files + 1);
	const struct node *n = nth(k->model.home, &number);
	if (n == NULL)
		return false;
	if (n->parent == k->w->cwd && dice_throw(&k->dice, 2) == 0)
		append(path, n->name);
	else
		model_path(&k->model, n, path, TALK_PATH);
	return strlen(path) < TALK_PATH - 1;
}

void
talk_choose_path(struct talk *k, char path[TALK_PATH])
{
	struct dice *d = &k->dice;
	unsigned more = dice_throw(d, 10);
	unsigned parts = more < 5 ? 1 : more < 9 ? 2 : 3;

	path[0] = '\0';
	if (choose_special(k, path) || (dice_throw(d, 3) == 0 &&
		choose_existing(k, path)))
		return;
	path[0] = '\0';
	append(path, beginning(k));
	for (unsigned i = 0; i < parts; i++) {
		if (i > 0)
			append(path, between(k));
		append_name(d, path);
	}
	if (dice_throw(d, 14) == 0)
		append(path, dice_throw(d, 3) == 0 ? "//" : "/");
}

/* Lines of text with all ends, or bytes. */
char *
talk_choose_data(struct talk *k, size_t *len)
{
	static const char text[] = "abc \r\n\n\rxyz";
	struct dice *d = &k->dice;
	unsigned kind = dice_throw(d, 3);

	*len = dice_throw(d, 8) == 0 ? 0 :
		dice_throw(d, dice_throw(d, 20) == 0 ? 200000 : 3000);
	char *data = malloc(*len + 1);
	if (data == NULL)
		abort();
	for (size_t i = 0; i < *len; i++)
		data[i] = kind == 0 ? text[dice_throw(d, sizeof(text) - 1)] :
			kind == 1 ? (char)dice_throw(d, 256) :
			(char)('a' + i % 23);
	return data;
}

int64_t
talk_choose_time(struct talk *k, char text[16])
{
	static const int64_t times[] = { 0, 1, 951782399, 1600000000,
		2147483647, 4102444800 };
	time_t when = (time_t)times[dice_throw(&k->dice, ARRAY_SIZE(times))];
	struct tm tm;

	strftime(text, 16, "%Y%m%d%H%M%S", gmtime_r(&when, &tm));
	return (int64_t)when;
}
