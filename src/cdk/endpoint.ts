/** The ends of what a design promises: instances and interfaces of the app, what is there already, addresses, the internet. */
import { CfnElement, type IResolvable, NestedStack, Reference, Stack, Token, Tokenization } from "aws-cdk-lib";
import type * as ec2 from "aws-cdk-lib/aws-ec2";
import { DesignError } from "./design-error.ts";
import type { ProbeInstance } from "./probe-instance.ts";

/** One end of a flow. */
export class Endpoint {
  /** An instance of this app, or one that was looked up. */
  static instance(instance: ec2.IInstance): Endpoint {
    return Endpoint.instanceId(instance.instanceId);
  }

  /** An instance that tries a network. */
  static probe(instance: ProbeInstance): Endpoint {
    return Endpoint.instanceId(instance.instanceId);
  }

  /** An instance by its id: `i-…`, or the `ref` of one of this app. */
  static instanceId(instanceId: string): Endpoint {
    return endOfId(instanceId, "instance", "i");
  }

  /** A network interface by its id: `eni-…`, or the `ref` of one of this app. */
  static networkInterface(networkInterfaceId: string): Endpoint {
    return endOfId(networkInterfaceId, "network interface", "eni");
  }

  /** A private or public address. */
  static address(address: string): Endpoint {
    if (Token.isUnresolved(address)) {
      throw new DesignError(
        "An address that is known when it is deployed is no endpoint: name the instance that has it.",
      );
    }
    return new Endpoint({ kind: "address", address }, address);
  }

  /** Any host of the internet. */
  static internet(): Endpoint {
    return new Endpoint({ kind: "internet" }, "the internet");
  }

  /** @internal */
  readonly _end: EndData;
  /** @internal */
  readonly _label: string;
  /** @internal */
  readonly _stack: Stack | undefined;

  private constructor(end: EndData, label: string, stack?: Stack) {
    this._end = end;
    this._label = label;
    this._stack = stack;
  }

  /** @internal */
  static _of(end: EndData, label: string, stack?: Stack): Endpoint {
    return new Endpoint(end, label, stack);
  }
}

/** An intent's end as metadata has it; a logical id may be a token yet. */
interface EndData {
  readonly kind: string;
  readonly [name: string]: string;
}

function endOfId(id: string, what: string, prefix: string): Endpoint {
  if (!Token.isUnresolved(id)) {
    if (!id.startsWith(`${prefix}-`)) throw new DesignError(`${id} is no id of an ${what}: those are ${prefix}-….`);
    return Endpoint._of({ kind: "id", id }, id);
  }
  const reference = Tokenization.reverseString(id).tokens.find((token: IResolvable) => Reference.isReference(token));
  if (reference === undefined || !Reference.isReference(reference) || !CfnElement.isCfnElement(reference.target)) {
    throw new DesignError(`The ${what} is none of this app's resources: give the id of one that is there.`);
  }
  const { target } = reference;
  const stack = Stack.of(target);
  const label = target.node.path.replace(/\/Resource$/, "");
  return Endpoint._of({ kind: "resource", artifactId: idOf(stack), logicalId: target.logicalId }, label, topOf(stack));
}

/** As template ingest calls a nested stack: by its parent and the resource that it is there. */
function idOf(stack: Stack): string {
  const parent = stack.nestedStackParent;
  const resource = stack.nestedStackResource;
  if (parent === undefined || !(resource instanceof CfnElement)) return stack.artifactId;
  return `${idOf(parent)}-${parent.resolve(resource.logicalId)}`;
}

/** Nested stacks are in no manifest. */
function topOf(stack: Stack): Stack {
  return NestedStack.isNestedStack(stack) && stack.nestedStackParent !== undefined
    ? topOf(stack.nestedStackParent)
    : stack;
}
