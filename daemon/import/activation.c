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

/* Every "KEY = VALUE" of a file, trimmed; += is read as =, and `removes` says
 * that it is -=. */
typedef void take_line(struct activation *a, const char *key,
	const char *value, bool removes);

static void
read_lines(struct activation *a, const struct vsftpd_file *file,
	take_line *take)
{
	char line[LINE_SIZE];
	const char *text;
	size_t at = 0, len;

	while ((text = vsftpd_file_line(file, &at, &len)) != NULL) {
		if (memchr(text, '\0', len) != NULL)
			continue;
		if (len >= sizeof(line))
			len = sizeof(line) - 1;
		memcpy(line, text, len);
		line[len] = '\0';
		char *equals = strchr(line, '=');
		if (line[strspn(line, " \t")] == '#' || equals == NULL)
			continue;
		*equals = '\0';
		char sign = equals > line ? equals[-1] : '\0';
		if (sign == '+' || sign == '-')
			equals[-1] = '\0';
		take(a, text_trim(line), text_trim(equals + 1), sign == '-');
	}
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

/* A list of which nothing remains, or that xinetd's defaults begin, lets no
 * client in. */
static void
change_only_from(struct activation *a, const char *value, bool removes)
{
	if (removes)
		remove_words(a->only_from, sizeof(a->only_from), value);
	if (removes ? a->only_from[0] == '\0' : *value == '\0')
		value = DRAFT_NOBODY;
	else if (removes)
		return;
	add_text(a->only_from, sizeof(a->only_from), value);
}

static int64_t
number(const char *value)
{
	int64_t n;

	return text_number(value, strlen(value), &n) == 0 ? n : 0;
}

static void
take_xinetd(struct activation *a, const char *key, const char *value,
	bool removes)
{
	if (strcmp(key, "port") == 0)
		a->port = number(value);
	else if (strcmp(key, "bind") == 0 || strcmp(key, "interface") == 0)
		set_text(a->address, sizeof(a->address), value);
	else if (strcmp(key, "instances") == 0)
		a->sessions = number(value);
	else if (strcmp(key, "per_source") == 0)
		a->per_address = number(value);
	else if (strcmp(key, "only_from") == 0)
		change_only_from(a, value, removes);
	else if (strcmp(key, "no_access") == 0 && removes)
		remove_words(a->no_access, sizeof(a->no_access), value);
	else if (strcmp(key, "no_access") == 0)
		add_text(a->no_access, sizeof(a->no_access), value);
	else if (strcmp(key, "disable") == 0)
		a->disabled = strcmp(value, "yes") == 0;
	else if (strcmp(key, "server") == 0) {
		const char *name = strrchr(value, '/');
		if (name != NULL && strcmp(name, "/vsftpd") == 0)
			set_text(a->file, sizeof(a->file), value);
	}
}

/* A port, ADDRESS:PORT or [ADDRESS6]:PORT; the first one counts. */
static void
take_unit(struct activation *a, const char *key, const char *value,
	bool removes UNUSED)
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
take_service(struct activation *a, const char *key, const char *value,
	bool removes UNUSED)
{
	size_t len = strcspn(value, " \t");
	bool is_vsftpd = len >= 7 && memcmp(value + len - 7, "/vsftpd", 7) == 0;

	if (strcmp(key, "ExecStart") != 0)
		return;
	set_text(a->file, sizeof(a->file), is_vsftpd ? "found" : "");
	set_text(a->arguments, sizeof(a->arguments), is_vsftpd ?
		value + len + strspn(value + len, " \t") : "");
}

/* Does it start vsftpd?  If so, its name is stored. */
static bool
read_file(struct activation *a, const char *path, take_line *take)
{
	struct vsftpd_file file;

	*a = (struct activation){ 0 };
	if (vsftpd_file_read(&file, path) == 0)
		read_lines(a, &file, take);
	vsftpd_file_free(&file);
	bool found = take == take_unit ? a->port != 0 : a->file[0] != '\0';
	if (found)
		set_text(a->file, sizeof(a->file), path);
	return found;
}

static bool
find_in_xinetd(struct activation *a, const char *directory)
{
	char path[PATH_MAX];
	struct dirent **names;
	bool found = false;

	int count = scandir(directory, &names, NULL, alphasort);
	for (int i = 0; i < count; i++) {
		int n = snprintf(path, sizeof(path), "%s/%s", directory,
			names[i]->d_name);
		if (!found && n > 0 && (size_t)n < sizeof(path))
			found = read_file(a, path, take_xinetd);
		free(names[i]);
	}
	if (count >= 0)
		free(names);
	return found;
}

void
activation_find(struct activation *a, const char *xinetd,
	const char *const *units)
{
	char path[PATH_MAX];

	if (find_in_xinetd(a, xinetd))
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
