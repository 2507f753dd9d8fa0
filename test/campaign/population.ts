import type { ContactNames } from '../../src/rules';
import type { UserScript } from '../../src/simulator';
import type { Chance, Weighted } from './chance';

/** What users do by themselves, with no script telling them. */
export type Move =
  | 'grant'
  | 'revoke'
  | 'write'
  | 'ring'
  | 'answer'
  | 'reject'
  | 'hang up'
  | 'accept'
  | 'accept for good'
  | 'decline'
  | 'ignore'
  | 'change mood';

interface Kind {
  /** The scripts between which such a user changes. */
  moods: readonly Partial<UserScript>[];
  /** What such a user does more often than others. */
  habits: Partial<Record<Move, number>>;
}

const KINDS: Readonly<Record<string, Kind>> = {
  agreeable: { moods: [{ onRequest: 'accept-temporary', onCall: 'answer' }], habits: {} },
  friend: { moods: [{ onRequest: 'accept-permanent', onCall: 'answer' }], habits: { write: 4 } },
  talkative: {
    moods: [
      { onRequest: 'accept-temporary', onCall: 'answer' },
      { onRequest: 'accept-permanent', onCall: 'answer' },
    ],
    habits: { answer: 3, 'hang up': 8, accept: 4 },
  },
  refuser: { moods: [{ onRequest: 'decline', onCall: 'reject' }], habits: { decline: 3 } },
  'hands on': {
    moods: [{ onRequest: 'ignore', onCall: 'ignore' }],
    habits: { accept: 8, 'accept for good': 2, decline: 3, answer: 8, reject: 4, 'hang up': 4 },
  },
  'never free': {
    moods: [
      { onRequest: 'accept-temporary', onCall: 'reject' },
      { onRequest: 'accept-permanent', onCall: 'reject' },
    ],
    habits: {},
  },
  offline: {
    moods: [
      { onRequest: 'accept-permanent', onCall: 'unreachable' },
      { onRequest: 'accept-temporary', onCall: 'answer' },
    ],
    habits: { grant: 3 },
  },
  forgetful: {
    moods: [
      { onRequest: 'accept-temporary', onCall: 'ignore' },
      { onRequest: 'ignore', onCall: 'ignore' },
    ],
    habits: { grant: 2 },
  },
  caller: {
    moods: [{ onRequest: 'ignore', onCall: 'answer' }],
    habits: { ring: 12, 'hang up': 8 },
  },
  fickle: {
    moods: [{ onRequest: 'accept-temporary', onCall: 'ignore' }],
    habits: { grant: 8, revoke: 8, accept: 4, decline: 4 },
  },
  moody: {
    moods: [
      { onRequest: 'accept-temporary', onCall: 'answer' },
      { onRequest: 'accept-permanent', onCall: 'ignore' },
      { onRequest: 'decline', onCall: 'unreachable' },
      { onRequest: 'ignore', onCall: 'reject' },
    ],
    habits: { 'change mood': 10 },
  },
};

const EVERYBODY: Readonly<Record<Move, number>> = {
  grant: 1,
  revoke: 1.5,
  write: 1,
  ring: 1,
  answer: 2,
  reject: 1,
  'hang up': 2,
  accept: 1,
  'accept for good': 0.5,
  decline: 0.5,
  ignore: 0.5,
  'change mood': 2,
};

/** How WhatsApp writes a number, and how people dial it: they differ in Brazil, Mexico and Argentina. */
const NUMBERS: readonly ((index: number) => { waId: string; dialled: string })[] = [
  (index) => ({ waId: `57300123${4000 + index}`, dialled: `57300123${4000 + index}` }),
  (index) => ({ waId: `34600111${200 + index}`, dialled: `34600111${200 + index}` }),
  (index) => ({ waId: `55118765${4000 + index}`, dialled: `551198765${4000 + index}` }),
  (index) => ({ waId: `521551234${1000 + index}`, dialled: `52551234${1000 + index}` }),
  (index) => ({ waId: `549111234${1000 + index}`, dialled: `54111234${1000 + index}` }),
];

/** Somebody whom the campaign may call: a WhatsApp user, or a number that has no WhatsApp. */
export interface Person {
  waId: string;
  kind: string;
  /** Null where the number has no WhatsApp. */
  userId: string | null;
  moves: readonly Weighted<Move>[];
  /** The names by which flows know this person; any of them leads to the same record. */
  names: readonly ContactNames[];
  isOnWhatsApp: boolean;
}

/** A person's number in every spelling. */
export const numbersOf = ({ waId, names }: Person): string[] => [
  ...new Set([waId, ...names.flatMap(({ phone }) => phone ?? [])]),
];

const NOBODIES = 2;

/** Users of all kinds, some from each country, and numbers without WhatsApp. */
export function populate(size: number): Person[] {
  const kinds = Object.keys(KINDS);
  return Array.from({ length: size }, (_, index) => {
    const { waId, dialled } = NUMBERS[index % 3 === 0 ? index % NUMBERS.length : index % 2]!(index);
    const phone = { waId: null, userId: null, phone: dialled };
    if (index >= size - NOBODIES) {
      return {
        waId,
        userId: null,
        kind: 'not on WhatsApp',
        moves: [],
        names: [phone],
        isOnWhatsApp: false,
      };
    }
    const kind = kinds[index % kinds.length]!;
    const userId = `CO.${7_000_000 + index}`;
    const names = [phone, { ...phone, waId }, { waId: null, userId, phone: null }];
    return { waId, userId, kind, moves: movesOf(kind), names, isOnWhatsApp: true };
  });
}

function movesOf(kind: string): Weighted<Move>[] {
  const { habits } = KINDS[kind]!;
  return Object.entries(EVERYBODY).map(([name, weight]) => {
    const move = name as Move;
    return [weight + (habits[move] ?? 0), move] as const;
  });
}

/** Longer than any conversation here: an answered call of which we hear no end counts as ended after 4 hours. */
const LONGEST_TALK = 3.5 * 3600;

/** A script that fits the kind. Everybody who answers hangs up some time: see {@link LONGEST_TALK}. */
export const newMood = ({ kind }: Person, chance: Chance): Partial<UserScript> => ({
  ...chance.pick(KINDS[kind]!.moods),
  replyAfter: chance.pick([0, 1, 1, 5, 5, 60, 3600, 90_000]),
  answerAfter: chance.pick([0, 1, 3, 20, 44]),
  talkFor: chance.magnitude(1, LONGEST_TALK),
});
