/*
 * tls_library.c - starts OpenSSL, and formats its errors.
 *
 * Runs in: master (begins), greeter, session.
 */
#include "common/base.h"
#include "common/tls/tls_library.h"

#include "common/log/log.h"

#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>

void
tls_library_begin(void)
{
	static bool begun;
	uint8_t some[16];

	if (begun)
		return;
	begun = true;
	OPENSSL_init_ssl(OPENSSL_INIT_LOAD_SSL_STRINGS |
		OPENSSL_INIT_LOAD_CRYPTO_STRINGS | OPENSSL_INIT_LOAD_CONFIG |
		OPENSSL_INIT_NO_ATEXIT, NULL);
	if (RAND_bytes(some, sizeof(some)) != 1)
		log_error("OpenSSL has no random numbers");
}

/*
 * The oldest error is closest to the cause; but an error of the TLS library is
 * more helpful than one of a cipher, and our own provider supplies a text of
 * its own.
 */
static unsigned long
take_error(char *own, size_t size)
{
	unsigned long first = ERR_peek_error(), error, of_tls = 0;
	const char *words;

	*own = '\0';
	while ((error = ERR_get_error_all(NULL, NULL, NULL, &words, NULL)) !=
	    0) {
		if (ERR_GET_LIB(error) == ERR_LIB_USER)
			snprintf(own, size, "%s", words);
		else if (of_tls == 0 && ERR_GET_LIB(error) == ERR_LIB_SSL)
			of_tls = error;
	}
	return of_tls != 0 ? of_tls : first;
}

const char *
tls_library_error(char *text, size_t size, int *reason)
{
	unsigned long error = take_error(text, size);
	const char *words = NULL;

	if (reason != NULL)
		*reason = ERR_GET_LIB(error) == ERR_LIB_SSL ?
			ERR_GET_REASON(error) : 0;
	if (*text != '\0')
		return text;
	if (ERR_SYSTEM_ERROR(error))
		words = strerrordesc_np(ERR_GET_REASON(error));
	else if (error != 0)
		words = ERR_reason_error_string(error);
	snprintf(text, size, "%s", words != NULL ? words : "no reason given");
	return text;
}

EVP_PKEY *
tls_library_p256_key(void)
{
	return EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
}
