/** AWS::Logs::LogGroup. */
import { type ResourceTag, type ResourceWork, resourceType } from "./resource-type.ts";

interface Properties {
  readonly LogGroupName?: string;
  readonly RetentionInDays?: number;
  readonly Tags?: readonly ResourceTag[];
}

export const logsLogGroupType = resourceType<Properties>({
  name: "AWS::Logs::LogGroup",
  properties: ["LogGroupName", "RetentionInDays", "Tags"],
  create(work) {
    const logGroupName = work.properties.LogGroupName ?? work.newName(512);
    const tags = Object.fromEntries(work.tags.map(({ Key, Value }) => [Key, Value]));
    work.call("logs:CreateLogGroup", { logGroupName, ...(work.tags.length > 0 && { tags }) });
    setRetention(work, logGroupName);
    return logGroupName;
  },
  update: (work) => setRetention(work, work.physicalId),
  replaces: (properties, before) => JSON.stringify(properties.Tags) !== JSON.stringify(before.Tags),
  delete: (work) => void work.call("logs:DeleteLogGroup", { logGroupName: work.physicalId }),
  attributes: ({ physicalId, region, accountId }) => ({
    Arn: `arn:aws:logs:${region}:${accountId}:log-group:${physicalId}:*`,
  }),
});

function setRetention({ call, properties: { RetentionInDays } }: ResourceWork<Properties>, logGroupName: string): void {
  if (RetentionInDays === undefined) call("logs:DeleteRetentionPolicy", { logGroupName });
  else call("logs:PutRetentionPolicy", { logGroupName, retentionInDays: RetentionInDays });
}
