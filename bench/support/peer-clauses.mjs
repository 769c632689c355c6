/** Facts as clauses, in the words that Prolog and clingo share. */
const names = {
  interface: "interfaces",
  cell: "cells",
  subnet: "subnets",
  start: "starts",
  step: "steps",
  acl: "acls",
  block: "blocks",
  reference: "references",
};

export function clausesOf({ groups, ...facts }) {
  const lists = { ...facts, ...groups };
  return Object.entries(names)
    .map(([name, list]) => lists[list].map((row) => `${name}(${row.join(",")}).\n`).join(""))
    .join("");
}
