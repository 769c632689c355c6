/** A pseudo terminal for one command. Source: pty(7), ioctl_tty(2). */
import { closeDescriptor, EAGAIN, ioctl, openPath, readBytes, watchDescriptor, writeBytes } from "../netlink/libc.ts";

export interface Terminal {
  /** The command's side: hand it to the command, then `releaseSlave`. */
  readonly slave: number;
  releaseSlave(): void;
  resize(columns: number, rows: number): void;
  write(chunk: Uint8Array): void;
  /** Starts reading; `onEnd` once when the last process that had the terminal is gone. */
  listen(onOutput: (chunk: Buffer) => void, onEnd: () => void): void;
}

/** Opens one from the calling thread's own `/dev`, so that its name is right for whoever shares that root. */
export function openTerminal(columns: number, rows: number): Terminal {
  const master = openPath("/dev/ptmx", O_RDWR | O_NOCTTY | O_NONBLOCK);
  const number = Buffer.alloc(4);
  ioctl("unlock terminal", master, TIOCSPTLCK, number);
  ioctl("number of terminal", master, TIOCGPTN, number);
  const slave = openPath(`/dev/pts/${number.readUInt32LE()}`, O_RDWR | O_NOCTTY);
  let open = true;
  const unwritten: Uint8Array[] = [];

  const terminal: Terminal = {
    slave,
    releaseSlave: () => closeDescriptor(slave),
    resize(wantedColumns, wantedRows) {
      if (!open) return;
      const size = Buffer.alloc(8);
      size.writeUInt16LE(clamp(wantedRows), 0);
      size.writeUInt16LE(clamp(wantedColumns), 2);
      ioctl("resize terminal", master, TIOCSWINSZ, size);
    },
    write(chunk) {
      if (!open || chunk.length === 0) return;
      unwritten.push(chunk);
      if (unwritten.length === 1) flush();
    },
    listen(onOutput, onEnd) {
      const bytes = Buffer.alloc(1 << 16);
      const watch = watchDescriptor(master, { readable: true }, () => {
        const length = readBytes(master, bytes);
        if (length > 0) return onOutput(Buffer.from(bytes.subarray(0, length)));
        if (length === -EAGAIN || !open) return;
        open = false;
        watch.close();
        closeDescriptor(master);
        onEnd();
      });
    },
  };
  terminal.resize(columns, rows);
  return terminal;

  function flush(): void {
    for (let chunk = unwritten[0]; chunk && open; chunk = unwritten[0]) {
      const length = writeBytes(master, chunk);
      if (length === -EAGAIN) {
        setTimeout(flush, 5);
        return;
      }
      if (length < 0) return;
      if (length < chunk.length) unwritten[0] = chunk.subarray(length);
      else unwritten.shift();
    }
  }
}

const [O_RDWR, O_NOCTTY, O_NONBLOCK] = [2, 0o400, 0o4000];
const [TIOCSPTLCK, TIOCGPTN, TIOCSWINSZ] = [0x40045431, 0x80045430, 0x5414];

function clamp(size: number): number {
  return Math.min(Math.max(Math.trunc(size) || 1, 1), 0xffff);
}
