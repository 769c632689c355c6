/** The DNS names that AWS gives to addresses and instances. [DN-3] [DN-4] */

/** `ip-10-0-1-10.ec2.internal` in us-east-1, `ip-10-0-1-10.<region>.compute.internal` elsewhere. [DN-3] */
export function ipName(region: string, privateIpAddress: string): string {
  return `ip-${privateIpAddress.replaceAll(".", "-")}.${internalDomain(region)}`;
}

/** `i-0123….ec2.internal` in us-east-1, `i-0123….<region>.compute.internal` elsewhere. [DN-3] */
export function resourceName(region: string, instanceId: string): string {
  return `${instanceId}.${internalDomain(region)}`;
}

/** `ec2-203-0-113-25.compute-1.amazonaws.com` in us-east-1, `ec2-….<region>.compute.amazonaws.com` elsewhere. [DN-4] */
export function publicName(region: string, publicIp: string): string {
  const zone = region === "us-east-1" ? "compute-1" : `${region}.compute`;
  return `ec2-${publicIp.replaceAll(".", "-")}.${zone}.amazonaws.com`;
}

function internalDomain(region: string): string {
  return region === "us-east-1" ? "ec2.internal" : `${region}.compute.internal`;
}
