/** Says in words that this Node is too old, before a package fails with something worse. */
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (!((major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22)) {
  console.error(`Causeway needs Node 20.19 or later, or 22.12 or later; this is ${process.versions.node}.`);
  process.exit(1);
}
