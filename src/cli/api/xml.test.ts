import { describe, expect, test } from "vitest";
import { elements, optionalText, parseXml, text } from "./xml.ts";

describe("answers", () => {
  const answer = parseXml(
    '<?xml version="1.0" encoding="UTF-8"?>\n<R xmlns="http://a/"><vpcSet>\n <item><vpcId>vpc-1</vpcId><note/></item>\n <item><vpcId>a &lt;&gt; &#x41;&#66;</vpcId></item></vpcSet></R>\n',
  );

  test("are read by path", () => {
    expect(elements(answer, "vpcSet", "item").map((each) => text(each, "vpcId"))).toEqual(["vpc-1", "a <> AB"]);
  });

  test("an empty element has empty text, a missing one none", () => {
    expect(optionalText(answer, "vpcSet", "item", "note")).toBe("");
    expect(optionalText(answer, "vpcSet", "item", "tagSet")).toBeUndefined();
    expect(() => text(answer, "routeTableSet")).toThrow("R has no routeTableSet");
  });
});

test.each([
  ["nothing", ""],
  ["text", "Service Unavailable"],
  ["an open element", "<a><b></b>"],
  ["crossed elements", "<a><b></a></b>"],
  ["two roots", "<a/><b/>"],
  ["a comment", "<a><!-- x --></a>"],
  ["a DTD", "<!DOCTYPE a><a/>"],
])("%s is refused", (_, source) => {
  expect(() => parseXml(source)).toThrow("not XML");
});
