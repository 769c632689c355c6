/** Events of many streams, by words in them. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html */
import type { FilterLogEventsCommandInput, FilterLogEventsCommandOutput } from "@aws-sdk/client-cloudwatch-logs";
import type { Action } from "../action.ts";
import { offsetPage } from "../offset-page.ts";
import { invalid, knownLogGroup } from "./log-groups.ts";
import { eventsOf } from "./log-streams.ts";
import { groupKey } from "./record.ts";

const maxPage = 10_000;

export const filterLogEvents: Action<FilterLogEventsCommandInput, FilterLogEventsCommandOutput> = (input, context) => {
  const group = knownLogGroup(context, input.logGroupIdentifier ?? input.logGroupName);
  const { logStreamNames, logStreamNamePrefix, startTime = 0, endTime = Number.POSITIVE_INFINITY } = input;
  if (logStreamNames !== undefined && logStreamNamePrefix !== undefined)
    throw invalid("LogStreamNames and LogStreamNamePrefix are mutually exclusive parameters.");
  const matches = patternOf(input.filterPattern ?? "");
  const events = context
    .by("logStream", "group", groupKey(group))
    .filter(
      ({ LogStreamName }) =>
        (logStreamNames?.includes(LogStreamName) ?? true) && LogStreamName.startsWith(logStreamNamePrefix ?? ""),
    )
    .flatMap((stream) => eventsOf(context, stream))
    .filter(({ timestamp, message }) => timestamp >= startTime && timestamp <= endTime && matches(message))
    .sort((a, b) => a.timestamp - b.timestamp);
  const { items, NextToken } = offsetPage(
    events,
    { MaxResults: input.limit ?? maxPage, NextToken: input.nextToken },
    { min: 1, max: maxPage },
  );
  return { events: items, searchedLogStreams: [], ...(NextToken === undefined ? {} : { nextToken: NextToken }) };
};

/** Words that must all be there, `-word` that must not, and `?word` of which one must; each may be in quotes. */
function patternOf(pattern: string): (message: string) => boolean {
  const text = pattern.trim();
  if (/^[{[%]/.test(text))
    throw invalid(
      "Filter patterns for JSON, for fields and with regular expressions are not modelled by this local cloud.",
    );
  const terms = [...text.matchAll(/([-?]?)(?:"([^"]*)"|(\S+))/g)].map(([, sign = "", quoted, plain = ""]) => ({
    sign,
    word: quoted ?? plain,
  }));
  const any = terms.filter(({ sign }) => sign === "?");
  return (message) =>
    terms.every(({ sign, word }) => sign === "?" || message.includes(word) === (sign === "")) &&
    (any.length === 0 || any.some(({ word }) => message.includes(word)));
}
