/** Instances: launches, states, what they let go of, what clients read back. [IN-1]..[IN-4] [DN-3] [DN-4] */
import type {
  DescribeImagesCommandOutput,
  DescribeInstanceAttributeCommandOutput,
  DescribeInstanceStatusCommandOutput,
  DescribeInstancesCommandOutput,
  DescribeInstanceTypesCommandOutput,
  DescribeSubnetsCommandOutput,
  DescribeVolumesCommandOutput,
  Instance,
  RunInstancesCommandOutput,
  StartInstancesCommandOutput,
  StopInstancesCommandOutput,
  TerminateInstancesCommandOutput,
} from "@aws-sdk/client-ec2";
import { beforeEach, describe, expect, test } from "vitest";
import { isAwsError } from "../../../../aws/index.ts";
import { toMermaid } from "../../../lifecycle/lifecycle.ts";
import { accountB, type TestCloud, testCloud } from "../../../test-cloud.ts";
import { instanceLifecycle } from "./lifecycle.ts";

let cloud: TestCloud;
let subnet: string;

beforeEach(() => {
  cloud = testCloud({ pace: "real" });
  subnet = defaultSubnets()[0]?.SubnetId ?? "";
});

function defaultSubnets(region = "us-east-1") {
  return cloud.call<DescribeSubnetsCommandOutput>("DescribeSubnets", {}, { region }).Subnets ?? [];
}

function launch(input: object = {}, region = "us-east-1"): Instance & { InstanceId: string } {
  const { Instances = [] } = cloud.call<RunInstancesCommandOutput>(
    "RunInstances",
    { ImageId: "ami-12345678", InstanceType: "t3.micro", MinCount: 1, MaxCount: 1, ...input },
    { region },
  );
  return { ...Instances[0], InstanceId: Instances[0]?.InstanceId ?? "" };
}

function shown(id: string, region = "us-east-1"): Instance {
  const { Reservations = [] } = cloud.call<DescribeInstancesCommandOutput>(
    "DescribeInstances",
    { InstanceIds: [id] },
    { region },
  );
  const [instance] = Reservations[0]?.Instances ?? [];
  if (instance === undefined) throw new Error(`${id} is not shown`);
  return instance;
}

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (isAwsError(error)) return error.code;
    throw error;
  }
  return "allowed";
}

test("the life cycle is the documented one [IN-1]", () => {
  expect(toMermaid(instanceLifecycle)).toMatchInlineSnapshot(`
    "stateDiagram-v2
      [*] --> pending
      pending --> shutting_down: TerminateInstances
      pending --> running: after 10s
      running --> stopping: StopInstances
      running --> shutting_down: TerminateInstances
      stopping --> shutting_down: TerminateInstances
      stopping --> stopped: after 20s
      stopped --> pending: StartInstances
      stopped --> terminated: TerminateInstances
      shutting_down --> terminated: after 20s
      terminated --> [*]: forgotten after 1h
    "
  `);
});

