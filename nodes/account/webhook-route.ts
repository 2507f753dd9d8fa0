import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Application, RequestHandler } from 'express';
import type { NodeAPI } from 'node-red';
import { systemClock } from '../../src/clock';
import { WebhookEndpoint, type WebhookReceiver } from '../../src/webhooks';

type Next = (error?: unknown) => void;
type Middleware = (request: IncomingMessage, response: ServerResponse, next: Next) => void;

/** One layer in front of everything that is put on an Express app, and the webhook addresses it answers. */
interface Route {
  endpoints: Map<string, WebhookEndpoint>;
  middleware: Middleware;
}

const routes = new WeakMap<Application, Route>();

/**
 * Answers webhooks for an account at `path` below Node-RED's root for HTTP nodes; returns what stops it. Several
 * accounts share a path. The layer stands in front of the editor's body parser, which would swallow the raw bytes
 * that the signature is about; it goes with its last account.
 */
export function answerWebhooks(RED: NodeAPI, path: string, receiver: WebhookReceiver): () => void {
  const app = rootOf(RED.httpNode as Application);
  const url = withoutTrailingSlash(`${RED.httpNode.path()}${path}`);
  const route = routes.get(app) ?? mount(app, guardOf(RED));
  const endpoint =
    route.endpoints.get(url) ?? new WebhookEndpoint({ now: () => systemClock.now() });
  route.endpoints.set(url, endpoint);
  const remove = endpoint.add(receiver);
  return () => {
    remove();
    if (endpoint.isEmpty) route.endpoints.delete(url);
    if (route.endpoints.size === 0) unmount(app, route);
  };
}

/** Whether anything can be answered below Node-RED's root for HTTP nodes. */
export const servesHttp = (RED: NodeAPI): boolean =>
  RED.settings.httpNodeRoot !== false && typeof RED.httpNode === 'function';

/** Where webhooks for `path` find this Node-RED, seen from the same machine. */
export function addressOf({ settings, httpNode }: NodeAPI, path: string): string {
  const { uiHost, uiPort, https } = settings as {
    uiHost?: string;
    uiPort?: number | string;
    https?: unknown;
  };
  const host = !uiHost || EVERY_HOST.has(uiHost) ? '127.0.0.1' : uiHost;
  const origin = `${https ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}`;
  return `${origin}:${uiPort ?? 1880}${withoutTrailingSlash(`${httpNode.path()}${path}`)}`;
}

/** What a server listens on to be reached by any name. */
const EVERY_HOST = new Set(['0.0.0.0', '::']);

function mount(app: Application, guard: Middleware): Route {
  const endpoints = new Map<string, WebhookEndpoint>();
  const middleware: Middleware = (request, response, next) => {
    const endpoint = endpoints.get(withoutTrailingSlash(pathOf(request)));
    if (!endpoint) return next();
    guard(request, response, (error) =>
      error === undefined || error === null ? void endpoint.handle(request, response) : next(error),
    );
  };
  app.use(middleware as unknown as RequestHandler);
  moveAhead(stackOf(app), middleware);
  const route = { endpoints, middleware };
  routes.set(app, route);
  return route;
}

function unmount(app: Application, { middleware }: Route): void {
  routes.delete(app);
  const stack = stackOf(app);
  const index = stack.findIndex(({ handle }) => handle === middleware);
  if (index >= 0) stack.splice(index, 1);
}

/** Ahead of all but Express's own layers, which make requests what `httpNodeMiddleware` expects (`res.sendStatus`). */
function moveAhead(stack: Layer[], middleware: Middleware): void {
  const index = stack.findIndex(({ handle }) => handle === middleware);
  const [layer] = stack.splice(index, 1);
  const place = stack.findLastIndex(({ name }) => OF_EXPRESS.has(name)) + 1;
  stack.splice(place, 0, layer!);
}

/** Express 4 keeps these in the stack; Express 5 does their work elsewhere. */
const OF_EXPRESS = new Set(['query', 'expressInit']);

interface Layer {
  name: string;
  handle: unknown;
}

/** Express has no public way to order layers; core's HTTP In reaches for the same list. */
function stackOf(app: Application): Layer[] {
  const { _router: router } = app as unknown as { _router?: { stack: Layer[] } };
  return (router ?? app.router).stack;
}

function rootOf(app: Application): Application {
  const { parent } = app as unknown as { parent?: Application };
  return parent ? rootOf(parent) : app;
}

/** What `httpNodeMiddleware` in Node-RED's settings puts in front of every HTTP node. */
function guardOf(RED: NodeAPI): Middleware {
  const { httpNodeMiddleware: configured } = RED.settings as {
    httpNodeMiddleware?: Middleware | Middleware[];
  };
  const layers = configured === undefined ? [] : [configured].flat();
  return layers.reduceRight<Middleware>(
    (rest, layer) => (request, response, next) =>
      layer(request, response, (error) => (error ? next(error) : rest(request, response, next))),
    (_request, _response, next) => next(),
  );
}

const pathOf = (request: IncomingMessage): string => (request.url ?? '').split('?', 1)[0]!;

const withoutTrailingSlash = (path: string): string =>
  path.replaceAll(/\/{2,}/g, '/').replace(/\/$/, '');
