/** Which row the clock moves next: a binary heap by time, then by order of entry, so that runs under a seed repeat exactly. */
import type { TableName } from "./tables.ts";

export interface DueEntry {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly table: TableName;
  readonly id: string;
}

export class DueQueue {
  readonly #heap: (DueEntry & { readonly order: number })[] = [];
  #order = 0;

  add(entry: DueEntry): void {
    const heap = this.#heap;
    heap.push({ ...entry, order: this.#order++ });
    for (let index = heap.length - 1; index > 0; ) {
      const parent = (index - 1) >> 1;
      if (!this.#before(index, parent)) return;
      this.#swap(index, parent);
      index = parent;
    }
  }

  next(): number | undefined {
    return this.#heap[0]?.at;
  }

  /** Takes the earliest entry if its time has come. Entries may be stale: the row itself says what it waits for. */
  takeUntil(now: number): DueEntry | undefined {
    const heap = this.#heap;
    const first = heap[0];
    if (first === undefined || first.at > now) return undefined;
    const last = heap.pop();
    if (last !== undefined && heap.length > 0) {
      heap[0] = last;
      this.#sink();
    }
    return first;
  }

  #sink(): void {
    for (let index = 0; ; ) {
      const left = 2 * index + 1;
      const right = left + 1;
      let least = index;
      if (left < this.#heap.length && this.#before(left, least)) least = left;
      if (right < this.#heap.length && this.#before(right, least)) least = right;
      if (least === index) return;
      this.#swap(index, least);
      index = least;
    }
  }

  #before(a: number, b: number): boolean {
    const left = this.#heap[a];
    const right = this.#heap[b];
    if (left === undefined || right === undefined) throw new Error("bug: heap index");
    return left.at < right.at || (left.at === right.at && left.order < right.order);
  }

  #swap(a: number, b: number): void {
    const left = this.#heap[a];
    const right = this.#heap[b];
    if (left === undefined || right === undefined) throw new Error("bug: heap index");
    this.#heap[a] = right;
    this.#heap[b] = left;
  }
}
