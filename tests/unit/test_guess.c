/*
 * test_guess.c - keyed hashes of login attempts.
 */
#include "common/base.h"

#include "common/accounts/guess.h"
#include "common/siphash.h"
#include "common/text.h"
#include "tests/unit/unit.h"

const char *const unit_name = "guess";

/* The reference's own vectors: key and data count up from 0. */
static void
test_vectors(void)
{
	static const struct {
		size_t len;
		uint64_t hash;
	} vectors[] = {
		{ 0, 0x726fdb47dd0e0e31 },
		{ 1, 0x74f839c593dc67fd },
		{ 7, 0xab0200f58b01d137 },
		{ 8, 0x93f5f5799a932462 },
		{ 15, 0xa129ca6149be45e5 },
		{ 63, 0x958a324ceb064572 },
	};
	uint8_t key[SIPHASH_KEY_SIZE], data[64];

	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)i;
	memcpy(key, data, sizeof(key));
	for (size_t i = 0; i < ARRAY_SIZE(vectors); i++)
		CU_ASSERT_EQUAL(siphash(key, data, vectors[i].len),
			vectors[i].hash);
}

static struct guess
make(const char *user, const char *password)
{
	struct message_auth attempt = { .user = "" };

	CU_ASSERT_EQUAL(text_copy(attempt.user, sizeof(attempt.user), user), 0);
	CU_ASSERT_EQUAL(text_copy(attempt.password, sizeof(attempt.password),
		password), 0);
	return guess_make(&attempt);
}

static void
test_same_attempt(void)
{
	struct guess first = make("anna", "secret");
	struct guess again = make("anna", "secret");
	struct guess wrong = make("anna", "Secret");
	struct guess other = make("annas", "ecret");

	CU_ASSERT_EQUAL(first.user, again.user);
	CU_ASSERT_EQUAL(first.password, again.password);
	CU_ASSERT_EQUAL(first.user, wrong.user);
	CU_ASSERT_NOT_EQUAL(first.password, wrong.password);
	CU_ASSERT_NOT_EQUAL(first.user, other.user);
	CU_ASSERT_NOT_EQUAL(first.password, other.password);
	CU_ASSERT_NOT_EQUAL(first.user, first.password);
}

/* Of another run of the server. */
static void
test_another_key(void)
{
	CU_ASSERT_EQUAL_FATAL(guess_init(), 0);
	struct guess first = make("anna", "secret");
	CU_ASSERT_EQUAL_FATAL(guess_init(), 0);
	struct guess second = make("anna", "secret");

	CU_ASSERT_NOT_EQUAL(first.user, second.user);
	CU_ASSERT_NOT_EQUAL(first.password, second.password);
}

static void
test_longest(void)
{
	char user[MESSAGE_USER_SIZE], password[MESSAGE_PASSWORD_SIZE];

	memset(user, 'u', sizeof(user));
	memset(password, 'p', sizeof(password));
	user[sizeof(user) - 1] = password[sizeof(password) - 1] = '\0';
	uint64_t whole = make(user, password).password;
	password[sizeof(password) - 2] = 'q';
	CU_ASSERT_NOT_EQUAL(whole, make(user, password).password);
	CU_ASSERT_NOT_EQUAL(make("", "").user, 0);
}

CU_TestInfo unit_tests[] = {
	{ "SipHash-2-4", test_vectors },
	{ "the same attempt", test_same_attempt },
	{ "another key", test_another_key },
	{ "the longest", test_longest },
	CU_TEST_INFO_NULL,
};
