/*
 * quota.c - what quotas count, and how much.
 *
 * Runs in: master, monitor, session, bookkeeper, scanner.
 */
#include "common/base.h"
#include "common/quota.h"

#include "common/text.h"

#define BLOCK_BYTES 512		/* the unit of st_blocks */

unsigned
quota_kinds(const char *words)
{
	static const struct {
		const char *word;
		unsigned kind;
	} all[] = {
		{ "directories", QUOTA_DIRECTORIES },
		{ "symlinks", QUOTA_SYMLINKS },
		{ "blocks", QUOTA_BLOCKS },
	};
	const char *word;
	unsigned kinds = 0;
	size_t len;

	while ((word = text_word(&words, &len)) != NULL)
		for (size_t i = 0; i < ARRAY_SIZE(all); i++)
			if (text_same(word, len, all[i].word,
			    strlen(all[i].word)))
				kinds |= all[i].kind;
	return kinds;
}

struct quota_count
quota_weight(const struct stat *st, unsigned kinds)
{
	struct quota_count weight = { 0, 0 };

	if (S_ISDIR(st->st_mode) && (kinds & QUOTA_DIRECTORIES) != 0)
		weight = (struct quota_count){ QUOTA_DIRECTORY_BYTES, 1 };
	else if (S_ISLNK(st->st_mode) && (kinds & QUOTA_SYMLINKS) != 0)
		weight = (struct quota_count){ st->st_size, 1 };
	else if (S_ISREG(st->st_mode))
		weight = (struct quota_count){ (kinds & QUOTA_BLOCKS) != 0 ?
			(int64_t)st->st_blocks * BLOCK_BYTES :
			(int64_t)st->st_size, 1 };
	return weight;
}
