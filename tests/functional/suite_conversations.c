/*
 * suite_conversations.c - the commands of Node's basic-ftp in their order, and
 * what it reads in the replies, with TLS and without; what WinSCP sends after
 * it has read FEAT; and what Emacs and Tcl's client look for in replies.
 *
 * tests/interop/node.sh runs basic-ftp itself, where npm has installed it.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/accounts.h"
#include "tests/functional/files.h"
#include "tests/functional/ftps.h"
#include "tests/functional/ftps_certs.h"

const char *const functional_name = "conversations";

#define FACTS "type;size;modify;unique;unix.mode;unix.owner;unix.group;" \
	"unix.ownername;unix.groupname;"
#define LISTED_FACTS "type;size;modify;unique;UNIX.mode;UNIX.owner;" \
	"UNIX.group;UNIX.ownername;UNIX.groupname;"

/* Names that FEAT lists decide how it goes on. */
static void
set_up(struct ftp *c, bool tls)
{
	EXPECT(c, 200, "OPTS UTF8 ON");
	EXPECT(c, 331, "USER anna");
	EXPECT(c, 230, "PASS %s", accounts_find("anna")->password);
	EXPECT(c, 211, "FEAT");
	CHECK_HAS(c->text, "211-");
	CHECK_HAS(c->text, "\n MLST ");
	EXPECT(c, 200, "TYPE I");
	EXPECT(c, 200, "STRU F");
	EXPECT(c, 200, "OPTS UTF8 ON");
	EXPECT(c, 200, "OPTS MLST " FACTS);
	CHECK_TEXT(c->text, "200 MLST OPTS " LISTED_FACTS);
	if (!tls)
		return;
	EXPECT(c, 200, "PBSZ 0");
	EXPECT(c, 200, "PROT P");
}

/* Each level is created, whether it exists or not, and entered. */
static void
ensure_directory(struct ftp *c, int code)
{
	EXPECT(c, code, "MKD up");
	EXPECT(c, 250, "CWD up");
	EXPECT(c, code, "MKD two words");
	EXPECT(c, 250, "CWD two words");
	EXPECT(c, 257, "PWD");
	CHECK_TEXT(c->text, "257 \"/home/anna/up/two words\" is the current "
		"directory.");
	EXPECT(c, 250, "CDUP");
}

/* Uploads go to the working directory; the listing has all that it asked for,
 * with one blank before the name. */
static void
upload_and_list(struct ftp *c)
{
	size_t len;

	CHECK_NUMBER(ftp_put(c, "hello", 5, "STOR gr\xc3\xbcn"), 226);
	CHECK_NUMBER(ftp_put(c, " world", 6, "APPE gr\xc3\xbcn"), 226);
	EXPECT(c, 213, "SIZE gr\xc3\xbcn");
	CHECK_TEXT(c->text, "213 11");
	EXPECT(c, 213, "MDTM gr\xc3\xbcn");
	CHECK_NUMBER(strspn(c->text + 4, "0123456789"), 14);
	CHECK_NUMBER(strlen(c->text), 18);

	char *list = ftp_get(c, &len, "MLSD");
	CHECK_HAS(list, "type=file;size=11;modify=");
	CHECK_HAS(list, ";UNIX.mode=0644;UNIX.owner=1001;UNIX.group=1001;"
		"UNIX.ownername=anna;UNIX.groupname=anna; gr\xc3\xbcn\r\n");
	CHECK_HAS(list, "UNIX.groupname=anna; two words\r\n");
	free(list);
	list = ftp_get(c, &len, "LIST -a");
	CHECK_HAS(list, "-rw-r--r--   1 anna     anna           11 ");
	CHECK_HAS(list, " gr\xc3\xbcn\r\n");
	CHECK_LACKS(list, "total");
	free(list);
}

/* It always sends REST before a download that does not begin at 0. */
static void
download(struct ftp *c)
{
	size_t len;
	char *got = ftp_get(c, &len, "RETR gr\xc3\xbcn");

	CHECK_TEXT(got, "hello world");
	free(got);
	EXPECT(c, 350, "REST 6");
	got = ftp_get(c, &len, "RETR gr\xc3\xbcn");
	CHECK_TEXT(got, "world");
	free(got);
	EXPECT_WAS(c, 226);
	CHECK(ftp_get(c, &len, "RETR missing") == NULL);
	EXPECT_WAS(c, 550);
}

static void
remove_all(struct ftp *c)
{
	EXPECT(c, 350, "RNFR gr\xc3\xbcn");
	EXPECT(c, 250, "RNTO file");
	EXPECT(c, 550, "DELE gr\xc3\xbcn");
	EXPECT(c, 250, "DELE file");
	EXPECT(c, 250, "CWD two words");
	EXPECT(c, 250, "CDUP");
	EXPECT(c, 250, "RMD two words");
	EXPECT(c, 250, "CDUP");
	EXPECT(c, 250, "RMD up");
	EXPECT(c, 550, "CWD up");
}

static void
talk(struct ftp *c, bool tls)
{
	set_up(c, tls);
	ensure_directory(c, 257);
	EXPECT(c, 250, "CWD /home/anna");
	ensure_directory(c, 550);
	upload_and_list(c);
	download(c);
	remove_all(c);
}

static void
test_basic_ftp(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s))
		return;
	for (enum ftp_mode mode = FTP_EPSV; mode <= FTP_PASV; mode++) {
		CHECK_NUMBER(ftp_connect(&c), 220);
		c.mode = mode;
		talk(&c, false);
		ftp_close(&c);
	}
	server_stop(&s);
}

