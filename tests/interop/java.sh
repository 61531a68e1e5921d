#!/bin/sh
# java.sh - Java's TLS under Apache Commons Net, extended to resume as is
# usual: the session of the control connection is put into Java's cache under
# the data connection's address.
world_options=-t
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
import java.net.Socket;
import java.nio.file.*;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Collections;
import java.util.Locale;
import javax.net.ssl.*;
import org.apache.commons.net.ftp.*;

public class Client extends FTPSClient {
	Client(SSLContext context) {
		super(false, context);
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

	void must(boolean done, String what) throws IOException {
		if (!done)
			throw new IOException(what + ": " + getReplyString());
	}

	void move(String what, String name, String file) throws IOException {
		if (what.equals("put"))
			try (InputStream in = new FileInputStream(
					"tree/" + file)) {
				must(storeFile(name + "/" + file, in), file);
			}
		else
			try (OutputStream out = new FileOutputStream(
					name + "/" + file)) {
				must(retrieveFile("tree/" + file, out), file);
			}
	}

	public static void main(String[] words) throws Exception {
		String what = words[2], name = words[3];
		Client ftp = new Client(context(words[0], words[1]));
		ftp.setEnabledProtocols(new String[] { words[1] });
		ftp.setControlEncoding("UTF-8");
		ftp.setDefaultTimeout(30000);
		ftp.connect("ec.example", 21);
		ftp.must(ftp.login("anna", "anna-pass"), "login");
		ftp.execPBSZ(0);
		ftp.execPROT("P");
		ftp.enterLocalPassiveMode();
		ftp.must(ftp.setFileType(FTP.BINARY_FILE_TYPE), "TYPE");
		if (what.equals("put")) {
			ftp.must(ftp.makeDirectory(name), name);
			for (String directory : Files.readAllLines(
					Path.of("directories")))
				ftp.must(ftp.makeDirectory(name + "/"
					+ directory), directory);
		}
		for (String file : Files.readAllLines(Path.of("files")))
			ftp.move(what, name, file);
		if (ftp.listFiles("tree").length < 8)
			throw new IOException("LIST is short");
		if (ftp.mlistDir("tree").length < 8)
			throw new IOException("MLSD is short");
		ftp.must(ftp.logout(), "QUIT");
		ftp.disconnect();
	}
}
END

check "the client is built" javac -cp $jar Client.java
for version in TLSv1.2 TLSv1.3; do
	move_trees $version java -cp $jar:. \
		--add-opens java.base/sun.security.ssl=ALL-UNNAMED \
		--add-opens java.base/sun.security.util=ALL-UNNAMED \
		Client $authority $version
done
finish
