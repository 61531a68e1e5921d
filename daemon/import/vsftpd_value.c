/*
 * vsftpd_value.c - parses values like vsftpd.
 *
 * Runs in: sureftpd --import-vsftpd.
 */
#include "common/base.h"
#include "daemon/import/vsftpd_value.h"

#include "common/text.h"

#include <arpa/inet.h>

int
vsftpd_bool(const char *text, size_t len, bool *value)
{
	static const struct {
		const char *word;
		bool value;
	} words[] = {
		{ "YES", true }, { "TRUE", true }, { "1", true },
		{ "NO", false }, { "FALSE", false }, { "0", false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (text_same(text, len, words[i].word,
		    strlen(words[i].word))) {
			*value = words[i].value;
			return 0;
		}
	return -EINVAL;
}

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static unsigned
digit_of(char c)
{
	return (unsigned char)c - (unsigned)'0';
}

/* Overflow wraps around, as in vsftpd. */
static uint32_t
octal_number(const char *text, size_t len)
{
	uint32_t number = 0;

	for (size_t i = 0; i < len && digit_of(text[i]) < 8; i++)
		number = number * 8 + digit_of(text[i]);
	return number;
}

/* The maximum for a number above it, like strtol(3). */
static uint64_t
decimal_number(const char *text, size_t len, uint64_t limit)
{
	uint64_t number = 0;

	for (size_t i = 0; i < len && digit_of(text[i]) < 10; i++) {
		if (number > (limit - digit_of(text[i])) / 10)
			return limit;
		number = number * 10 + digit_of(text[i]);
	}
	return number;
}

uint32_t
vsftpd_number(const char *text, size_t len)
{
	bool negative = false;

	if (len > 0 && text[0] == '0')
		return octal_number(text, len);
	while (len > 0 && is_space(*text)) {
		text++;
		len--;
	}
	if (len > 0 && (*text == '-' || *text == '+')) {
		negative = *text == '-';
		text++;
		len--;
	}
	/* As atoi(3) does it with a long of 64 bits. */
	uint64_t number = decimal_number(text, len,
		(uint64_t)INT64_MAX + negative);
	return (uint32_t)(negative ? 0 - number : number);
}

bool
vsftpd_number_is_plain(const char *text, size_t len)
{
	/* With a leading 0 the number is octal, and 8 or 9 ends it. */
	char last = len > 1 && text[0] == '0' ? '7' : '9';

	for (size_t i = 0; i < len; i++)
		if (text[i] < '0' || text[i] > last)
			return false;
	return len > 0 && len <= 10;
}

bool
vsftpd_ipv4(const char *text, char address[VSFTPD_IPV4_SIZE])
{
	char word[VSFTPD_IPV4_SIZE + 1];
	struct in_addr in;
	size_t len = 0;

	while (text[len] != '\0' && !is_space(text[len]))
		len++;
	if (len == 0 || len >= sizeof(word))
		return false;
	memcpy(word, text, len);
	word[len] = '\0';
	return inet_aton(word, &in) != 0 &&
	    inet_ntop(AF_INET, &in, address, VSFTPD_IPV4_SIZE) != NULL;
}
