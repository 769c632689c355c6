import { expect, test } from "vitest";
import { parseXml } from "./xml-document.ts";

test("elements, text and entities are read", () => {
  const answer = parseXml(
    '<?xml version="1.0" encoding="UTF-8"?>\n<R xmlns="http://a/"><vpcSet>\n <item><vpcId>vpc-1</vpcId><note/></item>\n <item><vpcId>a &lt;&gt; &#x41;&#66;</vpcId></item></vpcSet></R>\n',
  );
  expect(answer.name).toBe("R");
  expect(answer.children[0]?.children.map((item) => item.children.map(({ name, text }) => [name, text]))).toEqual([
    [
      ["vpcId", "vpc-1"],
      ["note", ""],
    ],
    [["vpcId", "a <> AB"]],
  ]);
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
  expect(() => parseXml(source)).toThrow(expect.objectContaining({ code: "MalformedXML" }));
});
