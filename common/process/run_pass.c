/*
 * run_pass.c - the proof that an account has a session, for the runner.
 *
 * Runs in: master, runner.
 */
#include "common/base.h"
#include "common/process/run_pass.h"

uint64_t
run_pass(const uint8_t *key, uint64_t session, uint32_t uid)
{
	const uint64_t about[2] = { session, uid };

	return key == NULL ? 0 : siphash(key, about, sizeof(about));
}