describe("a launch", () => {
  test("is pending, then running, with everything that clients read back", () => {
    const made = launch({
      TagSpecifications: [
        { ResourceType: "instance", Tags: [{ Key: "Name", Value: "web" }] },
        { ResourceType: "volume", Tags: [{ Key: "Of", Value: "web" }] },
      ],
    });
    expect(made.State).toEqual({ Code: 0, Name: "pending" });
    expect(cloud.model().networkInterfaces[0]?.attachment).toBeUndefined();
    cloud.advance(11_000);
    const instance = shown(made.InstanceId);
    expect(instance).toMatchObject({
      State: { Code: 16, Name: "running" },
      Tags: [{ Key: "Name", Value: "web" }],
      Placement: { AvailabilityZone: "us-east-1a", Tenancy: "default" },
      Monitoring: { State: "disabled" },
      RootDeviceName: "/dev/xvda",
      MetadataOptions: { State: "applied", HttpEndpoint: "enabled" },
      SourceDestCheck: true,
      NetworkInterfaces: [
        { Status: "in-use", Attachment: { DeviceIndex: 0, DeleteOnTermination: true, Status: "attached" } },
      ],
    });
    const volume = instance.BlockDeviceMappings?.[0]?.Ebs?.VolumeId;
    const { Volumes } = cloud.call<DescribeVolumesCommandOutput>("DescribeVolumes", { VolumeIds: [volume] });
    expect(Volumes).toMatchObject([
      {
        Size: 8,
        VolumeType: "gp3",
        Iops: 3000,
        Throughput: 125,
        State: "in-use",
        Encrypted: false,
        Tags: [{ Key: "Of", Value: "web" }],
      },
    ]);
    expect(cloud.model().instances).toMatchObject([{ instanceId: made.InstanceId, name: "web", state: "running" }]);
    expect(cloud.model().networkInterfaces[0]?.attachment).toEqual({ instanceId: made.InstanceId, deviceIndex: 0 });
  });

  test("several instances are one reservation with launch indexes", () => {
    launch({ MinCount: 2, MaxCount: 3 });
    const { Reservations = [] } = cloud.call<DescribeInstancesCommandOutput>("DescribeInstances");
    expect(Reservations.map((each) => each.Instances?.map((instance) => instance.AmiLaunchIndex))).toEqual([[0, 1, 2]]);
  });

  test("a client token gives the first answer again, and refuses other parameters", () => {
    const first = launch({ ClientToken: "once" });
    expect(launch({ ClientToken: "once" }).InstanceId).toBe(first.InstanceId);
    expect(codeOf(() => launch({ ClientToken: "once", InstanceType: "t3.small" }))).toBe("IdempotentParameterMismatch");
  });

  test("names follow the Region [DN-3] [DN-4]", () => {
    const here = launch({ PrivateIpAddress: "172.31.0.50", SubnetId: subnet });
    expect(here.PrivateDnsName).toBe("ip-172-31-0-50.ec2.internal");
    expect(here.PublicDnsName).toMatch(/^ec2-198-18-\d+-\d+\.compute-1\.amazonaws\.com$/);
    const there = launch({}, "eu-west-1");
    expect(there.PrivateDnsName).toMatch(/^ip-172-31-\d+-\d+\.eu-west-1\.compute\.internal$/);
    expect(there.PublicDnsName).toMatch(/^ec2-198-18-\d+-\d+\.eu-west-1\.compute\.amazonaws\.com$/);
    const named = launch({ PrivateDnsNameOptions: { HostnameType: "resource-name" } });
    expect(named.PrivateDnsName).toBe(`${named.InstanceId}.ec2.internal`);
  });

  const refusals: readonly [string, string, object][] = [
    ["a malformed image", "InvalidAMIID.Malformed", { ImageId: "ami-nonsense" }],
    ["no image", "MissingParameter", { ImageId: undefined }],
    ["an unknown type", "InvalidParameterValue", { InstanceType: "t99.huge" }],
    ["more at least than at most", "InvalidParameterValue", { MinCount: 3, MaxCount: 2 }],
    ["an unknown key", "InvalidKeyPair.NotFound", { KeyName: "nobody" }],
    ["an unknown profile", "InvalidParameterValue", { IamInstanceProfile: { Name: "nobody" } }],
    ["an unknown subnet", "InvalidSubnetID.NotFound", { SubnetId: "subnet-12345678" }],
    ["an unknown group", "InvalidGroup.NotFound", { SecurityGroupIds: ["sg-12345678"] }],
    ["user data that is not base64", "InvalidUserData.Malformed", { UserData: "#!/bin/sh" }],
    ["user data that is too long", "InvalidParameterValue", { UserData: Buffer.alloc(16_385).toString("base64") }],
    [
      "interfaces and a subnet",
      "InvalidParameterCombination",
      { SubnetId: "subnet-12345678", NetworkInterfaces: [{ DeviceIndex: 0 }] },
    ],
    [
      "interfaces and groups",
      "InvalidParameterCombination",
      { SecurityGroupIds: ["sg-12345678"], NetworkInterfaces: [{ DeviceIndex: 0 }] },
    ],
    ["no interface at index 0", "InvalidParameterCombination", { NetworkInterfaces: [{ DeviceIndex: 1 }] }],
    [
      "a public address with two interfaces [IN-2]",
      "InvalidParameterCombination",
      { NetworkInterfaces: [{ DeviceIndex: 0, AssociatePublicIpAddress: true }, { DeviceIndex: 1 }] },
    ],
    ["a zone that is not the subnet's", "MissingInput", { Placement: { AvailabilityZone: "us-east-1z" } }],
    ["one address for two instances", "InvalidParameterCombination", { MaxCount: 2, PrivateIpAddress: "172.31.0.50" }],
    [
      "credits for a type without",
      "InvalidParameterCombination",
      { InstanceType: "m5.large", CreditSpecification: { CpuCredits: "unlimited" } },
    ],
    [
      "a root volume smaller than its snapshot",
      "InvalidBlockDeviceMapping",
      { BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { VolumeSize: 1 } }] },
    ],
    ["a launch template", "UnsupportedOperation", { LaunchTemplate: { LaunchTemplateName: "x" } }],
    ["a primary IPv6 address", "UnsupportedOperation", { EnablePrimaryIpv6: true }],
    [
      "time-outs of tracked connections [SG-64]",
      "UnsupportedOperation",
      { NetworkInterfaces: [{ DeviceIndex: 0, ConnectionTrackingSpecification: { UdpTimeout: 45 } }] },
    ],
    [
      "tags for what is not launched",
      "InvalidParameterValue",
      { TagSpecifications: [{ ResourceType: "vpc", Tags: [{ Key: "a", Value: "b" }] }] },
    ],
  ];
  test.each(refusals)("with %s: %s, and nothing is left", (_name, code, input) => {
    expect(codeOf(() => launch(input))).toBe(code);
    expect(cloud.model().networkInterfaces).toEqual([]);
    expect(cloud.model().instances).toEqual([]);
  });
});

