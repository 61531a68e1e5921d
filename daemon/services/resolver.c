/*
 * resolver.c - finds the addresses of host names in the settings.
 *
 * Runs in: master; resolver_main() in a process of its own.
 */
#include "common/base.h"
#include "daemon/services/resolver.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/log/log.h"
#include "common/process/child.h"
#include "common/process/resolved.h"
#include "common/process/role.h"
#include "common/settings/settings_passive.h"
#include "daemon/services/lookup.h"
#include "daemon/state/state.h"

#include <signal.h>

#define RETRY_MS 5000	/* after a failure */

/* Look up all names once.  False if a lookup failed; that name keeps its
 * previous address. */
static bool
resolve_all(int page)
{
	bool all = true;

	for (size_t i = 0; *resolved_name(i) != '\0'; i++) {
		struct address a;

		if (lookup_ipv4(resolved_name(i), &a))
			(void)!resolved_put(page, i, &a);
		else
			all = false;
	}
	return all;
}

NORETURN static void
resolver_main(int page, int64_t interval)
{
	const int keep[] = { page, log_descriptor() };

	child_begin(keep, ARRAY_SIZE(keep));
	role_enter(ROLE_RESOLVER, NULL);
	signal(SIGTERM, SIG_DFL);
	for (;;) {
		bool all = resolve_all(page);
		clock_sleep_until(clock_ms() + (all ? interval * 1000 :
			RETRY_MS));
	}
}

int
resolver_open(struct resolver *r)
{
	r->child.name = "resolver";
	r->page = resolved_open();
	return r->page < 0 ? r->page : 0;
}

static void
end(struct resolver *r)
{
	if (r->child.pid == 0)
		return;
	service_child_ask(&r->child);
	(void)kill(r->child.pid, SIGKILL);
}

void
resolver_close(struct resolver *r)
{
	r->needed = false;
	end(r);
	if (r->child.pid != 0)
		(void)child_reap(r->child.pid, 1000);
	r->child.pid = 0;
	io_close(&r->page);
}

void
resolver_change(struct resolver *r, const struct settings *settings)
{
	const char *names[RESOLVED_NAMES];
	size_t count = settings_passive_names(settings, names,
		ARRAY_SIZE(names));
	int error = resolved_set_names(r->page, names, count);

	if (error < 0)
		log_error("cannot set the names for passive_address: %s",
			log_errno(error));
	r->settings = settings;
	r->needed = count > 0;
	end(r);
}

void
resolver_step(struct resolver *r, int64_t now)
{
	if (!r->needed || !service_child_missing(&r->child, now))
		return;
	if (service_child_fork(&r->child) == 0)
		resolver_main(r->page,
			r->settings->server.name_refresh_interval);
}

int64_t
resolver_due(const struct resolver *r, int64_t now)
{
	return r->needed ? service_child_due(&r->child, now) : CLOCK_NEVER;
}

void
resolver_save(struct resolver *r, struct state_writer *w)
{
	state_put_fd(w, r->page);
	end(r);
}

void
resolver_restore(struct resolver *r, struct state_reader *state)
{
	r->child.name = "resolver";
	r->page = state_get_fd(state);
	if (r->page < 0 || resolved_use(r->page) < 0)
		state_fail(state);
}
