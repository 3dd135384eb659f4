/** isomorphic-git expects Node's Buffer to be there. */
import { Buffer } from 'buffer';

Object.assign(globalThis, { Buffer: globalThis.Buffer ?? Buffer });
