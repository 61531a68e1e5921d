/*
 * modes.c - the modes of the command line that print something and exit.
 *
 * Runs in: the program, instead of the master.
 */
#include "common/base.h"
#include "daemon/modes/modes.h"

#include "common/accounts/anonymous.h"
#include "common/process/landlock.h"
#include "common/settings/settings_check.h"
#include "common/settings/settings_manual.h"
#include "common/settings/settings_text.h"
#include "daemon/modes/explain.h"
#include "daemon/modes/host_check.h"
#include "daemon/modes/make_certificate.h"
#include "daemon/modes/nat_check.h"
#include "daemon/quota_report/quota_command.h"
#include "daemon/radius/streams.h"
#include "daemon/upgrade/upgrade.h"

#include <sysexits.h>

static void
print_usage(FILE *out)
{
	fputs("usage: sureftpd [-C FILE] [-o SECTION.KEY=VALUE]... [-p PORT] "
	    "[-dvsS]\n"
	    "       [-P FILE]\n"
	    "       sureftpd [-C FILE] [-o SECTION.KEY=VALUE]... MODE\n"
	    "       sureftpd --import-vsftpd [OPTION]... [FILE]...\n"
	    "       sureftpd --import-pwp [OPTION]... [FILE]\n"
	    "       sureftpd --share [OPTION]... [DIRECTORY]\n"
	    "\n"
	    "  -C FILE    configuration file (default " OPTIONS_PATH ")\n"
	    "  -o SECTION.KEY=VALUE\n"
	    "             set a setting, overriding the file\n"
	    "  -p PORT    same as -o listener.port=PORT\n"
	    "  -d, -v     same as -o log.level=debug\n"
	    "  -s         serve in the foreground (the default)\n"
	    "  -S, --background\n"
	    "             serve in the background; returns when it is ready\n"
	    "  -P FILE, --pid-file FILE\n"
	    "             write the process id of the server to FILE\n"
	    "\n"
	    "Without MODE, serve FTP.  Modes:\n"
	    "  --check    check the configuration\n"
	    "  --dump     print all settings, and where each is set\n"
	    "  --settings describe all settings\n"
	    "  --sample   print a sample configuration file\n"
	    "  --manual   print the settings as for sureftpd.conf(5)\n"
	    "  --make-certificate FILE [--host NAME]\n"
	    "             create a self-signed certificate and its key\n"
	    "  --explain-login NAME [--from ADDRESS] [--tls]\n"
	    "             show which rules allow or deny a login, and its "
	    "settings\n"
	    "  --nat-check\n"
	    "             show and check the addresses and ports of passive "
	    "connections\n"
	    "  --quota report|show|scan|set [--name NAME] [--json]\n"
	    "             usage of quotas, or count or set it; see "
	    "sureftpctl(8)\n"
	    "  --continue-from FORMAT\n"
	    "             tell a running server whether it can be upgraded "
	    "to this\n"
	    "             program\n"
	    "  --import-vsftpd\n"
	    "             convert vsftpd.conf; see sureftpd "
	    "--import-vsftpd --help\n"
	    "  --import-pwp\n"
	    "             convert ftpd.conf of the PWP server; see "
	    "sureftpd --import-pwp\n"
	    "             --help\n"
	    "  --share    share a directory as an ordinary user; see sureftpd "
	    "--share --help\n"
	    "  -V, --version\n"
	    "             print the version\n"
	    "  -h, --help print this help\n", out);
}

static void
print_error(UNUSED void *context, const char *where, const char *sentence)
{
	fprintf(stderr, "%s: %s\n", where, sentence);
}

static void
print_warning(UNUSED void *context, const char *where, const char *sentence)
{
	fprintf(stderr, "%s: warning: %s\n", where, sentence);
}

static bool
check_tls(const struct settings *settings)
{
	struct tls_server *tls = options_read_tls(settings, print_error);
	bool good = tls != NULL && tls_server_take_keys(tls);

	tls_server_free(tls);
	return good;
}

/* Also what, at a start, would refuse only some logins. */
static bool
check_settings(const struct settings *settings)
{
	settings_warn(settings, print_warning, NULL);
	(void)anonymous_check(settings, true, print_warning, NULL);
	(void)host_check(settings, print_warning, NULL);
	bool tls = check_tls(settings);

	return options_check_accounts(settings, print_error) == 0 &&
		radius_streams_check(&settings->server, print_error, NULL) &&
		tls;
}

