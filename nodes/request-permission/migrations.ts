import { adding, type Migration } from '../common/migrations';

/** What takes a node's settings from version to version. */
export const MIGRATIONS: readonly Migration[] = [
  adding({
    name: '',
    account: '',
    contact: 'payload',
    contactType: 'msg',
    kind: 'free-form',
    body: '',
    bodyType: 'str',
    template: '',
    language: 'en_US',
    parameters: '[]',
    parametersType: 'json',
    remind: false,
  }),
];
