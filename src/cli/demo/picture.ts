/**
 * The network of a demo in box drawing: its places in a row, each with what decides about packets there, the connections between
 * neighbours, and how far the last ping came.
 */
import { styled } from "../print.ts";

/** A line in a box; a new one is marked with `+`. */
export interface Row {
  readonly text: string;
  readonly isNew?: boolean;
}

export interface Section {
  readonly heading: string;
  readonly rows: readonly Row[];
}

/** A place: a VPC, or a Region. */
export interface Box {
  readonly title: string;
  /** What it is: its block, its server. Every box of a picture has as many. */
  readonly lines: readonly string[];
  /** Every box of a picture has the same ones. */
  readonly sections: readonly Section[];
}

/** A connection between two neighbours. */
export interface Link {
  readonly state: "absent" | "requested" | "active";
  /** A word or two that stand over it. */
  readonly label: string;
}

/** Where a ping ended: in its own place's router, at the connection, at the other place, or with a reply. */
export type End = "own-router" | "connection" | "other-side" | "reply";

export interface Packet {
  /** Index of the box, from the left. */
  readonly from: number;
  readonly to: number;
  readonly end: End;
  /** A few words on why. */
  readonly because: string;
}

export interface Picture {
  /** Two or three. */
  readonly boxes: readonly Box[];
  /** One fewer than boxes: between the first and second, and so on. */
  readonly links: readonly Link[];
  readonly packet?: Packet;
}

/** The least width that a picture fits into. */
export const pictureWidth = 79;

/** The picture's lines, none wider than `width` columns (at least `pictureWidth`). */
export function drawPicture(picture: Picture, width: number): readonly string[] {
  const layout = layoutOf(picture.boxes.length, width);
  const lines = boxRows(picture.boxes, layout).map((row, index) =>
    row
      .flatMap((part, box) => {
        const link = box === 0 ? undefined : picture.links[box - 1];
        return link === undefined ? [part] : [gapText(link, index, layout), part];
      })
      .join(""),
  );
  return picture.packet === undefined
    ? lines
    : [...lines, ...packetLines(picture.packet, picture.boxes.length, layout)];
}

interface Layout {
  /** Columns of a box, with its border. */
  readonly box: number;
  /** Columns between two boxes. */
  readonly gap: number;
}

function layoutOf(boxes: number, width: number): Layout {
  const wide = width >= 97;
  if (boxes <= 2) return wide ? { box: 38, gap: 19 } : { box: 33, gap: 13 };
  return wide ? { box: 27, gap: 8 } : { box: 23, gap: 5 };
}

/** Lines of all boxes side by side; all boxes get the height of the tallest. */
function boxRows(boxes: readonly Box[], { box }: Layout): readonly (readonly string[])[] {
  const inner = box - 2;
  const heightOf = (section: number) => Math.max(1, ...boxes.map((each) => each.sections[section]?.rows.length ?? 0));
  const drawn = boxes.map(({ title, lines, sections }) => [
    `┌─ ${styled("bold", title)} ${"─".repeat(inner - title.length - 3)}┐`,
    ...lines.map((text) => line(` ${text}`, inner)),
    ...sections.flatMap(({ heading, rows }, index) => [
      divider(heading, inner),
      ...padded(rows.length === 0 ? [{ text: "nothing" }] : rows, heightOf(index), inner),
    ]),
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

function gapText({ state, label }: Link, row: number, { gap }: Layout): string {
  if (state === "absent" || (row !== linkRow && row !== linkRow - 1)) return " ".repeat(gap);
  const text = row === linkRow ? (state === "active" ? "═" : "╌").repeat(gap) : centred(label, gap);
  return styled(state === "active" ? "green" : "yellow", text);
}

function centred(text: string, width: number): string {
  const left = Math.floor((width - text.length) / 2);
  return " ".repeat(left) + text.padEnd(width - left);
}

/** The way of a ping under the boxes, and why it ended where it did. */
function packetLines({ from, to, end, because }: Packet, boxes: number, layout: Layout): readonly string[] {
  const pitch = layout.box + layout.gap;
  const width = pitch * (boxes - 1) + layout.box;
  const towards = to > from ? 1 : -1;
  const near = (index: number, side: number): number => index * pitch + (side > 0 ? layout.box - 4 : 3);
  const start = near(from, -towards);
  const stop = {
    "own-router": near(from, towards),
    connection: from * pitch + (towards > 0 ? layout.box + Math.floor(layout.gap / 2) : -Math.ceil(layout.gap / 2)),
    "other-side": near(to, -towards),
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
