import { expect, test } from 'vitest';
import { describeOrigin, evaluatedName, nameBody, nameText, withoutName } from './eval-origin.ts';
import { givenName } from './source-name.ts';

const nameIn = (text: string): string => givenName(/sourceURL=(\S+)/.exec(text)?.[1] ?? '');

test('a text is named by its origin, unless it names itself', () => {
  const plain = nameText('1 + 1', () => 'eval at f (/a b.js:1:2)');
  expect(evaluatedName(nameIn(plain.text))).toEqual({ origin: 'eval at f (/a b.js:1:2)', isOwn: false });
  expect(plain.name).toBe(nameIn(plain.text));
  const own = nameText('1 + 1\n//# sourceURL=own.js\n', () => 'never asked');
  expect(evaluatedName(nameIn(own.text))).toEqual({ origin: 'own.js', isOwn: true });
  const inner = nameText("eval('1 //# sourceURL=a.js')", () => 'eval at g (/a.js:1:1)');
  expect(evaluatedName(nameIn(inner.text.slice(30)))?.origin).toBe('eval at g (/a.js:1:1)');
  const early = '1\n//# sourceURL=a.js\n//# sourceMappingURL=a.map';
  expect(nameText(early, () => '')).toEqual({ text: early, name: undefined });
  expect(evaluatedName('/file.js')).toBeUndefined();
});

test("a function's text does not show the name", () => {
  const made = new Function('a', nameBody('return a', () => 'eval at g (/a.js:1:1)').text);
  expect(withoutName(String(made))).toBe('function anonymous(a\n) {\nreturn a\n}');
  for (const text of ['() => 1', 'function f() {\n}', '{\n//# sourceURL=a.js\n}']) expect(withoutName(text)).toBe(text);
});

test('an origin is worded as V8 words it', () => {
  const site = (name: string | null, file: string | undefined, origin?: string) =>
    ({
      getFunctionName: () => name,
      getScriptNameOrSourceURL: () => file,
      getEvalOrigin: () => origin,
      isEval: () => origin !== undefined,
      getLineNumber: () => 3,
      getColumnNumber: () => 4,
    }) as NodeJS.CallSite;
  expect(describeOrigin(site('f', '/a.js'))).toBe('eval at f (/a.js:3:4)');
  expect(describeOrigin(site(null, '/a.js'))).toBe('eval at <anonymous> (/a.js:3:4)');
  expect(describeOrigin(site('eval', undefined, 'eval at f (/a.js:1:1)'))).toBe(
    'eval at <anonymous> (eval at f (/a.js:1:1))',
  );
  expect(describeOrigin(undefined)).toBe('eval at <anonymous> (<anonymous>)');
});
