/** AWS::EC2::KeyPair. A key that is made here goes to Parameter Store, as AWS does it. */
import type {
  CreateKeyPairCommandOutput,
  DescribeKeyPairsCommandOutput,
  ImportKeyPairCommandOutput,
} from "@aws-sdk/client-ec2";
import { ResourceFailure, type ResourceTag, type ResourceWork, resourceType } from "./resource-type.ts";
import { tagsFor } from "./tags.ts";

interface Properties {
  readonly KeyName: string;
  readonly KeyType?: string;
  readonly KeyFormat?: string;
  readonly PublicKeyMaterial?: string;
  readonly Tags?: readonly ResourceTag[];
}

export const keyPairType = resourceType<Properties>({
  name: "AWS::EC2::KeyPair",
  properties: ["KeyName", "KeyType", "KeyFormat", "PublicKeyMaterial", "Tags"],
  create(work) {
    const { KeyName, KeyType, KeyFormat, PublicKeyMaterial } = work.properties;
    const TagSpecifications = tagsFor("key-pair", work);
    if (PublicKeyMaterial !== undefined) {
      const material = Buffer.from(PublicKeyMaterial, "utf8").toString("base64");
      work.call<ImportKeyPairCommandOutput>("ec2:ImportKeyPair", {
        KeyName,
        PublicKeyMaterial: material,
        TagSpecifications,
      });
      return KeyName;
    }
    const input = { KeyName, KeyType, KeyFormat, TagSpecifications };
    const { KeyPairId, KeyMaterial } = work.call<CreateKeyPairCommandOutput>("ec2:CreateKeyPair", input);
    if (KeyMaterial === undefined) throw new ResourceFailure("The key pair has no key.");
    work.call("ssm:PutParameter", { Name: parameterName(KeyPairId), Type: "SecureString", Value: KeyMaterial });
    return KeyName;
  },
  delete(work) {
    const { KeyPairId } = describe(work) ?? {};
    work.call("ec2:DeleteKeyPair", { KeyName: work.physicalId });
    if (work.properties.PublicKeyMaterial === undefined)
      work.call("ssm:DeleteParameters", { Names: [parameterName(KeyPairId)] });
  },
  attributes(work) {
    const key = describe(work);
    return { KeyPairId: key?.KeyPairId, KeyFingerprint: key?.KeyFingerprint };
  },
});

function parameterName(keyPairId: string | undefined): string {
  return `/ec2/keypair/${keyPairId}`;
}

function describe(work: ResourceWork<Properties>) {
  const input = { Filters: [{ Name: "key-name", Values: [work.physicalId] }] };
  return work.call<DescribeKeyPairsCommandOutput>("ec2:DescribeKeyPairs", input).KeyPairs?.[0];
}
