/*
 * pwp_import.h - sureftpd --import-pwp: converts a configuration of the PWP
 * server (Net::FTPServer::PWP), or of Net::FTPServer itself, into one of
 * sureftpd, with a report about every key.
 *
 * The server's files are not changed, and its Perl code is not run.
 */
#ifndef DAEMON_IMPORT_PWP_IMPORT_H
#define DAEMON_IMPORT_PWP_IMPORT_H

#include "common/base.h"
#include "daemon/import/draft.h"
#include "daemon/import/pwp_config.h"
#include "daemon/import/report.h"

struct pwp_import {
	struct pwp_config config;
	struct draft draft;
	struct report report;
};

void pwp_import_free(struct pwp_import *i);

/* Turn i->config, which the caller has read and settled, into draft and report.
 * 0 or -ENOMEM. */
int pwp_import_convert(struct pwp_import *i) MUST_CHECK;

/* The reference of the keys in sureftpd-pwp(7), in mdoc. */
void pwp_import_manual(FILE *out);

#endif
