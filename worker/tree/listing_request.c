/*
 * listing_request.c - parses the argument of LIST.
 *
 * Runs in: session.
 */
#include "common/base.h"
#include "worker/tree/listing_request.h"

static void
read_letters(const char *letters, size_t n, struct listing_request *request)
{
	for (size_t i = 0; i < n; i++) {
		switch (letters[i]) {
		case 'a':
			request->all = true;
			break;
		case 'l':
			request->format = LISTING_LONG;
			break;
		case '1':
			request->format = LISTING_NAMES;
			break;
		case 't':
			request->by_time = true;
			break;
		case 'r':
			request->reverse = true;
			break;
		case 'S':
			request->by_size = true;
			break;
		case 'R':
			request->recursive = true;
			break;
		case 'd':
			request->directory_itself = true;
			break;
		}
	}
}

const char *
listing_request_options(const char *argument, struct listing_request *request)
{
	argument += strspn(argument, " ");
	while (argument[0] == '-' && argument[1] != '\0' &&
	    argument[1] != ' ') {
		size_t len = strcspn(argument, " ");
		bool last = len == 2 && argument[1] == '-';
		if (argument[1] != '-')
			read_letters(argument + 1, len - 1, request);
		argument += len;
		if (last)
			return argument + (*argument == ' ');
		argument += strspn(argument, " ");
	}
	return argument;
}
