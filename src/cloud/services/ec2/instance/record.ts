/** An instance. Its addresses and groups are its interfaces' own. */
import type { CloudRecord } from "../../../state/record.ts";

export interface MetadataOptions {
  readonly HttpTokens: "optional" | "required";
  readonly HttpPutResponseHopLimit: number;
  readonly HttpEndpoint: "enabled" | "disabled";
  readonly HttpProtocolIpv6: "enabled" | "disabled";
  readonly InstanceMetadataTags: "enabled" | "disabled";
}

export interface InstanceRecord extends CloudRecord {
  readonly InstanceId: string;
  readonly ReservationId: string;
  readonly AmiLaunchIndex: number;
  readonly ClientToken?: string;
  readonly State: "pending" | "running" | "shutting-down" | "terminated" | "stopping" | "stopped";
  readonly StateTransitionReason: string;
  readonly StateReason?: { readonly Code: string; readonly Message: string };
  readonly ImageId: string;
  readonly InstanceType: string;
  readonly KeyName?: string;
  readonly VpcId: string;
  readonly SubnetId: string;
  readonly AvailabilityZone: string;
  /** The latest start, milliseconds since the epoch. */
  readonly LaunchTime: number;
  readonly PrivateDnsName: string;
  readonly PrivateDnsNameOptions: {
    readonly HostnameType: "ip-name" | "resource-name";
    readonly EnableResourceNameDnsARecord: boolean;
    readonly EnableResourceNameDnsAAAARecord: boolean;
  };
  /** `AssociationId` is `iip-assoc-…`. */
  readonly IamInstanceProfile?: { readonly Arn: string; readonly Id: string; readonly AssociationId: string };
  /** Base64, as given. */
  readonly UserData?: string;
  /** Whether the user data is to be run when the instance first runs. */
  readonly UserDataDue: boolean;
  /** What the user data wrote, as text. */
  readonly ConsoleOutput?: { readonly text: string; readonly at: number };
  readonly EbsOptimized: boolean;
  readonly Monitoring: "disabled" | "enabled";
  readonly Tenancy: "default" | "dedicated" | "host";
  readonly DisableApiTermination: boolean;
  readonly DisableApiStop: boolean;
  readonly InstanceInitiatedShutdownBehavior: "stop" | "terminate";
  readonly CpuCredits: "standard" | "unlimited";
  readonly AutoRecovery: "default" | "disabled";
  readonly MetadataOptions: MetadataOptions;
  readonly RootDeviceName: string;
  readonly RootVolumeId: string;
}
