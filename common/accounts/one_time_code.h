/*
 * one_time_code.h - one-time codes that are sent with the password
 * (code_in_password).
 */
#ifndef COMMON_ACCOUNTS_ONE_TIME_CODE_H
#define COMMON_ACCOUNTS_ONE_TIME_CODE_H

#include "common/base.h"

/* Find the one-time code in a password, by code_in_password: returns where it
 * begins and sets *len to the length of the actual password.  NULL if there is
 * no code, or nothing but a code. */
const char *one_time_code_find(const char *password, int code_in_password,
	size_t *len);

#endif
