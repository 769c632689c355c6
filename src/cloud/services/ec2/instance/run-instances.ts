/** RunInstances. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html */
import type {
  InstanceMetadataOptionsRequest,
  RunInstancesCommandInput,
  RunInstancesCommandOutput,
} from "@aws-sdk/client-ec2";
import {
  ec2Errors,
  invalidParameterCombination,
  invalidParameterValue,
  isWellFormedId,
  missingParameter,
  unsupportedOperation,
} from "../../../../aws/index.ts";
import { scopeKey } from "../../../state/record.ts";
import type { Action, ActionContext } from "../../action.ts";
import { type ImageDescription, imageById, imageOfParameter } from "../image/images.ts";
import { keyPairByName } from "../key-pair/actions.ts";
import { ipName, resourceName } from "../network-interface/dns-names.ts";
import { availableIpAddressCount, insufficientFreeAddresses } from "../subnet/addresses.ts";
import { tagNewResource } from "../tag/tags.ts";
import { createLaunchVolumes } from "../volume/launch-volumes.ts";
import { instanceProfileFor } from "./instance-profile.ts";
import { type InstanceTypeDescription, instanceTypeOf } from "./instance-types.ts";
import { type LaunchNetwork, launchInterfaces, launchNetwork } from "./launch-network.ts";
import { assignPublicIp } from "./lifecycle.ts";
import type { InstanceRecord, MetadataOptions } from "./record.ts";
import { toReservations } from "./to-api.ts";
import { checkedUserData } from "./user-data.ts";

export const runInstances: Action<RunInstancesCommandInput, RunInstancesCommandOutput> = (input, context) => {
  refuseWhatIsNotModelled(input);
  const image = imageFor(input.ImageId, context);
  const type = typeFor(input.InstanceType ?? "m1.small");
  const { MinCount = 1, MaxCount = 1 } = input;
  if (MinCount < 1)
    throw invalidParameterValue(`Value (${MinCount}) for parameter minCount is invalid. It must be 1 or more.`);
  if (MaxCount < MinCount)
    throw invalidParameterValue(
      `Value (${MaxCount}) for parameter maxCount is invalid. It must not be less than minCount, ${MinCount}.`,
    );
  const network = launchNetwork(input, context);
  const count = affordableCount(network, MinCount, MaxCount, context);
  const ReservationId = context.newId("r");
  const template = templateOf(input, image, type, context);
  const records: InstanceRecord[] = [];
  for (let index = 0; index < count; index += 1) {
    records.push(launch(input, { ...template, ReservationId, AmiLaunchIndex: index }, image, network, context));
  }
  const [reservation] = toReservations(records, context);
  if (reservation === undefined) throw new Error("bug: a launch without a reservation");
  return reservation;
};

type Template = Omit<
  InstanceRecord,
  | "InstanceId"
  | "ReservationId"
  | "AmiLaunchIndex"
  | "VpcId"
  | "SubnetId"
  | "AvailabilityZone"
  | "PrivateDnsName"
  | "PrivateDnsNameOptions"
  | "RootVolumeId"
>;

function templateOf(
  input: RunInstancesCommandInput,
  image: ImageDescription,
  type: InstanceTypeDescription,
  context: ActionContext,
): Template {
  const { accountId: OwnerId, region: Region } = context.caller;
  const UserData = checkedUserData(input.UserData);
  if (input.KeyName && keyPairByName(context, input.KeyName) === undefined)
    throw ec2Errors.notFound("key-pair", input.KeyName);
  return {
    OwnerId,
    Region,
    CreatedAt: context.now,
    ...(input.ClientToken === undefined ? {} : { ClientToken: input.ClientToken }),
    State: "pending",
    StateTransitionReason: "",
    ImageId: image.imageId,
    InstanceType: type.instanceType,
    ...(input.KeyName ? { KeyName: input.KeyName } : {}),
    LaunchTime: context.now,
    ...(UserData === undefined ? {} : { UserData }),
    UserDataDue: UserData !== undefined && context.settings.userData === "run",
    EbsOptimized: input.EbsOptimized ?? false,
    Monitoring: input.Monitoring?.Enabled ? "enabled" : "disabled",
    Tenancy: input.Placement?.Tenancy ?? "default",
    DisableApiTermination: input.DisableApiTermination ?? false,
    DisableApiStop: input.DisableApiStop ?? false,
    InstanceInitiatedShutdownBehavior: input.InstanceInitiatedShutdownBehavior ?? "stop",
    CpuCredits: cpuCredits(input.CreditSpecification?.CpuCredits, type),
    AutoRecovery: input.MaintenanceOptions?.AutoRecovery ?? "default",
    MetadataOptions: metadataOptions(input.MetadataOptions ?? {}, defaultMetadataOptions(image)),
    RootDeviceName: image.rootDeviceName,
  };
}

