/*
 * talk_directories.c - MKD RMD CWD CDUP PWD SITE MKDIR SITE RMDIR DELE RNFR
 * RNTO in random conversations.
 *
 * Runs in: the suite's process.
 */
#include "common/base.h"
#include "tests/functional/talk.h"

#include "common/buffer.h"

static struct place
find(struct talk *k, const char *path)
{
	return model_find(&k->model, k->w->cwd, path);
}

/* The reply 257 with this path, in which quotes are doubled. */
static bool
expect_path(struct talk *k, const struct node *n)
{
	char path[PATH_MAX];
	BUFFER(wanted, 2 * PATH_MAX);

	model_path(&k->model, n, path, sizeof(path));
	buffer_add_text(&wanted, "257 \"");
	for (const char *p = path; *p != '\0'; p++) {
		buffer_add_char(&wanted, *p);
		if (*p == '"')
			buffer_add_char(&wanted, *p);
	}
	buffer_add_text(&wanted, "\" ");
	return talk_expect(k, 257) &&
		(strncmp(talk_text(k), wanted.data, wanted.len) == 0 ||
		talk_fails(k, "another path than %.300s", wanted.data));
}

static bool
make(struct talk *k, const char *path)
{
	struct place at = find(k, path);
	int error;

	talk_say(k, "%sMKD %s", dice_throw(&k->dice, 4) == 0 ? "X" : "", path);
	talk_forget(k);
	/* A file with a slash is no more there than what is missing. */
	if (k->w->t.c.code == 552 && (at.node == NULL || at.error == ENOTDIR))
		return talk_is_full(k, 4096, 1) ||
			talk_fails(k, "refused, but there is room");
	error = model_make(&k->model, &at);
	if (error != 0)
		return talk_expect_error(k, error, 257);
	if (talk_is_full(k, 0, 0))
		return talk_fails(k, "made, but the quota is full");
	at = find(k, path);
	return expect_path(k, at.node);
}

static bool
remove_directory(struct talk *k, const char *path)
{
	struct place at = find(k, path);

	talk_say(k, "%sRMD %s", dice_throw(&k->dice, 4) == 0 ? "X" : "", path);
	talk_forget(k);
	return talk_expect_error(k, model_remove_directory(&at), 250);
}

static bool
change(struct talk *k, const char *path)
{
	int error;
	struct node *to = model_find_directory(&k->model, k->w->cwd, path,
		&error);

	talk_say(k, "%sCWD %s", dice_throw(&k->dice, 6) == 0 ? "X" : "", path);
	talk_forget(k);
	if (to != NULL)
		k->w->cwd = to;
	return talk_expect_error(k, error, 250);
}

static bool
change_up(struct talk *k)
{
	talk_say(k, dice_throw(&k->dice, 6) == 0 ? "XCUP" : "CDUP");
	talk_forget(k);
	k->w->cwd = k->w->cwd->parent;
	return talk_expect(k, 250);
}

static bool
show(struct talk *k)
{
	talk_say(k, dice_throw(&k->dice, 6) == 0 ? "XPWD" : "PWD");
	talk_forget_rename(k);
	return k->w->cwd->removed ? talk_expect(k, 550) :
		expect_path(k, k->w->cwd);
}

/* Like MKD for each part; what is there already stays. */
static int
make_all(struct talk *k, const char *path)
{
	char part[TALK_PATH];
	const char *at = path;
	int error = 0, there;

	while (*at != '\0' && error == 0) {
		at += strspn(at, "/");
		at += strcspn(at, "/");
		snprintf(part, sizeof(part), "%.*s", (int)(at - path), path);
		if (model_find_directory(&k->model, k->w->cwd, part, &there) !=
			NULL)
			continue;
		struct place place = find(k, part);
		error = model_make(&k->model, &place);
	}
	return error;
}

/* Where the room ends cannot be told. */
static bool
site_mkdir(struct talk *k, const char *path)
{
	if (k->kind->quota)
		return make(k, path);
	int error = make_all(k, path);
	talk_say(k, "SITE MKDIR %s", path);
	talk_forget(k);
	return talk_expect_error(k, error, 200);
}

/* Above the home, other things would be removed, too. */
static bool
site_rmdir(struct talk *k, const char *path)
{
	struct place at = find(k, path);

	if (at.node == k->model.home || (at.node != NULL && at.node->foreign))
		return show(k);
	talk_say(k, "SITE RMDIR %s", path);
	talk_forget(k);
	return talk_expect_error(k, model_remove_tree(&k->model, &at), 250);
}

bool
talk_directories(struct talk *k)
{
	char path[TALK_PATH];

	talk_choose_path(k, path);
	switch (dice_throw(&k->dice, 12)) {
	case 0:
	case 1:
	case 2:
		return make(k, path);
	case 3:
		return remove_directory(k, path);
	case 4:
	case 5:
	case 6:
		return change(k, path);
	case 7:
		return change_up(k);
	case 8:
	case 9:
		return show(k);
	case 10:
		return site_mkdir(k, path);
	default:
		return dice_throw(&k->dice, 3) == 0 ? site_rmdir(k, path) :
			change(k, path);
	}
}

/* --- DELE RNFR RNTO */

static bool
delete(struct talk *k, const char *path)
{
	struct place at = find(k, path);

	talk_say(k, "DELE %s", path);
	talk_forget(k);
	return talk_expect_error(k, model_delete(&at), 250);
}

/* A rename keeps the restart mark no more than other commands. */
static bool
select_name(struct talk *k, const char *path)
{
	struct place at = find(k, path);

	/* Before a slash, a link is followed. */
	if (at.slash)
		at = model_follow(&k->model, k->w->cwd, path);
	talk_say(k, "RNFR %s", path);
	talk_forget(k);
	if (at.error == 0) {
		snprintf(k->w->from, sizeof(k->w->from), "%s", path);
		k->w->to_copy = false;
	}
	return talk_expect_error(k, at.error, 350);
}

static bool
rename_it(struct talk *k, const char *path)
{
	char from[TALK_PATH];

	snprintf(from, sizeof(from), "%s", k->w->from);
	talk_say(k, "RNTO %s", path);
	talk_forget(k);
	if (from[0] == '\0' || k->w->to_copy)
		return talk_expect(k, 503);
	struct place old = find(k, from), new = find(k, path);
	/* Without replacing, "." may stand for the directory itself. */
	bool same = old.error == 0 && new.error == 0 && old.name[0] != '\0' &&
		new.node == old.node;
	bool kept = k->kind->deny && new.node != NULL && !same;
	int error = kept ? EEXIST : k->kind->deny && same ? 0 :
		model_rename(&old, &new);
	/* Both names may be wrong. */
	if (error != 0 && (old.error == ENAMETOOLONG ||
		new.error == ENAMETOOLONG))
		return k->w->t.c.code == 553 || talk_expect(k, 550);
	return talk_expect_error(k, error, 250);
}

bool
talk_names(struct talk *k)
{
	char path[TALK_PATH];
	unsigned which = dice_throw(&k->dice, 10);

	talk_choose_path(k, path);
	if (which < 2)
		return delete(k, path);
	if (which == 2)
		return rename_it(k, path);
	if (!select_name(k, path))
		return false;
	talk_choose_path(k, path);
	return which < 9 ? rename_it(k, path) : true;
}
