import { describe, expect, test } from "vitest";
import { drawPicture, type End, type Picture, pictureWidth } from "./picture.ts";

const picture: Picture = {
  departments: [
    {
      name: "Marketing",
      cidr: "10.10.0.0/16",
      server: "MarketingServer",
      address: "10.10.1.10",
      routes: [
        { text: "10.10.0.0/16 local" },
        { text: "0.0.0.0/0 → igw" },
        { text: "172.31.0.0/16 → pcx", isNew: true },
      ],
      inbound: [],
    },
    {
      name: "Finance",
      cidr: "172.31.0.0/16",
      server: "FinanceServer",
      address: "172.31.1.20",
      routes: [{ text: "172.31.0.0/16 local" }],
      inbound: [{ text: "ICMP 10.10.0.0/16" }, { text: "ICMP 10.20.0.0/16" }],
    },
    {
      name: "Developer",
      cidr: "10.20.0.0/16",
      server: "DeveloperServer",
      address: "10.20.1.30",
      routes: [{ text: "10.20.0.0/16 local" }],
      inbound: [],
    },
  ],
  links: ["active", "requested"],
};

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
    ["peering", 0, 1, 25],
    ["security-group", 0, 1, 31],
    ["security-group", 2, 1, 47],
    ["peering", 2, 1, 53],
    ["own-router", 2, 1, 59],
  ];
  test.each(ends)("that ends at the %s from %i to %i is crossed out there", (end, from, to, column) => {
    const drawn = drawPicture({ ...picture, packet: { from, to, end, because: "it ends" } }, pictureWidth);
    expect(drawn[12]?.indexOf("✘")).toBe(column);
  });
});

test.each([79, 80, 96, 97, 120, 300])("no line is wider than %i columns or 97", (width) => {
  const because = "x".repeat(70);
  for (const end of ["own-router", "peering", "security-group", "reply"] as const) {
    for (const line of drawPicture({ ...picture, packet: { from: 2, to: 1, end, because } }, width))
      expect(line.length).toBeLessThanOrEqual(Math.min(width, 97));
  }
});
