import { deepEqual, equal, notEqual, rejects } from 'node:assert/strict';
import { ContextStore, type Context } from '../../src/records/context-store';
import { RecordsError } from '../../src/records/records-error';

const unused = (): never => {
  throw new Error('not to be called');
};
const context = (parts: Partial<Context>): Context => ({ get: unused, set: unused, ...parts });
const entries = new Map([['a', { n: 1 }]]);

describe('The context store', () => {
  it('asks for all keys at once, in the callback form, of the chosen store', async () => {
    const asked: unknown[] = [];
    const store = new ContextStore(
      context({
        get: (keys, name, callback) => {
          asked.push(keys, name);
          callback(null, 1, 2);
        },
      }),
      'file',
    );
    deepEqual(await store.get(['a', 'b']), [1, 2]);
    deepEqual(asked, [['a', 'b'], 'file']);
  });

  it('carries one whole change in one call', async () => {
    const calls: unknown[] = [];
    const store = new ContextStore(
      context({
        set: (keys, values, name, callback) => {
          calls.push([keys, values, name]);
          callback();
        },
      }),
    );
    await store.set(new Map([...entries, ['b', undefined]]));
    deepEqual(calls, [[['a', 'b'], [{ n: 1 }, undefined], undefined]]);
  });

  it('answers for every key where a store gives fewer values', async () => {
    const store = new ContextStore(context({ get: (_keys, _name, callback) => callback(null) }));
    deepEqual(await store.get(['a', 'b']), [undefined, undefined]);
  });

  it('never shares an object with the store', async () => {
    const kept = { n: 1, deep: { n: 1 } };
    let stored: unknown;
    const store = new ContextStore(
      context({
        get: (_keys, _name, callback) => callback(null, kept),
        set: (_keys, values, _name, callback) => {
          stored = values[0];
          callback();
        },
      }),
    );
    const [read] = await store.get(['a']);
    deepEqual(read, kept);
    notEqual(read, kept);
    await store.set(new Map([['a', kept]]));
    deepEqual(stored, kept);
    notEqual(stored, kept);
  });

  it('hands over as text what is no JSON at all, so that it is found unreadable', async () => {
    const circle: { self?: object } = {};
    circle.self = circle;
    const store = new ContextStore(
      context({ get: (_keys, _name, callback) => callback(null, circle, unused, 1n) }),
    );
    deepEqual(await store.get(['a', 'b', 'c']), ['not JSON', 'not JSON', 'not JSON']);
  });

  it('fails closed where the store fails, by callback or by throwing', async () => {
    const full = Object.assign(new Error('no space for 573001234567'), { code: 'ENOSPC' });
    const failing = new ContextStore(
      context({
        get: (_keys, _name, callback) => callback(full),
        set: () => {
          throw full;
        },
      }),
      'file',
    );
    const expected = (done: string) => ({
      name: 'RecordsError',
      code: 'records-unavailable',
      message: `The records could not be ${done} in context store "file" (ENOSPC)`,
      cause: full,
    });
    await rejects(failing.get(['a']), expected('read'));
    await rejects(failing.set(entries), expected('written'));
  });

  it('takes the first answer of a store that calls back twice', async () => {
    const store = new ContextStore(
      context({
        get: (_keys, _name, callback) => {
          callback(null, 1);
          callback(new Error('again'));
        },
        set: (_keys, _values, _name, callback) => {
          callback(new Error('failed'));
          callback(null);
        },
      }),
    );
    deepEqual(await store.get(['a']), [1]);
    await rejects(store.set(entries), RecordsError);
  });

  it('never lets a key through that Node-RED would take apart', async () => {
    const store = new ContextStore(context({}));
    for (const key of ['a.b', 'a[0]', '1', '', 'a b', '__proto__', 'ü']) {
      await rejects(store.get([key]), TypeError);
      await rejects(store.set(new Map([[key, 1]])), TypeError);
    }
    equal(
      (await new ContextStore(context({ get: (_k, _n, cb) => cb() })).get(['a:b-c_d'])).length,
      1,
    );
  });
});
