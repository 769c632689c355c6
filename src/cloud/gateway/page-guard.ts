/**
 * Keeps web pages out: a browser on this machine can be made to send requests to loopback by any page it shows, also under a name
 * that was re-bound to 127.0.0.1. AWS clients send neither an Origin nor a foreign Host.
 */
import type { IncomingHttpHeaders } from "node:http";

const loopbackNames: readonly string[] = ["127.0.0.1", "localhost", "[::1]"];

/** Why a request is refused, or undefined when it may pass. */
export function refusedPage(headers: IncomingHttpHeaders): string | undefined {
  const host = headers.host ?? "";
  if (!isLoopbackHost(host)) {
    return `The Host header '${host.slice(0, 200)}' is not a loopback name. Use http://127.0.0.1 or http://localhost with the port.`;
  }
  if (headers.origin !== undefined)
    return `Requests of web pages are refused (Origin '${headers.origin.slice(0, 200)}').`;
  if (headers.referer !== undefined) return "Requests of web pages are refused (they carry a Referer).";
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "none")
    return `Requests of web pages are refused (Sec-Fetch-Site '${String(site).slice(0, 40)}').`;
  return undefined;
}

/**
 * A loopback name with an optional port; case does not matter, a trailing dot or anything else does. Names below `localhost`, in
 * which S3's clients write a bucket, are never looked up by browsers and so cannot be re-bound. (RFC 6761)
 */
function isLoopbackHost(host: string): boolean {
  const name = /^(.*?)(:\d{1,5})?$/.exec(host)?.[1]?.toLowerCase() ?? "";
  return loopbackNames.includes(name) || /^(?:[a-z0-9][a-z0-9-]*\.)+localhost$/.test(name);
}
