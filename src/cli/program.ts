/** The words, options and help of `causeway`. What each command does is loaded when it is asked for. */
import { Command, Option } from "commander";
import { version } from "./version.ts";

export const program: Command = new Command("causeway")
  .description(
    "Builds, proves and rehearses private networks on AWS. `causeway up` is a local AWS in which packets really flow.",
  )
  .version(version)
  .showHelpAfterError("(causeway COMMAND --help shows what is allowed)")
  .showSuggestionAfterError()
  .configureHelp({ sortSubcommands: false })
  .exitOverride()
  .addHelpText(
    "after",
    `
Exit codes: 0 yes or done · 1 no (no reply; the command in the instance failed) · 2 your mistake · 3 our bug · 4 unknown

  causeway demo global          two Regions joined by transit gateways, explained
  causeway demo departments     a ping that hangs, and then arrives, explained
  causeway up --detach          start the local cloud
  eval "$(causeway env)"        point the AWS CLI at it`,
  );

const state = (): Option =>
  new Option("--state <dir>", "folder that holds the cloud (default: $CAUSEWAY_STATE, else ~/.local/state/causeway)");
const pace = (): Option =>
  new Option("--pace <pace>", "how fast life cycles run").choices(["instant", "20x", "real"]).default("instant");
const json = (): Option => new Option("--json", "print JSON for programs");

program
  .command("up")
  .description("start the local cloud and stay, or go on in the background with --detach")
  .addOption(new Option("-d, --detach", "go on in the background"))
  .addOption(new Option("-p, --port <port>", "port of the API on loopback; 0 takes any free one").default("4566"))
  .addOption(state())
  .addOption(pace())
  .addOption(
    new Option("--packets <how>", "real packets in the kernel, or the model only")
      .choices(["auto", "kernel", "model"])
      .default("auto"),
  )
  .addOption(
    new Option("--user-data <what>", "what becomes of an instance's user data")
      .choices(["ignore", "run"])
      .default("ignore"),
  )
  .addOption(
    new Option("--functions <how>", "Lambda functions in a sandbox, or with all that you may do")
      .choices(["sandboxed", "unconfined"])
      .default("sandboxed"),
  )
  .addOption(new Option("--seed <n>", "make ids repeatable, for tests"))
  .addOption(json())
  .action(async (options) => (await import("./commands/up.ts")).up(options));

program
  .command("down")
  .description("stop the cloud; its state stays, its packets and processes go")
  .addOption(state())
  .addOption(json())
  .action(async (options) => (await import("./commands/down.ts")).down(options));

program
  .command("status")
  .description("whether a cloud runs, what it holds, and whether packets flow")
  .addOption(state())
  .addOption(json())
  .action(async (options) => (await import("./commands/status.ts")).status(options));

program
  .command("reset")
  .description("remove every resource of the cloud, and the instances' disks")
  .addOption(state())
  .addOption(new Option("-y, --yes", "do not ask"))
  .addOption(json())
  .action(async (options) => (await import("./commands/reset.ts")).reset(options));

program
  .command("env")
  .description('print what points AWS clients at the cloud: eval "$(causeway env)"')
  .addOption(new Option("--account <id>", "twelve digits; the access key id names the account").default("000000000000"))
  .addOption(new Option("--region <region>", "the Region").default("us-east-1"))
  .addOption(new Option("--unset", "print what takes it back"))
  .addOption(state())
  .addOption(json())
  .action(async (options) => (await import("./commands/env.ts")).env(options));

program
  .command("snapshot")
  .description(
    "write a network as JSON: the local cloud's, a live account's, or that of a folder of describe-* answers",
  )
  .addOption(new Option("-o, --out <file>", "where to (default: standard output)"))
  .addOption(new Option("--from <source>", "local, aws, or a folder").default("local"))
  .addOption(new Option("--profile <names>", "with aws: profiles of ~/.aws, with commas between them"))
  .addOption(new Option("--role <arns>", "with aws: roles to read with, which the profile assumes"))
  .addOption(new Option("--regions <names>", "with aws: Regions, with commas (default: all that are enabled)"))
  .addOption(new Option("--answers <dir>", "with aws: keep AWS's answers in a folder too"))
  .addOption(new Option("--policy", "print the IAM policy that reading an account needs"))
  .addOption(state())
  .addOption(json())
  .action(async (options) => (await import("./commands/snapshot.ts")).snapshot(options));

