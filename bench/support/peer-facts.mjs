/**
 * A generated network as facts for solvers that know nothing of addresses: longest prefixes are looked up for them, blocks are lists of cells, and the
 * port is fixed. What is left to them is what they are for: following ways from node to node, and joining. Only what the generator makes.
 */
const tcp = 6;
const replies = [32_768, 60_999];

export const nodes = { same: 0, local: 1, heard: 2, unheard: 3, exit: 1000, table: 1_000_000 };

export function factsOf(model, port) {
  const cuts = cutsOf(model);
  const running = new Map(model.instances.map((each) => [each.instanceId, each.state === "running"]));
  const subnets = new Map(model.subnets.map((each, number) => [each.subnetId, { ...each, number }]));
  const acls = new Map(model.networkAcls.map((each, number) => [each.networkAclId, { ...each, number }]));
  const cells = new Map();
  const sets = new Map();
  const interfaces = [];
  const networkInterfaceIds = [];
  for (const each of model.networkInterfaces) {
    if (!running.get(each.attachment.instanceId)) continue;
    const value = numberOf(each.privateAddresses[0].address);
    const key = `${each.subnetId} ${partOf(cuts, value)}`;
    const cell = cells.get(key) ?? { number: cells.size, value, subnet: subnets.get(each.subnetId) };
    cells.set(key, cell);
    const setKey = [...each.securityGroupIds].sort().join(" ");
    const set = sets.get(setKey) ?? { number: sets.size, ids: each.securityGroupIds };
    sets.set(setKey, set);
    networkInterfaceIds.push(each.networkInterfaceId);
    interfaces.push([interfaces.length, cell.number, cell.subnet.number, set.number]);
  }
  const all = [...cells.values()];
  const ways = waysOf(model, all, subnets);
  return {
    interfaces,
    networkInterfaceIds,
    ...ways,
    cells: all.map(({ number, subnet }) => [number, subnet.number]),
    subnets: [...subnets.values()].map((each) => [
      each.number,
      acls.get(each.networkAclId).number,
      ways.entries.get(each.subnetId),
    ]),
    acls: aclFacts([...acls.values()], all, port),
    groups: groupFacts(model, [...sets.values()], all, port),
  };
}

function waysOf(model, cells, subnets) {
  const tables = new Map(
    model.routeTables.map((each) => [
      each.routeTableId,
      prefixes(each.routes.map((route) => [route.destination.cidr, route])),
    ]),
  );
  const attachments = new Map(
    model.transitGatewayVpcAttachments.map((each) => [each.transitGatewayAttachmentId, each]),
  );
  const byVpc = new Map(model.transitGatewayVpcAttachments.map((each) => [each.vpcId, each]));
  const peerings = new Map(model.vpcPeeringConnections.map((each) => [each.vpcPeeringConnectionId, each]));
  const gatewayTables = model.transitGatewayRouteTables.map((each) => ({
    ...each,
    match: prefixes(each.routes.map((route) => [route.destinationCidrBlock, route])),
  }));
  const zones = [undefined, ...new Set(model.subnets.map((each) => each.availabilityZoneId))];
  const associated = (gatewayId, attachmentId) =>
    gatewayTables.findIndex(
      (each) =>
        each.transitGatewayId === gatewayId &&
        each.associations.some((one) => one.transitGatewayAttachmentId === attachmentId),
    );
  const nodeOf = (table, zoneId) => nodes.table + table * zones.length + zones.indexOf(zoneId);
  const inZone = (attachment, zoneId) =>
    attachment.subnetIds.map((id) => subnets.get(id)).find((each) => each.availabilityZoneId === zoneId);
  const entries = new Map();
  const starts = [];
  for (const subnet of subnets.values()) {
    const attachment = byVpc.get(subnet.vpcId);
    const entry = inZone(attachment, subnet.availabilityZoneId);
    entries.set(subnet.subnetId, entry.number);
    const entryNode = nodeOf(
      associated(attachment.transitGatewayId, attachment.transitGatewayAttachmentId),
      subnet.availabilityZoneId,
    );
    for (const cell of cells) {
      const node = firstNode(subnet, cell, entryNode);
      if (node !== undefined) starts.push([subnet.number, cell.number, node]);
    }
  }
  const steps = [];
  for (const [number, table] of gatewayTables.entries())
    for (const zoneId of zones)
      for (const cell of cells) {
        const node = nextNode(table, zoneId, cell);
        if (node !== undefined) steps.push([nodeOf(number, zoneId), cell.number, node]);
      }
  return { starts, steps, entries };

  function firstNode(subnet, cell, entryNode) {
    if (cell.subnet === subnet) return nodes.same;
    const route = tables.get(subnet.routeTableId)(cell.value);
    if (route === undefined || route.state === "blackhole") return undefined;
    if (route.target.kind === "local") return cell.subnet.vpcId === subnet.vpcId ? nodes.local : undefined;
    if (route.target.kind === "transit-gateway") return entryNode;
    if (route.target.kind !== "vpc-peering-connection") return undefined;
    const { requester, accepter } = peerings.get(route.target.vpcPeeringConnectionId);
    const far = requester.vpcId === subnet.vpcId ? accepter : requester;
    if (far.vpcId !== cell.subnet.vpcId) return undefined;
    return requester.region === accepter.region ? nodes.heard : nodes.unheard;
  }

  function nextNode(table, zoneId, cell) {
    const route = table.match(cell.value);
    if (route === undefined || route.state === "blackhole") return undefined;
    const [id] = route.transitGatewayAttachmentIds;
    const attachment = attachments.get(id);
    if (attachment === undefined) {
      const { requester, accepter } = model.transitGatewayPeeringAttachments.find(
        (each) => each.transitGatewayAttachmentId === id,
      );
      const far = requester.transitGatewayId === table.transitGatewayId ? accepter : requester;
      const farTable = associated(far.transitGatewayId, id);
      return farTable < 0 ? undefined : nodeOf(farTable, undefined);
    }
    if (attachment.vpcId !== cell.subnet.vpcId) return undefined;
    const byZone = [...attachment.subnetIds]
      .map((each) => subnets.get(each))
      .sort((a, b) => (a.availabilityZoneId < b.availabilityZoneId ? -1 : 1));
    const exit = inZone(attachment, zoneId) ?? byZone[0];
    return tables.get(exit.routeTableId)(cell.value)?.target.kind === "local" ? nodes.exit + exit.number : undefined;
  }
}

