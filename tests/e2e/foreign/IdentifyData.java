/*
 * IdentifyData - the Korean identity binding, written from its ASN.1 and the
 * bytes of published certificates alone: the VID, the subjectAltName that shows
 * it, the EncryptedVID that asks for it.
 *
 *   HashContent  ::= SEQUENCE { idn PrintableString, randomNum BIT STRING }
 *   virtualID     =  H(H(DER(HashContent)))
 *   VID          ::= SEQUENCE { hashAlg, virtualID [0] OCTET STRING }
 *   IdentifyData ::= SEQUENCE { realName UTF8String,
 *                               userInfo SEQUENCE OF { id-VID, VID } }
 *   EncryptedVID ::= SEQUENCE { version [0], hashAlg [1], encAlg [2],
 *                               certId [3], data [4] OCTET STRING }
 */
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.util.Arrays;
import javax.crypto.Cipher;
import org.bouncycastle.asn1.*;
import org.bouncycastle.asn1.cms.IssuerAndSerialNumber;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;

class IdentifyData {
	static final ASN1ObjectIdentifier IDENTIFY_DATA =
	    new ASN1ObjectIdentifier("1.2.410.200004.10.1.1");
	static final ASN1ObjectIdentifier VID = IDENTIFY_DATA.branch("1");
	static final ASN1ObjectIdentifier ENCRYPTED_VID =
	    IDENTIFY_DATA.branch("2");
	static final int R_BYTES = 20;

	private static byte[] sha256(byte[] b) throws GeneralSecurityException {
		return MessageDigest.getInstance("SHA-256").digest(b);
	}

	/* The binding of a number and R, both hashes SHA-256. */
	static byte[] vid(String number, byte[] r)
	    throws IOException, GeneralSecurityException {
		byte[] content = new DERSequence(new ASN1Encodable[] {
		    new DERPrintableString(number), new DERBitString(r) })
		    .getEncoded(ASN1Encoding.DER);

		return sha256(sha256(content));
	}

	private static ASN1Encodable sequence(ASN1Encodable... parts) {
		return new DERSequence(parts);
	}

	/* The subjectAltName; without a VID when it is null.  In certificates
	 * the hash has no parameters. */
	static GeneralNames altName(String name, byte[] vid) {
		AlgorithmIdentifier hash =
		    new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256);
		ASN1Encodable real = new DERUTF8String(name);
		ASN1Encodable data = vid == null ? sequence(real)
		    : sequence(real, sequence(sequence(VID,
			  sequence(hash, new DERTaggedObject(true, 0,
			      new DEROctetString(vid))))));

		return new GeneralNames(new GeneralName(GeneralName.otherName,
		    sequence(IDENTIFY_DATA, new DERTaggedObject(true, 0, data))));
	}

	/* R and the VID a subscriber sent. */
	static class Sent {
		byte[] r, vid;
	}

	private static ASN1Encodable field(ASN1Sequence s, int i) {
		ASN1TaggedObject t =
		    ASN1TaggedObject.getInstance(s.getObjectAt(i), 128 /* context */, i);

		return t.getExplicitBaseObject();
	}

	private static void require(boolean ok, String what) throws IOException {
		if (!ok)
			throw new IOException("EncryptedVID: " + what);
	}

	static Sent open(ASN1Encodable value, PrivateKey key,
	    X509CertificateHolder ca)
	    throws IOException, GeneralSecurityException {
		ASN1Sequence s = ASN1Sequence.getInstance(value);
		Cipher c = Cipher.getInstance("RSA/ECB/PKCS1Padding");

		require(s.size() == 5, "five fields");
		require(ASN1Integer.getInstance(field(s, 0)).hasValue(0), "version");
		require(AlgorithmIdentifier.getInstance(field(s, 1)).getAlgorithm()
		    .equals(NISTObjectIdentifiers.id_sha256), "hash");
		require(AlgorithmIdentifier.getInstance(field(s, 2)).getAlgorithm()
		    .equals(PKCSObjectIdentifiers.rsaEncryption), "encryption");
		require(IssuerAndSerialNumber.getInstance(field(s, 3))
		    .equals(new IssuerAndSerialNumber(ca.getIssuer(),
			ca.getSerialNumber())), "certificate of the CA");
		c.init(Cipher.DECRYPT_MODE, key);
		return content(c.doFinal(
		    ASN1OctetString.getInstance(field(s, 4)).getOctets()));
	}

	private static Sent content(byte[] plain) throws IOException {
		ASN1Sequence s = ASN1Sequence.getInstance(plain);
		ASN1Sequence vid = ASN1Sequence.getInstance(s.getObjectAt(0));
		ASN1BitString r = ASN1BitString.getInstance(s.getObjectAt(1));
		Sent sent = new Sent();

		require(Arrays.equals(s.getEncoded(ASN1Encoding.DER), plain),
		    "DER of the content");
		require(AlgorithmIdentifier.getInstance(vid.getObjectAt(0))
		    .getAlgorithm().equals(NISTObjectIdentifiers.id_sha256),
		    "hash of the VID");
		require(r.getPadBits() == 0 && r.getBytes().length == R_BYTES,
		    "R of 160 bits");
		sent.r = r.getBytes();
		sent.vid = ASN1OctetString.getInstance(ASN1TaggedObject
		    .getInstance(vid.getObjectAt(1)).getExplicitBaseObject())
		    .getOctets();
		return sent;
	}
}
