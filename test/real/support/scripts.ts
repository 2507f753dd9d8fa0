import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** A Node.js and the Node-RED to run on it. */
export interface Runtime {
  name: string;
  node: string;
  /** Folder of the package. */
  nodeRed: string;
  /** Why it cannot be used; null where it can. */
  missing: string | null;
}

export interface RunningNodeRed {
  url: string;
  output(): string;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** What the project's own scripts do, and tests need too. */
interface Scripts {
  allRuntimes: () => Runtime[];
  buildIfNeeded: () => void;
  freePort: (preferred?: number) => Promise<number>;
  startNodeRed: (options: {
    runtime: Runtime;
    userDir: string;
    port: number;
    env?: Record<string, string>;
  }) => Promise<RunningNodeRed>;
  until: <T>(what: string, ask: () => T | Promise<T>, deadline?: number) => Promise<NonNullable<T>>;
  QUIET_SETTINGS: object;
}

const FILES = ['build', 'node-red', 'ports', 'runtimes', 'until', 'user-dir'];

/** The scripts are modules of the other kind, hence this way to them. */
export const scripts: Promise<Scripts> = Promise.all(
  FILES.map((name) => import(pathToFileURL(path.resolve('scripts/lib', `${name}.mjs`)).href)),
).then((modules) => Object.assign({}, ...modules));

/** How the runtimes are called where it is not yet known which versions are installed. */
export const RUNTIMES = ['Node-RED of the dev dependencies', 'Node-RED 5 on Node.js 24'];
