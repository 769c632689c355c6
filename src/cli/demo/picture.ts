/**
 * The network of the demo in box drawing: three VPCs in a row with their routes and inbound rules, the peering connections between
 * them, and how far the last ping came.
 */
import { styled } from "../print.ts";

/** A line in a box; a new one is marked with `+`. */
export interface Row {
  readonly text: string;
  readonly isNew?: boolean;
}

export interface Department {
  readonly name: string;
  readonly cidr: string;
  readonly server: string;
  readonly address: string;
  readonly routes: readonly Row[];
  /** What the server's security group lets in. */
  readonly inbound: readonly Row[];
}

export type Link = "absent" | "requested" | "active";

/** Where a ping ended: in its own VPC's router, at the peering connection, at the other server's security group, or with a reply. */
export type End = "own-router" | "peering" | "security-group" | "reply";

export interface Packet {
  /** Index of the department, from the left. */
  readonly from: number;
  readonly to: number;
  readonly end: End;
  /** A few words on why. */
  readonly because: string;
}

export interface Picture {
  readonly departments: readonly [Department, Department, Department];
  /** Between the first and second, and the second and third department. */
  readonly links: readonly [Link, Link];
  readonly packet?: Packet;
}

/** The least width that a picture fits into. */
export const pictureWidth = 79;

/** The picture's lines, none wider than `width` columns (at least `pictureWidth`). */
export function drawPicture(picture: Picture, width: number): readonly string[] {
  const layout = width >= 97 ? { box: 27, gap: 8 } : { box: 23, gap: 5 };
  const boxes = boxRows(picture.departments, layout);
  const lines = boxes.map((row, index) => {
    const [first = "", second = "", third = ""] = row;
    return first + gapText(picture.links[0], index, layout) + second + gapText(picture.links[1], index, layout) + third;
  });
  return picture.packet === undefined ? lines : [...lines, ...packetLines(picture.packet, layout)];
}

interface Layout {
  /** Columns of a box, with its border. */
  readonly box: number;
  /** Columns between two boxes. */
  readonly gap: number;
}

/** Lines of all boxes side by side; all boxes get the height of the tallest. */
function boxRows(departments: readonly Department[], { box }: Layout): readonly (readonly string[])[] {
  const inner = box - 2;
  const routes = Math.max(...departments.map((each) => each.routes.length));
  const inbound = Math.max(1, ...departments.map((each) => each.inbound.length));
  const drawn = departments.map((each) => [
    `┌─ ${styled("bold", each.name)} ${"─".repeat(inner - each.name.length - 3)}┐`,
    line(` ${each.cidr}`, inner),
    line(` ● ${each.server}`, inner),
    line(`   ${each.address}`, inner),
    divider("routes", inner),
    ...padded(each.routes, routes, inner),
    divider("let in", inner),
    ...padded(each.inbound.length === 0 ? [{ text: "nothing" }] : each.inbound, inbound, inner),
    `└${"─".repeat(inner)}┘`,
  ]);
  return (drawn[0] ?? []).map((_, row) => drawn.map((each) => each[row] ?? ""));
}

function line(text: string, inner: number): string {
  return `│${text.padEnd(inner)}│`;
}

function divider(title: string, inner: number): string {
  return `├─ ${styled("dim", title)} ${"─".repeat(inner - title.length - 3)}┤`;
}

function padded(rows: readonly Row[], height: number, inner: number): readonly string[] {
  return Array.from({ length: height }, (_, index) => {
    const row = rows[index];
    const text = row === undefined ? "" : ` ${row.isNew ? "+" : " "}${row.text}`;
    const full = text.padEnd(inner);
    return `│${row?.isNew ? styled("green", full) : full}│`;
  });
}

/** The line of the boxes beside which a connection is drawn; its name stands one line higher. */
const linkRow = 2;

function gapText(link: Link, row: number, { gap }: Layout): string {
  if (link === "absent" || (row !== linkRow && row !== linkRow - 1)) return " ".repeat(gap);
  const text =
    row === linkRow ? (link === "active" ? "═" : "╌").repeat(gap) : centred(link === "active" ? "pcx" : "asks", gap);
  return styled(link === "active" ? "green" : "yellow", text);
}

function centred(text: string, width: number): string {
  const left = Math.floor((width - text.length) / 2);
  return " ".repeat(left) + text.padEnd(width - left);
}

/** The way of a ping under the boxes, and why it ended where it did. */
function packetLines({ from, to, end, because }: Packet, layout: Layout): readonly string[] {
  const pitch = layout.box + layout.gap;
  const width = pitch * 2 + layout.box;
  const towards = to > from ? 1 : -1;
  const near = (index: number, side: number): number => index * pitch + (side > 0 ? layout.box - 4 : 3);
  const start = near(from, -towards);
  const stop = {
    "own-router": near(from, towards),
    peering: from * pitch + (towards > 0 ? layout.box + Math.floor(layout.gap / 2) : -Math.ceil(layout.gap / 2)),
    "security-group": near(to, -towards),
    reply: near(to, -towards),
  }[end];
  const [left, right] = start < stop ? [start, stop] : [stop, start];
  const good = end === "reply";
  const track = "━".repeat(right - left - 1);
  const headAtRight = towards > 0;
  const body = good
    ? headAtRight
      ? `●${track.slice(1)}▶●`
      : `●◀${track.slice(1)}●`
    : headAtRight
      ? `●${track}✘`
      : `✘${track}●`;
  const colour = good ? "green" : "red";
  const label = `${good ? "✔" : "✘"} ${because}`;
  const labelAt = Math.max(0, Math.min(stop, width - label.length));
  return [" ".repeat(left) + styled(colour, body), " ".repeat(labelAt) + styled(colour, label)];
}
