/*
 * cmd_hash.c - HASH (draft-bryan-ftpext-hash), and the older XCRC XMD5 XSHA1
 * XSHA256 XSHA512 with their ranges.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "common/buffer.h"
#include "common/text.h"
#include "worker/command.h"
#include "worker/data/hash_file.h"
#include "worker/transfer/data_transfer.h"
#include "worker/tree/file.h"

/* What is to be hashed. */
struct hashing {
	const char *path;
	enum hash_kind kind;
	bool is_part;		/* chosen by the client; else the whole file */
	struct hash_part part;
};

/* The hash of an upload of this session that was computed during the transfer
 * (upload_hash). */
static const char *
known_hash(const struct session *s, const struct file *f,
	const struct hashing *h)
{
	struct stat st;

	if (fstat(f->fd, &st) < 0 || h->part.begin != 0 ||
		h->part.end != st.st_size)
		return NULL;
	return hash_cache_find(&s->hash_cache, &st, h->kind);
}

static int64_t
most_of(const struct session *s)
{
	int64_t most = s->limits->max_hash_size;

	return most == 0 ? INT64_MAX : most;
}

/* A file as in /sys has another content than its size says, which does not
 * change then: as a whole, it is read to its end. */
static int
check_end(const struct file *f, const struct hashing *h, int64_t expected)
{
	int64_t end = h->part.end;
	char byte;
	struct stat st;

	if (!h->is_part && pread(f->fd, &byte, 1, end) == 1)
		return EFBIG;
	if (end >= expected)
		return 0;
	return h->is_part || fstat(f->fd, &st) < 0 || st.st_size < expected ?
		ENODATA : 0;
}

/* As in a transfer, ABOR ends the computation, and other commands wait. */
static enum transfer_end
run_hash(struct session *s, const struct file *f, struct hashing *h)
{
	struct data_transfer t UNINITIALIZED;
	int64_t expected = h->part.end;
	enum transfer_end end = data_transfer_begin_local(s, &t);

	if (!h->is_part)
		h->part.end = most_of(s);
	if (end == TRANSFER_RUNNING)
		end = hash_file(&s->watch, f->fd, h->kind, &h->part);
	s->transfer = NULL;
	if (end != TRANSFER_COMPLETE)
		return end;
	h->part.error = check_end(f, h, expected);
	return h->part.error == 0 ? TRANSFER_COMPLETE : TRANSFER_LOCAL_ERROR;
}

static bool
part_exists(struct session *s, const struct file *f, struct hashing *h)
{
	if (!h->is_part)
		h->part.end = f->size;
	if (h->part.begin <= h->part.end && h->part.end <= f->size)
		return true;
	reply(&s->reply, 554, "The range is beyond the end of the file "
		"(%" PRId64 " bytes).", f->size);
	return false;
}

static bool
part_fits(struct session *s, const struct hashing *h)
{
	BUFFER(size, 32);

	if (h->part.end - h->part.begin <= most_of(s))
		return true;
	text_add_size(&size, most_of(s));
	reply(&s->reply, 550, "Too large: at most %s bytes can be hashed "
		"(max_hash_size).", buffer_text(&size));
	return false;
}

/* TRANSFER_RUNNING after a reply with the reason of a failure. */
static enum transfer_end
hash_opened(struct session *s, const struct file *f, struct hashing *h)
{
	const char *known;

	if (!part_exists(s, f, h))
		return TRANSFER_RUNNING;
	known = known_hash(s, f, h);
	if (known != NULL) {
		snprintf(h->part.hex, sizeof(h->part.hex), "%s", known);
		return TRANSFER_COMPLETE;
	}
	return part_fits(s, h) ? run_hash(s, f, h) : TRANSFER_RUNNING;
}

/* False after a reply with the reason of the failure. */
static bool
compute(struct session *s, struct hashing *h)
{
	struct file f UNINITIALIZED;
	int error = file_open_download(&s->tree, &f, h->path);
	enum transfer_end end = TRANSFER_RUNNING;

	if (error < 0)
		reply_errno(&s->reply, -error);
	else
		end = hash_opened(s, &f, h);
	file_close(&f);
	if (end == TRANSFER_LOCAL_ERROR)
		reply_errno(&s->reply, h->part.error);
	else if (end != TRANSFER_RUNNING && end != TRANSFER_COMPLETE)
		data_transfer_interrupted(s, end);
	return end == TRANSFER_COMPLETE;
}

