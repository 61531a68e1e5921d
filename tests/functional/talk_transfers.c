/*
 * talk_transfers.c - STOR APPE STOU in random conversations, and how all their
 * data are sent and received.
 *
 * Runs in: the suite's process.
 */
#include "common/base.h"
#include "tests/functional/talk.h"

#include "tests/functional/zipped.h"

/* --- sending and receiving */

static int
put(struct talk *k, const char *line, const char *data, size_t len)
{
	char sent[4 * TALK_PATH];
	struct ftp *c = &k->w->t.c;

	talk_line(sent, sizeof(sent), line);
	int code = k->w->zipped ? zipped_put(c, data, len, sent) :
		ftp_put(c, data, len, "%s", sent);
	talk_note(k, line);
	return code;
}

char *
talk_get(struct talk *k, const char *line, size_t *len)
{
	char sent[4 * TALK_PATH];

	char *data = ftp_get(&k->w->t.c, len, "%s",
		talk_line(sent, sizeof(sent), line));
	if (data != NULL && k->w->zipped) {
		char *zipped = data;
		data = zipped_read(zipped, *len, len);
		free(zipped);
	}
	talk_note(k, line);
	return data;
}

/* What a file becomes of data in TYPE A. */
static size_t
from_lines(char *data, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		if (data[i] != '\r' || i + 1 == len || data[i + 1] != '\n')
			data[n++] = data[i];
	return n;
}

/* --- uploads */

bool
talk_adopt(struct talk *k, const struct place *at, const char *data,
	size_t len, size_t offset)
{
	size_t there, old_len = at->node != NULL ? at->node->len : 0;
	char *found = model_on_disk(&k->model, at->dir, at->name, &there);

	/* A file may have been made and removed. */
	at->dir->mtime = -1;
	if (found == NULL && at->node != NULL && k->kind->deletes)
		return model_delete(at) == 0;
	if (found == NULL)
		return at->node == NULL || talk_fails(k, "a file is gone");
	bool old = at->node != NULL && there == old_len &&
		(there == 0 || memcmp(found, at->node->data, there) == 0);
	size_t sent = there < offset ? 0 : there - offset;
	if (sent > len)
		sent = len;
	bool begun = there >= offset && (offset == 0 ||
		memcmp(found, at->node->data, offset) == 0) &&
		(sent == 0 || memcmp(found + offset, data, sent) == 0);
	/* STOR after REST keeps what follows. */
	bool mixed = offset > 0 && there == old_len;
	if (!old && !begun && !mixed) {
		free(found);
		return talk_fails(k, "what is left is neither the old file "
			"nor a part of the new one");
	}
	if (old)
		free(found);
	else
		model_store(&k->model, at, found, there);
	return true;
}

/* The content after a complete upload. */
static char *
merge(const struct node *old, const char *data, size_t len, size_t offset,
	size_t *size)
{
	size_t end = offset + len;

	*size = offset > 0 && old->len > end ? old->len : end;
	char *whole = malloc(*size + 1);
	if (whole == NULL)
		abort();
	if (offset > 0)
		memcpy(whole, old->data, old->len < *size ? old->len : *size);
	if (len > 0)
		memcpy(whole + offset, data, len);
	return whole;
}

/* The upload was begun: it is complete, or the quota has ended it. */
static bool
stored(struct talk *k, const struct place *at, const char *data, size_t len,
	size_t offset)
{
	size_t size, old_len = at->node != NULL ? at->node->len : 0;
	char *whole = merge(at->node, data, len, offset, &size);
	int64_t more = (int64_t)size - (int64_t)old_len;

	if (k->w->t.c.code == 552) {
		/* Without any room, also an empty file is refused. */
		bool right = talk_is_full(k, more > 0 ? more : 1,
			at->node == NULL);
		free(whole);
		return (right || talk_fails(k, "refused, but there is room"))
			&& talk_adopt(k, at, data, len, offset);
	}
	model_store(&k->model, at, whole, size);
	return talk_expect(k, 226) && (!talk_is_full(k, 0, 0) ||
		talk_fails(k, "stored, but the quota is full"));
}

/* Is an upload refused because of REST or RANG?  0: no. */
static int
mark_refuses(struct talk *k, const char *verb, const struct place *at)
{
	int64_t restart = k->w->restart;
	int64_t size = at->node != NULL ? (int64_t)at->node->len : 0;

	if (k->w->range_end > 0)
		return 554;
	if (restart > 0 && (strcmp(verb, "STOU") == 0 ||
		(strcmp(verb, "STOR") == 0 && k->kind->atomic)))
		return 554;
	int error = model_file(at);
	if (error != 0)
		return error == ENAMETOOLONG ? 553 : 550;
	bool at_end = k->kind->deny || strcmp(verb, "APPE") == 0;
	if (restart > 0 && (k->w->type == 'A' || restart > size ||
		(at_end && restart != size)))
		return 554;
	return k->kind->deny && strcmp(verb, "STOR") == 0 && restart == 0 &&
		at->node != NULL ? 550 : 0;
}

