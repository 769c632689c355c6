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
  const body = await readBody(request);
  const answer =
    body === undefined
      ? refusal(
          firstDialect,
          new AwsError("RequestEntityTooLarge", `The body is longer than ${maxBodyBytes} bytes.`, 413),
          requestId,
        )
      : await answerTo(
          {
            request: { method: request.method ?? "", url: request.url ?? "", headers: request.headers, body },
            cloud,
            requestId,
            dialect: firstDialect,
          },
          onFault,
        );
  const length = Buffer.byteLength(answer.body);
  response.writeHead(answer.status, {
    ...answer.headers,
    "Content-Length": length,
    ...(body === undefined && { Connection: "close" }),
  });
  response.end(request.method === "HEAD" ? undefined : answer.body);
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

/** The body as text, or undefined when it is too long; the rest of a long one is read and forgotten. */
function readBody(request: IncomingMessage): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxBodyBytes) chunks.push(chunk);
      else chunks.length = 0;
    });
    request.on("end", () => resolve(bytes > maxBodyBytes ? undefined : Buffer.concat(chunks).toString("utf8")));
    request.on("error", reject);
  });
}
