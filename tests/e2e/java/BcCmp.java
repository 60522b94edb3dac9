/*
 * BcCmp - a CMP client on BouncyCastle, so that the CA is judged by an
 * implementation that shares no code with it.
 *
 *   java BcCmp ir      url= ref= secret= state= [tid=] [pvno=] [number= ca=]
 *   java BcCmp confirm state= [reject=1] [nonce=]
 *   java BcCmp rr      url= cert= key= ca= serial= reason=
 *
 * `ir` prints what came back and keeps in the file `state` what `confirm`
 * needs.  With number= the request carries an EncryptedVID for that number.
 * Output: one "name=value" a line; exit 0 when an answer was understood.
 */
import java.io.*;
import java.math.BigInteger;
import java.net.*;
import java.nio.file.*;
import java.security.*;
import java.security.cert.*;
import java.util.*;
import javax.crypto.Cipher;
import org.bouncycastle.asn1.*;
import org.bouncycastle.asn1.cmp.*;
import org.bouncycastle.asn1.crmf.*;
import org.bouncycastle.asn1.iana.IANAObjectIdentifiers;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.*;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.cmp.*;
import org.bouncycastle.cert.crmf.*;
import org.bouncycastle.cert.crmf.jcajce.*;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.operator.*;
import org.bouncycastle.operator.jcajce.*;

public class BcCmp {
	static final SecureRandom RANDOM = new SecureRandom();
	static final Map<String, String> arg = new HashMap<>();

	public static void main(String[] args) throws Exception {
		Security.addProvider(new BouncyCastleProvider());
		for (int i = 1; i < args.length; i++) {
			int eq = args[i].indexOf('=');
			arg.put(args[i].substring(0, eq), args[i].substring(eq + 1));
		}
		switch (args[0]) {
		case "ir":
			ir();
			break;
		case "confirm":
			confirm();
			break;
		case "rr":
			rr();
			break;
		default:
			throw new IllegalArgumentException(args[0]);
		}
	}

	static void say(String name, Object value) {
		System.out.println(name + "=" + value);
	}

	static byte[] random(int n) {
		byte[] b = new byte[n];
		RANDOM.nextBytes(b);
		return b;
	}

	static String hex(byte[] b) {
		return HexFormat.of().formatHex(b);
	}

	static byte[] unhex(String s) {
		return HexFormat.of().parseHex(s);
	}

	static Object pem(String file) throws IOException {
		try (PEMParser p = new PEMParser(new FileReader(file))) {
			return p.readObject();
		}
	}

	static X509CertificateHolder certificate(String file)
	    throws IOException {
		byte[] data = Files.readAllBytes(Path.of(file));

		return data[0] == 0x30 ? new X509CertificateHolder(data)
				       : (X509CertificateHolder) pem(file);
	}

	static PrivateKey key(String file) throws IOException {
		Object o = pem(file);
		JcaPEMKeyConverter c = new JcaPEMKeyConverter();

		return o instanceof PEMKeyPair
		    ? c.getPrivateKey(((PEMKeyPair) o).getPrivateKeyInfo())
		    : c.getPrivateKey(
			  (org.bouncycastle.asn1.pkcs.PrivateKeyInfo) o);
	}

	/* ---- messages --------------------------------------------------- */

