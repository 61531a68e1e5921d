/*
 * log_context.h - the identity of this process in the log, and where its log
 * lines go: global state, which every module uses without being passed it.
 */
#ifndef COMMON_LOG_LOG_CONTEXT_H
#define COMMON_LOG_LOG_CONTEXT_H

#include "common/address.h"
#include "common/base.h"

#define EVENT_NO_UID UINT32_MAX

enum log_level {
	LOG_LEVEL_ERROR,
	LOG_LEVEL_WARNING,
	LOG_LEVEL_INFO,
	LOG_LEVEL_DEBUG,
};

/*
 * What a process adds to every event.  The recorder accepts it from root's
 * processes only; see common/log/event.h.
 */
struct log_context {
	uint64_t session;	/* session number, 0 in master and recorder */
	struct address peer;
	char user[256];		/* "" before login */
	uint32_t uid;		/* EVENT_NO_UID before login */
	uint64_t run_pass;	/* common/process/run_pass.h */
	const char *role;	/* "master", "monitor", ... */
	char root[PATH_MAX];	/* the root directory's path on the host; "" if
				 * it is the host's root */
};

/* The descriptor of the socket to the recorder in every process; main()
 * reserves it. */
#define LOG_DESCRIPTOR 3

/* Send further lines and events to this descriptor, which remains the
 * caller's. */
void log_connect(int recorder_fd);
int log_descriptor(void);	/* -1 while lines go to standard error */

/* Lines less severe than this level are not sent. */
void log_set_level(enum log_level level);
bool log_wants(enum log_level level);

/* "error", "warning", "info" or "debug". */
const char *log_level_name(enum log_level level);

void log_set_role(const char *role);	/* static text */
void log_set_session(uint64_t number, const struct address *peer);
void log_set_user(const char *user);
void log_set_uid(uint32_t uid, uint64_t run_pass);
void log_set_root(const char *path);
const struct log_context *log_context(void);

#endif
