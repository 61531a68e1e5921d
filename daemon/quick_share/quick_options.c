/*
 * quick_options.c - the command line of sureftpd --share.
 *
 * Runs in: sureftpd --share.
 */
#include "common/base.h"
#include "daemon/quick_share/quick_options.h"

#include "common/text.h"

#include <getopt.h>
#include <netdb.h>
#include <sysexits.h>

#define USER_MAX 32

enum {
	LONG_USER = 256,
	LONG_PASSWORD,
	LONG_TLS,
	LONG_DEBUG,
};

static const struct option long_options[] = {
	{ "write", no_argument, NULL, 'w' },
	{ "interface", required_argument, NULL, 'i' },
	{ "port", required_argument, NULL, 'p' },
	{ "directory", required_argument, NULL, 'd' },
	{ "user", required_argument, NULL, LONG_USER },
	{ "password", no_argument, NULL, LONG_PASSWORD },
	{ "tls", no_argument, NULL, LONG_TLS },
	{ "debug", no_argument, NULL, LONG_DEBUG },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static void
print_usage(void)
{
	fputs("usage: sureftpd --share [OPTION]... [DIRECTORY]\n"
	    "\n"
	    "Share a directory (default: the current one) until Ctrl-C, as an "
	    "ordinary user\n"
	    "and without a configuration.  Clients log in as anonymous and can "
	    "only read.\n"
	    "\n"
	    "  -w, --write      let clients upload, change and delete files\n"
	    "  -i, --interface ADDRESS\n"
	    "                   listen on this address only\n"
	    "  -p, --port PORT  listen on this port (default 2121, or the next "
	    "free one)\n"
	    "  -d, --directory DIRECTORY\n"
	    "                   the directory, as an option\n"
	    "  --user NAME      require a login with this name and a password, "
	    "which is\n"
	    "                   generated and printed\n"
	    "  --password       with --user: read the password from the "
	    "terminal or from\n"
	    "                   standard input\n"
	    "  --tls            require TLS (otherwise clients can choose)\n"
	    "  --debug          log every command\n"
	    "  -h, --help\n", stdout);
}

static bool
complain(const char *what, const char *value, const char *rule)
{
	fprintf(stderr, "sureftpd --share: %s %s: %s\n", what, value, rule);
	return false;
}

/* The name is part of a URL and of a section's heading. */
static bool
take_user(struct quick_options *o, const char *name)
{
	size_t len = strlen(name);
	bool fits = len > 0 && len <= USER_MAX && *name != '-';

	for (size_t i = 0; i < len; i++)
		fits = fits && (text_is_alpha(name[i]) ||
			text_is_digit(name[i]) || name[i] == '-' ||
			name[i] == '_' || name[i] == '.');
	if (!fits || text_is_dots(name, len))
		return complain("--user", name, "use at most 32 letters, "
			"digits, \"-\", \"_\" and \".\"");
	if (text_is(name, "root"))
		return complain("--user", name, "use another name");
	o->user = name;
	return true;
}

static bool
take_port(struct quick_options *o, const char *text)
{
	int64_t port;

	if (text_number(text, strlen(text), &port) < 0 || port < 1 ||
	    port > 65535)
		return complain("--port", text, "use a number from 1 to 65535");
	o->port = (uint16_t)port;
	return true;
}

/* A numeric address, or a name such as "localhost": its first IPv4 address, or
 * else its first one. */
static bool
take_interface(struct quick_options *o, const char *text)
{
	static const int families[] = { AF_INET, AF_UNSPEC };
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *found = NULL;
	struct sockaddr_storage ss = { 0 };

	if (address_parse(&o->address, text) == 0)
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(families) && found == NULL; i++) {
		hints.ai_family = families[i];
		if (getaddrinfo(text, NULL, &hints, &found) != 0)
			found = NULL;
	}
	if (found == NULL)
		return complain("--interface", text, "use the address of an "
			"interface, or a name of it");
	memcpy(&ss, found->ai_addr, found->ai_addrlen);
	freeaddrinfo(found);
	return address_from_socket(&o->address, &ss) == 0;
}

static bool
take_option(struct quick_options *o, int option)
{
	switch (option) {
	case 'w':
		o->writable = true;
		return true;
	case 'i':
		return take_interface(o, optarg);
	case 'p':
		return take_port(o, optarg);
	case 'd':
		o->directory = optarg;
		return true;
	case LONG_USER:
		return take_user(o, optarg);
	case LONG_PASSWORD:
		o->ask_password = true;
		return true;
	case LONG_TLS:
		o->require_tls = true;
		return true;
	case LONG_DEBUG:
		o->debug = true;
		return true;
	default:	/* getopt_long() has reported the error */
		return false;
	}
}

static int
misuse(void)
{
	fputs("Try sureftpd --share --help\n", stderr);
	return EX_USAGE;
}

int
quick_options_parse(struct quick_options *o, int argc, char **argv)
{
	int option;

	*o = (struct quick_options){ 0 };
	address_clear(&o->address);
	optind = 0;	/* restart getopt, for repeated calls */
	while ((option = getopt_long(argc, argv, "wi:p:d:h", long_options,
	    NULL)) != -1) {
		if (option == 'h') {
			print_usage();
			return fflush(stdout) == 0 ? EX_OK : EX_IOERR;
		}
		if (!take_option(o, option))
			return misuse();
	}
	if (optind < argc && o->directory == NULL)
		o->directory = argv[optind++];
	if (optind < argc) {
		complain("unexpected argument", argv[optind],
			"only one directory can be shared");
		return misuse();
	}
	if (o->ask_password && o->user == NULL) {
		complain("--password", "", "needs --user");
		return misuse();
	}
	if (o->directory == NULL)
		o->directory = ".";
	return -1;
}
