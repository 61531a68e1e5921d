/*
 * variant.c - see variant.h.
 */
#include "common/base.h"

#include "tests/fuzz/variant.h"

#include "common/settings/settings_load.h"
#include "common/tls/tls_server.h"
#include "tests/fuzz/fuzz.h"

#define CERTIFICATE "/own.pem"
#define OPTIONS	    14

/* So that nothing takes thousands of steps. */
#define QUICKLY	    "limits.data_timeout=20", "limits.data_connect_timeout=10"
#define FEW_PORTS   "listener.passive_ports=30000-30009"
#define WITH_TLS    "tls.certificate=" CERTIFICATE

static const struct {
	const char *options[OPTIONS];
	bool six, behind_tls;
	enum verdict verdict;
} rows[] = {
	/* 0: as it comes */
	{ .options = { QUICKLY, FEW_PORTS } },
	/* 1: a strict one */
	{ .options = { QUICKLY, FEW_PORTS, "session.permissions=elr",
		"session.list_sort=none", "server.list_times=local",
		"listener.allow_active=no", "session.msg_login=Hello\\n213 x",
		"session.commands_denied=SITE_CHMOD MODE STAT",
		"server.banner=two\\n220 lines", "limits.idle_timeout=0" } },
	/* 2: a loose one */
	{ .options = { QUICKLY, FEW_PORTS, "listener.allow_fxp=yes",
		"listener.allow_privileged_ports=yes",
		"listener.active_source_port=20", "limits.max_list_depth=2",
		"listener.passive_address=192.0.2.1",
		"session.incomplete_uploads=delete",
		"session.allow_special_modes=yes",
		"session.allow_chown=yes",
		"session.upload_locking=no" } },
	/* 3: after AUTH TLS */
	{ .options = { QUICKLY, FEW_PORTS, WITH_TLS, "tls.allow_ccc=yes",
		"tls.session_reuse=prefer" }, .behind_tls = true },
	/* 4: IPv6, and uploads by other rules */
	{ .options = { QUICKLY, FEW_PORTS, "session.atomic_uploads=yes",
		"session.overwrite=rename", "session.upload_user=other",
		"session.directory_umask=077", "limits.max_upload_size=100",
		"limits.max_download_size=1k",
		"session.directory_message=a", "session.msg_quit=%u %w %t" },
		.six = true },
	/* 5: groups decide about logins in cleartext */
	{ .options = { QUICKLY, FEW_PORTS, WITH_TLS, "log.protocol=/log",
		"group \"staff\".require_tls=login",
		"session.permissions=elradfmw" } },
	/* 6: AUTH TLS, to which the client answers with what it likes */
	{ .options = { QUICKLY, FEW_PORTS, WITH_TLS } },
	/* 7: the same without AUTH */
	{ .options = { QUICKLY, FEW_PORTS, WITH_TLS,
		"listener.tls=implicit" } },
	/* 8: a client that may not stay */
	{ .options = { QUICKLY, FEW_PORTS }, .verdict = VERDICT_FULL },
	/* 9: data only under TLS */
	{ .options = { QUICKLY, FEW_PORTS, WITH_TLS, "tls.require_tls=data",
		"tls.session_reuse=strict" }, .behind_tls = true },
	/* ':': the only passive port is the client's own */
	{ .options = { QUICKLY, "listener.passive_ports=40000-40000" } },
	/* ';': nothing but active connections */
	{ .options = { QUICKLY, "listener.allow_passive=no",
		"tls.require_tls=no" } },
	/* '<': names in another character set */
	{ .options = { QUICKLY, FEW_PORTS,
		"session.filename_charset=shift_jis" } },
};

static struct variant variants[ARRAY_SIZE(rows)];

static void
complain(void *context UNUSED, const char *where, const char *sentence)
{
	fuzz_fail("%s: %s", where, sentence);
}

static void
load(size_t i)
{
	char *options[OPTIONS];
	size_t count = 0;

	while (count < OPTIONS && rows[i].options[count] != NULL) {
		options[count] = strdup(rows[i].options[count]);
		count++;
	}
	struct settings *s = settings_load(NULL, true, options, count,
		complain, NULL);
	while (count > 0)
		free(options[--count]);
	variants[i] = (struct variant){
		.settings = s,
		.tls = tls_server_load(s, complain, NULL),
		.six = rows[i].six,
		.behind_tls = rows[i].behind_tls,
		.verdict = rows[i].verdict,
	};
	fuzz_must(variants[i].tls != NULL && (!tls_server_on(variants[i].tls) ||
		tls_server_take_keys(variants[i].tls)), "TLS");
}

void
variant_load(void)
{
	fuzz_must(tls_server_make_certificate(CERTIFICATE, "localhost") == 0,
		CERTIFICATE);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		load(i);
}

const struct variant *
variant_for(uint8_t byte)
{
	return &variants[(uint8_t)(byte - '0') % ARRAY_SIZE(variants)];
}
