/*
 * CmpService - CMP (RFC 4210, pvno 2) over HTTP: ir under PasswordBasedMac,
 * explicit certConf, and rr signed by the one RA certificate.
 *
 * A request repeated byte by byte gets the answer it got before.
 */
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import org.bouncycastle.asn1.*;
import org.bouncycastle.asn1.cmp.*;
import org.bouncycastle.asn1.crmf.*;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.*;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.cmp.*;
import org.bouncycastle.cert.crmf.CertificateRequestMessage;
import org.bouncycastle.cert.crmf.PKMACBuilder;
import org.bouncycastle.cert.crmf.jcajce.JcePKMACValuesCalculator;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

class CmpService {
	static final int ITERATIONS = 3000, CONFIRM_WAIT_MS = 600 * 1000;
	static final int HOLD = 6, RELEASE = 8, NO_REASON = -1;
	private final Authority ca;
	private final Map<ByteBuffer, byte[]> answered = new HashMap<>();
	private final Map<ByteBuffer, Issuance> open = new HashMap<>();

	/* A transaction between ip and pkiconf. */
	private static class Issuance {
		RegistryService.Enrollment by;
		Authority.Issued made;
	}

	/* A refusal that is told to the client. */
	private static class Refusal extends Exception {
		private static final long serialVersionUID = 1;
		final int bit;

		Refusal(int bit, String why) {
			super(why);
			this.bit = bit;
		}

		PKIStatusInfo status() {
			return new PKIStatusInfo(PKIStatus.rejection,
			    new PKIFreeText(getMessage()), new PKIFailureInfo(bit));
		}
	}

	/* An answer of somebody who does not know the secret: not kept. */
	private static class Forged extends Exception {
		private static final long serialVersionUID = 1;
		final transient byte[] answer;

		Forged(byte[] answer) {
			this.answer = answer;
		}
	}

	CmpService(Authority ca) {
		this.ca = ca;
	}

	private static void require(boolean ok, int bit, String why)
	    throws Refusal {
		if (!ok)
			throw new Refusal(bit, why);
	}

	private static byte[] random(int n) {
		byte[] b = new byte[n];

		Authority.RANDOM.nextBytes(b);
		return b;
	}

	/* ---- answers -------------------------------------------------------- */

	private Authority.Identity me() {
		return ForeignCa.mode("ca_signs") ? ca.ca : ca.cmp;
	}

	private ProtectedPKIMessageBuilder head(PKIHeader asked) {
		ProtectedPKIMessageBuilder b = new ProtectedPKIMessageBuilder(
		    PKIHeader.CMP_2000, new GeneralName(me().cert.getSubject()),
		    asked.getSender());

		b.setTransactionID(asked.getTransactionID().getOctets());
		b.setSenderNonce(random(16));
		b.setRecipNonce(asked.getSenderNonce().getOctets());
		b.setMessageTime(new Date());
		return b;
	}

	private byte[] signed(PKIHeader asked, PKIBody body) throws Exception {
		ProtectedPKIMessageBuilder b = head(asked);

		b.setSenderKID(SubjectKeyIdentifier.fromExtensions(
		    me().cert.getExtensions()).getKeyIdentifier());
		b.addCMPCertificate(me().cert);
		b.setBody(body);
		return b.build(me().signer()).toASN1Structure()
		    .getEncoded(ASN1Encoding.DER);
	}

