/*
 * reason.c - the text and the reply code for an errno.
 *
 * Runs in: session.  Never: reveals details of the server, such as paths.
 */
#include "common/base.h"

#include "worker/reason.h"

#include "common/permissions.h"
#include "common/process/change_owner.h"
#include "common/quota.h"

#define LAST_ERRNO EHWPOISON	/* of Linux */

static const struct {
	int error;
	int code;		/* 0: the default of the operation */
	const char *text;
} reasons[] = {
	{ ENOENT, 0, "No such file or directory" },
	{ EACCES, 0, "Permission denied" },
	{ EPERM, 0, "Permission denied" },
	{ EEXIST, 0, "File exists" },
	{ ENOTDIR, 0, "Not a directory" },
	{ EISDIR, 0, "Is a directory" },
	{ ENOTEMPTY, 0, "Directory not empty" },
	{ ENAMETOOLONG, 553, "File name too long" },
	{ EROFS, 0, "Read-only file system" },
	{ ENOSPC, 452, "No space left on device" },
	{ EDQUOT, 552, "Disk quota exceeded" },
	{ EFBIG, 552, "File too large" },
	{ EXDEV, 0, "Source and target are on different file systems" },
	{ ELOOP, 0, "Too many symbolic links" },
	{ EMLINK, 0, "Too many links" },
	{ EBUSY, 0, "Device or resource busy" },
	{ ETXTBSY, 0, "File is a running program" },
	{ EIO, 0, "Input/output error" },
	{ ESTALE, 0, "Stale file handle" },
	{ ENOTCONN, 0, "Network file system not connected" },
	{ ETIMEDOUT, 0, "Network file system timed out" },
	{ EREMOTEIO, 0, "Remote input/output error" },
	{ EHOSTDOWN, 0, "Network file system not reachable" },
	{ EOPNOTSUPP, 0, "Operation not supported" },
	/* FUSE file systems of object stores. */
	{ ESPIPE, 0, "File system cannot change parts of files" },
	{ E2BIG, 0, "Too many wildcards" },
	{ EINVAL, 0, "Invalid file name" },
	{ ENXIO, 0, "Not a plain file" },
	{ REASON_LINK, 0, "Symbolic link is not followed" },
	{ REASON_NAME, 0, "File name not allowed" },
	{ REASON_DEPTH, 0, "Too many directory levels" },
	{ REASON_ENTRIES, 0, "More entries than max_list_entries" },
	{ REASON_INSIDE, 0, "A directory cannot be moved into itself" },
	{ REASON_MODE, 501, "Mode not allowed: no setuid; setgid and sticky on "
		"directories only" },
	{ REASON_QUOTA + QUOTA_BYTES_EXCEEDED, 552, "Quota exceeded "
		"(quota_bytes)" },
	{ REASON_QUOTA + QUOTA_FILES_EXCEEDED, 552, "Quota exceeded "
		"(quota_files)" },
	{ REASON_QUOTA + QUOTA_GRACE_OVER, 552, "Soft quota exceeded for "
		"longer than quota_grace" },
	{ REASON_QUOTA + QUOTA_NOT_COUNTED, 452, "The used space is being "
		"counted, try again later" },
	{ REASON_QUOTA_ASKED, 452, "The quota cannot be checked, try again "
		"later" },
	{ REASON_REJECTED, 550, "Rejected by the server's check" },
	/* Locked by another transfer or program, or leased by another
	 * server. */
	{ EAGAIN, 450, "File is in use by another transfer or program" },
	/* Temporary, so that clients try again. */
	{ EMFILE, 451, "Server is out of resources" },
	{ ENFILE, 451, "Server is out of resources" },
	{ ENOMEM, 451, "Server is out of resources" },
	/* A download that is shorter than announced. */
	{ ENODATA, 0, "File became shorter during the transfer" },
};

static const char *const missing_permissions[PERMISSIONS] = {
#define PERMISSION(letter, operation, sentence, ...) \
	"No permission to " sentence " here",
#include "common/permissions.def"
#undef PERMISSION
};

const char *
reason_text(int error)
{
	if (error >= PERMISSIONS_ERRNO &&
	    error < PERMISSIONS_ERRNO + PERMISSIONS)
		return missing_permissions[error - PERMISSIONS_ERRNO];
	for (size_t i = 0; i < ARRAY_SIZE(reasons); i++)
		if (reasons[i].error == error)
			return reasons[i].text;
	const char *refusal = change_owner_text(error);
	if (refusal != NULL)
		return refusal;
	/* File systems have many more. */
	return error > 0 && error <= LAST_ERRNO ? strerror(error) :
		"Local error";
}

int
reason_code(int error, int otherwise)
{
	for (size_t i = 0; i < ARRAY_SIZE(reasons); i++)
		if (reasons[i].error == error && reasons[i].code != 0)
			return reasons[i].code;
	return otherwise;
}

bool
reason_is_quota(int error)
{
	return error == EDQUOT || error == REASON_QUOTA +
		QUOTA_BYTES_EXCEEDED || error == REASON_QUOTA +
		QUOTA_FILES_EXCEEDED || error == REASON_QUOTA +
		QUOTA_GRACE_OVER;
}
