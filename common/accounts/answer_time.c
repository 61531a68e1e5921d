/*
 * answer_time.c - when the monitor answers a login attempt.
 *
 * Runs in: monitor.
 */
#include "common/base.h"
#include "common/accounts/answer_time.h"

#include "common/accounts/account.h"
#include "common/accounts/backends.h"
#include "common/clock.h"
#include "common/process/message.h"

#include <sys/random.h>

#define JITTER_MS 100u
#define CLEARTEXT_TICK_MS 50	/* answers about logins without TLS are sent at
				 * multiples of it */
#define REASON_SIZE 1024

int64_t
answer_time_after(int64_t began, int64_t now, int64_t delay, int failures,
	int64_t jitter_ms)
{
	int64_t step = delay * 1000;

	if (step <= 0)
		return now;
	for (int i = 1; i < failures && i < MESSAGE_AUTH_TIMES; i++)
		step *= 2;
	return began + ((now - began) / step + 1) * step + jitter_ms;
}

static int64_t
jitter(void)
{
	uint32_t random;

	if (getrandom(&random, sizeof(random), 0) != (ssize_t)sizeof(random))
		return JITTER_MS;
	return random % (JITTER_MS + 1);
}

int64_t
answer_time_failed(int64_t began, int64_t delay, int failures)
{
	return answer_time_after(began, clock_ms(), delay, failures, jitter());
}

/* Looking up an existing account takes longer than a missing one. */
static void
wait_for_tick(int64_t began)
{
	int64_t ticks = (clock_ms() - began) / CLEARTEXT_TICK_MS + 1;

	clock_sleep_until(began + ticks * CLEARTEXT_TICK_MS);
}

bool
answer_time_cleartext(const struct settings *settings, const char *user)
{
	struct account_choice choice;
	struct user_settings known;
	int64_t began = clock_ms();
	BUFFER(ignored, REASON_SIZE);

	/* If the lookup failed, require TLS, so that no password is sent in
	 * cleartext.  After an error in the accounts file the general settings
	 * apply, so that the client cannot detect the error; the login is
	 * refused later. */
	bool certain = backends_choose(settings, user, &choice, &ignored) ||
		choice.class == IDENTITY_FILE ||
		!account_name_is_sane(choice.name);
	bool allowed = certain && backends_settings_before_login(settings,
		&choice, &known) && !settings_tls_login(&known);
	backends_forget(&choice);
	wait_for_tick(began);
	return allowed;
}
