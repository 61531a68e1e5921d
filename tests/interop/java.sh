#!/bin/sh
# java.sh - Apache Commons Net, passive and active: without TLS; with Java's TLS
# unchanged, when it cannot resume and needs session_reuse = prefer; and
# extended to resume as is usual: the session of the control connection is put
# into Java's cache under the data connection's address.
world_options='-t
-o
tls.session_reuse_for=127.0.0.2/32 prefer'
. "${0%/*}/common"
link_settings alternatives 'java*'
need java
need javac
jar=/usr/share/java/commons-net.jar
if ! test -e $jar; then
	skip "libcommons-net-java is not installed"
	finish
fi

cat >Client.java <<'END'
import java.io.*;
import java.lang.reflect.*;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.*;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Collections;
import java.util.Locale;
import javax.net.ssl.*;
import org.apache.commons.net.ftp.*;

public class Client extends FTPSClient {
	final boolean resumes;

	Client(SSLContext context, boolean resumes) {
		super(false, context);
		this.resumes = resumes;
	}

	static Method method(Object of, String name) throws Exception {
		for (Method method : of.getClass().getDeclaredMethods()) {
			if (method.getName().equals(name)
					&& method.getParameterCount()
					== (name.equals("put") ? 2 : 1)) {
				method.setAccessible(true);
				return method;
			}
		}
		throw new NoSuchMethodException(name);
	}

	@Override
	protected void _prepareDataSocket_(Socket socket) throws IOException {
		if (!resumes)
			return;
		SSLSocket control = (SSLSocket) _socket_;
		SSLSessionContext context =
			control.getSession().getSessionContext();
		try {
			Field field = context.getClass()
				.getDeclaredField("sessionHostPortCache");
			field.setAccessible(true);
			Object cache = field.get(context);
			Object session = control.getSession();
			if (control.getSession().getProtocol()
					.equals("TLSv1.3"))
				session = unused(context);
			for (String host : new String[] { "ec.example",
					socket.getInetAddress().getHostName(),
					socket.getInetAddress()
					.getHostAddress() })
				method(cache, "put").invoke(cache,
					(host + ":" + socket.getPort())
					.toLowerCase(Locale.ROOT), session);
		} catch (Exception e) {
			throw new IOException(e);
		}
	}

	/* TLS 1.3: what a ticket is worth is used up by one connection. */
	static Object unused(SSLSessionContext context) throws Exception {
		for (byte[] id : Collections.list(context.getIds())) {
			SSLSession session = context.getSession(id);
			if (session == null)
				continue;
			Field key = session.getClass()
				.getDeclaredField("preSharedKey");
			key.setAccessible(true);
			if (key.get(session) != null)
				return session;
		}
		throw new IOException("no ticket is left");
	}

	static SSLContext context(String authority, String version)
			throws Exception {
		KeyStore store = KeyStore.getInstance("PKCS12");
		store.load(null, null);
		try (InputStream in = new FileInputStream(authority)) {
			store.setCertificateEntry("authority",
				CertificateFactory.getInstance("X.509")
				.generateCertificate(in));
		}
		TrustManagerFactory trust =
			TrustManagerFactory.getInstance("PKIX");
		trust.init(store);
		SSLContext context = SSLContext.getInstance(version);
		context.init(null, trust.getTrustManagers(), null);
		return context;
	}

	static void must(FTPClient ftp, boolean done, String what)
			throws IOException {
		if (!done)
			throw new IOException(what + ": "
				+ ftp.getReplyString());
	}

	static void move(FTPClient ftp, String what, String name, String file)
			throws IOException {
		if (what.equals("put"))
			try (InputStream in = new FileInputStream(
					"tree/" + file)) {
				must(ftp, ftp.storeFile(name + "/" + file, in),
					file);
			}
		else
			try (OutputStream out = new FileOutputStream(
					name + "/" + file)) {
				must(ftp, ftp.retrieveFile("tree/" + file,
					out), file);
			}
	}

	/* From another address the server only prefers resumption. */
	static FTPClient connect(String authority, String version,
			boolean resumes, String mode, String from)
			throws Exception {
		boolean tls = !version.equals("plain");
		FTPClient ftp = tls ? new Client(context(authority, version),
			resumes) : new FTPClient();
		if (ftp instanceof Client client)
			client.setEnabledProtocols(new String[] { version });
		ftp.setControlEncoding("UTF-8");
		ftp.setDefaultTimeout(30000);
		ftp.connect("ec.example", 21, InetAddress.getByName(from), 0);
		must(ftp, ftp.login("anna", "anna-pass"), "login");
		if (ftp instanceof Client client) {
			client.execPBSZ(0);
			client.execPROT("P");
		}
		if (mode.equals("active"))
			ftp.enterLocalActiveMode();
		else
			ftp.enterLocalPassiveMode();
		ftp.setUseEPSVwithIPv4(mode.equals("extended"));
		ftp.setPassiveLocalIPAddress(from);
		must(ftp, ftp.setFileType(FTP.BINARY_FILE_TYPE), "TYPE");
		return ftp;
	}

	public static void main(String[] words) throws Exception {
		String what = words[5], name = words[6];
		FTPClient ftp = connect(words[0], words[1],
			words[2].equals("resumes"), words[3], words[4]);
		if (what.equals("put")) {
			must(ftp, ftp.makeDirectory(name), name);
			for (String directory : Files.readAllLines(
					Path.of("directories")))
				must(ftp, ftp.makeDirectory(name + "/"
					+ directory), directory);
		}
		for (String file : Files.readAllLines(Path.of("files")))
			move(ftp, what, name, file);
		if (ftp.listFiles("tree").length < 8)
			throw new IOException("LIST is short");
		if (ftp.mlistDir("tree").length < 8)
			throw new IOException("MLSD is short");
		must(ftp, ftp.logout(), "QUIT");
		ftp.disconnect();
	}
}
END

check "the client is built" javac -cp $jar Client.java
not() {
	! "$@"
}

client() {
	java -cp $jar:. --add-opens java.base/sun.security.ssl=ALL-UNNAMED \
		--add-opens java.base/sun.security.util=ALL-UNNAMED \
		Client $authority "$@"
}

for mode in passive extended active; do
	trees $mode client plain - $mode 127.0.0.1
done
for version in TLSv1.2 TLSv1.3; do
	move_trees $version client $version resumes passive 127.0.0.1
	mark
	check "$version: not resumed, refused" \
		not client $version - passive 127.0.0.1 \
		put refused$version
	check "$version: 522 is the reason" log_has 'reply: 522'
	for mode in passive active; do
		trees $version-$mode client $version - $mode 127.0.0.2
	done
done
finish
