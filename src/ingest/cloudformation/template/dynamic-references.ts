/**
 * `{{resolve:ssm:name:version}}` in texts.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
 */
import { TemplateError } from "./template-error.ts";
import { type Evaluated, isUnknownValue } from "./value.ts";

type LookUp = (name: string, version: string | undefined) => Evaluated;

export function resolveDynamicReferences(text: string, ssmParameter: LookUp): Evaluated {
  if (!text.includes("{{resolve:")) return text;
  let resolved = "";
  let end = 0;
  for (const match of text.matchAll(/\{\{resolve:([\w-]+):([^{}]*)\}\}/g)) {
    const [whole, service, rest = ""] = match;
    if (service !== "ssm") {
      throw new TemplateError(
        `Dynamic references to ${service} are not modelled by this local cloud; it resolves those to ssm: ${whole}`,
      );
    }
    const parts = /^(.+?)(?::(\d+))?$/s.exec(rest);
    if (parts === null) throw new TemplateError(`Incorrect format is used in the following SSM reference: [${whole}]`);
    const value = ssmParameter(parts[1] ?? "", parts[2]);
    if (isUnknownValue(value)) return value;
    resolved += text.slice(end, match.index) + String(value);
    end = match.index + whole.length;
  }
  return resolved + text.slice(end);
}
