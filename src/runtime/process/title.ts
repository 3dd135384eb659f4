/** How a program calls itself by `process.title`, told to the kernel for `ps` and its likes. */
import type { Launch } from '../kernel/launch.ts';

// The guest may replace it.
const { getOwnPropertyDescriptor } = Reflect;

/**
 * Natively the property tells at once; here it is a plain one, as it shows itself in both, and what it holds is told when somebody may
 * look: when the program waits, and before it starts another that it waits for.
 */
export function createTitleTeller(
  process: object,
  launch: () => Launch | null,
  tell: (title: string) => void,
): () => void {
  let told: string | null = null;
  return () => {
    const started = launch();
    if (started === null) return;
    const { argv } = started;
    const title: unknown = getOwnPropertyDescriptor(process, 'title')?.value;
    // The program's own is there a while after the launch.
    if (typeof title !== 'string' || title === (told ?? argv[0])) return;
    told = title;
    // Natively it takes the place of the command line, and has no more room.
    tell(told.slice(0, argv.join(' ').length));
  };
}
