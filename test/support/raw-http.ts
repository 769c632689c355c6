/** HTTP as no AWS client sends it: any header, any method, any bytes. */
import { request } from "node:http";
import { connect } from "node:net";

export interface HttpAnswer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

export interface HttpQuestion {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** What an EC2 client of the account says of itself, as far as the cloud reads it. */
export function ec2Headers(account: string, service = "ec2"): Readonly<Record<string, string>> {
  return {
    "content-type": "application/x-www-form-urlencoded; charset=utf-8",
    authorization: `AWS4-HMAC-SHA256 Credential=${account}/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=00`,
  };
}

/** Rejects when the connection is cut without an answer. */
export function ask(
  endpoint: string,
  { method = "POST", path = "/", headers = {}, body = "" }: HttpQuestion,
): Promise<HttpAnswer> {
  const { hostname, port } = new URL(endpoint);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, method, path, headers, agent: false, timeout: 20_000 }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.once("error", reject);
      answer.once("end", () =>
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          body: Buffer.concat(chunks).toString("utf8"),
        }),
      );
    });
    sent.once("timeout", () => sent.destroy(new Error("no answer in time")));
    sent.once("error", reject);
    sent.end(body);
  });
}

/** Sends bytes and closes its side; returns whatever came back until the server closed, or for two seconds. */
export function sendBytes(endpoint: string, bytes: Uint8Array): Promise<string> {
  const { hostname, port } = new URL(endpoint);
  return new Promise((resolve) => {
    let received = "";
    const socket = connect({ host: hostname, port: Number(port), timeout: 2_000 });
    socket.on("data", (chunk: Buffer) => {
      received += chunk.toString("latin1");
    });
    socket.once("timeout", () => socket.destroy());
    // A server may well cut such a connection.
    socket.once("error", () => socket.destroy());
    socket.once("close", () => resolve(received));
    socket.end(bytes);
  });
}
