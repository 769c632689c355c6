/** Two Regions that talk to each other: a VPC and a transit gateway in each, the gateways peered, an instance on either side. */
import { App } from "aws-cdk-lib";
import { Endpoint, GlobalNetwork, Reachability, Traffic } from "causeway-net/cdk";

const app = new App();
const network = new GlobalNetwork(app, "Global", {
  regions: [
    { region: "us-east-1", cidrBlock: "172.16.0.0/24", amazonSideAsn: 64512 },
    { region: "eu-west-1", cidrBlock: "172.16.1.0/24", amazonSideAsn: 64513 },
  ],
  probeInstances: true,
  sessionManagerEndpoints: true,
});

// What the network is for. `cdk synth` fails, and says why, when a change to it breaks one of these.
const promises = Reachability.of(app);
const probes = network.sites.flatMap(({ probeInstance }) => (probeInstance === undefined ? [] : [probeInstance]));
for (const one of probes) {
  for (const other of probes.filter((each) => each !== one)) {
    promises.expect(Endpoint.probe(one), Endpoint.probe(other));
    promises.expectNot(Endpoint.probe(one), Endpoint.probe(other), Traffic.tcp(22));
  }
  promises.expectNot(Endpoint.internet(), Endpoint.probe(one));
}
