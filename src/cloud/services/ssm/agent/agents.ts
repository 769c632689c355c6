/** Which instances' agents are in touch with Systems Manager, read from the state and the network as they are now. */
import { indexNetworkModel, type NetworkModel } from "../../../../model/index.ts";
import type { StateView } from "../../../state/state.ts";
import type { InstanceRecord } from "../../ec2/instance/record.ts";
import { managedPolicy } from "../../iam/managed-policies.ts";
import type { RoleRecord } from "../../iam/record.ts";
import type { EndpointFacts } from "./endpoint-path.ts";
import { inWords, type Missing, type MissingFor } from "./missing.ts";
import { pathProblems } from "./path.ts";
import { actionsNotAllowed } from "./permissions.ts";

export interface Agents {
  isOnline(instance: InstanceRecord): boolean;
  /** Everything that keeps the agent away; nothing when it is online. */
  missing(instance: InstanceRecord): readonly MissingFor[];
}

type View = Pick<StateView, "get" | "by">;

/** For the length of one call: roles and endpoints are looked at once, however many instances have them. */
export function readAgents(view: View, model: () => NetworkModel): Agents {
  const byRole = memo((roleArn: string) => roleProblems(view, roleArn));
  const byVpc = memo((vpcId: string) => endpointsOf(view, vpcId));
  const own = (instance: InstanceRecord) => ownProblems(view, instance, byRole);
  const path = ({ InstanceId, VpcId }: InstanceRecord) =>
    pathProblems(indexNetworkModel(model()), InstanceId, byVpc(VpcId));
  return {
    // The role first: without one there is no need to look at the network.
    isOnline: (instance) => instance.State === "running" && own(instance).length === 0 && path(instance).length === 0,
    missing(instance) {
      const { InstanceId: instanceId, State: state } = instance;
      if (state !== "running") return [{ missing: { what: "running", instanceId, state }, services: [] }];
      return [...own(instance).map((missing) => ({ missing, services: [] })), ...path(instance)];
    },
  };
}

/** What to do about it, as a sentence; empty when nothing is missing. */
export function advice(missing: readonly MissingFor[]): string {
  return missing.length === 0 ? "" : `Missing: ${missing.map(inWords).join("; ")}.`;
}

function ownProblems(
  view: View,
  { InstanceId: instanceId, IamInstanceProfile: profile }: InstanceRecord,
  byRole: (roleArn: string) => readonly Missing[],
): readonly Missing[] {
  if (profile === undefined) return [{ what: "instance-profile", instanceId }];
  const [roleArn] = view.get("instanceProfile", profile.Arn)?.RoleArns ?? [];
  return roleArn === undefined ? [{ what: "role", instanceProfileArn: profile.Arn }] : byRole(roleArn);
}

function roleProblems(view: View, roleArn: string): readonly Missing[] {
  const role = view.get("role", roleArn);
  if (role === undefined) return [];
  const documents = [
    ...role.InlinePolicies.map(({ PolicyDocument }) => PolicyDocument),
    ...role.AttachedPolicyArns.flatMap((arn) => documentOf(view, arn) ?? []),
  ];
  const actions = actionsNotAllowed(documents, boundaryOf(view, role));
  return actions.length === 0 ? [] : [{ what: "permission", roleName: role.RoleName, actions }];
}

function boundaryOf(view: View, { PermissionsBoundaryArn: arn }: RoleRecord): string | undefined {
  return arn === undefined ? undefined : documentOf(view, arn);
}

function documentOf(view: View, policyArn: string): string | undefined {
  const policy = managedPolicy(policyArn) ?? view.get("policy", policyArn);
  return policy?.Versions.find(({ VersionId }) => VersionId === policy.DefaultVersionId)?.Document;
}

function endpointsOf(view: View, vpcId: string): readonly EndpointFacts[] {
  return view
    .by("vpcEndpoint", "vpc", vpcId)
    .filter(({ State }) => State !== "deleted")
    .map((record) => ({
      vpcEndpointId: record.VpcEndpointId,
      serviceName: record.ServiceName,
      state: record.State,
      privateDnsEnabled: record.PrivateDnsEnabled,
      networkInterfaceIds: record.Interfaces.map(({ NetworkInterfaceId }) => NetworkInterfaceId),
    }));
}

function memo<T>(make: (key: string) => T): (key: string) => T {
  const made = new Map<string, T>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const value = make(key);
    made.set(key, value);
    return value;
  };
}
