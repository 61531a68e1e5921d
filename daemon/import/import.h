/*
 * import.h - sureftpd --import-vsftpd: converts a configuration of vsftpd into
 * one of sureftpd, with a report about every option.
 *
 * vsftpd's files are not changed.
 */
#ifndef DAEMON_IMPORT_IMPORT_H
#define DAEMON_IMPORT_IMPORT_H

#include "common/base.h"
#include "common/name_list.h"
#include "daemon/import/activation.h"
#include "daemon/import/draft.h"
#include "daemon/import/report.h"
#include "daemon/import/vsftpd_config.h"

struct import {
	struct vsftpd_config vsftpd;
	struct name_list listed;	/* in chroot_list_file, if used */
	int list_error;		/* -errno: it cannot be read */
	struct activation activation;
	bool named;	/* the caller named files or options to read */
	struct draft draft;
	struct report report;
};

void import_free(struct import *i);

/* Turn i->vsftpd, which the caller has read, into draft and report.  0 or
 * -ENOMEM. */
int import_convert(struct import *i) MUST_CHECK;

/* Account for every line without converting it, because a file is missing and
 * nobody knows what was in it. */
void import_nothing(struct import *i);

/* Report why vsftpd would not start with this configuration. */
void import_check(struct import *i);

/* Report what is wrong with the files of a configuration themselves, or with
 * the file of one user. */
void import_sources(struct import *i, const struct vsftpd_config *v,
	bool of_user);

/* Read chroot_list_file, if it is used. */
void import_listed(struct import *i);

/* The sections [user NAME] of user_config_dir and chroot_list_file. */
void import_users(struct import *i);

/* Add a line of the configuration to the report, with the verdict on its
 * option. */
void import_account(struct report *r, const struct vsftpd_reading *reading,
	enum import_verdict verdict, const char *sentence);

#endif
