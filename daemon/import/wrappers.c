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

/* The clients that are allowed, or those that are refused. */
struct side {
	struct wrappers *w;
	struct buffer *networks;
	bool *all;
};

/* One of the two files. */
struct rules {
	struct side allow, deny;
	bool is_allow;
	bool ended;	/* a rule for ALL: the first that matches counts */
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
	size_t len;
	bool found = false, except = false;

	while ((word = text_word(&daemons, &len)) != NULL) {
		bool meant = same(word, len, "ALL") ||
			same(word, len, "vsftpd");
		if (meant && except)
			return false;
		except = except || same(word, len, "EXCEPT");
		found = found || meant;
	}
	return found;
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

/* 192.0.2.* and 192.0.*.* are 192.0.2. and 192.0. */
static size_t
without_stars(const char *word, size_t len)
{
	size_t left = len;

	while (left > 2 && memcmp(word + left - 2, ".*", 2) == 0)
		left -= 2;
	return left < len ? left + 1 : len;
}

/* One client pattern of a rule. */
static void
add_client(const struct side *side, const char *word, size_t len)
{
	static const char local[] = "127.0.0.1 ::1";
	size_t before = side->networks->len;

	if (same(word, len, "ALL") || same(word, len, "*")) {
		*side->all = true;
		return;
	}
	if (same(word, len, "localhost")) {
		buffer_addf(side->networks, "%s%s", before > 0 ? " " : "",
			local);
		return;
	}
	if (wrappers_add_network(side->networks, word,
	    without_stars(word, len)))
		return;
	side->networks->len = before;
	side->networks->data[before] = '\0';
	note_not_understood(side->w, word, len);
}

/* What follows EXCEPT cannot be expressed: then none of the rule's clients is
 * allowed, or all are refused. */
static void
add_clients(const struct side *side, bool allowed, const char *clients)
{
	size_t before = side->networks->len, len;
	bool all_before = *side->all;
	const char *word;

	while ((word = text_word(&clients, &len)) != NULL) {
		if (!same(word, len, "EXCEPT")) {
			add_client(side, word, len);
			continue;
		}
		note_not_understood(side->w, word, len);
		if (allowed) {
			side->networks->len = before;
			side->networks->data[before] = '\0';
			*side->all = all_before;
		}
		return;
	}
}

/* Does the rule allow its clients?  hosts_options(5): "allow" and "deny" take
 * precedence over the file, "twist" runs another program. */
static bool
is_allowed(const struct rules *rules, char *options)
{
	bool allowed = rules->is_allow;
	char *rest = options, *option;

	while ((option = strsep(&rest, ":")) != NULL) {
		const char *at = option;
		size_t len;
		const char *word = text_word(&at, &len);

		if (word == NULL)
			continue;
		if (same(word, len, "allow"))
			allowed = true;
		else if (same(word, len, "deny"))
			allowed = false;
		else
			note_not_understood(rules->allow.w, word, len);
		if (same(word, len, "twist"))
			allowed = false;
	}
	return allowed;
}

/* End the clients where the options begin; colons within brackets are an
 * address.  The options, or NULL. */
static char *
cut_options(char *clients)
{
	bool bracket = false;

	for (char *c = clients; *c != '\0'; c++) {
		bracket = *c == '[' || (bracket && *c != ']');
		if (*c == ':' && !bracket) {
			*c = '\0';
			return c + 1;
		}
	}
	return NULL;
}

/* "DAEMONS : CLIENTS : OPTIONS" */
static void
apply_rule(struct rules *rules, char *line)
{
	char *clients = strchr(line, ':');

	if (clients == NULL || rules->ended)
		return;
	*clients++ = '\0';
	/* Only for one address of the host. */
	bool some = strstr(line, "vsftpd@") != NULL;
	if (!some && !is_for_vsftpd(line))
		return;
	char *options = cut_options(clients);
	bool allowed = options != NULL ? is_allowed(rules, options) :
		rules->is_allow;
	if (some)
		note_not_understood(rules->allow.w, "vsftpd@", 7);
	if (some && allowed)
		return;
	const struct side *side = allowed ? &rules->allow : &rules->deny;
	side->w->rules++;
	add_clients(side, allowed, clients);
	rules->ended = *side->all;
}

/* A backslash at the end continues a line, and a CR there is a blank.  In
 * hosts.allow a last line without a line end is no rule. */
static void
apply_file(struct rules *rules, const struct vsftpd_file *file)
{
	BUFFER(joined, LINE_MAX_SIZE);
	const char *line;
	size_t at = 0, len;

	while ((line = vsftpd_file_line(file, &at, &len)) != NULL) {
		bool goes_on = len > 0 && line[len - 1] == '\\';
		if (joined.len == 0 && len > 0 && line[0] == '#')
			continue;
		if (rules->is_allow && at > file->len)
			return;
		if (goes_on || (len > 0 && line[len - 1] == '\r'))
			len--;
		buffer_add(&joined, line, len);
		if (goes_on)
			continue;
		if (joined.overflow)
			note_not_understood(rules->allow.w, "a very long line",
				16);
		else
			apply_rule(rules, joined.data);
		buffer_clear(&joined);
	}
}

static int
read_rules(struct wrappers *w, bool is_allow, const char *path)
{
	struct rules rules = {
		.allow = { w, &w->allow, &w->allow_all },
		.deny = { w, &w->deny, &w->deny_all },
		.is_allow = is_allow,
	};
	struct vsftpd_file file;

	int error = vsftpd_file_read(&file, path);
	if (error == 0)
		apply_file(&rules, &file);
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
	int error = read_rules(w, true, allow_path);
	w->deny_first = w->deny.len;
	/* With a rule for all, hosts.deny does not count. */
	if (error == 0 && !w->allow_all && !w->deny_all)
		error = read_rules(w, false, deny_path);
	if (error < 0) {
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
