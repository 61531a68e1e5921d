/*
 * tls_keys.c - reads private keys, and finds them by name.
 *
 * Runs in: keeper; radius (that of its certificate); sureftpd --check.
 */
#include "common/base.h"
#include "common/tls/tls_keys.h"

#include "common/io.h"
#include "common/log/log.h"
#include "common/process/secret.h"
#include "common/tls/tls_scheme.h"
#include "common/tls/tls_sign.h"
#include "common/tls/tls_signer.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#define FILE_SIZE_MAX (1024 * 1024)

struct tls_key {
	EVP_PKEY *key;
	uint8_t name[MESSAGE_KEY_NAME_SIZE];
};

struct tls_keys {
	size_t count;
	struct tls_key list[MESSAGE_KEYS];
};

/* Never ask the terminal for a passphrase. */
static int
no_passphrase(char *text UNUSED, int size UNUSED, int writing UNUSED,
	void *asked)
{
	*(bool *)asked = true;
	return -1;
}

static const char *
parse(struct tls_key *key, BIO *bio)
{
	bool asked = false;

	key->key = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, &asked);
	ERR_clear_error();
	if (asked)
		return "the private key has a passphrase, which is not "
			"supported";
	if (key->key == NULL)
		return "has no private key in PEM; if it is in another file, "
			"set private_key";
	if (!tls_scheme_has(key->key))
		return "private keys of this kind are not supported; use RSA, "
			"ECDSA, Ed25519 or Ed448";
	return tls_signer_name(key->key, key->name) ? NULL : "out of memory";
}

/* The error, or NULL. */
static const char *
read_key(struct tls_key *key, int fd, char *data)
{
	static char sentence[160];
	ssize_t len = io_read_open(fd, data, FILE_SIZE_MAX);

	if (len < 0) {
		snprintf(sentence, sizeof(sentence), "cannot be read: %s",
			log_errno((int)len));
		return sentence;
	}
	BIO *bio = BIO_new_mem_buf(data, (int)len);
	const char *wrong = bio == NULL ? "out of memory" : parse(key, bio);
	BIO_free(bio);
	return wrong;
}

static const char *
read_keys(struct tls_keys *keys, const int *fds, size_t count, char *data,
	int *file)
{
	for (size_t i = 0; i < count; i++) {
		const char *wrong = read_key(&keys->list[i], fds[i], data);

		*file = (int)i;
		keys->count = i + 1;
		if (wrong != NULL)
			return wrong;
	}
	return NULL;
}

struct tls_keys *
tls_keys_read(const int *fds, size_t count, int *file, char *text, size_t size)
{
	struct tls_keys *keys = calloc(1, sizeof(*keys));
	char *data = secret_new(FILE_SIZE_MAX);
	const char *wrong = "out of memory";

	*file = -1;
	if (count > MESSAGE_KEYS)
		wrong = "too many private keys";
	else if (keys != NULL && data != NULL)
		wrong = read_keys(keys, fds, count, data, file);
	secret_free(data, FILE_SIZE_MAX);
	if (wrong == NULL)
		return keys;
	snprintf(text, size, "%s", wrong);
	tls_keys_free(keys);
	return NULL;
}

void
tls_keys_free(struct tls_keys *keys)
{
	if (keys == NULL)
		return;
	for (size_t i = 0; i < keys->count; i++)
		EVP_PKEY_free(keys->list[i].key);
	free(keys);
}

size_t
tls_keys_count(const struct tls_keys *keys)
{
	return keys->count;
}

const uint8_t *
tls_keys_name(const struct tls_keys *keys, size_t i)
{
	return keys->list[i].name;
}

bool
tls_keys_use(const struct tls_keys *keys, SSL_CTX *context)
{
	return SSL_CTX_use_PrivateKey(context, keys->list[0].key) == 1 &&
		SSL_CTX_check_private_key(context) == 1;
}

int
tls_keys_sign(void *context, const struct sign_request *request,
	uint8_t *signature, size_t size)
{
	const struct tls_keys *keys = context;

	for (size_t i = 0; i < keys->count; i++)
		if (memcmp(keys->list[i].name, request->key,
		    sizeof(request->key)) == 0)
			return tls_sign(keys->list[i].key, request, signature,
				size);
	return -ENOKEY;
}