function launch(
  input: RunInstancesCommandInput,
  template: Template & Pick<InstanceRecord, "ReservationId" | "AmiLaunchIndex">,
  image: ImageDescription,
  network: LaunchNetwork,
  context: ActionContext,
): InstanceRecord {
  const { subnet } = network;
  const InstanceId = context.newId("i");
  const interfaces = launchInterfaces(network, { ...template, InstanceId }, context);
  const [root, ...others] = createLaunchVolumes(
    context,
    { ...template, InstanceId, AvailabilityZone: subnet.AvailabilityZone },
    image,
    input.BlockDeviceMappings,
  );
  const address = interfaces[0]?.PrivateIpAddresses[0]?.PrivateIpAddress;
  if (root === undefined || address === undefined) throw new Error("bug: a launch without a root volume or an address");
  const PrivateDnsNameOptions = {
    ...subnet.PrivateDnsNameOptionsOnLaunch,
    ...defined(input.PrivateDnsNameOptions ?? {}),
  };
  const IamInstanceProfile = instanceProfileFor(input.IamInstanceProfile, context);
  const record: InstanceRecord = {
    ...template,
    InstanceId,
    VpcId: subnet.VpcId,
    SubnetId: subnet.SubnetId,
    AvailabilityZone: subnet.AvailabilityZone,
    PrivateDnsName:
      PrivateDnsNameOptions.HostnameType === "ip-name"
        ? ipName(template.Region, address)
        : resourceName(template.Region, InstanceId),
    PrivateDnsNameOptions,
    ...(IamInstanceProfile === undefined ? {} : { IamInstanceProfile }),
    RootVolumeId: root.VolumeId,
  };
  context.put("instance", record);
  assignPublicIp(context, InstanceId);
  const tagged = (type: string, id: string): void =>
    tagNewResource(context, input.TagSpecifications, type, id, [
      "instance",
      "volume",
      "network-interface",
      "spot-instances-request",
    ]);
  tagged("instance", InstanceId);
  for (const volume of [root, ...others]) tagged("volume", volume.VolumeId);
  for (const each of interfaces) tagged("network-interface", each.NetworkInterfaceId);
  return record;
}

function refuseWhatIsNotModelled(input: RunInstancesCommandInput): void {
  const refused: readonly [boolean, string][] = [
    [input.LaunchTemplate !== undefined, "a launch template"],
    [input.InstanceMarketOptions !== undefined, "the spot market"],
    [input.HibernationOptions?.Configured === true, "hibernation"],
    [input.EnclaveOptions?.Enabled === true, "enclaves"],
    [(input.ElasticInferenceAccelerators ?? []).length > 0, "elastic inference"],
    [(input.LicenseSpecifications ?? []).length > 0, "license specifications"],
    [(input.SecondaryInterfaces ?? []).length > 0, "secondary interfaces"],
    [input.EnablePrimaryIpv6 === true, "a primary IPv6 address"],
    [input.CapacityReservationSpecification?.CapacityReservationTarget !== undefined, "a capacity reservation"],
    [input.Operator !== undefined, "a service provider as its operator"],
    [Boolean(input.Placement?.GroupName || input.Placement?.HostId), "placement groups and dedicated hosts"],
  ];
  for (const [given, what] of refused) if (given) throw unsupportedOperation(`RunInstances with ${what}`);
}

