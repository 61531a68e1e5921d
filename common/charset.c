/*
 * charset.c - conversion between UTF-8 and the character set of old clients.
 *
 * Runs in: session; the master looks whether the C library has a set.
 */
#include "common/base.h"
#include "common/charset.h"

#include <iconv.h>

/* Those of Windows where that has more characters, because it is where names
 * in these sets come from. */
static const struct {
	const char *name, *library;
} sets[CHARSETS] = {
	{ "utf-8", NULL },
	{ "iso-8859-1", "ISO-8859-1" },
	{ "iso-8859-2", "ISO-8859-2" },
	{ "iso-8859-5", "ISO-8859-5" },
	{ "iso-8859-15", "ISO-8859-15" },
	{ "windows-1250", "CP1250" },
	{ "windows-1251", "CP1251" },
	{ "windows-1252", "CP1252" },
	{ "koi8-r", "KOI8-R" },
	{ "shift_jis", "CP932" },
	{ "gbk", "GBK" },
	{ "big5", "BIG5" },
	{ "euc-kr", "CP949" },
};

#define FAILED ((iconv_t)-1)

const char *
charset_name(int which)
{
	return sets[which].name;
}

static int
open_one(void **cd, const char *to, const char *from)
{
	iconv_t opened = iconv_open(to, from);

	if (opened == FAILED)
		return -errno;
	*cd = opened;
	return 0;
}

int
charset_open(struct charset *c, int which)
{
	const char *name = sets[which].library;
	int error;

	*c = (struct charset){ .name = NULL };
	error = open_one(&c->from, "UTF-8", name);
	if (error < 0)
		return error;
	error = open_one(&c->to, name, "UTF-8");
	if (error < 0) {
		(void)iconv_close(c->from);
		return error;
	}
	c->name = sets[which].name;
	return 0;
}

void
charset_close(struct charset *c)
{
	if (c->name == NULL)
		return;
	(void)iconv_close(c->from);
	(void)iconv_close(c->to);
	c->name = NULL;
}

/* iconv() has no const, but only reads. */
static char *
without_const(const char *text)
{
	return (char *)(uintptr_t)text;
}

ssize_t
charset_decode(const struct charset *c, const char *text, size_t len,
	char *out, size_t size)
{
	char *in = without_const(text), *end = out;
	size_t room = size;

	(void)iconv(c->from, NULL, NULL, NULL, NULL);
	if (iconv(c->from, &in, &len, &end, &room) == (size_t)-1)
		return errno == E2BIG ? -EMSGSIZE : -EILSEQ;
	size_t made = size - room;
	/* The line reader has refused these before; no set makes them of
	 * others. */
	for (size_t i = 0; i < made; i++)
		if (out[i] == '\0' || out[i] == '\r' || out[i] == '\n')
			return -EILSEQ;
	return (ssize_t)made;
}

static bool
continues(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

/* What cannot be converted: one byte and the bytes that continue it. */
static void
skip(char **in, size_t *left)
{
	do {
		(*in)++;
		(*left)--;
	} while (*left > 0 && continues(**in));
}

size_t
charset_encode(const struct charset *c, char *text, size_t len)
{
	char piece[256], *in = text;
	size_t done = 0;

	while (len > 0) {
		/* One byte is kept for a question mark. */
		char *end = piece;
		size_t room = sizeof(piece) - 1;
		size_t r = iconv(c->to, &in, &len, &end, &room);

		if (r == (size_t)-1 && errno != E2BIG) {
			*end++ = '?';
			skip(&in, &len);
			(void)iconv(c->to, NULL, NULL, NULL, NULL);
		}
		size_t made = (size_t)(end - piece);
		/* It never grows; if the C library's table did that, what is
		 * not read yet must not be overwritten. */
		if (made > (size_t)(in - text) - done)
			made = (size_t)(in - text) - done;
		memcpy(text + done, piece, made);
		done += made;
	}
	return done;
}
