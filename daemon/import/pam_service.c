/*
 * pam_service.c - what a PAM service asks for.
 *
 * Runs in: sureftpd --import-vsftpd.
 */
#include "common/base.h"
#include "daemon/import/pam_service.h"

#include "common/buffer.h"
#include "daemon/import/vsftpd_file.h"

/* A rule, its lines joined: longer ones are cut (PAM's own limit). */
#define RULE_SIZE 1024

#define BLANKS " \t\r"

/* The modules that ask for a password, whether they do although another one
 * has asked, and services that are included for what they do about passwords.
 * Other modules ask for something else, or use the password that is there. */
static const struct asking {
	const char *name;
	bool again;
} askings[] = {
	{ "pam_unix.so", false }, { "pam_sss.so", false },
	{ "pam_pwdfile.so", false }, { "pam_userdb.so", true },
	{ "pam_ldap.so", true }, { "pam_winbind.so", true },
	{ "pam_krb5.so", true }, { "common-auth", false },
	{ "system-auth", false }, { "password-auth", false },
};

static const struct asking *
find_asking(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;

	for (size_t i = 0; i < ARRAY_SIZE(askings); i++)
		if (strcmp(name, askings[i].name) == 0)
			return &askings[i];
	return NULL;
}

/* The next rule: comments are cut, and lines joined, as PAM does. */
static bool
next_rule(const struct vsftpd_file *file, size_t *at, char rule[RULE_SIZE])
{
	struct buffer b;
	const char *line, *comment;
	bool more = true;
	size_t len;

	buffer_init(&b, rule, RULE_SIZE);
	while (more && (line = vsftpd_file_line(file, at, &len)) != NULL) {
		comment = memchr(line, '#', len);
		if (comment != NULL)
			len = (size_t)(comment - line);
		while (len > 0 && strchr(BLANKS, line[len - 1]) != NULL)
			len--;
		if (len == 0)	/* also between lines that are joined */
			continue;
		more = comment == NULL && line[len - 1] == '\\';
		len -= more;
		size_t room = buffer_room(&b);
		buffer_add(&b, line, len < room ? len : room);
		if (more)
			buffer_add_char(&b, ' ');
	}
	buffer_text(&b);
	return b.len > 0;
}

/* What asks for a password in a rule "auth CONTROL MODULE ARGUMENTS" or
 * "@include SERVICE", and whether its arguments make it use the password that
 * another module has asked for. */
static const struct asking *
read_rule(char *rule, bool *told)
{
	char *rest, *word = strtok_r(rule, BLANKS, &rest);

	*told = false;
	if (word == NULL)
		return NULL;
	if (strcmp(word, "@include") != 0) {
		if (strcasecmp(word + (word[0] == '-'), "auth") != 0)
			return NULL;
		rest += strspn(rest, BLANKS);
		strtok_r(NULL, rest[0] == '[' ? "]" : BLANKS, &rest);
	}
	word = strtok_r(NULL, BLANKS, &rest);
	const struct asking *found = word != NULL ? find_asking(word) : NULL;
	while ((word = strtok_r(NULL, BLANKS, &rest)) != NULL)
		if (strcmp(word, "try_first_pass") == 0 ||
		    strcmp(word, "use_first_pass") == 0)
			*told = true;
	return found;
}

const char *
pam_service_asks_again(const char *path)
{
	struct vsftpd_file file;
	char rule[RULE_SIZE];
	size_t at = 0;
	bool asked = false, told;
	const char *again = NULL;

	if (vsftpd_file_read(&file, path) < 0)
		file.len = 0;
	while (again == NULL && next_rule(&file, &at, rule)) {
		const struct asking *found = read_rule(rule, &told);
		if (found == NULL)
			continue;
		if (asked && found->again && !told)
			again = found->name;
		asked = true;
	}
	vsftpd_file_free(&file);
	return again;
}