const parameterPrefix = "resolve:ssm:";

/** Any well-formed id is an image that somebody has; `resolve:ssm:…` names a parameter that holds one. */
function imageFor(imageId: string | undefined, context: ActionContext): ImageDescription {
  const { accountId, region } = context.caller;
  if (!imageId) throw missingParameter("ImageId");
  if (imageId.startsWith(parameterPrefix)) {
    const name = imageId.slice(parameterPrefix.length);
    const own = context.get("parameter", `${scopeKey(accountId, region)}/${name}`);
    if (own !== undefined) return imageFor(own.Value, context);
    const image = imageOfParameter(region, name);
    if (image === undefined)
      throw invalidParameterValue(`Parameter ${name} was not found: '${imageId}' names no image.`);
    return image;
  }
  if (!isWellFormedId("ami", imageId)) throw ec2Errors.malformed("image", imageId);
  return imageById(region, imageId);
}

/** The type, which the table must have. */
export function typeFor(name: string): InstanceTypeDescription {
  const type = instanceTypeOf(name);
  if (type === undefined) throw invalidParameterValue(`Invalid value '${name}' for InstanceType.`);
  return type;
}

/** As many as the subnet has addresses for, if that is enough. */
function affordableCount({ interfaces }: LaunchNetwork, min: number, max: number, context: ActionContext): number {
  if (max === 1) return 1;
  if (interfaces.some((each) => "existing" in each || each.addresses.privateIpAddress !== undefined)) {
    throw invalidParameterCombination(
      "A given private IP address or network interface can be used by one instance only; ask for one.",
    );
  }
  const [primary] = interfaces;
  if (primary === undefined || "existing" in primary) return max;
  const free = availableIpAddressCount(context, primary.subnet);
  if (free < min) throw insufficientFreeAddresses();
  return Math.min(max, free);
}

/** The credit option: only burstable types have one that can be chosen. */
export function cpuCredits(wanted: string | undefined, type: InstanceTypeDescription): InstanceRecord["CpuCredits"] {
  if (wanted === undefined) return type.defaultCpuCredits;
  if (wanted !== "standard" && wanted !== "unlimited")
    throw invalidParameterValue(`Value (${wanted}) for parameter CpuCredits is invalid.`);
  if (!type.burstable) {
    throw invalidParameterCombination(
      `The credit specification is not supported by instance type ${type.instanceType}.`,
    );
  }
  return wanted;
}

function defaultMetadataOptions({ imdsV2 }: ImageDescription): MetadataOptions {
  return {
    HttpTokens: imdsV2 ? "required" : "optional",
    HttpPutResponseHopLimit: imdsV2 ? 2 : 1,
    HttpEndpoint: "enabled",
    HttpProtocolIpv6: "disabled",
    InstanceMetadataTags: "disabled",
  };
}

/** The options after a request that names some of them. */
export function metadataOptions(request: InstanceMetadataOptionsRequest, before: MetadataOptions): MetadataOptions {
  const hops = request.HttpPutResponseHopLimit ?? before.HttpPutResponseHopLimit;
  if (hops < 1 || hops > 64)
    throw invalidParameterValue(
      `Value (${hops}) for parameter HttpPutResponseHopLimit is invalid. It must be between 1 and 64.`,
    );
  return {
    HttpTokens: request.HttpTokens ?? before.HttpTokens,
    HttpPutResponseHopLimit: hops,
    HttpEndpoint: request.HttpEndpoint ?? before.HttpEndpoint,
    HttpProtocolIpv6: request.HttpProtocolIpv6 ?? before.HttpProtocolIpv6,
    InstanceMetadataTags: request.InstanceMetadataTags ?? before.InstanceMetadataTags,
  };
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function defined<T extends object>(members: T): Defined<T> {
  // What is left has no undefined member, which is what the result's type says.
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Defined<T>;
}
