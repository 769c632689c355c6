/** An SDK client of one account of a test's cloud, that shows every refusal and every broken connection at once. */
import { EC2Client } from "@aws-sdk/client-ec2";

export function ec2Client(endpoint: string, account: string, region = "us-east-1"): EC2Client {
  return new EC2Client({
    endpoint,
    region,
    credentials: { accessKeyId: account, secretAccessKey: "causeway" },
    maxAttempts: 1,
  });
}