static int
check(const struct options *o)
{
	struct settings *settings = options_read(o, print_error);

	if (settings == NULL)
		return EX_CONFIG;
	bool good = check_settings(settings);
	settings_free(settings);
	if (!good)
		return EX_CONFIG;
	printf("%s: %s\n", o->path, access(o->path, F_OK) == 0 ?
	    "OK" : "not found, using the defaults: OK");
	if (landlock_version() == 0)
		fputs("This kernel has no Landlock (version 2); sessions would "
		    "not be confined to what their permissions need.\n",
		    stdout);
	else
		printf("Landlock: version %d\n", landlock_version());
	return EX_OK;
}

/* Could the server that runs start as this program? */
static int
check_upgrade(const struct options *o)
{
	struct settings *settings = options_read(o, print_error);

	if (settings == NULL)
		return EX_CONFIG;
	bool good = check_tls(settings);
	settings_free(settings);
	return good ? upgrade_answer(o->state) : EX_CONFIG;
}

static int
dump(const struct options *o)
{
	struct settings *settings = options_read(o, print_error);

	if (settings == NULL)
		return EX_CONFIG;
	settings_dump(settings, stdout);
	settings_free(settings);
	return EX_OK;
}

static int
explain(const struct options *o)
{
	struct explain_request request = {
		.name = o->login,
		.tls = o->with_tls,
	};
	struct address from;

	if (geteuid() != 0) {
		fputs("sureftpd: --explain-login must be run as root\n",
		    stderr);
		return EX_NOPERM;
	}
	if (o->from != NULL && address_parse(&from, o->from) < 0) {
		fprintf(stderr, "sureftpd: --from needs a numeric address, "
		    "not %s\n", o->from);
		return EX_USAGE;
	}
	request.peer = o->from != NULL ? &from : NULL;
	struct settings *settings = options_read(o, print_error);
	if (settings == NULL)
		return EX_CONFIG;
	request.settings = settings;
	bool allowed = explain_login(&request, stdout);
	settings_free(settings);
	return allowed ? EX_OK : EX_NOPERM;
}

static int
show_nat(const struct options *o)
{
	struct settings *settings = options_read(o, print_error);

	if (settings == NULL)
		return EX_CONFIG;
	size_t warnings = nat_check(settings, stdout);
	settings_free(settings);
	return warnings == 0 ? EX_OK : 1;
}

static int
show_quotas(const struct options *o)
{
	const struct quota_request request = { o->quota, o->quota_name,
		o->quota_bytes, o->quota_files, o->json };
	struct settings *settings = options_read(o, print_error);

	if (settings == NULL)
		return EX_CONFIG;
	int status = quota_command(settings, &request, stdout);
	settings_free(settings);
	return status;
}

int
modes_run(const struct options *o)
{
	int status = EX_OK;

	switch (o->mode) {
	case OPTIONS_RUN:
		return -1;
	case OPTIONS_CHECK:
		status = check(o);
		break;
	case OPTIONS_DUMP:
		status = dump(o);
		break;
	case OPTIONS_SETTINGS:
		settings_describe(stdout);
		break;
	case OPTIONS_SAMPLE:
		settings_sample(stdout);
		break;
	case OPTIONS_MANUAL:
		settings_manual(stdout);
		break;
	case OPTIONS_MAKE_CERTIFICATE:
		status = make_certificate(o->certificate, o->host);
		break;
	case OPTIONS_EXPLAIN_LOGIN:
		status = explain(o);
		break;
	case OPTIONS_NAT_CHECK:
		status = show_nat(o);
		break;
	case OPTIONS_QUOTA:
		status = show_quotas(o);
		break;
	case OPTIONS_CONTINUE_FROM:
		status = check_upgrade(o);
		break;
	case OPTIONS_VERSION:
		puts("sureftpd " PACKAGE_VERSION);
		break;
	case OPTIONS_HELP:
		print_usage(stdout);
		break;
	}
	if (fflush(stdout) != 0 || ferror(stdout)) {
		fputs("sureftpd: cannot write the output\n", stderr);
		return EX_IOERR;
	}
	return status;
}
