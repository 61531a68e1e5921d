/*
 * tls_pem.c - removes private keys from PEM text before it is parsed.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "common/tls/tls_pem.h"

#include "common/process/secret.h"

/* The labels that OpenSSL accepts for certificates and revocation lists. */
static const char *const public_labels[] = {
	"CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE", "X509 CRL",
};

#define BEGIN "-----BEGIN "
#define END   "-----END "
#define DASHES "-----"

/* The length of the line at data, including its LF if any. */
static size_t
line_length(const char *data, size_t len)
{
	const char *end = memchr(data, '\n', len);

	return end != NULL ? (size_t)(end - data) + 1 : len;
}

/* Does the line consist of `head`, this label and dashes? */
static bool
says(const char *line, size_t len, const char *head, const char *label)
{
	size_t head_len = strlen(head), label_len = strlen(label);

	return len >= head_len + label_len + strlen(DASHES) &&
		memcmp(line, head, head_len) == 0 &&
		memcmp(line + head_len, label, label_len) == 0 &&
		memcmp(line + head_len + label_len, DASHES,
			strlen(DASHES)) == 0;
}

static const char *
label_of(const char *line, size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(public_labels); i++)
		if (says(line, len, BEGIN, public_labels[i]))
			return public_labels[i];
	return NULL;
}

size_t
tls_pem_keep_public(char *data, size_t len)
{
	const char *label = NULL;	/* of the block that is copied */
	size_t kept = 0, n;

	for (size_t at = 0; at < len; at += n) {
		const char *line = data + at;

		n = line_length(line, len - at);
		if (label == NULL)
			label = label_of(line, n);
		if (label == NULL)
			continue;
		bool last = says(line, n, END, label);
		memmove(data + kept, line, n);
		kept += n;
		if (last)
			label = NULL;
	}
	secret_wipe(data + kept, len - kept);
	return kept;
}
