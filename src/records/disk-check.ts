import { open } from 'lmdb';

/**
 * Reads a whole file of records, in a process of its own: where the file is damaged, LMDB, which maps it into memory,
 * takes the process down with it.
 */
const [, , path] = process.argv;
const database = open<string, string>({
  path: path!,
  noSubdir: true,
  encoding: 'string',
  readOnly: true,
});
let length = 0;
for (const { value } of database.getRange()) length += value.length;
process.stdout.write(`${length}\n`);
