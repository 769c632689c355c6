/**
 * Networks to measure on, the same for the same seed. Regions with a transit gateway each (tables for production, development and what is shared,
 * filled by propagation), these peered in a full mesh; VPCs of six subnets in three tiers, with a table and a network ACL for each tier and
 * eight groups that name blocks and each other; peerings, blackholes, isolated tiers. `shape` makes it bad on purpose.
 */

/** shape: `ordinary`; `whitelist`: a /32 rule for every interface; `groups`: few VPCs with thousands of groups. */
export function generateNetwork({ interfaces, vpcs, shape = "ordinary", seed = 1 }) {
  const random = randomFrom(seed);
  const pick = (items) => items[Math.floor(random() * items.length)];
  const chance = (odds) => random() < odds;
  const ownerId = "111111111111";
  const regionCount = Math.max(1, Math.min(4, Math.round(vpcs / 8)));
  const regions = Array.from({ length: regionCount }, (_, at) => `region-${at + 1}`);
  const model = emptyModel();
  const perRegion = [];

  for (const [at, region] of regions.entries()) {
    const transitGatewayId = `tgw-${at}`;
    model.transitGateways.push({
      ownerId,
      region,
      transitGatewayId,
      state: "available",
      amazonSideAsn: 64_512 + at,
      dnsSupport: true,
      securityGroupReferencingSupport: at % 2 === 0,
    });
    perRegion.push({ region, transitGatewayId, vpcs: [] });
  }

  const blockOf = (number) => `10.${number >> 1}.${(number & 1) * 128}`;
  for (let number = 0; number < vpcs; number += 1) addVpc(number);

  function addVpc(number) {
    const place = perRegion[number % regionCount];
    const { region, transitGatewayId } = place;
    const vpcId = `vpc-${number}`;
    const prefix = prefixOf(number);
    model.vpcs.push({
      ownerId,
      region,
      name: `v${number}`,
      vpcId,
      cidrBlocks: [`${prefix.text(0)}/17`],
      ipv6CidrBlocks: [],
      isDefault: false,
      enableDnsSupport: true,
      enableDnsHostnames: false,
    });
    const stage = number % 5 === 0 ? "shared" : number % 2 === 0 ? "prod" : "dev";
    const vpc = { vpcId, number, prefix, stage, subnets: [], tables: [], groups: [], region };
    place.vpcs.push(vpc);
    const internetGatewayId = `igw-${number}`;
    model.internetGateways.push({ ownerId, region, internetGatewayId, vpcId });
    for (const [tier, name] of ["public", "private", "data"].entries()) {
      const routes = [route(`${prefix.text(0)}/17`, { kind: "local" }, "CreateRouteTable")];
      if (tier < 2 || chance(0.6)) routes.push(route("10.0.0.0/8", { kind: "transit-gateway", transitGatewayId }));
      if (tier === 0) routes.push(route("0.0.0.0/0", { kind: "internet-gateway", internetGatewayId }));
      if (chance(0.1))
        routes.push({
          ...route(`10.${Math.floor(random() * 200)}.0.0/17`, { kind: "transit-gateway", transitGatewayId }),
          state: "blackhole",
        });
      const routeTableId = `rtb-${number}-${tier}`;
      model.routeTables.push({ ownerId, region, routeTableId, vpcId, main: tier === 0, routes, gatewayIds: [] });
      vpc.tables.push(model.routeTables.at(-1));
      const networkAclId = `acl-${number}-${tier}`;
      model.networkAcls.push({
        ownerId,
        region,
        networkAclId,
        vpcId,
        isDefault: tier === 0,
        entries: aclEntries(tier, prefix),
      });
      for (const zone of [0, 1]) {
        const index = tier * 2 + zone;
        const subnet = {
          ownerId,
          region,
          name: `${name}-${zone}`,
          subnetId: `subnet-${number}-${index}`,
          vpcId,
          cidrBlock: `${prefix.text(index * 16)}/20`,
          ipv6CidrBlocks: [],
          availabilityZone: `${region}${"ab"[zone]}`,
          availabilityZoneId: `${region}-az${zone + 1}`,
          networkAclId,
          routeTableId,
        };
        model.subnets.push(subnet);
        vpc.subnets.push({ subnet, index, used: 0, tier });
      }
    }
    addGroups(vpc);
    model.transitGatewayVpcAttachments.push({
      ownerId,
      region,
      transitGatewayAttachmentId: `tgw-attach-${number}`,
      transitGatewayId,
      vpcId,
      subnetIds: [`subnet-${number}-2`, `subnet-${number}-3`],
      state: "available",
      applianceModeSupport: false,
      dnsSupport: true,
      ipv6Support: false,
      securityGroupReferencingSupport: true,
    });
  }

  function prefixOf(number) {
    const base = blockOf(number).split(".").map(Number);
    return {
      text: (third) => `${base[0]}.${base[1]}.${base[2] + third}.0`,
      address: (third, host) => `${base[0]}.${base[1]}.${base[2] + third + (host >> 8)}.${host & 255}`,
    };
  }

  function aclEntries(tier, prefix) {
    const entries = [];
    const add = (egress, ruleNumber, ruleAction, protocol, cidrBlock, portRange) =>
      entries.push({ ruleNumber, egress, ruleAction, protocol, cidrBlock, ...(portRange && { portRange }) });
    if (tier === 0) {
      for (const egress of [false, true]) add(egress, 100, "allow", -1, "0.0.0.0/0");
    } else if (tier === 1) {
      add(false, 90, "deny", 6, `10.${Math.floor(random() * 60)}.0.0/16`, { from: 22, to: 22 });
      add(false, 100, "allow", -1, "10.0.0.0/8");
      add(true, 100, "allow", -1, "0.0.0.0/0");
    } else {
      add(false, 100, "allow", 6, `${prefix.text(0)}/17`, { from: 0, to: 65_535 });
      add(false, 110, "allow", 6, "10.0.0.0/8", { from: 443, to: 443 });
      add(false, 120, "allow", 6, "10.0.0.0/8", { from: 1024, to: 65_535 });
      add(true, 100, "allow", 6, "10.0.0.0/8", { from: 1024, to: 65_535 });
      add(true, 110, "allow", 6, "10.0.0.0/8", { from: 443, to: 443 });
    }
    return entries;
  }

  function addGroups(vpc) {
    const count = shape === "groups" ? Math.max(8, Math.ceil(interfaces / vpcs / 3)) : 8;
    for (let at = 0; at < count; at += 1)
      vpc.groups.push({
        ownerId,
        region: vpc.region,
        groupId: `sg-${vpc.number}-${at}`,
        groupName: `g${at}`,
        vpcId: vpc.vpcId,
        rules: [],
      });
    let rules = 0;
    const rule = (group, isEgress, protocol, ports, peer) => {
      rules += 1;
      group.rules.push({
        securityGroupRuleId: `sgr-${vpc.number}-${rules}`,
        isEgress,
        protocol,
        ...(ports && { fromPort: ports[0], toPort: ports[1] }),
        peer,
      });
    };
    const cidr = (text) => ({ kind: "cidr", cidr: text });
    for (const [at, group] of vpc.groups.entries()) {
      const role = at % 8;
      if (role === 7) rule(group, true, 6, [443, 443], cidr("10.0.0.0/8"));
      else rule(group, true, -1, undefined, cidr("0.0.0.0/0"));
      const port = pick([22, 53, 80, 443, 3306, 5432, 6379, 8080, 8443, 9090, 9200]);
      rule(
        group,
        false,
        6,
        [port, port],
        cidr(pick(["10.0.0.0/8", `10.${Math.floor(random() * 60)}.0.0/16`, `${vpc.prefix.text(0)}/17`])),
      );
      if (chance(0.4))
        rule(
          group,
          false,
          6,
          [443, 443],
          cidr(pick(["10.0.0.0/8", "10.0.0.0/9", `${vpc.prefix.text(16 * Math.floor(random() * 6))}/20`])),
        );
      if (chance(0.2))
        rule(
          group,
          false,
          6,
          [443, 443],
          cidr(`${vpc.prefix.address(16 * Math.floor(random() * 6), 4 + Math.floor(random() * 40))}/32`),
        );
      const other = vpc.groups[(at + 1 + Math.floor(random() * 7)) % vpc.groups.length];
      if (chance(0.7)) rule(group, false, 6, [8000, 8999], { kind: "security-group", groupId: other.groupId });
      if (chance(0.3)) rule(group, false, -1, undefined, { kind: "security-group", groupId: group.groupId });
      if (chance(0.3)) rule(group, false, 1, [8, -1], cidr("10.0.0.0/8"));
      if (chance(0.2)) rule(group, false, 17, [53, 53], cidr("10.0.0.0/8"));
    }
    model.securityGroups.push(...vpc.groups);
  }

  const allVpcs = perRegion.flatMap((each) => each.vpcs).sort((a, b) => a.number - b.number);
  addTransitTables();
  addPeerings();
  addInterfaces();
  return model;

  function addTransitTables() {
    for (const [at, { region, transitGatewayId, vpcs: own }] of perRegion.entries()) {
      const peerings = regions.flatMap((_, far) =>
        far === at ? [] : [{ id: `tgw-attach-peer-${Math.min(at, far)}-${Math.max(at, far)}`, far }],
      );
      for (const stage of ["prod", "dev", "shared"]) {
        const seen = own.filter((each) => stage === "shared" || each.stage === "shared" || each.stage === stage);
        const routeTo = (each, type, id) => ({
          destinationCidrBlock: `${each.prefix.text(0)}/17`,
          type,
          state: "active",
          transitGatewayAttachmentIds: [id],
        });
        const isFor = (each) => each.stage === "shared" || each.stage === stage;
        const routes = [
          ...seen.map((each) => routeTo(each, "propagated", `tgw-attach-${each.number}`)),
          ...peerings.flatMap(({ id, far }) =>
            perRegion[far].vpcs.filter(isFor).map((each) => routeTo(each, "static", id)),
          ),
        ];
        const isolated = seen[1 + Math.floor(random() * Math.max(1, seen.length - 1))];
        if (isolated !== undefined && isolated.stage !== "shared" && chance(0.5))
          routes.push({
            destinationCidrBlock: `${isolated.prefix.text(64)}/20`,
            type: "static",
            state: "blackhole",
            transitGatewayAttachmentIds: [],
          });
        const associations = own
          .filter((each) => each.stage === stage)
          .map((each) => ({ transitGatewayAttachmentId: `tgw-attach-${each.number}`, state: "associated" }));
        const shared = stage === "shared" ? peerings : [];
        associations.push(...shared.map(({ id }) => ({ transitGatewayAttachmentId: id, state: "associated" })));
        model.transitGatewayRouteTables.push({
          ownerId,
          region,
          transitGatewayRouteTableId: `tgw-rtb-${at}-${stage}`,
          transitGatewayId,
          state: "available",
          defaultAssociationRouteTable: false,
          defaultPropagationRouteTable: false,
          associations,
          propagations: seen.map((each) => ({
            transitGatewayAttachmentId: `tgw-attach-${each.number}`,
            state: "enabled",
          })),
          routes,
        });
      }
      for (const { id, far } of peerings) {
        if (far < at) continue;
        const side = (index) => ({
          ownerId,
          region: regions[index],
          transitGatewayId: `tgw-${index}`,
          transitGatewayAttachmentId: id,
        });
        model.transitGatewayPeeringAttachments.push({
          transitGatewayAttachmentId: id,
          state: "available",
          requester: side(at),
          accepter: side(far),
        });
      }
    }
  }

  function addPeerings() {
    const joined = new Set();
    for (let at = 0; at < Math.floor(vpcs / 3); at += 1) {
      const [a, b] = [pick(allVpcs), pick(allVpcs)];
      const key = [a.number, b.number].sort().join("-");
      if (a === b || joined.has(key)) continue;
      joined.add(key);
      const vpcPeeringConnectionId = `pcx-${key}`;
      const side = (each) => ({
        ownerId,
        region: each.region,
        vpcId: each.vpcId,
        allowDnsResolutionFromRemoteVpc: false,
      });
      const statusCode = chance(0.9) ? "active" : "pending-acceptance";
      model.vpcPeeringConnections.push({ vpcPeeringConnectionId, statusCode, requester: side(a), accepter: side(b) });
      for (const [near, far] of [
        [a, b],
        [b, a],
      ])
        for (const table of near.tables)
          table.routes.push({
            ...route(`${far.prefix.text(0)}/17`, { kind: "vpc-peering-connection", vpcPeeringConnectionId }),
            state: statusCode === "active" ? "active" : "blackhole",
          });
      if (a.region === b.region && statusCode === "active") {
        const [from, to] = [pick(a.groups), pick(b.groups)];
        to.rules.push({
          securityGroupRuleId: `sgr-${key}`,
          isEgress: false,
          protocol: 6,
          fromPort: 443,
          toPort: 443,
          peer: { kind: "security-group", groupId: from.groupId, vpcPeeringConnectionId },
        });
      }
    }
  }

  function addInterfaces() {
    for (let at = 0; at < interfaces; at += 1) {
      const vpc = allVpcs[at % vpcs];
      const place = pick(vpc.subnets);
      place.used += 1;
      const { subnet } = place;
      const address = vpc.prefix.address(place.index * 16, 3 + place.used);
      const first = shape === "groups" ? pick(vpc.groups) : vpc.groups[(place.tier * 2 + Math.floor(random() * 2)) % 8];
      const groups = chance(0.25) ? [...new Set([first.groupId, vpc.groups[6].groupId])] : [first.groupId];
      const instanceId = `i-${at}`;
      model.instances.push({
        ownerId,
        region: vpc.region,
        instanceId,
        vpcId: vpc.vpcId,
        subnetId: subnet.subnetId,
        state: at % 97 === 96 ? "stopped" : "running",
        imageId: "ami-1",
        instanceType: "t3.micro",
        availabilityZone: subnet.availabilityZone,
        privateDnsName: "",
        launchTime: "2026-01-01T00:00:00.000Z",
      });
      model.networkInterfaces.push({
        ownerId,
        region: vpc.region,
        networkInterfaceId: `eni-${at}`,
        vpcId: vpc.vpcId,
        subnetId: subnet.subnetId,
        macAddress: "02:00:00:00:00:01",
        privateAddresses: [{ address, primary: true }],
        ipv6Addresses: [],
        securityGroupIds: groups,
        sourceDestCheck: true,
        interfaceType: "interface",
        attachment: { instanceId, deviceIndex: 0 },
      });
      if (shape === "whitelist")
        vpc.groups[0].rules.push({
          securityGroupRuleId: `sgr-w-${at}`,
          isEgress: false,
          protocol: 6,
          fromPort: 443,
          toPort: 443,
          peer: { kind: "cidr", cidr: `${address}/32` },
        });
    }
  }
}

function route(cidr, target, origin = "CreateRoute") {
  return { destination: { kind: "cidr", cidr }, target, state: "active", origin };
}

function emptyModel() {
  const names = [
    "vpcs",
    "subnets",
    "routeTables",
    "networkAcls",
    "securityGroups",
    "networkInterfaces",
    "instances",
    "internetGateways",
    "egressOnlyInternetGateways",
    "natGateways",
    "vpcPeeringConnections",
    "transitGateways",
    "transitGatewayVpcAttachments",
    "transitGatewayPeeringAttachments",
    "transitGatewayRouteTables",
    "prefixLists",
    "unknowns",
  ];
  return { version: 1, ...Object.fromEntries(names.map((name) => [name, []])) };
}

/** Mulberry32: small, and the same everywhere. */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
