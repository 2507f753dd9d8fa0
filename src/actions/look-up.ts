import { CloudApiError } from '../cloud-api';
import type { ContactNames, Fact } from '../rules';
import type { Account } from './account';
import { factsOfRefusal, isRefusal, rememberAnswer, rememberRefusal } from './refusals';

/** What a look-up taught about the contact. */
export interface LookedUp {
  facts: Fact[];
  /** Where WhatsApp refused to answer: why. What it says about the whole number is kept already. */
  refusal: CloudApiError | null;
}

/**
 * Asks WhatsApp how a contact stands.
 *
 * @throws {CloudApiError} where WhatsApp cannot be asked or its answer cannot be read: then nothing is known
 * @throws {RecordsError} where a refusal cannot be kept, or what an answer says of the whole number
 */
export async function askWhatsApp(account: Account, contact: ContactNames): Promise<LookedUp> {
  try {
    const { sentAt, answer } = await account.cloudApi.lookUpPermission(contact);
    await rememberAnswer(account, sentAt);
    return { facts: [{ type: 'whatsapp-answered', at: sentAt, answer }], refusal: null };
  } catch (error) {
    if (!(error instanceof CloudApiError && isRefusal(error))) throw error;
    await rememberRefusal(account, error);
    return { facts: factsOfRefusal(error, account.clock.now()), refusal: error };
  }
}
