/**
 * The rules of AWS networking that concern reachability: each has a case that passes and one that blocks (rules.test.ts). Ids are those of
 * the tests and comments everywhere here: RT route tables, SG security groups, NA network ACLs, PX peering, TG transit gateways, IN instances,
 * EI Elastic IPs, IG internet gateways, NG NAT gateways, AD addressing; rule-N the numbered list of what reviewers try; T the test vectors;
 * numbers with a dot are sections without ids (3.3 ICMP in rules, 6.9 the way through a transit gateway, 9.5 egress-only gateways, 11 the walk).
 */

export const reachabilityRules: readonly string[] = [
  ..."AD-13 AD-22 AD-50 AD-52 AD-53 AD-54".split(" "),
  ..."RT-2 RT-6 RT-12 RT-20 RT-22 RT-23 RT-24 RT-25 RT-26 RT-26a RT-28 RT-29 RT-30 RT-40 RT-43".split(" "),
  ..."SG-1 SG-2 SG-3 SG-4 SG-6 SG-26 SG-30 SG-31 SG-32 SG-33 SG-34 SG-40 SG-50 SG-52 SG-65".split(" "),
  ..."NA-1 NA-2 NA-3 NA-4 NA-5 NA-7 NA-9 NA-20".split(" "),
  ..."PX-1 PX-50 PX-51 PX-52 PX-53 PX-54 PX-55 PX-56 PX-57".split(" "),
  ..."TG-1 TG-11 TG-12 TG-14 TG-15 TG-16 TG-17 TG-20 TG-30 TG-31 TG-32 TG-33 TG-35".split(" "),
  ..."TG-40 TG-41 TG-42 TG-43 TG-44 TG-45 TG-61 TG-62 TG-63 TG-65 TG-66 TG-67 TG-68 TG-82 TG-83".split(" "),
  ..."IN-1 EI-2 IG-2 IG-3 IG-4 IG-5 IG-6 NG-2 NG-3 NG-4 NG-5 NG-6 NG-7".split(" "),
  ..."1.6 3.3 6.9 9.5 11.1 11.2 11.3 11.4 11.5 11.6 11.7".split(" "),
  ..."rule-1 rule-2 rule-3 rule-4 rule-5 rule-6 rule-8 rule-10 rule-11 rule-13 rule-14 rule-15 rule-16".split(" "),
  ..."rule-17 rule-18 rule-19 rule-22".split(" "),
  ..."T2 T3 T4 T7 T8 T9 T10 T17 T18 T19 T20 T21 T22 T23 T24 T27 T28 T29 T30 T31 T32 T33 T41 T42".split(" "),
];

/** The other rules of the same chapters, and why no case is about them. */
export const otherRules: readonly { readonly rules: string; readonly because: string }[] = [
  {
    rules: "RT-1 RT-3 RT-4 RT-5 RT-10 RT-11 RT-13 RT-21 RT-42",
    because: "what the API takes, refuses and answers; no packet is decided by it",
  },
  { rules: "RT-27", because: "virtual private gateways are not modelled: a way that leads there is unknown" },
  { rules: "RT-41", because: "not modelled (docs/not-modelled.md): the appliance need not have a public address" },
  {
    rules: "SG-10 SG-11 SG-12 SG-13 SG-14 SG-20 SG-21 SG-22 SG-23 SG-24 SG-25 SG-27 SG-35 SG-51 SG-53 SG-54",
    because: "what the API takes, refuses and answers; no packet is decided by it",
  },
  { rules: "SG-5", because: "the VPC's own services are no ends of a flow (docs/not-modelled.md)" },
  { rules: "SG-45", because: "associations of groups with VPCs are not modelled" },
  {
    rules: "SG-60 SG-61 SG-62 SG-63 SG-64",
    because: "what becomes of a connection over time; a case asks about a first packet and its answer",
  },
  { rules: "NA-6", because: "what an entry cannot name: the language has no word for it either" },
  { rules: "NA-8", because: "the VPC's own services are no ends of a flow (docs/not-modelled.md)" },
  { rules: "NA-10", because: "what becomes of a connection over time" },
  {
    rules:
      "PX-2 PX-3 PX-4 PX-5 PX-6 PX-7 PX-10 PX-20 PX-21 PX-22 PX-23 PX-24 PX-25 PX-26 PX-27 PX-28 PX-30 PX-31 PX-32",
    because: "life cycle, visibility and errors of the API; of the states [PX-1] has cases",
  },
  { rules: "PX-40 PX-41 PX-42 PX-43 PX-44 PX-45", because: "DNS options: names decide no packet here" },
  {
    rules: "TG-2 TG-3 TG-4 TG-5 TG-10 TG-13 TG-18 TG-50 TG-60 TG-64 TG-69 TG-80 TG-81",
    because: "what the API takes, refuses and answers; no packet is decided by it",
  },
  { rules: "TG-34", because: "the model holds one route for each entry of the list; [TG-40] has cases of these" },
  { rules: "TG-70 TG-71 TG-72 TG-73", because: "VPN and Connect attachments are not modelled: a way there is unknown" },
  { rules: "IN-2 IN-3 IN-4 EI-1 EI-3 IG-1 NG-1 NG-8", because: "what the API takes, refuses and answers" },
  { rules: "NG-9", because: "NAT64 is not modelled" },
  { rules: "9.6 9.7 11.8 11.9 11.10 11.11 11.12", because: "not modelled, or no rule about packets" },
  { rules: "rule-7 rule-9", because: "DNS, and who may delete a peering" },
  { rules: "rule-12 rule-31 rule-32 rule-33", because: "VPN is not modelled" },
  { rules: "rule-20 rule-21", because: "the size of packets and quotas: a verdict is about small packets" },
  {
    rules: "rule-23 rule-24 rule-25 rule-26 rule-27 rule-28 rule-29 rule-30",
    because: "PrivateLink and load balancers are not modelled",
  },
];
