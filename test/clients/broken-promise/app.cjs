/** Two instances that nothing joins, and the promise that they ping each other. */
const { App, Stack } = require("aws-cdk-lib");
const { Endpoint, PrivateVpc, ProbeInstance, Reachability } = require("causeway-net/cdk");

const stack = new Stack(new App(), "Broken");
const hosts = ["One", "Two"].map((name, index) => {
  const { vpc, subnetIds } = new PrivateVpc(stack, `${name}Vpc`, { cidrBlock: `10.${index + 1}.0.0/16` });
  return new ProbeInstance(stack, name, { vpcId: vpc.vpcId, subnetIds });
});
Reachability.of(stack).expect(Endpoint.probe(hosts[0]), Endpoint.probe(hosts[1]));
