/** The option set that an account has in every Region from the start: Amazon's resolver and the Region's own domain. (semantics 10) */
import type { Scope } from "../../../state/record.ts";
import type { Transaction } from "../../../state/transaction.ts";
import type { DhcpOptionsRecord } from "./record.ts";

export function createDefaultDhcpOptions(transaction: Transaction, { accountId, region }: Scope): DhcpOptionsRecord {
  const record: DhcpOptionsRecord = {
    OwnerId: accountId,
    Region: region,
    CreatedAt: transaction.now,
    DhcpOptionsId: transaction.newId("dopt"),
    DhcpConfigurations: [
      { Key: "domain-name", Values: [region === "us-east-1" ? "ec2.internal" : `${region}.compute.internal`] },
      { Key: "domain-name-servers", Values: ["AmazonProvidedDNS"] },
    ],
    IsDefault: true,
  };
  transaction.put("dhcpOptions", record);
  return record;
}

/** `default` when the account has deleted its default set: the VPC then has no options. */
export function defaultDhcpOptionsId(transaction: Transaction, { accountId, region }: Scope): string {
  return transaction.inScope("dhcpOptions", accountId, region).find((set) => set.IsDefault)?.DhcpOptionsId ?? "default";
}
