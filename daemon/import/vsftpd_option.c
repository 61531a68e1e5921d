/*
 * vsftpd_option.c - the table of vsftpd's options, and the differences between
 * builds.
 *
 * Runs in: sureftpd --import-vsftpd.
 */
#include "common/base.h"
#include "daemon/import/vsftpd_option.h"

const struct vsftpd_row vsftpd_table[VSFTPD_OPTIONS] = {
#define OPTION(name, kind, default_text, origin, user_file, map, sentence) \
	{ #name, VSFTPD_##kind, VSFTPD_##origin, user_file, default_text, \
		sentence },
#include "daemon/import/vsftpd_options.def"
#undef OPTION
};

/* Defaults that distributions have changed. */
static const struct {
	enum vsftpd_build build;
	enum vsftpd_option option;
	const char *default_text;
} changed_defaults[] = {
	{ VSFTPD_BUILD_DEBIAN, OPTION_listen, "NO" },
	{ VSFTPD_BUILD_DEBIAN, OPTION_seccomp_sandbox, "NO" },
	{ VSFTPD_BUILD_DEBIAN, OPTION_pam_service_name, "vsftpd" },
	{ VSFTPD_BUILD_DEBIAN, OPTION_secure_chroot_dir,
		"/var/run/vsftpd/empty" },
	{ VSFTPD_BUILD_REDHAT, OPTION_background, "YES" },
	{ VSFTPD_BUILD_REDHAT, OPTION_seccomp_sandbox, "NO" },
	{ VSFTPD_BUILD_REDHAT, OPTION_userlist_file,
		"/etc/vsftpd/user_list" },
	{ VSFTPD_BUILD_REDHAT, OPTION_chroot_list_file,
		"/etc/vsftpd/chroot_list" },
	{ VSFTPD_BUILD_REDHAT, OPTION_banned_email_file,
		"/etc/vsftpd/banned_emails" },
	{ VSFTPD_BUILD_REDHAT, OPTION_email_password_file,
		"/etc/vsftpd/email_passwords" },
	{ VSFTPD_BUILD_REDHAT, OPTION_ssl_ciphers, "PROFILE=SYSTEM" },
};

static const char *const build_names[VSFTPD_BUILDS] = {
	[VSFTPD_BUILD_UPSTREAM] = "upstream",
	[VSFTPD_BUILD_DEBIAN] = "debian",
	[VSFTPD_BUILD_REDHAT] = "redhat",
	[VSFTPD_BUILD_SUSE] = "suse",
};

enum vsftpd_option
vsftpd_find(const char *name, size_t len)
{
	for (size_t i = 0; i < VSFTPD_OPTIONS; i++)
		if (strlen(vsftpd_table[i].name) == len &&
		    memcmp(vsftpd_table[i].name, name, len) == 0)
			return (enum vsftpd_option)i;
	return VSFTPD_OPTIONS;
}

const char *
vsftpd_default(enum vsftpd_option option, enum vsftpd_build build)
{
	for (size_t i = 0; i < ARRAY_SIZE(changed_defaults); i++)
		if (changed_defaults[i].build == build &&
		    changed_defaults[i].option == option)
			return changed_defaults[i].default_text;
	return vsftpd_table[option].default_text;
}

bool
vsftpd_build_has(enum vsftpd_build build, enum vsftpd_option option)
{
	switch (vsftpd_table[option].origin) {
	case VSFTPD_ALL:
		return true;
	case VSFTPD_SINCE_304:
		return build == VSFTPD_BUILD_UPSTREAM ||
		    build == VSFTPD_BUILD_DEBIAN;
	case VSFTPD_DEBIAN:
		return build == VSFTPD_BUILD_DEBIAN;
	case VSFTPD_REDHAT:
		return build == VSFTPD_BUILD_REDHAT ||
		    (build == VSFTPD_BUILD_SUSE &&
		    strncmp(vsftpd_table[option].name, "ssl_tlsv1_", 10) == 0);
	case VSFTPD_SUSE:
		return build == VSFTPD_BUILD_SUSE;
	case VSFTPD_OTHER:
		return false;
	}
	return false;
}

bool
vsftpd_build_trims(enum vsftpd_build build)
{
	return build == VSFTPD_BUILD_DEBIAN || build == VSFTPD_BUILD_REDHAT;
}

enum vsftpd_build
vsftpd_build_find(const char *name)
{
	for (size_t i = 0; i < VSFTPD_BUILDS; i++)
		if (strcmp(build_names[i], name) == 0)
			return (enum vsftpd_build)i;
	return VSFTPD_BUILDS;
}

const char *
vsftpd_origin_name(enum vsftpd_origin origin)
{
	switch (origin) {
	case VSFTPD_ALL:
		return "all builds";
	case VSFTPD_SINCE_304:
		return "vsftpd 3.0.4 and later, upstream and Debian";
	case VSFTPD_DEBIAN:
		return "builds of Debian and Ubuntu";
	case VSFTPD_REDHAT:
		return "builds of Red Hat, Fedora and openEuler";
	case VSFTPD_SUSE:
		return "builds of SUSE";
	case VSFTPD_OTHER:
		return "a fork of vsftpd";
	}
	return "unknown builds";
}
