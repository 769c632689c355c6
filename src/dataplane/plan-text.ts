/** A plan as people read it: `ip` lines and an `nft -f` script per namespace. Golden tests compare it. */
import { commandText, type KernelRoute } from "../host/index.ts";
import { diffFirewall } from "./firewall-diff.ts";
import type { KernelItem } from "./kernel-state.ts";
import type { Plan } from "./plan.ts";

/** The whole plan; namespaces and lines in the plan's order. */
export function planText(plan: Plan): string {
  const lines = new Map<string, string[]>();
  const write = (namespace: string, line: string) => {
    const known = lines.get(namespace);
    if (known === undefined) lines.set(namespace, [line]);
    else known.push(line);
  };
  for (const { items } of plan.fragments.values()) {
    for (const item of items.values()) for (const [namespace, line] of itemLines(item)) write(namespace, line);
  }
  for (const { firewall } of plan.fragments.values()) {
    if (firewall === undefined) continue;
    for (const command of diffFirewall(undefined, firewall)) write(firewall.namespace, `nft ${commandText(command)}`);
  }
  return [...lines].map(([namespace, written]) => `# ${namespace}\n${written.join("\n")}\n`).join("\n");
}

function itemLines(item: KernelItem): readonly (readonly [string, string])[] {
  switch (item.kind) {
    case "namespace":
      return [];
    case "sysctl":
      return [[item.namespace, `sysctl ${item.path}=${item.value}`]];
    case "veth": {
      const { end, peer, mtu } = item;
      const mac = end.macAddress === undefined ? "" : ` address ${end.macAddress}`;
      return [
        [end.namespace, `ip link add ${end.link}${mac} mtu ${mtu} type veth peer ${peer.link} netns ${peer.namespace}`],
      ];
    }
    case "address":
      return [[item.namespace, `ip address add ${item.address} dev ${item.link} noprefixroute`]];
    case "neighbour":
      return [
        [
          item.namespace,
          `ip neighbour replace ${item.address} lladdr ${item.macAddress} dev ${item.link} nud permanent`,
        ],
      ];
    case "rule": {
      const { family, priority, fwmark, inputLink, table } = item.rule;
      const mark = fwmark === undefined ? "" : ` fwmark ${fwmark.value}/${fwmark.mask}`;
      const input = inputLink === undefined ? "" : ` iif ${inputLink}`;
      return [
        [item.namespace, `ip ${option(family === "ipv6")}rule add priority ${priority}${mark}${input} lookup ${table}`],
      ];
    }
    case "local-last": {
      const ip = `ip ${option(item.family === "ipv6")}rule`;
      return [[item.namespace, `${ip} add priority 33000 lookup local; ${ip} del priority 0`]];
    }
    case "route":
      return [
        [item.namespace, `ip ${option(item.route.destination.includes(":"))}route replace ${routeText(item.route)}`],
      ];
    case "listener": {
      const { protocol, address, port, service } = item.request;
      return [[item.namespace, `listen ${protocol} ${address} ${port} ${service.kind}`]];
    }
  }
}

function option(ipv6: boolean): string {
  return ipv6 ? "-6 " : "";
}

function routeText(route: KernelRoute): string {
  const { type, destination, gateway, link, hops = [], onLink, preferredSource, table } = route;
  return [
    ...(type === "unicast" ? [] : [type]),
    destination,
    ...(gateway === undefined ? [] : ["via", gateway]),
    ...(link === undefined ? [] : ["dev", link]),
    ...(onLink === true && hops.length === 0 ? ["onlink"] : []),
    ...(preferredSource === undefined ? [] : ["src", preferredSource]),
    ...(table === 254 ? [] : ["table", table]),
    ...hops.map((hop) => `nexthop via ${hop.gateway} dev ${hop.link}${onLink === true ? " onlink" : ""}`),
  ].join(" ");
}
