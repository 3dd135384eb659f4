import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toHtml } from '../src/blocks.js';

describe('toHtml', () => {
  it('makes paragraphs', () => assert.equal(toHtml('one\ntwo\n\n\nthree\n'), '<p>one two</p>\n<p>three</p>'));
  it('makes headings', () => assert.equal(toHtml('# One\n\n### Three'), '<h1>One</h1>\n<h3>Three</h3>'));
  it('takes four signs for text', () => assert.equal(toHtml('#### Four'), '<p>#### Four</p>'));
  it('makes lists', () => assert.equal(toHtml('* a\n* b & c'), '<ul><li>a</li><li>b &amp; c</li></ul>'));
  it('knows the other sign of a list', () => assert.equal(toHtml('- a\n- b'), '<ul><li>a</li><li>b</li></ul>'));
});
