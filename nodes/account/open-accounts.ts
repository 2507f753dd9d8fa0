import type { Account } from '../../src/actions';
import type { CallHolders } from './call-holders';
import { SettingsError } from '../common/coded-error';

/** An account that is deployed and connected. */
export interface OpenAccount extends Account {
  /** ISO 3166-1 alpha-2 of national numbers; empty where only international ones are accepted. */
  country: string;
  isSimulated: boolean;
  holders: CallHolders;
}

/** An account that is deployed: being connected, or with something wrong in its settings. */
export interface DeployedAccount {
  /** Connection and phone number id: one number, one ledger. Null where the settings do not tell. */
  number: string | null;
  opening: Promise<OpenAccount>;
  /** What is wrong with it, as far as its settings and the flows tell; null where nothing is. */
  problem: () => Error | null;
}

const deployed = new Map<string, DeployedAccount>();

/** Makes an account known to the nodes that use it; returns what takes it away. */
export function announceAccount(id: string, account: DeployedAccount): () => void {
  deployed.set(id, account);
  return () => {
    if (deployed.get(id) === account) deployed.delete(id);
  };
}

/** What keeps the account with this node id from working, as far as its settings tell; null where nothing does. */
export function problemOf(id: string): Error | null {
  const account = deployed.get(id);
  if (!account)
    return new SettingsError('account-missing', 'The node has no account, or it is disabled.');
  const problem = account.problem();
  if (problem) return problem;
  const sharing = [...deployed.values()].filter(
    ({ number }) => number !== null && number === account.number,
  );
  if (sharing.length < 2) return null;
  return new SettingsError(
    'number-used-twice',
    'Two accounts use the same phone number id. Keep one of them.',
  );
}

/**
 * The account with this node id, connected.
 *
 * @throws {SettingsError} `account-missing`, `number-used-twice` (two ledgers for one number would break its
 *   limits), or whatever is wrong with its settings
 */
export async function openAccount(id: string): Promise<OpenAccount> {
  const problem = problemOf(id);
  if (problem) throw problem;
  return deployed.get(id)!.opening;
}
