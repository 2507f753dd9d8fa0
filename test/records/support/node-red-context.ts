import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from '../../../src/records/context-store';

interface NodeRedContexts {
  init(settings: object): void;
  load(): Promise<unknown>;
  close(): Promise<unknown>;
  getFlowContext(flowId: string): Context;
  get(nodeId: 'global'): Context;
}

/** Node-RED's own contexts, with a memory and two file stores. */
export interface NodeRedContext {
  flow: Context;
  global: Context;
  /** Writes what is pending and reads everything again from the files, as a restart does. */
  restart(): Promise<void>;
  /** Closes the stores and removes their files. */
  end(): Promise<void>;
}

export type StoreName = 'memory' | 'file' | 'uncached';

/** Starts Node-RED's contexts with the stores `memory`, `file` and `uncached` in a temporary folder. */
export async function startNodeRedContext(): Promise<NodeRedContext> {
  const folder = await mkdtemp(join(tmpdir(), 'whatsapp-calling-records-'));
  let contexts = await open(folder);
  return {
    get flow() {
      return contexts.getFlowContext('flow1');
    },
    get global() {
      return contexts.get('global');
    },
    async restart() {
      await contexts.close();
      contexts = await open(folder);
    },
    async end() {
      await contexts.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function open(dir: string): Promise<NodeRedContexts> {
  const contexts = ownCopy();
  contexts.init({
    functionGlobalContext: { theirs: 1 },
    contextStorage: {
      memory: { module: 'memory' },
      file: { module: 'localfilesystem', config: { dir, base: 'cached' } },
      uncached: { module: 'localfilesystem', config: { dir, base: 'uncached', cache: false } },
    },
  });
  await contexts.load();
  return contexts;
}

/** The module is one for the whole process, and a Node-RED that other tests start uses it too. */
function ownCopy(): NodeRedContexts {
  const path = require.resolve('@node-red/runtime/lib/nodes/context/index.js');
  const shared = require.cache[path];
  delete require.cache[path];
  const own: NodeRedContexts = require(path);
  if (shared) require.cache[path] = shared;
  else delete require.cache[path];
  return own;
}