program
  .command("exec")
  .description("run a command in an instance, with its address and its own files")
  .argument("<instance>", "id, Name tag or address")
  .argument("[command...]", "the command and its words, after --; a shell without one")
  .addOption(state())
  .action(async (instance, command, options) => (await import("./commands/exec.ts")).exec(instance, command, options));

program
  .command("ping")
  .description("ping from an instance, with the kernel's own ping")
  .argument("<from>", "instance: id, Name tag or address")
  .argument("<to>", "instance or address")
  .addOption(new Option("-c, --count <n>", "how many").default("3"))
  .addOption(new Option("-6, --ipv6", "to the instance's IPv6 address"))
  .addOption(state())
  .addOption(json())
  .action(async (from, to, options) => (await import("./commands/ping.ts")).ping(from, to, options));

program
  .command("probe")
  .description("send real packets to a listener opened for them: causeway probe web db tcp/5432")
  .argument("<from>", "instance: id, Name tag or address")
  .argument("<to>", "instance or address")
  .argument("<flow>", "tcp/PORT or udp/PORT")
  .addOption(new Option("-6, --ipv6", "to the instance's IPv6 address"))
  .addOption(state())
  .addOption(json())
  .action(async (from, to, flow, options) => (await import("./commands/probe.ts")).probe(from, to, flow, options));

program
  .command("explain")
  .description("why a packet arrives or not, hop by hop, there and back, by AWS's rules; everything that stops it")
  .argument("[from]", "instance or interface by id, Name tag or address; or internet")
  .argument("[to]", "the same")
  .argument("[flow]", "icmp, icmp/TYPE/CODE, tcp/PORT, udp/PORT, or a protocol number", "icmp")
  .addOption(new Option("-6, --ipv6", "between the IPv6 addresses"))
  .addOption(new Option("--snapshot <file>", "of a saved network instead of the running cloud's"))
  .addOption(new Option("--schema", "print the JSON schema of what --json prints, and do nothing else"))
  .addOption(state())
  .addOption(json())
  .action(async (from, to, flow, options) => (await import("./commands/explain.ts")).explain(from, to, flow, options));

program
  .command("matrix")
  .description("who reaches whom on what, by AWS's rules; interfaces that nothing tells apart are one")
  .addOption(
    new Option("--format <format>", "how it is written").choices(["text", "json", "csv", "html"]).default("text"),
  )
  .addOption(
    new Option("--traffic <flows...>", "only these: tcp/PORT, udp/PORT, icmp, a protocol number (default: all)"),
  )
  .addOption(
    new Option("--by <what>", "what a row is").choices(["class", "instance", "subnet", "vpc"]).default("class"),
  )
  .addOption(new Option("-6, --ipv6", "between the IPv6 addresses"))
  .addOption(new Option("-o, --out <file>", "where to (default: standard output)"))
  .addOption(new Option("--snapshot <file>", "of a saved network instead of the running cloud's"))
  .addOption(state())
  .action(async (options) => (await import("./commands/matrix.ts")).matrix(options));

program
  .command("reach")
  .description("everything that a thing reaches, and everything that reaches it, by traffic")
  .argument("<thing>", "instance, interface, subnet, VPC or security group, by id, Name tag or address")
  .argument("[flow]", "only this: icmp, tcp/PORT, udp/PORT, or a protocol number")
  .addOption(new Option("--to", "only what it reaches"))
  .addOption(new Option("--from", "only what reaches it"))
  .addOption(new Option("-6, --ipv6", "between the IPv6 addresses"))
  .addOption(new Option("--snapshot <file>", "of a saved network instead of the running cloud's"))
  .addOption(state())
  .addOption(json())
  .action(async (thing, flow, options) => (await import("./commands/reach.ts")).reach(thing, flow, options));

