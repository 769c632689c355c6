/** Bytes as files, one for each id, in folders by the id's first two characters. A file is in its place as a whole, or not at all. */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

export interface Blobs {
  write(id: string, bytes: Uint8Array): void;
  /** Throws when there is none. */
  read(id: string): Uint8Array;
  remove(id: string): void;
  ids(): Iterable<string>;
}

export function openBlobs(folder: string): Blobs {
  const pathOf = (id: string): string => {
    if (!/^[A-Za-z0-9]{3,80}$/.test(id)) throw new Error(`bug: '${id}' is no id of a blob`);
    return join(folder, id.slice(0, 2), id);
  };
  return {
    write(id, bytes) {
      const path = pathOf(id);
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      // A process that ends here leaves a file that no id leads to.
      const unfinished = `${path}.part`;
      writeFileSync(unfinished, bytes, { mode: 0o600 });
      renameSync(unfinished, path);
    },
    read: (id) => readFileSync(pathOf(id)),
    remove: (id) => rmSync(pathOf(id), { force: true }),
    *ids() {
      for (const entry of filesBelow(folder)) {
        if (entry.name.endsWith(".part")) rmSync(join(entry.parentPath, entry.name), { force: true });
        else yield entry.name;
      }
    },
  };
}

function filesBelow(folder: string): { readonly name: string; readonly parentPath: string }[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name, parentPath }) => ({ name, parentPath }));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}
