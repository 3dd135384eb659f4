/**
 * Which lines differ between two texts: Myers' algorithm ("An O(ND) Difference Algorithm and Its Variations", 1986), in its variant
 * that needs linear space: the middle of a shortest edit path is searched from both ends, then each half is taken by itself.
 * Ties are broken as git and GNU diff break them.
 */

/** For each line whether it is deleted (left) or inserted (right). */
export interface Changes {
  left: Uint8Array;
  right: Uint8Array;
}

interface Box {
  left: number;
  leftEnd: number;
  right: number;
  rightEnd: number;
}

/** `left` and `right`: lines as numbers, equal for lines that count as equal. */
export function findChanges(left: readonly number[], right: readonly number[]): Changes {
  const changes: Changes = { left: new Uint8Array(left.length), right: new Uint8Array(right.length) };
  // Lines that the other side does not have are changed in any case, and would only lengthen the search.
  const [inLeft, inRight] = [new Set(left), new Set(right)];
  let start = 0;
  while (start < left.length && start < right.length && left[start] === right[start]) start += 1;
  let common = 0;
  const most = Math.min(left.length, right.length) - start;
  while (common < most && left[left.length - 1 - common] === right[right.length - 1 - common]) common += 1;
  const kept = (lines: readonly number[], other: ReadonlySet<number>, flags: Uint8Array) => {
    const indexes: number[] = [];
    for (let i = start; i < lines.length - common; i += 1) {
      if (other.has(lines[i] ?? -1)) indexes.push(i);
      else flags[i] = 1;
    }
    return indexes;
  };
  const leftIndexes = kept(left, inRight, changes.left);
  const rightIndexes = kept(right, inLeft, changes.right);
  const search = new Search(
    leftIndexes.map((i) => left[i] ?? -1),
    rightIndexes.map((i) => right[i] ?? -1),
  );
  search.run();
  for (const [at, index] of leftIndexes.entries()) if (search.leftChanged[at]) changes.left[index] = 1;
  for (const [at, index] of rightIndexes.entries()) if (search.rightChanged[at]) changes.right[index] = 1;
  return changes;
}

class Search {
  readonly leftChanged: Uint8Array;
  readonly rightChanged: Uint8Array;
  readonly #left: Int32Array;
  readonly #right: Int32Array;
  /** Furthest points on each diagonal, from the start and from the end. */
  readonly #forward: Int32Array;
  readonly #backward: Int32Array;
  /** Index of diagonal 0. */
  readonly #zero: number;

  constructor(left: readonly number[], right: readonly number[]) {
    this.#left = Int32Array.from(left);
    this.#right = Int32Array.from(right);
    this.leftChanged = new Uint8Array(left.length);
    this.rightChanged = new Uint8Array(right.length);
    this.#zero = right.length + 1;
    this.#forward = new Int32Array(left.length + right.length + 3);
    this.#backward = new Int32Array(left.length + right.length + 3);
  }

  run(): void {
    const boxes: Box[] = [{ left: 0, leftEnd: this.#left.length, right: 0, rightEnd: this.#right.length }];
    for (let box = boxes.pop(); box; box = boxes.pop()) {
      this.#shrink(box);
      if (box.left === box.leftEnd) this.rightChanged.fill(1, box.right, box.rightEnd);
      else if (box.right === box.rightEnd) this.leftChanged.fill(1, box.left, box.leftEnd);
      else {
        const [left, right] = this.#middle(box);
        boxes.push({ ...box, left, right }, { ...box, leftEnd: left, rightEnd: right });
      }
    }
  }

  #shrink(box: Box): void {
    while (box.left < box.leftEnd && box.right < box.rightEnd && this.#left[box.left] === this.#right[box.right]) {
      box.left += 1;
      box.right += 1;
    }
    while (
      box.left < box.leftEnd &&
      box.right < box.rightEnd &&
      this.#left[box.leftEnd - 1] === this.#right[box.rightEnd - 1]
    ) {
      box.leftEnd -= 1;
      box.rightEnd -= 1;
    }
  }

  #middle({ left, leftEnd, right, rightEnd }: Box): [number, number] {
    const [forward, backward, zero] = [this.#forward, this.#backward, this.#zero];
    const [lowest, highest] = [left - rightEnd, leftEnd - right];
    const [first, last] = [left - right, leftEnd - rightEnd];
    const odd = ((first - last) & 1) !== 0;
    let [fromMin, fromMax, toMin, toMax] = [first, first, last, last];
    forward[zero + first] = left;
    backward[zero + last] = leftEnd;
    for (;;) {
      if (fromMin > lowest) forward[zero + --fromMin - 1] = -1;
      else fromMin += 1;
      if (fromMax < highest) forward[zero + ++fromMax + 1] = -1;
      else fromMax -= 1;
      for (let d = fromMax; d >= fromMin; d -= 2) {
        const [below, above] = [forward[zero + d - 1] ?? -1, forward[zero + d + 1] ?? -1];
        let i = below >= above ? below + 1 : above;
        let j = i - d;
        while (i < leftEnd && j < rightEnd && this.#left[i] === this.#right[j]) {
          i += 1;
          j += 1;
        }
        forward[zero + d] = i;
        if (odd && toMin <= d && d <= toMax && (backward[zero + d] ?? 0) <= i) return [i, j];
      }
      if (toMin > lowest) backward[zero + --toMin - 1] = FAR;
      else toMin += 1;
      if (toMax < highest) backward[zero + ++toMax + 1] = FAR;
      else toMax -= 1;
      for (let d = toMax; d >= toMin; d -= 2) {
        const [below, above] = [backward[zero + d - 1] ?? FAR, backward[zero + d + 1] ?? FAR];
        let i = below < above ? below : above - 1;
        let j = i - d;
        while (i > left && j > right && this.#left[i - 1] === this.#right[j - 1]) {
          i -= 1;
          j -= 1;
        }
        backward[zero + d] = i;
        if (!odd && fromMin <= d && d <= fromMax && i <= (forward[zero + d] ?? -1)) return [i, j];
      }
    }
  }
}

const FAR = 0x7fffffff;
