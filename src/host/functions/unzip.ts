/** Unpacks a ZIP archive into a folder: stored and deflated files, nothing outside of the folder. APPNOTE.TXT 6.3 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { inflateRawSync } from "node:zlib";

/** What a function's code may be when it is unpacked. */
const maxBytes = 250 * 1024 * 1024;
const endOfDirectory = 0x06054b50;
const directoryEntry = 0x02014b50;

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly mode: number;
  readonly packedSize: number;
  readonly size: number;
  readonly headerAt: number;
}

/** Throws an Error that says what is wrong with the archive. Files can be read by everybody, as their reader may be another user. */
export function unzip(archive: Buffer, folder: string): void {
  let total = 0;
  for (const entry of entriesOf(archive)) {
    const path = normalize(entry.name);
    if (path.startsWith("..") || path.startsWith("/")) throw new Error(`the archive holds the path ${entry.name}`);
    const target = join(folder, path);
    if (entry.name.endsWith("/")) {
      mkdirSync(target, { recursive: true, mode: 0o755 });
      continue;
    }
    total += entry.size;
    if (total > maxBytes) throw new Error(`the archive holds more than ${maxBytes} bytes`);
    if ((entry.mode & 0o170000) === 0o120000) throw new Error(`the archive holds the link ${entry.name}`);
    mkdirSync(dirname(target), { recursive: true, mode: 0o755 });
    writeFileSync(target, contentOf(archive, entry), { mode: entry.mode & 0o111 ? 0o755 : 0o644 });
  }
}

function* entriesOf(archive: Buffer): Generator<Entry> {
  const end = archive.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || end + 22 > archive.length || archive.readUInt32LE(end) !== endOfDirectory)
    throw new Error("it is no ZIP archive");
  const count = archive.readUInt16LE(end + 10);
  let at = archive.readUInt32LE(end + 16);
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > archive.length || archive.readUInt32LE(at) !== directoryEntry)
      throw new Error("the archive's directory is broken");
    const nameLength = archive.readUInt16LE(at + 28);
    yield {
      method: archive.readUInt16LE(at + 10),
      packedSize: archive.readUInt32LE(at + 20),
      size: archive.readUInt32LE(at + 24),
      mode: archive.readUInt32LE(at + 38) >>> 16,
      headerAt: archive.readUInt32LE(at + 42),
      name: archive.toString("utf8", at + 46, at + 46 + nameLength),
    };
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
}

function contentOf(archive: Buffer, { name, method, packedSize, size, headerAt }: Entry): Buffer {
  const start = headerAt + 30 + archive.readUInt16LE(headerAt + 26) + archive.readUInt16LE(headerAt + 28);
  const packed = archive.subarray(start, start + packedSize);
  if (method === 0) return packed;
  if (method === 8) return inflateRawSync(packed, { maxOutputLength: Math.max(size, 1) });
  throw new Error(`the archive packs ${name} by method ${method}`);
}
