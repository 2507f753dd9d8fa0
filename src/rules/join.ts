import type { PermissionAnswer } from './facts';
import type {
  Block,
  CallEntry,
  ContactRecord,
  PermissionEvent,
  Reminder,
  RequestEntry,
} from './record';
import { SECOND, secondOf } from './time';

/**
 * Joins what two records know. Commutative, associative and idempotent, which is what makes a record
 * independent of the order in which webhooks arrive and of how often they do.
 */
export function join(a: ContactRecord, b: ContactRecord): ContactRecord {
  const reminded = latest(a.reminded, b.reminded);
  return compact({
    permission: joinPermission(a.permission, b.permission),
    answer: newest(a.answer, b.answer, strictness),
    blocks: joinBlocks(a.blocks, b.blocks),
    requests: joinEntries(
      a.requests,
      b.requests,
      joinRequest,
      (entry) => entry.at ?? entry.acceptedAt ?? 0,
    ),
    calls: joinEntries(a.calls, b.calls, joinCall, firstMoment),
    connectedAt: latest(a.connectedAt, b.connectedAt),
    choice: newest(a.choice, b.choice, (choice) => Number(choice.optedOut)),
    wroteAt: latest(a.wroteAt, b.wroteAt),
    movedAt: latest(a.movedAt, b.movedAt),
    heard: joinHeard(a.heard, b.heard),
    memo: newest(a.memo, b.memo),
    reminder: unlessSent(newest(a.reminder, b.reminder), reminded),
    reminded,
    expiryTold: latest(a.expiryTold, b.expiryTold),
  });
}

/**
 * Joins the records of two contacts that turn out to be one person: an opt-out wins, whichever was later.
 */
export function unite(a: ContactRecord, b: ContactRecord): ContactRecord {
  const united = join(a, b);
  if (!united.choice || !(a.choice?.optedOut || b.choice?.optedOut)) return united;
  return { ...united, choice: { at: united.choice.at, optedOut: true } };
}

const unlessSent = (
  reminder: Reminder | undefined,
  reminded: number | undefined,
): Reminder | undefined =>
  reminder && reminder.at <= (reminded ?? -Infinity) ? undefined : reminder;

const strictness = ({ canCall, canRequest }: PermissionAnswer): number =>
  Number(!canCall) + Number(!canRequest);

/** Of a moment: what WhatsApp answered, then what it told us, the doubt after a move, and the refusal last. */
const RANK = { permits: 0, denies: 1, granted: 2, moved: 3, refused: 4 } as const;

function rankOf(event: PermissionEvent): number {
  if (event.is !== 'found') return RANK[event.is];
  return event.status === 'temporary' || event.status === 'permanent' ? RANK.permits : RANK.denies;
}

/** A refusal stands after whatever else lies in its second: WhatsApp tells its times no finer. */
const orderOf = ({ is, at }: PermissionEvent): number =>
  is === 'refused' ? (secondOf(at) + 1) * SECOND - 1 : at;

/** Orders permission events; where the times cannot tell, the stricter comes last. */
const comparePermission = (a: PermissionEvent, b: PermissionEvent): number =>
  orderOf(a) - orderOf(b) ||
  rankOf(a) - rankOf(b) ||
  a.at - b.at ||
  compareText(canonical(b), canonical(a));

function joinPermission(
  a: PermissionEvent[] | undefined,
  b: PermissionEvent[] | undefined,
): PermissionEvent[] | undefined {
  if (!a || !b) return a ?? b;
  const events = new Map<string, PermissionEvent>();
  for (const event of [...a, ...b]) {
    const name = event.is === 'found' ? canonical(event) : `${event.is} ${event.id}`;
    const known = events.get(name);
    if (!known || comparePermission(event, known) < 0) events.set(name, event);
  }
  return [...events.values()].toSorted(comparePermission);
}

function joinBlocks(
  a: ContactRecord['blocks'],
  b: ContactRecord['blocks'],
): ContactRecord['blocks'] {
  if (!a || !b) return a ?? b;
  const joined = { ...a };
  for (const reason of Object.keys(b) as (keyof typeof b)[]) {
    const block = newest<Block>(a[reason], b[reason], (block) => block.until);
    if (block) joined[reason] = block;
  }
  return joined;
}

interface Named {
  key?: string;
  id?: string;
}

const isSame = (a: Named, b: Named): boolean =>
  (a.key !== undefined && a.key === b.key) || (a.id !== undefined && a.id === b.id);

