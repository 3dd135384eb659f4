import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Catalogue } from '../src/catalogue.js';
import { startCatalogue } from '../support/catalogue-server.js';

/** Starts a server for one test and stops it afterwards. */
async function open(t, options) {
  const server = await startCatalogue(options);
  t.after(() => server.stop());
  return { catalogue: new Catalogue(server.base), log: server.log };
}

test('reads a book', async (t) => {
  const { catalogue } = await open(t);
  assert.deepEqual(await catalogue.book('1'), { id: '1', title: 'Emma' });
});

test('a missing book is an error with its status', async (t) => {
  const { catalogue } = await open(t);
  await assert.rejects(catalogue.book('a/b'), { name: 'CatalogueError', status: 404, message: '404: no book a/b' });
});

test('reserves a book', async (t) => {
  const { catalogue, log } = await open(t);
  assert.deepEqual(await catalogue.reserve('0', 'Ada'), { id: '0', title: 'Dune', action: 'reservations', reader: 'Ada' });
  assert.deepEqual(log, ['POST /books/0/reservations']);
});

test('finds what is on the first page', async (t) => {
  const { catalogue } = await open(t);
  assert.deepEqual((await catalogue.search('Dun')).map((book) => book.title), ['Dune']);
});

test('finds what is on later pages', async (t) => {
  const { catalogue } = await open(t);
  const titles = (await catalogue.search('')).map((book) => book.title);
  assert.deepEqual(titles, ['Dune', 'Emma', 'Ulysses', 'Persuasion', 'Beloved']);
});

test('asks a busy server again', async (t) => {
  const { catalogue, log } = await open(t, { busy: 2 });
  assert.equal((await catalogue.book('0')).title, 'Dune');
  assert.equal(log.length, 3);
});

test('gives up when the server stays busy', async (t) => {
  const { catalogue, log } = await open(t, { busy: 99 });
  await assert.rejects(catalogue.book('0'), { status: 503 });
  assert.equal(log.length, 4);
});
