/**
 * The lines that `git log --graph` draws beside commits, in git's own steps: a row for each commit, the edges of a merge below it,
 * then rows in which the columns move to their places.
 */

interface GraphCommit {
  oid: string;
  /** Those that are drawn. */
  parents: readonly string[];
}

type State = 'padding' | 'skip' | 'pre-commit' | 'commit' | 'post-merge' | 'collapsing';

export class CommitGraph {
  #commit: GraphCommit = { oid: '', parents: [] };
  #state: State = 'padding';
  #previous: State = 'padding';
  #width = 0;
  #expansionRow = 0;
  #commitIndex = 0;
  #previousCommitIndex = 0;
  /** 0: the edges of a merge go to the left, 1: to the right. */
  #mergeLayout = 0;
  #edgesAdded = 0;
  #previousEdgesAdded = 0;
  /** Commits by column: above the current one, and below it. */
  #columns: string[] = [];
  #newColumns: string[] = [];
  /** The column that the edge at each place of the line leads to; -1: none. */
  #mapping: number[] = [];
  #oldMapping: number[] = [];

  /** The commit that is drawn next. */
  update(commit: GraphCommit): void {
    this.#commit = commit;
    this.#previousCommitIndex = this.#commitIndex;
    this.#updateColumns();
    this.#expansionRow = 0;
    if (this.#state !== 'padding') this.#state = 'skip';
    else this.#state = this.#needsRoom() ? 'pre-commit' : 'commit';
  }

  /** Nothing of the commit is left to draw. */
  get finished(): boolean {
    return this.#state === 'padding';
  }

  /** The lines up to the one with the star, which is the last. */
  commitLines(): string[] {
    const lines: string[] = [];
    for (let shown = false; !shown; ) {
      shown = this.#state === 'commit';
      lines.push(this.nextLine());
    }
    return lines;
  }

  nextLine(): string {
    return this.#draw().padEnd(this.#width);
  }

  /** A line beside what belongs to no row, such as a difference or the space between commits. */
  paddingLine(): string {
    if (this.#state !== 'commit') return this.nextLine();
    const { oid, parents } = this.#commit;
    const line = this.#columns
      .map((column) => `|${column === oid && parents.length > 2 ? ' '.repeat((parents.length - 2) * 2) : ' '}`)
      .join('');
    this.#previous = 'padding';
    return line.padEnd(this.#width);
  }

  #draw(): string {
    switch (this.#state) {
      case 'padding':
        return this.#newColumns.map(() => '| ').join('');
      case 'skip':
        this.#enter(this.#needsRoom() ? 'pre-commit' : 'commit');
        return '...';
      case 'pre-commit':
        return this.#preCommitLine();
      case 'commit':
        return this.#commitLine();
      case 'post-merge':
        return this.#postMergeLine();
      case 'collapsing':
        return this.#collapsingLine();
    }
  }

  #enter(state: State): void {
    this.#previous = this.#state;
    this.#state = state;
  }

  #updateColumns(): void {
    const { oid, parents } = this.#commit;
    this.#columns = this.#newColumns;
    this.#newColumns = [];
    this.#mapping = new Array<number>(2 * (this.#columns.length + parents.length)).fill(-1);
    this.#width = 0;
    this.#previousEdgesAdded = this.#edgesAdded;
    this.#edgesAdded = 0;
    for (const [index, column] of this.#withCommit()) {
      if (column !== oid) {
        this.#insert(column, -1);
        continue;
      }
      this.#commitIndex = index;
      this.#mergeLayout = -1;
      for (const parent of parents) this.#insert(parent, index);
      if (parents.length === 0) this.#width += 2;
    }
    while (this.#mapping.length > 1 && (this.#mapping.at(-1) ?? -1) < 0) this.#mapping.pop();
  }

  /** The columns above, and the commit behind them where it is in none. */
  #withCommit(): [number, string][] {
    const { oid } = this.#commit;
    const all = this.#columns.includes(oid) ? this.#columns : [...this.#columns, oid];
    return [...all.entries()];
  }

