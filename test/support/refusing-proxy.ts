/**
 * Stands between a client and the cloud, and refuses single calls as AWS was seen to: credentials that have run out, rights that are missing. The
 * local cloud lets everybody do everything, so that nothing else here can. All other calls go through, byte by byte.
 */
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";

export interface ProxiedCall {
  readonly action: string;
  /** `ec2`, `cloudformation`, `sts`, `ssm`: by the credential scope. */
  readonly service: string;
  readonly region: string;
  /** On the local cloud it is an account, or a session's key. */
  readonly accessKeyId: string;
}

export type Refusing = "expired" | "denied";

export interface RefusingProxy {
  readonly endpoint: string;
  /** As one that is not on this machine: no access key stands for any account there. */
  readonly farEndpoint: string;
  /** Every call that came, refused or not. */
  readonly calls: readonly ProxiedCall[];
  /** From now on; undefined lets a call through. */
  refuse(rule: (call: ProxiedCall) => Refusing | undefined): void;
  stop(): Promise<void>;
}

export async function startRefusingProxy(cloudEndpoint: string): Promise<RefusingProxy> {
  const calls: ProxiedCall[] = [];
  let rule: (call: ProxiedCall) => Refusing | undefined = () => undefined;
  const answer = async (asked: IncomingMessage, answered: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of asked) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const call = callOf(asked, body);
    calls.push(call);
    const refusing = rule(call);
    if (refusing === undefined) return forward(cloudEndpoint, asked, body, answered);
    const { status, type, text } = refusal(refusing, call, asked);
    answered.writeHead(status, { "content-type": type }).end(text);
  };
  const server = createServer((asked, answered) => {
    answer(asked, answered).catch((error: unknown) => answered.destroy(error instanceof Error ? error : undefined));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("bug: a server on a port has an address");
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    // The kernel takes it to this machine, and nobody can tell from the name.
    farEndpoint: `http://0.0.0.0:${address.port}`,
    calls,
    refuse(next) {
      rule = next;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function callOf({ headers }: IncomingMessage, body: Buffer): ProxiedCall {
  const [, accessKeyId = "", region = "", service = ""] =
    /Credential=([^/]+)\/\d+\/([^/]+)\/([^/]+)\//.exec(headers.authorization ?? "") ?? [];
  const target = headers["x-amz-target"];
  const action =
    typeof target === "string" ? target.split(".").at(-1) : new URLSearchParams(body.toString("latin1")).get("Action");
  return { action: action ?? "", service, region, accessKeyId };
}

function forward(cloudEndpoint: string, asked: IncomingMessage, body: Buffer, answered: ServerResponse): Promise<void> {
  const { method, headers } = asked;
  const { host } = new URL(cloudEndpoint);
  return new Promise((resolve, reject) => {
    const onward = request(`${cloudEndpoint}${asked.url}`, { method, headers: { ...headers, host } }, (answer) => {
      answered.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(answered);
      answer.once("end", resolve);
      answer.once("error", reject);
    });
    onward.once("error", reject);
    onward.end(body);
  });
}

interface Refusal {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

const requestId = "0aa1b2c3-d4e5-46f7-8a9b-0c1d2e3f4a5b";

/**
 * In the words of the service: EC2 says `RequestExpired` (https://github.com/aws/aws-sdk-go-v2/issues/1674) and `UnauthorizedOperation`, services of the
 * Query protocol `ExpiredToken` (https://github.com/eksctl-io/eksctl/issues/5968) and `AccessDenied`, those of JSON `ExpiredTokenException`
 * (https://docs.aws.amazon.com/awsconsolehelpdocs/latest/gsg/common-errors.html) and `AccessDeniedException`.
 */
function refusal(
  refusing: Refusing,
  { service, action, accessKeyId }: ProxiedCall,
  { headers }: IncomingMessage,
): Refusal {
  const protocol = service === "ec2" ? "ec2" : headers["x-amz-target"] === undefined ? "query" : "json";
  const who = `User: arn:aws:iam::${accessKeyId}:user/dana`;
  const denied = `${who} is not authorized to perform: ${service}:${action} because no identity-based policy allows the ${service}:${action} action`;
  const answers: Readonly<Record<Refusing, Readonly<Record<string, readonly [number, string, string]>>>> = {
    expired: {
      ec2: [400, "RequestExpired", "Request has expired."],
      query: [403, "ExpiredToken", "The security token included in the request is expired"],
      json: [400, "ExpiredTokenException", "The security token included in the request is expired"],
    },
    denied: {
      ec2: [403, "UnauthorizedOperation", `You are not authorized to perform this operation. ${denied}`],
      query: [403, "AccessDenied", denied],
      json: [400, "AccessDeniedException", denied],
    },
  };
  const [status, code, message] = answers[refusing][protocol] ?? [500, "InternalFailure", ""];
  if (protocol === "json") {
    const text = JSON.stringify({ __type: code, message });
    return { status, type: "application/x-amz-json-1.1", text };
  }
  const error = `<Code>${code}</Code><Message>${message}</Message>`;
  const text =
    protocol === "ec2"
      ? `<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error>${error}</Error></Errors><RequestID>${requestId}</RequestID></Response>`
      : `<ErrorResponse><Error><Type>Sender</Type>${error}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
  return { status, type: "text/xml", text };
}
