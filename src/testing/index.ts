/** What tests say about networks: plain model data, written as short as a test wants it. Nothing that ships imports it. */
export { type InstanceOptions, type SubnetOptions, type TestNetwork, testNetwork } from "./network.ts";
