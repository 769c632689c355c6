/** An instance. Its addresses and groups are its interfaces' own. */
import type { CloudRecord } from "../../../state/record.ts";

export interface InstanceRecord extends CloudRecord {
  readonly InstanceId: string;
  readonly ReservationId: string;
  readonly AmiLaunchIndex: number;
  readonly State: "pending" | "running" | "shutting-down" | "terminated" | "stopping" | "stopped";
  readonly StateTransitionReason: string;
  readonly StateReason?: { readonly Code: string; readonly Message: string };
  readonly ImageId: string;
  readonly InstanceType: string;
  readonly KeyName?: string;
  readonly VpcId: string;
  readonly SubnetId: string;
  readonly AvailabilityZone: string;
  readonly LaunchTime: number;
  readonly PrivateDnsName: string;
  readonly IamInstanceProfile?: { readonly Arn: string; readonly Id: string };
  readonly UserData?: string;
  readonly EbsOptimized: boolean;
  readonly Monitoring: "disabled" | "enabled";
  readonly Tenancy: "default" | "dedicated" | "host";
  readonly DisableApiTermination: boolean;
  readonly DisableApiStop: boolean;
  readonly InstanceInitiatedShutdownBehavior: "stop" | "terminate";
  readonly CpuCredits: "standard" | "unlimited";
  readonly MetadataOptions: {
    readonly HttpTokens: "optional" | "required";
    readonly HttpPutResponseHopLimit: number;
    readonly HttpEndpoint: "enabled" | "disabled";
    readonly HttpProtocolIpv6: "enabled" | "disabled";
    readonly InstanceMetadataTags: "enabled" | "disabled";
  };
  readonly RootVolumeId: string;
}
