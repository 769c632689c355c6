/** A path to analyse: from where to where, and which packets. */
import type { PathFilter } from "@aws-sdk/client-ec2";
import type { CloudRecord } from "../../../state/record.ts";

export interface NetworkInsightsPathRecord extends CloudRecord {
  readonly NetworkInsightsPathId: string;
  /** An id, whether it was given as one or as an ARN. */
  readonly Source: string;
  readonly SourceArn: string;
  /** None: the address that the filter at the source names is the destination, whoever has it. */
  readonly Destination?: string;
  readonly DestinationArn?: string;
  readonly SourceIp?: string;
  readonly DestinationIp?: string;
  readonly Protocol: "tcp" | "udp";
  readonly DestinationPort?: number;
  readonly FilterAtSource?: PathFilter;
  readonly FilterAtDestination?: PathFilter;
}
