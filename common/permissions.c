/*
 * permissions.c - permissions.def as data.
 *
 * Runs in: every process.
 */
#include "common/base.h"

#include "common/permissions.h"

const struct permission permissions_table[PERMISSIONS] = {
#define PERMISSION(letter, operation, sentence, file, directory, entry, ...) \
	{ file, directory, entry },
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
	" all by default.";

char
permissions_letter(uint32_t bit)
{
	for (size_t i = 0; i < PERMISSIONS; i++)
		if (bit == UINT32_C(1) << i)
			return permissions_letters[i];
	return '?';
}
