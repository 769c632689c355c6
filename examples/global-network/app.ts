/** Two Regions that talk to each other: a VPC and a transit gateway in each, the gateways peered, an instance on either side. */
import { App } from "aws-cdk-lib";
import { GlobalNetwork } from "causeway-net/cdk";

new GlobalNetwork(new App(), "Global", {
  regions: [
    { region: "us-east-1", cidrBlock: "172.16.0.0/24", amazonSideAsn: 64512 },
    { region: "eu-west-1", cidrBlock: "172.16.1.0/24", amazonSideAsn: 64513 },
  ],
  probeInstances: true,
  sessionManagerEndpoints: true,
});
