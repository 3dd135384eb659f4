/** Classes of bindings whose objects may be in a message: Node calls their objects cloneable or transferable BaseObjects. */
export interface NativeCloneable {
  /** Names the class in a message. */
  name: string;
  isCloneable: boolean;
  /** What the copy is made of: anything that can be cloned. */
  contentOf(object: object): unknown;
  /** The object was transferred and is of no use any more. Absent when objects cannot be transferred. */
  detach?(object: object): void;
  revive(data: unknown): object;
}

type Class = abstract new (...args: never[]) => object;

export class NativeCloneables {
  readonly #classes: [Class, NativeCloneable][] = [];

  register(type: Class, cloneable: NativeCloneable): void {
    this.#classes.push([type, cloneable]);
  }

  of(object: object): NativeCloneable | undefined {
    return this.#classes.find(([type]) => object instanceof type)?.[1];
  }

  named(name: string): NativeCloneable | undefined {
    return this.#classes.find(([, cloneable]) => cloneable.name === name)?.[1];
  }
}
