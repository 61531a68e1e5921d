#!/bin/sh
# aioftp.sh - Python's aioftp: trees by MLSD, parts of files, facts of one file.
. "${0%/*}/common"
need python3
if ! python3 -c 'import aioftp' 2>/dev/null; then
	skip 'aioftp is not installed'
	finish
fi

cat >client.py <<'END'
import asyncio, sys
import aioftp

async def put(client):
    await client.upload("tree", "up", write_into=True)

async def get(client):
    await client.download("tree", "down", write_into=True)

async def parts(client):
    """Writes into the middle of a file, and reads its end."""
    async with client.upload_stream("part", offset=3) as stream:
        await stream.write(b"XX")
    async with client.download_stream("part", offset=8) as stream:
        assert await stream.read() == b"89"
    assert (await client.stat("part"))["size"] == "10"

async def calls(client):
    await client.make_directory("a/b/two words")
    assert await client.is_dir("a/b/two words")
    await client.rename("a/b/two words", "a/c")
    assert not await client.exists("a/b/two words")
    await client.change_directory("a")
    assert str(await client.get_current_directory()) == "/home/anna/a"
    await client.change_directory("..")
    await client.remove("a")
    assert not await client.exists("a")

async def main(what):
    async with aioftp.Client.context("127.0.0.1", 21, "anna",
                                     "anna-pass") as client:
        await globals()[what](client)

asyncio.run(main(sys.argv[1]))
END

check "up" timeout 120 python3 client.py put
same up tree "$home/up"
check "down" timeout 120 python3 client.py get
same down tree down
printf 0123456789 >"$home/part"
chown anna "$home/part"
check "parts of files" timeout 60 python3 client.py parts
check "all else is kept" test "$(cat "$home/part")" = 012XX56789
check "directories and names" timeout 60 python3 client.py calls
finish
