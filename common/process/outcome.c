/*
 * outcome.c - how sessions ended, in words.
 *
 * Runs in: every process.
 */
#include "common/base.h"
#include "common/process/outcome.h"

const char *
outcome_name(enum outcome outcome)
{
	static const char *const names[OUTCOMES] = {
		[OUTCOME_QUIT] = "quit",
		[OUTCOME_LOST] = "connection lost",
		[OUTCOME_NO_LOGIN] = "no login",
		[OUTCOME_LOGIN_FAILED] = "login failed",
		[OUTCOME_REFUSED] = "refused",
		[OUTCOME_LOGIN_TIMEOUT] = "login timeout",
		[OUTCOME_TLS_FAILED] = "TLS handshake failed",
		[OUTCOME_IDLE] = "idle timeout",
		[OUTCOME_STOPPED] = "stopped",
		[OUTCOME_VIOLATION] = "protocol violation",
		[OUTCOME_SANDBOX] = "forbidden system call",
		[OUTCOME_ERROR] = "error",
		[OUTCOME_CRASH] = "crash",
	};

	if ((unsigned)outcome >= OUTCOMES)
		return "unknown";
	return names[outcome];
}
