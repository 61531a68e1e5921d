/*
 * certificates.c - the files that TLS is served with.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "daemon/certificates.h"

#include "common/clock.h"
#include "common/log/log.h"
#include "daemon/workers.h"
#include "common/tls/tls_server.h"

static void
look_again(struct master *m)
{
	int64_t interval = m->settings->server.certificate_check_interval;

	m->tls_look = tls_server_on(m->tls) ? clock_after(interval) :
		CLOCK_NEVER;
}

void
certificates_use(struct master *m, struct tls_server *tls)
{
	tls_server_free(m->tls);
	m->tls = tls;
	look_again(m);
}

void
certificates_watch(struct master *m)
{
	if (m->stop != STOP_NOT || !clock_passed(m->tls_look))
		return;
	look_again(m);
	if (!tls_server_changed(m->tls))
		return;

	struct tls_server *tls = options_load_tls(m->settings);
	if (tls == NULL) {
		log_error("the old certificates stay");
		return;
	}
	certificates_use(m, tls);
	workers_retire_spares(m);
	log_info("certificates read again");
}

int64_t
certificates_due(const struct master *m)
{
	return m->stop == STOP_NOT ? m->tls_look : CLOCK_NEVER;
}
