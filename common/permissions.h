/*
 * permissions.h - permissions.def as data: the letters of the setting
 * `permissions`, their bits, and their letters in the MLST fact "perm".
 */
#ifndef COMMON_PERMISSIONS_H
#define COMMON_PERMISSIONS_H

#include "common/base.h"

enum permission_index {
#define PERMISSION(letter, operation, ...) PERMISSION_INDEX_##operation,
#include "common/permissions.def"
#undef PERMISSION
	PERMISSIONS
};

/* The bits of a set of permissions (uint32_t). */
enum permission_bit {
#define PERMISSION(letter, operation, ...) \
	PERMISSION_##operation = 1 << PERMISSION_INDEX_##operation,
#include "common/permissions.def"
#undef PERMISSION
};

/* The permissions of an account that does not exist on the host, unless a
 * section for it sets others. */
#define PERMISSIONS_TO_READ \
	(PERMISSION_enter | PERMISSION_list | PERMISSION_retrieve)

/* The errno of an operation for which this permission is missing; larger than
 * any errno of the kernel.  reason.h has its text. */
#define PERMISSIONS_ERRNO 5000
int permissions_errno(uint32_t bit);

/* Letters of the MLST fact "perm", or 0. */
struct permission {
	const char *sentence;
	char file, directory, entry;
};

extern const struct permission permissions_table[PERMISSIONS];

/* All letters in the order of their bits, and the setting's manual entry. */
extern const char permissions_letters[];
extern const char permissions_manual[];

/* The letter of one permission, for the log. */
char permissions_letter(uint32_t bit);

#endif
