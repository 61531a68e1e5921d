/*
 * pwp_dictionary.c - reads a RADIUS dictionary of the PWP server.
 *
 * Runs in: sureftpd --import-pwp.
 */
#include "common/base.h"
#include "daemon/import/pwp_dictionary.h"

#include "common/io.h"
#include "common/text.h"

#define SIZE_MAX_BYTES 65536
#define WORDS 4

struct word {
	const char *text;
	size_t len;
};

/* "VENDORATTR 582 homedir 1 string" */
static void
read_line(struct pwp_dictionary *d, const char *line, int64_t vendor)
{
	struct word w[WORDS];
	int64_t number;
	int64_t *const slots[] = { &d->home, &d->realm, &d->quota };
	static const char *const names[] = { "homedir", "realm", "quota" };

	for (size_t i = 0; i < WORDS; i++) {
		w[i].text = text_word(&line, &w[i].len);
		if (w[i].text == NULL)
			return;
	}
	if (!text_same(w[0].text, w[0].len, "VENDORATTR", 10) ||
	    text_number(w[1].text, w[1].len, &number) < 0 || number != vendor ||
	    text_number(w[3].text, w[3].len, &number) < 0 || number < 1 ||
	    number > UINT8_MAX)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strlen(names[i]) == w[2].len &&
		    memcmp(names[i], w[2].text, w[2].len) == 0) {
			*slots[i] = number;
			d->found |= 1 << i;
		}
}

int
pwp_dictionary_read(struct pwp_dictionary *d, const char *path, int64_t vendor)
{
	char *data = malloc(SIZE_MAX_BYTES), *line, *end;

	*d = (struct pwp_dictionary){ .home = 1, .realm = 2, .quota = 5 };
	ssize_t len = data != NULL ? io_read_file(path, data, SIZE_MAX_BYTES) :
		-ENOMEM;
	for (line = data; len >= 0 && line != NULL; line = end) {
		end = strchr(line, '\n');
		if (end != NULL)
			*end++ = '\0';
		read_line(d, line, vendor);
	}
	free(data);
	d->found = __builtin_popcount((unsigned)d->found);
	return len < 0 ? (int)len : 0;
}
