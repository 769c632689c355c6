/** Text as an archive, for code that stands in a template: stored as it is, not packed. APPNOTE.TXT 6.3 */
import { crc32 } from "../s3/crc32.ts";

/** A ZIP archive with these files, the same for the same text. */
export function archiveOf(files: Readonly<Record<string, string>>): Uint8Array {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const [nameBytes, content] = [Buffer.from(name), Buffer.from(text)];
    const about = aboutFile(nameBytes, content);
    const local = Buffer.concat([Buffer.from("PK\u0003\u0004"), about, nameBytes, content]);
    const place = Buffer.alloc(14);
    // A plain file that everybody may read.
    place.writeUInt32LE(0o100644 * 2 ** 16, 6);
    place.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from("PK\u0001\u0002\u0014\u0003"), about, place, nameBytes]));
    locals.push(local);
    offset += local.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(directory.length, 4);
  end.writeUInt16LE(directory.length, 6);
  end.writeUInt32LE(entries.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, entries, Buffer.from("PK\u0005\u0006"), end]);
}

/** What the head of a file and its entry in the directory have in common. */
function aboutFile(name: Buffer, content: Buffer): Buffer {
  const about = Buffer.alloc(26);
  about.writeUInt16LE(20, 0);
  // Names are UTF-8.
  about.writeUInt16LE(0x0800, 2);
  about.writeUInt32LE(crc32(content), 10);
  about.writeUInt32LE(content.length, 14);
  about.writeUInt32LE(content.length, 18);
  about.writeUInt16LE(name.length, 22);
  return about;
}
