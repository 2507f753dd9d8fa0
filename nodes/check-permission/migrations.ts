import { adding, type Migration } from '../common/migrations';

/** What takes a node's settings from version to version. */
export const MIGRATIONS: readonly Migration[] = [
  adding({
    name: '',
    account: '',
    contact: 'payload',
    contactType: 'msg',
    ask: 'auto',
    remind: false,
  }),
];
