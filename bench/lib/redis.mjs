import { spawn } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';

/** Appends every change to a file before it answers. */
export const DURABLE = ['--appendonly', 'yes', '--appendfsync', 'always'];

/** Starts a Redis of one's own at a port of this machine, its files in `dir`; a child process. */
export async function startRedis(port, dir, options) {
  const args = ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--dir', dir];
  const server = spawn('redis-server', [...args, ...options], { stdio: 'ignore' });
  await wait(700);
  return server;
}