/* The path may be in double quotes, as clients send names with blanks.  A file
 * whose name has the quotes takes precedence. */
static char *
unquote(struct session *s, char *path)
{
	size_t len = strlen(path);
	struct stat st;

	if (len <= 2 || path[0] != '"' || path[len - 1] != '"' ||
		tree_stat(&s->tree, path, &st) == 0)
		return path;
	path[len - 1] = '\0';
	return path + 1;
}

/* draft-bryan-ftpext-hash 3.4: of the bytes that RANG selected, else of the
 * whole file.  In the reply the last byte is included, as in RANG. */
static void
cmd_hash(struct session *s, char *argument)
{
	bool is_part = s->pending.range_end > 0;
	struct hashing h = {
		.path = unquote(s, argument),
		.kind = (enum hash_kind)s->choices.hash,
		.is_part = is_part,
		.part.begin = is_part ? s->pending.restart : 0,
		.part.end = s->pending.range_end,
	};

	if (compute(s, &h))
		reply(&s->reply, 213, "%s %" PRId64 "-%" PRId64 " %s %s",
			hash_name(h.kind), h.part.begin,
			h.part.end > 0 ? h.part.end - 1 : 0, h.part.hex,
			h.path);
}

/* --- the older commands */

/* Remove a number from the end of the text; false when there is none. */
static bool
cut_number(char *text, int64_t *number)
{
	char *blank = strrchr(text, ' ');

	if (blank == NULL || blank == text ||
		text_number(blank + 1, strlen(blank + 1), number) < 0)
		return false;
	*blank = '\0';
	return true;
}

/* "PATH", "PATH END" or "PATH BEGIN END", where the path may be quoted.  A file
 * whose name is the whole argument takes precedence. */
static void
parse_part(struct session *s, char *argument, struct hashing *h)
{
	struct stat st;

	h->path = argument;
	if (tree_stat(&s->tree, argument, &st) == 0)
		return;
	h->is_part = cut_number(argument, &h->part.end);
	if (h->is_part && cut_number(argument, &h->part.begin) &&
		h->part.begin > h->part.end)
		h->part.end = -1;
	h->path = unquote(s, argument);
}

static const struct {
	const char *verb;
	enum hash_kind kind;
} older[] = {
	{ "XCRC", HASH_CRC32 },
	{ "XMD5", HASH_MD5 },
	{ "XSHA1", HASH_SHA1 },
	{ "XSHA256", HASH_SHA256 },
	{ "XSHA512", HASH_SHA512 },
};

static void
cmd_older(struct session *s, char *argument)
{
	struct hashing h = { 0 };
	size_t i = 0;

	while (strcmp(older[i].verb, s->command->verb) != 0)
		i++;
	h.kind = older[i].kind;
	parse_part(s, argument, &h);
	if (compute(s, &h))
		reply(&s->reply, 250, "%s", h.part.hex);
}

#define HASH_ROW(verb, syntax, feat, help, run)                         \
	{ verb, COMMAND_AFTER_LOGIN | COMMAND_ARGUMENT | COMMAND_HASH,  \
		PERMISSION_retrieve, syntax, feat, help, run }
#define OLDER_ROW(verb, name)                                           \
	HASH_ROW(verb, "<path> [[<begin>] <end>]", verb,                \
		"shows the " name " of a file", cmd_older)

const struct command cmd_hash_rows[] = {
	HASH_ROW("HASH", "<path>", "HASH",
		"shows the hash of a file that OPTS HASH chose", cmd_hash),
	OLDER_ROW("XCRC", "CRC32"),
	OLDER_ROW("XMD5", "MD5"),
	OLDER_ROW("XSHA1", "SHA-1"),
	OLDER_ROW("XSHA256", "SHA-256"),
	OLDER_ROW("XSHA512", "SHA-512"),
	{ .verb = NULL },
};
