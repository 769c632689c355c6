/**
 * The one way out of a function: a Unix socket, each connection to which is a connection to the cloud's port on loopback. It is
 * mounted into the function's file system, whose network reaches nothing else.
 */
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const socketName = "endpoint";

export interface EndpointSocket {
  /** Holds the socket and nothing else. */
  readonly folder: string;
  close(): void;
}

export async function openEndpointSocket(port: () => number): Promise<EndpointSocket> {
  // Paths of sockets are short: a state folder's may be too long.
  const folder = mkdtempSync(join(tmpdir(), "causeway-functions-"));
  const open = new Set<Socket>();
  const server = createServer((inside) => {
    const outside = connect(port(), "127.0.0.1");
    for (const [socket, other] of [
      [inside, outside],
      [outside, inside],
    ] as const) {
      open.add(socket);
      // Whoever ends a connection, in whatever way, ends both halves.
      socket.on("error", () => other.destroy());
      socket.on("close", () => {
        open.delete(socket);
        other.destroy();
      });
    }
    inside.pipe(outside).pipe(inside);
  });
  const path = join(folder, socketName);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
  // Functions are another user when the cloud is root's; the port behind it is every user's anyway.
  chmodSync(folder, 0o711);
  chmodSync(path, 0o666);
  server.unref();
  return {
    folder,
    close() {
      server.close();
      for (const socket of open) socket.destroy();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
