/**
 * The one error class for "AWS refuses", and the errors that every operation shares.
 * Codes and statuses: the EC2 API's error reference; which wire shape they get is the protocol's business (protocol.ts).
 */

const mark = Symbol.for("causeway.AwsError");

/** An API refusal: the code that clients match on, a message for people, and the HTTP status (400 unless said). */
export class AwsError extends Error {
  override readonly name = "AwsError";
  readonly [mark] = true;
  readonly code: string;
  readonly httpStatus: number;
  /** What else S3 says of a refusal, by the name of the element: the Region that a bucket is in, say. */
  readonly details: { readonly [element: string]: string };

  constructor(code: string, message: string, httpStatus = 400, details: { readonly [element: string]: string } = {}) {
    super(message);
    this.code = code;
    this.httpStatus = httpStatus;
    this.details = details;
  }
}

/** Whether a caught value is an API refusal, also one of another copy of this module. */
export function isAwsError(value: unknown): value is AwsError {
  return typeof value === "object" && value !== null && mark in value;
}

/** The operation is required to have this parameter; `parameter` is its name on the wire. */
export function missingParameter(parameter: string): AwsError {
  return new AwsError("MissingParameter", `The request must contain the parameter ${parameter}`);
}

/** The operation has no such parameter; `parameter` is the name as it was sent. */
export function unknownParameter(parameter: string): AwsError {
  return new AwsError("UnknownParameter", `The parameter ${parameter} is not recognized`);
}

/** A value is not acceptable. `code` is for the operations that have a narrower code of their own. */
export function invalidParameterValue(message: string, code = "InvalidParameterValue"): AwsError {
  return new AwsError(code, message);
}

/** Parameters that exclude one another were given together, or one was given without the other that it needs. */
export function invalidParameterCombination(message: string): AwsError {
  return new AwsError("InvalidParameterCombination", message);
}

/** No `Action` in the request. */
export function missingAction(): AwsError {
  return new AwsError("MissingAction", "The request must contain the parameter Action");
}

/** AWS itself knows no such operation. */
export function invalidAction(operation: string): AwsError {
  return new AwsError("InvalidAction", `The action ${operation} is not valid for this web service.`);
}

/** AWS knows the operation, this cloud does not model it. A 4xx, because clients retry a 5xx for minutes. */
export function unsupportedOperation(operation: string, why?: string): AwsError {
  const reason = why === undefined ? "is not modelled by this local cloud" : why;
  return new AwsError("UnsupportedOperation", `The operation ${operation} ${reason}.`);
}

/** The resource is in a state in which the operation is not possible. */
export function incorrectState(message: string): AwsError {
  return new AwsError("IncorrectState", message);
}

/** Something else still needs the resource. */
export function dependencyViolation(message: string): AwsError {
  return new AwsError("DependencyViolation", message);
}

/** The answer to an allowed call with `DryRun`. */
export function dryRunOperation(): AwsError {
  return new AwsError("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412);
}

/** The caller may not do this. */
export function unauthorizedOperation(message = "You are not authorized to perform this operation."): AwsError {
  return new AwsError("UnauthorizedOperation", message, 403);
}

/** The caller is not who the operation needs. */
export function authFailure(message: string): AwsError {
  return new AwsError("AuthFailure", message, 401);
}

/** The service is being called too often. */
export function requestLimitExceeded(): AwsError {
  return new AwsError("RequestLimitExceeded", "Request limit exceeded.", 503);
}

/** A defect of this cloud, told to the client; `requestId` lets a person find it in the log. */
export function internalError(requestId?: string): AwsError {
  const reference = requestId === undefined ? "" : ` Request id ${requestId}.`;
  return new AwsError("InternalError", `An internal error has occurred.${reference}`, 500);
}
