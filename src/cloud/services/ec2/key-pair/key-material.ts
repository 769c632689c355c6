/**
 * Key material and fingerprints as EC2 makes them.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/verify-keys.html: a key that AWS made has the SHA-1 of the private key's
 * PKCS#8 DER (RSA); an imported RSA key the MD5 of the public key's DER; ED25519 keys OpenSSH's SHA-256.
 */
import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes } from "node:crypto";
import { invalidParameterValue } from "../../../../aws/index.ts";
import type { KeyPairRecord } from "./record.ts";

export interface NewKey {
  /** PEM (RSA) or OpenSSH form (ED25519): the one time that anybody sees it. */
  readonly keyMaterial: string;
  readonly publicKey: string;
  readonly fingerprint: string;
}

export interface ImportedKey {
  readonly keyType: KeyPairRecord["KeyType"];
  readonly publicKey: string;
  readonly fingerprint: string;
}

/** A key pair of real key material. */
export function newKey(keyType: KeyPairRecord["KeyType"], comment: string): NewKey {
  return keyType === "rsa" ? newRsaKey(comment) : newEd25519Key(comment);
}

/** The key in ImportKeyPair's material: OpenSSH form, PEM or DER. Throws `InvalidKey.Format`. */
export function importedKey(material: Uint8Array, comment: string): ImportedKey {
  const text = Buffer.from(material).toString("utf8").trim();
  const [algorithm, encoded, ...rest] = text.split(/\s+/);
  if (algorithm === "ssh-ed25519" && encoded !== undefined) {
    const blob = Buffer.from(encoded, "base64");
    const [kind, point] = sshStrings(blob);
    if (kind?.toString() !== "ssh-ed25519" || point?.length !== 32) throw badFormat();
    const publicKey = `ssh-ed25519 ${blob.toString("base64")} ${rest.join(" ") || comment}`;
    return { keyType: "ed25519", publicKey, fingerprint: opensshFingerprint(blob) };
  }
  const key =
    algorithm === "ssh-rsa" && encoded !== undefined
      ? rsaFromSsh(Buffer.from(encoded, "base64"))
      : pemOrDer(text, material);
  if (key.asymmetricKeyType !== "rsa") throw badFormat();
  const der = key.export({ type: "spki", format: "der" });
  return {
    keyType: "rsa",
    publicKey: `${rsaSshText(key)} ${rest.join(" ") || comment}`,
    fingerprint: colons("md5", der),
  };
}

function newRsaKey(comment: string): NewKey {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return {
    keyMaterial: privateKey.export({ type: "pkcs1", format: "pem" }).toString().trimEnd(),
    publicKey: `${rsaSshText(publicKey)} ${comment}`,
    fingerprint: colons("sha1", privateKey.export({ type: "pkcs8", format: "der" })),
  };
}

function newEd25519Key(comment: string): NewKey {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const { x = "" } = publicKey.export({ format: "jwk" });
  const { d = "" } = privateKey.export({ format: "jwk" });
  const point = Buffer.from(x, "base64url");
  const blob = Buffer.concat([sshString("ssh-ed25519"), sshString(point)]);
  return {
    keyMaterial: opensshPrivateKey(blob, point, Buffer.from(d, "base64url"), comment),
    publicKey: `ssh-ed25519 ${blob.toString("base64")} ${comment}`,
    fingerprint: opensshFingerprint(blob),
  };
}

/** OpenSSH's own container, unencrypted: https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.key */
function opensshPrivateKey(publicBlob: Buffer, point: Buffer, seed: Buffer, comment: string): string {
  const check = randomBytes(4);
  const secret = Buffer.concat([
    check,
    check,
    sshString("ssh-ed25519"),
    sshString(point),
    sshString(Buffer.concat([seed, point])),
    sshString(comment),
  ]);
  const padding = Buffer.from(Array.from({ length: (8 - (secret.length % 8)) % 8 }, (_, index) => index + 1));
  const container = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    sshString("none"),
    sshString("none"),
    sshString(""),
    uint32(1),
    sshString(publicBlob),
    sshString(Buffer.concat([secret, padding])),
  ]);
  const lines = container.toString("base64").match(/.{1,70}/g) ?? [];
  return ["-----BEGIN OPENSSH PRIVATE KEY-----", ...lines, "-----END OPENSSH PRIVATE KEY-----"].join("\n");
}

function rsaSshText(key: KeyObject): string {
  const { n = "", e = "" } = key.export({ format: "jwk" });
  const blob = Buffer.concat([
    sshString("ssh-rsa"),
    sshInteger(Buffer.from(e, "base64url")),
    sshInteger(Buffer.from(n, "base64url")),
  ]);
  return `ssh-rsa ${blob.toString("base64")}`;
}

function rsaFromSsh(blob: Buffer): KeyObject {
  const [kind, e, n] = sshStrings(blob);
  if (kind?.toString() !== "ssh-rsa" || e === undefined || n === undefined || n.length < 128) throw badFormat();
  const jwk = { kty: "RSA", e: withoutSignByte(e).toString("base64url"), n: withoutSignByte(n).toString("base64url") };
  return parsed(() => createPublicKey({ key: jwk, format: "jwk" }));
}

function pemOrDer(text: string, material: Uint8Array): KeyObject {
  if (text.startsWith("-----BEGIN")) return parsed(() => createPublicKey(text));
  // AWS also takes the bare base64 of the DER.
  const der = /^[A-Za-z0-9+/=\s]+$/.test(text) ? Buffer.from(text, "base64") : Buffer.from(material);
  return parsed(() => createPublicKey({ key: der, format: "der", type: "spki" }));
}

function parsed(read: () => KeyObject): KeyObject {
  try {
    return read();
  } catch (error) {
    // Whatever OpenSSL dislikes about a caller's bytes is the caller's malformed key.
    if (error instanceof Error) throw badFormat();
    throw error;
  }
}

function badFormat() {
  return invalidParameterValue("Key is not in valid OpenSSH public key format", "InvalidKey.Format");
}

function opensshFingerprint(blob: Buffer): string {
  return `${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}=`;
}

function colons(algorithm: "md5" | "sha1", bytes: Buffer): string {
  return (createHash(algorithm).update(bytes).digest("hex").match(/../g) ?? []).join(":");
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function sshString(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([uint32(bytes.length), bytes]);
}

/** A positive integer: a leading zero where the first bit would read as a sign. */
function sshInteger(value: Buffer): Buffer {
  return sshString((value[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), value]) : value);
}

function withoutSignByte(value: Buffer): Buffer {
  return value[0] === 0 ? value.subarray(1) : value;
}

function sshStrings(blob: Buffer): Buffer[] {
  const strings: Buffer[] = [];
  for (let at = 0; at + 4 <= blob.length; ) {
    const end = at + 4 + blob.readUInt32BE(at);
    if (end > blob.length) return [];
    strings.push(blob.subarray(at + 4, end));
    at = end;
  }
  return strings;
}
