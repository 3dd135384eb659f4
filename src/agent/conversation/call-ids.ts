/** Gives each call of a run an id of its own: the wanted one while it is free. */
export function createCallIds(): (wanted: string) => string {
  const taken = new Set<string>();
  return (wanted) => {
    const base = wanted === '' ? 'call' : wanted;
    let id = base;
    for (let count = 2; taken.has(id); count += 1) id = `${base}-again-${count}`;
    taken.add(id);
    return id;
  };
}
