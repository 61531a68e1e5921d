/*
 * activation.c - finds the xinetd services and socket units that start vsftpd.
 *
 * Runs in: sureftpd --import-vsftpd.
 */
#include "common/base.h"
#include "daemon/import/activation.h"

#include "common/text.h"
#include "daemon/import/draft.h"
#include "daemon/import/vsftpd_file.h"

#include <dirent.h>

#define LINE_SIZE 1200

/* One line of a file, trimmed. */
struct line {
	char text[LINE_SIZE];
	const char *key, *value;	/* value: NULL if there is no "=" */
	char sign;			/* '+' for "+=", '-' for "-=" */
};

/* False at the end.  Comments are left out. */
static bool
next_line(const struct vsftpd_file *file, size_t *at, struct line *l)
{
	const char *text;
	size_t len;

	while ((text = vsftpd_file_line(file, at, &len)) != NULL) {
		if (memchr(text, '\0', len) != NULL)
			continue;
		if (len >= sizeof(l->text))
			len = sizeof(l->text) - 1;
		memcpy(l->text, text, len);
		l->text[len] = '\0';
		l->key = l->text;
		l->value = NULL;
		l->sign = '\0';
		char *equals = strchr(l->text, '=');
		if (l->text[strspn(l->text, " \t")] == '#')
			continue;
		if (equals != NULL) {
			*equals = '\0';
			l->value = text_trim(equals + 1);
		}
		if (equals != NULL && equals > l->text &&
		    strchr("+-", equals[-1]) != NULL) {
			l->sign = equals[-1];
			equals[-1] = '\0';
		}
		l->key = text_trim(l->text);
		return true;
	}
	return false;
}

static void
set_text(char *to, size_t size, const char *value)
{
	if (text_copy(to, size, value) < 0)
		to[0] = '\0';
}

/* Lists may be on several lines.  One that is too long becomes a word that is
 * no network, so that it is reported. */
static void
add_text(char *to, size_t size, const char *value)
{
	size_t len = strlen(to);
	int n = snprintf(to + len, size - len, "%s%s", len > 0 ? " " : "",
		value);

	if (n < 0 || (size_t)n >= size - len)
		set_text(to, size, "a-list-that-is-too-long");
}

static bool
has_word(const char *list, const char *word, size_t len)
{
	const char *at;
	size_t at_len;

	while ((at = text_word(&list, &at_len)) != NULL)
		if (at_len == len && memcmp(at, word, len) == 0)
			return true;
	return false;
}

/* As xinetd does, word by word: 10.0.0.5 is not removed from 10.0.0.0. */
static void
remove_words(char *from, size_t size, const char *words)
{
	char old[sizeof(((struct activation *)NULL)->only_from)];
	const char *rest = old, *word;
	size_t len;

	set_text(old, sizeof(old), from);
	from[0] = '\0';
	while ((word = text_word(&rest, &len)) != NULL) {
		char text[sizeof(old)];
		if (has_word(words, word, len))
			continue;
		memcpy(text, word, len);
		text[len] = '\0';
		add_text(from, size, text);
	}
}

/* A list without values, or of which nothing remains, lets no client in. */
static void
end_only_from(struct activation *a)
{
	if (a->only_from[0] == '\0')
		set_text(a->only_from, sizeof(a->only_from), DRAFT_NOBODY);
}

static int64_t
number(const char *value)
{
	int64_t n;

	return text_number(value, strlen(value), &n) == 0 ? n : 0;
}

/* An entry of xinetd's files.  The first "=" of a service replaces what it has
 * from the defaults. */
struct entry {
	struct activation *a;
	bool own_only_from, own_no_access;
};

static void
change_list(char *list, size_t size, const struct line *l, bool *own)
{
	if (l->sign == '-') {
		remove_words(list, size, l->value);
		return;
	}
	if (l->sign == '\0' && !*own)
		list[0] = '\0';
	*own = true;
	if (*l->value != '\0')
		add_text(list, size, l->value);
}

static void
take_xinetd(struct entry *e, const struct line *l)
{
	struct activation *a = e->a;
	const char *key = l->key, *value = l->value;

	if (strcmp(key, "port") == 0)
		a->port = number(value);
	else if (strcmp(key, "bind") == 0 || strcmp(key, "interface") == 0)
		set_text(a->address, sizeof(a->address), value);
	else if (strcmp(key, "instances") == 0)
		a->sessions = number(value);
	else if (strcmp(key, "per_source") == 0)
		a->per_address = number(value);
	else if (strcmp(key, "only_from") == 0) {
		change_list(a->only_from, sizeof(a->only_from), l,
			&e->own_only_from);
		end_only_from(a);
	} else if (strcmp(key, "no_access") == 0)
		change_list(a->no_access, sizeof(a->no_access), l,
			&e->own_no_access);
	else if (strcmp(key, "disable") == 0)
		a->disabled = strcmp(value, "yes") == 0;
	else if (strcmp(key, "server") == 0) {
		const char *name = strrchr(value, '/');
		if (name != NULL && strcmp(name, "/vsftpd") == 0)
			set_text(a->file, sizeof(a->file), value);
	}
}

