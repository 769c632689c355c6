/** PostgreSQL as a peer: a recursive query follows the ways, a join counts the pairs. A cluster of its own on a socket, gone afterwards. */
import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mostSeconds } from "./bounded.mjs";
import { nodes } from "./peer-facts.mjs";

const tables = {
  interfaces: "id int, cell int, subnet int, groups int",
  cells: "cell int, subnet int",
  subnets: "subnet int, acl int, entry int",
  starts: "subnet int, cell int, node int",
  steps: "at int, cell int, node int",
  acls: "acl int, egress int, leg int, cell int",
  blocks: "groups int, egress int, cell int",
  refs: "groups int, member int, is_foreign int",
};

const question = `
create temp table ways as
  with recursive go(subnet, cell, node) as (
    select subnet, cell, node from starts
    union select go.subnet, go.cell, steps.node from go join steps on steps.at = go.node and steps.cell = go.cell)
  select subnet, cell, node from go where node < ${nodes.table};
create temp table passing as
  select legs.leg, f.cell as source, w.cell, w.node from ways w
    join subnets s on s.subnet = w.subnet join cells f on f.subnet = w.subnet join cells t on t.cell = w.cell
    cross join (values (0), (1)) as legs(leg)
    left join acls leaving on leaving.acl = s.acl and leaving.egress = 1 and leaving.leg = legs.leg and leaving.cell = w.cell
    left join subnets e on e.subnet = s.entry
    left join acls entering on entering.acl = e.acl and entering.egress = 0 and entering.leg = legs.leg and entering.cell = f.cell
    left join subnets x on x.subnet = w.node - ${nodes.exit}
    left join acls exiting on exiting.acl = x.acl and exiting.egress = 1 and exiting.leg = legs.leg and exiting.cell = w.cell
    join subnets r on r.subnet = t.subnet
    left join acls arriving on arriving.acl = r.acl and arriving.egress = 0 and arriving.leg = legs.leg and arriving.cell = f.cell
  where (w.node = ${nodes.same} or leaving.acl is not null)
    and (w.node < ${nodes.exit} or (entering.acl is not null and (x.subnet = t.subnet or exiting.acl is not null)))
    and (w.node = ${nodes.same} or x.subnet = t.subnet or arriving.acl is not null);
create index on passing (leg, source, cell);
analyze passing;
select count(*) from interfaces a
  join passing q on q.leg = 0 and q.source = a.cell
  join interfaces b on b.cell = q.cell and b.id <> a.id
  join passing r on r.leg = 1 and r.source = b.cell and r.cell = a.cell
  join blocks o on o.groups = a.groups and o.egress = 1 and o.cell = b.cell
  left join blocks i on i.groups = b.groups and i.egress = 0 and i.cell = a.cell
  left join refs g on g.groups = b.groups and g.member = a.groups
    and ((g.is_foreign = 0 and q.node <= ${nodes.local}) or (g.is_foreign = 1 and q.node = ${nodes.heard}))
  where i.groups is not null or g.groups is not null;
`;

/** Milliseconds to load and to answer, and the count; `stopped` after its time; `undefined` where PostgreSQL is not installed. */
export function askPostgres({ groups, ...facts }) {
  const bin = binaries();
  if (bin === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "causeway-postgres-"));
  const user = process.getuid() === 0 ? ["runuser", "-u", "postgres", "--"] : [];
  const run = (words, input) => {
    const [program, ...rest] = [...user, ...words];
    const timeout = mostSeconds * 1000;
    const result = spawnSync(program, rest, { encoding: "utf8", input, cwd: folder, timeout, maxBuffer: 1e8 });
    if (result.error?.code === "ETIMEDOUT") return undefined;
    if (result.status !== 0) throw new Error(`${words[0]}: ${result.stderr || result.error}`);
    return result.stdout;
  };
  try {
    if (user.length > 0) chownSync(folder, Number(run0("id", "-u", "postgres")), Number(run0("id", "-g", "postgres")));
    chmodSync(folder, 0o755);
    const data = join(folder, "data");
    run([join(bin, "initdb"), "-D", data, "-A", "trust", "-U", "bench"]);
    const options = `-k ${folder} -c listen_addresses='' -c fsync=off -c work_mem=512MB -c shared_buffers=512MB`;
    run([join(bin, "pg_ctl"), "-D", data, "-w", "-o", options, "-l", join(folder, "log"), "start"]);
    try {
      const psql = ["psql", "-h", folder, "-U", "bench", "-d", "postgres", "-qAt", "-v", "ON_ERROR_STOP=1"];
      const began = performance.now();
      const load = run([...psql, "-f", "-"], loading({ ...facts, ...groups, refs: groups.references }, folder));
      if (load === undefined) return { stopped: `stopped after ${mostSeconds} s of loading` };
      const loaded = performance.now();
      const counted = run([...psql, "-f", "-"], question);
      if (counted === undefined) return { stopped: `stopped after ${mostSeconds} s` };
      const pairs = Number(counted.trim().split("\n").at(-1));
      return { load: loaded - began, answer: performance.now() - loaded, pairs };
    } finally {
      run([join(bin, "pg_ctl"), "-D", data, "-m", "immediate", "stop"]);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function loading(facts, folder) {
  const statements = Object.entries(tables).map(([name, columns]) => {
    const file = join(folder, `${name}.csv`);
    writeFileSync(file, facts[name].map((row) => row.join(",")).join("\n"));
    return `create table ${name} (${columns}); copy ${name} from '${file}' (format csv); analyze ${name};`;
  });
  return `${statements.join("\n")}
create index on steps (at, cell); create index on acls (acl, egress, leg, cell); create index on blocks (groups, egress, cell);`;
}

function run0(...words) {
  return spawnSync(words[0], words.slice(1), { encoding: "utf8" }).stdout.trim();
}

function binaries() {
  const root = "/usr/lib/postgresql";
  const [version] = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  return version === undefined ? undefined : join(root, version, "bin");
}