  #insert(commit: string, from: number): void {
    let column = this.#newColumns.indexOf(commit);
    if (column === -1) column = this.#newColumns.push(commit) - 1;
    let place: number;
    if (this.#commit.parents.length > 1 && from > -1 && this.#mergeLayout === -1) {
      // The first parent of a merge decides which way it leans.
      const distance = from - column;
      const shift = distance > 1 ? 2 * distance - 3 : 1;
      this.#mergeLayout = distance > 0 ? 0 : 1;
      this.#edgesAdded = this.#commit.parents.length + this.#mergeLayout - 2;
      place = this.#width + (this.#mergeLayout - 1) * shift;
      this.#width += 2 * this.#mergeLayout;
    } else if (this.#edgesAdded > 0 && column === this.#mapping[this.#width - 2]) {
      // The column is the one that the merge has just added: the two edges join at once.
      place = this.#width - 2;
      this.#edgesAdded = -1;
    } else {
      place = this.#width;
      this.#width += 2;
    }
    this.#mapping[place] = column;
  }

  /** A merge of three or more pushes the columns to its right away before it is drawn. */
  #needsRoom(): boolean {
    const { parents } = this.#commit;
    return (
      parents.length >= 3 &&
      this.#commitIndex < this.#columns.length - 1 &&
      this.#expansionRow < (parents.length + this.#mergeLayout - 3) * 2
    );
  }

  #isSettled(): boolean {
    return this.#mapping.every((target, place) => target < 0 || target === Math.floor(place / 2));
  }

  #settle(): void {
    this.#enter(this.#isSettled() ? 'padding' : 'collapsing');
  }

  #preCommitLine(): string {
    let line = '';
    let seen = false;
    for (const [index, column] of this.#columns.entries()) {
      if (column === this.#commit.oid) {
        seen = true;
        line += `|${' '.repeat(this.#expansionRow)}`;
      } else if (seen && this.#expansionRow === 0)
        line += this.#previous === 'post-merge' && this.#previousCommitIndex < index ? '\\' : '|';
      else line += seen ? '\\' : '|';
      line += ' ';
    }
    this.#expansionRow += 1;
    if (!this.#needsRoom()) this.#enter('commit');
    return line;
  }

  #commitLine(): string {
    const { oid, parents } = this.#commit;
    let line = '';
    let seen = false;
    for (const [index, column] of this.#withCommit()) {
      if (column === oid) {
        seen = true;
        line += '*';
        const dashed = parents.length > 2 ? parents.length + this.#mergeLayout - 3 : 0;
        if (dashed > 0) line += `${'-'.repeat(2 * dashed - 1)}.`;
      } else if (seen && this.#edgesAdded > 1) line += '\\';
      else if (seen && this.#edgesAdded === 1) {
        const leans =
          this.#previous === 'post-merge' && this.#previousEdgesAdded > 0 && this.#previousCommitIndex < index;
        line += leans ? '\\' : '|';
      } else if (
        this.#previous === 'collapsing' &&
        this.#oldMapping[2 * index + 1] === index &&
        (this.#mapping[2 * index] ?? -1) < index
      )
        line += '/';
      else line += '|';
      line += ' ';
    }
    if (parents.length > 1) this.#enter('post-merge');
    else this.#settle();
    return line;
  }

  #postMergeLine(): string {
    const { oid, parents } = this.#commit;
    let line = '';
    let seen = false;
    let parentSeen = false;
    for (const [index, column] of this.#withCommit()) {
      if (column === oid) {
        seen = true;
        let shape = this.#mergeLayout;
        for (const number of parents.keys()) {
          line += '/|\\'[shape];
          if (shape < 2) shape += 1;
          else if (this.#edgesAdded > 0 || number < parents.length - 1) line += ' ';
        }
        if (this.#edgesAdded === 0) line += ' ';
      } else if (seen) line += this.#edgesAdded > 0 ? '\\ ' : '| ';
      else {
        line += '|';
        if (this.#mergeLayout !== 0 || index !== this.#commitIndex - 1) line += parentSeen ? '_' : ' ';
      }
      if (column === parents[0]) parentSeen = true;
    }
    this.#settle();
    return line;
  }

  /** Each edge moves one place to the left, the one furthest away all the way at once along `_`. */
  #collapsingLine(): string {
    const old = this.#mapping;
    const mapping = new Array<number>(old.length).fill(-1);
    let edge = -1;
    let edgeTarget = -1;
    const level = (place: number, target: number, from: number) => {
      if (edge !== -1) return;
      edge = from;
      edgeTarget = target;
      for (let j = target * 2 + 3; j < place - 2; j += 2) mapping[j] = target;
    };
    for (const [place, target] of old.entries()) {
      if (target < 0) continue;
      if (target * 2 === place) mapping[place] = target;
      else if ((mapping[place - 1] ?? -1) < 0) {
        mapping[place - 1] = target;
        level(place, target, place);
      } else if (mapping[place - 1] !== target) {
        // It crosses the edge to its left.
        mapping[place - 2] = target;
        level(place, target, place - 1);
      }
    }
    this.#oldMapping = [...mapping];
    if ((mapping.at(-1) ?? -1) < 0) mapping.pop();
    let line = '';
    let horizontal = false;
    for (const [place, target] of mapping.entries()) {
      if (target < 0) line += ' ';
      else if (target * 2 === place) line += '|';
      else if (target === edgeTarget && place !== edge - 1) {
        if (place !== target * 2 + 3) mapping[place] = -1;
        horizontal = true;
        line += '_';
      } else {
        if (horizontal && place < edge) mapping[place] = -1;
        line += '/';
      }
    }
    this.#mapping = mapping;
    if (this.#isSettled()) this.#enter('padding');
    return line;
  }
}
