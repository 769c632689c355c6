/** The API's HTTP server: loopback only, bounded bodies, and an answer in AWS's shape to whatever comes in. */
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { AwsError, internalError, isAwsError, refusal, type WireAnswer } from "../../aws/index.ts";
import type { Cloud } from "../cloud.ts";
import type { Exchange } from "./exchange.ts";
import { serveSessionChannels } from "./session-channel/index.ts";
import { firstDialect, steps } from "./steps.ts";

/** The longest body AWS's query services take is far below this. */
export const maxBodyBytes = 4 * 1024 * 1024;
/** An object, or a part of one, is in memory while it is stored. AWS takes 5 GB at once; longer ones come in parts here too. */
export const maxObjectBytes = 256 * 1024 * 1024;
/** A function's code comes in base64 of at most 50 MB. */
const maxFunctionBytes = 72 * 1024 * 1024;

export interface ApiServerOptions {
  /** 0 takes any free port. */
  readonly port: number;
  /** Asked at each request, so that a cloud can be exchanged for an empty one. */
  readonly cloud: () => Cloud;
  readonly onFault: (message: string, error: unknown) => void;
}

export interface ApiServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Starts to listen on 127.0.0.1. Rejects with the system's error when the port is taken or not allowed. */
export async function startApiServer({ port, cloud, onFault }: ApiServerOptions): Promise<ApiServer> {
  const server = createServer((request, response) => {
    respond(request, response, cloud(), onFault).catch((error) => {
      onFault("a request could not be answered", error);
      response.destroy();
    });
  });
  server.on("checkContinue", (request: IncomingMessage, response: ServerResponse) => {
    response.writeContinue();
    server.emit("request", request, response);
  });
  const channels = serveSessionChannels({ server, cloud, onFault });
  // Clients keep their connections for minutes; a short time-out here would break one just as it is used again.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("bug: a TCP server without a port");
  return {
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        channels.close();
        server.closeAllConnections();
      }),
  };
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  cloud: Cloud,
  onFault: ApiServerOptions["onFault"],
): Promise<void> {
  const requestId = randomUUID();
  const limit = bodyLimit(request);
  const bytes = await readBody(request, limit);
  const answer =
    bytes === undefined
      ? refusal(
          firstDialect,
          new AwsError("RequestEntityTooLarge", `The body is longer than ${limit} bytes.`, 413),
          requestId,
        )
      : await answerTo(
          {
            request: {
              method: request.method ?? "",
              url: request.url ?? "",
              headers: request.headers,
              bytes,
              get body() {
                return bytes.toString("utf8");
              },
            },
            cloud,
            requestId,
            dialect: firstDialect,
          },
          onFault,
        );
  const length = Buffer.byteLength(answer.body);
  response.writeHead(answer.status, {
    // The answer to a HEAD says how long the body would be.
    "Content-Length": length,
    ...answer.headers,
    ...(bytes === undefined && { Connection: "close" }),
  });
  response.end(request.method === "HEAD" ? undefined : answer.body);
}

/** By the signing name, in the header or in a presigned URL. */
function bodyLimit({ headers, url = "" }: IncomingMessage): number {
  const signed = `${headers.authorization ?? ""} ${url}`;
  if (/(\/|%2F)s3(\/|%2F)aws4_request|[?&]AWSAccessKeyId=/i.test(signed)) return maxObjectBytes;
  return /\/lambda\/aws4_request/.test(signed) ? maxFunctionBytes : maxBodyBytes;
}

/** Takes the exchange along the steps. Whatever goes wrong becomes an answer; a defect of ours also becomes a report. */
async function answerTo(exchange: Exchange, onFault: ApiServerOptions["onFault"]): Promise<WireAnswer> {
  try {
    for (const step of steps) {
      const given = step(exchange);
      // Only a step that has to wait gives a promise.
      const answer = given instanceof Promise ? await given : given;
      if (answer !== undefined) return answer;
    }
    throw new Error("bug: the last step of the gateway did not answer");
  } catch (error) {
    if (isAwsError(error)) return refusal(exchange.dialect, error, exchange.requestId);
    onFault(`request ${exchange.requestId} (${exchange.operation?.name ?? exchange.request.url}) failed`, error);
    return refusal(exchange.dialect, internalError(exchange.requestId), exchange.requestId);
  }
}

/** The body, or undefined when it is too long; the rest of a long one is read and forgotten. */
function readBody(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length <= limit) chunks.push(chunk);
      else chunks.length = 0;
    });
    request.on("end", () => resolve(length > limit ? undefined : Buffer.concat(chunks)));
    request.on("error", reject);
  });
}
