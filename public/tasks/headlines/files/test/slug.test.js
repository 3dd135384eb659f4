import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { slug, uniqueSlug } from '../src/slug.js';

describe('slug', () => {
  it('joins two words', () => assert.equal(slug('Hello World'), 'hello-world'));
  it('joins many words', () => assert.equal(slug('How to write tests'), 'how-to-write-tests'));
  it('drops marks and signs', () => assert.equal(slug('  Café: 50 % off!  '), 'cafe-50-off'));
  it('keeps a single word', () => assert.equal(slug('News'), 'news'));
  it('is empty for signs alone', () => assert.equal(slug('!!!'), ''));
});

describe('uniqueSlug', () => {
  it('leaves a free address', () => assert.equal(uniqueSlug('News', []), 'news'));
  it('counts on', () => assert.equal(uniqueSlug('News', ['news', 'news-2']), 'news-3'));
  it('counts on for long headlines', () => assert.equal(uniqueSlug('The big news', ['the-big-news']), 'the-big-news-2'));
});
