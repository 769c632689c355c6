import fc from "fast-check";
import { expect, test } from "vitest";
import { addressFrom, cidrFrom } from "./canonical-text.ts";
import { contains, formatCidr } from "./cidr.ts";
import { prefixMap } from "./prefix-map.ts";

const byte = fc.constantFrom(0, 1, 128, 255);
const address = fc.oneof(
  fc.tuple(byte, byte).map(([a, b]) => `10.${a}.${b}.1`),
  fc.tuple(byte, byte).map(([a, b]) => `2001:db8:${a}:${b}::1`),
);
const cidr = fc
  .tuple(address, fc.nat(128))
  .map(([text, length]) => formatCidr(cidrFrom(`${text}/${text.includes(":") ? length : length % 33}`)));

test("[RT-26a] the most specific block wins, per family", () => {
  const routes = prefixMap(
    ["0.0.0.0/0", "10.0.0.0/8", "10.0.0.0/16", "10.0.1.0/24", "::/0"].map((text) => [cidrFrom(text), text] as const),
  );
  const ask = (text: string) => routes.longestMatch(addressFrom(text))?.value;
  expect(ask("10.0.1.9")).toBe("10.0.1.0/24");
  expect(ask("10.0.2.9")).toBe("10.0.0.0/16");
  expect(ask("10.2.0.9")).toBe("10.0.0.0/8");
  expect(ask("192.0.2.1")).toBe("0.0.0.0/0");
  expect(ask("2001:db8::1")).toBe("::/0");
  expect(routes.matches(addressFrom("10.0.1.9")).map((match) => match.value)).toEqual([
    "10.0.1.0/24",
    "10.0.0.0/16",
    "10.0.0.0/8",
    "0.0.0.0/0",
  ]);
});

test("nothing matches in an empty map or another family", () => {
  const map = prefixMap<string>();
  expect(map.longestMatch(addressFrom("10.0.0.1"))).toBeUndefined();
  map.set(cidrFrom("0.0.0.0/0"), "all");
  expect(map.longestMatch(addressFrom("::1"))).toBeUndefined();
  expect(map.get(cidrFrom("::/0"))).toBeUndefined();
});

test("answers as a search through a plain list does, while blocks come and go", () => {
  const change = fc.record({ remove: fc.boolean(), cidr, value: fc.nat(9) });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 40 }), fc.array(address, { minLength: 1 }), (changes, addresses) => {
      const map = prefixMap<number>();
      const list = new Map<string, number>();
      for (const { remove, cidr: text, value } of changes) {
        if (remove) expect(map.delete(cidrFrom(text))).toBe(list.delete(text));
        else {
          map.set(cidrFrom(text), value);
          list.set(text, value);
        }
        expect(map.size).toBe(list.size);
        expect(map.get(cidrFrom(text))).toBe(list.get(text));
        expect(map.has(cidrFrom(text))).toBe(list.has(text));
      }
      for (const text of addresses) {
        const asked = addressFrom(text);
        const expected = [...list]
          .map(([key, value]) => ({ cidr: cidrFrom(key), value }))
          .filter((entry) => contains(entry.cidr, asked))
          .sort((a, b) => b.cidr.prefixLength - a.cidr.prefixLength);
        expect(map.matches(asked)).toEqual(expected);
        expect(map.longestMatch(asked)).toEqual(expected[0]);
      }
    }),
    { numRuns: 500 },
  );
});
