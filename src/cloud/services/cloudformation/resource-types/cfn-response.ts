/**
 * The module `cfn-response`, which CloudFormation puts beside functions whose text is in the template.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-lambda-function-code-cfnresponsemodule.html
 */
export const cfnResponse = `"use strict";
exports.SUCCESS = "SUCCESS";
exports.FAILED = "FAILED";
exports.send = function (event, context, responseStatus, responseData, physicalResourceId, noEcho) {
  const body = JSON.stringify({
    Status: responseStatus,
    Reason: "See the details in CloudWatch Log Stream: " + context.logStreamName,
    PhysicalResourceId: physicalResourceId || context.logStreamName,
    StackId: event.StackId,
    RequestId: event.RequestId,
    LogicalResourceId: event.LogicalResourceId,
    NoEcho: noEcho || false,
    Data: responseData,
  });
  const url = new URL(event.ResponseURL);
  const { request } = require(url.protocol === "http:" ? "node:http" : "node:https");
  const sent = request(url, { method: "PUT", headers: { "content-type": "", "content-length": Buffer.byteLength(body) } }, () => context.done());
  sent.on("error", (error) => context.done(error));
  sent.end(body);
};
`;
