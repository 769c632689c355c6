/** The permissions that a snapshot of an account needs: to read, and nothing else. */
import { readActions } from "./reads.ts";

/** An IAM policy, to be attached to the user or role that takes the snapshot. */
export const snapshotPolicy = {
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "CausewaySnapshot",
      Effect: "Allow",
      // Describe actions of EC2 know no resources: AWS allows them on all or on none.
      Action: readActions.map((action) => `ec2:${action}`),
      Resource: "*",
    },
  ],
} as const;
