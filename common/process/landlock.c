/*
 * landlock.c - a ruleset from permission letters.
 *
 * Runs in: session; master (asks for the version).
 */
#include "common/base.h"
#include "common/process/landlock.h"

#include "common/permissions.h"
#include "common/settings/settings.h"

#include <fcntl.h>
#include <sys/syscall.h>

/* Some systems have a kernel with Landlock, but no <linux/landlock.h>. */
#define LANDLOCK_ACCESS_FS_EXECUTE     (UINT64_C(1) << 0)
#define LANDLOCK_ACCESS_FS_WRITE_FILE  (UINT64_C(1) << 1)
#define LANDLOCK_ACCESS_FS_READ_FILE   (UINT64_C(1) << 2)
#define LANDLOCK_ACCESS_FS_READ_DIR    (UINT64_C(1) << 3)
#define LANDLOCK_ACCESS_FS_REMOVE_DIR  (UINT64_C(1) << 4)
#define LANDLOCK_ACCESS_FS_REMOVE_FILE (UINT64_C(1) << 5)
#define LANDLOCK_ACCESS_FS_MAKE_CHAR   (UINT64_C(1) << 6)
#define LANDLOCK_ACCESS_FS_MAKE_DIR    (UINT64_C(1) << 7)
#define LANDLOCK_ACCESS_FS_MAKE_REG    (UINT64_C(1) << 8)
#define LANDLOCK_ACCESS_FS_MAKE_SOCK   (UINT64_C(1) << 9)
#define LANDLOCK_ACCESS_FS_MAKE_FIFO   (UINT64_C(1) << 10)
#define LANDLOCK_ACCESS_FS_MAKE_BLOCK  (UINT64_C(1) << 11)
#define LANDLOCK_ACCESS_FS_MAKE_SYM    (UINT64_C(1) << 12)
#define LANDLOCK_ACCESS_FS_REFER       (UINT64_C(1) << 13)
#define LANDLOCK_ACCESS_FS_TRUNCATE    (UINT64_C(1) << 14)

#define ACCESS_OF_VERSION_2 ((UINT64_C(1) << 14) - 1)
#define ACCESS_OF_VERSION_3 ((UINT64_C(1) << 15) - 1)
#define ACCESS_OF_VERSION_5 ((UINT64_C(1) << 16) - 1)	/* device ioctls */

/* The numbers are the same on every processor. */
#define CALL_CREATE_RULESET 444
#define CALL_ADD_RULE	    445
#define CALL_RESTRICT_SELF  446

#define CREATE_RULESET_VERSION 1u
#define RULE_PATH_BENEATH      1

struct ruleset {
	uint64_t handled;	/* rights that are denied unless a rule grants
				 * them */
};

struct path_beneath {
	uint64_t allowed;
	int32_t directory;
} __attribute__((packed));

static const uint64_t access_of_letter[PERMISSIONS] = {
#define PERMISSION(letter, operation, sentence, file, directory, entry, \
	landlock) landlock,
#include "common/permissions.def"
#undef PERMISSION
};

int
landlock_version(void)
{
	long version = syscall(CALL_CREATE_RULESET, NULL, 0,
		CREATE_RULESET_VERSION);

	return version < 2 ? 0 : (int)version;
}

static uint64_t
access_of_version(int version)
{
	if (version >= 5)
		return ACCESS_OF_VERSION_5;
	return version >= 3 ? ACCESS_OF_VERSION_3 : ACCESS_OF_VERSION_2;
}

static uint64_t
access_of(uint32_t permissions)
{
	uint64_t access = 0;

	for (size_t i = 0; i < PERMISSIONS; i++)
		if (permissions & (UINT32_C(1) << i))
			access |= access_of_letter[i];
	return access;
}

/* With allow_site_symlink, the permission to store includes symbolic links. */
static uint64_t
access_for(const struct identity *identity, uint32_t permissions)
{
	uint64_t access = access_of(permissions);

	if ((permissions & PERMISSION_store) &&
		identity->settings->allow_site_symlink)
		access |= LANDLOCK_ACCESS_FS_MAKE_SYM;
	return access;
}

static int
allow(int ruleset, int directory, uint64_t access)
{
	const struct path_beneath rule = { access, directory };

	/* The kernel refuses a rule that grants nothing. */
	if (access == 0)
		return 0;
	return syscall(CALL_ADD_RULE, ruleset, RULE_PATH_BENEATH, &rule, 0) < 0
		? -errno : 0;
}

/* The kernel does not allow moving a file to a directory with more rights.
 * Accounts that may rename therefore get all rights everywhere.  A directory
 * that is not open does not exist or is outside the jail: no rights. */
static uint32_t
everywhere(const struct identity *identity)
{
	uint32_t all = identity->permissions;

	for (size_t i = 0; i < identity->ndirectories; i++)
		if (identity->directories[i].fd >= 0)
			all |= identity->directories[i].permissions;
	return all & PERMISSION_rename ? all : identity->permissions;
}

static int
allow_all(int ruleset, const struct identity *identity, uint64_t handled)
{
	int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int error = root < 0 ? -errno : allow(ruleset, root,
		access_for(identity, everywhere(identity)) & handled);

	for (size_t i = 0; i < identity->ndirectories && error == 0; i++) {
		const struct identity_directory *d = &identity->directories[i];
		if (d->fd >= 0)
			error = allow(ruleset, d->fd,
				access_for(identity, d->permissions) & handled);
	}
	if (root >= 0)
		close(root);
	return error;
}

int
landlock_enter(const struct identity *identity)
{
	int version = landlock_version();
	struct ruleset attributes = { access_of_version(version) };

	if (version == 0)
		return -ENOSYS;
	int ruleset = (int)syscall(CALL_CREATE_RULESET, &attributes,
		sizeof(attributes), 0);
	if (ruleset < 0)
		return -errno;
	int error = allow_all(ruleset, identity, attributes.handled);
	if (error == 0 && syscall(CALL_RESTRICT_SELF, ruleset, 0) < 0)
		error = -errno;
	close(ruleset);
	return error;
}