static bool
begins(const struct line *l, const char *word)
{
	size_t len = strlen(word);

	return l->value == NULL && strncmp(l->key, word, len) == 0 &&
		(l->key[len] == '\0' || strchr(" \t{", l->key[len]) != NULL);
}

static void
read_defaults(struct activation *defaults, const char *path)
{
	struct entry e = { defaults, true, true };
	struct vsftpd_file file;
	bool inside = false;
	struct line l;
	size_t at = 0;

	*defaults = (struct activation){ 0 };
	if (vsftpd_file_read(&file, path) == 0)
		while (next_line(&file, &at, &l)) {
			if (begins(&l, "defaults"))
				inside = true;
			else if (begins(&l, "service"))
				inside = false;
			else if (inside && l.value != NULL)
				take_xinetd(&e, &l);
		}
	vsftpd_file_free(&file);
}

/* A service of this file that starts vsftpd. */
static bool
read_services(struct activation *a, const char *path,
	const struct activation *defaults)
{
	struct entry e = { a, false, false };
	struct vsftpd_file file;
	struct line l;
	size_t at = 0;

	*a = *defaults;
	if (vsftpd_file_read(&file, path) == 0)
		while (next_line(&file, &at, &l)) {
			bool next = begins(&l, "service") ||
				begins(&l, "defaults");
			if (next && a->file[0] != '\0')
				break;
			if (next) {
				*a = *defaults;
				e = (struct entry){ a, false, false };
			} else if (l.value != NULL) {
				take_xinetd(&e, &l);
			}
		}
	vsftpd_file_free(&file);
	if (a->file[0] == '\0')
		return false;
	set_text(a->file, sizeof(a->file), path);
	return true;
}

/* A port, ADDRESS:PORT or [ADDRESS6]:PORT; the first one counts. */
static void
take_unit(struct activation *a, const char *key, const char *value)
{
	const char *colon = strrchr(value, ':');
	size_t len = colon != NULL ? (size_t)(colon - value) : 0;

	if (strcmp(key, "ListenStream") != 0 || a->port != 0)
		return;
	a->port = number(colon != NULL ? colon + 1 : value);
	if (len > 1 && value[0] == '[') {
		value++;
		len -= 2;
	}
	if (a->port != 0 && len > 0 && len < sizeof(a->address)) {
		memcpy(a->address, value, len);
		a->address[len] = '\0';
	}
}

/* "ExecStart=-/usr/sbin/vsftpd ARGUMENTS"; an empty one cancels those before
 * it. */
static void
take_service(struct activation *a, const char *key, const char *value)
{
	size_t len = strcspn(value, " \t");
	bool is_vsftpd = len >= 7 && memcmp(value + len - 7, "/vsftpd", 7) == 0;

	if (strcmp(key, "ExecStart") != 0)
		return;
	set_text(a->file, sizeof(a->file), is_vsftpd ? "found" : "");
	set_text(a->arguments, sizeof(a->arguments), is_vsftpd ?
		value + len + strspn(value + len, " \t") : "");
}

/* A file of systemd's.  Does it start vsftpd?  If so, its name is stored. */
static bool
read_file(struct activation *a, const char *path,
	void (*take)(struct activation *a, const char *key, const char *value))
{
	struct vsftpd_file file;
	struct line l;
	size_t at = 0;

	*a = (struct activation){ 0 };
	if (vsftpd_file_read(&file, path) == 0)
		while (next_line(&file, &at, &l))
			if (l.value != NULL)
				take(a, l.key, l.value);
	vsftpd_file_free(&file);
	bool found = take == take_unit ? a->port != 0 : a->file[0] != '\0';
	if (found)
		set_text(a->file, sizeof(a->file), path);
	return found;
}

/* As xinetd's includedir does. */
static bool
is_included(const char *name)
{
	size_t len = strlen(name);

	return strchr(name, '.') == NULL && len > 0 && name[len - 1] != '~';
}

static bool
find_in_xinetd(struct activation *a, const char *conf, const char *directory)
{
	struct activation defaults;
	char path[PATH_MAX];
	struct dirent **names;

	read_defaults(&defaults, conf);
	if (read_services(a, conf, &defaults))
		return true;
	bool found = false;
	int count = scandir(directory, &names, NULL, alphasort);
	for (int i = 0; i < count; i++) {
		int n = snprintf(path, sizeof(path), "%s/%s", directory,
			names[i]->d_name);
		if (!found && is_included(names[i]->d_name) && n > 0 &&
		    (size_t)n < sizeof(path))
			found = read_services(a, path, &defaults);
		free(names[i]);
	}
	if (count >= 0)
		free(names);
	return found;
}

void
activation_find(struct activation *a, const char *conf, const char *xinetd,
	const char *const *units)
{
	char path[PATH_MAX];

	if (find_in_xinetd(a, conf, xinetd))
		return;
	for (; *units != NULL; units++) {
		snprintf(path, sizeof(path), "%s/vsftpd.socket", *units);
		if (read_file(a, path, take_unit))
			return;
	}
	*a = (struct activation){ 0 };
}

void
activation_service(struct activation *a, const char *const *units)
{
	char path[PATH_MAX];

	for (; *units != NULL; units++) {
		snprintf(path, sizeof(path), "%s/vsftpd.service", *units);
		if (read_file(a, path, take_service))
			return;
	}
	*a = (struct activation){ 0 };
}
