/**
 * Makes a model sound, whatever the answers were: what things name and no answer tells goes to `unknowns`, and what does not hold
 * together is taken out and named there too. A sound model comes back as it is.
 */
import {
  danglingReferences,
  indexNetworkModel,
  type NetworkModel,
  type Unknown,
  validateNetworkModel,
} from "../model/index.ts";

export function settle(given: NetworkModel, missing = "no answer tells it"): NetworkModel {
  let model = withUnknowns(given, [...vpcsWithoutMainTable(given)]);
  for (;;) {
    model = withUnknowns(model, danglings(model, missing));
    const broken = validateNetworkModel(model).flatMap(({ path, message }) => {
      const place = placeOf(path);
      return place === undefined ? [] : [{ ...place, message }];
    });
    if (broken.length === 0) return model;
    // Each round takes something out, so the rounds come to an end.
    model = without(model, broken);
  }
}

function withUnknowns(model: NetworkModel, more: readonly Unknown[]): NetworkModel {
  const known = new Set(model.unknowns.map(({ id }) => id));
  const fresh = more.filter(({ id }) => !known.has(id));
  return fresh.length === 0 ? model : { ...model, unknowns: [...model.unknowns, ...fresh] };
}

/** Where packets of the VPC's subnets go cannot be said without it. [RT-1] */
function vpcsWithoutMainTable(model: NetworkModel): readonly Unknown[] {
  const index = indexNetworkModel(model);
  return model.vpcs.flatMap(({ vpcId }) => {
    const mains = index.routeTablesOf(vpcId).filter(({ main }) => main).length;
    return mains === 1 ? [] : [{ id: vpcId, reason: `${mains} main route tables of it are told, not one` }];
  });
}

function danglings(model: NetworkModel, missing: string): readonly Unknown[] {
  return [...danglingReferences(model)].map(([id, path]) => {
    const place = placeOf(path);
    const by = place === undefined ? path : idAt(model, place);
    return { id, reason: `${by} names it, and ${missing}` };
  });
}

type Collection = Exclude<keyof NetworkModel, "version" | "unknowns">;

interface Place {
  readonly collection: Collection;
  readonly index: number;
}

/** The field that holds a thing's own id. */
const idFields: Readonly<Record<Collection, string>> = {
  vpcs: "vpcId",
  subnets: "subnetId",
  routeTables: "routeTableId",
  networkAcls: "networkAclId",
  securityGroups: "groupId",
  networkInterfaces: "networkInterfaceId",
  instances: "instanceId",
  internetGateways: "internetGatewayId",
  egressOnlyInternetGateways: "egressOnlyInternetGatewayId",
  natGateways: "natGatewayId",
  vpcPeeringConnections: "vpcPeeringConnectionId",
  transitGateways: "transitGatewayId",
  transitGatewayVpcAttachments: "transitGatewayAttachmentId",
  transitGatewayPeeringAttachments: "transitGatewayAttachmentId",
  transitGatewayRouteTables: "transitGatewayRouteTableId",
  prefixLists: "prefixListId",
};

function isCollection(name: string): name is Collection {
  return Object.hasOwn(idFields, name);
}

/** The thing that a path like `subnets[3].cidrBlock` leads into. */
function placeOf(path: string): Place | undefined {
  const [, collection = "", index] = /^(\w+)\[(\d+)\]/.exec(path) ?? [];
  return isCollection(collection) ? { collection, index: Number(index) } : undefined;
}

function idAt(model: NetworkModel, { collection, index }: Place): string {
  const thing: object = model[collection][index] ?? {};
  const own = Object.entries(thing).find(([name]) => name === idFields[collection]);
  return String(own?.[1] ?? `${collection}[${index}]`);
}

function without(model: NetworkModel, broken: readonly (Place & { readonly message: string })[]): NetworkModel {
  const unknowns = broken.map((each) => ({ id: idAt(model, each), reason: `left out: ${each.message}` }));
  const keep = <T>(collection: Collection, things: readonly T[]): readonly T[] => {
    const out = new Set(broken.filter((each) => each.collection === collection).map(({ index }) => index));
    return out.size === 0 ? things : things.filter((_, at) => !out.has(at));
  };
  return withUnknowns(
    {
      version: model.version,
      vpcs: keep("vpcs", model.vpcs),
      subnets: keep("subnets", model.subnets),
      routeTables: keep("routeTables", model.routeTables),
      networkAcls: keep("networkAcls", model.networkAcls),
      securityGroups: keep("securityGroups", model.securityGroups),
      networkInterfaces: keep("networkInterfaces", model.networkInterfaces),
      instances: keep("instances", model.instances),
      internetGateways: keep("internetGateways", model.internetGateways),
      egressOnlyInternetGateways: keep("egressOnlyInternetGateways", model.egressOnlyInternetGateways),
      natGateways: keep("natGateways", model.natGateways),
      vpcPeeringConnections: keep("vpcPeeringConnections", model.vpcPeeringConnections),
      transitGateways: keep("transitGateways", model.transitGateways),
      transitGatewayVpcAttachments: keep("transitGatewayVpcAttachments", model.transitGatewayVpcAttachments),
      transitGatewayPeeringAttachments: keep(
        "transitGatewayPeeringAttachments",
        model.transitGatewayPeeringAttachments,
      ),
      transitGatewayRouteTables: keep("transitGatewayRouteTables", model.transitGatewayRouteTables),
      prefixLists: keep("prefixLists", model.prefixLists),
      unknowns: model.unknowns,
    },
    unknowns,
  );
}
