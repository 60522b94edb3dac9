/*
 * RegistryService - the CA's side of the branch's registry: certificates held
 * and enrollment are answered here, identity and factors by the service
 * behind.  It learns whom a person word means when an identity check passes
 * through it.
 */
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

class RegistryService {
	static final String BANK_NAME = "한빛은행";
	static final int ENROLLMENT_S = 3600;
	private final Authority ca;
	private final String behind, bank;
	private final HttpClient http = HttpClient.newHttpClient();
	private final Map<String, Authority.Person> people = new HashMap<>();

	/* What a reference number stands for. */
	static class Enrollment {
		String refnum, authcode, application;
		Authority.Issued replaces;
		Authority.Issued made;
	}
	private static final Map<String, Enrollment> enrollments =
	    new HashMap<>();

	RegistryService(Authority ca, String behind, String bank) {
		this.ca = ca;
		this.behind = behind;
		this.bank = bank;
	}

	static Enrollment enrollment(String refnum) {
		return enrollments.get(refnum);
	}

	/* A text member of flat JSON without escapes, as these all are. */
	private static String member(String json, String key) {
		Matcher m = Pattern.compile("\"" + key
		    + "\"\\s*:\\s*\"([^\"\\\\]*)\"").matcher(json);

		return m.find() ? m.group(1) : "";
	}

	private String pass(String path, byte[] body) throws Exception {
		HttpRequest.Builder b = HttpRequest.newBuilder(URI.create(behind + path))
		    .header("Content-Type", "application/json");
		HttpResponse<byte[]> r = http.send(
		    (body.length == 0
			? b.GET()
			: b.POST(HttpRequest.BodyPublishers.ofByteArray(body)))
			.build(),
		    HttpResponse.BodyHandlers.ofByteArray());

		if (r.statusCode() != 200)
			throw new ForeignCa.Refused(r.statusCode(), path);
		return new String(r.body(), StandardCharsets.UTF_8);
	}

	private String identity(byte[] body) throws Exception {
		String asked = new String(body, StandardCharsets.UTF_8);
		String answer = pass("/identity/verify", body);

		synchronized (ca) {
			if (member(answer, "result").equals("match"))
				learn(member(answer, "person"),
				    member(asked, "name"),
				    member(asked, "number"));
		}
		return answer;
	}

	private void learn(String id, String name, String number) {
		Authority.Person p = people.computeIfAbsent(id,
		    word -> new Authority.Person());

		p.id = id;
		p.name = name;
		p.number = number;
	}

	private static String word(Authority.Issued i) {
		return i.state == Authority.State.VALID ? "valid"
		    : i.state == Authority.State.HELD   ? "suspended"
							: "revoked";
	}

	private String certificates(Authority.Person who) throws Exception {
		if (who == null)
			return "{\"certificates\":[]}";
		Authority.Issued i = ca.firstOf(who, BANK_NAME);
		return "{\"certificates\":[{\"certificate\":\""
		    + Base64.getEncoder().encodeToString(i.cert.getEncoded())
		    + "\",\"status\":\"" + word(i) + "\",\"bank\":\"" + bank
		    + "\",\"bank_name\":\"" + BANK_NAME
		    + "\",\"issuer_o\":\"KICA\"}]}";
	}

	private String enroll(Authority.Person who, String body) {
		Enrollment e = null;

		if (who == null || who.current == null
		    || !who.current.serial().equals(
			member(body, "serial").replaceFirst("^0+", "")))
			return "{\"result\":\"refused\",\"reason\":\"certificate\"}";
		for (Enrollment old : enrollments.values())
			if (old.made == null && old.replaces == who.current
			    && old.application.equals(member(body, "application")))
				e = old;
		if (e == null) {
			e = new Enrollment();
			e.refnum = String.format("%08d",
			    Authority.RANDOM.nextInt(100000000));
			e.authcode = Long.toUnsignedString(
			    Authority.RANDOM.nextLong(), 36);
			e.application = member(body, "application");
			e.replaces = who.current;
			enrollments.put(e.refnum, e);
		}
		ForeignCa.log("enrollment refnum=" + e.refnum);
		return "{\"result\":\"ok\",\"refnum\":\"" + e.refnum
		    + "\",\"authcode\":\"" + e.authcode + "\",\"expires_at\":"
		    + (Instant.now().getEpochSecond() + ENROLLMENT_S) + "}";
	}

	byte[] answer(String path, byte[] body) throws Exception {
		String text = new String(body, StandardCharsets.UTF_8);

		if (path.equals("/identity/verify"))
			return ForeignCa.utf8(identity(body));
		synchronized (ca) {
			Authority.Person who = people.get(member(text, "person"));

			if (path.equals("/certificates"))
				return ForeignCa.utf8(certificates(who));
			if (path.equals("/enrollment"))
				return ForeignCa.utf8(enroll(who, text));
		}
		return ForeignCa.utf8(pass(path, body));
	}
}
