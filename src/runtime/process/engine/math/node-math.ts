/**
 * The functions of `Math` to the last digit as native Node's V8 has them, which are those of fdlibm (Sun Microsystems, 1993,
 * https://www.netlib.org/fdlibm): browsers compute them in other ways, by version and maker, and about every twentieth result
 * differs in its last digit. Programs that compare numbers exactly, and tests above all, see that.
 *
 * The methods and their coefficients are fdlibm's; results depend on each rounding, so that the order of the operations is its own, too:
 * Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Developed at SunSoft, a Sun Microsystems, Inc. business. Permission
 * to use, copy, modify, and distribute this software is freely granted, provided that this notice is preserved.
 */
import { noteFunctionText } from '../function-texts.ts';
import { acos, asin, atan, atan2 } from './arcs.ts';
import { cosh, exp, expm1, sinh, tanh } from './exponentials.ts';
import { acosh, asinh, atanh, log, log1p, log2, log10 } from './logarithms.ts';
import { cbrt } from './roots.ts';
import { cos, sin, tan } from './trigonometry.ts';

/** Arrows, so that none is a constructor; `+` throws what the native ones throw of a BigInt or a symbol. */
const nodeMath = {
  acos: (x: number) => acos(+x),
  acosh: (x: number) => acosh(+x),
  asin: (x: number) => asin(+x),
  asinh: (x: number) => asinh(+x),
  atan: (x: number) => atan(+x),
  atanh: (x: number) => atanh(+x),
  atan2: (y: number, x: number) => atan2(+y, +x),
  cbrt: (x: number) => cbrt(+x),
  cos: (x: number) => cos(+x),
  cosh: (x: number) => cosh(+x),
  exp: (x: number) => exp(+x),
  expm1: (x: number) => expm1(+x),
  log: (x: number) => log(+x),
  log1p: (x: number) => log1p(+x),
  log2: (x: number) => log2(+x),
  log10: (x: number) => log10(+x),
  sin: (x: number) => sin(+x),
  sinh: (x: number) => sinh(+x),
  tan: (x: number) => tan(+x),
  tanh: (x: number) => tanh(+x),
};

/** Must run before Node's primordials copy the functions. */
export function computeAsNode(math: Math): void {
  for (const [name, value] of Object.entries(nodeMath)) {
    noteFunctionText(value, `function ${name}() { [native code] }`);
    Object.defineProperty(math, name, { value, configurable: true, enumerable: false, writable: true });
  }
}
