import { deepEqual, equal } from 'node:assert/strict';
import { readRedisUrl } from '../../src/records/redis-url';

const PLAIN = {
  host: 'localhost',
  port: 6379,
  isEncrypted: false,
  username: undefined,
  password: undefined,
  db: 0,
  prefix: '',
  cluster: null,
};

describe('A Redis address', () => {
  it('names a host; all else has a usual value', () => {
    deepEqual(readRedisUrl('redis://localhost'), PLAIN);
    deepEqual(readRedisUrl('redis://[::1]:7000/'), { ...PLAIN, host: '::1', port: 7000 });
  });

  it('may ask for TLS, a user, a password, a database and a prefix', () => {
    deepEqual(readRedisUrl('rediss://ana:p%40ss@db.example:6380/3?prefix=shop-1:'), {
      ...PLAIN,
      host: 'db.example',
      port: 6380,
      isEncrypted: true,
      username: 'ana',
      password: 'p@ss',
      db: 3,
      prefix: 'shop-1:',
    });
  });

  it('may name a Cluster, with one node or several', () => {
    for (const given of ['', '=true', '=1']) {
      deepEqual(readRedisUrl(`redis://localhost?cluster${given}`), { ...PLAIN, cluster: [] });
    }
    deepEqual(readRedisUrl('redis://localhost?cluster=b:7001,c')?.cluster, [
      ['b', 7001],
      ['c', 6379],
    ]);
  });

  for (const wrong of [
    '',
    'localhost:6379',
    'http://localhost',
    'redis://',
    'redis://localhost/name',
    'redis://localhost:99999',
    'redis://localhost/1?cluster',
    'redis://localhost?cluster=b:x',
  ]) {
    it(`is not "${wrong}"`, () => equal(readRedisUrl(wrong), null));
  }
});
