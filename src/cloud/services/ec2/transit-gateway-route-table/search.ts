/** SearchTransitGatewayRoutes: the routes of a table that match every filter. [TG-50] */
import type {
  Filter,
  SearchTransitGatewayRoutesCommandInput,
  SearchTransitGatewayRoutesCommandOutput,
} from "@aws-sdk/client-ec2";
import { invalidParameterValue, missingParameter } from "../../../../aws/index.ts";
import { type CidrBlock, cidrFrom, hostBlock, isSubnetOf, parseAddress, parseCidr } from "../../../../ip/index.ts";
import type { Action } from "../../action.ts";
import { type FilterTable, matcher } from "../filters.ts";
import { checkPageSize, page, usualPageSize } from "../pages.ts";
import { type EffectiveRoute, routesShown } from "./effective-routes.ts";
import { routeTableNamed } from "./named.ts";
import { toRoute } from "./to-api.ts";

const filters: FilterTable<EffectiveRoute> = {
  "attachment.transit-gateway-attachment-id": ({ attachment }) => attachment?.TransitGatewayAttachmentId,
  "attachment.resource-id": ({ attachment }) => attachment?.ResourceId,
  "attachment.resource-type": ({ attachment }) => attachment?.ResourceType,
  "prefix-list-id": ({ PrefixListId }) => PrefixListId,
  state: ({ State }) => State,
  type: ({ Type }) => Type,
};

/** How a route's block must lie to the block that a filter names. The longest prefix match also depends on the other routes. */
const searches: Readonly<Record<string, (route: CidrBlock, value: CidrBlock) => boolean>> = {
  "exact-match": (route, value) => isSubnetOf(route, value) && isSubnetOf(value, route),
  "longest-prefix-match": (route, value) => isSubnetOf(value, route),
  "subnet-of-match": (route, value) => isSubnetOf(route, value),
  "supernet-of-match": (route, value) => isSubnetOf(value, route),
};

const prefix = "route-search.";
const usualMaxResults = 1000;

export const searchTransitGatewayRoutes: Action<
  SearchTransitGatewayRoutesCommandInput,
  SearchTransitGatewayRoutesCommandOutput
> = (input, context) => {
  const table = routeTableNamed(input.TransitGatewayRouteTableId, context);
  if (!input.Filters?.length) throw missingParameter("Filter");
  checkPageSize(input.MaxResults, usualPageSize);
  const idOf = (route: EffectiveRoute) => `${route.DestinationCidrBlock} ${route.State}`;
  const isSearch = ({ Name }: Filter) => Name?.startsWith(prefix) === true;
  const plain = input.Filters.filter((filter) => !isSearch(filter));
  const matches = matcher(plain, filters, idOf, context);
  const shown = routesShown(table, context);
  const found = input.Filters.filter(isSearch).map((filter) => searched(filter, shown));
  const routes = shown.filter((route) => matches(route) && found.every((each) => each.has(route)));
  const { MaxResults = usualMaxResults, NextToken: token } = input;
  const { records, NextToken } = page(routes, idOf, { MaxResults, NextToken: token });
  return { Routes: records.map(toRoute), AdditionalRoutesAvailable: NextToken !== undefined, NextToken };
};

/** The routes that one `route-search.` filter finds, by any of its values. */
function searched({ Name = "", Values }: Filter, routes: readonly EffectiveRoute[]): ReadonlySet<EffectiveRoute> {
  const search = Name.slice(prefix.length);
  const lies = Object.hasOwn(searches, search) ? searches[search] : undefined;
  if (lies === undefined) throw invalidParameterValue(`The filter '${Name}' is invalid`);
  if (!Values?.length) throw invalidParameterValue(`The filter '${Name}' has no values; give at least one.`);
  return new Set(
    Values.flatMap((text) => {
      const value = blockFrom(text, Name);
      const found = routes.filter(({ DestinationCidrBlock }) => lies(cidrFrom(DestinationCidrBlock), value));
      return search === "longest-prefix-match" ? mostSpecific(found) : found;
    }),
  );
}

/** A block, or an address for the block of it alone. */
function blockFrom(text: string, filter: string): CidrBlock {
  const address = parseAddress(text);
  const block = address === undefined ? parseCidr(text) : hostBlock(address);
  if (block === undefined) throw invalidParameterValue(`Value (${text}) for filter ${filter} is invalid.`);
  return block;
}

/** All of the longest prefix: next to a route in force there may be one that is coming or going. */
function mostSpecific(routes: readonly EffectiveRoute[]): readonly EffectiveRoute[] {
  const lengthOf = ({ DestinationCidrBlock }: EffectiveRoute) => cidrFrom(DestinationCidrBlock).prefixLength;
  const longest = Math.max(...routes.map(lengthOf));
  return routes.filter((route) => lengthOf(route) === longest);
}