describe("public addresses [IN-2] [AD-52]", () => {
  test("are the subnet's choice, or the launch's", () => {
    expect(launch().PublicIpAddress).toMatch(/^198\.18\./);
    expect(
      launch({ NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: subnet, AssociatePublicIpAddress: false }] })
        .PublicIpAddress,
    ).toBeUndefined();
    expect(
      launch({
        NetworkInterfaces: [
          { DeviceIndex: 0, SubnetId: subnet },
          { DeviceIndex: 1, SubnetId: subnet },
        ],
      }).PublicIpAddress,
    ).toBeUndefined();
  });

  test("go at stop, and a start brings another; the private one stays", () => {
    const { InstanceId, PublicIpAddress, PrivateIpAddress } = launch();
    cloud.advance(11_000);
    cloud.call("StopInstances", { InstanceIds: [InstanceId] });
    expect(shown(InstanceId).PublicIpAddress).toBeUndefined();
    cloud.advance(21_000);
    expect(shown(InstanceId)).toMatchObject({
      State: { Code: 80, Name: "stopped" },
      PrivateIpAddress,
      PublicDnsName: "",
    });
    cloud.call("StartInstances", { InstanceIds: [InstanceId] });
    const started = shown(InstanceId);
    expect(started.PublicIpAddress).toMatch(/^198\.18\./);
    expect(started.PublicIpAddress).not.toBe(PublicIpAddress);
  });

  test("an Elastic IP is shown instead, and survives a stop", () => {
    const { InstanceId } = launch();
    cloud.advance(11_000);
    const { AllocationId, PublicIp } = cloud.call<{ AllocationId: string; PublicIp: string }>("AllocateAddress", {
      Domain: "vpc",
    });
    cloud.call("AssociateAddress", { AllocationId, InstanceId });
    expect(shown(InstanceId).PublicIpAddress).toBe(PublicIp);
    cloud.call("StopInstances", { InstanceIds: [InstanceId] });
    cloud.advance(21_000);
    expect(shown(InstanceId).PublicIpAddress).toBe(PublicIp);
  });
});

