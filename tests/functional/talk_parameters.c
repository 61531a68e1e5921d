/*
 * talk_parameters.c - TYPE MODE REST RANG ALLO PROT, SITE COPY, CPFR, CPTO and
 * CHMOD in random conversations.
 *
 * Runs in: the suite's process.
 */
#include "common/base.h"
#include "tests/functional/talk.h"

static bool
type(struct talk *k, char letter)
{
	talk_say(k, "TYPE %c", letter);
	k->w->type = letter;
	k->w->type_sent = true;
	return talk_expect(k, 200);
}

static bool
mode(struct talk *k, bool zipped)
{
	talk_say(k, "MODE %c", zipped ? 'Z' : 'S');
	k->w->zipped = zipped;
	return talk_expect(k, 200);
}

static bool
prot(struct talk *k, bool clear)
{
	if (!k->kind->tls)
		return true;
	talk_say(k, "PROT %c", clear ? 'C' : 'P');
	k->w->t.clear_data = clear;
	return talk_expect(k, 200);
}

static int64_t
offset(struct talk *k)
{
	static const unsigned sides[] = { 1, 2, 20, 3000, 300000 };

	return dice_throw(&k->dice,
		sides[dice_throw(&k->dice, ARRAY_SIZE(sides))]);
}

static bool
restart(struct talk *k)
{
	int64_t number = offset(k);

	talk_say(k, "REST %" PRId64, number);
	k->w->range_end = 0;
	k->w->restart = number > 0 && k->w->type == 'A' ? 0 : number;
	return talk_expect(k, number > 0 && k->w->type == 'A' ? 504 : 350);
}

static bool
range(struct talk *k)
{
	int64_t first = offset(k), last = first + offset(k);
	bool reset = dice_throw(&k->dice, 10) == 0;

	if (reset)
		talk_say(k, "RANG 1 0");
	else
		talk_say(k, "RANG %" PRId64 " %" PRId64, first, last);
	k->w->restart = k->w->range_end = 0;
	if (!reset && k->w->type == 'A')
		return talk_expect(k, 504);
	if (!reset) {
		k->w->restart = first;
		k->w->range_end = last + 1;
	}
	return talk_expect(k, 350);
}

/* With an announced size, an upload for which there is no room is refused. */
static bool
allo(struct talk *k)
{
	int64_t number = offset(k);

	talk_say(k, "ALLO %" PRId64, number);
	if (k->w->t.c.code == 552)
		return talk_is_full(k, number, 0) ||
			talk_fails(k, "refused, but there is room");
	if (!talk_expect(k, 200) || !k->kind->quota)
		return k->failure[0] == '\0';
	/* So that the next upload is judged by its own size. */
	talk_say(k, "ABOR");
	talk_forget(k);
	return talk_expect(k, 226);
}

static bool
other(struct talk *k)
{
	static const struct {
		const char *line;
		int code;
		bool forgets;
	} lines[] = {
		{ "SYST", 215, false }, { "FEAT", 211, false },
		{ "STRU F", 200, false }, { "OPTS UTF8 ON", 200, false },
		{ "STAT", 211, false }, { "HELP", 214, false },
		{ "FOO", 500, true }, { "SITE FOO", 504, true },
		{ "ABOR", 226, true }, { "MKD", 501, true },
		{ "RNTO", 501, true }, { "SITE COPY a", 501, true },
	};
	size_t i = dice_throw(&k->dice, ARRAY_SIZE(lines));

	talk_say(k, "%s", lines[i].line);
	if (lines[i].forgets)
		talk_forget(k);
	return talk_expect(k, lines[i].code);
}

bool
talk_parameters(struct talk *k)
{
	unsigned which = dice_throw(&k->dice, 20);

	if (which == 0) {
		talk_say(k, "NOOP");
		return talk_expect(k, 200);
	}
	talk_forget_rename(k);
	if (which < 7)
		return type(k, which < 5 ? 'I' : 'A');
	if (which < 9)
		return mode(k, which == 7 && dice_throw(&k->dice, 3) == 0);
	if (which < 13)
		return restart(k);
	if (which < 16)
		return range(k);
	if (which == 16)
		return allo(k);
	if (which == 17)
		return prot(k, dice_throw(&k->dice, 2) == 0);
	return other(k);
}

