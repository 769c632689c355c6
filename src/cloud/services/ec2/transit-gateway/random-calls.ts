/**
 * Random calls about transit gateways, for tests: valid and invalid ones, by two accounts in two Regions, over networks that the calls
 * themselves make. What is drawn does not depend on the cloud; a play turns it into a call with ids that earlier answers told.
 */
import type {
  CreateSubnetCommandOutput,
  CreateTransitGatewayCommandOutput,
  CreateTransitGatewayPeeringAttachmentCommandOutput,
  CreateTransitGatewayRouteTableCommandOutput,
  CreateTransitGatewayVpcAttachmentCommandOutput,
  TransitGatewayPeeringAttachment,
} from "@aws-sdk/client-ec2";
import fc from "fast-check";
import { accountA, accountB, type TestCaller } from "../../../test-cloud.ts";
import { type Draw, plays, share, vpcAndSubnet } from "./random-plays.ts";

export interface RandomCall {
  readonly operation: string;
  readonly input: object;
  readonly caller: TestCaller;
}

/** What fast-check draws for one call. */
export interface RandomStep {
  readonly play: number;
  readonly caller: number;
  readonly other: number;
  readonly block: string;
  readonly flag: boolean;
  /** With 0 the ids are anybody's, not the caller's own. */
  readonly stray: number;
  readonly picks: readonly number[];
}

export const randomCallers: readonly TestCaller[] = [accountA, accountB].flatMap((account) =>
  ["us-east-1", "eu-west-1"].map((region) => ({ account, region })),
);

const blocks = ["10.0.0.0/16", "10.1.0.0/16", "10.2.0.0/16", "100.64.0.0/16", "0.0.0.0/0", "10.0.0.0/8"] as const;

/** Without a bias to small numbers, which would mean the same few calls again and again. */
export const randomStep: fc.Arbitrary<RandomStep> = fc.noBias(
  fc.record({
    play: fc.nat(plays.length - 1),
    caller: fc.nat(randomCallers.length - 1),
    other: fc.nat(randomCallers.length - 1),
    block: fc.constantFrom(...blocks),
    flag: fc.boolean(),
    stray: fc.nat(9),
    picks: fc.array(fc.nat(1_000), { minLength: 5, maxLength: 5 }),
  }),
);

/** Plays the two accounts: knows what has been told to whom so far. */
export class RandomPlayer {
  /** What each place has been told, by kind, the newest last. */
  readonly #told = new Map<string, Map<string, Set<string>>>();
  readonly #gone = new Set<string>();

