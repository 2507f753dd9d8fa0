import { adding, type Migration } from '../common/migrations';

/** What takes a node's settings from version to version. */
export const MIGRATIONS: readonly Migration[] = [
  // Of all actions an opt-out does the least harm where none is named.
  adding({ name: '', account: '', contact: 'payload', contactType: 'msg', action: 'opt-out' }),
];
