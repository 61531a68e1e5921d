/*
 * wrappers.c - parses hosts.allow and hosts.deny.
 *
 * Runs in: sureftpd --import-vsftpd.
 */
#include "common/base.h"
#include "daemon/import/wrappers.h"

#include "common/address.h"
#include "common/text.h"
#include "daemon/import/vsftpd_file.h"

#define LINE_MAX_SIZE 4096

/* The rules of one of the two files. */
struct side {
	struct wrappers *w;
	struct buffer *networks;
	bool *all;
};

static bool
same(const char *text, size_t len, const char *word)
{
	return text_same(text, len, word, strlen(word));
}

/* "192.0.2." stands for 192.0.2.0/24. */
static bool
add_prefix(struct buffer *b, const char *pattern, size_t len)
{
	size_t dots = 0;

	for (size_t i = 0; i < len; i++) {
		dots += pattern[i] == '.';
		if (pattern[i] != '.' && !text_is_digit(pattern[i]))
			return false;
	}
	if (dots < 1 || dots > 3)
		return false;
	buffer_add(b, pattern, len - 1);
	for (size_t i = dots; i < 4; i++)
		buffer_add_text(b, ".0");
	buffer_addf(b, "/%zu", dots * 8);
	return true;
}

/* The prefix length of a mask such as 255.255.0.0; -1 if it is not a valid
 * mask. */
static int
mask_bits(const char *mask)
{
	struct address a;

	if (address_parse(&a, mask) < 0 || address_family(&a) != AF_INET)
		return -1;
	uint32_t bits = ntohl(a.v4.sin_addr.s_addr);
	int count = 0;
	while (count < 32 && (bits & (1U << (31 - count))) != 0)
		count++;
	return count == 32 || (bits << count) == 0 ? count : -1;
}

/* ADDRESS or ADDRESS/MASK, with brackets around an IPv6 address. */
static bool
add_address(struct buffer *b, const char *pattern, size_t len)
{
	BUFFER(text, 128);
	struct address address;
	int64_t bits = -1;

	buffer_add(&text, pattern, len);
	char *slash = strchr(text.data, '/');
	if (text.overflow)
		return false;
	if (slash != NULL) {
		*slash++ = '\0';
		if (text_number(slash, strlen(slash), &bits) < 0)
			bits = mask_bits(slash);
		if (bits < 0 || bits > 128)
			return false;
	}
	char *name = text.data;
	size_t name_len = strlen(name);
	if (name[0] == '[' && name[name_len - 1] == ']') {
		name[name_len - 1] = '\0';
		name++;
	}
	if (address_parse(&address, name) < 0)
		return false;
	buffer_add_text(b, name);
	if (bits >= 0)
		buffer_addf(b, "/%" PRId64, bits);
	return true;
}

bool
wrappers_add_network(struct buffer *b, const char *pattern, size_t len)
{
	if (len == 0)
		return false;
	if (b->len > 0)
		buffer_add_char(b, ' ');
	return pattern[len - 1] == '.' ? add_prefix(b, pattern, len) :
		add_address(b, pattern, len);
}

static bool
is_for_vsftpd(const char *daemons)
{
	const char *word;
	size_t word_len;

	while ((word = text_word(&daemons, &word_len)) != NULL)
		if (same(word, word_len, "ALL") ||
		    same(word, word_len, "vsftpd"))
			return true;
	return false;
}

static void
note_not_understood(struct wrappers *w, const char *word, size_t len)
{
	struct buffer b;

	if (w->not_understood[0] != '\0')
		return;
	buffer_init(&b, w->not_understood, sizeof(w->not_understood));
	buffer_add(&b, word, len < 100 ? len : 100);
}

/* One client pattern of a rule. */
static void
add_client(const struct side *side, const char *word, size_t len)
{
	size_t before = side->networks->len;

	if (same(word, len, "ALL")) {
		*side->all = true;
		return;
	}
	if (wrappers_add_network(side->networks, word, len))
		return;
	side->networks->len = before;
	side->networks->data[before] = '\0';
	note_not_understood(side->w, word, len);
}

/* "DAEMONS : CLIENTS : OPTIONS"; colons within brackets are an address. */
static void
apply_rule(const struct side *side, char *line)
{
	char *clients = strchr(line, ':');

	if (clients == NULL)
		return;
	*clients++ = '\0';
	if (!is_for_vsftpd(line))
		return;
	bool bracket = false;
	for (char *c = clients; *c != '\0'; c++) {
		bracket = *c == '[' || (bracket && *c != ']');
		if (*c == ':' && !bracket) {
			*c = '\0';
			note_not_understood(side->w, c + 1, strlen(c + 1));
			break;
		}
	}
	side->w->rules++;
	const char *at = clients, *word;
	size_t len;
	while ((word = text_word(&at, &len)) != NULL)
		add_client(side, word, len);
}

/* A backslash at the end continues a line. */
static void
apply_file(const struct side *side, const struct vsftpd_file *file)
{
	BUFFER(joined, LINE_MAX_SIZE);
	const char *line;
	size_t at = 0, len;

	while ((line = vsftpd_file_line(file, &at, &len)) != NULL) {
		bool goes_on = len > 0 && line[len - 1] == '\\';
		if (joined.len == 0 && len > 0 && line[0] == '#')
			continue;
		buffer_add(&joined, line, goes_on ? len - 1 : len);
		if (goes_on)
			continue;
		if (joined.overflow)
			note_not_understood(side->w, "a very long line", 16);
		else
			apply_rule(side, joined.data);
		buffer_clear(&joined);
	}
}

static int
read_side(const struct side *side, const char *path)
{
	struct vsftpd_file file;

	int error = vsftpd_file_read(&file, path);
	if (error == 0)
		apply_file(side, &file);
	vsftpd_file_free(&file);
	return error == -ENOMEM ? error : 0;
}

struct wrappers *
wrappers_read(const char *allow_path, const char *deny_path)
{
	struct wrappers *w = calloc(1, sizeof(*w));

	if (w == NULL)
		return NULL;
	buffer_init(&w->allow, w->allow_storage, sizeof(w->allow_storage));
	buffer_init(&w->deny, w->deny_storage, sizeof(w->deny_storage));
	const struct side allow = { w, &w->allow, &w->allow_all };
	const struct side deny = { w, &w->deny, &w->deny_all };
	if (read_side(&allow, allow_path) < 0 ||
	    read_side(&deny, deny_path) < 0) {
		wrappers_free(w);
		return NULL;
	}
	return w;
}

void
wrappers_free(struct wrappers *w)
{
	free(w);
}
