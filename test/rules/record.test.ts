import { deepEqual, equal } from 'node:assert/strict';
import {
  HOUR,
  MINUTE,
  apply,
  emptyRecord,
  isContactRecord,
  isEmptyRecord,
  join,
  type Fact,
} from '../../src/rules';
import {
  START,
  answered,
  callStep,
  connected,
  ended,
  granted,
  placed,
  recordOf,
  requestAccepted,
  requested,
} from './support/facts';

const heard = (fact: Fact, at: number): Fact => ({ ...fact, heard: at });

describe('the record', () => {
  it('of nothing is empty', () => {
    equal(isEmptyRecord(emptyRecord()), true);
    equal(isEmptyRecord(recordOf(requested(START))), false);
  });

  it('is never changed in place', () => {
    const record = Object.freeze(recordOf(requested(START)));
    const before = structuredClone(record);
    apply(record, requestAccepted(START + 1));
    deepEqual(record, before);
  });

  it('is plain JSON that a store gives back as a record', () => {
    const record = recordOf(
      requested(START),
      granted(START),
      answered(START),
      ...connected(START, 'c1'),
    );
    const stored: unknown = JSON.parse(JSON.stringify(record));
    deepEqual(stored, record);
    equal(isContactRecord(stored), true);
  });

  it('dates what WhatsApp told at the end of its second, and never after we heard of it', () => {
    const at = (heardAt: number) => recordOf(heard(granted(START), heardAt)).permission?.[0]?.at;
    equal(at(START + 300), START + 300);
    equal(at(START + 5000), START + 999);
  });

  it('takes a fact dated in the future as of now', () => {
    const future = heard(granted(START + HOUR), START);
    equal(recordOf(future).permission?.[0]?.at, START);
  });

  it('keeps the first telling of what is told twice', () => {
    const record = recordOf(
      heard(granted(START), START + 300),
      heard(granted(START), START + MINUTE),
    );
    deepEqual(record, recordOf(heard(granted(START), START + 300)));
  });

  it('unites what is known by our key, by its id, and by both, in any order', () => {
    const facts: Fact[] = [
      requested(START),
      { type: 'request-delivered', at: START + 2, id: 'wamid.r1' },
      requestAccepted(START + 1),
    ];
    const [request, ...others] = recordOf(...facts).requests ?? [];
    deepEqual(others, []);
    deepEqual(request, {
      key: 'r1',
      id: 'wamid.r1',
      at: START,
      kind: 'free-form',
      acceptedAt: START + 1,
      deliveredAt: START + 2,
    });
    deepEqual(recordOf(...facts.toReversed()), recordOf(...facts));
  });

  it('keeps the memo with its request or call, and the latest with the contact', () => {
    const record = recordOf(
      { ...requested(START), memo: { step: 1 } } as Fact,
      { ...placed(START + 1), memo: 'call' } as Fact,
    );
    deepEqual(record.requests?.[0]?.memo, { step: 1 });
    equal(record.calls?.[0]?.memo, 'call');
    deepEqual(record.memo, { at: START + 1, value: 'call' });
  });

  describe('the service window', () => {
    const opened = (...facts: Fact[]) => recordOf(...facts).wroteAt;

    it('opens with a message of the user, the latest', () => {
      const wrote = (at: number): Fact => ({ type: 'user-wrote', at, id: `wamid.${at}` });
      equal(opened(wrote(START + 1), wrote(START)), START + 1);
    });

    it('opens with a call of the user, answered or not', () => {
      equal(opened(callStep('connecting', START, 'u1', 'user')), START);
      equal(opened(ended(START, 'u1', { direction: 'user' })), START);
      equal(opened(ended(START + HOUR, 'u1', { startedAt: START, direction: 'user' })), START);
    });

    it('opens with our call that the user accepts, not with one that just rings', () => {
      equal(opened(callStep('answered', START)), START);
      equal(opened(ended(START + HOUR, 'c1', { startedAt: START })), START);
      equal(opened(callStep('ringing', START), ended(START)), undefined);
    });

    it('opens at the beginning of the second that WhatsApp told', () => {
      equal(opened(heard(callStep('answered', START), START + HOUR)), START);
    });
  });

  it('joined with an empty one is itself', () => {
    const record = recordOf(requested(START), granted(START));
    deepEqual(join(record, emptyRecord()), record);
    deepEqual(join(emptyRecord(), record), record);
  });
});
