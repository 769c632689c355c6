/** The page of the constructs, with a note on where it comes from. */
export function constructsPage(note: string): string;
