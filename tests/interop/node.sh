#!/bin/sh
# node.sh - Node's basic-ftp, which resumes its TLS sessions: whole trees, with
# and without MLSD, and each of its calls.
world_options=-t
. "${0%/*}/common"
need node
module=/run/world/build/tests/node/node_modules/basic-ftp
if test ! -d $module; then
	skip 'basic-ftp is not installed: it needs npm'
	finish
fi

cat >client.js <<'END'
const assert = require("assert");
const fs = require("fs");
const { Readable, Writable } = require("stream");
const { Client } = require(process.argv[2]);
const [, , , authority, kind, what, name] = process.argv;

function upload(text) {
	return Readable.from([Buffer.from(text)]);
}

async function text(client, path, from) {
	let got = "";
	await client.downloadTo(new Writable({
		write(piece, encoding, done) {
			got += piece;
			done();
		}
	}), path, from);
	return got;
}

async function calls(client) {
	await client.ensureDir("calls/two words/gr\u00fcn");
	await client.cd("/home/anna/calls");
	assert.equal(await client.pwd(), "/home/anna/calls");
	await client.uploadFrom(upload("hello"), "f");
	await client.appendFrom(upload(" world"), "f");
	assert.equal(await client.size("f"), 11);
	assert.ok(Math.abs(await client.lastMod("f") - new Date()) < 1e5);
	assert.equal(await text(client, "f"), "hello world");
	assert.equal(await text(client, "f", 6), "world");
	await client.rename("f", "g");
	const [file] = (await client.list()).filter(one => one.name === "g");
	assert.deepEqual([file.size, file.isFile, file.user],
		[11, true, "anna"]);
	assert.equal((await client.remove("f", true)).code, 550);
	await client.remove("g");
	assert.equal((await client.sendIgnoringError("CWD nowhere")).code, 550);
	await client.cdup();
	await client.removeDir("calls");
	await assert.rejects(client.cd("calls"));
	assert.ok((await client.features()).has("MLST"));
}

/* It closes the connections to abort, and a new client goes on. */
async function abort(client) {
	const connect = client.access.bind(client);
	await assert.rejects(client.downloadTo(new Writable({
		write(piece, encoding, done) {
			client.close();
			done();
		}
	}), "tree/big"));
	assert.ok(client.closed);
	await connect(options);
	assert.equal(await client.size("tree/big"), 104857600);
}

const options = {
	host: "ec.example", user: "anna", password: "anna-pass",
	secure: kind.startsWith("TLS"),
	secureOptions: !kind.startsWith("TLS") ? undefined : {
		ca: fs.readFileSync(authority),
		minVersion: kind, maxVersion: kind
	}
};

async function main() {
	const client = new Client(30000);

	await client.access(options);
	if (kind === "LIST")
		client.availableListCommands = ["LIST -a", "LIST"];
	if (what === "put")
		await client.uploadFromDir("tree", name);
	else if (what === "get")
		await client.downloadToDir(name, "tree");
	else
		await (what === "abort" ? abort : calls)(client);
	client.close();
}

main().catch(error => {
	console.error(error);
	process.exit(1);
});
END

client="node client.js $module $authority"
for version in TLSv1.2 TLSv1.3; do
	# $client is a list of words.
	# shellcheck disable=SC2086
	move_trees $version $client $version
	check "$version: calls" $client $version calls
	check "$version: abort" $client $version abort
done
for kind in plain LIST; do
	# shellcheck disable=SC2086
	trees $kind $client $kind
	check "$kind: calls" $client $kind calls
	check "$kind: abort" $client $kind abort
done
finish
