/*
 * password_hash.c - password hashes; the only user of libcrypt.
 *
 * Runs in: monitor, sureftpctl, and wherever settings are read.
 */
#include "common/base.h"
#include "common/password_hash.h"

#include "common/text.h"

#include <crypt.h>

#define DES_LENGTH 13

static bool
begins(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* As other servers stored them: {MD5} or {SHA256} and hexadecimal digits. */
static bool
is_digest(const char *hash)
{
	static const struct {
		const char *name;
		size_t digits;
	} kinds[] = { { "{MD5}", 32 }, { "{SHA256}", 64 } };

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		const char *rest = hash + strlen(kinds[i].name);
		if (begins(hash, kinds[i].name))
			return strlen(rest) == kinds[i].digits &&
				strspn(rest, "0123456789abcdefABCDEF") ==
				kinds[i].digits;
	}
	return false;
}

enum password_hash_kind
password_hash_kind(const char *hash)
{
	size_t len = strlen(hash);

	if (is_digest(hash))
		return PASSWORD_HASH_LEGACY;
	/* libcrypt accepts any two letters as the beginning of a DES hash. */
	if (len >= PASSWORD_HASH_SIZE ||
	    (*hash != '$' && *hash != '_' && len != DES_LENGTH))
		return PASSWORD_HASH_INVALID;
	switch (crypt_checksalt(hash)) {
	case CRYPT_SALT_OK:
		return PASSWORD_HASH_STRONG;
	case CRYPT_SALT_METHOD_LEGACY:
		/* libcrypt only prefers sha512crypt to it. */
		return begins(hash, "$5$") ? PASSWORD_HASH_STRONG :
			PASSWORD_HASH_LEGACY;
	default:
		return PASSWORD_HASH_INVALID;
	}
}

bool
password_hash_equal(const char *a, const char *b)
{
	size_t alen = strlen(a), blen = strlen(b);
	unsigned char differ = alen != blen;

	for (size_t i = 0; i < alen && blen > 0; i++)
		differ |= (unsigned char)(a[i] ^ b[i % blen]);
	return differ == 0;
}

bool
password_hash_matches(const char *hash, const char *password)
{
	struct crypt_data *data;
	bool same = false;

	if (*password == '\0' ||
	    password_hash_kind(hash) == PASSWORD_HASH_INVALID)
		return false;
	data = calloc(1, sizeof(*data));
	if (data == NULL)
		return false;
	const char *computed = crypt_rn(password, hash, data, sizeof(*data));
	if (computed != NULL)
		same = password_hash_equal(computed, hash);
	explicit_bzero(data, sizeof(*data));
	free(data);
	return same;
}

int
password_hash_new(const char *password, char *hash)
{
	char setting[CRYPT_GENSALT_OUTPUT_SIZE];
	struct crypt_data *data;
	int r = -EIO;

	if (*password == '\0')
		return -EINVAL;
	if (crypt_gensalt_rn(NULL, 0, NULL, 0, setting, sizeof(setting)) ==
	    NULL)
		return errno > 0 ? -errno : -EIO;
	data = calloc(1, sizeof(*data));
	if (data == NULL)
		return -ENOMEM;
	const char *computed = crypt_rn(password, setting, data,
		sizeof(*data));
	if (computed != NULL)
		r = text_copy(hash, PASSWORD_HASH_SIZE, computed);
	explicit_bzero(data, sizeof(*data));
	free(data);
	return r;
}
