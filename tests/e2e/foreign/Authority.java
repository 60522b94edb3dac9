/*
 * Authority - the keys of the foreign CA, its certificates of the Korean
 * profile, and what became of each.
 *
 * Unlike the branch's own practice CA: 3072-bit CA keys that may sign
 * certificates and CRLs only, one more CA below the root, 16-byte serial
 * numbers, names of another issuer, CMP and OCSP answers signed by certificates
 * made for it.
 */
import java.io.FileWriter;
import java.io.IOException;
import java.io.Writer;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.time.*;
import java.util.*;
import org.bouncycastle.asn1.*;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.*;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

class Authority {
	static final String POLICY = "1.2.410.200004.5.2.1.7.1";
	static final String SIGNER_TEXT =
	    "/C=KR/O=KICA/OU=AccreditedCA/CN=Foreign CMP";
	static final ZoneId KOREA = ZoneId.of("Asia/Seoul");
	static final int OLD_DAYS_LEFT = 112, YEAR = 365;
	static final SecureRandom RANDOM = new SecureRandom();

	enum State { UNCONFIRMED, VALID, HELD, REVOKED, REJECTED }

	/* A key with its certificate. */
	static class Identity {
		KeyPair keys;
		X509CertificateHolder cert;

		ContentSigner signer() throws Exception {
			return new JcaContentSignerBuilder("SHA256withRSA")
			    .build(keys.getPrivate());
		}
	}

	/* One subscriber certificate. */
	static class Issued {
		X509CertificateHolder cert;
		Person person;
		State state;
		int reason = -1;
		Date since;

		String serial() {
			return cert.getSerialNumber().toString(16);
		}
	}

	/* Somebody the registry vouches for. */
	static class Person {
		String id, name, number;
		Issued current;
	}

	final String url;
	final Identity root, middle, ca, cmp, ocsp, ra, stranger;
	private final Map<BigInteger, Issued> issued = new LinkedHashMap<>();

	Authority(String url) throws Exception {
		this.url = url;
		root = identity("Foreign Root", 3072, null, null);
		middle = identity("Foreign Policy CA", 3072, root, null);
		ca = identity("Foreign CA", 3072, middle, null);
		cmp = identity("Foreign CMP", 2048, ca, null);
		ocsp = identity("Foreign OCSP", 2048, ca,
		    KeyPurposeId.id_kp_OCSPSigning);
		ra = identity("Branch 0417", 2048, ca, null);
		stranger = identity("Foreign OCSP", 2048, null,
		    KeyPurposeId.id_kp_OCSPSigning);
	}

	static KeyPair newKeys(int bits) throws Exception {
		KeyPairGenerator g = KeyPairGenerator.getInstance("RSA");

		g.initialize(bits);
		return g.generateKeyPair();
	}

	private static X500Name name(String... parts) {
		X500NameBuilder b = new X500NameBuilder(BCStyle.INSTANCE);

		b.addRDN(BCStyle.C, "KR").addRDN(BCStyle.O, "KICA");
		for (int i = 0; i + 1 < parts.length; i++)
			b.addRDN(BCStyle.OU, parts[i]);
		return b.addRDN(BCStyle.CN, parts[parts.length - 1]).build();
	}

	/* Positive, and with a leading zero byte in DER. */
	private static BigInteger newSerial() {
		byte[] b = new byte[16];

		RANDOM.nextBytes(b);
		b[0] |= (byte) 0x80;
		return new BigInteger(1, b);
	}

	static Date midnight(int days) {
		return Date.from(LocalDate.now(KOREA).plusDays(days)
		    .atStartOfDay(KOREA).toInstant());
	}

	static Date lastSecond(int days) {
		return Date.from(midnight(days + 1).toInstant().minusSeconds(1));
	}

	private static Identity identity(String cn, int bits, Identity by,
	    KeyPurposeId purpose) throws Exception {
		Identity me = new Identity();
		X500Name subject = name("AccreditedCA", cn);
		JcaX509ExtensionUtils utils = new JcaX509ExtensionUtils();
		boolean authority = bits > 2048;

		me.keys = newKeys(bits);
		SubjectPublicKeyInfo spki =
		    SubjectPublicKeyInfo.getInstance(me.keys.getPublic().getEncoded());
		X509v3CertificateBuilder b = new X509v3CertificateBuilder(
		    by == null ? subject : by.cert.getSubject(), newSerial(),
		    midnight(-YEAR), lastSecond(10 * YEAR), subject, spki);
		if (by != null)
			b.addExtension(Extension.authorityKeyIdentifier, false,
			    utils.createAuthorityKeyIdentifier(by.cert));
		b.addExtension(Extension.subjectKeyIdentifier, false,
		    utils.createSubjectKeyIdentifier(spki));
		b.addExtension(Extension.keyUsage, true, new KeyUsage(authority
		    ? KeyUsage.keyCertSign | KeyUsage.cRLSign
		    : KeyUsage.digitalSignature));
		if (authority)
			b.addExtension(Extension.basicConstraints, true,
			    new BasicConstraints(true));
		if (purpose != null)
			b.addExtension(Extension.extendedKeyUsage, false,
			    new ExtendedKeyUsage(purpose));
		me.cert = b.build((by == null ? me : by).signer());
		return me;
	}

