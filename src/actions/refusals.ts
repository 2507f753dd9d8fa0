import type { CloudApiError, CloudApiErrorCode } from '../cloud-api';
import {
  DAY,
  HOUR,
  MINUTE,
  SILENT_CALL_ENDS,
  accountBlockedUntil,
  applyToAccount,
  freedByAnswer,
  type AccountBlockReason,
  type BlockReason,
  type Fact,
} from '../rules';
import type { Account } from './account';

/** What a refusal of WhatsApp teaches about the contact. Where it names no end, how long we hold back (ms). */
const ABOUT_CONTACT: Partial<
  Record<CloudApiErrorCode, 'none' | 'permanent' | { reason: BlockReason; for: number }>
> = {
  'no-permission': 'none',
  'permanent-permission-held': 'permanent',
  'request-limit': { reason: 'requests-per-24h', for: DAY },
  'connected-call-limit': { reason: 'connected-calls-per-24h', for: DAY },
  'recipient-uncallable': { reason: 'recipient-uncallable', for: DAY },
  undeliverable: { reason: 'recipient-uncallable', for: DAY },
  'call-in-progress': { reason: 'call-in-progress', for: SILENT_CALL_ENDS },
  'contact-rate-limited': { reason: 'rate-limited', for: MINUTE },
};

/** What a refusal teaches about the whole number. WhatsApp names no end: how long until we try again (ms). */
const ABOUT_ACCOUNT: Partial<
  Record<CloudApiErrorCode, { reason: AccountBlockReason; for: number; answersNothing?: true }>
> = {
  'account-restricted': { reason: 'account-restricted', for: DAY },
  'calling-not-enabled': { reason: 'account-not-eligible', for: HOUR, answersNothing: true },
  'country-not-eligible': { reason: 'account-not-eligible', for: HOUR },
  'sip-enabled': { reason: 'account-not-eligible', for: HOUR },
  'rate-limited': { reason: 'rate-limited', for: MINUTE },
  'look-up-rate-limited': { reason: 'rate-limited', for: MINUTE },
  'concurrent-calls': { reason: 'concurrent-calls', for: MINUTE },
  'daily-initiations': { reason: 'daily-initiations', for: HOUR },
};

/** Whether an error is an answer ("you may not now") and not a fault. */
export const isRefusal = ({ outcome, code }: CloudApiError): boolean =>
  outcome === 'refused' && (code in ABOUT_CONTACT || code in ABOUT_ACCOUNT);

/** What a refusal says about the contact at `at` (epoch milliseconds), as facts. */
export function factsOfRefusal({ code, retryAfter }: CloudApiError, at: number): Fact[] {
  const lesson = ABOUT_CONTACT[code];
  if (lesson === undefined) return [];
  if (typeof lesson === 'string') return [{ type: 'whatsapp-told', at, status: lesson }];
  return [{ type: 'blocked', at, reason: lesson.reason, until: at + (retryAfter ?? lesson.for) }];
}

/** Keeps what it says about the whole number that WhatsApp answered a look-up sent at `sentAt` (epoch milliseconds). */
export async function rememberAnswer({ records }: Account, sentAt: number): Promise<void> {
  if (freedByAnswer(await records.readAccount(), sentAt) === null) return;
  await records.updateAccount((state) => {
    const fact = freedByAnswer(state, sentAt);
    return { state: fact === null ? state : applyToAccount(state, fact), result: undefined };
  });
}

/** Keeps what a refusal says about the whole number. A block that is known to last longer stays as it is. */
export async function rememberRefusal(
  account: Account,
  { code, retryAfter }: CloudApiError,
): Promise<void> {
  const lesson = ABOUT_ACCOUNT[code];
  if (lesson === undefined) return;
  const at = account.clock.now();
  await account.records.updateAccount((state) => {
    const until = at + (retryAfter ?? lesson.for);
    const known = accountBlockedUntil(state, lesson.reason, at);
    if (known !== null && known >= until) return { state, result: undefined };
    const { reason, answersNothing } = lesson;
    const silence = answersNothing ? { answersNothing } : {};
    const guess = retryAfter === null ? ({ guessed: true } as const) : {};
    const fact = { type: 'account-blocked', at, reason, until, ...guess, ...silence } as const;
    return { state: applyToAccount(state, fact), result: undefined };
  });
}
