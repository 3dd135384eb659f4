/** The library of `bc -l`, in bc: each works with more digits than are asked for, and cuts them off at the end. */
export const MATH = `
define e(x) {
  auto s, n, r, t, i, h
  s = scale
  if (x < 0) { r = e(-x); scale = s; return (1 / r) }
  scale = s + 8 + x / 2
  while (x > 1) { x = x / 2; h = h + 1; scale = scale + 1 }
  r = 1 + x
  t = x
  for (i = 2; 1; i++) {
    t = t * x / i
    if (t == 0) break
    r = r + t
  }
  while (h--) r = r * r
  scale = s
  return (r / 1)
}
define l(x) {
  auto s, r, t, i, f, y, q
  if (x <= 0) return ((1 - 10 ^ scale) / 1)
  s = scale
  scale = s + 8
  f = 2
  while (x >= 2) { f = f * 2; x = sqrt(x) }
  while (x <= .5) { f = f * 2; x = sqrt(x) }
  y = (x - 1) / (x + 1)
  q = y * y
  r = y
  t = y
  for (i = 3; 1; i += 2) {
    t = t * q
    if (t / i == 0) break
    r = r + t / i
  }
  r = f * r
  scale = s
  return (r / 1)
}
define s(x) {
  auto s, r, t, i, q, n, p, g
  s = scale
  scale = s + length(x) - scale(x) + 8
  p = a(1) * 4
  n = x / (2 * p) * 1
  scale = 0
  n = n / 1
  scale = s + length(x) + 8
  x = x - n * 2 * p
  r = x
  t = x
  q = -(x * x)
  for (i = 3; 1; i += 2) {
    t = t * q / (i * (i - 1))
    if (t == 0) break
    r = r + t
  }
  scale = s
  return (r / 1)
}
define c(x) {
  auto s, v
  s = scale
  scale = s + 8
  v = s(x + a(1) * 2)
  scale = s
  return (v / 1)
}
define a(x) {
  auto s, r, t, i, q, f, n
  n = 1
  if (x < 0) { n = -1; x = -x }
  s = scale
  scale = s + 8
  f = 1
  while (x > .2) { x = x / (1 + sqrt(1 + x * x)); f = f * 2 }
  r = x
  t = x
  q = -(x * x)
  for (i = 3; 1; i += 2) {
    t = t * q
    if (t / i == 0) break
    r = r + t / i
  }
  r = r * f * n
  scale = s
  return (r / 1)
}
`;
