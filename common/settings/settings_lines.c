/*
 * settings_lines.c - parses values whose lines are a network and a word.
 *
 * Runs in: the master (checking), the session.
 */
#include "common/base.h"
#include "common/settings/settings_lines.h"

#include "common/text.h"

const char *
settings_lines_next(const char **at, size_t *len)
{
	const char *line = *at;

	if (*line == '\0')
		return NULL;
	*len = strcspn(line, "\n");
	*at = line + *len + (line[*len] == '\n');
	return line;
}

static int
take_word(const char **at, char *word, size_t size)
{
	size_t len;
	const char *found = text_word(at, &len);

	if (found == NULL || len >= size)
		return -EINVAL;
	memcpy(word, found, len);
	word[len] = '\0';
	return 0;
}

int
settings_lines_pair(const char *line, size_t len, struct settings_pair *pair)
{
	char text[sizeof(*pair) + 32];
	const char *at = text;
	struct address none;

	if (len >= sizeof(text))
		return -EINVAL;
	memcpy(text, line, len);
	text[len] = '\0';
	address_clear(&none);
	if (take_word(&at, pair->network, sizeof(pair->network)) < 0 ||
	    take_word(&at, pair->word, sizeof(pair->word)) < 0 ||
	    text_word(&at, &len) != NULL ||
	    address_in_network(&none, pair->network) < 0)
		return -EINVAL;
	return 0;
}