describe("states [IN-1]", () => {
  test("stop and start answer with both states, and are idempotent", () => {
    const { InstanceId } = launch();
    expect(codeOf(() => cloud.call("StopInstances", { InstanceIds: [InstanceId] }))).toBe("IncorrectInstanceState");
    cloud.advance(11_000);
    const stop = () =>
      cloud.call<StopInstancesCommandOutput>("StopInstances", { InstanceIds: [InstanceId] }).StoppingInstances;
    expect(stop()).toEqual([
      { InstanceId, PreviousState: { Code: 16, Name: "running" }, CurrentState: { Code: 64, Name: "stopping" } },
    ]);
    expect(codeOf(() => cloud.call("StartInstances", { InstanceIds: [InstanceId] }))).toBe("IncorrectInstanceState");
    cloud.advance(21_000);
    expect(stop()?.[0]?.CurrentState?.Name).toBe("stopped");
    expect(codeOf(() => cloud.call("RebootInstances", { InstanceIds: [InstanceId] }))).toBe("IncorrectInstanceState");
    const start = () =>
      cloud.call<StartInstancesCommandOutput>("StartInstances", { InstanceIds: [InstanceId] }).StartingInstances?.[0];
    expect(start()).toMatchObject({ PreviousState: { Name: "stopped" }, CurrentState: { Name: "pending" } });
    cloud.advance(11_000);
    expect(start()?.CurrentState?.Name).toBe("running");
  });

  test("termination takes interfaces and volumes that say so, and leaves a row for about an hour [IN-4]", () => {
    const { NetworkInterface } = cloud.call<{ NetworkInterface: { NetworkInterfaceId: string } }>(
      "CreateNetworkInterface",
      { SubnetId: subnet },
    );
    const kept = NetworkInterface.NetworkInterfaceId;
    const { InstanceId } = launch({
      NetworkInterfaces: [
        { DeviceIndex: 0, SubnetId: subnet },
        { DeviceIndex: 1, NetworkInterfaceId: kept },
      ],
      BlockDeviceMappings: [{ DeviceName: "/dev/sdb", Ebs: { VolumeSize: 5, DeleteOnTermination: false } }],
    });
    cloud.advance(11_000);
    expect(shown(InstanceId).NetworkInterfaces).toHaveLength(2);
    const { TerminatingInstances } = cloud.call<TerminateInstancesCommandOutput>("TerminateInstances", {
      InstanceIds: [InstanceId],
    });
    expect(TerminatingInstances).toMatchObject([
      { CurrentState: { Code: 32, Name: "shutting-down" }, PreviousState: { Name: "running" } },
    ]);
    cloud.advance(21_000);
    const gone = shown(InstanceId);
    expect(gone).toMatchObject({
      State: { Code: 48, Name: "terminated" },
      NetworkInterfaces: [],
      BlockDeviceMappings: [],
      StateReason: { Code: "Client.UserInitiatedShutdown" },
    });
    expect(gone.VpcId).toBeUndefined();
    expect(cloud.model().instances).toEqual([]);
    expect(cloud.model().networkInterfaces.map((each) => [each.networkInterfaceId, each.attachment])).toEqual([
      [kept, undefined],
    ]);
    const { Volumes = [] } = cloud.call<DescribeVolumesCommandOutput>("DescribeVolumes");
    expect(Volumes.map((volume) => [volume.Size, volume.State])).toEqual([[5, "available"]]);
    expect(codeOf(() => cloud.call("TerminateInstances", { InstanceIds: [InstanceId] }))).toBe("allowed");
    expect(codeOf(() => cloud.call("StartInstances", { InstanceIds: [InstanceId] }))).toBe("IncorrectInstanceState");
    cloud.advance(3_700_000);
    expect(codeOf(() => shown(InstanceId))).toBe("InvalidInstanceID.NotFound");
  });

  test("protection against termination and stop", () => {
    const { InstanceId } = launch({ DisableApiTermination: true, DisableApiStop: true });
    cloud.advance(11_000);
    expect(codeOf(() => cloud.call("TerminateInstances", { InstanceIds: [InstanceId] }))).toBe("OperationNotPermitted");
    expect(codeOf(() => cloud.call("StopInstances", { InstanceIds: [InstanceId] }))).toBe("OperationNotPermitted");
    cloud.call("ModifyInstanceAttribute", { InstanceId, DisableApiTermination: { Value: false } });
    expect(codeOf(() => cloud.call("TerminateInstances", { InstanceIds: [InstanceId] }))).toBe("allowed");
  });

  test("another account's instances cannot be reached", () => {
    const { InstanceId } = launch();
    for (const operation of ["DescribeInstances", "TerminateInstances", "StopInstances"]) {
      expect(codeOf(() => cloud.call(operation, { InstanceIds: [InstanceId] }, { account: accountB }))).toBe(
        "InvalidInstanceID.NotFound",
      );
    }
    expect(codeOf(() => cloud.call("DescribeInstances", { InstanceIds: ["i-nonsense"] }))).toBe(
      "InvalidInstanceID.Malformed",
    );
  });

  test("what happened survives a restart, and goes on after it", () => {
    const { InstanceId } = launch();
    cloud.restart();
    expect(shown(InstanceId).State?.Name).toBe("pending");
    cloud.advance(11_000);
    expect(shown(InstanceId).State?.Name).toBe("running");
  });

  test("status checks tell of running instances, or of all when asked", () => {
    const { InstanceId } = launch();
    const status = (input: object) =>
      cloud.call<DescribeInstanceStatusCommandOutput>("DescribeInstanceStatus", input).InstanceStatuses ?? [];
    expect(status({})).toEqual([]);
    expect(status({ IncludeAllInstances: true })).toMatchObject([{ InstanceStatus: { Status: "not-applicable" } }]);
    cloud.advance(11_000);
    expect(status({ InstanceIds: [InstanceId] })).toMatchObject([
      { InstanceState: { Name: "running" }, InstanceStatus: { Status: "ok" }, SystemStatus: { Status: "ok" } },
    ]);
  });
});

