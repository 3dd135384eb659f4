import { expect, it } from 'vitest';
import { computeAsNode } from './node-math.ts';

const math = {} as Math;
computeAsNode(math);

/** From native Node 24: other ways to compute them differ in the last digit. */
it.each<[keyof Math, number, number]>([
  ['sin', 3.9279431104660034, -0.7077798336368654],
  ['cos', 0.9787312077824026, 0.5580758267271402],
  ['tan', 8.430273737758398, -1.5387414172291627],
  ['sin', 1e22, -0.8522008497671888],
  ['cos', 5e300, -0.07613811198038367],
  ['tan', 3910294.0768023576, 1.0820128542662104],
  ['asin', 0.5505083699245006, 0.5829730661854042],
  ['acos', -0.75, 2.4188584057763776],
  ['atan', 6.430019605904818, 1.4165117577564112],
  ['exp', -73.80619975738227, 8.83842162430737e-33],
  ['expm1', 9.320429023355246, 11162.770344358167],
  ['log', 0.14020979800261557, -1.9646154209275788],
  ['log1p', 1.7035094276070595, 0.9945507170197344],
  ['log2', 0.8738137057716724, -0.19460236024994376],
  ['log10', 5.994039531797171, 0.777719602871347],
  ['sinh', 594.3776241037995, 6.821695334736864e257],
  ['cosh', -6.389668956398964, 297.83051831918186],
  ['tanh', 0.5228111112955958, 0.4798667201419265],
  ['asinh', 6.906642373651266, 2.6308309670876397],
  ['acosh', 694283.1412889063, 14.143782321411443],
  ['atanh', -0.3, -0.30951960420311175],
  ['cbrt', -118460.0037522614, -49.11233476704351],
  ['cbrt', 1e-310, 4.641588833612774e-104],
])('%s(%d) is %d', (name, x, result) => {
  expect((math[name] as (x: number) => number)(x)).toBe(result);
});

it.each<[number, number, number]>([
  [0, -1, Math.PI],
  [-0, -1, -Math.PI],
  [-0, 1, -0],
  [1, 0, Math.PI / 2],
  [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, (3 * Math.PI) / 4],
  [-1, Number.NEGATIVE_INFINITY, -Math.PI],
  [-1, Number.POSITIVE_INFINITY, -0],
  [Number.NaN, 1, Number.NaN],
  [-2.5840464565315013, 2.431, -0.8159061502920332],
])('atan2(%d, %d)', (y, x, result) => {
  expect(math.atan2(y, x)).toBe(result);
});

it('has no result beyond where a function is defined', () => {
  for (const x of [-1.5, 1.5]) expect([math.acos(x), math.asin(x), math.atanh(x)]).toEqual([NaN, NaN, NaN]);
  expect([math.log(-1), math.log2(-1), math.log10(-1), math.log1p(-2), math.acosh(0.5)]).toEqual(Array(5).fill(NaN));
  expect([math.log(0), math.log1p(-1), math.atanh(-1)]).toEqual(Array(3).fill(Number.NEGATIVE_INFINITY));
  expect([math.sin, math.cos, math.tan].map((f) => f(Number.POSITIVE_INFINITY))).toEqual([NaN, NaN, NaN]);
  expect([math.exp(710), math.exp(-746), math.expm1(-50)]).toEqual([Number.POSITIVE_INFINITY, 0, -1]);
});
