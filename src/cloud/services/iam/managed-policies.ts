/** AWS's own managed policies that instances and labs attach. Others are refused by name rather than made up. */
import type { PolicyRecord } from "./record.ts";

/** The AWS managed policy with this ARN. */
export function managedPolicy(arn: string): PolicyRecord | undefined {
  return byArn.get(arn);
}

export function managedPolicies(): readonly PolicyRecord[] {
  return [...byArn.values()];
}

const allow = (Action: string | readonly string[], Resource: string | readonly string[] = "*") => ({
  Effect: "Allow",
  Action,
  Resource,
});

interface Definition {
  readonly id: string;
  readonly path?: string;
  readonly description: string;
  readonly statements: readonly object[];
}

const ssmAgent = [
  allow([
    "ssm:DescribeAssociation",
    "ssm:GetDeployablePatchSnapshotForInstance",
    "ssm:GetDocument",
    "ssm:DescribeDocument",
    "ssm:GetManifest",
    "ssm:GetParameter",
    "ssm:GetParameters",
    "ssm:ListAssociations",
    "ssm:ListInstanceAssociations",
    "ssm:PutInventory",
    "ssm:PutComplianceItems",
    "ssm:PutConfigurePackageResult",
    "ssm:UpdateAssociationStatus",
    "ssm:UpdateInstanceAssociationStatus",
    "ssm:UpdateInstanceInformation",
  ]),
  allow([
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
  ]),
  allow([
    "ec2messages:AcknowledgeMessage",
    "ec2messages:DeleteMessage",
    "ec2messages:FailMessage",
    "ec2messages:GetEndpoint",
    "ec2messages:GetMessages",
    "ec2messages:SendReply",
  ]),
];