describe("attributes", () => {
  test("are read as Terraform reads them [IN-3]", () => {
    const UserData = Buffer.from("#!/bin/sh\ntrue\n").toString("base64");
    const { InstanceId } = launch({ UserData });
    const read = (Attribute: string) =>
      cloud.call<DescribeInstanceAttributeCommandOutput>("DescribeInstanceAttribute", { InstanceId, Attribute });
    expect(read("disableApiTermination").DisableApiTermination).toEqual({ Value: false });
    expect(read("disableApiStop").DisableApiStop).toEqual({ Value: false });
    expect(read("instanceInitiatedShutdownBehavior").InstanceInitiatedShutdownBehavior).toEqual({ Value: "stop" });
    expect(read("userData").UserData).toEqual({ Value: UserData });
    expect(codeOf(() => read("nonsense"))).toBe("InvalidParameterValue");
  });

  test("the source/destination check is for single-interface instances only [AD-53]", () => {
    const one = launch();
    cloud.call("ModifyInstanceAttribute", { InstanceId: one.InstanceId, SourceDestCheck: { Value: false } });
    expect(shown(one.InstanceId).SourceDestCheck).toBe(false);
    const two = launch({
      NetworkInterfaces: [
        { DeviceIndex: 0, SubnetId: subnet },
        { DeviceIndex: 1, SubnetId: subnet },
      ],
    });
    expect(
      codeOf(() =>
        cloud.call("ModifyInstanceAttribute", { InstanceId: two.InstanceId, SourceDestCheck: { Value: false } }),
      ),
    ).toBe("InvalidInstanceID");
  });

  test("the type is changed while stopped only", () => {
    const { InstanceId } = launch();
    cloud.advance(11_000);
    const resize = () => cloud.call("ModifyInstanceAttribute", { InstanceId, InstanceType: { Value: "m5.large" } });
    expect(codeOf(resize)).toBe("IncorrectInstanceState");
    cloud.call("StopInstances", { InstanceIds: [InstanceId] });
    cloud.advance(21_000);
    resize();
    expect(shown(InstanceId).InstanceType).toBe("m5.large");
  });

  test("metadata options and credits", () => {
    const { InstanceId } = launch();
    cloud.call("ModifyInstanceMetadataOptions", { InstanceId, HttpTokens: "required", HttpPutResponseHopLimit: 2 });
    expect(shown(InstanceId).MetadataOptions).toMatchObject({
      HttpTokens: "required",
      HttpPutResponseHopLimit: 2,
      HttpEndpoint: "enabled",
    });
    expect(cloud.call("DescribeInstanceCreditSpecifications", { InstanceIds: [InstanceId] })).toMatchObject({
      InstanceCreditSpecifications: [{ InstanceId, CpuCredits: "unlimited" }],
    });
  });
});

test("filters", () => {
  const { InstanceId, PrivateIpAddress } = launch({
    TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "Role", Value: "web" }] }],
  });
  launch({ InstanceType: "m5.large" });
  cloud.advance(11_000);
  const find = (Name: string, ...Values: (string | undefined)[]) =>
    (
      cloud.call<DescribeInstancesCommandOutput>("DescribeInstances", { Filters: [{ Name, Values }] }).Reservations ??
      []
    )
      .flatMap((each) => each.Instances ?? [])
      .map((each) => each.InstanceId);
  expect(find("tag:Role", "w*")).toEqual([InstanceId]);
  expect(find("instance-type", "t3.*")).toEqual([InstanceId]);
  expect(find("private-ip-address", PrivateIpAddress)).toEqual([InstanceId]);
  expect(find("network-interface.addresses.private-ip-address", PrivateIpAddress)).toEqual([InstanceId]);
  expect(find("instance-state-name", "running", "pending")).toHaveLength(2);
  expect(find("subnet-id", subnet)).toHaveLength(2);
  expect(codeOf(() => find("nonsense", "x"))).toBe("InvalidParameterValue");
});

