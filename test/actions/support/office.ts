import { shapesFor } from '../../../src/actions/shapes';
import type { Account } from '../../../src/actions';
import { Keys, Records, type KeyValueStore } from '../../../src/records';
import {
  PRESETS,
  type AccountState,
  type CallCounts,
  type ContactRecord,
} from '../../../src/rules';
import { parseWebhook, type WebhookChange } from '../../../src/webhooks';
import { FakeWhatsApp, PHONE_NUMBER_ID } from '../../cloud-api/fake-whatsapp';
import { MapStore } from '../../records/support/map-store';
import { HEARD } from '../../webhooks/fixtures';

/** An account with real records, in memory, and a real client of a WhatsApp that behaves as told. */
export class Office {
  readonly whatsapp = new FakeWhatsApp();
  readonly store = new MapStore();
  /** Epoch milliseconds. */
  now = HEARD;
  account!: Account;
  #keys = 0;

  async open(): Promise<void> {
    await this.whatsapp.start();
    this.account = this.accountOn(this.store);
  }

  /** The account as another process has it, whose records are in `store`. */
  accountOn(store: KeyValueStore): Account {
    const now = () => this.now;
    return {
      cloudApi: this.whatsapp.client({ now, lookUpsPerSecond: Infinity }),
      records: this.#records(store),
      policy: { ...PRESETS.meta, pauseAfterReconsider: 0, pauseBeforeRevocation: 0 },
      clock: { now, schedule: () => () => undefined },
      newKey: () => `key-${(this.#keys += 1)}`,
    };
  }

  close(): Promise<void> {
    return this.whatsapp.stop();
  }

  /** The changes of a webhook body that arrives now. */
  read(body: unknown): WebhookChange[] {
    return parseWebhook(body, this.now);
  }

  /** How many requests and calls were sent to WhatsApp. */
  get posts(): number {
    return this.whatsapp.seen.filter(({ method }) => method === 'POST').length;
  }

  #records(store: KeyValueStore): Records<ContactRecord, AccountState, CallCounts> {
    return new Records<ContactRecord, AccountState, CallCounts>({
      store,
      keys: new Keys({ phoneNumberId: PHONE_NUMBER_ID, simulated: false }),
      ...shapesFor(PRESETS.meta, false),
      report: () => undefined,
    });
  }
}

/** What WhatsApp says of somebody who may be called, or of one who was never asked. */
export const standing = (status: 'permanent' | 'no_permission') => ({
  body: {
    messaging_product: 'whatsapp',
    permission: { status },
    actions: [
      { action_name: 'send_call_permission_request', can_perform_action: status !== 'permanent' },
      { action_name: 'start_call', can_perform_action: status === 'permanent' },
    ],
  },
});
