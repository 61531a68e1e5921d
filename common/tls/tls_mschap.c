/*
 * tls_mschap.c - the computations of MS-CHAPv2.
 *
 * Runs in: radius.
 */
#include "common/base.h"
#include "common/tls/tls_mschap.h"

#include "common/text.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/provider.h>

#define HASH	     16		/* MD4 */
#define SHA1	     20
#define CHALLENGE    8		/* what the response is made of */
#define PASSWORD_MAX 256	/* characters (RFC 2759 section 8.1) */

struct tls_mschap {
	OSSL_LIB_CTX *library;	/* its own, so that nothing else uses the
				 * legacy provider */
	OSSL_PROVIDER *legacy, *usual;
	EVP_MD *md4, *sha1;
	EVP_CIPHER *des;
};

struct part {
	const void *data;
	size_t len;
};

void
tls_mschap_free(struct tls_mschap *m)
{
	if (m == NULL)
		return;
	EVP_CIPHER_free(m->des);
	EVP_MD_free(m->md4);
	EVP_MD_free(m->sha1);
	if (m->legacy != NULL)
		OSSL_PROVIDER_unload(m->legacy);
	if (m->usual != NULL)
		OSSL_PROVIDER_unload(m->usual);
	OSSL_LIB_CTX_free(m->library);
	free(m);
}

struct tls_mschap *
tls_mschap_new(void)
{
	struct tls_mschap *m = calloc(1, sizeof(*m));

	if (m == NULL)
		return NULL;
	m->library = OSSL_LIB_CTX_new();
	if (m->library != NULL) {
		m->legacy = OSSL_PROVIDER_load(m->library, "legacy");
		m->usual = OSSL_PROVIDER_load(m->library, "default");
		m->md4 = EVP_MD_fetch(m->library, "MD4", NULL);
		m->sha1 = EVP_MD_fetch(m->library, "SHA1", NULL);
		m->des = EVP_CIPHER_fetch(m->library, "DES-ECB", NULL);
	}
	if (m->md4 != NULL && m->sha1 != NULL && m->des != NULL)
		return m;
	ERR_clear_error();
	tls_mschap_free(m);
	return NULL;
}

static bool
hash(const EVP_MD *md, const struct part *parts, size_t count, uint8_t *out)
{
	EVP_MD_CTX *state = EVP_MD_CTX_new();
	bool good = state != NULL && EVP_DigestInit_ex2(state, md, NULL) == 1;

	for (size_t i = 0; i < count && good; i++)
		good = EVP_DigestUpdate(state, parts[i].data, parts[i].len) ==
			1;
	good = good && EVP_DigestFinal_ex(state, out, NULL) == 1;
	EVP_MD_CTX_free(state);
	return good;
}

static void
put_unit(uint8_t *out, size_t *n, uint32_t unit)
{
	out[(*n)++] = (uint8_t)unit;
	out[(*n)++] = (uint8_t)(unit >> 8);
}

/* UTF-16, little endian; the length, or 0. */
static size_t
to_utf16(const char *text, uint8_t *out)
{
	size_t n = 0;

	while (*text != '\0') {
		size_t len = text_utf8(text, strlen(text));
		if (len == 0 || n + 4 > 2 * PASSWORD_MAX)
			return 0;
		uint32_t c = text_code_point(text, len);
		if (c >= 0x10000) {
			put_unit(out, &n, 0xd800 + ((c - 0x10000) >> 10));
			put_unit(out, &n, 0xdc00 + ((c - 0x10000) & 0x3ff));
		} else {
			put_unit(out, &n, c);
		}
		text += len;
	}
	return n;
}

bool
tls_mschap_takes(const char *password)
{
	uint8_t unicode[2 * PASSWORD_MAX];
	bool takes = to_utf16(password, unicode) > 0;

	explicit_bzero(unicode, sizeof(unicode));
	return takes;
}

