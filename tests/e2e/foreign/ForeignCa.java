/*
 * ForeignCa - a certification authority that shares no code with the branch:
 * BouncyCastle for CMP, OCSP and certificates, the JDK for HTTP.
 *
 *   java ForeignCa dir=DIR registry=URL bank=CODE
 *
 * It makes its keys, writes what a branch is given of them into DIR
 * (root.der, middle.der, ca.der, ra.der, ra.key), prints one line of JSON with its
 * addresses, then a line for all it is asked.  `registry` is the identity
 * service behind it: this CA stands in front, answers what concerns its own
 * certificates, and hands on the rest.
 *
 * POST /mode takes the words it goes by from then on: ca_signs (CMP answers
 * are signed by the CA's own key), no_vid, and the misbehaviours wrong_key,
 * wrong_vid, forged (certConf is not heard, and somebody without the secret
 * acknowledges it), stranger (OCSP is signed by a key of no standing).
 */
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.Security;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

public class ForeignCa {
	static final int BODY_MAX = 65536;
	private static volatile Set<String> modes = Set.of();

	/* What answers one request, given its path and body. */
	interface Service {
		byte[] answer(String path, byte[] body) throws Exception;
	}

	/* An answer without a body: the HTTP status says it all. */
	static class Refused extends Exception {
		private static final long serialVersionUID = 1;
		final int status;

		Refused(int status, String why) {
			super(why);
			this.status = status;
		}
	}

	static boolean mode(String word) {
		return modes.contains(word);
	}

	static synchronized void log(String line) {
		System.out.println(line);
		System.out.flush();
	}

	static byte[] utf8(String s) {
		return s.getBytes(StandardCharsets.UTF_8);
	}

	private static void send(HttpExchange x, int status, String type,
	    byte[] body) throws IOException {
		x.getResponseHeaders().set("Content-Type", type);
		x.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
		try (OutputStream out = x.getResponseBody()) {
			out.write(body);
		}
	}

	private static void serve(HttpServer http, String path, String type,
	    Service s) {
		http.createContext(path, x -> {
			byte[] out = new byte[0];
			int status = 200;

			try {
				String rest = x.getRequestURI().getPath()
				    .substring(path.length());
				out = s.answer(rest,
				    x.getRequestBody().readNBytes(BODY_MAX));
			} catch (Refused e) {
				log(path + " refused: " + e.getMessage());
				status = e.status;
			} catch (Exception e) {
				log(path + " failed: " + e);
				status = 500;
			}
			send(x, status, type, out);
			x.close();
		});
	}

	private static byte[] setModes(byte[] body) {
		String words = new String(body, StandardCharsets.UTF_8).trim();

		modes = words.isEmpty() ? Set.of() : Set.of(words.split(" "));
		log("mode " + words);
		return new byte[0];
	}

	public static void main(String[] args) throws Exception {
		Map<String, String> arg = new HashMap<>();

		Security.addProvider(new BouncyCastleProvider());
		for (String a : args)
			arg.put(a.substring(0, a.indexOf('=')),
			    a.substring(a.indexOf('=') + 1));
		HttpServer http = HttpServer.create(new InetSocketAddress(
		    InetAddress.getLoopbackAddress(), 0), 0);
		String url = "http://127.0.0.1:" + http.getAddress().getPort();
		Authority ca = new Authority(url);
		CmpService cmp = new CmpService(ca);
		StatusService status = new StatusService(ca);
		RegistryService registry =
		    new RegistryService(ca, arg.get("registry"), arg.get("bank"));

		ca.writeFiles(Path.of(arg.get("dir")));
		serve(http, "/pki", "application/pkixcmp",
		    (path, body) -> cmp.answer(body));
		serve(http, "/status", "application/ocsp-response",
		    (path, body) -> status.ocsp(body));
		serve(http, "/list.crl", "application/pkix-crl",
		    (path, body) -> status.crl());
		serve(http, "/ra", "application/json", registry::answer);
		serve(http, "/mode", "text/plain", (path, body) -> setModes(body));
		serve(http, "/records", "text/plain",
		    (path, body) -> utf8(ca.listing()));
		http.start();
		log("{\"url\":\"" + url + "\",\"signer\":\""
		    + Authority.SIGNER_TEXT + "\"}");
	}
}
