/**
 * Listeners that the fabric's process holds inside namespaces: `echo` tells whoever comes which address it sees; `http` hands
 * requests to the fabric's owner (the instance metadata service). One HTTP server serves all of them.
 */
import { createSocket } from "node:dgram";
import { createServer, type Server as HttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTcpServer, type Socket } from "node:net";
import type { HttpRequest, HttpResponse, ListenRequest } from "../fabric.ts";
import {
  AF_INET6,
  bindSocket,
  closeDescriptor,
  openSocket,
  SOCK_DGRAM,
  SOCK_STREAM,
  setSocketOption,
} from "../netlink/libc.ts";
import { addressFamily, socketAddress } from "../netlink/socket-address.ts";
import type { Namespaces } from "./namespaces.ts";

export interface Listeners {
  /** Resolves with a function that stops listening, once connections are taken. */
  listen(request: ListenRequest): Promise<() => void>;
  /** An echo listener has this port in some namespace. */
  greetsOn(protocol: "tcp" | "udp", port: number): boolean;
}

export function createListeners(
  namespaces: Namespaces,
  onHttp: (request: HttpRequest) => Promise<HttpResponse>,
): Listeners {
  const greeting = new Map<string, number>();
  const handlers = new WeakMap<Socket, string>();
  const httpServer = createServer((request, response) => void serve(request, response, handlers, onHttp));

  return {
    async listen(request) {
      const namespace = namespaces.get(request.namespace);
      const fd = namespaces.within(namespace, () => bindFor(request));
      const stop =
        request.protocol === "udp"
          ? await echoUdp(fd, addressFamily(request.address))
          : await acceptTcp(fd, request, httpServer, handlers);
      const key = `${request.protocol}/${request.port}`;
      const isEcho = request.service.kind === "echo";
      if (isEcho) greeting.set(key, (greeting.get(key) ?? 0) + 1);
      let listening = true;
      const stopOnce = () => {
        if (!listening) return;
        listening = false;
        if (isEcho) greeting.set(key, (greeting.get(key) ?? 1) - 1);
        namespace.onDelete.delete(stopOnce);
        stop();
      };
      namespace.onDelete.add(stopOnce);
      return stopOnce;
    },
    greetsOn: (protocol, port) => (greeting.get(`${protocol}/${port}`) ?? 0) > 0,
  };
}

function bindFor(request: ListenRequest): number {
  const family = addressFamily(request.address);
  if (request.protocol === "udp" && request.service.kind === "http") throw new RangeError("HTTP listens on TCP");
  const fd = openSocket(family, request.protocol === "tcp" ? SOCK_STREAM : SOCK_DGRAM, 0);
  try {
    const [solSocket, reuseAddress, ipprotoIpv6, ipv6Only] = [1, 2, 41, 26];
    if (request.protocol === "tcp") setSocketOption(fd, solSocket, reuseAddress, 1);
    if (family === AF_INET6) setSocketOption(fd, ipprotoIpv6, ipv6Only, 1);
    bindSocket(fd, socketAddress(request.address, request.port));
    return fd;
  } catch (error) {
    closeDescriptor(fd);
    throw error;
  }
}

function acceptTcp(
  fd: number,
  request: ListenRequest,
  httpServer: HttpServer,
  handlers: WeakMap<Socket, string>,
): Promise<() => void> {
  const open = new Set<Socket>();
  const { service } = request;
  const server = createTcpServer((socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
    // A probe that goes away early resets the connection: nothing to answer.
    socket.on("error", () => socket.destroy());
    if (service.kind === "http") {
      handlers.set(socket, service.handlerId);
      httpServer.emit("connection", socket);
    } else {
      socket.write(`${plainAddress(socket.remoteAddress)} ${socket.remotePort ?? 0}\n`);
      socket.pipe(socket);
    }
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ fd }, () => {
      resolve(() => {
        server.close();
        for (const socket of open) socket.destroy();
      });
    });
  });
}

function echoUdp(fd: number, family: number): Promise<() => void> {
  const socket = createSocket({ type: family === AF_INET6 ? "udp6" : "udp4" });
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.on("message", (_, sender) => {
      const text = Buffer.from(`${plainAddress(sender.address)} ${sender.port}\n`);
      // No way back is the prober's finding, made by getting no answer.
      socket.send(text, sender.port, sender.address, () => undefined);
    });
    socket.bind({ fd }, () => resolve(() => socket.close()));
  });
}

const bodyLimit = 64_000;

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  handlers: WeakMap<Socket, string>,
  onHttp: (request: HttpRequest) => Promise<HttpResponse>,
): Promise<void> {
  const handlerId = handlers.get(request.socket);
  if (handlerId === undefined) throw new Error("bug: an HTTP connection without a listener");
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  let size = 0;
  request.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > bodyLimit) request.destroy();
  });
  const { method = "GET", url: path = "/" } = request;
  const remoteAddress = plainAddress(request.socket.remoteAddress);
  const answer = await onHttp({ handlerId, method, path, headers, remoteAddress }).catch(
    (): HttpResponse => ({ status: 500, headers: {}, body: "" }),
  );
  response.writeHead(answer.status, answer.headers);
  response.end(answer.body);
}

function plainAddress(address: string | undefined): string {
  return (address ?? "").replace(/^::ffff:/, "");
}
