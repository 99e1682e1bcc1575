import { createHash, createPrivateKey, createPublicKey, sign, X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  Extension,
  Extensions,
  GeneralName,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_subjectAltName,
  id_kp_serverAuth,
  KeyUsage,
  KeyUsageFlags,
  Name,
  RelativeDistinguishedName,
  SubjectAlternativeName,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from "@peculiar/asn1-x509";

/** sha256WithRSAEncryption and id-at-commonName. */
const oids = { signature: "1.2.840.113549.1.1.11", commonName: "2.5.4.3" };

/** The association's private certificate authority, PEM; the key is RSA in PKCS#8. */
export interface Authority {
  certificate: string;
  key: string;
}

/**
 * Certificate of a host's own name and addresses, signed by the association's CA.
 * Equal arguments give equal bytes, so that an unchanged host is an unchanged document: the RSA signature (PKCS#1 v1.5)
 * is deterministic, the validity is the CA's own, the serial number is a hash of key and names.
 * @param publicKey PEM (SubjectPublicKeyInfo) of the key that the host made itself
 * @param names the host's name first, then further names and addresses
 * @returns PEM
 * @throws when the public key can't be read, or the CA's key is not RSA or not the certificate's
 */
export function hostCertificate(publicKey: string, names: readonly string[], authority: Authority): string {
  const key = createPrivateKey(authority.key);
  if (key.asymmetricKeyType !== "rsa")
    throw new Error("caKey must be an RSA key: other signatures are not deterministic");
  const ca = AsnConvert.parse(new X509Certificate(authority.certificate).raw, Certificate).tbsCertificate;
  const spki = createPublicKey(publicKey).export({ type: "spki", format: "der" });
  const serial = createHash("sha256").update(spki).update(names.join("\n")).digest().subarray(0, 16);
  // Positive and without leading zeros (RFC 5280, 4.1.2.2).
  serial[0] = 1;
  const signatureAlgorithm = new AlgorithmIdentifier({ algorithm: oids.signature, parameters: null });
  const tbsCertificate = new TBSCertificate({
    version: Version.v3,
    serialNumber: bytes(serial),
    signature: signatureAlgorithm,
    issuer: ca.subject,
    validity: new Validity({ notBefore: ca.validity.notBefore.getTime(), notAfter: ca.validity.notAfter.getTime() }),
    subject: commonName(names[0] ?? ""),
    subjectPublicKeyInfo: AsnConvert.parse(spki, SubjectPublicKeyInfo),
    extensions: new Extensions([
      extension(id_ce_subjectAltName, new SubjectAlternativeName(names.map(generalName)), false),
      extension(id_ce_basicConstraints, new BasicConstraints({ cA: false }), true),
      extension(id_ce_keyUsage, new KeyUsage(KeyUsageFlags.digitalSignature), true),
      extension(id_ce_extKeyUsage, new ExtendedKeyUsage([id_kp_serverAuth]), false),
    ]),
  });
  const signatureValue = bytes(sign("sha256", Buffer.from(AsnConvert.serialize(tbsCertificate)), key));
  const certificate = AsnConvert.serialize(new Certificate({ tbsCertificate, signatureAlgorithm, signatureValue }));
  const pem = new X509Certificate(Buffer.from(certificate));
  if (!pem.verify(createPublicKey(authority.certificate))) throw new Error("caKey doesn't belong to caCertificate");
  return pem.toString();
}

function bytes(buffer: Buffer): ArrayBuffer {
  return Uint8Array.from(buffer).buffer;
}

function commonName(name: string): Name {
  const attribute = new AttributeTypeAndValue({
    type: oids.commonName,
    value: new AttributeValue({ utf8String: name }),
  });
  return new Name([new RelativeDistinguishedName([attribute])]);
}

function generalName(name: string): GeneralName {
  return new GeneralName(isIP(name) === 0 ? { dNSName: name } : { iPAddress: name });
}

function extension(extnID: string, value: object, critical: boolean): Extension {
  return new Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });
}
