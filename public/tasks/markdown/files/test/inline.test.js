import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inline } from '../src/inline.js';

describe('inline', () => {
  it('leaves plain text alone', () => assert.equal(inline('2 * 3 = 6'), '2 * 3 = 6'));
  it('escapes what is HTML', () => assert.equal(inline('a < b & "c"'), 'a &lt; b &amp; &quot;c&quot;'));
  it('makes strong text', () => assert.equal(inline('a **very big** b'), 'a <strong>very big</strong> b'));
  it('makes emphasis', () => assert.equal(inline('*so* it is'), '<em>so</em> it is'));
  it('makes code, and looks for no marks in it', () =>
    assert.equal(inline('run `a **b** <c>` now'), 'run <code>a **b** &lt;c&gt;</code> now'));
  it('makes links', () => assert.equal(inline('see [the *site*](/a?b&c)'), 'see <a href="/a?b&amp;c">the <em>site</em></a>'));
});
