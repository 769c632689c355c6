import { describe, expect, test } from "vitest";
import { drawPicture, type End, type Picture, pictureWidth } from "./picture.ts";

const picture: Picture = {
  boxes: [
    {
      title: "Marketing",
      lines: ["10.10.0.0/16", "● MarketingServer", "  10.10.1.10"],
      sections: [
        {
          heading: "routes",
          rows: [
            { text: "10.10.0.0/16 local" },
            { text: "0.0.0.0/0 → igw" },
            { text: "172.31.0.0/16 → pcx", isNew: true },
          ],
        },
        { heading: "let in", rows: [] },
      ],
    },
    {
      title: "Finance",
      lines: ["172.31.0.0/16", "● FinanceServer", "  172.31.1.20"],
      sections: [
        { heading: "routes", rows: [{ text: "172.31.0.0/16 local" }] },
        { heading: "let in", rows: [{ text: "ICMP 10.10.0.0/16" }, { text: "ICMP 10.20.0.0/16" }] },
      ],
    },
    {
      title: "Developer",
      lines: ["10.20.0.0/16", "● DeveloperServer", "  10.20.1.30"],
      sections: [
        { heading: "routes", rows: [{ text: "10.20.0.0/16 local" }] },
        { heading: "let in", rows: [] },
      ],
    },
  ],
  links: [
    { state: "active", label: "pcx" },
    { state: "requested", label: "asks" },
  ],
};

const two: Picture = { boxes: picture.boxes.slice(0, 2), links: [{ state: "active", label: "peering" }] };

test("a network at 79 columns", () => {
  const drawn = drawPicture({ ...picture, packet: { from: 0, to: 1, end: "reply", because: "a reply" } }, 80);
  expect(drawn.join("\n")).toBe(
    [
      "┌─ Marketing ─────────┐     ┌─ Finance ───────────┐     ┌─ Developer ─────────┐",
      "│ 10.10.0.0/16        │ pcx │ 172.31.0.0/16       │asks │ 10.20.0.0/16        │",
      "│ ● MarketingServer   │═════│ ● FinanceServer     │╌╌╌╌╌│ ● DeveloperServer   │",
      "│   10.10.1.10        │     │   172.31.1.20       │     │   10.20.1.30        │",
      "├─ routes ────────────┤     ├─ routes ────────────┤     ├─ routes ────────────┤",
      "│  10.10.0.0/16 local │     │  172.31.0.0/16 local│     │  10.20.0.0/16 local │",
      "│  0.0.0.0/0 → igw    │     │                     │     │                     │",
      "│ +172.31.0.0/16 → pcx│     │                     │     │                     │",
      "├─ let in ────────────┤     ├─ let in ────────────┤     ├─ let in ────────────┤",
      "│  nothing            │     │  ICMP 10.10.0.0/16  │     │  nothing            │",
      "│                     │     │  ICMP 10.20.0.0/16  │     │                     │",
      "└─────────────────────┘     └─────────────────────┘     └─────────────────────┘",
      "   ●━━━━━━━━━━━━━━━━━━━━━━━━━━▶●",
      "                               ✔ a reply",
    ].join("\n"),
  );
});

describe("a packet", () => {
  const ends: readonly (readonly [End, number, number, number])[] = [
    ["own-router", 0, 1, 19],
    ["connection", 0, 1, 25],
    ["other-side", 0, 1, 31],
    ["other-side", 2, 1, 47],
    ["connection", 2, 1, 53],
    ["own-router", 2, 1, 59],
  ];
  test.each(ends)("that ends at the %s from %i to %i is crossed out there", (end, from, to, column) => {
    const drawn = drawPicture({ ...picture, packet: { from, to, end, because: "it ends" } }, pictureWidth);
    expect(drawn[12]?.indexOf("✘")).toBe(column);
  });
});

test.each([79, 80, 96, 97, 120, 300])("no line is wider than %i columns or 97", (width) => {
  const because = "x".repeat(70);
  for (const end of ["own-router", "connection", "other-side", "reply"] as const) {
    for (const line of [
      ...drawPicture({ ...picture, packet: { from: 2, to: 1, end, because } }, width),
      ...drawPicture({ ...two, packet: { from: 1, to: 0, end, because } }, width),
    ]) {
      expect(line.length).toBeLessThanOrEqual(Math.min(width, 97));
    }
  }
});

test("two places stand further apart", () => {
  const drawn = drawPicture({ ...two, packet: { from: 1, to: 0, end: "own-router", because: "no way back" } }, 79);
  expect(drawn.slice(0, 4)).toEqual([
    "┌─ Marketing ───────────────────┐             ┌─ Finance ─────────────────────┐",
    "│ 10.10.0.0/16                  │   peering   │ 172.31.0.0/16                 │",
    "│ ● MarketingServer             │═════════════│ ● FinanceServer               │",
    "│   10.10.1.10                  │             │   172.31.1.20                 │",
  ]);
  expect(drawn.at(-2)?.indexOf("✘")).toBe(49);
});
