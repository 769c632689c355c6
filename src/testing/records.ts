/** Finding and replacing records of a test's network. A change replaces the record, as the cloud does. */

/** The one that is meant. */
export function one<T>(records: readonly T[], is: (record: T) => boolean): T {
  const record = records.find(is);
  if (record === undefined) throw new Error("bug: the test names a record that is not there");
  return record;
}

/** In its place, so that the order stays. */
export function change<T>(records: T[], is: (record: T) => boolean, make: (record: T) => T): void {
  const index = records.findIndex(is);
  const record = records[index];
  if (record === undefined) throw new Error("bug: the test changes a record that is not there");
  records[index] = make(record);
}
