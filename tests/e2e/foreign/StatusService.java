/*
 * StatusService - OCSP by a delegated responder, and the CRL.
 */
import java.util.Date;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.ocsp.RevokedInfo;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.ocsp.*;
import org.bouncycastle.operator.DigestCalculatorProvider;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

class StatusService {
	static final long LIFE_MS = 3600 * 1000;
	private final Authority ca;

	StatusService(Authority ca) {
		this.ca = ca;
	}

	private static CertificateStatus revoked(Authority.Issued i) {
		return new RevokedStatus(new RevokedInfo(
		    new ASN1GeneralizedTime(i.since),
		    i.reason < 0 ? null : CRLReason.lookup(i.reason)));
	}

	/* An unconfirmed or rejected certificate is nobody's business yet. */
	private static CertificateStatus status(Authority.Issued i) {
		if (i == null)
			return new UnknownStatus();
		switch (i.state) {
		case VALID:
			return CertificateStatus.GOOD;
		case HELD:
		case REVOKED:
			return revoked(i);
		default:
			return new UnknownStatus();
		}
	}

	private static String word(CertificateStatus s) {
		return s == CertificateStatus.GOOD ? "good"
		    : s instanceof UnknownStatus   ? "unknown"
						   : "revoked";
	}

	byte[] ocsp(byte[] body) throws Exception {
		OCSPReq request = new OCSPReq(body);
		Extension nonce =
		    request.getExtension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce);
		DigestCalculatorProvider digests =
		    new JcaDigestCalculatorProviderBuilder().build();
		Authority.Identity by =
		    ForeignCa.mode("stranger") ? ca.stranger : ca.ocsp;
		BasicOCSPRespBuilder b = new BasicOCSPRespBuilder(
		    by.cert.getSubjectPublicKeyInfo(),
		    digests.get(CertificateID.HASH_SHA1));
		Date now = new Date();

		synchronized (ca) {
			for (Req r : request.getRequestList()) {
				CertificateID id = r.getCertID();
				CertificateStatus s =
				    id.matchesIssuer(ca.ca.cert, digests)
				    ? status(ca.find(id.getSerialNumber()))
				    : new UnknownStatus();
				b.addResponse(id, s, now,
				    new Date(now.getTime() + LIFE_MS));
				ForeignCa.log("ocsp serial="
				    + id.getSerialNumber().toString(16) + " "
				    + word(s) + (nonce == null ? "" : " nonce"));
			}
		}
		if (nonce != null)
			b.setResponseExtensions(new Extensions(nonce));
		return new OCSPRespBuilder().build(OCSPRespBuilder.SUCCESSFUL,
		    b.build(by.signer(),
			new X509CertificateHolder[] { by.cert }, now)).getEncoded();
	}

	byte[] crl() throws Exception {
		Date now = new Date();
		X509v2CRLBuilder b =
		    new X509v2CRLBuilder(ca.ca.cert.getSubject(), now);

		b.setNextUpdate(new Date(now.getTime() + LIFE_MS));
		synchronized (ca) {
			for (Authority.Issued i : ca.all())
				if (i.state == Authority.State.HELD
				    || i.state == Authority.State.REVOKED)
					b.addCRLEntry(i.cert.getSerialNumber(),
					    i.since, Math.max(i.reason, 0));
		}
		return b.build(ca.ca.signer()).getEncoded();
	}
}