  /** The calls to begin with, so that what comes then has something to be about; a `learn` belongs to each. */
  *opening(): Generator<RandomCall> {
    for (const [index, caller] of randomCallers.entries()) {
      yield { operation: "CreateTransitGateway", input: {}, caller };
      for (const block of [`10.${index}.0.0/16`, "10.4.0.0/16"]) {
        yield { operation: "CreateVpc", input: { CidrBlock: block }, caller };
        const VpcId = this.#known("vpc", caller).at(-1);
        for (const [zone, CidrBlock] of [
          ["a", block.replace("0.0/16", "0.0/24")],
          ["b", block.replace("0.0/16", "1.0/24")],
        ]) {
          const AvailabilityZone = `${caller.region}${zone}`;
          yield { operation: "CreateSubnet", input: { VpcId, CidrBlock, AvailabilityZone }, caller };
        }
      }
      yield { operation: "DescribeRouteTables", input: {}, caller };
      yield {
        operation: "CreateTransitGatewayRouteTable",
        input: { TransitGatewayId: this.#gatewayOf(caller) },
        caller,
      };
      yield this.#attach(0, this.#gatewayOf(caller), caller);
    }
    const [owner = {}, , sharee = {}] = randomCallers;
    const [operation, input] = share({ caller: owner, other: sharee, id: this.#gatewayOf(owner) });
    yield { operation, input, caller: { ...owner, service: "ram" } };
    yield { operation: "GetResourceShareInvitations", input: {}, caller: { ...sharee, service: "ram" } };
    const resourceShareInvitationArn = this.#known("invitation", sharee)[0];
    const accept = { resourceShareInvitationArn };
    yield { operation: "AcceptResourceShareInvitation", input: accept, caller: { ...sharee, service: "ram" } };
    yield this.#attach(2, this.#gatewayOf(owner), sharee);
  }

  #gatewayOf(caller: TestCaller): string {
    return this.#known("tgw", caller)[0] ?? "";
  }

  #attach(place: number, TransitGatewayId: string, caller: TestCaller): RandomCall {
    const input = { TransitGatewayId, ...vpcAndSubnet(this.#known("place", caller)[place] ?? "") };
    return { operation: "CreateTransitGatewayVpcAttachment", input, caller };
  }

  /** The call that a step stands for now. */
  callOf({ play, caller: by, other: peer, block, flag, stray, picks }: RandomStep): RandomCall {
    const caller = randomCallers[by] ?? {};
    const other = randomCallers[peer] ?? caller;
    const draws = [...picks];
    const choose = (kind: string, known: readonly string[]): string => {
      const draw = draws.pop() ?? 0;
      // Every other one is among the newest, which are the likelier to be there still.
      const among = draw % 2 === 0 ? known.slice(-3) : known;
      return among[(draw >> 1) % Math.max(among.length, 1)] ?? `${kind}-00000000000000000`;
    };
    const draw: Draw = {
      pick: (kind) => choose(kind, stray === 0 ? this.#everything(kind) : this.#known(kind, caller)),
      theirs: (kind) => choose(kind, this.#known(kind, other)),
      block,
      flag,
      stray,
      other,
      caller,
    };
    const [operation, input, service] = plays[play]?.(draw) ?? ["", {}];
    return { operation, input, caller: service === undefined ? caller : { ...caller, service } };
  }

  /** Takes note of what the answer to a call tells. */
  learn(output: object, { operation, input, caller }: RandomCall): void {
    const [subject, ...more] = Object.values(input);
    if (/^(Delete|Reject)/.test(operation) && more.length === 0) this.#forget(String(subject));
    else this.#learnIds(output, caller);
  }

  #learnIds(output: object, caller: TestCaller): void {
    const text = JSON.stringify(output);
    for (const [, id = "", kind = ""] of text.matchAll(/"(([a-z-]+)-[0-9a-f]{17})"/g)) this.#tell(caller, kind, id);
    for (const [, arn = ""] of text.matchAll(/"(arn:aws:ram:[^"]*:resource-share-invitation\/[^"]*)"/g)) {
      this.#tell(caller, "invitation", arn);
    }
    const { Subnet, TransitGatewayVpcAttachment: vpc, TransitGatewayPeeringAttachment: peering }: Answer = output;
    const { TransitGateway: gateway, TransitGatewayRouteTable: table }: Answer = output;
    const defaultTable = gateway?.Options?.AssociationDefaultRouteTableId;
    if (defaultTable) this.#tell(caller, `tgw-rtb of ${gateway.TransitGatewayId}`, defaultTable);
    if (table) this.#tell(caller, `tgw-rtb of ${table.TransitGatewayId}`, table.TransitGatewayRouteTableId ?? "");
    if (Subnet) this.#tell(caller, "place", `${Subnet.VpcId} ${Subnet.SubnetId}`);
    if (vpc?.TransitGatewayAttachmentId) {
      this.#tell(caller, "vpc-attachment", vpc.TransitGatewayAttachmentId);
      // Whoever may have to answer it.
      for (const account of [accountA, accountB]) {
        const owner = { account, region: caller.region };
        this.#tell(owner, "request", vpc.TransitGatewayAttachmentId);
        this.#tell(owner, `tgw-attach of ${vpc.TransitGatewayId}`, vpc.TransitGatewayAttachmentId);
      }
    }
    if (peering?.AccepterTransitGatewayAttachmentId) this.#learnPeering(peering, caller);
  }

  #learnPeering(peering: TransitGatewayPeeringAttachment, caller: TestCaller): void {
    const { TransitGatewayAttachmentId: own = "", AccepterTransitGatewayAttachmentId: theirs = "" } = peering;
    const { RequesterTgwInfo: requester, AccepterTgwInfo: accepter } = peering;
    const peer = { account: accepter?.OwnerId ?? "", region: accepter?.Region ?? "" };
    this.#tell(caller, `tgw-attach of ${requester?.TransitGatewayId}`, own);
    this.#tell(peer, `tgw-attach of ${accepter?.TransitGatewayId}`, theirs);
    this.#tell(peer, "peering-request", theirs);
  }

  #tell({ account, region }: TestCaller, kind: string, what: string): void {
    const place = `${account}/${region}`;
    const told = this.#told.get(place) ?? new Map<string, Set<string>>();
    this.#told.set(place, told);
    told.set(kind, (told.get(kind) ?? new Set<string>()).add(what));
  }

  /** What is gone is still named now and then. */
  #forget(what: string): void {
    for (const told of this.#told.values()) for (const some of told.values()) some.delete(what);
    this.#gone.add(what);
  }

  #known(kind: string, { account, region }: TestCaller): readonly string[] {
    return [...(this.#told.get(`${account}/${region}`)?.get(kind) ?? [])];
  }

  #everything(kind: string): readonly string[] {
    const gone = [...this.#gone].filter((id) => id.startsWith(`${kind}-`));
    return [...randomCallers.flatMap((caller) => this.#known(kind, caller)), ...gone];
  }
}

type Answer = Partial<
  CreateSubnetCommandOutput &
    CreateTransitGatewayCommandOutput &
    CreateTransitGatewayRouteTableCommandOutput &
    CreateTransitGatewayVpcAttachmentCommandOutput &
    CreateTransitGatewayPeeringAttachmentCommandOutput
>;