	private byte[] maced(PKIHeader asked, PKIBody body, String secret)
	    throws Exception {
		ProtectedPKIMessageBuilder b = head(asked);
		PKMACBuilder mac = new PKMACBuilder(new JcePKMACValuesCalculator());

		mac.setParameters(new PBMParameter(random(20),
		    new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256),
		    ITERATIONS,
		    new AlgorithmIdentifier(PKCSObjectIdentifiers.id_hmacWithSHA256)));
		b.setSenderKID(asked.getSenderKID().getOctets());
		b.addGeneralInfo(new InfoTypeAndValue(
		    CMPObjectIdentifiers.it_confirmWaitTime,
		    new DERGeneralizedTime(new Date(
			System.currentTimeMillis() + CONFIRM_WAIT_MS))));
		b.setBody(body);
		return b.build(mac.build(secret.toCharArray())).toASN1Structure()
		    .getEncoded(ASN1Encoding.DER);
	}

	private static PKIBody error(Refusal r) {
		return new PKIBody(PKIBody.TYPE_ERROR,
		    new ErrorMsgContent(r.status()));
	}

	/* ---- requests --------------------------------------------------------- */

	synchronized byte[] answer(byte[] der) throws Exception {
		ByteBuffer key = ByteBuffer.wrap(der);
		byte[] out = answered.get(key);

		if (der.length == 0)
			throw new ForeignCa.Refused(400, "no message");
		if (out != null) {
			ForeignCa.log("same bytes again");
			return out;
		}
		try {
			synchronized (ca) {
				out = decide(new GeneralPKIMessage(der));
			}
		} catch (Forged f) {
			return f.answer;
		}
		answered.put(key, out);
		return out;
	}

	private byte[] decide(GeneralPKIMessage general) throws Exception {
		PKIHeader header = general.getHeader();

		try {
			require(general.hasProtection(),
			    PKIFailureInfo.badMessageCheck, "no protection");
			require(header.getPvno().hasValue(PKIHeader.CMP_2000),
			    PKIFailureInfo.unsupportedVersion, "version");
			ProtectedPKIMessage m = new ProtectedPKIMessage(general);
			switch (m.getBody().getType()) {
			case PKIBody.TYPE_INIT_REQ:
				return initialization(m);
			case PKIBody.TYPE_CERT_CONFIRM:
				return confirmation(m);
			case PKIBody.TYPE_REVOCATION_REQ:
				return revocation(m);
			default:
				throw new Refusal(
				    PKIFailureInfo.badRequest, "kind of message");
			}
		} catch (Refusal r) {
			ForeignCa.log("refused: " + r.getMessage());
			return signed(header, error(r));
		}
	}

	private static RegistryService.Enrollment verified(ProtectedPKIMessage m)
	    throws Exception {
		ASN1OctetString kid = m.getHeader().getSenderKID();
		RegistryService.Enrollment e = kid == null ? null
		    : RegistryService.enrollment(new String(
			  kid.getOctets(), StandardCharsets.US_ASCII));
		PBMParameter p;

		require(e != null && m.hasPasswordBasedMacProtection(),
		    PKIFailureInfo.badMessageCheck, "reference number");
		p = PBMParameter.getInstance(
		    m.getHeader().getProtectionAlg().getParameters());
		require(p.getOwf().getAlgorithm().equals(
			NISTObjectIdentifiers.id_sha256)
		    && p.getMac().getAlgorithm().equals(
			PKCSObjectIdentifiers.id_hmacWithSHA256),
		    PKIFailureInfo.badAlg, "SHA-256 is asked for");
		require(m.verify(new PKMACBuilder(new JcePKMACValuesCalculator()),
		    e.authcode.toCharArray()),
		    PKIFailureInfo.badMessageCheck, "authorisation code");
		return e;
	}

	/* The VID the CA computes itself from the number it knows and the R it
	 * is sent; null when none is sent. */
	private byte[] binding(ProtectedPKIMessage m, Authority.Person who)
	    throws Exception {
		InfoTypeAndValue[] info = m.getHeader().getGeneralInfo();

		for (int i = 0; info != null && i < info.length; i++) {
			if (!info[i].getInfoType().equals(IdentifyData.ENCRYPTED_VID))
				continue;
			IdentifyData.Sent sent = IdentifyData.open(
			    info[i].getInfoValue(), ca.ca.keys.getPrivate(),
			    ca.ca.cert);
			byte[] vid = IdentifyData.vid(who.number, sent.r);
			require(Arrays.equals(vid, sent.vid),
			    PKIFailureInfo.badRequest, "VID of another number");
			return vid;
		}
		return null;
	}

	private SubjectPublicKeyInfo provenKey(CertificateRequestMessage r)
	    throws Exception {
		SubjectPublicKeyInfo key = r.getCertTemplate().getPublicKey();

		require(r.getProofOfPossessionType()
			== CertificateRequestMessage.popSigningKey
		    && r.isValidSigningKeyPOP(
			new JcaContentVerifierProviderBuilder().build(key)),
		    PKIFailureInfo.badPOP, "proof of possession");
		return key;
	}

	private byte[] initialization(ProtectedPKIMessage m) throws Exception {
		RegistryService.Enrollment e = verified(m);
		CertReqMsg[] all = CertReqMessages
		    .getInstance(m.getBody().getContent()).toCertReqMsgArray();
		Authority.Issued old = e.replaces;

		require(e.made == null, PKIFailureInfo.transactionIdInUse, "used");
		require(all.length == 1, PKIFailureInfo.badRequest, "one request");
		CertificateRequestMessage r = new CertificateRequestMessage(all[0]);
		SubjectPublicKeyInfo key = provenKey(r);
		byte[] vid = binding(m, old.person);
		ForeignCa.log("ir refnum=" + e.refnum + " old=" + old.state
		    + " vid=" + (vid == null ? "none" : "good"));
		if (ForeignCa.mode("wrong_key"))
			key = SubjectPublicKeyInfo.getInstance(
			    Authority.newKeys(2048).getPublic().getEncoded());
		if (ForeignCa.mode("wrong_vid"))
			vid = random(32);
		if (ForeignCa.mode("no_vid"))
			vid = null;
		Issuance i = new Issuance();
		i.by = e;
		i.made = e.made = ca.issue(old.person, key, old.cert.getSubject(),
		    Authority.midnight(0), old.cert.getNotAfter(), vid,
		    Authority.State.UNCONFIRMED);
		open.put(ByteBuffer.wrap(
		    m.getHeader().getTransactionID().getOctets()), i);
		ForeignCa.log("ip serial=" + i.made.serial());
		return maced(m.getHeader(), new PKIBody(PKIBody.TYPE_INIT_REP,
		    response(all[0].getCertReq().getCertReqId(), i.made.cert)),
		    e.authcode);
	}

	private static CertRepMessage response(ASN1Integer id,
	    X509CertificateHolder cert) {
		CertifiedKeyPair pair = new CertifiedKeyPair(new CertOrEncCert(
		    new CMPCertificate(cert.toASN1Structure())));

		return new CertRepMessage(null,
		    new CertResponse[] { new CertResponse(id,
			new PKIStatusInfo(PKIStatus.granted), pair, null) });
	}

	private static PKIBody confirmed() {
		return new PKIBody(PKIBody.TYPE_CONFIRM, new PKIConfirmContent());
	}

	private byte[] confirmation(ProtectedPKIMessage m) throws Exception {
		RegistryService.Enrollment e = verified(m);
		Issuance i = open.get(ByteBuffer.wrap(
		    m.getHeader().getTransactionID().getOctets()));
		CertificateStatus[] all = new CertificateConfirmationContent(
		    CertConfirmContent.getInstance(m.getBody().getContent()))
		    .getStatusMessages();

		require(i != null && i.by == e, PKIFailureInfo.badRequest,
		    "nothing to confirm");
		if (ForeignCa.mode("forged")) {
			ForeignCa.log("forged pkiconf");
			throw new Forged(maced(m.getHeader(), confirmed(),
			    e.refnum + e.authcode));
		}
		require(all.length == 1 && all[0].isVerified(i.made.cert,
			new JcaDigestCalculatorProviderBuilder().build()),
		    PKIFailureInfo.badCertId, "hash of the certificate");
		PKIStatusInfo s = all[0].getStatusInfo();
		boolean accepted =
		    s == null || s.getStatus().intValue() == PKIStatus.GRANTED;
		ForeignCa.log("certConf " + (accepted ? "accepted" : "rejected")
		    + " serial=" + i.made.serial());
		ca.set(i.made, accepted ? Authority.State.VALID
					: Authority.State.REJECTED, NO_REASON);
		if (accepted)
			i.made.person.current = i.made;
		return maced(m.getHeader(), confirmed(), e.authcode);
	}

	/* ---- revocation --------------------------------------------------------- */

	private static int reason(RevDetails d) throws Refusal {
		Extensions x = d.getCrlEntryDetails();
		Extension r = x == null ? null : x.getExtension(Extension.reasonCode);

		require(r != null, PKIFailureInfo.badRequest, "a reason");
		return ASN1Enumerated.getInstance(r.getParsedValue())
		    .getValue().intValue();
	}

	private void change(Authority.Issued i, int reason) throws Refusal {
		require(i.state == Authority.State.VALID
			|| i.state == Authority.State.HELD,
		    PKIFailureInfo.certRevoked, "revoked before");
		if (reason == RELEASE) {
			ca.set(i, Authority.State.VALID, NO_REASON);
			return;
		}
		ca.set(i, reason == HOLD ? Authority.State.HELD
					 : Authority.State.REVOKED, reason);
	}

	private byte[] revocation(ProtectedPKIMessage m) throws Exception {
		RevDetails[] all = RevReqContent
		    .getInstance(m.getBody().getContent()).toRevDetailsArray();

		require(!m.hasPasswordBasedMacProtection()
		    && m.getHeader().getSender().equals(
			new GeneralName(ca.ra.cert.getSubject()))
		    && m.verify(new JcaContentVerifierProviderBuilder()
			.build(ca.ra.cert)),
		    PKIFailureInfo.wrongAuthority, "not the RA's signature");
		require(all.length == 1, PKIFailureInfo.badRequest, "one request");
		CertTemplate t = all[0].getCertDetails();
		BigInteger serial = t.getSerialNumber().getValue();
		Authority.Issued i = ca.find(serial);
		int reason = reason(all[0]);
		require(i != null && ca.ca.cert.getSubject().equals(t.getIssuer()),
		    PKIFailureInfo.badCertId, "no certificate of this CA");
		ForeignCa.log("rr serial=" + i.serial() + " reason=" + reason);
		RevRepContentBuilder b = new RevRepContentBuilder();
		try {
			change(i, reason);
			b.add(new PKIStatusInfo(PKIStatus.granted),
			    new CertId(new GeneralName(t.getIssuer()), serial));
		} catch (Refusal r) {
			b.add(r.status());
		}
		return signed(m.getHeader(),
		    new PKIBody(PKIBody.TYPE_REVOCATION_REP, b.build()));
	}
}
