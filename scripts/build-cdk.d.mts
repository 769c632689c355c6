/** Writes the constructs' package files into a folder, from the repository's root. */
export function buildCdk(outdir: string, root?: string): Promise<void>;
