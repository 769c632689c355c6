/**
 * AWS's commercial Regions and their Availability Zones.
 * https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
 */

export interface RegionFacts {
  readonly name: string;
  /** As in `US East (N. Virginia)`. */
  readonly longName: string;
  /** What its zone ids begin with: `use1` in `use1-az1`. */
  readonly zoneIdPrefix: string;
  /** The last letters of the zone names an account is shown. */
  readonly zoneLetters: string;
  /** The numbers of the zone ids, as many as there are letters. */
  readonly zoneNumbers: readonly number[];
  readonly optIn: boolean;
}

function region(
  name: string,
  longName: string,
  zoneIdPrefix: string,
  { optIn = false, zoneLetters = "abc", zoneNumbers = [1, 2, 3] }: Partial<RegionFacts> = {},
): RegionFacts {
  return { name, longName, zoneIdPrefix, zoneLetters, zoneNumbers, optIn };
}

const optIn = { optIn: true };

export const regions: readonly RegionFacts[] = [
  region("af-south-1", "Africa (Cape Town)", "afs1", optIn),
  region("ap-east-1", "Asia Pacific (Hong Kong)", "ape1", optIn),
  region("ap-east-2", "Asia Pacific (Taipei)", "ape2", optIn),
  region("ap-northeast-1", "Asia Pacific (Tokyo)", "apne1", { zoneLetters: "acd", zoneNumbers: [4, 1, 2] }),
  region("ap-northeast-2", "Asia Pacific (Seoul)", "apne2", { zoneLetters: "abcd", zoneNumbers: [1, 2, 3, 4] }),
  region("ap-northeast-3", "Asia Pacific (Osaka)", "apne3"),
  region("ap-south-1", "Asia Pacific (Mumbai)", "aps1", { zoneNumbers: [1, 3, 2] }),
  region("ap-south-2", "Asia Pacific (Hyderabad)", "aps2", optIn),
  region("ap-southeast-1", "Asia Pacific (Singapore)", "apse1"),
  region("ap-southeast-2", "Asia Pacific (Sydney)", "apse2"),
  region("ap-southeast-3", "Asia Pacific (Jakarta)", "apse3", optIn),
  region("ap-southeast-4", "Asia Pacific (Melbourne)", "apse4", optIn),
  region("ap-southeast-5", "Asia Pacific (Malaysia)", "apse5", optIn),
  region("ap-southeast-6", "Asia Pacific (New Zealand)", "apse6", optIn),
  region("ap-southeast-7", "Asia Pacific (Thailand)", "apse7", optIn),
  region("ca-central-1", "Canada (Central)", "cac1", { zoneLetters: "abd", zoneNumbers: [1, 2, 4] }),
  region("ca-west-1", "Canada West (Calgary)", "caw1", optIn),
  region("eu-central-1", "Europe (Frankfurt)", "euc1", { zoneNumbers: [2, 3, 1] }),
  region("eu-central-2", "Europe (Zurich)", "euc2", optIn),
  region("eu-north-1", "Europe (Stockholm)", "eun1"),
  region("eu-south-1", "Europe (Milan)", "eus1", optIn),
  region("eu-south-2", "Europe (Spain)", "eus2", optIn),
  region("eu-west-1", "Europe (Ireland)", "euw1"),
  region("eu-west-2", "Europe (London)", "euw2"),
  region("eu-west-3", "Europe (Paris)", "euw3"),
  region("il-central-1", "Israel (Tel Aviv)", "ilc1", optIn),
  region("me-central-1", "Middle East (UAE)", "mec1", optIn),
  region("me-south-1", "Middle East (Bahrain)", "mes1", optIn),
  region("mx-central-1", "Mexico (Central)", "mxc1", optIn),
  region("sa-east-1", "South America (São Paulo)", "sae1"),
  region("us-east-1", "US East (N. Virginia)", "use1", { zoneLetters: "abcdef", zoneNumbers: [1, 2, 3, 4, 5, 6] }),
  region("us-east-2", "US East (Ohio)", "use2"),
  region("us-west-1", "US West (N. California)", "usw1", { zoneLetters: "ab", zoneNumbers: [1, 3] }),
  region("us-west-2", "US West (Oregon)", "usw2", { zoneLetters: "abcd", zoneNumbers: [1, 2, 3, 4] }),
];

const byName = new Map(regions.map((each) => [each.name, each]));

export function regionFacts(name: string): RegionFacts | undefined {
  return byName.get(name);
}
