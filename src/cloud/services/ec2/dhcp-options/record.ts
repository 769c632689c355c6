/** A DHCP option set. */
import type { CloudRecord } from "../../../state/record.ts";

export interface DhcpOptionsRecord extends CloudRecord {
  /** `dopt-…` */
  readonly DhcpOptionsId: string;
  readonly DhcpConfigurations: readonly { readonly Key: string; readonly Values: readonly string[] }[];
  /** The set that every new VPC of this account and Region starts with. */
  readonly IsDefault: boolean;
}
