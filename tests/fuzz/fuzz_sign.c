/*
 * fuzz_sign.c - any request to the keeper: a signature only for what a TLS
 * server signs.  The bytes are the request, or changes to a valid one.
 */
#include "common/base.h"

#include "common/tls/tls_library.h"
#include "common/tls/tls_scheme.h"
#include "common/tls/tls_sign.h"
#include "tests/fuzz/fuzz.h"

#include <openssl/ec.h>
#include <openssl/rsa.h>

/* A second implementation of the same rules, as RFC 8446 section 4.4.3 and RFC
 * 8422 section 5.4 have them. */
static bool
may_be_signed(const struct sign_request *r)
{
	static const char label[] = "TLS 1.3, server CertificateVerify";
	const uint8_t *params = r->data + 64;

	if (r->len == 130 || r->len == 146) {
		size_t blanks = 0;

		while (blanks < 64 && r->data[blanks] == 0x20)
			blanks++;
		if (blanks == 64 && memcmp(params, label, 34) == 0)
			return true;
	}
	return r->len > 68 && params[0] == 3 && params[1] == 0 &&
		params[2] >= 22 && params[2] <= 30 &&
		r->len == 68 + params[3];
}

static EVP_PKEY *
key_for(uint8_t which)
{
	static EVP_PKEY *keys[3];

	if (keys[0] == NULL) {
		keys[0] = tls_library_p256_key();
		keys[1] = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
		keys[2] = EVP_RSA_gen(1024);
	}
	return keys[which % 3];
}

static void
make_good(struct sign_request *r, bool tls_1_3)
{
	static const char label[] = "TLS 1.3, server CertificateVerify";

	memset(r->data, ' ', 64);
	if (tls_1_3)
		memcpy(r->data + 64, label, sizeof(label));
	else
		memcpy(r->data + 64, "\3\0\35\40", 4);
	r->len = tls_1_3 ? 130 : 100;
}

/* Pairs of a place and what is changed there. */
static void
change(struct sign_request *r, const uint8_t *data, size_t size)
{
	for (size_t i = 0; i + 1 < size; i += 2)
		r->data[data[i]] ^= data[i + 1];
}

const char *
fuzz_prepare(void)
{
	return NULL;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t signature[MESSAGE_SIGNATURE_SIZE];
	struct sign_request r = { .scheme = 0 };

	if (size < 5 || size > 5 + sizeof(r.data))
		return 0;
	r.scheme = (uint16_t)(data[1] << 8 | data[2]);
	if (data[3] % 3 == 0) {
		r.len = (uint16_t)(size - 5);
		memcpy(r.data, data + 5, size - 5);
	} else {
		make_good(&r, data[3] % 3 == 1);
		r.len = (uint16_t)(r.len + (int8_t)data[4] % 64);
		change(&r, data + 5, size - 5);
	}
	int n = tls_sign(key_for(data[0]), &r, signature, sizeof(signature));
	if (n > 0 && !may_be_signed(&r))
		fuzz_fail("signed what no TLS server signs");
	if (n <= 0 && n != -EPERM && n != -EIO)
		fuzz_fail("refused with %d", n);
	return 0;
}