program
  .command("fix")
  .description(
    "the fewest settings that open a flow both ways, as commands and templates; --apply makes them in the cloud",
  )
  .argument("<from>", "instance or interface by id, Name tag or address; or internet")
  .argument("<to>", "the same")
  .argument("[flow]", "icmp, icmp/TYPE/CODE, tcp/PORT, udp/PORT, or a protocol number", "icmp")
  .addOption(new Option("-6, --ipv6", "between the IPv6 addresses"))
  .addOption(
    new Option("--as <form>", "print the changes only, ready to use").choices(["cli", "cloudformation", "terraform"]),
  )
  .addOption(new Option("--apply", "make the changes in the running cloud, by real API calls"))
  .addOption(new Option("--snapshot <file>", "of a saved network instead of the running cloud's"))
  .addOption(state())
  .addOption(json())
  .action(async (from, to, flow, options) => (await import("./commands/fix.ts")).fix(from, to, flow, options));

program
  .command("capture")
  .description("watch packets at a hop with tcpdump: an instance, VPC, peering connection, gateway, attachment")
  .argument("<hop>", "id, Name tag or address")
  .argument("[filter...]", "a tcpdump filter, after --")
  .addOption(state())
  .action(async (hop, filter, options) => (await import("./commands/capture.ts")).capture(hop, filter, options));

program
  .command("demo")
  .description("play a reference network through the real API, explained stage by stage")
  .argument("[name]", "global or departments", "global")
  .addOption(new Option("--keep", "leave the network and the cloud running at the end"))
  .addOption(new Option("--step", "wait for Enter before every stage"))
  .addOption(pace())
  .addOption(json())
  .action(async (name, options) => (await import("./commands/demo.ts")).demo(name, options));

const app = (): readonly Option[] => [
  new Option("--local", "the local cloud that runs, instead of what the environment says (AWS_ENDPOINT_URL, profiles)"),
  new Option("--account <id>", "with --local: whose stacks they are that name no account (default: 000000000000)"),
  new Option("--profile <names...>", "profiles of ~/.aws, one for each account; or ACCOUNT=PROFILE"),
  new Option("--region <region>", "the Region of stacks that name none (default: the environment's, the profile's)"),
  new Option("-c, --context <key=value...>", "context for the app, as CDK's -c"),
  state(),
  json(),
];
const withApp = (command: Command): Command => {
  for (const option of app()) command.addOption(option);
  return command;
};
const appWords =
  "folder of a CDK app or of a cdk.out (default: this one), then stacks by name or with * (default: all)";

withApp(program.command("deploy"))
  .description(
    "deploy a CDK app to AWS or to the local cloud: shows what changes, asks, deploys, proves what it promises",
  )
  .argument("[app-and-stacks...]", appWords)
  .addOption(new Option("-y, --yes", "do not ask"))
  .addOption(new Option("--no-proof", "do not judge the declared intents afterwards"))
  .addOption(
    new Option("--concurrency <n>", "how many stacks at a time, where they do not need each other").default("8"),
  )
  .action(async (words, options) => (await import("./commands/deploy.ts")).deploy(words, options));

withApp(program.command("plan"))
  .description("what deploying would change, resource by resource; exit code 0 when nothing, 1 when something")
  .argument("[app-and-stacks...]", appWords)
  .action(async (words, options) => (await import("./commands/plan.ts")).plan(words, options));

withApp(program.command("destroy"))
  .description("remove an app's stacks: shows what goes, asks, removes in order, says what stays and why")
  .argument("[app-and-stacks...]", appWords)
  .addOption(new Option("-y, --yes", "do not ask"))
  .addOption(
    new Option("--concurrency <n>", "how many stacks at a time, where they do not need each other").default("8"),
  )
  .action(async (words, options) => (await import("./commands/destroy.ts")).destroy(words, options));
