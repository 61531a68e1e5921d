/*
 * talk_facts.c - SIZE MDTM MFMT MLST SITE CHMOD SITE UTIME, parameters and
 * hashes in random conversations.
 *
 * Runs in: the suite's process.
 */
#include "common/base.h"
#include "tests/functional/talk.h"

#include <openssl/evp.h>
#include <time.h>
#include <zlib.h>

static struct place
find(struct talk *k, const char *path)
{
	return model_follow(&k->model, k->w->cwd, path);
}

static bool
expect_text(struct talk *k, const char *wanted)
{
	return strcmp(talk_text(k), wanted) == 0 ||
		talk_fails(k, "the reply should be \"%.400s\"", wanted);
}

static bool
size(struct talk *k, const char *path)
{
	struct place at = find(k, path);
	char wanted[40];

	talk_say(k, "SIZE %s", path);
	talk_forget_rename(k);
	if (k->w->type == 'A' && k->w->type_sent)
		return talk_expect(k, 550);
	if (at.error == 0 && at.node->is_dir)
		at.error = ENXIO;
	if (at.error != 0)
		return talk_expect_error(k, at.error, 213);
	snprintf(wanted, sizeof(wanted), "213 %zu", at.node->len);
	return expect_text(k, wanted);
}

static void
put_time(int64_t when, char text[16])
{
	time_t t = (time_t)when;
	struct tm tm;

	strftime(text, 16, "%Y%m%d%H%M%S", gmtime_r(&t, &tm));
}

static bool
mdtm(struct talk *k, const char *path)
{
	struct place at = find(k, path);
	char wanted[40] = "213 ";

	talk_say(k, "MDTM %s", path);
	talk_forget_rename(k);
	if (!talk_expect_error(k, at.error, 213))
		return false;
	if (at.error != 0 || at.node->mtime < 0)
		return true;
	put_time(at.node->mtime, wanted + 4);
	return expect_text(k, wanted);
}

/* May it be changed, and not only read? */
static int
may_change(const struct place *at)
{
	return at->error == 0 && at->node->foreign ? EPERM : at->error;
}

static bool
mfmt(struct talk *k, const char *path)
{
	struct place at = find(k, path);
	int error = may_change(&at);
	char text[16], wanted[TALK_PATH + 60];
	int64_t when = talk_choose_time(k, text);
	bool utime = dice_throw(&k->dice, 3) == 0;

	talk_say(k, utime ? "SITE UTIME %s %s" : "MFMT %s %s", text, path);
	talk_forget(k);
	if (!talk_expect_error(k, error, utime ? 200 : 213))
		return false;
	if (error != 0)
		return true;
	at.node->mtime = when;
	snprintf(wanted, sizeof(wanted), "213 Modify=%s; %s", text, path);
	return utime || expect_text(k, wanted);
}

static bool
has(struct talk *k, const char *part)
{
	return strstr(talk_text(k), part) != NULL ||
		talk_fails(k, "the reply lacks \"%.300s\"", part);
}

static bool
is_link(struct talk *k, const char *path)
{
	struct place at = model_find(&k->model, k->w->cwd, path);

	return at.node != NULL && at.node->link != NULL;
}

/* The second line ends with the absolute path. */
static bool
mlst(struct talk *k, const char *path)
{
	struct place at = find(k, path);
	char path_there[PATH_MAX], wanted[PATH_MAX + 20];

	talk_say(k, "MLST %s", path);
	talk_forget(k);
	if (at.error == ENOENT && strcmp(path, "~") == 0) {
		at.error = 0;
		at.node = k->model.home;
	}
	if (at.broken)		/* most are themselves shown */
		return k->w->t.c.code == 250 ||
			talk_expect_error(k, at.error, 250);
	if (at.error != 0 || at.node->removed)
		return at.error == 0 || talk_expect_error(k, at.error, 250);
	model_path(&k->model, at.node, path_there, sizeof(path_there));
	/* Of a link, its own name may be shown. */
	snprintf(wanted, sizeof(wanted), "; %s\n250 End", path_there);
	if (is_link(k, path))
		snprintf(wanted, sizeof(wanted), "\n250 End");
	if (!talk_expect(k, 250) || !has(k, wanted) ||
	    !has(k, at.node->is_dir ? "type=dir;" : "type=file;"))
		return false;
	snprintf(wanted, sizeof(wanted), "size=%zu;", at.node->len);
	return at.node->is_dir || has(k, wanted);
}