test("pages hold whole numbers of instances and end", () => {
  for (let index = 0; index < 6; index += 1) launch();
  const first = cloud.call<DescribeInstancesCommandOutput>("DescribeInstances", { MaxResults: 5 });
  expect(first.Reservations).toHaveLength(5);
  const second = cloud.call<DescribeInstancesCommandOutput>("DescribeInstances", {
    MaxResults: 5,
    NextToken: first.NextToken,
  });
  expect(second.Reservations).toHaveLength(1);
  expect(second.NextToken).toBeUndefined();
});

test("instance profiles are associated once", () => {
  const iam = { service: "iam" };
  cloud.call("CreateInstanceProfile", { InstanceProfileName: "web" }, iam);
  const { InstanceId } = launch({ IamInstanceProfile: { Name: "web" } });
  expect(shown(InstanceId).IamInstanceProfile?.Arn).toBe("arn:aws:iam::111111111111:instance-profile/web");
  expect(
    codeOf(() => cloud.call("AssociateIamInstanceProfile", { InstanceId, IamInstanceProfile: { Name: "web" } })),
  ).toBe("IncorrectState");
  const { IamInstanceProfileAssociations: [association] = [] } = cloud.call<{
    IamInstanceProfileAssociations: { AssociationId: string }[];
  }>("DescribeIamInstanceProfileAssociations", { Filters: [{ Name: "instance-id", Values: [InstanceId] }] });
  cloud.call("DisassociateIamInstanceProfile", { AssociationId: association?.AssociationId });
  expect(shown(InstanceId).IamInstanceProfile).toBeUndefined();
  expect(
    codeOf(() => cloud.call("DisassociateIamInstanceProfile", { AssociationId: association?.AssociationId })),
  ).toBe("InvalidAssociationID.NotFound");
});

describe("types and images", () => {
  test("types say what they can do", () => {
    const { InstanceTypes } = cloud.call<DescribeInstanceTypesCommandOutput>("DescribeInstanceTypes", {
      InstanceTypes: ["t3.micro", "m6g.large"],
    });
    expect(InstanceTypes).toMatchObject([
      {
        InstanceType: "t3.micro",
        BurstablePerformanceSupported: true,
        VCpuInfo: { DefaultVCpus: 2 },
        MemoryInfo: { SizeInMiB: 1024 },
        NetworkInfo: { MaximumNetworkInterfaces: 2, Ipv4AddressesPerInterface: 2 },
      },
      {
        InstanceType: "m6g.large",
        BurstablePerformanceSupported: false,
        ProcessorInfo: { SupportedArchitectures: ["arm64"] },
      },
    ]);
    expect(codeOf(() => cloud.call("DescribeInstanceTypes", { InstanceTypes: ["t99.huge"] }))).toBe(
      "InvalidInstanceType",
    );
  });

  const lookups: readonly [string, string, object][] = [
    ["amazon", "al2023-ami-2023.*-kernel-6.1-x86_64", { Name: "architecture", Values: ["x86_64"] }],
    ["amazon", "amzn2-ami-hvm-*-x86_64-gp2", { Name: "owner-alias", Values: ["amazon"] }],
    [
      "099720109477",
      "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-*",
      { Name: "virtualization-type", Values: ["hvm"] },
    ],
    [
      "099720109477",
      "ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-amd64-server-*",
      { Name: "root-device-type", Values: ["ebs"] },
    ],
    ["amazon", "amzn-ami-vpc-nat-*", { Name: "state", Values: ["available"] }],
  ];
  test.each(lookups)("%s %s is found", (owner, name, filter) => {
    const { Images = [] } = cloud.call<DescribeImagesCommandOutput>("DescribeImages", {
      Owners: [owner],
      Filters: [{ Name: "name", Values: [name] }, filter],
    });
    expect(Images.length).toBeGreaterThan(0);
    expect(launch({ ImageId: Images[0]?.ImageId }).ImageId).toBe(Images[0]?.ImageId);
  });

  test("an image is named by a public parameter", () => {
    const { Parameter } = cloud.call<{ Parameter: { Value: string } }>(
      "GetParameter",
      { Name: "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64" },
      { service: "ssm" },
    );
    expect(
      launch({ ImageId: "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64" }).ImageId,
    ).toBe(Parameter.Value);
  });
});
