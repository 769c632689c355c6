/** Where the AWS SDK for JavaScript is that functions are given: the packages that are installed beside the product, or above it. */
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";

export interface SdkFolder {
  /** A `node_modules` folder. */
  readonly path: string;
  /** `@aws-sdk/client-ec2`, … */
  readonly clients: readonly string[];
}

/** The nearest `node_modules` with clients in it, from `start` upwards. */
export function sdkFolder(start: string): SdkFolder | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    const path = join(folder, "node_modules");
    const scope = join(path, "@aws-sdk");
    const clients = existsSync(scope) ? readdirSync(scope).filter((name) => name.startsWith("client-")) : [];
    if (clients.length > 0) return { path, clients: clients.map((name) => `@aws-sdk/${name}`) };
    if (folder === dirname(folder)) return undefined;
  }
}
