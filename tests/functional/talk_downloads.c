/*
 * talk_downloads.c - RETR and aborted transfers in random conversations.
 *
 * Runs in: the suite's process.
 */
#include "common/base.h"
#include "tests/functional/talk.h"

/* What is sent of a file in TYPE A. */
static char *
to_lines(const char *data, size_t *len)
{
	char *out = malloc(2 * *len + 1);
	size_t n = 0;

	if (out == NULL)
		abort();
	for (size_t i = 0; i < *len; i++) {
		if (data[i] == '\n' && (i == 0 || data[i - 1] != '\r'))
			out[n++] = '\r';
		out[n++] = data[i];
	}
	*len = n;
	return out;
}

static bool
same(struct talk *k, const char *is, size_t len, const char *wanted,
	size_t wanted_len)
{
	if (len != wanted_len)
		return talk_fails(k, "got %zu bytes, not %zu", len,
			wanted_len);
	return len == 0 || memcmp(is, wanted, len) == 0 ||
		talk_fails(k, "got other bytes");
}

/* The part that REST or RANG has chosen. */
static bool
same_part(struct talk *k, const struct node *n, int64_t begin, int64_t end,
	const char *got, size_t len)
{
	size_t from = begin < (int64_t)n->len ? (size_t)begin : n->len;
	size_t to = end > 0 && end < (int64_t)n->len ? (size_t)end : n->len;
	size_t wanted_len = to - from;

	if (k->w->type != 'A')
		return same(k, got, len, n->data + from, wanted_len);
	char *lines = to_lines(n->data, &wanted_len);
	bool good = same(k, got, len, lines, wanted_len);
	free(lines);
	return good;
}

static int
download_refused(struct talk *k, const struct place *at)
{
	int64_t begin = k->w->restart, end = k->w->range_end;

	if (at->error != 0)
		return at->error == ENAMETOOLONG ? 553 : 550;
	if (at->node->is_dir)
		return 550;
	if (k->w->type == 'A' && (begin > 0 || end > 0))
		return 554;
	return end == 0 && begin > (int64_t)at->node->len ? 554 : 0;
}

bool
talk_download(struct talk *k)
{
	char path[TALK_PATH], line[TALK_PATH + 20];
	int64_t begin = k->w->restart, end = k->w->range_end;
	size_t len = 0;

	talk_choose_path(k, path);
	struct place at = model_follow(&k->model, k->w->cwd, path);
	int refused = download_refused(k, &at);
	snprintf(line, sizeof(line), "RETR %s", path);
	char *got = talk_get(k, line, &len);
	talk_forget(k);
	bool good = talk_expect(k, refused != 0 ? refused : 226);
	if (good && refused == 0)
		good = got != NULL ?
			same_part(k, at.node, begin, end, got, len) :
			talk_fails(k, "no data");
	free(got);
	return good;
}

/* --- ABOR */

/* After ABOR: 426 and 226, or the end of the transfer and 226. */
static bool
aborted(struct talk *k)
{
	int first = ftp_command(&k->w->t.c, "ABOR");

	talk_note(k, "ABOR");
	ftp_reply(&k->w->t.c);
	talk_note(k, "(second)");
	ftp_data_close(&k->w->t.c);
	if (first != 426 && first != 226 && first != 552)
		return talk_fails(k, "an aborted transfer got %d", first);
	return talk_expect(k, 226);
}

bool
talk_abort(struct talk *k)
{
	char path[TALK_PATH], sent[4 * TALK_PATH];
	bool upload = dice_throw(&k->dice, 2) == 0;
	size_t len;

	talk_choose_path(k, path);
	struct place at = model_follow(&k->model, k->w->cwd, path);
	if (at.broken || k->w->zipped || k->w->type == 'A' ||
	    k->w->restart > 0 || k->w->range_end > 0 || (upload ?
		model_file(&at) != 0 || (k->kind->deny && at.node != NULL) :
		at.error != 0 || at.node->is_dir))
		return true;
	int code = ftp_start(&k->w->t.c, upload ? "STOR %s" : "RETR %s",
		talk_line(sent, sizeof(sent), path));
	talk_note(k, path);
	talk_forget(k);
	if (code == 552 && upload && k->kind->quota)
		return true;
	if (!talk_expect(k, 150))
		return false;
	char *data = talk_choose_data(k, &len);
	if (upload)
		ftp_data_send(&k->w->t.c, data, len);
	bool good = aborted(k) && (!upload ||
		talk_adopt(k, &at, data, len, 0));
	free(data);
	return good;
}
