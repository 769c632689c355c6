/** The actions of key pairs. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_KeyPairInfo.html */
import type {
  CreateKeyPairCommandInput,
  CreateKeyPairCommandOutput,
  DeleteKeyPairCommandInput,
  DeleteKeyPairCommandOutput,
  DescribeKeyPairsCommandInput,
  DescribeKeyPairsCommandOutput,
  ImportKeyPairCommandInput,
  ImportKeyPairCommandOutput,
} from "@aws-sdk/client-ec2";
import {
  ec2Errors,
  invalidParameterCombination,
  invalidParameterValue,
  missingParameter,
} from "../../../../aws/index.ts";
import { scopeKey } from "../../../state/record.ts";
import type { Action, ActionContext, Actions } from "../../action.ts";
import { type DescribeDefinition, describe } from "../describe.ts";
import { forgetTags, tagNewResource, tagsOf } from "../tag/tags.ts";
import { importedKey, newKey } from "./key-material.ts";
import type { KeyPairRecord } from "./record.ts";

export const createKeyPair: Action<CreateKeyPairCommandInput, CreateKeyPairCommandOutput> = (input, context) => {
  const { KeyType = "rsa", KeyFormat = "pem" } = input;
  const KeyName = freeName(input.KeyName, context);
  if (KeyType !== "rsa" && KeyType !== "ed25519") {
    throw invalidParameterValue(`Value (${KeyType}) for parameter KeyType is invalid. Unknown key type`);
  }
  if (KeyFormat !== "pem") {
    throw invalidParameterValue(
      `KeyFormat ${KeyFormat} is not modelled by this local cloud; use pem and convert it with puttygen.`,
    );
  }
  const key = newKey(KeyType, KeyName);
  const record = store(context, { KeyName, KeyType, KeyFingerprint: key.fingerprint, PublicKey: key.publicKey });
  tagNewResource(context, input.TagSpecifications, "key-pair", record.KeyPairId);
  const { KeyPairId, KeyFingerprint } = record;
  return { KeyName, KeyPairId, KeyFingerprint, KeyMaterial: key.keyMaterial, Tags: tagsOf(context, KeyPairId) };
};

export const importKeyPair: Action<ImportKeyPairCommandInput, ImportKeyPairCommandOutput> = (input, context) => {
  const KeyName = freeName(input.KeyName, context);
  if (!input.PublicKeyMaterial?.length) throw missingParameter("PublicKeyMaterial");
  const { keyType, publicKey, fingerprint } = importedKey(input.PublicKeyMaterial, KeyName);
  const record = store(context, { KeyName, KeyType: keyType, KeyFingerprint: fingerprint, PublicKey: publicKey });
  tagNewResource(context, input.TagSpecifications, "key-pair", record.KeyPairId);
  const { KeyPairId, KeyFingerprint } = record;
  return { KeyName, KeyPairId, KeyFingerprint, Tags: tagsOf(context, KeyPairId) };
};

/** Answers success for a key pair that is not there, as AWS does; the id is told when there was one. */
export const deleteKeyPair: Action<DeleteKeyPairCommandInput, DeleteKeyPairCommandOutput> = (
  { KeyName, KeyPairId },
  context,
) => {
  if (KeyName === undefined && KeyPairId === undefined) throw missingParameter("KeyName or KeyPairId");
  if (KeyName !== undefined && KeyPairId !== undefined) {
    throw invalidParameterCombination("The parameters KeyName and KeyPairId cannot be used together.");
  }
  const { accountId, region } = context.caller;
  const record =
    KeyName !== undefined
      ? keyPairByName(context, KeyName)
      : context.visible("keyPair", KeyPairId ?? "", accountId, region);
  if (record === undefined) return { Return: true };
  context.delete("keyPair", record.KeyPairId);
  forgetTags(context, record.KeyPairId);
  return { Return: true, KeyPairId: record.KeyPairId };
};

const definition: DescribeDefinition<"keyPair"> = {
  table: "keyPair",
  kind: "key-pair",
  idPrefix: "key",
  filters: {
    "key-pair-id": (r) => r.KeyPairId,
    "key-name": (r) => r.KeyName,
    fingerprint: (r) => r.KeyFingerprint,
  },
};

export const describeKeyPairs: Action<DescribeKeyPairsCommandInput, DescribeKeyPairsCommandOutput> = (
  { KeyNames, KeyPairIds, Filters, IncludePublicKey },
  context,
) => {
  const unknown = (KeyNames ?? []).filter((name) => keyPairByName(context, name) === undefined);
  if (unknown.length > 0) throw ec2Errors.notFound("key-pair", ...unknown);
  const { records } = describe(definition, KeyPairIds, { Filters }, context);
  return {
    KeyPairs: records
      .filter((record) => !KeyNames?.length || KeyNames.includes(record.KeyName))
      .map((record) => ({
        KeyPairId: record.KeyPairId,
        KeyName: record.KeyName,
        KeyType: record.KeyType,
        KeyFingerprint: record.KeyFingerprint,
        CreateTime: new Date(record.CreatedAt),
        Tags: tagsOf(context, record.KeyPairId),
        ...(IncludePublicKey ? { PublicKey: record.PublicKey } : {}),
      })),
  };
};

export const keyPairActions = {
  CreateKeyPair: createKeyPair,
  ImportKeyPair: importKeyPair,
  DeleteKeyPair: deleteKeyPair,
  DescribeKeyPairs: describeKeyPairs,
} satisfies Actions;

/** The caller's key pair of that name. */
export function keyPairByName(context: ActionContext, name: string): KeyPairRecord | undefined {
  const { accountId, region } = context.caller;
  return context.by("keyPair", "name", `${scopeKey(accountId, region)}/${name}`)[0];
}

function freeName(name: string | undefined, context: ActionContext): string {
  if (!name) throw missingParameter("KeyName");
  if (name.length > 255) throw invalidParameterValue("The key pair name is longer than 255 characters.");
  if (keyPairByName(context, name) !== undefined) {
    throw invalidParameterValue(`The keypair '${name}' already exists.`, "InvalidKeyPair.Duplicate");
  }
  return name;
}

type KeyFields = Pick<KeyPairRecord, "KeyName" | "KeyType" | "KeyFingerprint" | "PublicKey">;

function store(context: ActionContext, fields: KeyFields): KeyPairRecord {
  const { accountId: OwnerId, region: Region } = context.caller;
  const record = { OwnerId, Region, CreatedAt: context.now, KeyPairId: context.newId("key"), ...fields };
  context.put("keyPair", record);
  return record;
}
