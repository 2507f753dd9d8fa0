import { execFile } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  renameSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { getSystemErrorName } from 'node:util';
import type * as Lmdb from 'lmdb';
import { RecordsError } from './records-error';

/** What LMDB offers. */
type Library = typeof Lmdb;

/** An open file of records: JSON texts under keys. */
export type Database = Lmdb.RootDatabase<string, string>;

export interface DiskOptions {
  /** The folder of the file; it is made where only it is missing. Nobody but the user who runs Node-RED can look into it. */
  folder: string;
  /** Hears of a damaged file that was set aside. */
  report: (message: string) => void;
}

/** An open file, and which one it is: another may have taken its place. */
export interface DiskFile {
  database: Database;
  /** The number of the file in its file system. */
  inode: number;
}

const NAME = 'records.lmdb';

/** Where the records lie in a folder. */
export const pathIn = (folder: string): string => join(folder, NAME);

/** The number of the file that lies in the folder now; null where there is none. */
export const inodeIn = (folder: string): number | null =>
  statSync(pathIn(folder), { throwIfNoEntry: false })?.ino ?? null;

/**
 * Opens the file in the folder and makes it where there is none. A damaged one is set aside under another name.
 *
 * @throws {RecordsError} `records-not-available` without the `lmdb` package; `records-unavailable` where the file cannot
 *   be written
 */
export async function openFile({ folder, report }: DiskOptions): Promise<DiskFile> {
  const library = load();
  const path = pathIn(folder);
  try {
    prepare(folder, path);
    const fault = statSync(path).size === 0 ? null : await faultOf(path);
    if (fault !== null) {
      setAside(path, fault, report);
      prepare(folder, path);
    }
    const { ino: inode } = statSync(path);
    const database = library.open<string, string>({
      path,
      noSubdir: true,
      encoding: 'string',
      // A change counts as acknowledged only when it is on the disk.
      overlappingSync: false,
    });
    chmodSync(`${path}-lock`, 0o600);
    return { database, inode };
  } catch (cause) {
    throw unavailable('could not be opened on disk', cause);
  }
}

/** Says that the records cannot be used, with the system's code and nothing of what is stored. */
export function unavailable(fault: string, cause: unknown): RecordsError {
  if (cause instanceof RecordsError) return cause;
  const code = codeOf(cause);
  const reason = code === null ? '' : ` (${code})`;
  return new RecordsError('records-unavailable', `The records ${fault}${reason}`, { cause });
}

/** LMDB gives the system's codes as numbers. */
function codeOf(cause: unknown): string | null {
  if (!(cause instanceof Error) || !('code' in cause)) return null;
  const { code } = cause;
  return typeof code === 'number' && code > 0 ? getSystemErrorName(-code) : String(code);
}

function load(): Library {
  try {
    return require('lmdb') as Library;
  } catch (cause) {
    throw new RecordsError(
      'records-not-available',
      'Records on disk need the package lmdb, which is not installed: npm install lmdb',
      { cause },
    );
  }
}

/** LMDB would wait for ever for a folder that does not exist, and gives no file these permissions. */
function prepare(folder: string, path: string): void {
  if (!existsSync(folder)) makeFolder(folder);
  closeSync(openSync(path, 'a', 0o600));
}

/** Another process may have made it meanwhile. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (!existsSync(folder)) throw error;
  }
}

/** How long a file is read at most, milliseconds. A million records take a few seconds. */
const PATIENCE = 120_000;

/** What is wrong inside the file; null where all of it can be read. */
function faultOf(path: string): Promise<string | null> {
  const script = require.resolve('./disk-check');
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [script, path], { timeout: PATIENCE }, (error, output) => {
      if (error === null && /^\d+\n$/.test(output)) return resolve(null);
      if (error?.killed || typeof error?.code === 'string') return reject(error);
      resolve(error?.signal ?? 'it cannot be read');
    });
  });
}

function setAside(path: string, fault: string, report: DiskOptions['report']): void {
  const aside = `${path}.damaged-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`;
  renameSync(path, aside);
  if (existsSync(`${path}-lock`)) renameSync(`${path}-lock`, `${aside}-lock`);
  report(
    `The records on disk are damaged (${fault}). They were set aside as ${aside}. ` +
      'What they held is unknown now, opt-outs too: put a copy back, or ask WhatsApp before you call.',
  );
}