/** acl, egress, leg (0 request, 1 answer), cell: what the list lets pass. */
function aclFacts(acls, cells, port) {
  const facts = [];
  for (const { number, entries } of acls)
    for (const egress of [0, 1])
      for (const [leg, needed] of [
        [0, [port, port]],
        [1, replies],
      ]) {
        const sorted = entries
          .filter((each) => each.egress === (egress === 1))
          .sort((a, b) => a.ruleNumber - b.ruleNumber);
        for (const cell of cells)
          if (allows(sorted, cell.value, needed)) facts.push([number, egress, leg, cell.number]);
      }
  return facts;
}

/** No generated entry takes a part of the needed ports only. */
function allows(entries, value, [from, to]) {
  const entry = entries.find(
    ({ protocol, portRange = { from: 0, to: 65_535 }, cidrBlock }) =>
      (protocol === -1 || protocol === tcp) && portRange.from <= from && to <= portRange.to && holds(cidrBlock, value),
  );
  return entry?.ruleAction === "allow";
}

function groupFacts(model, sets, cells, port) {
  const groups = new Map(model.securityGroups.map((each) => [each.groupId, each]));
  const blocks = [];
  const references = [];
  for (const set of sets) {
    const rules = set.ids
      .flatMap((id) => groups.get(id).rules)
      .filter(
        ({ protocol, fromPort = 0, toPort = 65_535 }) =>
          protocol === -1 || (protocol === tcp && fromPort <= port && port <= toPort),
      );
    for (const egress of [0, 1]) {
      const own = rules.filter((each) => each.isEgress === (egress === 1) && each.peer.kind === "cidr");
      for (const cell of cells)
        if (own.some(({ peer }) => holds(peer.cidr, cell.value))) blocks.push([set.number, egress, cell.number]);
    }
    const named = rules.filter((each) => !each.isEgress && each.peer.kind === "security-group");
    for (const { peer } of named) {
      const isForeign = groups.get(peer.groupId).vpcId !== groups.get(set.ids[0]).vpcId;
      for (const other of sets)
        if (other.ids.includes(peer.groupId)) references.push([set.number, other.number, isForeign ? 1 : 0]);
    }
  }
  return { blocks, references: [...new Map(references.map((each) => [each.join(), each])).values()] };
}

function prefixes(entries) {
  const sorted = entries
    .map(([cidr, value]) => ({ cidr, value, length: Number(cidr.split("/")[1]) }))
    .sort((a, b) => b.length - a.length);
  return (number) => sorted.find(({ cidr }) => holds(cidr, number))?.value;
}

const parsed = new Map();

function boundsOf(cidr) {
  let bounds = parsed.get(cidr);
  if (bounds === undefined) {
    const [address, length] = cidr.split("/");
    const first = numberOf(address);
    bounds = [first, first + 2 ** (32 - Number(length))];
    parsed.set(cidr, bounds);
  }
  return bounds;
}

function holds(cidr, number) {
  const [first, behind] = boundsOf(cidr);
  return first <= number && number < behind;
}

function numberOf(address) {
  return address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
}

function cutsOf(model) {
  const cidrs = new Set([
    ...model.subnets.map((each) => each.cidrBlock),
    ...model.routeTables.flatMap((each) => each.routes.map((route) => route.destination.cidr)),
    ...model.transitGatewayRouteTables.flatMap((each) => each.routes.map((route) => route.destinationCidrBlock)),
    ...model.networkAcls.flatMap((each) => each.entries.map((entry) => entry.cidrBlock)),
    ...model.securityGroups.flatMap((each) =>
      each.rules.flatMap(({ peer }) => (peer.kind === "cidr" ? [peer.cidr] : [])),
    ),
  ]);
  return [...new Set([...cidrs].flatMap(boundsOf))].sort((a, b) => a - b);
}

function partOf(cuts, number) {
  let low = 0;
  let high = cuts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cuts[middle] <= number) low = middle + 1;
    else high = middle;
  }
  return low;
}
