import { equal } from 'node:assert/strict';
import { DAY, HOUR, MINUTE, SECOND, serviceWindowUntil, type Fact } from '../../src/rules';
import { START, callStep, ended, granted, recordOf } from './support/facts';

const heard = (fact: Fact, at: number): Fact => ({ ...fact, heard: at });
const LASTS = DAY - 5 * MINUTE;
const until = (...facts: Fact[]) => serviceWindowUntil(recordOf(...facts));
const wrote = (at: number): Fact => ({ type: 'user-wrote', at, id: `wamid.${at}` });
const moved = (at: number): Fact => ({ type: 'number-changed', at, id: `wamid.moved.${at}` });
const declined = (at: number): Fact => ({
  type: 'refused',
  at,
  id: 'wamid.no',
  request: 'wamid.r1',
  automatic: false,
});

describe('the service window', () => {
  it('is not open where nothing was heard of the user', () => equal(until(), null));

  it('is taken to be open for 24 hours less 5 minutes', () =>
    equal(until(wrote(START)), START + LASTS));

  it('runs from the last message or call', () => {
    const facts = [wrote(START + HOUR), wrote(START), callStep('connecting', START, 'u1', 'user')];
    equal(until(...facts), START + HOUR + LASTS);
  });

  it('is opened by a call of the user, answered or not', () => {
    equal(until(callStep('connecting', START, 'u1', 'user')), START + LASTS);
    equal(until(ended(START, 'u1', { direction: 'user' })), START + LASTS);
  });

  it('is opened by our call when the user accepts it, and not when it rings, is rejected or missed', () => {
    equal(until(callStep('answered', START)), START + LASTS);
    for (const facts of [
      [callStep('connecting', START), callStep('ringing', START)],
      [callStep('rejected', START)],
      [callStep('ringing', START), ended(START + MINUTE)],
    ])
      equal(until(...facts), null);
  });

  it('is not opened by the answer to a request: whether WhatsApp does so is not published', () => {
    equal(until(granted(START)), null);
    equal(until(declined(START)), null);
  });

  it('runs from our own clock where WhatsApp’s is ahead, and from WhatsApp’s where ours is', () => {
    equal(until(heard(wrote(START + 10 * MINUTE), START)), START + LASTS);
    equal(until(heard(wrote(START), START + 10 * MINUTE)), START + LASTS);
  });

  it('is shut by another number of the user, also in the same second, until something comes from there', () => {
    equal(until(wrote(START), moved(START + HOUR)), null);
    equal(until(heard(wrote(START), START + 200), heard(moved(START), START + 300)), null);
    equal(until(wrote(START + HOUR), moved(START)), START + HOUR + LASTS);
    equal(until(moved(START + SECOND), granted(START + HOUR), wrote(START)), null);
  });

  it('stays what it is, however often and in whatever order the facts come', () => {
    const facts = [wrote(START), moved(START + MINUTE), callStep('answered', START + HOUR)];
    equal(until(...facts), until(...facts.toReversed(), ...facts));
  });
});
