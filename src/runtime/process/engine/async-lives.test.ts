import { expect, test } from 'vitest';
import { AsyncState } from './async-context.ts';

const DESTROY = 3;

function stateWithHooks() {
  const state = new AsyncState(Symbol('id'), Symbol('trigger'));
  const destroyed: number[] = [];
  const later: (() => void)[] = [];
  state.hookFields[DESTROY] = 1;
  state.hooks = { destroy: (id) => destroyed.push(id) };
  state.later = (callback) => later.push(callback);
  const turn = () => {
    for (const callback of later.splice(0)) callback();
  };
  return { state, destroyed, turn };
}

test('a request is no more when its callback has returned, which hooks are told in a later turn', () => {
  const { state, destroyed, turn } = stateWithHooks();
  const request = {};
  const id = state.register(request, 'REQUEST');
  state.complete(request, () => expect(state.idFields[0]).toBe(id));
  expect(destroyed).toEqual([]);
  turn();
  state.destroy(request);
  turn();
  expect(destroyed).toEqual([id]);
});

test('what is registered anew has ended before; the resource that caused it may be another one than runs', () => {
  const { state, destroyed, turn } = stateWithHooks();
  const [stream, parser] = [{}, {}];
  const cause = state.register(stream, 'STREAM');
  const first = state.register(parser, 'PARSER');
  const shown = {};
  const told: unknown[] = [];
  state.hookFields[0] = 1;
  state.hooks.init = (id, type, trigger, resource) => told.push(id, type, trigger, resource);
  const second = state.register(parser, 'PARSER', { trigger: stream, shown });
  turn();
  expect(destroyed).toEqual([first]);
  expect(told).toEqual([second, 'PARSER', cause, shown]);
});

test('what a callback throws is told of in its context', () => {
  const { state } = stateWithHooks();
  const request = {};
  state.setFrame('frame of the request');
  state.register(request, 'REQUEST');
  state.setFrame('another');
  const fail = () => {
    throw new Error('thrown');
  };
  expect(() => state.enter(request, fail)).toThrow('thrown');
  expect(state.getFrame()).toBe('frame of the request');
  state.leave(request, 'another');
  expect(state.getFrame()).toBe('another');
  expect(state.resources.length).toBe(0);
});
