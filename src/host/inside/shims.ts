/**
 * Programs that must be started another way in an instance, where there is one user only. tcpdump insists on giving up root for
 * a user of its own and has no option to leave that; a seccomp filter tells it that it has. Perl sets the filter: it is
 * an essential package of Debian, and its `syscall` needs no module. Source: seccomp(2), tcpdump(8) under -Z.
 */
import { existsSync, writeFileSync } from "node:fs";

/** Comes first in a command's PATH. */
export const shimFolder = "/run/causeway";

/** Writes the shims for what this machine has into a folder. */
export function writeShims(folder: string): void {
  const tcpdump = ["/usr/bin/tcpdump", "/usr/sbin/tcpdump"].find((path) => existsSync(path));
  if (tcpdump === undefined || !existsSync("/usr/bin/perl")) return;
  writeFileSync(`${folder}/tcpdump`, pretendToChangeUser(tcpdump), { mode: 0o755 });
}

/** A script that runs the program with `setuid`, `setgid` and `setgroups` doing nothing and saying yes. */
function pretendToChangeUser(program: string): string {
  const numbers = systemCalls[process.arch === "arm64" ? "arm64" : "x64"];
  const pretended = [numbers.setuid, numbers.setgid, numbers.setgroups];
  const [loadNumber, jumpIfEqual, answer] = [0x20, 0x15, 0x06];
  const [allow, sayYes] = [0x7fff0000, 0x00050000];
  const filter = [
    [loadNumber, 0, 0, 0],
    ...pretended.map((number, i) => [jumpIfEqual, pretended.length - i, 0, number]),
    [answer, 0, 0, allow],
    [answer, 0, 0, sayYes],
  ];
  const [setSeccomp, filterMode] = [22, 2];
  return `#!/usr/bin/perl
my $filter = pack("${"SCCL".repeat(filter.length)}", ${filter.flat().join(", ")});
my $program = pack("Sx6P", ${filter.length}, $filter);
syscall(${numbers.prctl}, ${setSeccomp}, ${filterMode}, $program, 0, 0) == 0 or die "seccomp: $!\\n";
exec { "${program}" } "tcpdump", @ARGV or die "${program}: $!\\n";
`;
}

const systemCalls = {
  x64: { prctl: 157, setuid: 105, setgid: 106, setgroups: 116 },
  arm64: { prctl: 167, setuid: 146, setgid: 144, setgroups: 159 },
} as const;
