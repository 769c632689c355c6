/** AWS::EC2::DHCPOptions and AWS::EC2::VPCDHCPOptionsAssociation. */
import type { CreateDhcpOptionsCommandOutput } from "@aws-sdk/client-ec2";
import { type ResourceTag, resourceType } from "./resource-type.ts";
import { changeTags, tagsFor } from "./tags.ts";

interface Options {
  readonly DomainName?: string;
  readonly DomainNameServers?: readonly string[];
  readonly NetbiosNameServers?: readonly string[];
  readonly NetbiosNodeType?: number;
  readonly NtpServers?: readonly string[];
  readonly Ipv6AddressPreferredLeaseTime?: number;
  readonly Tags?: readonly ResourceTag[];
}

export const dhcpOptionsType = resourceType<Options>({
  name: "AWS::EC2::DHCPOptions",
  properties: [
    "DomainName",
    "DomainNameServers",
    "NetbiosNameServers",
    "NetbiosNodeType",
    "NtpServers",
    "Ipv6AddressPreferredLeaseTime",
    "Tags",
  ],
  create(work) {
    const { properties } = work;
    const values: readonly (readonly [string, readonly (string | number)[] | undefined])[] = [
      ["domain-name", one(properties.DomainName)],
      ["domain-name-servers", properties.DomainNameServers],
      ["netbios-name-servers", properties.NetbiosNameServers],
      ["netbios-node-type", one(properties.NetbiosNodeType)],
      ["ntp-servers", properties.NtpServers],
      ["ipv6-address-preferred-lease-time", one(properties.Ipv6AddressPreferredLeaseTime)],
    ];
    const { DhcpOptions } = work.call<CreateDhcpOptionsCommandOutput>("ec2:CreateDhcpOptions", {
      DhcpConfigurations: values.flatMap(([Key, each]) =>
        each === undefined ? [] : [{ Key, Values: each.map(String) }],
      ),
      TagSpecifications: tagsFor("dhcp-options", work),
    });
    const id = DhcpOptions?.DhcpOptionsId ?? "";
    work.tagAsOwn("dhcp-options", id);
    return id;
  },
  update: (work) => changeTags(work),
  delete: (work) => void work.call("ec2:DeleteDhcpOptions", { DhcpOptionsId: work.physicalId }),
  attributes: ({ physicalId }) => ({ DhcpOptionsId: physicalId }),
});

function one(value: string | number | undefined): readonly (string | number)[] | undefined {
  return value === undefined ? undefined : [value];
}

interface Association {
  readonly DhcpOptionsId: string;
  readonly VpcId: string;
}

export const vpcDhcpOptionsAssociationType = resourceType<Association>({
  name: "AWS::EC2::VPCDHCPOptionsAssociation",
  properties: ["DhcpOptionsId", "VpcId"],
  create({ call, properties: { DhcpOptionsId, VpcId } }) {
    call("ec2:AssociateDhcpOptions", { DhcpOptionsId, VpcId });
    return `${DhcpOptionsId}|${VpcId}`;
  },
  delete: ({ call, properties: { VpcId } }) =>
    void call("ec2:AssociateDhcpOptions", { DhcpOptionsId: "default", VpcId }),
});
