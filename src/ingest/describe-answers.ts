/**
 * Answers of describe-* calls, of one or several accounts and Regions, as one network model. Tolerant: what an answer lacks, or this
 * version cannot follow, goes to the model's `unknowns`; what is no answer at all is a problem. Nothing throws, and nothing is guessed.
 */
import { type NetworkModel, networkModelVersion, peeringAttachmentIds } from "../model/index.ts";
import { type AnswerFile, foldersOf } from "./answer-files.ts";
import { readInstances } from "./instance.ts";
import { readEgressOnlyInternetGateways, readInternetGateways } from "./internet-gateway.ts";
import { readNatGateways } from "./nat-gateway.ts";
import { readNetworkAcls } from "./network-acl.ts";
import { readNetworkInterfaces } from "./network-interface.ts";
import { createPart, type Part } from "./part.ts";
import { readPrefixLists } from "./prefix-list.ts";
import { createReport, type IngestProblem, type Report } from "./report.ts";
import { readRouteTables } from "./route-table.ts";
import { scopeOf } from "./scope.ts";
import { readSecurityGroups } from "./security-group.ts";
import { settle } from "./settle.ts";
import { readSubnets } from "./subnet.ts";
import { readTransitGateways } from "./transit-gateway.ts";
import { readTransitGatewayPeeringAttachments } from "./transit-gateway-peering-attachment.ts";
import { readTransitGatewayRouteTables } from "./transit-gateway-route-table.ts";
import { readTransitGatewayVpcAttachments } from "./transit-gateway-vpc-attachment.ts";
import { noteNotRead, noteUnmodelled } from "./unmodelled.ts";
import { readVpcs } from "./vpc.ts";
import { readVpcPeeringConnections } from "./vpc-peering-connection.ts";

export interface IngestResult {
  /** Sound: `validateNetworkModel` finds nothing in it. */
  readonly model: NetworkModel;
  /** What was passed over because AWS gives no such answer. */
  readonly problems: readonly IngestProblem[];
}

/** The model of the files' answers. Every folder is one account in one Region. */
export function ingestDescribeAnswers(files: readonly AnswerFile[]): IngestResult {
  const report = createReport();
  const parts = foldersOf(files, report).flatMap((folder): readonly Part[] => {
    const scope = scopeOf(folder, report);
    return scope === undefined ? [] : [createPart(folder, scope.account, scope.region, report)];
  });
  const model = settle(readModel(parts, report));
  return { model, problems: report.problems() };
}

function readModel(parts: readonly Part[], report: Report): NetworkModel {
  const vpcs = readVpcs(parts, report);
  const vpcAttachments = readTransitGatewayVpcAttachments(parts, report);
  const peeringAttachments = readTransitGatewayPeeringAttachments(parts, report);
  const network = {
    vpcs: new Map(vpcs.map((each) => [each.vpcId, each])),
    vpcAttachments: new Map(vpcAttachments.map((each) => [each.transitGatewayAttachmentId, each])),
    peeringAttachmentIds: new Set(peeringAttachments.flatMap((each) => [...peeringAttachmentIds(each)])),
  };
  const model: Omit<NetworkModel, "unknowns"> = {
    version: networkModelVersion,
    vpcs,
    subnets: readSubnets(parts, report),
    routeTables: readRouteTables(parts, report),
    networkAcls: readNetworkAcls(parts, report),
    securityGroups: readSecurityGroups(parts, report),
    networkInterfaces: readNetworkInterfaces(parts, report),
    instances: readInstances(parts, report),
    internetGateways: readInternetGateways(parts, report),
    egressOnlyInternetGateways: readEgressOnlyInternetGateways(parts, report),
    natGateways: readNatGateways(parts, report),
    vpcPeeringConnections: readVpcPeeringConnections(parts, report),
    transitGateways: readTransitGateways(parts, report),
    transitGatewayVpcAttachments: vpcAttachments,
    transitGatewayPeeringAttachments: peeringAttachments,
    transitGatewayRouteTables: readTransitGatewayRouteTables(parts, network, report),
    prefixLists: readPrefixLists(parts, report),
  };
  for (const part of parts) {
    noteUnmodelled(part, report);
    noteNotRead(part, report);
  }
  return { ...model, unknowns: report.unknowns() };
}