/** Unites entries that share our key or WhatsApp's id, in one canonical order. */
function joinEntries<T extends Named>(
  a: T[] | undefined,
  b: T[] | undefined,
  joinTwo: (a: T, b: T) => T,
  timeOf: (entry: T) => number,
): T[] | undefined {
  if (!a || !b) return a ?? b;
  let entries = a;
  for (const entry of b) {
    const same = entries.filter((other) => isSame(other, entry));
    entries = [...entries.filter((other) => !isSame(other, entry)), same.reduce(joinTwo, entry)];
  }
  return entries.toSorted(
    (x, y) => timeOf(x) - timeOf(y) || compareText(canonical(x), canonical(y)),
  );
}

function joinRequest(a: RequestEntry, b: RequestEntry): RequestEntry {
  return compact({
    key: least(a.key, b.key),
    id: least(a.id, b.id),
    at: earliest(a.at, b.at),
    kind: least(a.kind, b.kind),
    memo: leastJson(a.memo, b.memo),
    acceptedAt: earliest(a.acceptedAt, b.acceptedAt),
    deliveredAt: earliest(a.deliveredAt, b.deliveredAt),
    failedAt: earliest(a.failedAt, b.failedAt),
    released: a.released ?? b.released,
    lapseTold: a.lapseTold ?? b.lapseTold,
  });
}

function joinCall(a: CallEntry, b: CallEntry): CallEntry {
  return compact({
    key: least(a.key, b.key),
    id: least(a.id, b.id),
    direction: least(a.direction, b.direction),
    memo: leastJson(a.memo, b.memo),
    placedAt: earliest(a.placedAt, b.placedAt),
    acceptedAt: earliest(a.acceptedAt, b.acceptedAt),
    connectingAt: earliest(a.connectingAt, b.connectingAt),
    ringingAt: earliest(a.ringingAt, b.ringingAt),
    answeredAt: earliest(a.answeredAt, b.answeredAt),
    rejectedAt: earliest(a.rejectedAt, b.rejectedAt),
    hungUpAt: earliest(a.hungUpAt, b.hungUpAt),
    foundOverAt: earliest(a.foundOverAt, b.foundOverAt),
    endedAt: earliest(a.endedAt, b.endedAt),
    durationSeconds: latest(a.durationSeconds, b.durationSeconds),
    failed: a.failed ?? b.failed,
    error: leastJson<CallEntry['error']>(a.error, b.error),
    released: a.released ?? b.released,
    endTold: a.endTold ?? b.endTold,
  });
}

/** The earliest moment known of a call. */
function firstMoment(call: CallEntry): number {
  const {
    placedAt,
    acceptedAt,
    connectingAt,
    ringingAt,
    answeredAt,
    rejectedAt,
    hungUpAt,
    foundOverAt,
    endedAt,
  } = call;
  const moments = [
    placedAt,
    acceptedAt,
    connectingAt,
    ringingAt,
    answeredAt,
    rejectedAt,
    hungUpAt,
    foundOverAt,
    endedAt,
  ];
  return moments.reduce<number>((first, moment) => Math.min(first, moment ?? Infinity), Infinity);
}

function joinHeard(a: ContactRecord['heard'], b: ContactRecord['heard']): ContactRecord['heard'] {
  if (!a || !b) return a ?? b;
  const heard = new Map(a.map((event) => [event.id, event]));
  for (const event of b) {
    const known = heard.get(event.id);
    if (!known || event.at < known.at) heard.set(event.id, event);
  }
  return [...heard.values()].toSorted((x, y) => x.at - y.at || compareText(x.id, y.id));
}

/** The one with the later time; where the times are equal the heavier, and always the same one. */
function newest<T extends { at: number }>(
  a: T | undefined,
  b: T | undefined,
  weight: (item: T) => number = () => 0,
): T | undefined {
  if (!a || !b) return a ?? b;
  const order = a.at - b.at || weight(a) - weight(b) || compareText(canonical(a), canonical(b));
  return order > 0 ? a : b;
}

const latest = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);

const earliest = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);

const least = <T extends string>(a: T | undefined, b: T | undefined): T | undefined =>
  a === undefined || b === undefined ? (a ?? b) : a < b ? a : b;

function leastJson<T>(a: T | undefined, b: T | undefined): T | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return compareText(canonical(a), canonical(b)) <= 0 ? a : b;
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** One text for one value, whatever the order of its keys. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([x], [y]) => compareText(x, y)))
      : part,
  );

/** The same object without its undefined fields, so that equal records look equal. */
export function compact<T extends object>(object: T): T {
  for (const key of Object.keys(object) as (keyof T)[]) {
    if (object[key] === undefined) delete object[key];
  }
  return object;
}
