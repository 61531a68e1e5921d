/*
 * replay.c - runs a fuzzer with its seeds, without libFuzzer, so that make
 * check tests both the code and the fuzzer.
 *
 * replay_NAME [FILE...] replays tests/fuzz/seeds/NAME/, or these files.
 */
#include "common/base.h"

#include "common/buffer.h"
#include "common/io.h"
#include "tests/fuzz/fuzz.h"

#include <dirent.h>

#define SEED_MAX 65536
#define LONGEST  300	/* seconds, for all of them */

static unsigned passed;

static void
replay(const char *path)
{
	static char data[SEED_MAX];
	ssize_t len = io_read_file(path, data, sizeof(data));

	if (len < 0)
		fuzz_fail("%s cannot be read", path);
	printf("%s\n", path);
	fflush(stdout);
	(void)LLVMFuzzerTestOneInput((const uint8_t *)data, (size_t)len);
	passed++;
}

static void
replay_directory(const char *path)
{
	DIR *dir = opendir(path);
	const struct dirent *entry;

	if (dir == NULL)
		fuzz_fail("%s cannot be read", path);
	while ((entry = readdir(dir)) != NULL) {
		BUFFER(file, PATH_MAX);
		buffer_addf(&file, "%s/%s", path, entry->d_name);
		if (entry->d_name[0] != '.')
			replay(buffer_text(&file));
	}
	closedir(dir);
}

int
main(int argc, char **argv)
{
	const char *obstacle = fuzz_prepare();
	const char *name = strrchr(argv[0], '/') + 1;
	BUFFER(seeds, PATH_MAX);

	alarm(LONGEST);
	if (obstacle != NULL) {
		printf("%s: 0 passed, 0 failed, 1 skipped (%s)\n", name,
			obstacle);
		return 0;
	}
	for (int i = 1; i < argc; i++)
		replay(argv[i]);
	buffer_addf(&seeds, "tests/fuzz/seeds/%s", name + strlen("replay_"));
	if (argc == 1)
		replay_directory(buffer_text(&seeds));
	printf("%s: %u passed, 0 failed\n", name, passed);
	return passed == 0;
}
