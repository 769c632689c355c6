/** Until when a presigned URL holds; by the machine's clock, as its maker counted by that too. https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html */

type Form = readonly (readonly [name: string, value: string])[];

/** Milliseconds since the epoch; without end for a request that is no presigned URL. */
export function presignedUntil(form: Form): number {
  const value = (wanted: string): string => form.find(([name]) => name === wanted)?.[1] ?? "";
  const older = value("Expires");
  if (value("Signature") !== "" && older !== "") return Number(older) * 1000;
  const time = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(value("X-Amz-Date"));
  if (time === null || value("X-Amz-Expires") === "") return Number.POSITIVE_INFINITY;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = time.slice(1).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second) + Number(value("X-Amz-Expires")) * 1000;
}
