import { Keys } from '../../../src/records/keys';
import type { KeyValueStore } from '../../../src/records/key-value-store';
import type { RecordShape, Shape } from '../../../src/records/record-store';
import { Records } from '../../../src/records/records';
import type { ContactNames } from '../../../src/rules/contact';

/** The simplest record that can be united: a set of notes, sorted. */
export interface Notes {
  notes: string[];
}

export interface Tally {
  count: number;
}

const sorted = (notes: string[]): Notes => ({ notes: [...new Set(notes)].toSorted() });

export const notesShape: RecordShape<Notes> = {
  empty: () => ({ notes: [] }),
  isEmpty: ({ notes }) => notes.length === 0,
  unite: (a, b) => sorted([...a.notes, ...b.notes]),
  isValid: (value): value is Notes =>
    typeof value === 'object' && value !== null && 'notes' in value && Array.isArray(value.notes),
};

/** Makes a contact due at `at`. */
export const dueNote = (at: number): string => `due ${at}`;

/** Notes of which some say when something is due. */
export const dueNotesShape: RecordShape<Notes> = {
  ...notesShape,
  dueAt: ({ notes }) => {
    const times = notes.flatMap((text) => (text.startsWith('due ') ? Number(text.slice(4)) : []));
    return times.length === 0 ? null : Math.min(...times);
  },
};

export const tallyShape: Shape<Tally> = {
  empty: () => ({ count: 0 }),
  isEmpty: ({ count }) => count === 0,
  isValid: (value): value is Tally =>
    typeof value === 'object' &&
    value !== null &&
    'count' in value &&
    typeof value.count === 'number',
};

/** A change that adds a note. */
export const note =
  (text: string) =>
  (record: Notes): { record: Notes; result: null } => ({
    record: sorted([...record.notes, text]),
    result: null,
  });

/** A change that takes a note away. */
export const strike =
  (text: string) =>
  ({ notes }: Notes): { record: Notes; result: null } => ({
    record: sorted(notes.filter((each) => each !== text)),
    result: null,
  });

/** A change after which nothing is known of the contact. */
export const clear = (): { record: Notes; result: null } => ({
  record: { notes: [] },
  result: null,
});

/** A change that counts. */
export const count =
  (by: number) =>
  (state: Tally): { state: Tally; result: number } => ({
    state: { count: state.count + by },
    result: by,
  });

/** A change of both that the account keeps: they count one more. */
export const countBoth = (counts: Tally, state: Tally) => ({
  counts: { count: counts.count + 1 },
  state: { count: state.count + 1 },
  result: null,
});

export const names = (known: Partial<ContactNames>): ContactNames => ({
  waId: null,
  userId: null,
  phone: null,
  ...known,
});

export const keys = new Keys({ phoneNumberId: '106540352242922', simulated: false });

export interface NoteRecords {
  records: Records<Notes, Tally, Tally>;
  reports: string[];
  /** The moments that contacts were scheduled for, in their order. */
  scheduled: number[];
}

export function noteRecords(
  store: KeyValueStore,
  ofAccount = keys,
  contacts = notesShape,
  more: { onAccount?: (state: Tally) => void; isVolatile?: boolean } = {},
): NoteRecords {
  const reports: string[] = [];
  const scheduled: number[] = [];
  const report = (message: string): void => void reports.push(message);
  const records = new Records({
    store,
    keys: ofAccount,
    contacts,
    account: tallyShape,
    counts: tallyShape,
    report,
    onScheduled: (at) => void scheduled.push(at),
    ...more,
  });
  return { records, reports, scheduled };
}
