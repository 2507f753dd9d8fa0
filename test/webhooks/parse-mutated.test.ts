import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { Keys } from '../../src/records';
import { isSafeKey } from '../../src/records/keys';
import {
  PRESETS,
  apply,
  applyToAccount,
  decide,
  emptyAccountState,
  emptyRecord,
  isAccountState,
  isContactRecord,
  tidy,
  type AccountState,
  type ContactRecord,
  type Fact,
} from '../../src/rules';
import { parseWebhook, type WebhookChange } from '../../src/webhooks';
import { HEARD, PHONE_NUMBER_ID, T } from './fixtures';
import { BODIES, holdsGrant, mutatedBody } from './mutation';
import { assertSound } from './sound';

const RUNS = { numRuns: Number(process.env['RUNS'] ?? 2_000) };
const keys = new Keys({ phoneNumberId: PHONE_NUMBER_ID, simulated: false });

const before = (facts: Fact[]): ContactRecord => facts.reduce(apply, emptyRecord());

/** What may be known of the contact when the body arrives; none of them may be called. */
const KNOWN: Record<string, ContactRecord> = {
  nothing: emptyRecord(),
  'a request that waits': before([
    { type: 'requested', at: T * 1000, key: 'r1', kind: 'free-form' },
    { type: 'request-accepted', at: T * 1000, key: 'r1', id: 'wamid.SIM0001' },
  ]),
  'a call that went out without an answer yet': before([
    { type: 'placed', at: T * 1000, key: 'flow42:msg9' },
  ]),
  'a permission that ran out': before([
    {
      type: 'granted',
      at: (T - 700_000) * 1000,
      id: 'wamid.old',
      kind: 'temporary',
      expiresAt: (T - 1) * 1000,
      request: null,
    },
  ]),
};
const OPTED_OUT = before([{ type: 'opted-out', at: T * 1000 }]);

function recordAfter(known: ContactRecord, changes: readonly WebhookChange[]): ContactRecord {
  return changes.reduce(
    (record, change) =>
      change.kind === 'contact' ? tidy(apply(record, change.fact), HEARD) : record,
    known,
  );
}

function accountAfter(changes: readonly WebhookChange[]): AccountState {
  return changes.reduce(
    (state, change) => (change.kind === 'account' ? applyToAccount(state, change.fact) : state),
    emptyAccountState(),
  );
}

const isPlainJson = (value: unknown): void =>
  assert.deepEqual(JSON.parse(JSON.stringify(value)), value);

const ofEveryObject = (): string[] => Object.getOwnPropertyNames(Object.prototype).toSorted();

describe("WhatsApp's own webhooks, tampered with in a few places", () => {
  it('give changes with sound times and names only, and reach no prototype', () => {
    const untouched = ofEveryObject();
    fc.assert(
      fc.property(mutatedBody, (body) => {
        for (const change of parseWebhook(body, HEARD)) {
          assertSound(change);
          assert.doesNotThrow(() => structuredClone(change));
          if (change.kind !== 'contact') continue;
          const { waId, userId, phone } = change.contact;
          if (waId === null && userId === null && phone === null) continue;
          assert.ok(keys.contact(change.contact).every(isSafeKey));
        }
        assert.deepEqual(ofEveryObject(), untouched);
      }),
      RUNS,
    );
  });

  it('never make a record or an account that could not be read again', () => {
    fc.assert(
      fc.property(mutatedBody, fc.constantFrom(...Object.keys(KNOWN)), (body, known) => {
        const changes = parseWebhook(body, HEARD);
        const record = recordAfter(KNOWN[known] ?? OPTED_OUT, changes);
        const account = accountAfter(changes);
        assert.ok(isContactRecord(record) && isAccountState(account));
        isPlainJson(record);
        isPlainJson(account);
        for (const change of changes) if (change.kind === 'contact') isPlainJson(change.fact);
      }),
      RUNS,
    );
  });

  it('never make anybody callable unless somebody allowed it in the body', () => {
    let withGrant = 0;
    fc.assert(
      fc.property(mutatedBody, (body) => {
        const changes = parseWebhook(body, HEARD);
        const isGranted = holdsGrant(body);
        withGrant += Number(isGranted);
        for (const policy of [PRESETS.cautious, PRESETS.meta]) {
          for (const known of isGranted ? [] : Object.values(KNOWN)) {
            const verdict = decide(recordAfter(known, changes), emptyAccountState(), policy, HEARD);
            assert.ok(!verdict.canCall && verdict.state !== 'callable');
          }
          const verdict = decide(
            recordAfter(OPTED_OUT, changes),
            emptyAccountState(),
            policy,
            HEARD,
          );
          assert.equal(verdict.reason, 'opted-out');
        }
      }),
      RUNS,
    );
    assert.ok(withGrant > 0, 'no body held a grant');
  });

  it('untouched, make somebody callable by the two grants only', () => {
    const callable = BODIES.filter((body) => {
      const record = recordAfter(emptyRecord(), parseWebhook(body, HEARD));
      return decide(record, emptyAccountState(), PRESETS.meta, HEARD).canCall;
    });
    assert.deepEqual(callable, BODIES.filter(holdsGrant));
    assert.equal(callable.length, 2);
  });
});
