/*
 * quota.c - what quotas count, and how much.
 *
 * Runs in: master, monitor, session, bookkeeper, scanner.
 */
#include "common/base.h"
#include "common/quota.h"

#include "common/text.h"

#include <fcntl.h>

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

#define HANDLE_SIZE 128		/* as MAX_HANDLE_SZ */
#define FNV_PRIME   UINT64_C(0x100000001b3)
#define FNV_BASIS   UINT64_C(0xcbf29ce484222325)

/* A file handle consists of the inode's number and its generation. */
struct quota_inode
quota_inode_of(int fd, const struct stat *st)
{
	struct quota_inode id = { st->st_dev, st->st_ino, 0 };
	union {
		struct file_handle handle;
		unsigned char space[sizeof(struct file_handle) + HANDLE_SIZE];
	} h;
	int mount;

	h.handle.handle_bytes = HANDLE_SIZE;
	if (name_to_handle_at(fd, "", &h.handle, &mount, AT_EMPTY_PATH) < 0)
		return id;
	id.generation = FNV_BASIS;
	for (unsigned i = 0; i < h.handle.handle_bytes; i++)
		id.generation = (id.generation ^ h.handle.f_handle[i]) *
			FNV_PRIME;
	return id;
}