bool
talk_facts(struct talk *k)
{
	char path[TALK_PATH];

	talk_choose_path(k, path);
	switch (dice_throw(&k->dice, 5)) {
	case 0:
		return size(k, path);
	case 1:
		return mdtm(k, path);
	case 2:
		return mfmt(k, path);
	default:
		return mlst(k, path);
	}
}

bool
talk_chmod(struct talk *k, const char *path)
{
	/* The account keeps its own access. */
	static const int modes[] = { 0700, 0711, 0744, 0755, 0777, 0740 };
	int mode = modes[dice_throw(&k->dice, ARRAY_SIZE(modes))];
	struct place at = find(k, path);
	int error = may_change(&at);

	talk_say(k, "SITE CHMOD %o %s", (unsigned)mode, path);
	talk_forget(k);
	if (error == 0)
		at.node->mode = mode;
	return talk_expect_error(k, error, 200);
}

/* --- HASH, XCRC and the like */

static void
hash(const char *name, const char *data, size_t len, char hex[140])
{
	unsigned char bytes[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	snprintf(hex, 140, "%08lx", crc32(0, (const Bytef *)data, (uInt)len));
	if (strcmp(name, "CRC32") != 0 &&
		EVP_Digest(data, len, bytes, &n,
		EVP_get_digestbyname(name), NULL) != 1)
		abort();
	for (unsigned i = 0; i < n; i++)
		snprintf(hex + 2 * i, 3, "%02x", bytes[i]);
}

static const struct {
	const char *verb, *option, *name;
} hashes[] = {
	{ "XCRC", "CRC32", "CRC32" }, { "XMD5", "MD5", "MD5" },
	{ "XSHA1", "SHA-1", "SHA1" }, { "XSHA256", "SHA-256", "SHA256" },
	{ "XSHA512", "SHA-512", "SHA512" },
};

static int
hash_error(const struct place *at)
{
	return at->error == 0 && at->node->is_dir ? EISDIR : at->error;
}

static bool
older_hash(struct talk *k, const char *path, size_t kind)
{
	struct place at = find(k, path);
	int error = hash_error(&at);
	char hex[140];

	talk_say(k, "%s %s", hashes[kind].verb, path);
	talk_forget(k);
	if (!talk_expect_error(k, error, 250) || error != 0)
		return error != 0 && k->failure[0] == '\0';
	hash(hashes[kind].name, at.node->data, at.node->len, hex);
	return strcasecmp(k->w->t.c.text + 4, hex) == 0 ||
		talk_fails(k, "the hash should be %s", hex);
}

/* Of the range that RANG has set, or of all. */
static bool
new_hash(struct talk *k, const char *path, size_t kind)
{
	int64_t begin = k->w->restart, end = k->w->range_end;
	struct place at = find(k, path);
	int error = hash_error(&at);
	char hex[140], wanted[TALK_PATH + 300];

	talk_say(k, "OPTS HASH %s", hashes[kind].option);
	if (!talk_expect(k, 200))
		return false;
	talk_say(k, "HASH %s", path);
	talk_forget(k);
	if (error != 0)
		return talk_expect_error(k, error, 213);
	if (end > (int64_t)at.node->len)
		return talk_expect(k, 554);
	if (end == 0) {
		begin = 0;
		end = (int64_t)at.node->len;
	}
	hash(hashes[kind].name, at.node->data + begin, (size_t)(end - begin),
		hex);
	snprintf(wanted, sizeof(wanted), "213 %s %" PRId64 "-%" PRId64
		" %s %s", hashes[kind].option, begin, end > 0 ? end - 1 : 0,
		hex, path);
	return strcasecmp(talk_text(k), wanted) == 0 ||
		talk_fails(k, "the reply should be \"%.400s\"", wanted);
}

/* Names with quotes or numbers at their end have a meaning of their own
 * there. */
bool
talk_hash(struct talk *k)
{
	char path[TALK_PATH];
	size_t kind = dice_throw(&k->dice, ARRAY_SIZE(hashes));

	talk_choose_path(k, path);
	if (strpbrk(path, "\" ") != NULL)
		return true;
	return dice_throw(&k->dice, 2) == 0 ? older_hash(k, path, kind) :
		new_hash(k, path, kind);
}
