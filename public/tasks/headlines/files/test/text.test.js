import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutMarks, words } from '../src/letters.js';
import { shorten } from '../src/shorten.js';

test('marks are removed', () => assert.equal(withoutMarks('Ångström naïve'), 'Angstrom naive'));
test('words are letters and digits', () => assert.deepEqual(words('One, two—3!'), ['One', 'two', '3']));
test('a short text stays', () => assert.equal(shorten('short', 5), 'short'));
test('a long text is cut at a blank', () => assert.equal(shorten('a long headline here', 12), 'a long…'));
test('a long word is cut', () => assert.equal(shorten('incomprehensible', 6), 'incom…'));
