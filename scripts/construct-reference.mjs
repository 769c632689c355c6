/** The page of the constructs: what the package's face exports, in the words of the sources' own comments. */
import { readFileSync } from "node:fs";
import ts from "typescript";

const folder = "src/cdk";

export function constructsPage(note) {
  const files = facesOf(read("index.ts"));
  const sections = files.flatMap(({ file, names }) => {
    const source = read(file);
    return source.statements.filter((each) => names.has(each.name?.text)).map((each) => section(each, source));
  });
  return [
    "# The constructs",
    "",
    note,
    "",
    "Of `causeway-net/cdk`. A property with a default may be left out. [How to use them](../how-to/cdk.md).",
    "",
    ...sections.flat(),
  ].join("\n");
}

function read(file) {
  return ts.createSourceFile(file, readFileSync(`${folder}/${file}`, "utf8"), ts.ScriptTarget.Latest, true);
}

function facesOf(face) {
  return face.statements.filter(ts.isExportDeclaration).map(({ moduleSpecifier, exportClause }) => ({
    file: moduleSpecifier.text.slice(2),
    names: new Set(exportClause.elements.map(({ name }) => name.text)),
  }));
}

function section(node, source) {
  const members = node.members.filter(isPublic);
  const fields = members.filter((each) => ts.isPropertyDeclaration(each) || ts.isPropertySignature(each));
  const functions = members.filter((each) => ts.isMethodDeclaration(each) || ts.isMethodSignature(each));
  const parents = (node.heritageClauses ?? []).flatMap(({ types }) => types.map((each) => each.getText(source)));
  const from = parents.filter((name) => !["Construct", "Hub", "IConstruct"].includes(name));
  const example = tagOf(node, "example");
  return [
    `## ${node.name.text}`,
    "",
    `${textOf(node)}${from.length > 0 ? ` (Also what ${from.map((name) => `\`${name}\``).join(" and ")} has.)` : ""}`,
    "",
    ...(example === undefined ? [] : ["```ts", example, "```", ""]),
    ...table(
      ts.isClassDeclaration(node) ? ["attribute", "type", "", ""] : ["property", "type", "default", ""],
      fields,
      (each) => row(each, source),
    ),
    ...table(["method", "", "", ""], functions, (each) => methodRow(each, source)),
  ];
}

function isPublic(member) {
  const hidden = (member.modifiers ?? []).some(
    ({ kind }) => kind === ts.SyntaxKind.PrivateKeyword || kind === ts.SyntaxKind.ProtectedKeyword,
  );
  return !hidden && tagOf(member, "internal") === undefined;
}

function table([first, second, third, fourth], members, toRow) {
  if (members.length === 0) return [];
  return [`| ${first} | ${second} | ${third} | ${fourth} |`, "| --- | --- | --- | --- |", ...members.map(toRow), ""];
}

function row(member, source) {
  const fallback = tagOf(member, "default");
  const said = fallback === undefined ? (member.questionToken ? "none" : "") : fallback.replace(/^- /, "");
  return cells([`\`${member.name.text}\``, `\`${member.type.getText(source)}\``, said, textOf(member)]);
}

function methodRow(member, source) {
  const words = member.parameters.map((each) => each.getText(source)).join(", ");
  const how = (member.modifiers ?? []).some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) ? "static" : "";
  return cells([`\`${member.name.text}(${words})\``, `\`${member.type.getText(source)}\``, how, textOf(member)]);
}

const cells = (texts) =>
  `| ${texts.map((text) => text.replaceAll("|", "\\|").replaceAll(/\s*\n\s*/g, " ")).join(" | ")} |`;

function textOf(node) {
  const [comment] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  return (ts.getTextOfJSDocComment(comment?.comment) ?? "").replaceAll(/\s*\n\s*/g, " ").trim();
}

function tagOf(node, name) {
  const tag = ts.getJSDocTags(node).find(({ tagName }) => tagName.text === name);
  return tag === undefined ? undefined : (ts.getTextOfJSDocComment(tag.comment) ?? "").trim();
}