static void
test_basic_ftp_with_tls(void)
{
	static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(versions); i++) {
		ftps_init(&t);
		t.version = versions[i];
		if (!ftps_connect(&t))
			return;
		talk(&t.c, true);
		ftp_close(&t.c);
	}
	server_stop(&s);
}

/* Where FEAT has SITE COPY, it sends CPFR and CPTO, and never quotes names; it
 * prefers HASH to the older commands, and quotes names with blanks. */
static void
test_winscp(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	CHECK_NUMBER(ftp_put(&c, "hello", 5, "STOR two words"), 226);
	EXPECT(&c, 211, "FEAT");
	CHECK_HAS(c.text, "\n SITE COPY\n");
	CHECK_HAS(c.text, "\n HASH ");
	EXPECT(&c, 350, "SITE CPFR /home/anna/two words");
	EXPECT(&c, 250, "SITE CPTO /home/anna/its copy");
	CHECK(files_same("/home/anna/its copy", "hello", 5));
	EXPECT(&c, 200, "OPTS HASH MD5");
	EXPECT(&c, 213, "HASH \"/home/anna/its copy\"");
	CHECK_TEXT(c.text, "213 MD5 0-4 5d41402abc4b2a76b9719d911017c592 "
		"/home/anna/its copy");
	ftp_close(&c);
	server_stop(&s);
}

/* Emacs (ange-ftp) runs a client in active mode and waits for the first line
 * that means success.  It has to know which lines come before that. */
static void
test_emacs(void)
{
	struct server s;
	struct ftps t;
	struct ftp *c = &t.c;

	if (!FTPS_SERVER(&s))
		return;
	ftps_init(&t);
	CHECK_NUMBER(ftp_connect(c), 220);
	/* Clients with Kerberos. */
	EXPECT(c, 504, "AUTH GSSAPI");
	CHECK_HAS(c->text, "504 Unknown security mechanism");
	EXPECT(c, 331, "USER anna");
	EXPECT(c, 230, "PASS %s", accounts_find("anna")->password);
	EXPECT(c, 200, "PORT 127,0,0,1,156,64");
	CHECK_HAS(c->text, "200 PORT ");
	EXPECT(c, 200, "EPRT |1|127.0.0.1|40000|");
	CHECK_HAS(c->text, "200 EPRT ");
	EXPECT(c, 227, "PASV");
	CHECK_HAS(c->text, "227 Entering Passive Mode (");
	EXPECT(c, 229, "EPSV");
	CHECK_HAS(c->text, "229 Entering Extended Passive Mode (");
	ftp_close(c);
	server_stop(&s);
}

/* Tcl's client sets the time with MDTM, and reads the new one in the reply. */
static void
test_tcl(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	files_write_as("anna", "/home/anna/a file", "x", 1);
	EXPECT(&c, 213, "MDTM 20010909014640 a file");
	CHECK_TEXT(c.text, "213 20010909014640");
	EXPECT(&c, 213, "MDTM a file");
	CHECK_TEXT(c.text, "213 20010909014640");
	ftp_close(&c);
	server_stop(&s);
}

/* CPFR counts for one command, and is no RNFR. */
static void
test_copy_in_two_steps(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	files_write_as("anna", "/home/anna/f", "hello", 5);
	files_mkdir_as("anna", "/home/anna/d", 0700);
	EXPECT(&c, 503, "SITE CPTO g");
	EXPECT(&c, 550, "SITE CPFR missing");
	EXPECT(&c, 503, "SITE CPTO g");
	EXPECT(&c, 550, "SITE CPFR d");
	EXPECT(&c, 550, "SITE CPFR /etc/shadow");
	EXPECT(&c, 350, "SITE CPFR f");
	EXPECT(&c, 257, "PWD");
	EXPECT(&c, 503, "SITE CPTO g");
	EXPECT(&c, 350, "SITE CPFR f");
	EXPECT(&c, 503, "RNTO g");
	EXPECT(&c, 350, "RNFR f");
	EXPECT(&c, 503, "SITE CPTO g");
	CHECK(!files_exist("/home/anna/g"));
	EXPECT(&c, 350, "SITE CPFR f");
	EXPECT(&c, 550, "SITE CPTO ./f");
	CHECK(files_same("/home/anna/f", "hello", 5));
	EXPECT(&c, 350, "SITE CPFR d/../f");
	EXPECT(&c, 200, "NOOP");
	EXPECT(&c, 250, "SITE CPTO g");
	EXPECT(&c, 501, "SITE CPFR");
	EXPECT(&c, 501, "SITE CPTO");
	ftp_close(&c);
	server_stop(&s);

	if (!SERVER(&s, "session.permissions=elr") || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 550, "SITE CPFR f");
	EXPECT(&c, 550, "SITE CPTO h");
	EXPECT(&c, 214, "SITE HELP");
	CHECK_LACKS(c.text, "CPTO");
	ftp_close(&c);
	server_stop(&s);

	/* They are refused and allowed with SITE COPY. */
	if (!SERVER(&s, "session.commands_denied=SITE_COPY") ||
	    !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 504, "SITE CPFR f");
	EXPECT(&c, 504, "SITE CPTO h");
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "basic-ftp", test_basic_ftp },
	{ "basic-ftp with TLS", test_basic_ftp_with_tls },
	{ "WinSCP: copies and hashes", test_winscp },
	{ "Emacs: what it skips", test_emacs },
	{ "Tcl: MDTM with a time", test_tcl },
	{ "a copy in two steps", test_copy_in_two_steps },
	CU_TEST_INFO_NULL,
};
