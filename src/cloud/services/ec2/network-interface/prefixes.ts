/** Delegated prefixes (/28 and /80) are not modelled: who asks for them is told so. [AD-50] */
import { unsupportedOperation } from "../../../../aws/index.ts";

export interface PrefixRequest {
  readonly Ipv4Prefixes?: readonly unknown[] | undefined;
  readonly Ipv4PrefixCount?: number | undefined;
  readonly Ipv6Prefixes?: readonly unknown[] | undefined;
  readonly Ipv6PrefixCount?: number | undefined;
}

/** Refuses by name when a delegated prefix is asked for. */
export function refusePrefixes({ Ipv4Prefixes, Ipv4PrefixCount, Ipv6Prefixes, Ipv6PrefixCount }: PrefixRequest): void {
  if (Ipv4Prefixes?.length || Ipv4PrefixCount || Ipv6Prefixes?.length || Ipv6PrefixCount) {
    throw unsupportedOperation("of delegating prefixes to a network interface");
  }
}
