/** The actions of instances. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Instance.html */
import type { Actions } from "../../action.ts";
import { describeInstanceAttribute, modifyInstanceAttribute, resetInstanceAttribute } from "./attributes.ts";
import { getConsoleOutput, getInstanceUefiData } from "./console-output.ts";
import { describeInstanceTypeOfferings, describeInstanceTypes } from "./describe-instance-types.ts";
import { describeInstanceStatus, describeInstances } from "./describe-instances.ts";
import {
  associateIamInstanceProfile,
  describeIamInstanceProfileAssociations,
  disassociateIamInstanceProfile,
  replaceIamInstanceProfileAssociation,
} from "./instance-profile.ts";
import {
  describeInstanceCreditSpecifications,
  modifyInstanceCreditSpecification,
  modifyInstanceMaintenanceOptions,
  modifyInstanceMetadataOptions,
} from "./options.ts";
import {
  monitorInstances,
  rebootInstances,
  startInstances,
  stopInstances,
  terminateInstances,
  unmonitorInstances,
} from "./power.ts";
import { runInstances } from "./run-instances.ts";

export const instanceActions = {
  RunInstances: runInstances,
  DescribeInstances: describeInstances,
  DescribeInstanceStatus: describeInstanceStatus,
  StartInstances: startInstances,
  StopInstances: stopInstances,
  RebootInstances: rebootInstances,
  TerminateInstances: terminateInstances,
  MonitorInstances: monitorInstances,
  UnmonitorInstances: unmonitorInstances,
  ModifyInstanceAttribute: modifyInstanceAttribute,
  ResetInstanceAttribute: resetInstanceAttribute,
  DescribeInstanceAttribute: describeInstanceAttribute,
  ModifyInstanceMetadataOptions: modifyInstanceMetadataOptions,
  ModifyInstanceMaintenanceOptions: modifyInstanceMaintenanceOptions,
  DescribeInstanceCreditSpecifications: describeInstanceCreditSpecifications,
  ModifyInstanceCreditSpecification: modifyInstanceCreditSpecification,
  DescribeInstanceTypes: describeInstanceTypes,
  DescribeInstanceTypeOfferings: describeInstanceTypeOfferings,
  AssociateIamInstanceProfile: associateIamInstanceProfile,
  DisassociateIamInstanceProfile: disassociateIamInstanceProfile,
  ReplaceIamInstanceProfileAssociation: replaceIamInstanceProfileAssociation,
  DescribeIamInstanceProfileAssociations: describeIamInstanceProfileAssociations,
  GetConsoleOutput: getConsoleOutput,
  GetInstanceUefiData: getInstanceUefiData,
} satisfies Actions;