static bool
password_hash(const struct tls_mschap *m, const char *password, uint8_t *out)
{
	uint8_t unicode[2 * PASSWORD_MAX];
	size_t len = to_utf16(password, unicode);
	const struct part part = { unicode, len };
	bool good = len > 0 && hash(m->md4, &part, 1, out);

	explicit_bzero(unicode, sizeof(unicode));
	return good;
}

/* Section 8.6: seven bytes become eight, each with a parity bit, which DES
 * ignores. */
static bool
encrypt(const struct tls_mschap *m, const uint8_t *seven,
	const uint8_t *challenge, uint8_t *out)
{
	uint8_t key[8];
	int len = 0;
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();

	for (int i = 0; i < 8; i++) {
		uint32_t before = i > 0 ? seven[i - 1] : 0;
		uint32_t after = i < 7 ? seven[i] : 0;
		key[i] = (uint8_t)((before << 8 | after) >> i & 0xfe);
	}
	bool good = c != NULL && EVP_EncryptInit_ex2(c, m->des, key, NULL,
		NULL) == 1 && EVP_CIPHER_CTX_set_padding(c, 0) == 1 &&
		EVP_EncryptUpdate(c, out, &len, challenge, CHALLENGE) == 1 &&
		len == CHALLENGE;
	EVP_CIPHER_CTX_free(c);
	explicit_bzero(key, sizeof(key));
	return good;
}

/* Section 8.5 */
static bool
challenge_response(const struct tls_mschap *m, const uint8_t *challenge,
	const uint8_t *password, uint8_t *response)
{
	uint8_t keys[21] = { 0 };
	bool good = true;

	memcpy(keys, password, HASH);
	for (size_t i = 0; i < 3 && good; i++)
		good = encrypt(m, keys + 7 * i, challenge,
			response + CHALLENGE * i);
	explicit_bzero(keys, sizeof(keys));
	return good;
}

/* Section 8.7 */
static bool
expected_success(const struct tls_mschap *m, const uint8_t *challenge,
	const uint8_t *password, struct tls_mschap_answer *answer)
{
	static const char magic1[] = "Magic server to client signing constant";
	static const char magic2[] =
		"Pad to make it do more than one iteration";
	uint8_t twice[HASH], digest[SHA1];
	const struct part once = { password, HASH };
	const struct part first[] = { { twice, HASH },
		{ answer->response, TLS_MSCHAP_RESPONSE_SIZE },
		{ magic1, sizeof(magic1) - 1 } };
	const struct part second[] = { { digest, SHA1 },
		{ challenge, CHALLENGE }, { magic2, sizeof(magic2) - 1 } };
	bool good = hash(m->md4, &once, 1, twice) &&
		hash(m->sha1, first, ARRAY_SIZE(first), digest) &&
		hash(m->sha1, second, ARRAY_SIZE(second), digest);

	snprintf(answer->success, TLS_MSCHAP_SUCCESS_SIZE, "S=");
	for (size_t i = 0; i < SHA1; i++)
		snprintf(answer->success + 2 + 2 * i, 3, "%02X", digest[i]);
	explicit_bzero(twice, sizeof(twice));
	return good;
}

bool
tls_mschap_respond(const struct tls_mschap *m, const char *user,
	const char *password, const struct tls_mschap_challenges *challenges,
	struct tls_mschap_answer *answer)
{
	const char *domain = strchr(user, '\\');
	const char *name = domain != NULL ? domain + 1 : user;
	const struct part parts[] = {
		{ challenges->peer, TLS_MSCHAP_CHALLENGE_SIZE },
		{ challenges->server, TLS_MSCHAP_CHALLENGE_SIZE },
		{ name, strlen(name) },
	};
	uint8_t challenge[SHA1], secret[HASH];
	bool good = hash(m->sha1, parts, ARRAY_SIZE(parts), challenge) &&
		password_hash(m, password, secret) &&
		challenge_response(m, challenge, secret, answer->response) &&
		expected_success(m, challenge, secret, answer);

	explicit_bzero(secret, sizeof(secret));
	ERR_clear_error();
	return good;
}