const lambdaLogs = allow(["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]);

const definitions: Readonly<Record<string, Definition>> = {
  AmazonSSMManagedInstanceCore: {
    id: "ANPAIXSHM2BNB2D3AXXRU",
    description: "The policy for Amazon EC2 Role to enable AWS Systems Manager service core functionality.",
    statements: ssmAgent,
  },
  AmazonEC2RoleforSSM: {
    id: "ANPAI6TL3SMY22S4KMMX6",
    path: "/service-role/",
    description:
      "This policy will soon be deprecated. Please use AmazonSSMManagedInstanceCore policy to enable AWS Systems Manager service core functionality on EC2 instances.",
    statements: [
      ...ssmAgent,
      allow("cloudwatch:PutMetricData"),
      allow("ec2:DescribeInstanceStatus"),
      allow(["ds:CreateComputer", "ds:DescribeDirectories"]),
      allow([
        "logs:CreateLogGroup",
        "logs:CreateLogStream",
        "logs:DescribeLogGroups",
        "logs:DescribeLogStreams",
        "logs:PutLogEvents",
      ]),
      allow([
        "s3:GetBucketLocation",
        "s3:PutObject",
        "s3:GetObject",
        "s3:GetEncryptionConfiguration",
        "s3:AbortMultipartUpload",
        "s3:ListMultipartUploadParts",
        "s3:ListBucket",
        "s3:ListBucketMultipartUploads",
      ]),
    ],
  },
  AdministratorAccess: {
    id: "ANPAIWMBCKSKIEE64ZLYK",
    description: "Provides full access to AWS services and resources.",
    statements: [allow("*")],
  },
  PowerUserAccess: {
    id: "ANPAJYRXTHIB4FOVS3ZXS",
    description:
      "Provides full access to AWS services and resources, but does not allow management of Users and groups.",
    statements: [
      { Effect: "Allow", NotAction: ["iam:*", "organizations:*", "account:*"], Resource: "*" },
      allow([
        "account:GetAccountInformation",
        "account:GetPrimaryEmail",
        "account:ListRegions",
        "iam:CreateServiceLinkedRole",
        "iam:DeleteServiceLinkedRole",
        "iam:ListRoles",
        "organizations:DescribeOrganization",
      ]),
    ],
  },
  AmazonS3ReadOnlyAccess: {
    id: "ANPAIZTJ4DXE7G6AGAE6M",
    description: "Provides read only access to all buckets via the AWS Management Console.",
    statements: [allow(["s3:Get*", "s3:List*", "s3:Describe*", "s3-object-lambda:Get*", "s3-object-lambda:List*"])],
  },
  AmazonS3FullAccess: {
    id: "ANPAIFIR6V6BVTRAHWINE",
    description: "Provides full access to all buckets via the AWS Management Console.",
    statements: [allow(["s3:*", "s3-object-lambda:*"])],
  },
  CloudWatchAgentServerPolicy: {
    id: "ANPAIGOPKN7KRDAKTLG4I",
    description: "Permissions required to use AmazonCloudWatchAgent on servers",
    statements: [
      allow([
        "cloudwatch:PutMetricData",
        "ec2:DescribeVolumes",
        "ec2:DescribeTags",
        "logs:PutLogEvents",
        "logs:PutRetentionPolicy",
        "logs:DescribeLogStreams",
        "logs:DescribeLogGroups",
        "logs:CreateLogStream",
        "logs:CreateLogGroup",
        "xray:PutTraceSegments",
        "xray:PutTelemetryRecords",
        "xray:GetSamplingRules",
        "xray:GetSamplingTargets",
        "xray:GetSamplingStatisticSummaries",
      ]),
      allow(["ssm:GetParameter"], "arn:aws:ssm:*:*:parameter/AmazonCloudWatch-*"),
    ],
  },
  AmazonEC2ReadOnlyAccess: {
    id: "ANPAIGDT4SV4GSETWTBZK",
    description: "Provides read only access to Amazon EC2 via the AWS Management Console.",
    statements: [
      allow(["ec2:Describe*", "ec2:GetSecurityGroupsForVpc"]),
      allow("elasticloadbalancing:Describe*"),
      allow(["cloudwatch:ListMetrics", "cloudwatch:GetMetricStatistics", "cloudwatch:Describe*"]),
      allow("autoscaling:Describe*"),
    ],
  },
  AmazonSSMReadOnlyAccess: {
    id: "ANPAJODSKQGGJTHRYZ5FC",
    description: "Provides read only access to Amazon SSM.",
    statements: [allow(["ssm:Describe*", "ssm:Get*", "ssm:List*"])],
  },
  AmazonEC2ContainerRegistryReadOnly: {
    id: "ANPAIFYZPA37OOHVIH7KQ",
    description: "Provides read-only access to Amazon EC2 Container Registry repositories.",
    statements: [
      allow([
        "ecr:GetAuthorizationToken",
        "ecr:BatchCheckLayerAvailability",
        "ecr:GetDownloadUrlForLayer",
        "ecr:GetRepositoryPolicy",
        "ecr:DescribeRepositories",
        "ecr:ListImages",
        "ecr:DescribeImages",
        "ecr:BatchGetImage",
        "ecr:GetLifecyclePolicy",
        "ecr:GetLifecyclePolicyPreview",
        "ecr:ListTagsForResource",
        "ecr:DescribeImageScanFindings",
      ]),
    ],
  },
  ReadOnlyAccess: {
    id: "ANPAILL3HVNFSB6DCOWYQ",
    description: "Provides read-only access to AWS services and resources.",
    // AWS's own names thousands of actions; these are those of the services that answer here.
    statements: [
      allow(
        ["cloudformation", "ec2", "ecr", "iam", "lambda", "logs", "ram", "s3", "ssm"]
          .flatMap((service) => ["Describe*", "Get*", "List*"].map((action) => `${service}:${action}`))
          .concat("logs:FilterLogEvents", "ec2:SearchTransitGatewayRoutes", "sts:GetCallerIdentity"),
      ),
    ],
  },
  AWSCloudFormationReadOnlyAccess: {
    id: "ANPAJWVBEE4I2POWLODLW",
    description: "Provides access to AWS CloudFormation via the AWS Management Console.",
    statements: [
      allow([
        "cloudformation:Describe*",
        "cloudformation:EstimateTemplateCost",
        "cloudformation:Get*",
        "cloudformation:List*",
        "cloudformation:ValidateTemplate",
        "cloudformation:Detect*",
      ]),
    ],
  },
  AWSLambdaBasicExecutionRole: {
    id: "ANPAJNCQGXC42545SKXIK",
    path: "/service-role/",
    description: "Provides write permissions to CloudWatch Logs.",
    statements: [lambdaLogs],
  },
  AWSLambdaVPCAccessExecutionRole: {
    id: "ANPAJVTME3YLVNL72YR2K",
    path: "/service-role/",
    description:
      "Provides minimum permissions for a Lambda function to execute while accessing a resource within a VPC.",
    statements: [
      allow([
        "logs:CreateLogGroup",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
        "ec2:CreateNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets",
        "ec2:DeleteNetworkInterface",
        "ec2:AssignPrivateIpAddresses",
        "ec2:UnassignPrivateIpAddresses",
      ]),
    ],
  },
};

const createdAt = Date.UTC(2019, 2, 15);

const byArn: ReadonlyMap<string, PolicyRecord> = new Map(
  Object.entries(definitions).map(([PolicyName, { id, path = "/", description, statements }]) => {
    const record: PolicyRecord = {
      OwnerId: "aws",
      Region: "aws-global",
      CreatedAt: createdAt,
      Arn: `arn:aws:iam::aws:policy${path}${PolicyName}`,
      PolicyId: id,
      PolicyName,
      Path: path,
      Description: description,
      DefaultVersionId: "v1",
      NextVersion: 2,
      Versions: [
        {
          VersionId: "v1",
          CreatedAt: createdAt,
          Document: JSON.stringify({ Version: "2012-10-17", Statement: statements }),
        },
      ],
      Tags: [],
    };
    return [record.Arn, record];
  }),
);
