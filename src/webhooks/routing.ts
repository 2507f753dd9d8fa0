import type { WebhookChange } from './change';
import type { WebhookReceiver } from './receiver';

const MOST_NUMBERS_REMEMBERED = 1_000;
const FOREIGN_SECRET =
  'A webhook for this number was signed with the app secret of another account only: dropped.';

/**
 * Decides which account a change of a signed body is for: the one that owns its number, and only if one of that
 * account's own secrets signed the body. Otherwise the secret of one app could speak for the number of another.
 */
export class Router {
  /** Display numbers by phone number id, as signed webhooks told them. */
  readonly #displayNumbers = new Map<string, string>();
  readonly #reported = new Set<string>();

  /** Changes by receiver; those of numbers that are not to be served are dropped with a log line. */
  route(
    changes: readonly WebhookChange[],
    receivers: Iterable<WebhookReceiver>,
    signers: readonly WebhookReceiver[],
  ): Map<WebhookReceiver, WebhookChange[]> {
    const all = [...receivers];
    const routed = new Map<WebhookReceiver, WebhookChange[]>();
    const give = (receiver: WebhookReceiver, change: WebhookChange): void => {
      const given = routed.get(receiver);
      if (given === undefined) routed.set(receiver, [change]);
      else given.push(change);
    };
    const spokenFor = new Set<WebhookReceiver>();
    for (const change of changes) {
      const owners = all.filter((receiver) => this.#owns(receiver, change));
      for (const owner of owners) {
        if (signers.includes(owner)) {
          this.#learn(change);
          give(owner, change);
        } else spokenFor.add(owner);
      }
      if (owners.length > 0) continue;
      if (namesNumber(change)) this.#reportUnknown(change, signers[0]);
      else for (const signer of signers) give(signer, withoutEffect(change));
    }
    for (const owner of spokenFor) owner.log('warn', FOREIGN_SECRET);
    return routed;
  }

  #owns(receiver: WebhookReceiver, change: WebhookChange): boolean {
    if (change.phoneNumberId !== null) return receiver.phoneNumberId === change.phoneNumberId;
    if (change.displayNumber !== null) return this.#numberOf(receiver) === change.displayNumber;
    const businessAccountId = change.businessAccountId ?? null;
    return businessAccountId !== null && receiver.businessAccountId === businessAccountId;
  }

  /** What WhatsApp calls the number comes before what somebody typed. */
  #numberOf(receiver: WebhookReceiver): string | null {
    return this.#displayNumbers.get(receiver.phoneNumberId) ?? receiver.displayNumber;
  }

  #learn({ phoneNumberId, displayNumber }: WebhookChange): void {
    if (phoneNumberId !== null && displayNumber !== null) {
      this.#displayNumbers.set(phoneNumberId, displayNumber);
    }
  }

  #reportUnknown(change: WebhookChange, signer: WebhookReceiver | undefined): void {
    const number =
      change.phoneNumberId === null
        ? `the number ending in ${change.displayNumber?.slice(-4)}`
        : `the phone number id ${change.phoneNumberId}`;
    if (this.#reported.has(number) || this.#reported.size >= MOST_NUMBERS_REMEMBERED) return;
    this.#reported.add(number);
    signer?.log('warn', `Webhooks arrive for ${number}, which no account has: dropped.`);
  }
}

function namesNumber(change: WebhookChange): boolean {
  return change.phoneNumberId !== null || change.displayNumber !== null;
}

/** Nobody knows for which number it is: it may be told, but it must not change anything. */
function withoutEffect(change: WebhookChange): WebhookChange {
  if (change.kind === 'other') return change;
  const { phoneNumberId, displayNumber, businessAccountId, id, at, raw } = change;
  const contact = change.kind === 'contact' ? change.contact : null;
  return { kind: 'other', phoneNumberId, displayNumber, businessAccountId, id, at, raw, contact };
}
