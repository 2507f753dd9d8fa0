import assert from 'node:assert/strict';
import express, { type Application } from 'express';
import type { NodeAPI } from 'node-red';
import helper from 'node-red-node-test-helper';
import { openAccount } from '../../nodes/account/open-accounts';
import { ALL_NODES, everyNode, Stage } from './support/stage';

const METHODS = ['get', 'post', 'put', 'delete', 'patch', 'all', 'use', 'route'] as const;

/** A node that puts a route on the editor's HTTP server; `isGuarded` as it ought to. */
const routeNode =
  (isGuarded: boolean) =>
  (RED: NodeAPI): void => {
    const answer = (_request: unknown, response: { end(): void }): void => response.end();
    const guard = RED.auth.needsPermission('test.read');
    if (isGuarded) RED.httpAdmin.get('/whatsapp-test', guard, answer as never);
    else RED.httpAdmin.get('/whatsapp-test', answer as never);
  };

/** The routes that nodes put on the editor's HTTP server, and whether a permission is asked for first. */
async function adminRoutes(nodes: ((RED: NodeAPI) => void)[]): Promise<[string, boolean][]> {
  const routes: [string, boolean][] = [];
  const guards = new Set<unknown>();
  const spied = (RED: NodeAPI): NodeAPI => {
    const auth = Object.assign(Object.create(RED.auth) as object, {
      needsPermission(permission: string) {
        const guard = RED.auth.needsPermission(permission) as unknown;
        const own = (...request: unknown[]): unknown =>
          (guard as (...args: unknown[]) => unknown)(...request);
        if (permission !== '') guards.add(own);
        return own;
      },
    });
    const app: Application = express();
    for (const method of METHODS) {
      Object.assign(app, {
        [method]: (path: unknown, ...handlers: unknown[]) => {
          routes.push([`${method} ${String(path)}`, guards.has(handlers.flat()[0])]);
          return app;
        },
      });
    }
    return Object.assign(Object.create(RED) as NodeAPI, { auth, httpAdmin: app });
  };
  const stage = new Stage();
  try {
    helper.settings({ whatsappCallingAccountSimulatorPort: 0 } as never);
    await helper.load(
      nodes.map((node) => (RED: NodeAPI) => node(spied(RED))),
      everyNode(),
    );
    await openAccount('account').catch(() => undefined);
  } finally {
    await stage.close();
  }
  return routes;
}

describe("what nodes add to the editor's HTTP server", () => {
  it('asks for a permission first, whichever route it is', async () => {
    const routes = await adminRoutes(ALL_NODES);
    assert.deepEqual(
      routes.filter(([, isGuarded]) => !isGuarded),
      [],
    );
  });

  for (const isGuarded of [true, false]) {
    it(`is told apart: a route ${isGuarded ? 'with' : 'without'} a guard`, async () => {
      assert.deepEqual(await adminRoutes([routeNode(isGuarded)]), [
        ['get /whatsapp-test', isGuarded],
      ]);
    });
  }
});
