/** Key pairs: real material, AWS's fingerprints. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/verify-keys.html */
import { execFileSync } from "node:child_process";
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type {
  CreateKeyPairCommandOutput,
  DescribeKeyPairsCommandOutput,
  ImportKeyPairCommandOutput,
} from "@aws-sdk/client-ec2";
import { expect, test } from "vitest";
import { isAwsError } from "../../../../aws/index.ts";
import { testCloud } from "../../../test-cloud.ts";

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (isAwsError(error)) return error.code;
    throw error;
  }
  return "allowed";
}

const hasSshKeygen = (() => {
  try {
    execFileSync("sh", ["-c", "command -v ssh-keygen"]);
    return true;
  } catch {
    return false;
  }
})();

test("an RSA key is PEM, and its fingerprint is the SHA-1 of the private key", () => {
  const cloud = testCloud();
  const {
    KeyMaterial = "",
    KeyFingerprint,
    KeyPairId,
  } = cloud.call<CreateKeyPairCommandOutput>("CreateKeyPair", { KeyName: "a" });
  const der = createPrivateKey(KeyMaterial).export({ type: "pkcs8", format: "der" });
  expect(KeyFingerprint).toBe(createHash("sha1").update(der).digest("hex").match(/../g)?.join(":"));
  const { KeyPairs } = cloud.call<DescribeKeyPairsCommandOutput>("DescribeKeyPairs", {
    KeyNames: ["a"],
    IncludePublicKey: true,
  });
  expect(KeyPairs).toMatchObject([
    {
      KeyPairId,
      KeyName: "a",
      KeyType: "rsa",
      KeyFingerprint,
      PublicKey: expect.stringMatching(/^ssh-rsa AAAA\S+ a$/),
    },
  ]);
  expect(JSON.stringify(KeyPairs)).not.toContain("PRIVATE");
});

test.skipIf(!hasSshKeygen)("OpenSSH reads an ED25519 key and agrees about its fingerprint", () => {
  const cloud = testCloud();
  const { KeyMaterial = "", KeyFingerprint = "" } = cloud.call<CreateKeyPairCommandOutput>("CreateKeyPair", {
    KeyName: "ed",
    KeyType: "ed25519",
  });
  const folder = mkdtempSync(join(tmpdir(), "key-"));
  try {
    const file = join(folder, "id");
    writeFileSync(file, `${KeyMaterial}\n`, { mode: 0o600 });
    const publicKey = execFileSync("ssh-keygen", ["-y", "-f", file], { encoding: "utf8" }).trim();
    writeFileSync(`${file}.pub`, publicKey);
    const [, fingerprint] = execFileSync("ssh-keygen", ["-l", "-f", `${file}.pub`], { encoding: "utf8" }).split(" ");
    expect(fingerprint).toBe(`SHA256:${KeyFingerprint.replace(/=+$/, "")}`);
    const { KeyPairs } = cloud.call<DescribeKeyPairsCommandOutput>("DescribeKeyPairs", { IncludePublicKey: true });
    expect(publicKey.startsWith(KeyPairs?.[0]?.PublicKey?.split(" ").slice(0, 2).join(" ") ?? "none")).toBe(true);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("an imported RSA key's fingerprint is the MD5 of the public key, in each form that AWS takes", () => {
  const cloud = testCloud();
  const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const der = publicKey.export({ type: "spki", format: "der" });
  const expected = createHash("md5").update(der).digest("hex").match(/../g)?.join(":");
  const made = cloud.call<CreateKeyPairCommandOutput>("CreateKeyPair", { KeyName: "made" });
  const ssh =
    cloud.call<DescribeKeyPairsCommandOutput>("DescribeKeyPairs", { KeyNames: ["made"], IncludePublicKey: true })
      .KeyPairs?.[0]?.PublicKey ?? "";
  const fromSsh = createPublicKey(createPrivateKey(made.KeyMaterial ?? "")).export({ type: "spki", format: "der" });
  const forms: readonly [string, string | Uint8Array, string | undefined][] = [
    ["pem", publicKey.export({ type: "spki", format: "pem" }).toString(), expected],
    ["der", der, expected],
    ["base64", der.toString("base64"), expected],
    ["openssh", ssh, createHash("md5").update(fromSsh).digest("hex").match(/../g)?.join(":")],
  ];
  for (const [name, material, fingerprint] of forms) {
    const PublicKeyMaterial = typeof material === "string" ? new TextEncoder().encode(material) : material;
    expect(
      cloud.call<ImportKeyPairCommandOutput>("ImportKeyPair", { KeyName: name, PublicKeyMaterial }).KeyFingerprint,
      name,
    ).toBe(fingerprint);
  }
});

test("refusals", () => {
  const cloud = testCloud();
  cloud.call("CreateKeyPair", { KeyName: "a", KeyType: "ed25519" });
  const bytes = (text: string) => new TextEncoder().encode(text);
  expect(codeOf(() => cloud.call("CreateKeyPair", { KeyName: "a" }))).toBe("InvalidKeyPair.Duplicate");
  expect(codeOf(() => cloud.call("DescribeKeyPairs", { KeyNames: ["b"] }))).toBe("InvalidKeyPair.NotFound");
  for (const garbage of [
    "nonsense",
    "ssh-rsa AAAA",
    "ssh-ed25519 AAAAC3Nz",
    "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
  ]) {
    expect(
      codeOf(() => cloud.call("ImportKeyPair", { KeyName: "c", PublicKeyMaterial: bytes(garbage) })),
      garbage,
    ).toBe("InvalidKey.Format");
  }
  expect(codeOf(() => cloud.call("DeleteKeyPair", { KeyName: "never" }))).toBe("allowed");
  cloud.call("DeleteKeyPair", { KeyName: "a" });
  expect(cloud.call<DescribeKeyPairsCommandOutput>("DescribeKeyPairs").KeyPairs).toEqual([]);
});