	private static CertificatePolicies policies() {
		UserNotice notice = new UserNotice(null, new DisplayText(
		    DisplayText.CONTENT_TYPE_BMPSTRING, "이 인증서는 시험용 인증서입니다"));
		ASN1Encodable[] qualifiers = {
		    new PolicyQualifierInfo(PolicyQualifierId.id_qt_unotice, notice),
		    new PolicyQualifierInfo("http://www.example.com/cps.html") };

		return new CertificatePolicies(new PolicyInformation(
		    new ASN1ObjectIdentifier(POLICY), new DERSequence(qualifiers)));
	}

	/* A subscriber's certificate; `vid` null leaves the binding out. */
	Issued issue(Person who, SubjectPublicKeyInfo key, X500Name subject,
	    Date from, Date until, byte[] vid, State state) throws Exception {
		JcaX509ExtensionUtils utils = new JcaX509ExtensionUtils();
		X509v3CertificateBuilder b = new X509v3CertificateBuilder(
		    ca.cert.getSubject(), newSerial(), from, until, subject, key);
		Issued i = new Issued();

		b.addExtension(Extension.authorityKeyIdentifier, false,
		    utils.createAuthorityKeyIdentifier(ca.cert));
		b.addExtension(Extension.subjectKeyIdentifier, false,
		    utils.createSubjectKeyIdentifier(key));
		b.addExtension(Extension.keyUsage, true, new KeyUsage(
		    KeyUsage.digitalSignature | KeyUsage.nonRepudiation));
		b.addExtension(Extension.certificatePolicies, true, policies());
		b.addExtension(Extension.subjectAlternativeName, false,
		    IdentifyData.altName(who.name, vid));
		b.addExtension(Extension.cRLDistributionPoints, false,
		    new CRLDistPoint(new DistributionPoint[] { new DistributionPoint(
			new DistributionPointName(new GeneralNames(
			    new GeneralName(GeneralName.uniformResourceIdentifier,
				url + "/list.crl"))), null, null) }));
		b.addExtension(Extension.authorityInfoAccess, false,
		    new AuthorityInformationAccess(X509ObjectIdentifiers.id_ad_ocsp,
			new GeneralName(GeneralName.uniformResourceIdentifier,
			    url + "/status")));
		i.cert = b.build(ca.signer());
		i.person = who;
		i.state = state;
		i.since = new Date();
		issued.put(i.cert.getSerialNumber(), i);
		return i;
	}

	/* The certificate a person comes to replace. */
	Issued firstOf(Person who, String bank) throws Exception {
		byte[] r = new byte[IdentifyData.R_BYTES];

		if (who.current != null)
			return who.current;
		RANDOM.nextBytes(r);
		who.current = issue(who, SubjectPublicKeyInfo.getInstance(
		    newKeys(2048).getPublic().getEncoded()),
		    name("licensedCA", "등록기관", bank, "RA센터", who.name),
		    midnight(OLD_DAYS_LEFT - YEAR), lastSecond(OLD_DAYS_LEFT),
		    ForeignCa.mode("no_vid") ? null
					      : IdentifyData.vid(who.number, r),
		    State.VALID);
		return who.current;
	}

	Issued find(BigInteger serial) {
		return issued.get(serial);
	}

	Collection<Issued> all() {
		return issued.values();
	}

	void set(Issued i, State state, int reason) {
		i.state = state;
		i.reason = reason;
		i.since = new Date();
	}

	String listing() {
		StringBuilder b = new StringBuilder();

		for (Issued i : issued.values())
			b.append(i.serial()).append(' ')
			    .append(i.person.number).append(' ')
			    .append(i.state).append(' ')
			    .append(i.reason).append('\n');
		return b.toString();
	}

	void writeFiles(Path dir) throws IOException {
		Path key = dir.resolve("ra.key");

		Files.write(dir.resolve("root.der"), root.cert.getEncoded());
		Files.write(dir.resolve("middle.der"), middle.cert.getEncoded());
		Files.write(dir.resolve("ca.der"), ca.cert.getEncoded());
		Files.write(dir.resolve("ra.der"), ra.cert.getEncoded());
		Files.createFile(key, PosixFilePermissions.asFileAttribute(
		    PosixFilePermissions.fromString("rw-------")));
		try (Writer w = new FileWriter(key.toFile());
		    JcaPEMWriter pem = new JcaPEMWriter(w)) {
			pem.writeObject(
			    new JcaPKCS8Generator(ra.keys.getPrivate(), null));
		}
	}
}