	static MacCalculator mac(String secret) throws Exception {
		PKMACBuilder b = new PKMACBuilder(new JcePKMACValuesCalculator());

		b.setParameters(new PBMParameter(random(16),
		    new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256),
		    1024,
		    new AlgorithmIdentifier(
			PKCSObjectIdentifiers.id_hmacWithSHA256)));
		return b.build(secret.toCharArray());
	}

	static ProtectedPKIMessageBuilder message(int pvno, X500Name sender,
	    byte[] tid, byte[] nonce, byte[] recipNonce, byte[] kid) {
		ProtectedPKIMessageBuilder b = new ProtectedPKIMessageBuilder(
		    pvno, new GeneralName(sender),
		    new GeneralName(new X500Name(new org.bouncycastle.asn1.x500.RDN[0])));

		b.setTransactionID(tid);
		b.setSenderNonce(nonce);
		if (recipNonce != null)
			b.setRecipNonce(recipNonce);
		if (kid != null)
			b.setSenderKID(kid);
		b.setMessageTime(new Date());
		return b;
	}

	static ProtectedPKIMessage post(String url, ProtectedPKIMessage m)
	    throws Exception {
		HttpURLConnection c =
		    (HttpURLConnection) new URL(url).openConnection();

		c.setDoOutput(true);
		c.setConnectTimeout(5000);
		c.setReadTimeout(20000);
		c.setRequestProperty("Content-Type", "application/pkixcmp");
		try (OutputStream out = c.getOutputStream()) {
			out.write(m.toASN1Structure().getEncoded(ASN1Encoding.DER));
		}
		try (InputStream in = c.getInputStream()) {
			return new ProtectedPKIMessage(
			    new GeneralPKIMessage(in.readAllBytes()));
		}
	}

	static void status(PKIStatusInfo s) {
		say("status", s.getStatus());
		ASN1BitString f = s.getFailInfo();
		if (f != null)
			for (int i = 0; i < 27; i++)
				if (i / 8 < f.getBytes().length
				    && (f.getBytes()[i / 8] & 0x80 >> i % 8) != 0)
					say("fail", i);
		if (s.getStatusString() != null)
			say("text", s.getStatusString().getStringAtUTF8(0));
	}

	static boolean verified(ProtectedPKIMessage m, String secret,
	    X509CertificateHolder ca) throws Exception {
		if (m.hasPasswordBasedMacProtection())
			return m.verify(
			    new PKMACBuilder(new JcePKMACValuesCalculator()),
			    secret.toCharArray());
		if (ca == null)
			ca = m.getCertificates()[0];
		return m.verify(new JcaContentVerifierProviderBuilder().build(ca));
	}

	static void show(ProtectedPKIMessage m, String secret,
	    X509CertificateHolder ca, byte[] tid, byte[] nonce)
	    throws Exception {
		PKIBody body = m.getBody();

		say("body", body.getType());
		say("protected", verified(m, secret, ca));
		say("same_transaction", Arrays.equals(
		    m.getHeader().getTransactionID().getOctets(), tid));
		say("same_nonce", Arrays.equals(
		    m.getHeader().getRecipNonce().getOctets(), nonce));
		if (body.getType() == PKIBody.TYPE_ERROR)
			status(ErrorMsgContent.getInstance(body.getContent())
				   .getPKIStatusInfo());
	}

	/* ---- EncryptedVID ------------------------------------------------- */

	static byte[] sha256(byte[] b) throws Exception {
		return MessageDigest.getInstance("SHA-256").digest(b);
	}

	static byte[] encryptedVid(String number, byte[] r,
	    X509CertificateHolder ca) throws Exception {
		byte[] content = new DERSequence(new ASN1Encodable[] {
		    new DERPrintableString(number), new DERBitString(r) })
		    .getEncoded(ASN1Encoding.DER);
		byte[] vid = sha256(sha256(content));
		AlgorithmIdentifier hash =
		    new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256);
		AlgorithmIdentifier rsa = new AlgorithmIdentifier(
		    PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE);
		/* VID, randomNum */
		byte[] plain = new DERSequence(new ASN1Encodable[] {
		    new DERSequence(new ASN1Encodable[] { hash,
			new DERTaggedObject(true, 0, new DEROctetString(vid)) }),
		    new DERBitString(r) }).getEncoded(ASN1Encoding.DER);
		Cipher c = Cipher.getInstance("RSA/ECB/PKCS1Padding");

		c.init(Cipher.ENCRYPT_MODE, KeyFactory.getInstance("RSA")
		    .generatePublic(new java.security.spec.X509EncodedKeySpec(
			ca.getSubjectPublicKeyInfo().getEncoded())));
		return new DERSequence(new ASN1Encodable[] {
		    new DERTaggedObject(true, 0, new ASN1Integer(0)),
		    new DERTaggedObject(true, 1, hash),
		    new DERTaggedObject(true, 2, rsa),
		    new DERTaggedObject(true, 3,
			new org.bouncycastle.asn1.cms.IssuerAndSerialNumber(
			    ca.getIssuer(), ca.getSerialNumber())),
		    new DERTaggedObject(true, 4,
			new DEROctetString(c.doFinal(plain))) })
		    .getEncoded(ASN1Encoding.DER);
	}

	/* ---- commands ------------------------------------------------------- */

	static CertReqMessages request(KeyPair pair) throws Exception {
		CertificateRequestMessage m =
		    new JcaCertificateRequestMessageBuilder(BigInteger.ZERO)
			.setPublicKey(pair.getPublic())
			.setSubject(new X500Name("CN=whoever"))
			.setProofOfPossessionSigningKeySigner(
			    new JcaContentSignerBuilder("SHA256withRSA")
				.build(pair.getPrivate()))
			.build();

		return new CertReqMessages(m.toASN1Structure());
	}

	static void ir() throws Exception {
		KeyPairGenerator g = KeyPairGenerator.getInstance("RSA");
		g.initialize(2048);
		KeyPair pair = g.generateKeyPair();
		byte[] tid = arg.containsKey("tid") ? unhex(arg.get("tid"))
						    : random(16);
		byte[] nonce = random(16);
		int pvno = Integer.parseInt(arg.getOrDefault("pvno", "2"));
		ProtectedPKIMessageBuilder b = message(pvno,
		    new X500Name("CN=whoever"), tid, nonce, null,
		    arg.get("ref").getBytes());

		if (arg.containsKey("number")) {
			byte[] r = random(20);
			b.addGeneralInfo(new InfoTypeAndValue(
			    new ASN1ObjectIdentifier("1.2.410.200004.10.1.1.2"),
			    ASN1Primitive.fromByteArray(
				encryptedVid(arg.get("number"), r,
				    certificate(arg.get("ca"))))));
			say("r", hex(r));
		}
		b.setBody(new PKIBody(PKIBody.TYPE_INIT_REQ, request(pair)));
		ProtectedPKIMessage answer =
		    post(arg.get("url"), b.build(mac(arg.get("secret"))));
		show(answer, arg.get("secret"), null, tid, nonce);
		if (answer.getBody().getType() == PKIBody.TYPE_INIT_REP)
			issued(answer, pair, tid);
	}

	static void issued(ProtectedPKIMessage answer, KeyPair pair, byte[] tid)
	    throws Exception {
		CertResponse r = CertRepMessage
		    .getInstance(answer.getBody().getContent())
		    .getResponse()[0];

		status(r.getStatus());
		InfoTypeAndValue[] info = answer.getHeader().getGeneralInfo();
		for (int i = 0; info != null && i < info.length; i++)
			if (info[i].getInfoType().equals(CMPObjectIdentifiers.it_confirmWaitTime))
				say("confirm_wait", ASN1GeneralizedTime
				    .getInstance(info[i].getInfoValue()).getTimeString());
		if (r.getCertifiedKeyPair() == null)
			return;
		CMPCertificate c = r.getCertifiedKeyPair()
		    .getCertOrEncCert().getCertificate();
		X509CertificateHolder h =
		    new X509CertificateHolder(c.getX509v3PKCert());
		say("serial", h.getSerialNumber().toString(16));
		say("own_key", h.getSubjectPublicKeyInfo().equals(
		    SubjectPublicKeyInfo.getInstance(
			pair.getPublic().getEncoded())));
		Properties p = new Properties();
		for (String k : new String[] { "url", "ref", "secret" })
			p.setProperty(k, arg.get(k));
		p.setProperty("tid", hex(tid));
		p.setProperty("nonce",
		    hex(answer.getHeader().getSenderNonce().getOctets()));
		p.setProperty("cert", hex(h.getEncoded()));
		try (OutputStream out = new FileOutputStream(arg.get("state"))) {
			p.store(out, null);
		}
	}

	static void confirm() throws Exception {
		Properties p = new Properties();
		try (InputStream in = new FileInputStream(arg.get("state"))) {
			p.load(in);
		}
		byte[] tid = unhex(p.getProperty("tid")), nonce = random(16);
		PKIStatusInfo no = new PKIStatusInfo(PKIStatus.rejection,
		    new PKIFreeText("not wanted"));
		CertStatus s = arg.containsKey("reject")
		    ? new CertStatus(sha256(unhex(p.getProperty("cert"))),
			  BigInteger.ZERO, no)
		    : new CertStatus(sha256(unhex(p.getProperty("cert"))),
			  BigInteger.ZERO);
		ProtectedPKIMessageBuilder b = message(2,
		    new X500Name("CN=whoever"), tid, nonce,
		    unhex(arg.getOrDefault("nonce", p.getProperty("nonce"))),
		    p.getProperty("ref").getBytes());

		b.setBody(new PKIBody(PKIBody.TYPE_CERT_CONFIRM,
		    CertConfirmContent.getInstance(new DERSequence(s))));
		show(post(p.getProperty("url"),
			 b.build(mac(p.getProperty("secret")))),
		    p.getProperty("secret"), null, tid, nonce);
	}

	static void rr() throws Exception {
		X509CertificateHolder ra = certificate(arg.get("cert"));
		X509CertificateHolder ca = certificate(arg.get("ca"));
		byte[] tid = random(16), nonce = random(16);
		CertTemplate t = new CertTemplateBuilder()
		    .setIssuer(ca.getSubject())
		    .setSerialNumber(new ASN1Integer(
			new BigInteger(arg.get("serial"), 16))).build();
		Extensions x = new Extensions(new Extension(
		    Extension.reasonCode, false,
		    new ASN1Enumerated(Integer.parseInt(arg.get("reason")))
			.getEncoded()));
		ASN1Encodable details =
		    new DERSequence(new ASN1Encodable[] { t, x });
		ProtectedPKIMessageBuilder b = message(2, ra.getSubject(), tid,
		    nonce, null, null);

		b.addCMPCertificate(ra);
		b.setBody(new PKIBody(PKIBody.TYPE_REVOCATION_REQ,
		    RevReqContent.getInstance(new DERSequence(details))));
		ProtectedPKIMessage answer = post(arg.get("url"),
		    b.build(new JcaContentSignerBuilder("SHA256withRSA")
			.build(key(arg.get("key")))));
		show(answer, null, ca, tid, nonce);
		if (answer.getBody().getType() == PKIBody.TYPE_REVOCATION_REP)
			status(RevRepContent.getInstance(
			    answer.getBody().getContent()).getStatus()[0]);
	}
}
