/*
 * radius_account.h - an account that a RADIUS server has accepted: what its
 * answer sets, and the identity of its sessions.
 */
#ifndef COMMON_ACCOUNTS_RADIUS_ACCOUNT_H
#define COMMON_ACCOUNTS_RADIUS_ACCOUNT_H

#include "common/base.h"
#include "common/buffer.h"
#include "common/identity.h"
#include "common/process/radius_request.h"
#include "common/settings/settings.h"

struct radius_account {
	struct settings_override settings;	/* limits in the answer */
	char home[PATH_MAX];			/* "": none */
	char group[IDENTITY_NAME_SIZE];		/* Filter-Id; "": none */
	int64_t interim_interval;		/* or RADIUS_UNSET */
	uint16_t class_len;
	uint8_t class[RADIUS_CLASS_SIZE];
};

/* The account of an accepting answer; NULL when out of memory.  Numbers are
 * brought into the range of their settings. */
struct radius_account *radius_account_new(const struct radius_answer *answer);
void radius_account_free(struct radius_account *a);

/*
 * Fill in the identity of this name: the account of the host with this name or,
 * if there is none, map_uid and map_gid.  `a` may be NULL (--explain-login).
 * False, with the reason appended, also if that were uid 0 or gid 0.
 */
bool radius_account_identity(const struct settings *settings,
	const struct radius_account *a, const char *name,
	struct identity *identity, struct buffer *reason) MUST_CHECK;

/*
 * Set the home directory: that of the answer.  *found is false if the answer
 * has none and need not have one; then the usual rules apply.  In both cases,
 * radius_account_subdirectory() comes after it.  False, with the reason
 * appended, for a home directory that is missing or invalid.
 */
bool radius_account_home(const struct server_settings *s,
	const struct radius_account *a, struct identity *identity, bool *found,
	struct buffer *reason) MUST_CHECK;

/* Append root_subdir to the home directory. */
bool radius_account_subdirectory(const struct server_settings *s,
	struct identity *identity, struct buffer *reason) MUST_CHECK;

#endif
