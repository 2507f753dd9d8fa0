import assert, { deepEqual, equal } from 'node:assert/strict';
import {
  DAY,
  HOUR,
  SECOND,
  accountBlockedUntil,
  applyToAccount,
  emptyAccountState,
  freedByAnswer,
  isAccountState,
  isEmptyAccountState,
  type AccountBlocked,
  type AccountFact,
} from '../../src/rules';
import { orders } from '../records/support/orders';
import { START } from './support/facts';

const blocked = (at: number, until: number | null): AccountBlocked => ({
  type: 'account-blocked',
  at,
  reason: 'account-restricted',
  until,
});
const freed = (at: number): AccountFact => ({
  type: 'account-freed',
  at,
  reason: 'account-restricted',
});
const stateOf = (...facts: AccountFact[]) => facts.reduce(applyToAccount, emptyAccountState());
const until = (facts: AccountFact[], now: number) =>
  accountBlockedUntil(stateOf(...facts), 'account-restricted', now);

describe('the account', () => {
  it('is free as long as nothing is known', () => {
    equal(isEmptyAccountState(stateOf()), true);
    equal(until([], START), null);
    equal(isEmptyAccountState(stateOf(blocked(START, null))), false);
  });

  it('is blocked to the millisecond', () => {
    const facts = [blocked(START, START + HOUR)];
    equal(until(facts, START + HOUR - 1), START + HOUR);
    equal(until(facts, START + HOUR), null);
  });

  it('is blocked without an end where WhatsApp named none', () => {
    equal(until([blocked(START, null)], START + 1000 * HOUR), Infinity);
  });

  it('is blocked for one reason and not for another', () => {
    const state = stateOf(blocked(START, null));
    equal(accountBlockedUntil(state, 'rate-limited', START), null);
  });

  it('is freed by a newer word, and not by an older one', () => {
    equal(until([blocked(START, null), freed(START + 1)], START + 1), null);
    equal(until([freed(START + 1), blocked(START, null)], START + 1), null);
    equal(until([blocked(START, null), freed(START - 1)], START + 1), Infinity);
  });

  it('of two words at once believes the stricter, in any order and told twice', () => {
    const words = [freed(START), blocked(START, START + HOUR), blocked(START, null)];
    equal(until(words, START), Infinity);
    deepEqual(stateOf(...words.toReversed(), ...words), stateOf(...words));
  });

  it('a newer block may be shorter', () => {
    equal(until([blocked(START, null), blocked(START + 1, START + HOUR)], START + 1), START + HOUR);
  });

  it('believes the end that WhatsApp tells, not the one guessed from a refusal a moment later', () => {
    const guess = { ...blocked(START + 900, START + DAY), guessed: true } as const;
    for (const told of [blocked(START, START + HOUR), blocked(START, START + 7 * DAY)]) {
      equal(until([guess, told], START + SECOND), told.until);
      equal(until([told, guess], START + SECOND), told.until);
    }
    equal(until([blocked(START, START + 800), guess], START + SECOND), START + DAY, 'a new one');
    equal(until([freed(START), guess], START + SECOND), START + DAY);
    equal(until([guess, freed(START + SECOND)], START + SECOND), null);
  });

  it('of calling is over where WhatsApp answered in a later second than it began, and only there', () => {
    const off: AccountBlocked = {
      ...blocked(START, null),
      reason: 'account-not-eligible',
      answersNothing: true,
    };
    equal(freedByAnswer(stateOf(off), START + SECOND - 1), null);
    const over = freedByAnswer(stateOf(off), START + SECOND);
    assert(over);
    equal(over.reason, 'account-not-eligible');
    equal(freedByAnswer(stateOf(off, over), START + HOUR), null);
    equal(freedByAnswer(stateOf({ ...off, until: START + 5 }), START + HOUR), null);
    const { answersNothing: _, ...bySip } = off;
    equal(freedByAnswer(stateOf(bySip), START + HOUR), null);
    equal(freedByAnswer(stateOf(blocked(START, null)), START + HOUR), null);
  });

  it('is banned apart from being restricted: neither ends the other', () => {
    const ban = { ...blocked(START, null), reason: 'account-banned' } as const;
    const banOver = { ...freed(START + 2), reason: 'account-banned' } as const;
    const restriction = blocked(START + 1, START + HOUR);
    for (const facts of orders([ban, restriction])) equal(until(facts, START + 1), Infinity);
    for (const facts of orders([ban, freed(START + 1)])) equal(until(facts, START + 1), Infinity);
    for (const facts of orders([ban, restriction, banOver])) {
      equal(until(facts, START + 2), START + HOUR);
      equal(until(facts, START + HOUR), null);
    }
  });

  it('is plain JSON that a store gives back', () => {
    const state = stateOf(blocked(START, null), { ...blocked(START, 5), reason: 'rate-limited' });
    equal(isAccountState(JSON.parse(JSON.stringify(state))), true);
  });
});
