/** A DHCP option set. */
import type { CloudRecord } from "../../../state/record.ts";

export interface DhcpOptionsRecord extends CloudRecord {
  /** `dopt-…` */
  readonly DhcpOptionsId: string;
  readonly DhcpConfigurations: readonly { readonly Key: string; readonly Values: readonly string[] }[];
}
