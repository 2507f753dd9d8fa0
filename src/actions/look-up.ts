import { CloudApiError } from '../cloud-api';
import type { ContactNames, Fact } from '../rules';
import type { Account } from './account';
import { factsOfRefusal, isRefusal, rememberRefusal } from './refusals';

/**
 * Asks WhatsApp how a contact stands. What a refusal says about the whole number is kept; about the contact it may
 * say nothing, then there are no facts.
 *
 * @throws {CloudApiError} where WhatsApp cannot be asked or its answer cannot be read: then nothing is known
 * @throws {RecordsError} where a refusal cannot be kept
 */
export async function askWhatsApp(account: Account, contact: ContactNames): Promise<Fact[]> {
  try {
    const { sentAt, answer } = await account.cloudApi.lookUpPermission(contact);
    return [{ type: 'whatsapp-answered', at: sentAt, answer }];
  } catch (error) {
    if (!(error instanceof CloudApiError && isRefusal(error))) throw error;
    await rememberRefusal(account, error);
    return factsOfRefusal(error, account.clock.now());
  }
}
