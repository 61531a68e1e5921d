/*
 * permissions.c - permissions.def as data.
 *
 * Runs in: every process.
 */
#include "common/base.h"

#include "common/permissions.h"

const struct permission permissions_table[PERMISSIONS] = {
#define PERMISSION(letter, operation, sentence, file, directory, entry, ...) \
	{ sentence, file, directory, entry },
#include "common/permissions.def"
#undef PERMISSION
};

const char permissions_letters[] =
#define PERMISSION(letter, ...) #letter
#include "common/permissions.def"
#undef PERMISSION
	;

const char permissions_manual[] =
	"Operations allowed to the account, one letter each:"
#define PERMISSION(letter, operation, sentence, ...) \
	" " #letter " " sentence ","
#include "common/permissions.def"
#undef PERMISSION
	" all by default. Resuming an upload (REST before STOR) needs w; a is "
	"for APPE alone. Accounts that do not exist on the host (anonymous, "
	"guest and file accounts) have e, l and r by default; all others must "
	"be set in a section for them.";

static int
index_of(uint32_t bit)
{
	int i = 0;

	while (i < PERMISSIONS && bit != UINT32_C(1) << i)
		i++;
	return i;
}

int
permissions_errno(uint32_t bit)
{
	return PERMISSIONS_ERRNO + index_of(bit);
}

char
permissions_letter(uint32_t bit)
{
	int i = index_of(bit);

	return i < PERMISSIONS ? permissions_letters[i] : '?';
}
