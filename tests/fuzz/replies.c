/*
 * replies.c - see replies.h.
 */
#include "common/base.h"

#include "tests/fuzz/replies.h"

#include "common/text.h"
#include "tests/fuzz/fuzz.h"

#define IAC '\xff'

void
replies_begin(struct replies *r)
{
	memset(r, 0, sizeof(*r));
	r->announced = r->complete = -1;
}

static bool
is_one_of(int code, const int *codes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (codes[i] == code)
			return true;
	return false;
}

/* What the server may say to anybody, and what it says to an account only. */
static void
check_code(const struct replies *r, int code)
{
	static const int anybody[] = { 200, 202, 211, 214, 215, 220, 221, 234,
		331, 332, 421, 500, 501, 502, 503, 504, 530, 533, 534, 536,
		537 };
	static const int account[] = { 150, 213, 226, 227, 229, 230, 250, 257,
		350, 425, 426, 450, 451, 452, 521, 522, 550, 552, 553, 554 };

	if (is_one_of(code, anybody, ARRAY_SIZE(anybody)))
		return;
	if (!is_one_of(code, account, ARRAY_SIZE(account)))
		fuzz_fail("a reply with the unknown code %d", code);
	if (!r->welcome && code != 230)
		fuzz_fail("%d before login", code);
}

/* The number at the text's begin; -1 for none. */
static int64_t
number_at(const char *text)
{
	int64_t number;

	if (text_number(text, strspn(text, "0123456789"), &number) < 0)
		return -1;
	return number;
}

/* "227 ... (h1,h2,h3,h4,p1,p2)." and "229 ... (|||port|)". */
static void
note_port(struct replies *r)
{
	const char *at = strchr(r->line, '(');
	int64_t number[6] = { 0 };

	if (at != NULL && r->code == 229) {
		r->port = (uint16_t)number_at(at + 4);
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(number) && at != NULL; i++) {
		number[i] = number_at(at + 1);
		if (number[i] < 0 || number[i] > 255)
			fuzz_fail("no address: %s", r->line);
		at = strchr(at + 1, ',');
	}
	r->port = (uint16_t)(number[4] << 8 | number[5]);
}

/* "150 Opening BINARY mode data connection for NAME (N bytes)." */
static void
note_announced(struct replies *r)
{
	static const char begin[] = "150 Opening BINARY mode ";
	static const char end[] = " bytes).";
	size_t len = sizeof(end) - 1;

	r->announced = -1;
	if (r->deflated || r->len < len ||
	    strncmp(r->line, begin, sizeof(begin) - 1) != 0 ||
	    strcmp(r->line + r->len - len, end) != 0)
		return;
	r->line[r->len - len] = '\0';
	const char *at = strrchr(r->line, '(');
	r->announced = at == NULL ? -1 : number_at(at + 1);
}

/* "200 MODE set to Z." */
static void
note_mode(struct replies *r)
{
	static const char begin[] = "200 MODE set to ";
	size_t len = sizeof(begin) - 1;

	if (r->len > len && strncmp(r->line, begin, len) == 0)
		r->deflated = r->line[len] == 'Z';
}

/* 421 for what the client did not do. */
static bool
is_unasked(const struct replies *r)
{
	static const char *const texts[] = { "Idle timeout", "Login timeout",
		"Too many failed logins", "The server is shutting down. Cl" };

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		if (strncmp(r->line + 4, texts[i], strlen(texts[i])) == 0)
			return true;
	return false;
}

/* Of the replies that may come during a transfer, 200 and 211 do not end it. */
static void
note_end_of_transfer(struct replies *r, int code)
{
	if (code == 150) {
		note_announced(r);
		return;
	}
	if (code == 226 && r->announced >= 0)
		r->complete = r->announced;
	if (code != 200 && code != 211)
		r->announced = -1;
}

static void
whole_reply(struct replies *r, int code)
{
	if (r->last)
		fuzz_fail("more after the last reply: %s", r->line);
	r->several = 0;
	r->code = code;
	r->finals += code != 150 && !(code == 421 && is_unasked(r));
	r->too_late = strncmp(r->line, "421 Login timeout", 17) == 0;
	r->welcome = r->welcome || code == 230;
	r->last = code == 421 || code == 221;
	if (code == 227 || code == 229)
		note_port(r);
	note_mode(r);
	note_end_of_transfer(r, code);
}

static int
code_of(const struct replies *r)
{
	int64_t code;

	if (r->len < 4 || text_number(r->line, 3, &code) < 0 || code < 100 ||
		(r->line[3] != ' ' && r->line[3] != '-'))
		return -1;
	return (int)code;
}

/* A line of a reply of several: "211-first", " between", "211 last". */
static void
line_of_several(struct replies *r, int code)
{
	if (r->line[0] == ' ')
		return;
	if (code != r->several)
		fuzz_fail("a foreign line within a reply: %s", r->line);
	if (r->line[3] == ' ')
		whole_reply(r, code);
}

static void
check_line(struct replies *r)
{
	int code = code_of(r);

	if (r->several != 0) {
		line_of_several(r, code);
		return;
	}
	if (code < 0)
		fuzz_fail("not a reply: %s", r->line);
	check_code(r, code);
	if (r->line[3] == '-')
		r->several = code;
	else
		whole_reply(r, code);
}

static void
check_bytes(const struct replies *r)
{
	if (memchr(r->line, '\0', r->len) != NULL ||
		memchr(r->line, '\r', r->len) != NULL)
		fuzz_fail("a NUL or a CR within a reply");
	for (size_t i = 0; i < r->len; i++)
		if (r->line[i] == IAC && r->line[++i] != IAC)
			fuzz_fail("a single byte 255: %s", r->line);
}

static void
end_line(struct replies *r)
{
	if (r->len < 2 || r->line[r->len - 2] != '\r')
		fuzz_fail("a LF without CR");
	r->len -= 2;
	r->line[r->len] = '\0';
	check_bytes(r);
	check_line(r);
	r->len = 0;
}

/* A refused Telnet option comes between replies: IAC, WONT or DONT, and any
 * byte. */
static bool
is_refused_option(struct replies *r)
{
	if (r->len == 2 && r->line[0] == IAC && r->line[1] != '\xfc' &&
		r->line[1] != '\xfe')
		fuzz_fail("a Telnet command other than WONT and DONT");
	return r->len > 0 && r->len <= 3 && r->line[0] == IAC;
}

void
replies_feed(struct replies *r, const char *data, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (r->len == sizeof(r->line) - 1)
			fuzz_fail("a reply without an end");
		r->line[r->len++] = data[i];
		if (is_refused_option(r))
			r->len %= 3;
		else if (data[i] == '\n')
			end_line(r);
	}
}

void
replies_end(const struct replies *r)
{
	if (r->len > 0 || r->several != 0)
		fuzz_fail("a reply was cut");
}
