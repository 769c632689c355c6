/** The version that `causeway --version` and the API's server header tell. */
import { version as packageVersion } from "../../package.json" with { type: "json" };

export const version: string = packageVersion;
