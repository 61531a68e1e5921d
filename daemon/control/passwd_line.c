/*
 * passwd_line.c - parses lines of the accounts file.
 *
 * Runs in: sureftpctl.
 */
#include "common/base.h"
#include "daemon/control/passwd_line.h"

#include "common/settings/settings_section.h"
#include "common/text.h"

static size_t
skip_blanks(const char *line, size_t len)
{
	size_t at = 0;

	while (at < len && text_is_blank(line[at]))
		at++;
	return at;
}

enum passwd_line
passwd_line_kind(const char *line, size_t len, bool *begun)
{
	size_t start = skip_blanks(line, len);

	if (start == len || strchr("#;[\r", line[start]) != NULL)
		return PASSWD_LINE_OTHER;
	if (start > 0 && *begun)
		return PASSWD_LINE_CONTINUES;
	*begun = true;
	return PASSWD_LINE_KEY;
}

bool
passwd_line_is_key(const char *line, size_t len, const char *key)
{
	size_t at = skip_blanks(line, len), key_len = strlen(key);

	if (len - at < key_len || memcmp(line + at, key, key_len) != 0)
		return false;
	at += key_len;
	at += skip_blanks(line + at, len - at);
	return at < len && line[at] == '=';
}

bool
passwd_line_begins_section(const char *line, size_t len)
{
	size_t start = skip_blanks(line, len);

	return start < len && line[start] == '[';
}

bool
passwd_line_heading(const char *line, size_t len, char *name)
{
	char text[4 * SETTINGS_SECTION_NAME_SIZE];
	size_t start = skip_blanks(line, len);

	line += start;
	len -= start;
	while (len > 0 && (text_is_blank(line[len - 1]) ||
	    line[len - 1] == '\r'))
		len--;
	if (len < 2 || len - 1 >= sizeof(text) || *line != '[' ||
	    line[len - 1] != ']')
		return false;
	memcpy(text, line + 1, len - 2);
	text[len - 2] = '\0';
	return settings_section_name(text_trim(text), name);
}