/* In a current directory that was removed, it may only be noticed after the
 * 150, or after the quota has been asked. */
static bool
expect_refusal(struct talk *k, int refused, const struct place *at)
{
	int code = k->w->t.c.code;

	if (at->dir != NULL && at->dir->removed && (code == 451 ||
		(code == 552 && talk_is_full(k, 1, 1))))
		return true;
	return talk_expect(k, refused);
}

static bool
store(struct talk *k, const char *verb, const char *path)
{
	char line[TALK_PATH + 20];
	size_t len, offset = (size_t)k->w->restart;
	char *data = talk_choose_data(k, &len);
	struct place at = model_follow(&k->model, k->w->cwd, path);
	int refused = mark_refuses(k, verb, &at);
	bool good;

	if (at.broken) {	/* there are rules for it */
		free(data);
		return true;
	}

	if (strcmp(verb, "APPE") == 0)
		offset = at.node != NULL ? at.node->len : 0;
	snprintf(line, sizeof(line), "%s %s", verb, path);
	put(k, line, data, len);
	talk_forget(k);
	if (k->w->type == 'A')
		len = from_lines(data, len);
	good = refused != 0 ? expect_refusal(k, refused, &at) :
		stored(k, &at, data, len, offset);
	free(data);
	return good;
}

/* The name that the server has chosen, from the last reply: the path and a
 * number. */
static bool
unique_name(struct talk *k, const char *path, char name[TALK_PATH + 20])
{
	static const char before[] = "(unique file name: ";
	const char *at = strstr(talk_text(k), before);
	const char *end = at != NULL ? strrchr(at, ')') : NULL;

	if (end == NULL)
		return talk_fails(k, "no unique name");
	at += sizeof(before) - 1;
	snprintf(name, TALK_PATH + 20, "%.*s", (int)(end - at), at);
	size_t len = strlen(name);
	/* A long name is cut for the number. */
	return (len > 9 && strncmp(name, path, len - 9) == 0) ||
		talk_fails(k, "another name than %.200s", path);
}

static int
unique_error(struct talk *k, const char *path, struct place *at)
{
	char name[TALK_PATH + 20];
	size_t len = strlen(path);

	if (k->w->restart > 0 || k->w->range_end > 0)
		return 554;
	if (len > 0 && path[len - 1] == '/')
		return 550;
	const char *slash = strrchr(path, '/');
	size_t last = len - (slash != NULL ? (size_t)(slash + 1 - path) : 0);
	snprintf(name, sizeof(name), "%s%s", path,
		last + 9 > MODEL_NAME_MAX && last <= MODEL_NAME_MAX ?
		"" : ".12345678");
	*at = model_find(&k->model, k->w->cwd, name);
	if (at->dir != NULL && at->dir->foreign)
		return 550;
	int error = at->node != NULL && at->node->is_dir ? 0 : model_file(at);
	return error == 0 ? 0 : error == ENAMETOOLONG ? 553 : 550;
}

static bool
store_unique(struct talk *k, const char *path)
{
	char line[TALK_PATH + 20], name[TALK_PATH + 20];
	size_t len;
	struct place at = { .dir = NULL };
	int refused = unique_error(k, path, &at);
	char *data = talk_choose_data(k, &len);
	bool good;

	snprintf(line, sizeof(line), "STOU %s", path);
	put(k, line, data, len);
	talk_forget(k);
	if (k->w->type == 'A')
		len = from_lines(data, len);
	good = refused != 0 ? expect_refusal(k, refused, &at) :
		talk_expect(k, 226);
	if (good && refused == 0 && unique_name(k, path, name)) {
		at = model_find(&k->model, k->w->cwd, name);
		good = (at.node == NULL ||
			talk_fails(k, "the name was not unique")) &&
			stored(k, &at, data, len, 0);
	}
	free(data);
	return good;
}

bool
talk_upload(struct talk *k)
{
	char path[TALK_PATH];
	unsigned which = dice_throw(&k->dice, 10);

	talk_choose_path(k, path);
	if (which == 0 && !k->kind->quota)
		return store_unique(k, path);
	return store(k, which < 3 ? "APPE" : "STOR", path);
}