/* --- copies */

/* What is left at the target after a copy was refused for want of room. */
static bool
copied(struct talk *k, struct place *from, struct place *to)
{
	struct node *f = from->node;
	int64_t more = (int64_t)f->len -
		(to->node != NULL ? (int64_t)to->node->len : 0);

	if (k->w->t.c.code == 552)
		return (talk_is_full(k, more > 0 ? more : 1,
			to->node == NULL) ||
			talk_fails(k, "refused, but there is room")) &&
			talk_adopt(k, to, f->data, f->len, 0);
	char *data = malloc(f->len + 1);
	if (data == NULL)
		abort();
	if (f->len > 0)
		memcpy(data, f->data, f->len);
	model_store(&k->model, to, data, f->len);
	return talk_expect(k, 250) && (!talk_is_full(k, 0, 0) ||
		talk_fails(k, "copied, but the quota is full"));
}

/* After the command was sent. */
static bool
check_copy(struct talk *k, const char *source, const char *target)
{
	struct place from = model_follow(&k->model, k->w->cwd, source);
	struct place to = model_follow(&k->model, k->w->cwd, target);
	int error = from.error;

	if (error == 0 && to.error == 0 && from.node == to.node)
		return talk_expect(k, 550);
	if (error == 0 && from.node->is_dir)
		error = EISDIR;
	if (error == 0)
		error = model_file(&to);
	if (error == 0 && k->kind->deny && to.node != NULL)
		error = EEXIST;
	return error != 0 ? talk_expect_error(k, error, 250) :
		copied(k, &from, &to);
}

/* Names with blanks are quoted; names with quotes cannot be. */
static bool
copy(struct talk *k, const char *from, const char *to)
{
	if (strchr(from, '"') != NULL || strchr(to, '"') != NULL ||
	    model_follow(&k->model, k->w->cwd, to).broken)
		return true;
	talk_say(k, strchr(from, ' ') != NULL ? "SITE COPY \"%s\" \"%s\"" :
		strchr(to, ' ') != NULL ? "SITE COPY %s \"%s\"" :
		"SITE COPY %s %s", from, to);
	talk_forget(k);
	return check_copy(k, from, to);
}

static bool
copy_in_two(struct talk *k, const char *from, const char *to)
{
	struct place at = model_follow(&k->model, k->w->cwd, from);
	int error = at.error == 0 && at.node->is_dir ? EISDIR : at.error;

	talk_say(k, "SITE CPFR %s", from);
	talk_forget(k);
	if (!talk_expect_error(k, error, 350))
		return false;
	if (error == 0) {
		snprintf(k->w->from, sizeof(k->w->from), "%s", from);
		k->w->to_copy = true;
	}
	if (dice_throw(&k->dice, 5) == 0 ||
	    model_follow(&k->model, k->w->cwd, to).broken)
		return true;
	talk_say(k, "SITE CPTO %s", to);
	talk_forget(k);
	return error != 0 ? talk_expect(k, 503) : check_copy(k, from, to);
}

static bool
link_to(struct talk *k, const char *text, const char *path)
{
	struct place at = model_find(&k->model, k->w->cwd, path);

	if (strchr(text, '"') != NULL || strchr(path, '"') != NULL ||
	    *text == '\0')
		return true;
	talk_say(k, "SITE SYMLINK \"%s\" \"%s\"", text, path);
	talk_forget(k);
	if (k->w->t.c.code == 552 && (at.node == NULL || at.slash))
		return talk_is_full(k, (int64_t)strlen(text), 1) ||
			talk_fails(k, "refused, but there is room");
	return talk_expect_error(k, model_link(&k->model, &at, text), 200);
}

bool
talk_site(struct talk *k)
{
	char from[TALK_PATH], to[TALK_PATH];

	talk_choose_path(k, from);
	talk_choose_path(k, to);
	switch (dice_throw(&k->dice, 7)) {
	case 5:
	case 6:
		return link_to(k, from, to);
	case 0:
	case 1:
		return copy(k, from, to);
	case 2:
	case 3:
		return copy_in_two(k, from, to);
	default:
		return talk_chmod(k, from);
	}
}
