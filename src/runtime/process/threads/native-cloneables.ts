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

/** The library's KeyObject. */
export const KEY_IN_MESSAGE = 'KeyObject';

type Class = abstract new (...args: never[]) => object;

export class NativeCloneables {
  readonly #classes: [Class, NativeCloneable][] = [];
  readonly #loaders = new Map<string, () => void>();

  register(type: Class, cloneable: NativeCloneable): void {
    this.#classes.push([type, cloneable]);
  }

  /** `load` has the class registered when an object of it arrives before anything here has asked for the class. */
  registerLater(name: string, load: () => void): void {
    this.#loaders.set(name, load);
  }

  of(object: object): NativeCloneable | undefined {
    return this.#classes.find(([type]) => object instanceof type)?.[1];
  }

  named(name: string): NativeCloneable | undefined {
    const find = () => this.#classes.find(([, cloneable]) => cloneable.name === name)?.[1];
    const known = find();
    if (known !== undefined) return known;
    this.#loaders.get(name)?.();
    return find();
  }
}
