import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const folders = readdirSync(`${root}src`, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && readdirSync(`${root}src/${entry.name}`).length > 0)
  .map((entry) => entry.name);
const rules = readFileSync(`${root}.dependency-cruiser.mjs`, "utf8");
const page = readFileSync(`${root}docs/architecture.md`, "utf8");

test("docs/architecture.md draws the arrows that the code has", () => {
  expect(() =>
    execFileSync(process.execPath, ["scripts/draw-architecture.mjs", "--check"], { cwd: root, stdio: "pipe" }),
  ).not.toThrow();
});

describe.each(folders)("src/%s", (folder) => {
  test("has its arrows in .dependency-cruiser.mjs", () => {
    expect(rules).toMatch(new RegExp(`^ {2}${folder}: \\[`, "m"));
  });

  test("has its row in docs/architecture.md", () => {
    expect(page).toContain(`| \`${folder}/\` |`);
  });
});

// cli/ is entered by its command, not by imports.
test.each(folders.filter((folder) => folder !== "cli"))("src/%s has a face that lists names", (folder) => {
  const face = readFileSync(`${root}src/${folder}/index.ts`, "utf8");
  expect(face).toMatch(/export (type )?\{/);
  expect(face).not.toMatch(/export \*/);
});

test("every file that the page links to is there", () => {
  const links = [...page.matchAll(/\]\(\.\.\/([^)#]+)\)/g)].map((match) => match[1]);
  expect(links.length).toBeGreaterThan(0);
  expect(links.filter((link) => !existsSync(`${root}${link}`))).toEqual([]);
});
